"""The shapes of what `--json` and the API answer, from which `docs/schemas` is made."""
