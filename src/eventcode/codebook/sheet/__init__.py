"""A codebook as the sheets of a workbook, and a workbook, a form or a list of codes as a codebook."""
