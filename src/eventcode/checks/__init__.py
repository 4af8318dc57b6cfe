"""Rules as SQL, findings as data."""
