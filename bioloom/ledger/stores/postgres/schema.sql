-- The journal as PostgreSQL keeps it. Entries are the record; everything else follows from them, is
-- written in the same transaction, and is compared with them by `bioloom verify`.
--
-- {schema} is where it stands, {path} where its functions look things up.

CREATE TABLE layouts (
    number  integer PRIMARY KEY,
    made_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE entries (
    seq  bigint PRIMARY KEY CHECK (seq > 0),
    kind text COLLATE "C" NOT NULL,
    text bytea NOT NULL,
    hash bytea NOT NULL
);

-- Kinds that come by the million are read by their lots, never by kind: they stay out.
CREATE INDEX entries_by_kind ON entries (kind, seq)
    WHERE kind NOT IN ('EventHappened', 'LotArrived', 'LotTransferred');

-- Idempotency: each natural key once, with its first entry and its newest correction.
CREATE TABLE keys (
    key    text COLLATE "C" PRIMARY KEY,
    first  bigint NOT NULL,
    newest bigint NOT NULL
);

CREATE TABLE agents (
    number integer PRIMARY KEY,
    id     text COLLATE "C" NOT NULL UNIQUE
);

-- Lots that do not bear the key of the entry that made them.
CREATE TABLE lot_names (
    lot    text COLLATE "C" PRIMARY KEY,
    number bigint NOT NULL UNIQUE
);

-- What entries are about besides lots: a process, a commitment, a claim, a container.
CREATE TABLE mentions (
    about text COLLATE "C" NOT NULL,
    seq   bigint NOT NULL,
    PRIMARY KEY (about, seq)
);

CREATE TABLE legs (
    lot           bigint NOT NULL,
    seq           bigint NOT NULL,
    ordinal       integer NOT NULL,
    giver         integer NOT NULL,
    receiver      integer NOT NULL,
    rights_units  bigint NOT NULL,
    custody_units bigint NOT NULL,
    occurred_ms   bigint NOT NULL,
    PRIMARY KEY (lot, seq, ordinal),
    CONSTRAINT leg CHECK (
        seq > 0 AND giver <> receiver AND rights_units >= 0 AND custody_units >= 0
    )
);

-- What comes from outside and goes there is asked for by when it happened. Outside is agent 1.
CREATE INDEX legs_from_outside ON legs (occurred_ms) WHERE giver = 1 OR receiver = 1;

CREATE TABLE holdings (
    lot           bigint NOT NULL,
    account       integer NOT NULL CHECK (account > 6),
    rights_units  bigint NOT NULL,
    custody_units bigint NOT NULL,
    PRIMARY KEY (lot, account),
    CONSTRAINT overdraft CHECK (rights_units >= 0 AND custody_units >= 0)
);

-- Balances follow legs inside the store, so that no client can move mass and forget the balance:
-- whoever may insert legs may not write here, the function may. Agents 1 to 6 are the city's edge
-- and have no balance. It runs once for all legs of a statement; in the order of recording none of
-- them may take a balance below zero, whatever the others bring.
CREATE FUNCTION {schema}.holdings_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {path}
    -- A plan for one leg would not do for ten thousand, nor the other way round.
    SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
    has_givers boolean := EXISTS (SELECT FROM added WHERE giver > 6);
BEGIN
    IF has_givers AND EXISTS (
        SELECT FROM (
            SELECT
                sum(rights) OVER line + coalesce(held.rights_units, 0) AS rights_left,
                sum(custody) OVER line + coalesce(held.custody_units, 0) AS custody_left
            FROM (
                SELECT lot, giver AS account, seq, ordinal,
                    -rights_units::numeric AS rights, -custody_units::numeric AS custody
                FROM added WHERE giver > 6
                UNION ALL
                SELECT lot, receiver, seq, ordinal, rights_units, custody_units
                FROM added WHERE receiver > 6
            ) AS moved
            LEFT JOIN holdings AS held USING (lot, account)
            WINDOW line AS (PARTITION BY lot, account ORDER BY seq, ordinal)
        ) AS balances
        WHERE rights_left < 0 OR custody_left < 0
    ) THEN
        RAISE EXCEPTION 'overdraft' USING ERRCODE = 'check_violation', CONSTRAINT = 'overdraft';
    END IF;
    INSERT INTO holdings AS held
    SELECT lot, receiver, sum(rights_units), sum(custody_units) FROM added
    WHERE receiver > 6 GROUP BY lot, receiver
    ON CONFLICT (lot, account) DO UPDATE SET
        rights_units = held.rights_units + excluded.rights_units,
        custody_units = held.custody_units + excluded.custody_units;
    IF has_givers THEN
        UPDATE holdings AS held SET
            rights_units = held.rights_units - given.rights,
            custody_units = held.custody_units - given.custody
        FROM (
            SELECT lot, giver, sum(rights_units) AS rights, sum(custody_units) AS custody
            FROM added WHERE giver > 6 GROUP BY lot, giver
        ) AS given
        WHERE held.lot = given.lot AND held.account = given.giver;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER holdings_follow AFTER INSERT ON legs REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.holdings_follow();

CREATE FUNCTION {schema}.refuse_change() RETURNS trigger LANGUAGE plpgsql
    SET search_path = {path}
AS $$
BEGIN
    RAISE EXCEPTION '% are never changed or deleted: record a correction', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER entries_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();
CREATE TRIGGER legs_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON legs
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();
CREATE TRIGGER holdings_are_never_emptied BEFORE TRUNCATE ON holdings
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();
CREATE TRIGGER keys_are_never_deleted BEFORE DELETE OR TRUNCATE ON keys
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();
