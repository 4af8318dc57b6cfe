"""Whatever a rule's expression holds: it is admitted with nothing but the allowed parts, or refused with a CodebookError."""

from __future__ import annotations

import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checking import DISARMAMENT
from eventcode.checks import expression
from eventcode.checks.compile import checked_expression
from eventcode.errors import CodebookError

WORDS = [
    "identity", "n_persons", "via", "document.publisher", "self", "'named'", "'/etc/passwd'", "1", "null", "true", "=", "<>", ">", "+", "||",
    "and", "or", "not", "in", "is", "between", "like", "case when", "then", "else", "end", "(", ")", "[", "]", ",", ";", ".", "*", "::", "->",
    "select", "from", "read_text", "read_parquet", "read_csv_auto", "glob", "getenv", "query", "pragma", "attach", "copy", "install",
    "current_setting", "list_contains", "coalesce", "len", "lower", "regexp_matches", "exists", "unnest", "--", "/*", "$$", "{", "}",
]  # fmt: skip
TEXTS = st.one_of(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.text(max_size=60))
CALLS = st.builds(
    "{}({}) = 'x'".format,
    st.from_regex(r"[a-z][a-z_]{1,15}", fullmatch=True),
    st.sampled_from(["'a'", "identity", ""]),
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(TEXTS, CALLS))
def test_an_expression_is_admitted_with_allowed_parts_or_refused(text: str) -> None:
    try:
        admitted = checked_expression(DISARMAMENT, "sources", text)
    except CodebookError:
        return
    for node in sqlglot.parse_one(admitted.sql, read="duckdb").walk():
        assert isinstance(node, expression.ALLOWED), node
