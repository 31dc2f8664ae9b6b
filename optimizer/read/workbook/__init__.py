"""A case as a workbook: one sheet for each table and each list of the case folder, read and written.

The sheets become what the files of a folder become (rows of tables, nodes of lists), so that everything
after that is shared: one reader, one set of checks and messages.
"""
