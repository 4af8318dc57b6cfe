"""Text that was written in UTF-8 and read as Windows-1252 or Latin-1, told from the letters of many languages.

What was garbled can be turned back into bytes that are good UTF-8. Letters that stand side by side in a name seldom can, and where
they can, they give a letter of a script that fits nothing around it.
"""

from __future__ import annotations

import re

LOST = "�"
# Greek to Armenian, Hebrew and Arabic: one letter of them alone is no word
_TWO_OF_A_KIND = ((0x370, 0x58F), (0x590, 0x6FF))
# Latin-1 and Latin Extended-A, and the letters of Azeri, Romanian and Vietnamese names further on
_ONE_IS_ENOUGH = frozenset(
    (*range(0xA0, 0x180), 0x18F, 0x259, *range(0x218, 0x21C), 0x1A0, 0x1A1, 0x1AF, 0x1B0)
)
_CLOSING = frozenset("’”–—»›…“‘™\xa0")  # these follow a capital letter in sound text too: CAFÉ”
_HIGH = {bytes([b]).decode("cp1252", "ignore") or chr(b): b for b in range(0x80, 0x100)}
_HIGH.update(
    {chr(b): b for b in range(0x80, 0xA0)}
)  # what Latin-1 makes of the bytes that Windows-1252 fills with signs
_RUN = re.compile(f"[{re.escape(''.join(_HIGH))}]{{2,}}")
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROL = re.compile("[\x80-\x84\x86-\x9f]")


def sound(text: str) -> str | None:
    """What a garbled text was before, with � for what is lost; None for a text that shows no such damage."""
    mended = _RUN.sub(lambda run: _mended(run[0], text[: run.start()][-1:], text[run.end() :][:1]), text)
    if mended != text:
        return mended
    return text if LOST in text or _CONTROL.search(text) else None


def _mended(run: str, before: str, after: str) -> str:
    """A run of high characters with the sequences in it that were garbled put right."""
    raw = bytes(_HIGH[sign] for sign in run)
    found = [*_SEQUENCE.finditer(raw)]
    letters = [_letter(match[0]) for match in found]
    parts, at = [], 0
    for match, letter in zip(found, letters, strict=True):
        previous = run[match.start() - 1] if match.start() else before
        following = run[match.end()] if match.end() < len(run) else after
        if letter and _garbled(letter, run[match.start() : match.end()], previous, following, letters):
            parts += [run[at : match.start()], letter]
            at = match.end()
    return "".join([*parts, run[at:]])


def _letter(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _garbled(letter: str, signs: str, previous: str, following: str, letters: list[str]) -> bool:
    """Whether `signs`, which could be the bytes of `letter`, are."""
    if len(signs) > 2:
        return True  # three high characters that fit by chance are rarer than the damage
    point = ord(letter)
    if any(low <= point <= high for low, high in _TWO_OF_A_KIND):
        return sum(_akin(letter, other) for other in letters) >= 2
    if point not in _ONE_IS_ENOUGH:
        return False
    return signs[1] not in _CLOSING or following.isalpha() or previous.islower()


def _akin(letter: str, other: str) -> bool:
    return bool(other) and any(
        low <= ord(letter) <= high and low <= ord(other) <= high for low, high in _TWO_OF_A_KIND
    )
