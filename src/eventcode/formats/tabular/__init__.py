"""Tables of text out of files that others wrote: delimited text, JSON, Parquet, workbooks, packed or not."""
