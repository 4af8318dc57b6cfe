"""The whole linter: that a codebook loads, the lines of `codebook.lint`, and those that need the rule engine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from eventcode.checks import examples
from eventcode.checks.engine import Checker, Result
from eventcode.checks.result import placeholders
from eventcode.checks.scope import scope
from eventcode.codebook import lint as static
from eventcode.codebook.lint_rules import Hit, LintRule
from eventcode.codebook.load import load
from eventcode.errors import CodebookError, Problem
from eventcode.model import Codebook, Finding, Place, Rule, RuleCount
from eventcode.pipeline import lint_around as around
from eventcode.pipeline import lint_rules_meet as meet
from eventcode.pipeline.uncollected import uncollected
from eventcode.shape import did_you_mean
from eventcode.tables import TABLES

LOADS = "lint.loads"
READ = re.compile(
    r"(codebook|fields|rules|guidance|dates)\.yaml|migrations/[^/]+\.yaml|events/[^/]+\.yaml|examples/[^/]+\.yaml|crosswalks/[^/]+\.csv|vocabularies/[^/]+\.(yaml|csv)"
    r"|[^/]+\.md|LICEN[CS]E[^/]*|(.*/)?[.~][^/]*"
)
FROM_QUERY = (
    "name",
    "other",
    "column",
    "given",
    "derived",
    "item",
    "role",
    "field",
    "n",
)  # what set and builtin rules add to a message


def check(name: str | Path, folders: Iterable[Path] = (), *, rule_examples: bool = True) -> Result:
    """Everything the linter finds in a codebook, also where it does not load; CodebookError where there is none of that name."""
    try:
        codebook = load(name, folders)
    except CodebookError as error:
        if not error.problems:
            raise
        return Result(tuple(_unloaded(problem) for problem in error.problems), ())
    return lint(codebook, rule_examples=rule_examples)


def _unloaded(problem: Problem) -> Finding:
    place = Place(problem.file, problem.line, problem.path)
    return Finding(
        LOADS, "error", "codebook", problem.path or problem.file, problem.message, problem.hint, place=place
    )


@uncollected()
def lint(codebook: Codebook, *, rule_examples: bool = True) -> Result:
    """Every finding on a loaded codebook, and per lint rule how much was looked at; `rule_examples` runs the examples too, which takes
    seconds."""
    around.neighbour.cache_clear()  # what lies beside a codebook may have changed while it has not
    asked = [*static.RULES, *(rule for rule in RULES if rule_examples or rule.find is not example_verdicts)]
    found = {rule.id: [*static.findings(rule, codebook)] for rule in asked}
    found[static.UNUSED.id] = [
        *static.unused(codebook, asked, [one for some in found.values() for one in some])
    ]
    asked.append(static.UNUSED)
    findings = sorted((one for rule in asked for one in found[rule.id]), key=static.order)
    return Result(tuple(findings), tuple(_count(rule, found[rule.id], codebook) for rule in asked))


def _count(rule: LintRule, findings: list[Finding], codebook: Codebook) -> RuleCount:
    sizes = {
        "codes": len(codebook.event_types), "fields": len(codebook.fields), "rules": len(codebook.rules),
        "vocabularies": sum(len(vocabulary.terms) for vocabulary in codebook.vocabularies.values()),
        "actors": len(codebook.actors), "crosswalks": len(codebook.crosswalks), "guidance": len(codebook.guidance),
        "examples": len(codebook.examples),
    }  # fmt: skip
    failed = len({found.key for found in findings})
    rows = max(sizes.get(rule.table, 1), failed)
    waived = len({found.key for found in findings if found.waived})
    return RuleCount(rule.id, rule.severity, rule.table, rows, rows - failed, failed, 0, waived)


# ── what needs the rule engine, or the folder ─────────────────────────────────────────────────────────────────────────


def unread(codebook: Codebook) -> Iterator[Hit]:
    """A file that lies in the folder is read, or it is about the codebook."""
    folder = Path(codebook.folder)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not READ.fullmatch(name):
            yield Hit(name, f"{name} is not read", Place(f"{_shown(codebook)}/{name}"))


def _shown(codebook: Codebook) -> str:
    path = Path(codebook.folder).resolve()
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.as_posix()


def compiles(codebook: Codebook) -> Iterator[Hit]:
    """The expressions of rules and of applies_if: allowed syntax, known columns, fitting types, values that can be met."""
    checker = meet.compiled(codebook)
    if isinstance(checker, CodebookError):
        yield from _problems(checker)


def binds(codebook: Codebook) -> Iterator[Hit]:
    """What the database itself says of the rules."""
    checker = meet.compiled(codebook)
    if isinstance(checker, Checker):
        try:
            checker.bind()
        except CodebookError as error:
            yield from _problems(error)


def _problems(error: CodebookError) -> Iterator[Hit]:
    for problem in error.problems:
        yield Hit(
            problem.message.split(":")[0],
            problem.message,
            Place(problem.file, problem.line, problem.path),
            problem.hint,
        )


def messages(codebook: Codebook) -> Iterator[Hit]:
    """A message shows columns that are there to be shown."""
    for rule in codebook.rules.values():
        if rule.table in TABLES:
            reach = scope(codebook, rule.table)
            for name in placeholders(rule.message):
                prefix, _, column = name.rpartition(".")
                if reach.kind(prefix, column) is None and not (rule.kind != "row" and name in FROM_QUERY):
                    hint = did_you_mean(name, reach.own)
                    yield Hit(
                        rule.id,
                        f"rule {rule.id} shows '{{{name}}}', which is no column in its reach",
                        rule.place,
                        hint,
                    )


def example_verdicts(codebook: Codebook) -> Iterator[Hit]:
    """Every example of a rule comes out as it says."""
    if isinstance(meet.compiled(codebook), CodebookError):
        return
    by_host: dict[str, list[Rule]] = {}
    for rule in codebook.rules.values():
        by_host.setdefault(rule.codes_of or codebook.id, []).append(rule)
    for name, rules in by_host.items():
        host = codebook if name == codebook.id else _host(codebook, name)
        if isinstance(host, Hit):
            yield host
        elif host is not None:
            for verdict in examples.misjudged(
                host, [host.rules[rule.id] for rule in rules if rule.id in host.rules]
            ):
                yield Hit(verdict.rule.id, str(verdict), verdict.rule.place)


def _host(codebook: Codebook, name: str) -> Codebook | Hit | None:
    """The codebook under whose codes the examples of a module are tried; None where that is the module's own check's business."""
    if codebook.kind != "module":
        return None
    try:
        return load(name, [Path(codebook.folder).parent])
    except CodebookError as error:
        return Hit(
            codebook.id,
            f"the examples use codes of '{name}': {error.message}",
            Place(f"{_shown(codebook)}/rules.yaml"),
            error.hint,
        )


def accepted_rules(codebook: Codebook) -> Iterator[Hit]:
    """What is accepted is a line of the linter, and a warning."""
    severities = {rule.id: rule.severity for rule in (*static.RULES, *RULES)}
    for entry in codebook.accepted:
        if severities.get(entry.rule) == "error":
            yield Hit(
                entry.rule,
                f"{entry.rule} is an error and cannot be accepted",
                entry.place,
                "mend what it finds",
            )
        elif entry.rule not in severities:
            hint = did_you_mean(
                entry.rule, [rule for rule, severity in severities.items() if severity == "warning"]
            )
            yield Hit(entry.rule, f"there is no line '{entry.rule}' of the linter", entry.place, hint)


def _rule(name: str, severity: str, table: str, find: Any, about: str, hint: str) -> LintRule:
    return LintRule(f"lint.{name}", severity, table, about, hint, find)


RULES: tuple[LintRule, ...] = (
    _rule("unread-file", "warning", "codebook", unread,
          "every file of the folder is read", "rename it to what is read (.yaml, not .yml), or move it out"),
    _rule("rule-compiles", "error", "rules", compiles,
          "the expressions of rules and fields can be understood", "correct the expression"),
    _rule("rule-binds", "error", "rules", binds,
          "the database accepts the rules", "compare like with like"),
    _rule("rule-message", "error", "rules", messages,
          "a message shows columns in reach of its rule", "correct the name in braces"),
    _rule("required-applies", "error", "fields", meet.misapplied,
          "a field applies to some row, and where a code requires it", "widen applies_if:, or take the field out of requires:"),
    _rule("rules-contradict", "error", "rules", meet.contradictions,
          "no two rules apply to a row that cannot meet both", "narrow when: of one of them, or correct what it requires"),
    _rule("rule-fires", "warning", "rules", meet.idle,
          "a rule can fire", "mend the rule, or take it out; where it waits for codes to come, accept the warning"),
    _rule("crosswalk-target", "error", "crosswalks", around.targets,
          "a crosswalk leads to codes, fields and values that its target has", "correct the row"),
    _rule("crosswalk-version", "error", "crosswalks", around.versions,
          "a crosswalk is to the version of its target that is there", "see what changed in the target, and write its version"),
    _rule("crosswalk-unseen", "warning", "crosswalks", around.unseen,
          "the target of a crosswalk is at hand", "put the codebook into the project, or accept the warning"),
    _rule("page-codes", "warning", "codebook", around.pages,
          "the README and the guidance speak of codes that exist", "correct the code"),
    _rule("accepted-rule", "error", "codebook", accepted_rules,
          "what is accepted is a warning of the linter", "correct rule:"),
    _rule("rule-example", "error", "rules", example_verdicts,
          "every example of a rule comes out as it says", "correct the rule or the example: one of them says what nobody meant"),
)  # fmt: skip
