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

-- Covenants, and who belongs under each. `until_ms`: it binds what happens before. An end is said
-- once, by the entry that ended it.
CREATE TABLE covenants (
    number       INTEGER PRIMARY KEY,
    seq          INTEGER NOT NULL,
    id           TEXT NOT NULL UNIQUE,
    until_ms     INTEGER NOT NULL,
    keeps_custody       INTEGER NOT NULL CHECK (keeps_custody IN (0, 1)),
    shrinkage_per_mille INTEGER NOT NULL CHECK (shrinkage_per_mille BETWEEN 0 AND 1000),
    ended_seq    INTEGER
) STRICT;

-- From `from_ms` on an account counts: those who joined later only after the cooling-off.
CREATE TABLE covenant_members (
    covenant  INTEGER NOT NULL,
    account   INTEGER NOT NULL CHECK (account > 6),
    seq       INTEGER NOT NULL,
    from_ms   INTEGER NOT NULL,
    until_seq INTEGER,
    PRIMARY KEY (covenant, account, seq)
) STRICT, WITHOUT ROWID;

-- Lots that a covenant binds. What is made of bound lots (`is_made`) brings no units in.
CREATE TABLE bound (
    lot       INTEGER NOT NULL,
    covenant  INTEGER NOT NULL,
    base_unit TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    is_made   INTEGER NOT NULL CHECK (is_made IN (0, 1)),
    in_units  INTEGER NOT NULL CHECK (in_units >= 0),
    PRIMARY KEY (lot, covenant)
) STRICT, WITHOUT ROWID;

-- Bound lots of which somebody got custody who does not belong.
CREATE TABLE away (
    account   INTEGER NOT NULL,
    lot       INTEGER NOT NULL,
    covenant  INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    PRIMARY KEY (account, lot, covenant)
) STRICT, WITHOUT ROWID;

-- What came in of all bound lots of a covenant, and how much of it nobody accounts for.
CREATE TABLE covenant_balances (
    covenant     INTEGER NOT NULL,
    base_unit    TEXT NOT NULL,
    per_mille    INTEGER NOT NULL,
    in_units     INTEGER NOT NULL,
    shrunk_units INTEGER NOT NULL,
    PRIMARY KEY (covenant, base_unit),
    CONSTRAINT covenant_shrinkage CHECK (shrunk_units * 1000 <= max(in_units, 0) * per_mille)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER lots_come_in_bound AFTER INSERT ON bound BEGIN
    INSERT INTO covenant_balances
    SELECT NEW.covenant, NEW.base_unit, shrinkage_per_mille, NEW.in_units, 0
    FROM covenants WHERE number = NEW.covenant
    ON CONFLICT DO UPDATE SET in_units = in_units + excluded.in_units;
END;

-- Rights of a bound lot go to who belongs. At the city's edge (1 to 5; 6 is inside a process) they
-- go by a correction, a reversal or the end of a process only; nowhere that is known (5) also by
-- an event, within the shrinkage that the covenant allows. Custody likewise, where it is kept.
CREATE TRIGGER bound_rights_stay BEFORE INSERT ON legs
WHEN NEW.rights_units > 0 AND NEW.receiver <> 6 AND EXISTS (
    SELECT 1 FROM bound WHERE lot = NEW.lot
) BEGIN
    SELECT RAISE(ABORT, 'covenant: rights of a bound lot leave')
    FROM bound JOIN covenants ON number = covenant
    WHERE lot = NEW.lot AND ended_seq IS NULL AND NEW.occurred_ms < until_ms AND iif(
        NEW.receiver > 6,
        NOT EXISTS (
            SELECT 1 FROM covenant_members AS member
            WHERE member.covenant = bound.covenant AND member.account = NEW.receiver
                AND until_seq IS NULL AND from_ms <= NEW.occurred_ms
        ),
        NEW.receiver <> 5 AND NOT EXISTS (
            SELECT 1 FROM entries WHERE entries.seq = NEW.seq AND (
                kind = 'EventReversed' OR (kind = 'ProcessClosed' AND NEW.receiver <> 1)
                OR json_extract(CAST(text AS TEXT), '$.corrects') IS NOT NULL
            )
        )
    );
END;

CREATE TRIGGER bound_custody_stays BEFORE INSERT ON legs
WHEN NEW.custody_units > 0 AND NEW.receiver <> 6 AND EXISTS (
    SELECT 1 FROM bound WHERE lot = NEW.lot
) BEGIN
    SELECT RAISE(ABORT, 'covenant: custody of a bound lot leaves')
    FROM bound JOIN covenants ON number = covenant
    WHERE lot = NEW.lot AND ended_seq IS NULL AND NEW.occurred_ms < until_ms AND iif(
        NEW.receiver > 6,
        keeps_custody AND NOT EXISTS (
            SELECT 1 FROM covenant_members AS member
            WHERE member.covenant = bound.covenant AND member.account = NEW.receiver
                AND until_seq IS NULL AND from_ms <= NEW.occurred_ms
        ),
        NEW.receiver <> 5 AND NOT EXISTS (
            SELECT 1 FROM entries WHERE entries.seq = NEW.seq AND (
                kind = 'EventReversed' OR (kind = 'ProcessClosed' AND NEW.receiver <> 1)
                OR json_extract(CAST(text AS TEXT), '$.corrects') IS NOT NULL
            )
        )
    );
END;

CREATE TRIGGER bound_lots_shrink AFTER INSERT ON legs
WHEN NEW.rights_units > 0 AND (NEW.giver IN (1, 5) OR NEW.receiver IN (1, 5)) AND EXISTS (
    SELECT 1 FROM bound WHERE lot = NEW.lot
) BEGIN
    UPDATE covenant_balances SET
        in_units = covenant_balances.in_units + NEW.rights_units * ((NEW.giver = 1) - (NEW.receiver = 1)),
        shrunk_units = shrunk_units + NEW.rights_units * ((NEW.receiver = 5) - (NEW.giver = 5))
    FROM bound JOIN covenants ON number = bound.covenant
    WHERE lot = NEW.lot AND ended_seq IS NULL AND NEW.occurred_ms < until_ms
        AND covenant_balances.covenant = bound.covenant
        AND covenant_balances.base_unit = bound.base_unit;
END;

CREATE TRIGGER covenants_end_once BEFORE UPDATE ON covenants
WHEN OLD.ended_seq IS NOT NULL OR NEW.ended_seq IS NULL OR (
    OLD.number, OLD.seq, OLD.id, OLD.until_ms, OLD.keeps_custody, OLD.shrinkage_per_mille
) IS NOT (
    NEW.number, NEW.seq, NEW.id, NEW.until_ms, NEW.keeps_custody, NEW.shrinkage_per_mille
) BEGIN
    SELECT RAISE(ABORT, 'covenants are never changed: a quorum replaces one');
END;
CREATE TRIGGER covenants_are_never_deleted BEFORE DELETE ON covenants BEGIN
    SELECT RAISE(ABORT, 'covenants are never deleted: a quorum ends one');
END;
CREATE TRIGGER members_leave_once BEFORE UPDATE ON covenant_members
WHEN OLD.until_seq IS NOT NULL OR NEW.until_seq IS NULL OR (
    OLD.covenant, OLD.account, OLD.seq, OLD.from_ms
) IS NOT (NEW.covenant, NEW.account, NEW.seq, NEW.from_ms) BEGIN
    SELECT RAISE(ABORT, 'who belongs is never changed: record a membership');
END;
CREATE TRIGGER members_are_never_deleted BEFORE DELETE ON covenant_members BEGIN
    SELECT RAISE(ABORT, 'who belongs is never deleted: record a membership');
END;
-- Or `INSERT OR REPLACE` would change what was never to be changed.
CREATE TRIGGER covenants_are_enacted_once BEFORE INSERT ON covenants
WHEN EXISTS (SELECT 1 FROM covenants WHERE number = NEW.number OR id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'covenants are never changed: a quorum replaces one');
END;
CREATE TRIGGER members_join_once BEFORE INSERT ON covenant_members
WHEN EXISTS (
    SELECT 1 FROM covenant_members
    WHERE covenant = NEW.covenant AND account = NEW.account AND seq = NEW.seq
) BEGIN
    SELECT RAISE(ABORT, 'who belongs is never changed: record a membership');
END;
CREATE TRIGGER lots_are_bound_once BEFORE INSERT ON bound
WHEN EXISTS (SELECT 1 FROM bound WHERE lot = NEW.lot AND covenant = NEW.covenant) BEGIN
    SELECT RAISE(ABORT, 'bound lots stay bound');
END;
CREATE TRIGGER bound_lots_are_never_changed BEFORE UPDATE ON bound BEGIN
    SELECT RAISE(ABORT, 'bound lots stay bound');
END;
CREATE TRIGGER bound_lots_are_never_deleted BEFORE DELETE ON bound BEGIN
    SELECT RAISE(ABORT, 'bound lots stay bound');
END;
CREATE TRIGGER away_is_never_changed BEFORE UPDATE ON away BEGIN
    SELECT RAISE(ABORT, 'who had custody had it');
END;
CREATE TRIGGER away_is_never_deleted BEFORE DELETE ON away BEGIN
    SELECT RAISE(ABORT, 'who had custody had it');
END;
CREATE TRIGGER covenant_balances_keep_their_limit BEFORE UPDATE ON covenant_balances
WHEN (OLD.covenant, OLD.base_unit, OLD.per_mille) IS NOT
    (NEW.covenant, NEW.base_unit, NEW.per_mille) BEGIN
    SELECT RAISE(ABORT, 'what may be lost stands in the covenant');
END;
CREATE TRIGGER covenant_balances_are_never_deleted BEFORE DELETE ON covenant_balances BEGIN
    SELECT RAISE(ABORT, 'balances follow legs');
END;
