-- The journal as SQLite keeps it. Entries are the record; everything else follows from them, is
-- written in the same transaction, and is compared with them by `bioloom verify`.

CREATE TABLE entries (
    seq  INTEGER PRIMARY KEY CHECK (seq > 0),
    kind TEXT NOT NULL,
    text BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;

-- Kinds that come by the million are read by their lots, never by kind: they stay out.
CREATE INDEX entries_by_kind ON entries (kind, seq)
    WHERE kind NOT IN ('EventHappened', 'LotArrived', 'LotTransferred');

-- Idempotency: each natural key once, with its first entry and its newest correction.
CREATE TABLE keys (
    key    TEXT PRIMARY KEY,
    first  INTEGER NOT NULL,
    newest INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE agents (
    number INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE
) STRICT;

-- Lots that do not bear the key of the entry that made them.
CREATE TABLE lot_names (
    lot    TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

-- What entries are about besides lots: a process, a commitment, a claim, a container.
CREATE TABLE mentions (
    about TEXT NOT NULL,
    seq   INTEGER NOT NULL,
    PRIMARY KEY (about, seq)
) STRICT, WITHOUT ROWID;

-- Clustered by lot: a lot's line is one range, and new lots append at the end.
CREATE TABLE legs (
    lot         INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    ordinal     INTEGER NOT NULL,
    giver       INTEGER NOT NULL,
    receiver    INTEGER NOT NULL,
    rights_units   INTEGER NOT NULL,
    custody_units  INTEGER NOT NULL,
    occurred_ms INTEGER NOT NULL,
    PRIMARY KEY (lot, seq, ordinal),
    CHECK (seq > 0 AND giver <> receiver AND rights_units >= 0 AND custody_units >= 0)
) STRICT, WITHOUT ROWID;

-- What comes from outside and goes there is asked for by when it happened. Outside is agent 1.
CREATE INDEX legs_from_outside ON legs (occurred_ms) WHERE giver = 1 OR receiver = 1;

CREATE TABLE holdings (
    lot        INTEGER NOT NULL,
    account    INTEGER NOT NULL,
    rights_units  INTEGER NOT NULL,
    custody_units INTEGER NOT NULL,
    PRIMARY KEY (lot, account),
    CHECK (account > 6),
    CONSTRAINT overdraft CHECK (rights_units >= 0 AND custody_units >= 0)
) STRICT, WITHOUT ROWID;

-- Balances follow legs inside the store, so that no client can move mass and forget the balance.
-- Agents 1 to 6 are the city's edge and have no balance.
CREATE TRIGGER legs_are_received AFTER INSERT ON legs WHEN NEW.receiver > 6 BEGIN
    INSERT INTO holdings VALUES (NEW.lot, NEW.receiver, NEW.rights_units, NEW.custody_units)
    ON CONFLICT DO UPDATE SET
        rights_units = rights_units + excluded.rights_units,
        custody_units = custody_units + excluded.custody_units;
END;

CREATE TRIGGER legs_are_given AFTER INSERT ON legs WHEN NEW.giver > 6 BEGIN
    SELECT RAISE(ABORT, 'overdraft') WHERE NOT EXISTS (
        SELECT 1 FROM holdings WHERE lot = NEW.lot AND account = NEW.giver
    );
    UPDATE holdings SET
        rights_units = rights_units - NEW.rights_units,
        custody_units = custody_units - NEW.custody_units
    WHERE lot = NEW.lot AND account = NEW.giver;
END;

CREATE TRIGGER entries_are_never_changed BEFORE UPDATE ON entries BEGIN
    SELECT RAISE(ABORT, 'entries are never changed: record a correction');
END;
CREATE TRIGGER entries_are_never_deleted BEFORE DELETE ON entries BEGIN
    SELECT RAISE(ABORT, 'entries are never deleted: record a correction');
END;
CREATE TRIGGER legs_are_never_changed BEFORE UPDATE ON legs BEGIN
    SELECT RAISE(ABORT, 'legs are never changed: record a correction');
END;
CREATE TRIGGER legs_are_never_deleted BEFORE DELETE ON legs BEGIN
    SELECT RAISE(ABORT, 'legs are never deleted: record a correction');
END;
