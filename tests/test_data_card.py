"""The data card: README.md of a build or a release."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

import small_build
from eventcode.formats import parquet
from eventcode.release import card, manifest
from eventcode.release.markdown import bullets, count, paragraph, share, size, table

Row = dict[str, Any]


def facts(folder: Path, **more: Any) -> card.Facts:
    tables = parquet.read_folder(folder)
    own = {"card": small_build.CARD, "entries": manifest.read(folder)["tables"], **more}
    return card.Facts(name="camps", codebook=small_build.codebook(), tables=tables, **own)


def written(folder: Path, **more: Any) -> str:
    return card.render(facts(folder, **more)).decode()


def section(text: str, title: str) -> str:
    """What stands below a heading."""
    return text.split(f"\n## {title}\n\n", 1)[1].split("\n## ", 1)[0].strip()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = small_build.world()
    world["events"].append(
        {**world["events"][0], "event_id": "f" * 32, "event_type": "070", "realis": "negated"}
    )
    world["rule_counts"] += [
        {
            "rule": "b.warns",
            "severity": "warning",
            "table": "sources",
            "rows": 8,
            "passed": 5,
            "failed": 2,
            "unknown": 1,
            "waived": 1,
        },
        {
            "rule": "a.flags",
            "severity": "flag",
            "table": "reports",
            "rows": 2,
            "passed": 1,
            "failed": 1,
            "unknown": 0,
            "waived": 0,
        },
    ]
    finding = {"rule": "b.warns", "severity": "warning", "table": "sources", "message": "m", "hint": "h"}
    world["findings"] = [
        {**finding, "key": "page-1/reader-1/s1", "row": "1", "waived": "Ada Example: checked by telephone"},
        {**finding, "key": "page-1/reader-1/s2", "row": "2"},
    ]
    return small_build.write(tmp_path_factory.mktemp("builds") / "camps", world)


def test_it_opens_with_what_it_is(folder: Path) -> None:
    assert (
        (folder / "README.md")
        .read_text("utf-8")
        .startswith(
            "# Camps and promises\n\n"
            f"`camps`, **a build, which may still change** · 2025-07-01 · CC-BY-4.0 · codebook {small_build.codebook().reference}\n\n"
            "A small dataset made by hand, to test releases with.\n\n## What is in it\n"
        )
    )


def test_a_release_gives_its_version_and_what_changed(folder: Path) -> None:
    text = written(folder, version="1.1", changed="Since camps 1.0: 1 event added, 0 removed, 0 changed.")
    assert "`camps`, **release 1.1**" in text
    assert section(text, "What is in it").endswith("Since camps 1.0: 1 event added, 0 removed, 0 changed.")
    assert "> Ada Example (2025). Camps and promises. Version 1.1." in text
    assert 'eventcode.load("camps", version="1.1")' in text
    assert 'eventcode.load("camps")' in written(folder)
    assert "### findings" not in text
    assert "findings.parquet" not in text


def test_coverage_and_counts_stand_at_a_glance(folder: Path) -> None:
    lines = section(written(folder), "What is in it").splitlines()
    assert "| 3 events            | what remains after reports of one happening are linked |" in lines
    assert "| 4 readings          | one coder's account of one document |" in lines
    assert "| Dates of the events | 2025-05-03 to 2025-05-05 |" in lines


def test_it_says_who_coded_and_in_how_many_passes(folder: Path) -> None:
    text = section(written(folder), "How it was made")
    assert (
        "| `reader-1`    | a large language model                                |         2 |           0 | Version 1. Read"
        in text
    )
    assert "2 documents were read by 1 coder." in text


def test_events_are_counted_by_type_with_labels_and_branch_sums(folder: Path) -> None:
    assert section(written(folder), "Events by type").splitlines()[:7] == [
        "| code    | event type                                   | act  | events | reports | occurred | negated |",
        "| ------- | -------------------------------------------- | ---- | -----: | ------: | -------: | ------: |",
        "| **030** | **Pledge**                                   | word |      1 |       1 |        1 |       0 |",
        "| 035     | Express willingness without commitment       | word |      1 |       1 |        1 |       0 |",
        "| **070** | **Dismantle or withdraw**                    | deed |      2 |       1 |        1 |       1 |",
        "| 070     | Dismantle or withdraw, not further specified | deed |      1 |       0 |        0 |       1 |",
        "| 072     | Dismantle a base or headquarters             | deed |      1 |       1 |        1 |       0 |",
    ]


def test_events_without_a_settled_or_known_code_are_not_lost(tmp_path: Path) -> None:
    world = small_build.world()
    world["events"][0] |= {"event_type": None, "event_type_contested": ["071", "072"]}
    world["events"][1]["event_type"] = "999"
    lines = section(written(small_build.write(tmp_path / "b", world)), "Events by type").splitlines()
    assert [line.split("|")[1:5] for line in lines if "differ" in line or "not in the" in line] == [
        [" –       ", " the reports differ                     ", "      ", "      1 "],
        [" ?       ", " not in the codebook                    ", "      ", "      1 "],
    ]


def test_sourcing_is_summed_up_in_words(folder: Path) -> None:
    text = section(written(folder, withheld=1), "Who told it")
    assert "Of 3 events, 0 rest on a single origin and 3 may do so" in " ".join(text.split())
    assert "| Are those who affirm it named?           | Named and anonymous |      3 |  100% |" in text
    assert (
        "2 named, 1 anonymous, 1 the page's own voice. The names and words of 1 source are withheld"
        in " ".join(text.split())
    )


def test_findings_are_ranked_and_waivers_named(folder: Path) -> None:
    text = section(written(folder), "What the checks found")
    assert (
        "3 rules were run. What stands: 0 errors, 1 warning, 1 flag; 1 finding was accepted on record."
        in " ".join(text.split())
    )
    assert text.split("\n\n")[1].splitlines()[2:] == [
        "| b.warns | warning  |     2 |      1 |       1 |       8 |",
        "| a.flags | flag     |     1 |      0 |       0 |       2 |",
    ]
    assert "| b.warns  |        1 | Ada Example: checked by telephone |" in text


def test_the_cards_limits_come_before_those_of_all_event_data(folder: Path) -> None:
    limits = section(written(folder), "What these data cannot show")
    assert limits.startswith(
        "- Two pages prove a format, not a finding.\n- What no document of this corpus tells"
    )
    assert section(written(folder), "People in the data") == "Nobody in these data is real."


def test_a_card_that_says_little_still_makes_a_readme(folder: Path) -> None:
    bare = {
        name: small_build.CARD[name] for name in ("title", "licence", "codebook", "date", "as_of", "coders")
    }
    text = written(folder, card=bare)
    assert "## People in the data" not in text
    assert "Made from" not in text
    assert "None" not in text.split("## Columns")[0]


def test_every_column_is_explained(folder: Path) -> None:
    lines = section(written(folder), "Columns").splitlines()
    empty = [line for line in lines if line.startswith("| `") and line.endswith("|  |")]
    assert empty == []
    assert "| `event_type`                | text          | Event type: Which act is it? |" in lines


def test_the_file_hashes_can_be_checked_with_sha256sum(folder: Path) -> None:
    block = section((folder / "README.md").read_text("utf-8"), "Files").split("```")[1].strip()
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet"], input=block + "\n", cwd=folder, text=True, capture_output=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_same_facts_give_the_same_bytes(folder: Path) -> None:
    assert card.render(facts(folder)) == card.render(facts(folder))


def test_a_table_lines_up_and_escapes_pipes() -> None:
    assert table(("name", "n", "what"), [("a|b", 1, "x"), ("c", 10, None)], right=(1,)) == (
        "| name |  n | what |\n| ---- | -: | --- |\n| a\\|b |  1 | x |\n| c    | 10 |  |"
    )


def test_words_are_counted_in_good_english() -> None:
    assert [count(1, "event"), count(1204, "event"), count(2, "document was", "documents were")] == [
        "1 event", "1,204 events", "2 documents were",
    ]  # fmt: skip
    assert (share(1, 4), share(0, 0), size(400), size(2_500_000)) == ("25%", "–", "1 kB", "2.5 MB")
    assert bullets(["a " * 60]).count("\n  a") == 1
    assert paragraph("a\nb\n\nc") == "a b\n\nc"
