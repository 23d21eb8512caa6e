"""The journal in a PostgreSQL database: one schema in it, read and written through psycopg."""
