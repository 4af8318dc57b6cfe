"""Tables of a dataset in the forms of other producers and programs."""
