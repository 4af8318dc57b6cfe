"""An older workbook does not take away in silence what the codebook has gained since."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from codebook_sheets import Rows, workbook
from eventcode.cli.codebook import command
from eventcode.codebook.load import load
from eventcode.errors import CodebookError
from eventcode.pipeline import authoring

CODES: Rows = [["code", "label", "definition"], ["010", "Threaten", "Says so."], ["020", "Leave", "Goes."]]
NEWER: dict[str, Rows] = {
    "codebook": [["key", "value"], ["version", "0.2.0"]],
    "codes": CODES,
    "examples": [["name", "text", "expect"], ["a threat", "Go, it said.", "010"]],
    "migrations": [
        ["from_version", "to_version", "do", "of", "becomes"],
        ["0.1.0", "0.2.0", "rename_code", "030", "020"],
    ],
}


def test_what_an_older_workbook_would_take_away_is_listed_and_nothing_is_replaced(tmp_path: Path) -> None:
    new = workbook(tmp_path / "new.xlsx", NEWER)
    old = workbook(tmp_path / "old.xlsx", {"codes": CODES})
    wishes, how = authoring.Wishes("mine"), authoring.Reading()
    home = authoring.import_workbook(new, tmp_path, wishes, how).folder
    authoring.import_workbook(new, tmp_path, wishes, how, replace_it=True)
    with pytest.raises(CodebookError) as caught:
        authoring.import_workbook(old, tmp_path, wishes, how, replace_it=True)
    assert str(caught.value) == (
        "replacing 'mine' would take something away: 3 problems\n"
        "  → work on a fresh workbook: `eventcode codebook export mine --to xlsx`; or give --drop as well, and they go\n"
        "codebook.yaml\n  the version falls from 0.2.0 to 0.1.0\n"
        "examples\n  the example 'a threat' goes\n"
        "migrations\n  the migration from 0.1.0 to 0.2.0 goes"
    )
    assert load(home).version == "0.2.0"


def test_with_leave_they_go(tmp_path: Path) -> None:
    new = workbook(tmp_path / "new.xlsx", NEWER)
    old = workbook(tmp_path / "old.xlsx", {"codes": CODES})
    more = ["--name", "mine", "--into", str(tmp_path)]
    for arguments, code in (([new], 0), ([old, "--replace"], 1), ([old, "--replace", "--drop"], 0)):
        result = CliRunner().invoke(command, ["import", *map(str, arguments), *more])
        assert result.exit_code == code
    book = load(tmp_path / "mine")
    assert (book.version, "a threat" in {example.name for example in book.examples}) == ("0.1.0", False)
