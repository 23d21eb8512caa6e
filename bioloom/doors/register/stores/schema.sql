-- The register as SQLite keeps it. Secrets stand in it only as hashes: SHA-256 of those that are
-- 256 bits of chance, Argon2 of those that a person types. What is deleted is overwritten.

-- The record that this register belongs to: the id of its first entry.
CREATE TABLE city (
    id TEXT NOT NULL
) STRICT;

CREATE TABLE persons (
    agent TEXT PRIMARY KEY,
    name  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Free texts, found by the salted hash that the record has.
CREATE TABLE texts (
    sha256 TEXT PRIMARY KEY,
    agent  TEXT NOT NULL,
    salt   BLOB NOT NULL,
    text   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE passkeys (
    credential  BLOB PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    agent       TEXT NOT NULL,
    name        TEXT NOT NULL,
    public_key  BLOB NOT NULL,
    sign_count  INTEGER NOT NULL,
    transports  TEXT NOT NULL,
    added_at    TEXT NOT NULL,
    used_at     TEXT
) STRICT, WITHOUT ROWID;

-- What a passkey has to sign, once.
CREATE TABLE challenges (
    challenge  BLOB PRIMARY KEY,
    agent      TEXT,
    expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    secret_sha256 BLOB PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    agent         TEXT NOT NULL,
    how           TEXT NOT NULL,
    begun_at      TEXT NOT NULL,
    seen_at       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
    secret_sha256 BLOB PRIMARY KEY,
    agent         TEXT NOT NULL UNIQUE,
    issued_by     TEXT NOT NULL,
    expires_at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
    secret_sha256 BLOB PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    invited_by    TEXT NOT NULL,
    pseudonym     TEXT NOT NULL,
    role          TEXT NOT NULL,
    scope         TEXT,
    issued_at     TEXT NOT NULL,
    expires_at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    secret_sha256 BLOB PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    agent         TEXT NOT NULL,
    name          TEXT NOT NULL,
    scopes        TEXT NOT NULL,
    issued_at     TEXT NOT NULL,
    expires_at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A code is found by its first part, which is no secret.
CREATE TABLE recovery_codes (
    selector TEXT PRIMARY KEY,
    agent    TEXT NOT NULL,
    argon2   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_of_agents ON sessions (agent);
CREATE INDEX tokens_of_agents ON tokens (agent);
CREATE INDEX passkeys_of_agents ON passkeys (agent);
