"""Built-in rules: SQL for the few that neither an expression nor the menu of set rules can say.

Each query gives `k` (the row's key) for every violation, and with `unknown` true for every row where nobody can say. The prose
of each rule is its `definition` in the codebook.
"""

from __future__ import annotations

from collections.abc import Callable

from eventcode.checks import builtin_damage
from eventcode.checks.scope import Trigger
from eventcode.checks.wording import descriptor, normal, tokens, words
from eventcode.errors import CodebookError
from eventcode.model import ROLES, Codebook, Field, Rule
from eventcode.shape import did_you_mean

AFFIRMING = "('asserts', 'confirms', 'claims_responsibility')"
AT_RELEASE = ("withheld-leak", "small-cell")


def sql(rule: Rule, codebook: Codebook) -> str:
    """The violations of a built-in rule; CodebookError for a name that is none."""
    name = str(rule.options.get("builtin"))
    if name in builtin_damage.BUILTINS:
        return builtin_damage.BUILTINS[name](rule)
    if name not in _BUILTINS:
        known = [*_BUILTINS, *builtin_damage.BUILTINS]
        raise CodebookError(f"there is no built-in rule '{name}'", did_you_mean(name, known))
    found = _BUILTINS[name]
    return found if isinstance(found, str) else found(codebook)


def triggers(rule: Rule) -> tuple[Trigger, ...]:
    """What must be there for a built-in rule to find anything."""
    return _TRIGGERS.get(str(rule.options.get("builtin")), ())


# ── roles, evidence, status ───────────────────────────────────────────────────────────────────────────────────────────


def _role_required(codebook: Codebook) -> str:
    roles = ", ".join(f"'{role}'" for role in ROLES)
    return (
        'SELECT self.k, self.role FROM (SELECT c.coding_id AS k, unnest("type".requires) AS role FROM codings AS c '
        'JOIN codes AS "type" ON "type".code = c.event_type) AS self '
        f"ANTI JOIN participants AS p ON p.coding_id = self.k AND p.role = self.role WHERE self.role IN ({roles})"
    )


def _evidence_required(codebook: Codebook) -> str:
    wanted = [f for f in codebook.fields_of("codings") if f.evidence == "required"]
    present = " UNION ALL ".join(
        f"SELECT c.coding_id AS k, c.reading_id, '{field.name}' AS field FROM codings AS c WHERE c.\"{field.presence}\" IS NOT NULL"
        for field in wanted
    )
    return (
        f"SELECT self.k, self.field FROM ({present}) AS self JOIN readings AS r ON r.reading_id = self.reading_id "
        "JOIN documents AS d ON d.document_id = r.document_id AND d.n_chars IS NOT NULL "
        "ANTI JOIN evidence AS e ON e.coding_id = self.k AND e.field = self.field"
    )


_STATUS_AGREES = (
    "SELECT self.reading_id AS k, CAST(count(c.coding_id) AS INTEGER) AS n FROM readings AS self "
    "LEFT JOIN codings c ON c.reading_id = self.reading_id GROUP BY self.reading_id, self.status "
    "HAVING (self.status = 'coded') <> (count(c.coding_id) > 0)"
)

# ── sources ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_OWN_VOICE_ONCE = (
    "SELECT self.source_id AS k FROM sources AS self WHERE self.identity = 'own_voice' "
    "QUALIFY row_number() OVER (PARTITION BY self.reading_id ORDER BY self.key) > 1"
)
_AFFILIATION_AGREES = (
    "SELECT k, NOT fails AS unknown FROM (SELECT self.source_id AS k, "
    "coalesce(bool_or(NOT list_has_any(self.affiliations, a.affiliations)), FALSE) AS fails, "
    "bool_or(a.actor_id IS NULL OR self.affiliations IS NULL) AS open FROM "
    "(SELECT *, unnest(affiliation_actors) AS member FROM sources) AS self LEFT JOIN actors a ON a.actor_id = self.member "
    "GROUP BY self.source_id) WHERE fails OR open"
)
_WHOLE = "FROM sources AS self JOIN sources AS whole ON whole.reading_id = self.reading_id AND whole.key = self.part_of "
_PART_OF_GROUP = (
    f"SELECT self.source_id AS k, whole.source_kind IS NULL AS unknown {_WHOLE} "
    "WHERE whole.source_kind IS NULL OR whole.source_kind <> 'group'"
)
_PART_OF_SMALLER = (
    "SELECT k, NOT fails AS unknown FROM (SELECT self.source_id AS k, coalesce(whole.n_persons_basis = 'exact' "
    "AND self.n_persons_basis IN ('exact', 'minimum') AND self.n_persons >= whole.n_persons, FALSE) AS fails, "
    "coalesce(self.n_persons < whole.n_persons AND self.n_persons_basis = 'exact', FALSE) AS holds "
    f"{_WHOLE}) WHERE fails OR NOT holds"
)
_VIA_MEANS_RELATION = (
    "WITH spoken AS (SELECT reading_id, source_id, identity, via FROM sources WHERE identity IS NULL OR identity <> 'own_voice'), "
    "steps AS (SELECT s.reading_id, s.source_id, unnest(s.via) AS step FROM spoken s), "
    "outlets AS (SELECT DISTINCT t.reading_id, t.source_id, t.step FROM steps t WHERE "
    f"EXISTS (SELECT 1 FROM publishers p WHERE p.publisher_id = t.step OR {normal('p.name')} = {normal('t.step')}) OR NOT EXISTS "
    f"(SELECT 1 FROM sources o WHERE o.reading_id = t.reading_id AND (o.key = t.step OR {normal('o.source_name')} = {normal('t.step')}))), "
    "shared AS (SELECT o.reading_id FROM outlets o GROUP BY o.reading_id, o.step HAVING count(*) = "
    "(SELECT count(*) FROM spoken s WHERE s.reading_id = o.reading_id)) "
    "SELECT DISTINCT self.document_id AS k, FALSE AS unknown FROM documents AS self JOIN readings r ON r.document_id = self.document_id "
    "JOIN shared ON shared.reading_id = r.reading_id WHERE self.document_relation = 'original'"
)
_SAME_WORDS = (
    f"WITH told AS (SELECT source_id, reading_id, key, identity, source_kind, {descriptor('source_descriptor')} AS words "
    "FROM sources WHERE source_descriptor IS NOT NULL) "
    "SELECT b.source_id AS k, bool_and(a.identity IS NULL OR b.identity IS NULL) AS unknown FROM told a JOIN told b "
    "ON a.reading_id = b.reading_id AND a.words = b.words AND a.key < b.key "
    "WHERE a.identity IS NULL OR b.identity IS NULL OR a.identity <> b.identity "
    "OR a.source_kind IS DISTINCT FROM b.source_kind GROUP BY b.source_id"
)
_LAST = "split_part(trim(p.name), ' ', -1)"
_PERSON_NAME_LEAK = (
    f"WITH people AS (SELECT r.document_id, {tokens('s.source_name')} AS name FROM sources s JOIN readings r "
    "ON r.reading_id = s.reading_id WHERE s.identity = 'named' AND s.source_kind = 'person' AND s.source_name IS NOT NULL), "
    f"told AS (SELECT s.source_id, r.document_id, {tokens('s.source_descriptor')} AS words FROM sources s "
    "JOIN readings r ON r.reading_id = s.reading_id WHERE s.identity = 'anonymous' AND s.source_descriptor IS NOT NULL) "
    "SELECT DISTINCT self.source_id AS k FROM told AS self JOIN people p ON p.document_id = self.document_id "
    f"WHERE contains(self.words, p.name) OR (length({_LAST}) >= 4 AND contains(self.words, ' ' || {_LAST} || ' '))"
)
_WITHHELD_LEAK = (
    "SELECT self.source_id AS k FROM sources AS self JOIN readings r ON r.reading_id = self.reading_id "
    "LEFT JOIN documents d ON d.document_id = r.document_id JOIN withheld w "
    "ON w.lineage = coalesce(d.document_key, r.document_id) || '/' || r.coder_id || '/' || self.key "
    "WHERE self.source_name IS NOT NULL OR EXISTS (SELECT 1 FROM evidence e LEFT JOIN support u ON u.support_id = e.support_id "
    "WHERE e.source_id = self.source_id OR u.source_id = self.source_id)"
)
_SMALL_CELL = (
    "WITH cells AS (SELECT s.source_id, concat_ws('|', s.position, array_to_string(list_sort(s.affiliations), ';'), "
    "coalesce(c.place_id, c.place_name, ''), coalesce(CAST(c.date_start AS VARCHAR), ''), "
    "coalesce(CAST(c.date_end AS VARCHAR), '')) AS cell, "
    f"r.document_id || '|' || coalesce({descriptor('s.source_descriptor')}, s.source_id) AS person "
    "FROM sources s JOIN support u ON u.source_id = s.source_id JOIN codings c ON c.coding_id = u.coding_id "
    "JOIN readings r ON r.reading_id = s.reading_id WHERE s.identity = 'anonymous' AND s.source_kind = 'person' "
    "AND s.position IS NOT NULL AND s.affiliations IS NOT NULL AND NOT (s.position = 'unknown' AND s.affiliations = ['unknown'])), "
    "alone AS (SELECT cell FROM cells GROUP BY cell HAVING count(DISTINCT person) = 1) "
    "SELECT DISTINCT cells.source_id AS k FROM cells JOIN alone ON alone.cell = cells.cell"
)

_BARE_NOUN = "sources?|persons?|people|individuals?|insiders?"
_BARE_WORD = (
    "a|an|the|one|two|three|four|five|six|seven|eight|nine|ten|several|some|many|multiple|various|other|another|"
    "unnamed|unidentified|anonymous"
)
_FLAG_BARE = (
    "WITH told AS (SELECT self.report_id, s.source_descriptor, "
    f"regexp_full_match({words('s.source_descriptor')}, '(({_BARE_WORD}) )*({_BARE_NOUN})( ({_BARE_NOUN}|{_BARE_WORD}))*') AS bare "
    f"FROM reports AS self JOIN support u ON u.coding_id = self.coding_id AND u.stance IN {AFFIRMING} "
    "JOIN sources s ON s.source_id = u.source_id WHERE s.identity = 'anonymous') "
    "SELECT report_id AS k, NOT coalesce(bool_or(bare), FALSE) AS unknown FROM told GROUP BY report_id "
    "HAVING coalesce(bool_or(bare), FALSE) OR bool_or(source_descriptor IS NULL)"
)

# ── support ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_SAME_DOCUMENT = (
    "SELECT self.support_id AS k, c.coding_id IS NULL AS unknown FROM support AS self "
    "LEFT JOIN codings c ON c.coding_id = self.coding_id LEFT JOIN sources s ON s.source_id = self.source_id "
    "WHERE c.coding_id IS NULL OR s.source_id IS NULL OR s.reading_id <> c.reading_id"
)
_CONTRADICTORY = (
    "SELECT self.support_id AS k, self.stance IS NULL AS unknown FROM support AS self WHERE self.stance IS NULL OR "
    "(self.stance = 'denies' AND EXISTS (SELECT 1 FROM support o WHERE o.coding_id = self.coding_id "
    f"AND o.source_id = self.source_id AND o.field IS NOT DISTINCT FROM self.field AND o.stance IN {AFFIRMING}))"
)
_CLAIM_BY_ACTOR = (
    "WITH claims AS (SELECT u.support_id, u.coding_id, s.source_name, c.date_start, c.date_end, "
    "list_distinct(list_concat(coalesce(s.affiliation_actors, []), "
    "CASE WHEN s.speaks_for IS NULL THEN [] ELSE [s.speaks_for] END)) AS mine "
    "FROM support u JOIN sources s ON s.source_id = u.source_id JOIN codings c ON c.coding_id = u.coding_id "
    "WHERE u.stance = 'claims_responsibility'), "
    "judged AS (SELECT k.support_id, bool_or(len(k.mine) > 0 AND p.actor_id IS NOT NULL) AS sayable, "
    f"coalesce(bool_or(list_contains(k.mine, p.actor_id) OR {normal('p.name_as_printed')} = {normal('k.source_name')} "
    "OR EXISTS (SELECT 1 FROM actor_relations t WHERE t.relation IN ('member_of', 'part_of', 'leads', 'serves') "
    "AND (t.valid_from IS NULL OR k.date_end IS NULL OR t.valid_from <= k.date_end) "
    "AND (t.valid_to IS NULL OR k.date_start IS NULL OR t.valid_to >= k.date_start) "
    "AND ((t.actor_id = p.actor_id AND list_contains(k.mine, t.parent_id)) "
    "OR (t.parent_id = p.actor_id AND list_contains(k.mine, t.actor_id))))), FALSE) AS holds "
    "FROM claims k LEFT JOIN participants p ON p.coding_id = k.coding_id AND p.role = 'actor' GROUP BY k.support_id) "
    "SELECT support_id AS k, NOT coalesce(sayable, FALSE) AS unknown FROM judged WHERE NOT holds"
)
_PRIVATE_WORD = (
    'SELECT self.coding_id AS k, bool_or(s.identity IS NULL) AS unknown FROM codings AS self JOIN codes AS "type" '
    'ON "type".code = self.event_type AND "type".act = \'word\' JOIN support u ON u.coding_id = self.coding_id '
    f"AND u.stance IN {AFFIRMING} JOIN sources s ON s.source_id = u.source_id WHERE self.setting = 'private' "
    "GROUP BY self.coding_id HAVING bool_or(s.identity IS NULL) OR "
    "bool_and(s.identity = 'own_voice' AND coalesce(u.knowledge, '') <> 'eyewitness')"
)
_ONE_SPAN = (
    'WITH spans AS (SELECT e.start AS first, e."end" AS last, u.support_id, c.coding_id, c.key, c.reading_id, c.event_type '
    f"FROM evidence e JOIN support u ON u.support_id = e.support_id AND u.stance IN {AFFIRMING} "
    "JOIN codings c ON c.coding_id = u.coding_id) "
    "SELECT DISTINCT b.support_id AS k FROM spans a JOIN spans b ON a.reading_id = b.reading_id AND a.key < b.key "
    "AND ((a.first <= b.first AND a.last >= b.last) OR (b.first <= a.first AND b.last >= a.last)) "
    "JOIN code_excludes x ON (x.code = a.event_type AND x.see = b.event_type) OR (x.code = b.event_type AND x.see = a.event_type)"
)


def _covers_fields(codebook: Codebook) -> str:
    """Every required thing of a coding that has a value, against its support rows."""
    asked = [_asked_field(field) for field in codebook.fields_of("codings")]
    wanted = [*(part for part in asked if part), *(_asked_role(role) for role in ROLES)]
    return (
        "WITH answered AS (SELECT coding_id, list(field) AS fields, bool_or(field IS NULL) AS whole FROM support GROUP BY coding_id) "
        "SELECT self.coding_id AS k FROM codings AS self JOIN answered ON answered.coding_id = self.coding_id AND NOT answered.whole "
        f'LEFT JOIN codes AS "type" ON "type".code = self.event_type WHERE {" OR ".join(wanted)}'
    )


def _asked_field(field: Field) -> str:
    by_code = f"coalesce(list_contains(\"type\".requires, '{field.name}'), FALSE)"
    asked = "TRUE" if field.required and not field.applies_if else by_code
    return f"(self.\"{field.presence}\" IS NOT NULL AND {asked} AND NOT list_contains(answered.fields, '{field.name}'))"


def _asked_role(role: str) -> str:
    there = (
        f"EXISTS (SELECT 1 FROM participants p WHERE p.coding_id = self.coding_id AND p.role = '{role}' "
        "AND (p.actor_id IS NOT NULL OR p.name_as_printed IS NOT NULL))"
    )
    asked = f"coalesce(list_contains(\"type\".requires, '{role}'), FALSE)"
    return f"({asked} AND {there} AND NOT list_contains(answered.fields, '{role}'))"


_BUILTINS: dict[str, str | Callable[[Codebook], str]] = {
    "role-required": _role_required,
    "evidence-required": _evidence_required,
    "status-agrees": _STATUS_AGREES,
    "own-voice-once": _OWN_VOICE_ONCE,
    "affiliation-agrees": _AFFILIATION_AGREES,
    "part-of-group": _PART_OF_GROUP,
    "part-of-smaller": _PART_OF_SMALLER,
    "via-means-relation": _VIA_MEANS_RELATION,
    "same-words-same-source": _SAME_WORDS,
    "person-name-leak": _PERSON_NAME_LEAK,
    "withheld-leak": _WITHHELD_LEAK,
    "small-cell": _SMALL_CELL,
    "support-covers-fields": _covers_fields,
    "support-same-document": _SAME_DOCUMENT,
    "contradictory-stance": _CONTRADICTORY,
    "claim-is-by-actor": _CLAIM_BY_ACTOR,
    "private-word-needs-teller": _PRIVATE_WORD,
    "one-span-two-codes": _ONE_SPAN,
    "flag-bare-descriptor": _FLAG_BARE,
}
_PART = (Trigger("sources", "self.part_of IS NOT NULL"),)
_TRIGGERS: dict[str, tuple[Trigger, ...]] = {
    "evidence-required": (Trigger("documents", "self.n_chars IS NOT NULL"),),
    "own-voice-once": (Trigger("sources", "self.identity = 'own_voice'", 2),),
    "affiliation-agrees": (Trigger("sources", "self.affiliation_actors IS NOT NULL"),),
    "part-of-group": _PART,
    "part-of-smaller": _PART,
    "via-means-relation": (
        Trigger("documents", "self.document_relation = 'original'"), Trigger("sources", "self.via IS NOT NULL"),
    ),
    "same-words-same-source": (Trigger("sources", "self.source_descriptor IS NOT NULL", 2),),
    "person-name-leak": (
        Trigger("sources", "self.identity = 'anonymous' AND self.source_descriptor IS NOT NULL"),
        Trigger("sources", "self.identity = 'named' AND self.source_kind = 'person' AND self.source_name IS NOT NULL"),
    ),
    "support-covers-fields": (Trigger("support", "self.field IS NOT NULL"),),
    "contradictory-stance": (Trigger("support", "self.stance IS NULL OR self.stance = 'denies'"),),
    "claim-is-by-actor": (Trigger("support", "self.stance = 'claims_responsibility'"),),
    "private-word-needs-teller": (
        Trigger("codings", "self.setting = 'private'"), Trigger("sources", "self.identity IS NULL OR self.identity = 'own_voice'"),
    ),
    "one-span-two-codes": (Trigger("codings", "TRUE", 2), Trigger("evidence", "self.support_id IS NOT NULL", 2)),
}  # fmt: skip
