"""An amount of memory on the command line."""

from __future__ import annotations

import click


def memory(value: str) -> str:
    """An amount of memory such as 2GB; UsageError where it is none, before anything is read."""
    from eventcode.checks.memory import amount
    from eventcode.errors import DatasetError

    try:
        return amount(value)
    except DatasetError as error:
        raise click.BadParameter(f"{error.message}: {error.hint}.") from error
