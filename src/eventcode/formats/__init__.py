"""Reading and writing files: JSONL, Parquet, spreadsheets, CSV, and what foreign files are mapped by."""
