"""A codebook as SKOS: read back by another program, it keeps the integrity conditions of the standard."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.bundled import codebook_folder
from eventcode.codebook import skos, turtle
from eventcode.codebook.load import load, names
from eventcode.codebook.turtle import Literal, Uri

rdflib = pytest.importorskip("rdflib")
SKOS = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
BUNDLED = names([codebook_folder()])


@pytest.fixture(scope="module", params=BUNDLED)
def graph(request: pytest.FixtureRequest) -> rdflib.Graph:
    return rdflib.Graph().parse(data=skos.turtle(load(request.param)), format="turtle")


def test_every_resource_has_one_preferred_label(graph: rdflib.Graph) -> None:
    """S14, and that no label means two things within a scheme."""
    for kind in (SKOS.Concept, SKOS.ConceptScheme):
        for resource in graph.subjects(rdflib.RDF.type, kind):
            assert len([*graph.objects(resource, SKOS.prefLabel)]) == 1
    for scheme in graph.subjects(rdflib.RDF.type, SKOS.ConceptScheme):
        labels = [
            str(graph.value(c, SKOS.prefLabel)).casefold() for c in graph.subjects(SKOS.inScheme, scheme)
        ]
        assert len(labels) == len(set(labels))


def test_nothing_is_both_a_scheme_and_a_concept(graph: rdflib.Graph) -> None:
    """S9."""
    assert not {*graph.subjects(rdflib.RDF.type, SKOS.Concept)} & {
        *graph.subjects(rdflib.RDF.type, SKOS.ConceptScheme)
    }


def test_broader_and_narrower_are_inverse_and_have_no_circle(graph: rdflib.Graph) -> None:
    assert {*graph.subject_objects(SKOS.broader)} == {(a, b) for b, a in graph.subject_objects(SKOS.narrower)}
    for concept in graph.subjects(SKOS.broader):
        assert concept not in {*graph.transitive_objects(graph.value(concept, SKOS.broader), SKOS.broader)}


def test_what_is_related_is_not_broader_too(graph: rdflib.Graph) -> None:
    """S27; related is symmetric (S23)."""
    for a, b in graph.subject_objects(SKOS.related):
        assert (b, SKOS.related, a) in graph
        assert b not in {*graph.transitive_objects(a, SKOS.broader)} | {
            *graph.transitive_subjects(SKOS.broader, a)
        }


def test_a_mapping_says_one_thing_of_a_pair(graph: rdflib.Graph) -> None:
    """S46."""
    exact = {*graph.subject_objects(SKOS.exactMatch)}
    assert not exact & (
        {*graph.subject_objects(SKOS.broadMatch)} | {*graph.subject_objects(SKOS.narrowMatch)}
    )


def test_every_concept_is_at_the_top_or_below_another(graph: rdflib.Graph) -> None:
    for concept in graph.subjects(rdflib.RDF.type, SKOS.Concept):
        top = graph.value(concept, SKOS.topConceptOf)
        assert (top is None) == ((concept, SKOS.broader, None) in graph)
        assert top is None or (top, SKOS.hasTopConcept, concept) in graph


def test_codes_crosswalks_and_licence_are_in_it() -> None:
    found = rdflib.Graph().parse(
        data=skos.turtle(load("disarmament"), "https://example.org/cb/"), format="turtle"
    )
    code = rdflib.URIRef("https://example.org/cb/disarmament/code/012")
    scheme = rdflib.URIRef("https://example.org/cb/disarmament")
    assert str(found.value(code, SKOS.notation)) == "012"
    assert found.value(code, SKOS.exactMatch) == rdflib.URIRef("https://example.org/cb/cameo/code/139")
    assert found.value(code, SKOS.broadMatch) == rdflib.URIRef("https://example.org/cb/plover/code/THREATEN")
    assert found.value(code, SKOS.broader) == rdflib.URIRef("https://example.org/cb/disarmament/code/010")
    assert found.value(scheme, rdflib.DCTERMS.license) == rdflib.URIRef(
        "https://creativecommons.org/licenses/by/4.0/"
    )
    assert str(found.value(scheme, rdflib.OWL.versionInfo)) == load("disarmament").version


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.text(max_size=12).filter(lambda t: not any("\ud800" <= c <= "\udfff" for c in t)),
)
def test_any_text_and_any_code_survive_turtle(text: str, code: str) -> None:
    uri = Uri("urn:x:" + turtle.part(code or "x"))
    found = rdflib.Graph().parse(
        data=turtle.write([(uri, "skos:note", Literal(text, "en"))]), format="turtle"
    )
    assert [(str(s), str(o)) for s, _, o in found] == [(uri.value, text)]
