"""Accounts: what is owed, and by whom; read from the record, never kept beside it."""
