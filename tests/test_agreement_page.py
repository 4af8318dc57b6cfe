"""The page of agreement: it stands alone, says what it cannot tell, and shows definitions and words where coders differ."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import html_pages
import pages
from eventcode.codebook.load import load
from eventcode.errors import EventcodeError
from eventcode.pipeline.agreement_page import page
from eventcode.reliability.report import charts, words
from eventcode.reliability.report.passages import passages
from eventcode.reliability.result import Agreement, Case, Confusion, Estimate, Matrix

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

BOOK = load("disarmament")
TEXT = "Nothing here. The Brigade promised to close its camp near Hadra, said a mayor. The road is open.\n\nIt rained."
HOSTILE = "</li></ul><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x1b[2J \"' &amp; {{ 7 * 7 }}"
ALIGNED = "alpha_pairwise_aligned"


def estimate(section: str = "coding", field: str | None = "event_type", **changes: Any) -> Estimate:
    """A coefficient with its interval."""
    table = {"coding": "codings", "source": "sources", "support": "support", "derived": "reports"}.get(
        section, "readings"
    )
    alpha = {"detection": "alpha", "joint": "alpha_joint"}.get(section, ALIGNED)
    theta = None if section == "detection" else 0.4
    row = Estimate(
        section,
        table,
        field,
        alpha,
        "nominal",
        "all",
        0.74,
        0.68,
        0.79,
        0.03,
        0.02,
        0.99,
        None,
        180,
        900,
        4,
        0.86,
        0.3,
        theta,
    )
    return replace(row, **changes)


DETECTION, JOINT = (
    estimate("detection", "status", estimate=0.83, low=0.81, high=0.86),
    estimate("joint", None, estimate=0.61, low=0.52, high=0.7),
)
CASES = (
    Case("page-1", ("anna/e1", "ben/e2"), ("031", "072"), ((14, 52), (18, 61))),
    Case("page-1", ("carla/e1", "ben/e2"), ("031", "072"), ((14, 61), (18, 61))),
    Case("page-2", ("ben/e1", "anna/e1"), ("072", "031"), ((0, 5), None)),
)  # fmt: skip


def agreement(*more: Estimate, **changes: Any) -> Agreement:
    """An agreement made by hand."""
    made = Agreement(
        "camps", "disarmament@1.0.1", {"theta": 0.4, "thetas": [0.3, 0.4], "seed": 3, "draws": 1000, "voters": {"anna": "anna"}},
        (DETECTION, JOINT, estimate(), estimate(field="event_type.root", estimate=0.9, low=0.85, high=0.94), *more),
        confusions=(Confusion("event_type", ("031", "072"), 3.0, CASES),),
        matrices=(
            Matrix("event_type", "leaf", "coder", ("030", "031", "072"), ((1, 2, 0), (2, 20, 3), (0, 3, 9))),
            Matrix("event_type", "root", "coder", ("030", "070"), ((20, 3), (3, 9))),
        ),
        coders=({"coder": "anna", "kind": "person", "voter": "anna", "n_documents": 200, "alpha_root": 0.871, "version": None},),
        drift=tuple(window(n) for n in range(1, 6)),
        cautions=("Only `two` documents were read twice.",),
    )  # fmt: skip
    return replace(made, **changes)


def window(number: int, **changes: Any) -> dict[str, Any]:
    """A window of a coder's work; the fifth is outside the limits."""
    row = {
        "coder": "carla", "version": "1.0.1", "window": number, "first": f"2025-09-0{number}T08:00:00Z", "last": f"2025-09-0{number}T18:00:00Z",
        "n_documents": 10, "n_units": 17, "agreement": 0.8, "ewma": 0.75 if number < 5 else 0.5, "mean": 0.75, "limit": 0.1,
        "flagged": number == 5, "reason": None,
    }  # fmt: skip
    return row | changes


def said(found: Agreement, texts: dict[str, str] | None = None, **more: Any) -> str:
    """What stands on the page, without its tags."""
    return " ".join(" ".join(html_pages.whole(page(found, BOOK, texts or {}, **more)).words).split())


def part(told: str, start: str, end: str) -> str:
    """What stands between two headings."""
    return told[told.rindex(start) : told.rindex(end)]


# ── what stands first ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_it_cannot_tell_stands_before_any_number():
    text = page(agreement(), BOOK, {}, title="Camps", limits=["One page proves a format."])
    main = text[text.index("<main") :]
    first = re.search(r"[^.\d]\.8\d\d", main)
    assert first is not None
    for caution in (
        "Only <code>two</code> documents were read twice.",
        "One page proves a format.",
        "coders who share a mistake agree",
    ):
        assert main.index(caution) < first.start()


def test_the_headline_gives_detection_joint_and_event_type_with_their_intervals_and_what_they_allow():
    told = part(said(agreement(), title="Camps"), "Headline", "Fields of events")
    for expected in (
        "Detection ● .830 95% interval .810 to .860", "enough to rely on", "Joint coefficient ▼ .610 95% interval .520 to .700",
        "not enough to conclude from", "Event type ◆ .740 95% interval .680 to .790", "for tentative conclusions alone",
        "P(below .667) .020, P(below .800) .990", "180 documents, 900 units, coverage 86%",
    ):  # fmt: skip
        assert expected in told


def test_an_undefined_coefficient_is_told_with_its_reason_and_never_as_a_number():
    nothing = estimate(field="realis", estimate=None, low=None, high=None, reason="every value is the same")
    missing = replace(DETECTION, estimate=None, low=None, high=None, reason="one document was read twice")
    told = said(agreement(nothing, estimates=(missing, JOINT, nothing)))
    assert "Detection no coefficient: one document was read twice" in told
    assert "Realis: no coefficient : every value is the same." in told
    assert "nan" not in told.lower()
    assert "None" not in told


def test_a_coefficient_without_interval_is_open_and_says_why():
    alone = estimate(
        low=None, high=None, standard_error=None, p_below_667=None, p_below_800=None, reason="one document"
    )
    told = said(agreement(estimates=(alone,)))
    assert "Event type ■ .740 no interval: one document" in told
    assert "there is no interval, so nothing can be said" in told.lower()


def test_runs_of_one_voter_are_called_so():
    none = estimate(estimate=None, low=None, high=None, reason="no two voters read the same document")
    told = said(agreement(estimates=(none, estimate(block="self-consistency"))))
    assert "Headline: runs of one voter" in told


# ── sections ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_sourcing_has_a_section_of_its_own():
    told = said(
        agreement(
            estimate("source", "identity"),
            estimate("support", "stance"),
            estimate("derived", "n_named", level="ratio"),
            confusions=(Confusion("sources.identity", ("anonymous", "named"), 2.0, ()),),
        )
    )
    section = part(told, "Sourcing", "Settings, and")
    for expected in (
        "Who told it",
        "What each source says of an event",
        "Columns derived from the sources",
        "Named sources",
        "Identity: anonymous",
    ):
        assert expected in section


def test_blocks_versions_and_theta_are_compared():
    rows = [
        estimate(block=block)
        for block in ("person–person", "without:carla", "pair:anna·ben", "version:1.0.0")
    ]
    told = said(agreement(*rows, estimate(theta=0.3, estimate=0.70, low=None, high=None)))
    blocks = part(told, "Who is compared", "Coders Who coded")
    assert all(name in blocks for name in ("all coders", "person–person", "without carla", "anna and ben"))
    assert "codebook 1.0.0" in part(told, "Versions of the codebook", "Drift")
    assert "Event type .700 .740 .040" in part(told, "Sensitivity to θ", "Settings, and")


def test_measures_that_are_printed_beside_stand_in_the_row_of_their_field():
    beside = [
        estimate(measure=name, estimate=value)
        for name, value in (("percent_agreement", 0.91), ("gwet_ac1", 0.88), ("conger_kappa", 0.73))
    ]
    assert ".020 .990 91% .880 .730" in said(agreement(*beside))


def test_two_linkers_are_compared_among_the_other_measures():
    linked = estimate(
        "linking",
        "event_id",
        measure="b_cubed_f1",
        block="pair:ada·bo",
        estimate=0.81,
        low=None,
        high=None,
        theta=None,
    )
    assert "Linking, ada and bo B³ .810 –" in said(agreement(linked))


def test_differences_stand_with_the_versions_and_the_coders():
    changed = estimate(
        "difference",
        "detection",
        measure="alpha_difference",
        block="version:1.0.1·1.0.0",
        estimate=0.02,
        low=-0.09,
        high=0.13,
    )
    persons = replace(
        changed,
        field="event_type.root",
        block="coder:anna·ben",
        estimate=-0.05,
        low=None,
        high=None,
        reason="one document",
    )
    told = said(agreement(changed, persons, estimate(block="version:1.0.0")))
    assert "version 1.0.1 against 1.0.0: Detection +.020, −.090 to .130" in told
    assert "anna against ben: Event type (root) −.050, no interval: one document" in part(
        told, "Coders Who coded", "Versions of the"
    )


def test_coders_are_held_against_gold_in_a_table_of_their_own():
    rows = [
        estimate("gold", f"event_type.{level}", measure="accuracy", block="coder:anna", estimate=value, low=value - 0.1, high=value + 0.1)
        for level, value in (("root", 0.8), ("leaf", 0.6))
    ]  # fmt: skip
    assert "anna .800 .700 to .900 .600 .500 to .700 900 180" in part(
        said(agreement(*rows)), "Against gold", "Drift"
    )


def test_two_adjudications_stand_among_the_other_measures():
    twice = estimate("adjudicated", "detection", measure="alpha", block="pair:first·second", estimate=0.9)
    assert "Adjudicated, first and second: Detection Krippendorff’s alpha .900" in said(agreement(twice))


def test_coders_and_drift_have_their_tables_and_a_column_of_nothing_is_left_out():
    told = said(agreement())
    assert "Who coded how much coder kind documents anna person 200" in told
    assert "How each agrees with the coders of other voters coder root anna .871" in told
    assert "Outside the limits: ▼ 1.0.1, 2025-09-05: .500, below the usual .750" in told
    assert "1.0.1, 2025-09-05 .800 .500 .650 to .850 10" in told


def test_a_rise_is_a_note_and_no_fault():
    rows = tuple(window(n, ewma=0.9, flagged=n == 2) for n in (1, 2))
    text = page(agreement(drift=rows), BOOK, {})
    assert "note: 1.0.1, 2025-09-02: .900, above the usual .750" in said(agreement(drift=rows))
    assert '<span class="low" aria-hidden="true">▼' not in text[text.index('<h2 id="drift"') :]


def test_the_contents_name_confused_codes_with_their_labels():
    text = page(agreement(), BOOK, {})
    contents = " ".join(re.sub(r"<[^>]+>", "", text[text.index("<nav") : text.index("</nav>")]).split())
    one, other = (BOOK.event_types[code].label for code in ("031", "072"))
    assert f"031 {one} and 072 {other}" in contents


def test_too_few_windows_have_no_limits():
    few = tuple(window(n, limit=None, flagged=False, reason="fewer than 4 windows") for n in (1, 2))
    assert "too few windows" in said(agreement(drift=few))


def test_settings_seed_and_sources_of_the_formulas_are_given():
    told = said(agreement())
    settings = told[told.rindex("Settings, and") :]
    assert "seed 3" in settings
    assert "θ tried 0.3, 0.4" in settings
    assert "Krippendorff, Content Analysis (2004)" in settings


def test_a_dataset_without_anything_is_a_page_too():
    told = said(Agreement("camps", "disarmament@1.0.1", {}, ()))
    assert "There is nothing to compare." in told


# ── confusions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_confused_codes_stand_side_by_side_with_both_definitions_and_how_the_codebook_parts_them():
    told = part(said(agreement()), "Confused codes", "Coders Who coded")
    for code in ("031", "072"):
        kind = BOOK.event_types[code]
        assert f"{code} {kind.label}" in told
        assert " ".join(kind.definition.split()) in told
    assert "Neither code is named among what the other excludes" in said(
        agreement(confusions=(Confusion("event_type", ("031", "032"), 1.0, ()),))
    )
    apart = Confusion("event_type", ("041", "043"), 1.0, ())
    assert "The codebook says how the two differ." in said(agreement(confusions=(apart,)))
    above = Confusion("event_type", ("030", "031"), 1.0, ())
    assert "One lies above the other in the tree" in said(agreement(confusions=(above,)))


def test_the_sentence_is_shown_with_the_words_of_both_marked_and_one_place_for_all_who_differ_there():
    text = page(agreement(), BOOK, {"page-1": TEXT})
    shown = re.search(r"<blockquote>(.*?)</blockquote>", text, re.S)
    assert shown is not None
    assert (
        re.sub(r"<[^>]+>", "", shown[1]) == "The Brigade promised to close its camp near Hadra, said a mayor."
    )
    assert '<mark class="one">The </mark><mark class="both">Brigade' in shown[1]
    assert "page-1 · anna, carla : 031 · ben : 072" in said(agreement(), {"page-1": TEXT})


def test_a_text_that_is_not_at_hand_is_said_not_to_be():
    told = said(agreement(), {"page-1": TEXT})
    assert "page-2 · anna : 031 · ben : 072 The text is not at hand." in told
    assert "No words are marked as evidence." in said(agreement(confusions=(
        Confusion("event_type", ("031", "072"), 1.0, (replace(CASES[0], spans=(None, None)),)),)), {"page-1": TEXT})  # fmt: skip


def test_a_span_outside_the_text_breaks_nothing():
    case = replace(CASES[0], spans=((900, 950), (5, 3)))
    said(agreement(confusions=(Confusion("event_type", ("031", "072"), 1.0, (case,)),)), {"page-1": TEXT})


def test_a_code_that_the_codebook_does_not_know_is_shown_without_a_definition():
    one = Confusion("event_type", ("031", "999"), 1.0, ())
    heat = Matrix("event_type", "leaf", "coder", ("031", "999"), ((1, 1), (1, 0)))
    assert "The codebook has no definition of it." in said(agreement(confusions=(one,), matrices=(heat,)))


@given(
    st.text("ab. \n", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=3),
    st.tuples(st.integers(0, 60), st.integers(0, 60)),
)
def test_passages_hold_every_marked_word_of_the_text_and_no_other(text, one, other):
    made = passages(text, one, [other])
    flat = {
        " ".join(word.splitlines())
        for word in (text[a:b] for a, b in [*one, other] if 0 <= a < b <= len(text))
    }
    shown = ["".join(piece.words for piece in passage) for passage in made]
    assert bool(flat) == bool(made)
    spaced = " ".join(text.splitlines()) if "\n" not in text else None
    assert all(spaced is None or passage in spaced for passage in shown)
    assert all(piece.whose in ("", "one", "other", "both") for passage in made for piece in passage)


# ── looks ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_picture_has_a_name_and_takes_the_colours_of_the_page():
    text = page(agreement(estimate("source", "identity"), estimate(block="without:anna")), BOOK, {})
    pictures = re.findall(r'<svg role="img" aria-labelledby="([a-z0-9-]+)"', text)
    assert len(pictures) == text.count("<svg ")
    assert set(pictures) <= set(html_pages.whole(text).ids)
    assert "#0a0c" not in text
    assert "#0a0b" not in text


def test_a_verdict_is_never_told_by_colour_alone():
    drawn = charts.dots([charts.Dot(name, 0.7, 0.6, 0.8, name) for name in words.VERDICTS], "label")
    assert len(set(charts.SHAPES.values())) == len(words.VERDICTS)
    assert all(f"var({colour})" in drawn for colour in words.COLOURS.values())
    assert len(set(words.SIGNS.values())) == len(words.VERDICTS)


def test_coefficients_below_nothing_stay_on_the_chart():
    assert (
        charts.dots(
            [charts.Dot("a", -0.31, -0.4, -0.2, "low"), charts.Dot("b", -3.0, -4.0, -1.5, "low")], "label"
        ).count("<path")
        > 1
    )


def test_a_hostile_text_is_shown_and_never_followed():
    case = Case(HOSTILE, (f"{HOSTILE}/e1", "ben/e1"), ("031", "072"), ((0, 4), (2, 9)))
    found = agreement(
        estimate(field=HOSTILE), estimate(estimate=None, reason=HOSTILE, field="x"), dataset=HOSTILE, cautions=(HOSTILE,),
        confusions=(Confusion("event_type", ("031", "072"), 1.0, (case,)), Confusion(f"sources.{HOSTILE}", (HOSTILE, "b"), 1.0, ())),
        matrices=(Matrix("event_type", "leaf", "coder", (HOSTILE, "031"), ((1, 1), (1, 1))),),
        coders=({"coder": HOSTILE, HOSTILE: HOSTILE},), settings={HOSTILE: HOSTILE, "theta": 0.4},
        drift=(window(1, coder=HOSTILE), window(2, coder=HOSTILE)),
    )  # fmt: skip
    text = page(found, BOOK, {HOSTILE: HOSTILE}, title=HOSTILE, limits=[HOSTILE])
    html_pages.whole(text)
    for refused in ("<script", "<img", "\u202e", "\x1b", "49 "):
        assert refused not in text


def test_the_page_is_the_same_bytes_each_time():
    assert page(agreement(), BOOK, {"page-1": TEXT}) == page(agreement(), BOOK, {"page-1": TEXT})


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "altair", None)
    with pytest.raises(EventcodeError) as error:
        page(agreement(), BOOK, {})
    assert "eventcode[report]" in str(error.value.hint)


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.7423, ".742"), (-0.0154, "−.015"), (-0.0001, ".000"), (1.0, "1.000"), (-1.2, "−1.200"), (None, "")],
)
def test_numbers_have_three_digits_and_a_true_minus(value, shown):
    assert words.number(value) == shown


@pytest.mark.parametrize(("share", "shown"), [(0.0, "<.001"), (0.148, ".148"), (1.0, ">.999"), (None, "")])
def test_a_probability_is_never_rounded_to_nothing_or_to_certainty(share, shown):
    assert words.chance(share) == shown


@pytest.mark.parametrize(("value", "shown"), [(0.75, ".75"), (0.05, ".05"), (1.0, "1"), (0.0, "0")])
def test_a_number_that_somebody_wrote_is_told_as_short_without_leading_zero(value, shown):
    assert words.short(value) == shown


def test_settings_that_leave_nothing_out_say_all_and_a_voter_is_named_once():
    assert words.settled("samples", None) == "all that were read twice"
    assert words.settled("codebook_version", None) == "all"
    assert words.settled("minimum", {}) == "none"
    assert words.settled("voters", {"anna": "anna", "run-1": "model A"}) == "anna, run-1 (of model A)"


def test_an_agreement_is_shown_in_python_by_its_headline_and_gives_its_rows():
    found = agreement(estimate(field="realis"))
    assert repr(found) == (
        "<Agreement of camps, disarmament@1.0.1: 5 estimates, detection 0.830, joint 0.610, event_type 0.740, event_type.root 0.900>"
    )
    rows = found.rows()
    assert [row["field"] for row in rows] == [row.field for row in found.estimates]
    assert (rows[0]["section"], rows[0]["estimate"], rows[0]["low"]) == ("detection", 0.83, 0.81)


@pytest.mark.parametrize(
    ("low", "verdict"), [(0.8, "high"), (0.667, "middle"), (0.66, "low"), (None, "open")]
)
def test_the_thresholds_apply_to_the_lower_bound(low, verdict):
    assert words.verdict(estimate(estimate=0.95, low=low)) == verdict


# ── on the simulated project ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_the_page_of_documentation_runs_from_top_to_bottom_and_its_report_is_whole(tmp_path):
    told = pages.read(pages.ROOT / "docs" / "reliability.md")
    for command, shown, printed in pages.run(told, tmp_path):
        assert pages.fits(shown, printed), f"$ {command}\n--- shown\n{shown}\n--- printed\n{printed}"
    text = (tmp_path / "trial" / "agreement.html").read_text("utf-8")
    read = html_pages.whole(text)
    assert "Everything is simulated" in " ".join(" ".join(read.words).split())
    assert text.count('<article class="pair"') == 15
    assert text.count("<mark ") > 50
    assert "not at hand" not in text
