"""`python -m eventcode`, and where the command `eventcode` begins: it can be stopped before anything else is loaded."""

from __future__ import annotations

import os
import signal


def _stopped(number: int, _: object) -> None:
    """Nothing has begun yet, so that there is nothing to tidy up."""
    os.write(2, b"stopped: nothing was written\n")
    os._exit(128 + number)


def main() -> None:
    """The entry point of the command line."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped)
    from eventcode.cli import main as run

    run()


if __name__ == "__main__":
    main()
