"""Other people's files: how they are read, which formats are known, and the maps that turn them into our tables."""
