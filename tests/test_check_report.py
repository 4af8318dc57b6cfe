"""`eventcode check --report`: one page that stands alone, tells everything, and does nothing that a hostile text asks."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import html_pages
from eventcode.checks import result as checked
from eventcode.checks.report import charts, groups, page, tallies
from eventcode.checks.report.words import printable, share
from eventcode.cli import group
from eventcode.codebook.load import load
from eventcode.errors import EventcodeError
from eventcode.model import Finding, Place, RuleCount
from eventcode.pipeline.rules import rules_of
from foreign_cases import UCDP as EVENT
from foreign_cases import delimited
from tiny_project import NAME, reading, tiny_project

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

SHARED = os.environ.get("EVENTCODE_SHARED")
UCDP = Path(SHARED or "none") / "data" / "real" / "ucdp_ged231_1000.parquet"
HOSTILE = "</li></ul><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x1b[2J \"' &amp;"


def run(*words: object) -> Result:
    """A command."""
    return CliRunner().invoke(group, [*map(str, words)], env={"COLUMNS": "100"})


def finding(number: int = 1, **changes: object) -> Finding:
    """A finding at a line."""
    named = {
        "rule": "codings.realis-code", "severity": "error", "table": "codings", "key": f"p/anna/e{number}", "message": f"it is {number}",
        "hint": "mend it: `eventcode codebook show realis`", "field": "realis", "place": Place("anna.jsonl", number, "codings[0].realis"),
    }  # fmt: skip
    return Finding(**{**named, **changes})  # type: ignore[arg-type]


def rendered(
    *findings: Finding,
    counts: tuple[RuleCount, ...] = (),
    target: str = "camps",
    shown: int | None = page.SHOWN,
) -> str:
    """The page of some findings."""
    result = checked.Result(findings, counts)
    found = groups.grouped(result, rules_of(load("disarmament")))
    return page.render(
        result, found, page.About(target, "disarmament@1"), lambda _: ("2025-05", None), {}, shown
    )


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_tells_what_was_found_by_rule_with_reason_remedy_and_place():
    counts = (RuleCount("codings.realis-code", "error", "codings", 80, 77, 2, 1),)
    words = " ".join(
        " ".join(html_pages.whole(rendered(finding(1), finding(2), counts=counts)).words).split()
    )
    for part in (
        "Findings in camps", "Under the codebook disarmament@1.", "2 of 80 rows (2.5%) · codings, column realis",
        "A value outside the closed list has no definition", "mend it: eventcode codebook show realis", "anna.jsonl:2", "it is 2",
        "1 rule asked 80 times: 77 times all was well, and 1 time nobody could say",
    ):  # fmt: skip
        assert part in words


def test_a_hostile_text_is_shown_and_never_followed():
    one = finding(
        1, message=HOSTILE, key=HOSTILE, hint=HOSTILE, waived=HOSTILE, place=Place(HOSTILE, 1, HOSTILE)
    )
    other = finding(2, rule=f"x.{HOSTILE}", table=HOSTILE, field=HOSTILE, message=HOSTILE, hint=HOSTILE)
    text = rendered(one, other, counts=(RuleCount(f"y.{HOSTILE}", "error", "t", 3, 1, 0, 2),), target=HOSTILE)
    html_pages.whole(text)
    assert "<script" not in text
    assert "<img" not in text
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_every_chart_has_a_name_and_its_numbers_as_a_table():
    text = rendered(
        finding(1), finding(2, severity="warning", rule="b.rule"), finding(3, waived="carla: so be it")
    )
    drawn = re.findall(r'<svg role="img" aria-labelledby="([a-z-]+)"', text)
    assert drawn == ["by-severity", "by-rule", "over-time", "by-coder", "by-column"]
    assert len(re.findall(r"<summary>As a table</summary>", text)) == len(drawn)
    html_pages.whole(text)


def test_the_page_is_the_same_bytes_each_time():
    assert rendered(finding(1)) == rendered(finding(1))


def test_nothing_found_is_a_page_too():
    words = " ".join(
        html_pages.whole(rendered(counts=(RuleCount("a.rule", "error", "codings", 3, 3, 0, 0),))).words
    )
    assert "Nothing was found." in words


def test_a_rule_shows_some_findings_and_says_how_many_more_there_are():
    counts = (RuleCount("codings.realis-code", "error", "codings", 900, 0, 900, 0),)
    text = rendered(*(finding(i) for i in range(60)), counts=counts)
    assert text.count('<p class="where">') == page.SHOWN
    assert "850 more are not shown here." in text
    assert "Of the findings that were kept." in text
    assert rendered(*(finding(i) for i in range(60)), shown=None).count('<p class="where">') == 60


# ── counting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def over_time(*months: str) -> tuple[str, list[str]]:
    """Title and bars of the chart over time for findings of some months."""
    findings = [finding(i, row=month) for i, month in enumerate(months)]
    found = tallies.tallies(groups.grouped(checked.Result(tuple(findings), ())), lambda f: (f.row, None))
    chart = next(tally for tally in found if tally.id == "over-time")
    return chart.head, [label for label, _ in chart.bars]


def test_time_is_shown_by_month_without_gaps_by_year_where_it_is_long_and_with_gaps_where_a_year_is_absurd():
    assert over_time("2024-11", "2025-02") == ("month", ["2024-11", "2024-12", "2025-01", "2025-02"])
    assert over_time("2019-11", "2025-02") == (
        "year",
        ["2019", "2020", "2021", "2022", "2023", "2024", "2025"],
    )
    assert over_time("1753-01", "9999-12") == ("year", ["1753", "9999"])


def test_what_has_many_bars_ends_with_one_for_the_rest():
    found = groups.grouped(checked.Result(tuple(finding(i, rule=f"a.rule-{i:02}") for i in range(20)), ()))
    chart = next(tally for tally in tallies.tallies(found, lambda _: (None, None)) if tally.id == "by-rule")
    assert len(chart.bars) == tallies.MOST
    assert chart.bars[-1] == ("9 other rules", {"error": 9})
    assert 'fill="var(--bad)"' in charts.svg(chart)


def test_errors_come_first_then_the_commonest_and_what_is_waived_last():
    found = groups.grouped(
        checked.Result(
            (finding(1, rule="a.waived", waived="so be it"), finding(2, rule="b.warning", severity="warning"),
             *(finding(i, rule="c.common") for i in range(3)), finding(9, rule="d.rare")), (),
        )
    )  # fmt: skip
    assert [one.id for one in found] == ["c.common", "d.rare", "b.warning", "a.waived"]
    assert groups.totals(found) == groups.Totals(error=4, warning=1, flag=0, waived=1)


def test_a_rule_that_finds_errors_and_warnings_is_told_of_twice():
    found = groups.grouped(
        checked.Result(
            (finding(1, rule="readings.recode"), finding(2, rule="readings.recode", severity="warning")),
            (RuleCount("readings.recode", "error", "readings", 2, 0, 2, 0),),
        )
    )
    assert [(one.severity, one.found) for one in found] == [("error", 1), ("warning", 1)]


@pytest.mark.parametrize(
    ("part", "of", "said"),
    [(1, 2, "50%"), (1, 100_000, "<0.1%"), (99_999, 100_000, ">99.9%"), (0, 9, "0%"), (1, 3, "33.3%")],
)
def test_a_share_is_never_rounded_to_nothing_or_all(part, of, said):
    assert share(part, of) == said


def test_signs_that_move_the_cursor_or_turn_the_text_are_shown_by_number_and_letters_are_not():
    assert printable("a\x1b[2J\u202eb\n") == r"a\x1b[2J\u202eb\n"
    assert printable("می‌خواهم 'é' 北京") == "می‌خواهم 'é' 北京"


# ── the command ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """The tiny project with a reading whose first code is unknown."""
    root = tiny_project(tmp_path / "project", with_readings=False)
    monkeypatch.chdir(root)
    plain = reading()
    plain["codings"][0]["event_type"] = "099"
    Path("anna.jsonl").write_text(json.dumps(plain) + "\n", "utf-8")
    run("import", NAME, "anna.jsonl")
    return root


def test_a_dataset_and_its_build_give_a_report_with_months_and_coders(project):
    result = run("check", NAME, "--report", "found.html")
    assert result.exit_code == 1
    assert result.stderr == "report: found.html\n"
    assert result.stdout.startswith("codings.event_type-code  error, 1 of 2 rows (50%)")
    text = Path("found.html").read_text("utf-8")
    words = " ".join(" ".join(html_pages.whole(text).words).split())
    assert "By month of the event, or else of publication" in words
    assert "2025-05" in words
    assert "By coder anna" in words
    run("build", NAME)
    again = run("check", f"build/{NAME}/findings.parquet", "--report", "built.html", "--format", "json")
    assert again.stdout == run("check", NAME, "--format", "json").stdout
    built = Path("built.html").read_text("utf-8")
    own = re.sub(rf"build/\.builds/{NAME}-\w+/", "", built)  # rules stand in the codebook of the build
    assert own.replace(f"build/{NAME}/findings.parquet", NAME) == text


def test_a_report_without_what_draws_it_is_refused_before_anything_is_checked(project, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "altair", None)
    result = run("check", NAME, "--report", "found.html")
    assert isinstance(result.exception, EventcodeError)
    assert "→ run `pip install 'eventcode[report]'`" in str(result.exception)
    assert not Path("found.html").exists()


def test_the_report_of_a_foreign_file_reads_it_as_it_was_checked(tmp_path):
    path = tmp_path / "ged.csv"
    path.write_bytes(delimited([EVENT, {**EVENT, "id": "1002", "low": "9"}], "|"))
    run("check", path, "--as", "ucdp", "--delimiter", "|", "--report", tmp_path / "found.html")
    assert "By month of the event" in (tmp_path / "found.html").read_text("utf-8")


@pytest.mark.skipif(
    not UCDP.is_file(), reason="EVENTCODE_SHARED names no folder with data/real/ucdp_ged231_1000.parquet"
)
def test_a_foreign_file_has_its_report_by_year(tmp_path):
    result = run("check", UCDP, "--as", "ucdp", "--report", tmp_path / "found.html")
    assert "ucdp.deaths-low-to-best  error, 8 of 1,000 rows (0.8%)\n" in result.stdout
    text = (tmp_path / "found.html").read_text("utf-8")
    html_pages.whole(text)
    assert "By year of the event" in text
