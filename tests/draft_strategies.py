"""Hypothesis strategies: the files of whole codebooks, with texts that spreadsheets and YAML have been known to spoil."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from eventcode.model import ROLES
from strategies import AWKWARD
from tiny_codebook import ACTORS, CARD, CODES, EXAMPLES, FIELDS, REALIS, RULE, Files, code, files, vocabulary

ODD = (
    "", " x", "x ", "x\u00a0", "json:1", "none", "_x0041_", "x005F_", "a\r\nb", "a\n\n b", "- a", "# a", "a: b", "a #b", "*a", "&a", "!a", "%a", "@a",
    "`a", "{a}", "[a]", "no", "on", "Yes", "~", "089", "1e3", "1_000", "0x1f", "2025-06-16", "12:30:00", ".5", "-1", "+1", "=", "'", "|", ">", "?",
    "\u2028", "\x85", "\ufeff", "a\tb", "\x07", "a → b", "a -> b", "→", "a; b", "a, b", "x" * 120, "word " * 40, "\n", "line\n  more\nless ", "𝄞",
    "true", "null", "...", "---", "e\u0301", "\u202e", "a\\b", "\\", '"""', "''",
)  # fmt: skip
free = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff"), min_size=1, max_size=40
)
texts = st.sampled_from([text for text in (*ODD, *AWKWARD) if text]) | free
sentences = texts.filter(lambda text: bool(text.strip()))
keys = st.from_regex(r"\A[a-z][a-z0-9_]{0,8}\Z")
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
numbers = st.integers(-10, 10) | st.floats(-10, 10, allow_nan=False)


@st.composite
def codebooks(draw: st.DrawFn) -> Files:
    """The files of a codebook that loads."""
    found = files()
    found["codebook.yaml"] = {**CARD, **_card(draw)}
    found["events/all.yaml"] = {"event_types": [*map(dict, CODES), *_codes(draw)]}
    found["fields.yaml"] = {"fields": [*FIELDS, *_fields(draw)]}
    found["rules.yaml"] = {"rules": [RULE, *_rules(draw)]}
    found["guidance.yaml"]["guidance"].append(
        {"id": "G3", "title": draw(sentences), "text": draw(sentences), "example": draw(texts)}
    )
    found["vocabularies/odd.yaml"] = {
        **vocabulary("odd", ["a"]),
        "title": draw(sentences),
        "definition": draw(texts),
        "terms": _terms(draw),
    }
    found["vocabularies/actors.yaml"]["actors"] = [*ACTORS, *_actors(draw)]
    found["examples/more.yaml"] = {"examples": _examples(draw)}
    return found


def _maybe(draw: st.DrawFn, **values: st.SearchStrategy[Any]) -> dict[str, Any]:
    return {name: draw(value) for name, value in values.items() if draw(st.booleans())}


def _card(draw: st.DrawFn) -> dict[str, Any]:
    lists = {
        "references": st.lists(sentences, max_size=2),
        "edition": sentences,
        "unit": texts,
        "description": sentences,
        "title": sentences,
    }
    people = st.lists(st.fixed_dictionaries({"name": sentences, "role": texts}), max_size=2)
    accepted = st.lists(
        st.fixed_dictionaries(
            {"rule": st.just("label-twins"), "why": sentences},
            optional={"of": st.lists(sentences, min_size=1, max_size=2)},
        ),
        max_size=2,
    )
    return _maybe(draw, **lists, authors=people, accepted=accepted)


def _codes(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for number, key in enumerate(
        draw(
            st.lists(
                sentences.filter(lambda c: c not in ("010", "011", "020", "030")), max_size=3, unique=True
            )
        )
    ):
        parent = draw(st.sampled_from([None, "010", "020", *(entry["code"] for entry in found)]))
        more = _maybe(
            draw, includes=st.lists(sentences, max_size=3), intensity=numbers, note=texts, realis=st.lists(st.sampled_from(REALIS), unique=True),
            excludes=st.lists(st.fixed_dictionaries({"text": sentences}, optional={"see": st.sampled_from(["010", "020", None])}), max_size=3),
            other_intensities=st.dictionaries(sentences, numbers, max_size=2), requires=st.lists(st.sampled_from(ROLES), max_size=2),
            quad=st.sampled_from(["verbal_conflict", "material_cooperation"]),
            triggers=st.fixed_dictionaries({}, optional={n: st.lists(sentences, max_size=2) for n in ("verbs", "nouns", "phrases")}),
            tier=st.sampled_from(["core", "optional"]),
        )  # fmt: skip
        made = code("10", f"code_{number}", draw(sentences), "deed", parent, **more)
        found.append(made | {"code": key, "stata_value": number + 100, "definition": draw(sentences)})
    return found


def _fields(draw: st.DrawFn) -> list[dict[str, Any]]:
    more = _maybe(
        draw, help=texts, applies_if=texts, unit=texts, pattern=texts, section=texts, minimum=numbers, maximum=numbers, required=st.booleans(),
        missing=st.lists(st.sampled_from(["not_stated", "cannot_tell"]), unique=True), missing_values=st.lists(texts, max_size=2),
        scale=st.fixed_dictionaries({}, optional={"best": anything, "worst": anything, "note": texts}), max_words=st.integers(1, 99),
    )  # fmt: skip
    return [
        {
            "name": "odd_field",
            "table": "codings",
            "label": draw(sentences),
            "question": draw(sentences),
            "type": "string",
            "level": "text",
        }
        | more
    ]


def _rules(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = st.lists(st.dictionaries(keys, anything, max_size=3), max_size=2)
    more = _maybe(draw, why=sentences, when=texts, require=texts, examples=st.fixed_dictionaries({"pass": rows, "fail": rows}),
                  columns=st.lists(sentences, max_size=2), days=st.integers(0, 9), field=keys)  # fmt: skip
    return [
        {
            "id": "tiny.odd",
            "table": "codings",
            "severity": "flag",
            "message": draw(sentences),
            "hint": draw(sentences),
        }
        | more
    ]


def _terms(draw: st.DrawFn) -> list[dict[str, Any]]:
    values = draw(st.lists(sentences, max_size=4, unique=True))
    extra = st.dictionaries(
        keys.filter(lambda key: key not in ("value", "label", "definition", "parent")), anything, max_size=2
    )
    more = _maybe
    return [
        {"value": v, "label": draw(sentences), **more(draw, definition=texts, parent=texts), **draw(extra)}
        for v in values
    ]


def _actors(draw: st.DrawFn) -> list[dict[str, Any]]:
    ties = st.lists(
        st.fixed_dictionaries(
            {"actor": st.sampled_from(["gov", "front"]), "relation": st.just("serves")},
            optional={"from": st.just("2014"), "to": st.none()},
        ),
        max_size=2,
    )
    more = _maybe(
        draw,
        aliases=st.lists(sentences, max_size=3),
        note=texts,
        country=texts | st.none(),
        valid_to=st.just("2020-01"),
        parents=ties,
    )
    return [{"id": "odd.one", "name": draw(sentences), "kind": draw(sentences)} | more]


def _examples(draw: st.DrawFn) -> list[dict[str, Any]]:
    coding = st.dictionaries(
        st.sampled_from(["event_type", "realis", "participants", "odd"]), texts, max_size=3
    )
    rows = st.lists(st.dictionaries(keys, anything, max_size=2), max_size=2)
    found = []
    for number in range(draw(st.integers(0, 3))):
        more = _maybe(draw, expect=st.lists(coding, max_size=2), note=texts, sources=rows, support=rows, document=st.dictionaries(keys, anything, max_size=2),
                      negative=st.just("030"), **{"not": st.lists(sentences, max_size=2)})  # fmt: skip
        found.append({"name": f"{draw(sentences)} {number}", "text": draw(sentences)} | more)
    return [*EXAMPLES[:1], *found] if found else []
