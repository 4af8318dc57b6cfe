"""How far coders agree, on what, and how sure one can be: alignment, measures, uncertainty, coder quality, planning."""
