"""The linter on the lists that circulate: it finds what their authors missed. Whole lists where they are at hand, else the telling lines."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner

from eventcode.cli import group
from eventcode.pipeline import lint

SHARED = os.environ.get("EVENTCODE_SHARED")
LISTS = Path(SHARED or ".") / "data" / "lists"
needs_lists = pytest.mark.skipif(
    not SHARED, reason="EVENTCODE_SHARED is not set: the published lists are not at hand"
)


def imported(folder: Path, file: Path, name: str, *ignored: str) -> Path:
    """A published list of codes as a codebook, by the command that a user calls."""
    words = [
        "codebook",
        "import",
        str(file),
        "--name",
        name,
        "--into",
        str(folder),
        "--act",
        "mixed",
        "--realis",
        "occurred",
    ]
    result = CliRunner().invoke(
        group, [*words, *(word for column in ignored for word in ("--ignore", column))]
    )
    assert result.exit_code == 0, (result.output, result.exception)
    return folder / name


def listed(folder: Path, text: str) -> Path:
    """A list of codes written out."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "list.csv"
    path.write_text(text, "utf-8")
    return path


def said(book: Path, *lines: str) -> list[str]:
    """What some lines of the linter say of a codebook."""
    wanted = {f"lint.{line}" for line in lines}
    return [
        found.message
        for found in lint.check(book, [book.parent], rule_examples=False).findings
        if found.rule in wanted
    ]


def crosswalk(book: Path, rows: Iterable[tuple[str, str]]) -> None:
    """A crosswalk to PLOVER as the draft of 2021 has it: (code, event.mode)."""
    (book / "crosswalks").mkdir(exist_ok=True)
    with (book / "crosswalks" / "plover.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["code", "target_codebook", "target_version", "target_code", "match", "note"])
        writer.writerows([code, "plover", "2021", target, "broad", ""] for code, target in rows)


# ── the telling lines ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_sign_of_accuse_contradicts_its_quad_class(tmp_path: Path) -> None:
    text = "event,mode,parent,plover_score,quad\nACCUSE,,,3,Verbal Conflict\nACCUSE,allege,ACCUSE,-3.5,Verbal Conflict\n"
    book = imported(tmp_path / "codebook", listed(tmp_path, text), "raw")

    assert said(book, "intensity-sign") == ["code ACCUSE is verbal_conflict and has the intensity 3"]


def test_two_codes_that_are_one_number_are_found(tmp_path: Path) -> None:
    text = "code,name,parent\n01,MAKE PUBLIC STATEMENT,\n010,Make statement,01\n10,DEMAND,\n100,Demand,10\n"
    book = imported(tmp_path / "codebook", listed(tmp_path, text), "raw")

    assert said(book, "codes-collide") == ["'10' and '010' are the same number"]


def test_two_editions_of_a_score_are_told_apart(tmp_path: Path) -> None:
    text = "code,name,parent,goldstein\n01,MAKE PUBLIC STATEMENT,,0\n016,Deny responsibility,01,-5\n"
    book = imported(tmp_path / "codebook", listed(tmp_path, text), "raw")
    other_edition(book, {"016": 3.4})

    assert said(book, "intensity-editions") == [
        "code 016 has the intensity -5 in the first list and 3.4 in phoenix"
    ]


def other_edition(book: Path, scores: dict[str, float]) -> None:
    """Write the scores of another list beside those of an imported one."""
    card = book / "codebook.yaml"
    text = re.sub(
        r"(?m)^    edition: .*$",
        "    edition: the first list\n    editions: {phoenix: The list of a pipeline.}",
        card.read_text("utf-8"),
    )
    card.write_text(text, "utf-8")
    for path in (book / "events").glob("*.yaml"):
        text = path.read_text("utf-8")
        for code, score in scores.items():
            text = re.sub(
                rf'(?m)^(  - code: "{code}"\n)', rf"\g<1>    other_intensities: {{phoenix: {score}}}\n", text
            )
        path.write_text(text, "utf-8")


def test_a_crosswalk_of_a_code_that_does_not_exist_is_found(tmp_path: Path) -> None:
    text = "code,name,parent\n12,REJECT,\n121,Reject material cooperation,12\n1213,Reject judicial cooperation,121\n"
    book = imported(tmp_path / "codebook", listed(tmp_path, text), "raw")
    crosswalk(
        book,
        [("12", "REJECT"), ("121", "REJECT.assist"), ("1213", "REJECT.assist"), ("1214", "REJECT.assist")],
    )

    assert said(book, "crosswalk-rows") == [
        "the crosswalk to plover@2021 has code '1214', which does not exist"
    ]


def test_countries_that_are_in_no_standard_are_found(tmp_path: Path) -> None:
    book = imported(tmp_path / "codebook", listed(tmp_path, "code,name\n01,Say\n"), "raw")
    (book / "vocabularies").mkdir(exist_ok=True)
    (book / "vocabularies" / "side.csv").write_text(
        "value,label,country\na,A,JAP\nb,B,ITL\nc,C,VTN\nd,D,JPN\n", "utf-8"
    )

    assert said(book, "term-countries") == [
        f"vocabulary side: '{value}' has the country '{country}', which is not in vocabulary country"
        for value, country in (("a", "JAP"), ("b", "ITL"), ("c", "VTN"))
    ]


def test_a_page_that_speaks_of_codes_which_the_tree_does_not_have_is_found(tmp_path: Path) -> None:
    text = (
        "event,mode,parent,plover_score,quad\nACCUSE,,,-3,Verbal Conflict\nAGREE,,,2.5,Verbal Cooperation\n"
    )
    book = imported(tmp_path / "codebook", listed(tmp_path, text), "raw")
    (book / "README.md").write_text("The types are `ACCUSE`, `AGREE` and `DISAPPROVE`.\n", "utf-8")

    assert said(book, "page-codes") == ["README.md speaks of code `DISAPPROVE`, which does not exist"]


# ── the whole lists ───────────────────────────────────────────────────────────────────────────────────────────────────


@needs_lists
def test_the_list_of_cameo_collides_eleven_times_and_names_two_codes_alike(tmp_path: Path) -> None:
    book = imported(tmp_path, LISTS / "cameo_events.csv", "raw", "level", "source")

    assert said(book, "codes-collide") == [f"'{n}' and '0{n}' are the same number" for n in range(10, 21)]
    assert said(book, "sibling-labels") == [
        "siblings 1951 and 1952 are both called 'Employ precision-guided aerial munitions'"
    ]
    assert len(said(book, "label-twins")) >= 14


@needs_lists
def test_the_two_lists_of_goldstein_scores_differ_at_six_codes(tmp_path: Path) -> None:
    book = imported(tmp_path, LISTS / "cameo_events.csv", "raw", "level", "source")
    with (LISTS / "cameo_goldstein_phoenix.csv").open(encoding="utf-8") as file:
        other_edition(book, {row["code"]: float(row["goldstein"]) for row in csv.DictReader(file)})

    found = said(book, "intensity-editions")
    assert [message.split()[1] for message in found] == ["016", "124", "1246", "163", "164", "166"]
    assert "code 016 has the intensity -5 in the first list and 3.4 in phoenix" in found


@needs_lists
def test_the_manual_of_plover_turns_the_sign_of_accuse(tmp_path: Path) -> None:
    book = imported(tmp_path, LISTS / "plover_events_modes.csv", "raw", "requires_recipient")

    assert said(book, "intensity-sign")[0] == "code ACCUSE is verbal_conflict and has the intensity 3"


@needs_lists
def test_the_draft_crosswalk_has_a_code_too_many_and_says_nothing_of_44(tmp_path: Path) -> None:
    book = imported(tmp_path, LISTS / "cameo_events.csv", "raw", "level", "source")
    with (LISTS / "cameo_to_plover_2021.csv").open(encoding="utf-8") as file:
        rows = [
            (r["cameo_code"], ".".join(part for part in (r["plover_event"], r["plover_mode"]) if part))
            for r in csv.DictReader(file)
        ]
    crosswalk(book, dict.fromkeys(rows))

    assert "the crosswalk to plover@2021 has code '1214', which does not exist" in said(
        book, "crosswalk-rows"
    )
    [gaps] = said(book, "crosswalk-gaps")
    assert gaps.endswith("and 32 more")
    missing = said(book, "crosswalk-target")
    assert "code 186: plover has no code 'ASSAULT.assassinate'" in missing
    assert len(missing) >= 14
