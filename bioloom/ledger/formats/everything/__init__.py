"""Everything: the whole record as plain tables, for programs that know nothing of it.

Rows come as they are read, so that a record of any size is written in the same memory.
"""
