"""The page of the control room."""
