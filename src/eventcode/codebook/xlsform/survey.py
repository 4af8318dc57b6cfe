"""The sheets `survey`, `choices` and `settings` of a form as the entries of a codebook; nothing of them is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from eventcode.codebook.sheet.back import Back, Open, settle
from eventcode.codebook.sheet.cells import Grid
from eventcode.codebook.sheet.complete import Book, Wishes
from eventcode.codebook.sheet.order import sorted_by_cell
from eventcode.codebook.sheet.records import Entry, Reading
from eventcode.codebook.sheet.told import Report
from eventcode.codebook.slugs import name as named
from eventcode.codebook.slugs import slug
from eventcode.codebook.xlsform.choices import choices
from eventcode.codebook.xlsform.lines import Form, Line, languages, lines, spoken
from eventcode.codebook.xlsform.relevant import CannotTranslateError, Name, bounds, translate
from eventcode.errors import Problem
from eventcode.shape import did_you_mean

TYPES = {
    "integer": "integer", "int": "integer", "decimal": "number", "range": "number", "text": "string", "string": "string", "date": "date",
    "acknowledge": "boolean", "geopoint": "string", "barcode": "string", "time": "string", "datetime": "string",
}  # fmt: skip
SELECTS = {"select_one": "code", "select_multiple": "set", "select1": "code", "select": "set"}
META = ("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit", "start_geopoint",
        "background_audio", "caseid")  # fmt: skip
LEFT = ("note", "calculate", "hidden", "image", "audio", "video", "file", "geotrace", "geoshape", "rank", "xml_external", "csv_external",
        "select_one_from_file", "select_multiple_from_file", "select_one_external", "entity")  # fmt: skip
LOST = (
    "calculate",
    "rank",
    "select_one_from_file",
    "select_multiple_from_file",
    "select_one_external",
)  # answers go with them
READ = ("type", "name", "label", "hint", "required", "relevant", "constraint", "guidance_hint")


def read(
    grids: Mapping[str, Grid], wishes: Wishes, codes: str, language: str, how: Reading, open_codebook: Open
) -> Back:
    """The draft of a form; `codes` is the list whose choices are the event types, `language` that of `label::English`."""
    back, report = Back(), Report()
    form = Form(report, back.problems)
    settings = next((line.cells for line in lines(grids.get("settings"), "", back.problems)), {})
    back.problems += _wishes(grids, language, how)
    language = language or str(settings.get("default_language", ""))
    listed = [*lines(grids.get("choices"), language, back.problems, report)]
    book: Book = choices(form, listed, codes, grids)
    _survey(form, [*lines(grids["survey"], language, back.problems, report)], codes)
    book["fields"] = form.fields
    _conditions(form)
    if not codes:
        back.problems.append(_no_codes(form, grids))
    title, own = str(settings.get("form_title", "")), str(settings.get("form_id", ""))
    wishes = Wishes(wishes.id or slug(own, "_"), wishes.title or title, wishes.act, wishes.realis)
    for name in settings:
        if name not in ("form_title", "form_id", "default_language"):
            report.add("settings", name, "left out")
    settle(book, wishes, how, open_codebook, report, back)
    back.problems = sorted_by_cell(back.problems, grids)
    return back


def _wishes(grids: Mapping[str, Grid], language: str, how: Reading) -> Iterator[Problem]:
    """What was asked for and the form cannot give."""
    there = languages(grids.get("survey"), grids.get("choices"))
    if language and not any(spoken(name, language) for name in there):
        known = (
            f"there: {', '.join(there)}" if there else "its columns name no language: leave --language out"
        )
        yield Problem(f"the form has no language '{language}'", known)
    if how.ignore or how.renamed:
        hint = "leave them out: columns of a form that are not read are left out anyway, and listed"
        yield Problem("--map and --ignore are for workbooks and lists of codes, and this is a form", hint)


def _no_codes(form: Form, grids: Mapping[str, Grid]) -> Problem:
    """A form whose event types nobody has named: which of its lists they could be."""
    asked = [name for name in form.lists if name in form.asked] or [*form.lists]
    could = f"the lists of this form: {', '.join(asked)}" if asked else "this form has no list of choices"
    hint = f"name the list of choices that they are with --codes LIST; {could}"
    return Problem("the form does not say what its event types are", hint, grids["survey"].file)


# ── questions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _survey(form: Form, rows: list[Line], codes: str) -> None:
    """Every row by its type; groups give their label to the section and their condition to each question in them."""
    groups: list[tuple[str, str]] = []
    begun: list[Line] = []
    for line in rows:
        words = str(line.cells.get("type", "")).split()
        kind = slug("_".join(words[:2]) if words[:1] in (["begin"], ["end"]) else (words or [""])[0], "_")
        if kind in ("begin_group", "begin_repeat"):
            begun.append(line)
            groups.append(
                (
                    str(line.cells.get("label") or line.cells.get("name") or ""),
                    str(line.cells.get("relevant") or ""),
                )
            )
            if kind == "begin_repeat":
                form.report.add(
                    "fields",
                    "",
                    "repeats: asked once for each record",
                    str(line.cells.get("name", "")),
                    todo=True,
                )
        elif kind in ("end_group", "end_repeat"):
            if groups:
                groups.pop()
                begun.pop()
            else:
                form.problems.append(
                    line.entry.problem(
                        "type", "a group ends that has not begun", "delete the row, or add begin_group"
                    )
                )
        else:
            _row(form, line, kind, words, groups, codes)
    for line, (label, _) in zip(begun, groups, strict=True):
        end = "_".join(["end", *str(line.cells.get("type", "")).split()[1:2]])
        end = end if end in ("end_group", "end_repeat") else "end_group"
        form.problems.append(
            line.entry.problem("type", f"the group '{label}' does not end", f"add a row of type {end}")
        )


def _row(
    form: Form, line: Line, kind: str, words: list[str], groups: list[tuple[str, str]], codes: str
) -> None:
    own = str(line.cells.get("name", ""))
    if not words or kind in META or kind in LEFT:
        _leave_out(form, line, kind, own)
        return
    if kind not in SELECTS and kind not in TYPES:
        hint = did_you_mean(kind, [*SELECTS, *TYPES, *LEFT, *META])
        form.problems.append(line.entry.problem("type", f"the type '{' '.join(words)}' is unknown", hint))
        return
    if not own:
        form.problems.append(line.entry.problem("name", "name is empty", "name the question"))
        return
    listed = words[1] if len(words) > 1 else ""
    if codes and listed == codes and kind in SELECTS:
        form.names[own] = Name("event_type", "code")
        form.report.add("fields", "", f"the question {own} is the event type itself")
        return
    form.fields.append(_question(form, line, kind, own, listed, groups))
    if len(words) > 2:
        form.report.add("fields", "type", f"{' '.join(words[2:])} left out", own, todo=True)


def _leave_out(form: Form, line: Line, kind: str, own: str) -> None:
    if not kind:
        form.problems.append(line.entry.problem("type", "type is empty", "fill it, or delete the row"))
    elif kind in META:
        form.report.add("fields", "", f"{kind} left out: the journal of readings knows it", own)
    else:
        form.report.add(
            "fields",
            "",
            f"{kind} left out",
            own or str(line.cells.get("label", ""))[:40],
            todo=kind in LOST,
        )


def _question(
    form: Form, line: Line, kind: str, own: str, listed: str, groups: list[tuple[str, str]]
) -> Entry:
    entry, cells = line.entry, line.cells
    taken = {found.plain["name"] for found in form.fields}
    ours = own if named(own) == own and own not in taken else named(own, taken)
    if ours != own:
        form.report.add("fields", "name", f"{ours} for {own}")
    made = SELECTS.get(kind) or TYPES[kind]
    form.names[own] = Name(ours, made)
    label = str(cells.get("label") or own.replace("_", " ").capitalize())
    entry.sheet = "fields"
    entry.plain = {"name": ours, "table": "codings", "label": label if len(label) <= 60 else own.replace("_", " ").capitalize(),
                   "question": label, "type": made}  # fmt: skip
    help_ = " ".join(filter(None, (cells.get("hint"), cells.get("guidance_hint"))))
    if help_:
        entry.plain["help"] = help_
    if made in ("code", "set"):
        entry.places["vocabulary"] = entry.at("type")
        form.asked.add(listed)
        if listed in form.lists:
            entry.plain["vocabulary"] = form.lists[listed]
        else:
            hint = f"write it on the sheet choices; there: {', '.join(form.lists) or 'no list'}"
            form.problems.append(entry.problem("type", f"there is no list '{listed}'", hint))
            entry.unread.add("vocabulary")
    if groups and groups[-1][0]:
        entry.plain["section"] = groups[-1][0]
    if kind in ("time", "datetime", "geopoint", "barcode"):
        form.report.add("fields", "type", f"{kind} taken for string", own, todo=True)
    _required(form, entry, str(cells.get("required") or ""))
    _constraint(form, entry, str(cells.get("constraint") or ""))
    relevant = [condition for _, condition in groups if condition]
    relevant += [str(cells["relevant"])] if cells.get("relevant") else []
    form.conditions.append(
        (entry, " and ".join(f"({one})" for one in relevant) if len(relevant) > 1 else "".join(relevant))
    )
    for head in cells:
        if head not in READ:
            form.report.add("survey", head, "left out", own)
    return entry


def _required(form: Form, entry: Entry, said: str) -> None:
    plain = said.strip().lower()
    if plain in ("yes", "true", "true()", "1", "x"):
        entry.plain["required"] = True
    elif plain not in ("", "no", "false", "false()", "0"):
        form.report.add(
            "fields",
            "required",
            f"left out, since it is an expression: {said}",
            entry.plain["name"],
            todo=True,
        )


def _constraint(form: Form, entry: Entry, said: str) -> None:
    if not said.strip():
        return
    try:
        entry.plain |= bounds(said, entry.plain["type"] == "integer")
    except CannotTranslateError as error:
        form.report.add(
            "fields",
            "minimum, maximum",
            f"left out: {said.strip()} ({error})",
            entry.plain["name"],
            todo=True,
        )


def _conditions(form: Form) -> None:
    """Conditions once all names are known."""
    for entry, said in form.conditions:
        if not said.strip():
            continue
        try:
            entry.plain["applies_if"] = translate(said, form.names)
        except CannotTranslateError as error:
            what = f"left out: {' '.join(said.split())} ({error}); the question is put always"
            form.report.add("fields", "applies_if", what, entry.plain["name"], todo=True)
