"""What an expression, a pattern and a letter mean: on Spark the same as on DuckDB, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from eventcode.checks import dialect, expression, patterns
from eventcode.checks.database import TYPES
from eventcode.checks.scope import Scope
from eventcode.errors import CodebookError
from two_engines import needs_spark, started

COLUMNS = {
    "a": "string", "b": "string", "n": "int64", "m": "int64", "x": "float64", "y": "float64", "t": "bool", "d": "date32", "e": "date32",
    "l": "list<string>", "k": "list<string>",
}  # fmt: skip
SCOPE = Scope("rows", {("self", name): kind for name, kind in COLUMNS.items()})
WORDS = (
    "",
    "a",
    "A",
    "é",
    "É",
    "ß",
    "İ",
    "ΟΔΟΣ",
    "a%b",
    "a\\b",
    "a_b",
    "x y",
    "\u00a0",
    "a\nb",
    "10",
    "𝄞",
    "it's",
)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with started() as session:
        yield session


# ── expressions ───────────────────────────────────────────────────────────────────────────────────────────────────────

quoted = st.sampled_from([expression.quoted(word) for word in WORDS])
whole = st.sampled_from(["0", "1", "2", "-1", "7", "1000"])
decimal = st.sampled_from(["0.5", "2.0", "-0.25"])
day = st.sampled_from(["'2025-06-16'", "'2024-02-29'", "'1999-12-31'"])
pattern = st.sampled_from(
    ["^a", "[A-Z]+$", "(?i)É", r"\bx\b", r"\s", "a.b", "[^a]", "a|b", r"\d{2}", "[[:alpha:]]"]
)


LEAVES = {
    "text": st.sampled_from("ab") | quoted, "whole": st.sampled_from("nm") | whole, "number": st.sampled_from("xy") | decimal,
    "day": st.sampled_from("de") | day, "truth": st.just("t"), "list": st.sampled_from("lk"), "literal": whole, "quoted": quoted,
    "pattern": pattern.map(expression.quoted), "column": st.sampled_from("ab"), "date": st.sampled_from("de"),
    "sign": st.sampled_from(["=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM"]),
    "like": st.sampled_from(["b", "'a%'", "'%b'", "'a_b'", "'a%b'", "'a\\b'", "'%\\%'"]),
}  # fmt: skip
SAME = (
    "coalesce({0}, {0})",
    "CASE WHEN {truth} THEN {0} ELSE {0} END",
    "greatest({0}, {0})",
    "least({0}, {0})",
)
WAYS = {
    "text": ("lower({text})", "upper({text})", "trim({text})", "({text} || {text})", *SAME),
    "whole": (
        "({whole} + {whole})", "({whole} * {literal})", "({whole} % 7)", "abs({whole})", "length({text})", "length({list})",
        "year({date})", "month({date})", "day({date})", "({date} - {date})", *SAME,
    ),
    "number": ("({number} / {number})", "({whole} / {whole})", "({number} + {whole})", "(x % {number})", "abs({number})", *SAME),
    "day": ("coalesce({date}, {day})", "({date} + {literal})", "({date} - {literal})"),
    "truth": (
        *(f"{{{kind}}} {{sign}} {{{kind}}}" for kind in ("text", "whole", "number", "day")), "{whole} {sign} {number}", "{date} IS NULL",
        "{text} IN ({quoted}, {quoted}, NULL)", "{number} IN ({literal}, 0.5)", "{date} BETWEEN {day} AND {day}", "{text} IS NOT NULL",
        "NOT ({truth})", "({truth}) AND ({truth})", "({truth}) OR ({truth})", "coalesce({truth}, FALSE)", "({truth}) = ({truth})",
        "({truth}) IS TRUE", "{text} LIKE {like}", "{text} ILIKE {quoted}", "regexp_matches({text}, {pattern})",
        "starts_with({text}, {quoted})", "list_contains({list}, {quoted})", "list_contains({list}, {column})", "{list} IS NULL",
    ),
}  # fmt: skip


@st.composite
def written_as(draw: st.DrawFn, kind: str, depth: int) -> str:
    """An expression that gives a value of a kind, with others in it to a depth."""
    if depth == 0 or kind not in WAYS:
        return draw(LEAVES[kind])
    way = draw(st.sampled_from(WAYS[kind])).replace("{0}", f"{{{kind}}}")
    return re.sub(r"\{(\w+)\}", lambda hole: draw(written_as(hole[1], depth - 1)), way)


texts = st.sampled_from(WORDS) | st.none()
numbers = st.sampled_from([0.0, 0.5, -1.0, 2.0, float("nan"), float("inf"), float("-inf")]) | st.none()
wholes = st.sampled_from([0, 1, 2, -3, 1000, 2**40]) | st.none()
days = st.sampled_from([date(2025, 6, 16), date(2024, 2, 29), date(1999, 12, 31)]) | st.none()
lists = st.lists(texts, max_size=3) | st.none()
rows = st.fixed_dictionaries(
    {"a": texts, "b": texts, "n": wholes, "m": wholes, "x": numbers, "y": numbers, "t": st.booleans() | st.none(), "d": days, "e": days,
     "l": lists, "k": lists}
)  # fmt: skip


def admitted(text: str) -> str | None:
    """An expression as the checker gives it on; None where it refuses it."""
    try:
        return expression.checked(text, SCOPE, lambda prefix, column: None).sql
    except CodebookError:
        return None


truths = st.integers(1, 3).flatmap(lambda depth: written_as("truth", depth))


@needs_spark
@settings(
    max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)  # fmt: skip
@given(st.lists(truths, min_size=40, max_size=40), st.lists(rows, min_size=20, max_size=20))
def test_an_expression_that_is_admitted_says_the_same_of_every_row(
    spark: Any, written: list[str], given_rows: list[dict[str, Any]]
) -> None:
    import duckdb

    table = arrow(given_rows)
    connection = duckdb.connect()
    connection.register("rows", table)
    asked = {}
    for text in written:
        sql = admitted(text)
        if sql is not None:
            try:
                asked[text] = [
                    row[0]
                    for row in connection.execute(f"SELECT ({sql}) FROM rows AS self ORDER BY i").fetchall()
                ]
            except duckdb.Error:
                continue  # what DuckDB does not bind is refused when the codebook is checked
    assert len(asked) > len(set(written)) / 2
    with_view = {"rows": "rows_of_the_test"}
    spark.createDataFrame(table).createOrReplaceTempView("rows_of_the_test")
    parts = ", ".join(f"({admitted(text)}) AS v{i}" for i, text in enumerate(asked))
    query = dialect.spark(f"SELECT {parts} FROM rows AS self ORDER BY i", {"rows": COLUMNS}, with_view)

    found = [*zip(*spark.sql(query).collect(), strict=True)]

    for (text, expected), got in zip(asked.items(), found, strict=True):
        assert (text, expected) == (text, [*got])


def arrow(given_rows: list[dict[str, Any]]) -> Any:
    from eventcode.tables import build

    numbered = [{"i": i, **row} for i, row in enumerate(given_rows)]
    return build({"i": "int64", **COLUMNS}, numbered).combine_chunks()


# ── patterns and letters ──────────────────────────────────────────────────────────────────────────────────────────────

PATTERNS = (
    "a", "^a", "a$", "(?m)a$", "(?s)a.b", "a.b", r"\s", r"\S", r"[\s]", r"[^\s]", r"[\S]", r"\bfoo\b", r"o\B", r"\w+", r"[\w-]+$", "(?i)É",
    "(?i)straße", "[[:alpha:]]", "[[:^digit:]]", "[[]", "[a&&b]", "[]a]", "[^]a]", "[a^]", r"\x{E9}", r"\x41", r"\p{Greek}", r"\pL", r"\p{Lu}",
    r"\P{Latin}", "a{2}", "a{", "a}", "{a}", "a{1,}", "(?P<name>a)", r"\141", r"\v", r"\Qa.b\E", "(a|b)*c", "(?:ab)+?", r"\.", r"[.]", r"\-",
    r"\z", r"\A", "", "[^a]", "x*", "a|", r"[\d\-x]", r"\$", "é", "^$", r"[^[:space:]]",
)  # fmt: skip
SAID = (
    "", "a", "aa", "b", "c", "abc", "a\n", "a\nb", "a\rb", "a\u2028b", "foo", "a foo", "éfoo", "fooé", "É", "é", "STRASSE", "Straße", "A", "Σ",
    "[", "&", "]", "^", "a{", "a}", "{a}", "a.b", "axb", "\x0b", "\u00a0", " ", "-", "$", "9", "aab", "_", "x-1", "\x85", "𝄞",
)  # fmt: skip


@needs_spark
@pytest.mark.parametrize("how", ["regexp_matches", "regexp_full_match"])
def test_a_pattern_matches_the_same_texts(spark: Any, how: str) -> None:
    import duckdb
    import pyarrow as pa

    table = pa.table({"i": range(len(SAID)), "a": SAID})
    connection = duckdb.connect()
    connection.register("rows", table)
    spark.createDataFrame(table).createOrReplaceTempView("texts_of_the_test")
    parts = ", ".join(f"{how}(self.a, {expression.quoted(text)}) AS v{i}" for i, text in enumerate(PATTERNS))
    sql = f"SELECT {parts} FROM rows AS self ORDER BY i"
    expected = connection.execute(sql).fetchall()

    found = spark.sql(dialect.spark(sql, {"rows": COLUMNS}, {"rows": "texts_of_the_test"})).collect()

    apart = [
        (PATTERNS[place], text, there[place], here[place])
        for text, there, here in zip(SAID, expected, found, strict=True)
        for place in range(len(PATTERNS))
        if there[place] != here[place]
    ]
    assert apart == []


@pytest.mark.parametrize("text", [r"\p{Any}", "(?U)a+", "[[:nothing:]]"])
def test_a_pattern_that_only_one_engine_reads_is_refused(text: str) -> None:
    with pytest.raises(CodebookError):
        patterns.java(text)


@needs_spark
@pytest.mark.parametrize("case", ["lower", "upper"])
def test_every_letter_has_the_same_lower_and_upper_case(spark: Any, case: str) -> None:
    import duckdb

    every = "".join(chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000)
    [(expected,)] = duckdb.connect().execute(f"SELECT {case}(?)", [every]).fetchall()
    import pyarrow as pa

    spark.createDataFrame(pa.table({"a": [every, "ΟΔΟΣ ΟΔΟΣ"]})).createOrReplaceTempView(
        "letters_of_the_test"
    )

    found = spark.sql(
        dialect.spark(
            f"SELECT {case}(self.a) AS v FROM rows AS self",
            {"rows": COLUMNS},
            {"rows": "letters_of_the_test"},
        )
    )

    assert [row["v"] for row in found.collect()] == [
        expected,
        "οδοσ οδοσ" if case == "lower" else "ΟΔΟΣ ΟΔΟΣ",
    ]


def test_a_pattern_that_is_a_column_is_refused() -> None:
    with pytest.raises(CodebookError, match="in quotes"):
        expression.checked("regexp_matches(a, b)", SCOPE, lambda prefix, column: None)


def test_the_types_of_the_two_engines_are_told_for_the_same_columns() -> None:
    from eventcode.checks.spark.frames import TYPES as OF_SPARK

    assert OF_SPARK.keys() == TYPES.keys()
