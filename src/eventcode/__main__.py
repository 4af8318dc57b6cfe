"""`python -m eventcode`, the same as `eventcode`."""

from eventcode.cli import main

main()
