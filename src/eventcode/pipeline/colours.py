"""Code of the documentation in colour, where Pygments is installed; else as it is."""

from __future__ import annotations

from html import escape
from importlib import import_module

LANGUAGES = {
    "jsonl": "json", "json": "json", "yaml": "yaml", "python": "python", "sql": "sql", "sh": "bash", "r": "r", "stata": "stata",
}  # fmt: skip


def coloured(code: str, language: str) -> str:
    """Code as HTML."""
    if language == "console":
        return "\n".join(map(_console, code.split("\n")))
    try:
        pygments, lexers = import_module("pygments"), import_module("pygments.lexers")
        formatter = import_module("pygments.formatters").HtmlFormatter(nowrap=True)
    except ImportError:
        return escape(code, quote=False)
    if language not in LANGUAGES:
        return escape(code, quote=False)
    lexer = lexers.get_lexer_by_name(LANGUAGES[language], stripnl=False, ensurenl=False)
    return str(pygments.highlight(code, lexer, formatter))


def _console(line: str) -> str:
    """What is typed stands out from what is printed."""
    shown = escape(line, quote=False)
    if line.startswith("$ "):
        return f'<span class="gp">$ </span><b>{shown[2:]}</b>'
    return f'<span class="go">{shown}</span>' if line else ""
