"""A rule's expression: what may stand in it, and what is said of everything else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.checks.compile import checked_expression
from eventcode.checks.expression import HINT, Expression
from eventcode.codebook.load import load
from eventcode.errors import CodebookError

DISARMAMENT = load("disarmament")


def _checked(text: str, table: str = "sources") -> Expression:
    return checked_expression(DISARMAMENT, table, text)


def _refused(text: str, table: str = "sources") -> tuple[str, str]:
    with pytest.raises(CodebookError) as caught:
        _checked(text, table)
    return caught.value.message, caught.value.hint


# ── what may stand there ──────────────────────────────────────────────────────────────────────────────────────────────

ALLOWED = [
    "identity = 'named'",
    "source_name is not null and not identity = 'anonymous'",
    "source_kind in ('person', 'group') or source_kind is null",
    "n_persons between 2 and 10",
    "coalesce(n_persons, 0) >= 2",
    "coalesce(trim(source_name), '') <> ''",
    "lower(source_name) like 'mayor %'",
    "regexp_matches(source_name, '^[A-Z]')",
    "starts_with(source_descriptor, 'a ')",
    "length(source_name) + length(source_descriptor) < 100",
    "list_contains(affiliations, 'police')",
    "len(via) > 0",
    "abs(n_persons - 3) < 2",
    "greatest(n_persons, 1) = least(n_persons, 9)",
    "case when identity = 'named' then source_name is not null else true end",
    "document.publisher = 'delta_press'",
    "reading.coder_kind = 'person'",
    "year(document.published_at_end) = 2025",
    "document.published_at_end >= '2025-01-01'",
    "document.published_at_end - document.published_at_start < 7",
    "document.published_at_end + 1 > document.published_at_start",
    "upper(source_name) || '.' = source_descriptor",
    "identity is distinct from source_kind",
    "identity = null",
    "true",
]


@pytest.mark.parametrize("text", ALLOWED)
def test_comparing_columns_and_values_is_allowed(text: str) -> None:
    assert _checked(text).sql


def test_every_column_is_told_apart_by_the_row_that_it_belongs_to() -> None:
    found = _checked("identity = 'named' and document.publisher is not null")
    assert set(found.columns) == {("self", "identity"), ("document", "publisher")}
    assert found.sql == '"self"."identity" = \'named\' AND NOT "document"."publisher" IS NULL'


def test_an_event_type_has_its_attributes() -> None:
    found = _checked(
        "type.act = 'deed' and type.root <> type.code and list_contains(type.requires, 'actor')", "codings"
    )
    assert set(found.columns) == {("type", "act"), ("type", "root"), ("type", "code"), ("type", "requires")}


def test_comments_do_not_reach_the_database() -> None:
    assert _checked("identity = 'named' -- */ or true").sql == '"self"."identity" = \'named\''


# ── what may not ──────────────────────────────────────────────────────────────────────────────────────────────────────

NOT_ALLOWED = [
    ("read_text('/etc/passwd') = 'x'", "`READ_TEXT('/etc/passwd')` is not allowed in a rule"),
    ("read_csv('x.csv') is null", "`READ_CSV('x.csv')` is not allowed in a rule"),
    ("identity in (select identity from sources)", "IN needs a list of values"),
    ("identity in identity", "IN needs a list of values"),
    ("(select true)", "`(SELECT TRUE)` is not allowed in a rule"),
    ("exists(select 1)", "`EXISTS(SELECT 1)` is not allowed in a rule"),
    ("current_setting('threads') = '1'", "`CURRENT_SETTING('threads')` is not allowed in a rule"),
    ("getenv('HOME') = 'x'", "`GETENV('HOME')` is not allowed in a rule"),
    ("getvariable('x') = 'x'", "`GETVARIABLE('x')` is not allowed in a rule"),
    ("identity = ?", "`?` is not allowed in a rule"),
    ("identity = $1", "`$1` is not allowed in a rule"),
    ("identity::integer = 3", "`CAST(identity AS INT)` is not allowed in a rule"),
    ("try_cast(identity as date) is null", "`TRY_CAST(identity AS DATE)` is not allowed in a rule"),
    ("row_number() over () = 1", "`ROW_NUMBER() OVER ()` is not allowed in a rule"),
    ("count(*) > 1", "`COUNT(*)` is not allowed in a rule"),
    ("random() > 0.5", "`RANDOM()` is not allowed in a rule"),
    ("now() > document.published_at_end", "`CURRENT_TIMESTAMP` is not allowed in a rule"),
    ("list_filter(via, x -> x = 'a') is null", "`LIST_FILTER(via, x -> x = 'a')` is not allowed in a rule"),
    ("via[1] = 'reuters'", "`via[1]` is not allowed in a rule"),
    ("[1, 2] = [1]", "`[1, 2]` is not allowed in a rule"),
    ("{'a': 1} is null", "`{'a': 1}` is not allowed in a rule"),
    ("identity collate nocase = 'x'", "`identity COLLATE nocase` is not allowed in a rule"),
    ("trim(leading 'a' from source_name) = 'x'", "TRIM takes one value here"),
    ("identity as x", "`identity AS x` is not allowed in a rule"),
    ("set threads = 1", "`SET threads = 1` is not allowed in a rule"),
    ("drop table sources", "`DROP TABLE sources` is not allowed in a rule"),
    ("* ", "`*` is not allowed in a rule"),
    ("columns('i.*') = 'x'", "`COLUMNS('i.*')` is not allowed in a rule"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), NOT_ALLOWED)
def test_whatever_reaches_beyond_the_row_is_refused(text: str, message: str) -> None:
    said = _refused(text)[0]
    assert said == message or (
        said.endswith(" is not allowed in a rule") and message.endswith(" is not allowed in a rule")
    )


def test_a_refusal_says_what_is_allowed() -> None:
    assert _refused("random() > 0.5")[1] == HINT
    assert HINT.startswith(
        "allowed are columns, literals, comparisons, AND, OR, NOT, IN, BETWEEN, LIKE, IS NULL, CASE and coalesce,"
    )


WRONG = [
    ("identity > 3", "`identity > 3` compares number with text", "compare like with like"),
    ("n_persons = '3'", "`n_persons = '3'` compares number with text", "compare like with like"),
    ("affiliations = 'police'", "`affiliations = 'police'` compares list with text", "compare like with like"),
    ("document.published_at_end > '2025'", "`document.published_at_end > '2025'` compares date with text", "compare like with like"),
    ("document.published_at_end > '20250101'", "`document.published_at_end > '20250101'` compares date with text", "compare like with like"),
    ("coalesce(n_persons, 'none') = 'none'", "`COALESCE(n_persons, 'none')` compares number with text", "compare like with like"),
    ("identity", "`identity` is not true or false", "compare something: identity = 'named'"),
    ("n_persons + 1", "`n_persons + 1` is not true or false", "compare something: identity = 'named'"),
    ("not identity", '`identity` is text, not boolean', HINT),
    ("identity = 'named' and n_persons", '`n_persons` is number, not boolean', HINT),
    ("length(n_persons) > 1", '`n_persons` is number, not text or list', HINT),
    ("year(via) = 2025", '`via` is list, not date', HINT),
    ("lower(n_persons) = 'x'", '`n_persons` is number, not text', HINT),
    ("identity + 1 = 2", '`identity` is text, not number', HINT),
    ("list_contains(identity, 'x')", '`identity` is text, not list', HINT),
    ("if(identity > 3, true, false)", "`identity > 3` compares number with text", "compare like with like"),
    ("case when identity then true end", '`identity` is text, not boolean', HINT),
    ("case when true then 'a' else 1 end = 'a'", "`CASE WHEN TRUE THEN 'a' ELSE 1 END` gives number or text", "give one kind of value"),
    ("identty = 'named'", "there is no column 'identty' in reach of sources", "did you mean 'identity'?"),
    ("document.publishr is null", "there is no column 'document.publishr' in reach of sources", "did you mean 'document.publisher'?"),
    ("main.sources.identity = 'named'", "there is no column 'main.sources.identity' in reach of sources", None),
    ("coding.key is null", "there is no column 'coding.key' in reach of sources", None),
    ("identity = 'nmaed'", "'nmaed' is no value of identity, so this can never hold", "did you mean 'named'?"),
    ("identity in ('named', 'anonymus')", "'anonymus' is no value of identity, so this can never hold", "did you mean 'anonymous'?"),
    ("coalesce(identity, '') = 'nmaed'", "'nmaed' is no value of identity, so this can never hold", "did you mean 'named'?"),
    ("list_contains(affiliations, 'polise')", "'polise' is no value of affiliations, so this can never hold", "did you mean 'police'?"),
    ("identity = 'named' and", "`identity = 'named' and` is not a SQL expression", None),
    ("identity = = 'named'", "`identity = = 'named'` is not a SQL expression", None),
    ("identity = 'named", "`identity = 'named` is not a SQL expression", None),
    ("", "`` is not one SQL expression", HINT),
    ("true; true", "`true; true` is not one SQL expression", HINT),
    ("x" * 5001, "the expression has 5001 characters", "the limit is 5000"),
    (" or ".join(["true"] * 300), "the expression is too long", "split the rule: the limit is 500 parts"),
    ("(" * 2000 + "true" + ")" * 2000, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "hint"), WRONG, ids=[text[:40] for text, _, _ in WRONG])
def test_what_cannot_hold_is_told_with_its_remedy(text: str, message: str | None, hint: str | None) -> None:
    said, remedy = _refused(text)
    assert message is None or said == message
    assert remedy if hint is None else remedy == hint


def test_a_code_that_the_codebook_has_not_is_no_value() -> None:
    assert (
        _refused("event_type = '999'", "codings")[0]
        == "'999' is no value of event_type, so this can never hold"
    )
    assert (
        _refused("type.root = '72'", "codings")[0] == "'72' is no value of type.root, so this can never hold"
    )
    assert _refused("type.act = 'dead'", "codings") == (
        "'dead' is no value of type.act, so this can never hold",
        "did you mean 'deed'?",
    )


PARTS = st.sampled_from(
    ["identity", "n_persons", "via", "document.publisher", "'named'", "3", "null", "true", "=", "<>", ">", "and", "or", "not", "in", "is",
     "between", "like", "(", ")", ",", "case", "when", "then", "else", "end", "coalesce(", "length(", "trim(", "if(", "+", "-", "||", "::",
     ";", "--", "/*", "*/", "'", '"', "[", "]", "{", "}", "?", "$1", "select", "from", "over", "interval", "date", "x'00'", "\\", "@", "#"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PARTS, max_size=14).map(" ".join) | st.text(max_size=40))
def test_no_text_does_anything_but_be_allowed_or_refused(text: str) -> None:
    try:
        assert _checked(text).sql
    except CodebookError as error:
        assert error.message  # noqa: PT017 (either outcome will do)
