"""Faults in event types, fields and vocabularies, each with the words of the linter."""

from __future__ import annotations

from tiny_codebook import Files, code, field
from tiny_parts import Fault, codes, examples, fields, terms


def declare(found: Files) -> None:
    """Declare an older edition of the scale."""
    found["codebook.yaml"]["scales"]["intensity"]["editions"] = {"old": "The list of 1992."}


FAULTS: list[Fault] = [
    (
        "codes-collide",
        lambda f: codes(f).append(code("10", "ten", "Ten", "deed", "020", stata_value=99)),
        "'10' and '010' are the same number",
    ),
    (
        "codes-collide",
        lambda f: codes(f).extend(
            [
                code("7", "a", "A", "deed", "020", stata_value=97) | {"code": "EVENT.Mode"},
                code("8", "b", "B", "deed", "020", stata_value=98) | {"code": "event mode"},
            ]
        ),
        "'event mode' and 'EVENT.Mode' differ only by case, spacing or punctuation",
    ),
    (
        "stata-value",
        lambda f: codes(f)[1].update(stata_value=10),
        "code 011 has the stata_value 10, which code 010 has too",
    ),
    (
        "stata-value",
        lambda f: codes(f)[1].update(stata_value=20) or codes(f)[2].update(stata_value=21),
        "code 011 has the stata_value 20, which reads as code 020",
    ),
    ("stata-value", lambda f: codes(f)[1].pop("stata_value"), "code 011 has no stata_value, and others have"),
    (
        "code-names",
        lambda f: codes(f)[1].update(name="threaten"),
        "codes 010 and 011 have the name 'threaten'",
    ),
    ("tier", lambda f: codes(f)[0].update(tier="core"), "code 010 has the tier 'core' and no parent"),
    ("tier", lambda f: codes(f)[1].update(tier="root"), "code 011 has the tier 'root' and the parent '010'"),
    (
        "tier",
        lambda f: codes(f)[1].update(tier="negative"),
        "code 011 has the tier 'negative' and the act 'word'",
    ),
    (
        "excludes-see",
        lambda f: codes(f)[0]["excludes"][0].update(see="021"),
        "code 010 points to '021', which does not exist",
    ),
    (
        "excludes-see",
        lambda f: codes(f)[0]["excludes"][0].update(see="010"),
        "code 010 excludes 'done' and points to itself",
    ),
    (
        "requires-known",
        lambda f: codes(f)[2].update(requires=["actor", "n_site"]),
        "code 020 requires 'n_site', which is neither a role nor a field",
    ),
    (
        "type-values",
        lambda f: codes(f)[2].update(realis=["occured"]),
        "code 020 has the realis 'occured', which is not in vocabulary realis",
    ),
    (
        "type-values",
        lambda f: codes(f)[2].update(quad="cooperation"),
        "code 020 has the quad 'cooperation', which is not in vocabulary quad",
    ),
    (
        "type-values",
        lambda f: codes(f)[2].update(act="mixed"),
        "code 020 has the act 'mixed', which is not in vocabulary act",
    ),
    (
        "type-values",
        lambda f: codes(f)[2].update(realis=[]),
        "code 020 allows no realis, so no coding can carry it",
    ),
    (
        "intensity-scale",
        lambda f: codes(f)[2].update(intensity=10.5),
        "code 020 has the intensity 10.5; the scale runs from -10 to 10",
    ),
    (
        "intensity-scale",
        lambda f: f["codebook.yaml"].pop("scales"),
        "code 010 has an intensity, and codebook.yaml declares no scale 'intensity'",
    ),
    (
        "intensity-sign",
        lambda f: codes(f)[0].update(intensity=3),
        "code 010 is verbal_conflict and has the intensity 3",
    ),
    (
        "intensity-sign",
        lambda f: codes(f)[2].update(intensity=-1),
        "code 020 is material_cooperation and has the intensity -1",
    ),
    (
        "sibling-labels",
        lambda f: codes(f)[2].update(label="Threaten"),
        "siblings 010 and 020 are both called 'Threaten'",
    ),
    (
        "label-twins",
        lambda f: codes(f)[2].update(label="threaten\u00a0"),
        "the labels of 010, 020 differ only by case, spacing or punctuation: 'Threaten', 'threaten\u00a0'",
    ),
    ("code-example", lambda f: examples(f).pop(2), "no example shows code 020 (Leave)"),
    (
        "code-lookalike",
        lambda f: examples(f)[0].update({"not": ["020"]}),
        "no example looks like code 011 (Give an ultimatum) and is not",
    ),
    (
        "trigger-shared",
        lambda f: codes(f)[2]["triggers"].update(phrases=["Or else"]),
        "the trigger phrase 'Or else' stands at code 011 and at code 020",
    ),
    (
        "field-columns",
        lambda f: fields(f).append(field("lat", "string", "text")),
        "codings.lat: the column lat of codings is float64, not string",
    ),
    (
        "field-columns",
        lambda f: fields(f).append(field("reading_id", "string", "text")),
        "codings.reading_id: the column reading_id of codings is not a coder's to fill",
    ),
    (
        "field-columns",
        lambda f: fields(f).append(field("deadline_missing", "string", "text")),
        "codings.deadline_missing and codings.deadline both need the column deadline_missing",
    ),
    (
        "field-bounds",
        lambda f: fields(f)[5].update(minimum=100),
        "codings.n_sites is at least 100 and at most 99",
    ),
    (
        "field-bounds",
        lambda f: fields(f)[3].update(minimum=1),
        "codings.deadline has a minimum or maximum and is of type date",
    ),
    (
        "level-fits-type",
        lambda f: fields(f)[5].update(level="nominal"),
        "codings.n_sites is of type integer and level nominal",
    ),
    (
        "aggregate-fits-type",
        lambda f: fields(f)[4].update(aggregate="range"),
        "codings.extent is of type code and aggregates by range",
    ),
    (
        "missing-values",
        lambda f: fields(f)[2].update(missing_values=["unkown"]),
        "codings.setting: the missing value 'unkown' is not in vocabulary setting",
    ),
    (
        "missing-values",
        lambda f: f["vocabularies/setting.yaml"].update(missing_values=["none"]),
        "vocabulary setting: the missing value 'none' is not among its values",
    ),
    (
        "scale-values",
        lambda f: fields(f)[4].update(scale={"best": "most", "worst": "some"}),
        "codings.extent: the best value 'most' is not in vocabulary extent",
    ),
    (
        "scale-values",
        lambda f: fields(f)[4].update(scale={"best": "all", "worst": "all"}),
        "codings.extent: best and worst are both 'all'",
    ),
    (
        "scale-direction",
        lambda f: fields(f)[4].pop("scale"),
        "codings.extent is ordinal, and its scale names no best and worst",
    ),
    (
        "not-stated",
        lambda f: fields(f)[2].pop("missing_values"),
        "codings.setting is required and has no way to say that the text does not tell",
    ),
    (
        "value-twins",
        lambda f: terms(f, "extent").append({"value": "Some\u00a0", "label": "Rest"}),
        "vocabulary extent: 'some', 'Some\u00a0' differ only by case, spacing or punctuation",
    ),
    (
        "term-labels",
        lambda f: terms(f, "extent").append({"value": "rest", "label": "some"}),
        "vocabulary extent: 'some', 'rest' are all called 'Some'",
    ),
    (
        "term-parents",
        lambda f: terms(f, "extent")[0].update(parent="whole"),
        "vocabulary extent: the parent 'whole' of 'all' is no other value of it",
    ),
    (
        "intensity-editions",
        lambda f: (codes(f)[0].update(other_intensities={"old": 3.4}), declare(f)),
        "code 010 has the intensity -4 in 1 and 3.4 in old",
    ),
    (
        "edition-declared",
        lambda f: codes(f)[0].update(other_intensities={"old": -4}),
        "code 010 has an intensity in the edition 'old', which the scale does not declare",
    ),
    (
        "definition-twice",
        lambda f: codes(f)[1].update(definition="Threaten,  as told."),
        "codes 010, 011 have the same definition",
    ),
    (
        "placeholder",
        lambda f: codes(f)[1].update(definition="TODO"),
        "code 011 (Give an ultimatum) is not defined yet: 'TODO'",
    ),
]
