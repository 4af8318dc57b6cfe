"""Agreement told to people, as one page."""
