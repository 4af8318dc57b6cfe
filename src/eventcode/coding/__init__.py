"""Readings as people and machines make them: the journal, workbooks for coders who live in spreadsheets."""
