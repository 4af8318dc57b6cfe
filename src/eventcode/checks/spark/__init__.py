"""The same rules on Spark: one plan, translated; the same findings and counts as DuckDB gives."""
