"""What a check found, told to people: grouped by rule, counted, drawn, and as one page."""
