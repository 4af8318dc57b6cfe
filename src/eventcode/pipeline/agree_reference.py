"""The measures held against published cases: `eventcode agree --reference FILE`."""

from __future__ import annotations

import json
from pathlib import Path

from eventcode.errors import DatasetError
from eventcode.reliability.reference import Verdict, run


def verdicts(path: Path) -> list[Verdict]:
    """What the public functions make of each case of a file; DatasetError where the file is no list of cases."""
    try:
        cases = json.loads(path.read_bytes())
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}", "name a file of cases") from error
    except ValueError as error:
        raise DatasetError(f"{path} is no JSON: {error}", "name a file of cases (a JSON list)") from error
    return run(cases)
