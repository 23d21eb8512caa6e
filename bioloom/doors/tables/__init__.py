"""Tables of the whole record, written as CSV or Parquet with a description of every column."""
