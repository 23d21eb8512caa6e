"""What the pages show, worked out from the record as plain values; nothing here knows of HTTP."""
