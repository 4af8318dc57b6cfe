"""The documentation runs: commands are parsed or run, examples are checked, links are followed, the reference leaves nothing out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest
import yaml

import pages
from eventcode import shape
from eventcode.bundled import codebook_folder
from eventcode.cli import group, reference
from eventcode.codebook import markdown, views
from eventcode.codebook.lint import RULES as LINT
from eventcode.codebook.load import load, names
from eventcode.codebook.markdown_parts import anchor
from eventcode.errors import EventcodeError
from eventcode.model import Codebook, Rule
from eventcode.pipeline import lint, scaffold
from eventcode.project import Dataset, find
from eventcode.tables import TABLES
from eventcode.yamlfile import parse

BOOKS = names([codebook_folder()])
PAGES = {path.relative_to(pages.ROOT).as_posix(): pages.read(path) for path in pages.PAGES}
COMMANDS = [
    pytest.param(command, id=f"{name}:{block.line} {command}")
    for name, page in PAGES.items()
    for block in page.blocks
    for command, _ in block.commands
    if block.language == "console" and command.startswith("eventcode ")
]
JSON = [
    pytest.param(block, id=f"{name}:{block.line}")
    for name, page in PAGES.items()
    for block in page.blocks
    if block.language in ("json", "jsonl")
]
YAML = [
    (name, block, yaml.safe_load(block.text))
    for name, page in PAGES.items()
    for block in page.blocks
    if block.language == "yaml"
]


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The generated reference: name → content."""
    folder = tmp_path_factory.mktemp("reference")
    reference.write(folder)
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


# ── the reference ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", BOOKS)
def test_every_rule_of_a_bundled_codebook_has_its_line(name: str, written: dict[str, str]) -> None:
    page = written["rules.md"]
    for rule in load(name).rules.values():
        part = page.partition(f"\n### {rule.id}\n")[2].partition("\n### ")[0]
        assert f"- Severity: {rule.severity}\n" in part, rule.id
        assert f"- Table: {rule.table}\n" in part
        assert all(markdown.text(words) in part for words in (rule.message, rule.hint, rule.why))


@pytest.mark.parametrize("name", BOOKS)
def test_every_generated_rule_has_its_line_and_its_reason(name: str, written: dict[str, str]) -> None:
    rows = _rows(written["rules.md"])
    for rule in reference.made(load(name)).values():
        assert rows[rule.id][1] == rule.severity
        assert rows[rule.id][-1] == reference.why(rule)


def test_a_generated_rule_of_a_new_kind_is_refused_until_the_reference_says_why_it_exists() -> None:
    with pytest.raises(
        EventcodeError, match=r"the rule codings.realis-sideways has no line in the documentation"
    ):
        reference.why(Rule("codings.realis-sideways", "codings", "error", "", "", generated=True))


def test_every_line_of_the_linter_is_in_the_rules(written: dict[str, str]) -> None:
    rows = _rows(written["rules.md"])
    assert [rule.id for rule in (*LINT, *lint.RULES) if rule.id not in rows] == []


def test_every_finding_that_a_stage_makes_itself_is_in_the_rules(written: dict[str, str]) -> None:
    rows = _rows(written["rules.md"])
    found = {
        id_
        for path in (pages.ROOT / "src/eventcode").rglob("*.py")
        if path.name != "reasons.py"
        for id_ in _made(path.read_text("utf-8"))
    }
    assert {"adjudication", "agreement", "evidence", "readings", "waivers"} == {
        id_.partition(".")[0] for id_ in found
    }
    assert sorted(found - rows.keys()) == []
    assert sorted(reference.OTHER.keys() - found) == []


def _made(source: str) -> list[str]:
    """Ids of findings that a module of the package makes without a rule: those it spells out, and names that follow a prefix of its own."""
    stages = "adjudication|agreement|evidence|readings|waivers"
    whole = re.findall(rf'(?:Finding\(\s*|\n[A-Z]+ = )"((?:{stages})\.[a-z-]+)"', source)
    prefix = re.search(r'= f"(?:([a-z]+)|{RULE})\.{rule}"|Finding\(\s*f"([a-z]+)\.{rule}"', source)
    if prefix is None:
        return whole
    names = re.findall(r'_finding\(\s*"([a-z-]+)"', source) or re.findall(
        r'return "([a-z]+)",|return \(\s*"([a-z]+)",', source
    )
    return [*whole, *(f"{prefix[1] or prefix[2] or 'waivers'}.{''.join(name)}" for name in names)]


def _rows(page: str) -> dict[str, list[str]]:
    """Rows of the page's tables by the name in their first cell."""
    cells = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in page.splitlines()
        if line.startswith("| `")
    ]
    return {row[0].strip("`"): row for row in cells}


def test_every_command_and_option_is_in_the_commands(written: dict[str, str]) -> None:
    parts = dict(
        re.findall(
            r"^## (eventcode [^\n]+)\n(.*?)(?=^## |\Z)", written["commands.md"], re.MULTILINE | re.DOTALL
        )
    )
    walked = {" ".join(path): command for path, command in reference.walk(group, ("eventcode",))}
    assert [*parts] == [*walked]
    for name, command in walked.items():
        options = [param for param in command.params if isinstance(param, click.Option)]
        assert [option for param in options for option in param.opts if f"`{option}" not in parts[name]] == []
        assert all(option.help for option in options if option.name != "form"), (
            f"an option of {name} has no help"
        )


@pytest.mark.parametrize("name", BOOKS)
def test_every_field_is_in_the_fields_and_every_codebook_has_its_page(
    name: str, written: dict[str, str]
) -> None:
    book = load(name)
    for field in book.fields.values():
        assert f"`{field.table}.{field.name}` — **{markdown.text(field.question)}**" in written["fields.md"]
    assert [
        code
        for code in book.event_types
        if f'<a id="{anchor("code", code)}">' not in written[f"codebook-{name}.md"]
    ] == []


def test_every_table_and_column_is_in_the_tables(written: dict[str, str]) -> None:
    for table in TABLES.values():
        part = written["tables.md"].partition(f"\n## {table.name}\n")[2].partition("\n## ")[0]
        assert [column for column in table.columns if f"| `{column}`" not in part] == []


def test_the_reference_is_the_same_each_time(tmp_path: Path, written: dict[str, str]) -> None:
    reference.main([str(tmp_path)])
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == written


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_shown_can_be_called(command: str) -> None:
    assert pages.wrong(command) is None


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("eventcode chek camps", "there is no command chek"),
        ("eventcode check camps --loud", "No such option"),
        ("eventcode diff camps", "new is missing"),
        ("eventcode check camps extra", "['extra'] is too much"),
        ("eventcode check camps --format xml", "['xml'] is none of"),
    ],
)
def test_a_command_that_cannot_be_called_would_be_found(command: str, said: str) -> None:
    assert said in (pages.wrong(command) or "")


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str, written: dict[str, str]) -> None:
    page = PAGES[name]
    assert [link for link in page.links if not _leads(page, link, written)] == []


def _leads(page: pages.Page, link: str, written: dict[str, str]) -> bool:
    if re.match(r"[a-z]+:", link):
        return True
    file, _, anchor = link.partition("#")
    target = page.path.parent / file if file else page.path
    if target.parent.name == "reference":
        return target.name in written
    return target.exists() and (not anchor or anchor in pages.read(target).anchors)


def test_every_page_is_in_the_index() -> None:
    index = PAGES["docs/README.md"].links
    there = [path.name for path in (pages.ROOT / "docs").glob("*.md") if path.name != "README.md"]
    assert [name for name in there if name not in index] == []


# ── examples ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """The project of the getting-started page with both pages' documents, and no readings, decisions or links."""
    from datetime import date

    scaffold.new_project(tmp_path / "study")
    project = find(tmp_path / "study")
    scaffold.new_dataset(project, "camps", "disarmament", ["anna", "ben"], date(2025, 7, 1))
    for name in ("docs/getting-started.md", "docs/adjudication.md"):
        pages.lay_out(PAGES[name], project.root)
    for name in ("decisions.jsonl", "links.jsonl"):
        (project.root / "datasets/camps" / name).unlink()
    monkeypatch.chdir(project.root)
    return project.dataset("camps")


@pytest.mark.parametrize("block", JSON)
def test_json_examples_have_the_shape_and_break_no_rule(
    block: pages.Block, study: Dataset, tmp_path: Path
) -> None:
    from eventcode.pipeline.importing import import_readings

    objects = (
        [json.loads(block.text)]
        if block.language == "json"
        else list(map(json.loads, block.text.splitlines()))
    )
    for value in objects:
        schema = views.json_schema(study.codebook, strict="kind" not in value) if "status" in value else None
        wrong = shape.violations(value, schema or shape.bundled("decision" if "kind" in value else "link"))
        assert [problem for problem in wrong if problem[0][-1:] != ("actor_id",)] == []
    if "status" in objects[0]:
        path = tmp_path / "example.jsonl"
        path.write_text("".join(f"{json.dumps(value)}\n" for value in objects), "utf-8")
        assert import_readings(study, path, dry_run=True).result.findings == ()


@pytest.mark.slow
def test_the_example_of_a_codebook_holds_together(tmp_path: Path) -> None:
    pages.lay_out(PAGES["docs/codebook-format.md"], tmp_path)
    assert load("camps", [tmp_path / "codebook"]).codes == ("010", "020", "021")
    found = lint.check("camps", [tmp_path / "codebook"])
    assert [finding.message for finding in found.findings] == []


def test_the_example_of_a_map_reads_its_file(tmp_path: Path) -> None:
    from eventcode.formats.mapping import apply, read_map

    pages.lay_out(PAGES["docs/map.md"], tmp_path)
    codebook: Codebook = load("disarmament")
    done = apply(read_map(tmp_path / "map.yaml", codebook), tmp_path / "incidents.csv", codebook)
    assert done.problems == []
    assert [row["document_key"].rpartition("-")[0] for row in done.documents] == [
        "the-delta-post-2025-05-04", "river-gazette-2025-05-10", "river-gazette-2025-05-12",
    ]  # fmt: skip
    assert len({link["event"] for link in done.links}) == 2


@pytest.mark.parametrize(
    ("key", "schema"),
    [("file", "origin"), ("store", "settings"), ("expectations", "dataset"), ("withhold", "dataset")],
)
def test_yaml_examples_of_other_files_have_their_shape(key: str, schema: str) -> None:
    found = [
        (name, block)
        for name, block, data in YAML
        if next(iter(data)) == key and ("sha256" in data) == (key == "file")
    ]
    assert found, f"no page shows {key}"
    for name, block in found:
        document = parse(block.text.encode(), name)
        wrong = shape.check(document, schema)
        assert [problem for problem in wrong if not problem.message.endswith("is missing")] == [], (
            f"{name}:{block.line}"
        )


@pytest.mark.slow
def test_the_pages_that_tell_a_story_run_from_top_to_bottom(tmp_path: Path) -> None:
    folder = tmp_path
    for name in ("docs/getting-started.md", "docs/adjudication.md"):
        for command, shown, printed in pages.run(PAGES[name], folder):
            assert pages.fits(shown, printed), (
                f"{name}: $ {command}\n--- shown\n{shown}\n--- printed\n{printed}"
            )
        folder = tmp_path / "camps-study"
