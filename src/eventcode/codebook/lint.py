"""The linter: every line is a defect found in a real codebook. What needs a database is in `eventcode.pipeline.lint`.

`RULES` is the whole list. A line is born by adding one `LintRule` whose function yields a `Hit` for everything it objects to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eventcode.codebook import lint_codes as codes
from eventcode.codebook import lint_examples as examples
from eventcode.codebook import lint_fields as fields
from eventcode.codebook import lint_lists as lists
from eventcode.codebook import lint_migrations as migrations
from eventcode.codebook import lint_phrases as phrases
from eventcode.codebook.lint_rules import Find, Hit, LintRule
from eventcode.model import Codebook, Finding


def _rule(name: str, severity: str, table: str, find: Find, about: str, hint: str) -> LintRule:
    return LintRule(f"lint.{name}", severity, table, about, hint, find)


RULES: tuple[LintRule, ...] = (
    _rule("folder-name", "error", "codebook", lists.folder_name,
          "the folder of a codebook bears its id", "rename the folder, or correct id: in codebook.yaml"),
    # Event types
    _rule("codes-collide", "warning", "codes", codes.collide,
          "no two codes are one number, as 010 and 10 are",
          "give one of them another code; where the codes are a standard's, give every code a stata_value and accept the warning"),
    _rule("stata-value", "error", "codes", codes.stata_value,
          "numeric values are unique and never read as another code", "give every code a stata_value of its own: 72 for 072"),
    _rule("code-names", "error", "codes", codes.names,
          "every code has a name of its own", "rename one of them"),
    _rule("tier", "error", "codes", codes.tier,
          "roots have no parent, negative codes no act", "correct tier:, parent: or act:"),
    _rule("excludes-see", "error", "codes", codes.excludes,
          "what a code excludes points to another code", "correct see:, or leave it out"),
    _rule("requires-known", "error", "codes", codes.requires,
          "what a code requires is a role or a field", "correct requires:"),
    _rule("type-values", "error", "codes", codes.values,
          "realis, quad and act are in their vocabularies", "use a value of the vocabulary"),
    _rule("intensity-scale", "error", "codes", codes.intensity_scale,
          "an intensity lies on the declared scale", "correct the intensity, or minimum and maximum of the scale"),
    _rule("intensity-sign", "warning", "codes", codes.intensity_sign,
          "cooperation is not below zero, conflict not above",
          "turn the sign, or correct the quad; where a standard was published so, accept the warning"),
    _rule("intensity-editions", "warning", "codes", codes.intensity_editions,
          "an intensity is the same in every edition of its scale",
          "say which edition is meant under scales:, and accept the warning"),
    _rule("edition-declared", "error", "codes", codes.edition_declared,
          "another edition of a scale is declared before a value is given in it", "add it to scales: intensity: editions:"),
    _rule("sibling-labels", "error", "codes", codes.sibling_labels,
          "siblings have different labels", "tell them apart in the label"),
    _rule("label-twins", "warning", "codes", codes.label_twins,
          "no two labels differ by case or spacing only", "write them alike, or tell them apart"),
    _rule("definition-twice", "error", "codes", codes.definition_twice,
          "every code has a definition of its own", "say what tells them apart"),
    _rule("placeholder", "warning", "codes", codes.placeholder,
          "every definition is written", "write it: one sentence that decides"),
    _rule("code-example", "warning", "codes", codes.no_example,
          "every code has an example", "add a text to examples/ that expects it"),
    _rule("code-lookalike", "warning", "codes", codes.no_lookalike,
          "every code has a look-alike", "name it under not: of an example that tempts"),
    _rule("trigger-shared", "warning", "codes", codes.triggers,
          "no trigger phrase stands at two codes", "lengthen the phrase until it decides, or keep it at one code"),
    # Fields and vocabularies
    _rule("field-columns", "error", "fields", fields.columns,
          "every column belongs to one field and keeps its type", "rename the field, or correct its type"),
    _rule("field-bounds", "error", "fields", fields.bounds,
          "a minimum is below its maximum", "correct minimum: or maximum:"),
    _rule("level-fits-type", "error", "fields", fields.level,
          "the measurement level fits the type", "correct level:"),
    _rule("aggregate-fits-type", "error", "fields", fields.aggregate,
          "the aggregation fits the type", "correct aggregate:"),
    _rule("missing-values", "error", "fields", fields.missing_values,
          "what means unknown is a value of the list", "add it to the vocabulary, or take it out of missing_values:"),
    _rule("scale-values", "error", "fields", fields.scale_values,
          "the ends of a scale are values of the list", "correct scale:"),
    _rule("scale-direction", "warning", "fields", fields.scale_direction,
          "an ordinal field says which end is best", "add scale: {best: …, worst: …}: 1 is best in one codebook and worst in the next"),
    _rule("not-stated", "warning", "fields", fields.not_stated,
          "a required closed question can be left unanswered with a reason",
          "add missing: [not_stated], or a value under missing_values:, or always_answerable: true where every text answers it"),
    _rule("value-twins", "error", "vocabularies", fields.value_twins,
          "no two values differ by case or spacing only", "keep one"),
    _rule("term-labels", "error", "vocabularies", fields.term_labels,
          "the values of one list have different labels", "tell them apart in the label"),
    _rule("term-parents", "error", "vocabularies", fields.term_parents,
          "the parent of a value is another value of its list", "correct parent:"),
    # Actors
    _rule("actor-kind", "error", "actors", lists.actor_kinds,
          "the kind of an actor is in vocabulary actor_kind", "use a kind of the vocabulary"),
    _rule("actor-country", "error", "actors", lists.actor_countries,
          "the country of an actor is in vocabulary country", "use the code of the vocabulary, as in IRQ"),
    _rule("actor-dates", "error", "actors", lists.actor_dates,
          "actors and ties do not end before they start", "swap or mend the two dates"),
    _rule("actor-circle", "error", "actors", lists.actor_circles,
          "no actor is a part of itself", "take out one of the ties"),
    _rule("actor-names", "warning", "actors", lists.actor_names,
          "a name stands for one actor", "keep the name at the actor that news means by it"),
    # Crosswalks, rules, guidance, examples
    _rule("crosswalk-rows", "error", "crosswalks", lists.crosswalk_rows,
          "a crosswalk maps codes that exist", "correct the row"),
    _rule("crosswalk-gaps", "warning", "crosswalks", lists.crosswalk_gaps,
          "a crosswalk says something of every code", "add a row; match none says that there is no target"),
    _rule("rule-parts", "error", "rules", lists.rule_parts,
          "a rule has a hint, a reason and examples that pass and fail", "add what is lacking: a rule nobody can read or try is none"),
    _rule("rule-fields", "error", "rules", lists.rule_fields,
          "a rule is about a table and a field that exist", "correct table: or field:"),
    _rule("term-countries", "error", "vocabularies", fields.term_countries,
          "the country of a value is in vocabulary country", "use the code of the vocabulary, as in VNM"),
    _rule("migrations", "error", "migrations", migrations.wrong,
          "a migration leads from an earlier version to codes, fields and values that exist", "correct the step"),
    _rule("date-phrases", "error", "dates", phrases.wrong,
          "a date phrase can be read, and its examples come out", "correct the phrase, or its example"),
    _rule("guidance-ids", "error", "guidance", lists.guidance_ids,
          "guidance is cited by a unique id", "number one of them anew"),
    _rule("example-names", "error", "examples", examples.names,
          "an example is cited by a unique name", "rename one of them"),
    _rule("example-codes", "error", "examples", examples.codes,
          "the codes of an example exist and fit", "correct expect:, not: or negative:"),
    _rule("example-values", "error", "examples", examples.values,
          "the values, actors and source keys of an example exist", "correct the example"),
)  # fmt: skip


def lint(codebook: Codebook) -> tuple[Finding, ...]:
    """Everything that `RULES` object to, in the order of the files."""
    return tuple(sorted((found for rule in RULES for found in findings(rule, codebook)), key=order))


def findings(rule: LintRule, codebook: Codebook) -> Iterator[Finding]:
    """What one line of the linter objects to; a warning that the authors accept is waived with their reason."""
    for hit in rule.find(codebook):
        why = _accepted(rule, hit, codebook) if rule.severity == "warning" else None
        yield Finding(
            rule.id, rule.severity, rule.table, hit.key, hit.message, hit.hint or rule.hint, row=hit.key, place=hit.place, waived=why,
        )  # fmt: skip


def _accepted(rule: LintRule, hit: Hit, codebook: Codebook) -> str | None:
    for entry in codebook.accepted:
        if entry.rule == rule.id and (not entry.of or hit.key in entry.of):
            return entry.why
    return None


UNUSED = _rule("accepted-unused", "warning", "codebook", lambda codebook: iter(()),
               "what is accepted is still found", "take it out of accepted:")  # fmt: skip


def unused(codebook: Codebook, asked: Sequence[LintRule], found: Sequence[Finding]) -> Iterator[Finding]:
    """What is accepted and no longer found, of the lines that were asked: an explanation that explains nothing misleads."""
    ids = {rule.id for rule in asked}
    seen = {(finding.rule, key) for finding in found for key in (finding.key, "")}
    for entry in codebook.accepted:
        for key in (entry.of or ("",)) if entry.rule in ids else ():
            if (entry.rule, key) not in seen:
                where = f" at {key}" if key else ""
                message = f"{entry.rule} is accepted{where}, and nothing of it is found"
                yield Finding(
                    UNUSED.id,
                    UNUSED.severity,
                    UNUSED.table,
                    entry.rule,
                    message,
                    UNUSED.hint,
                    place=entry.place,
                )


def order(found: Finding) -> tuple[str, int, str, str]:
    """The order of the files."""
    return (found.place.file, found.place.line or 0, found.rule, found.key)
