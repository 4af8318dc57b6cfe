"""A form written in XLSForm as fields, lists and event types of a codebook."""
