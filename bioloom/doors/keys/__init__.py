"""The city's own key: kept in its folder, declared in its record, and used to sign its heads."""
