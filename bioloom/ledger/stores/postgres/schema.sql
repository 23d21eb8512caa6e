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

-- Covenants, and who belongs under each. `until_ms`: it binds what happens before. An end is said
-- once, by the entry that ended it.
CREATE TABLE covenants (
    number       integer PRIMARY KEY,
    seq          bigint NOT NULL,
    id           text COLLATE "C" NOT NULL UNIQUE,
    until_ms     bigint NOT NULL,
    keeps_custody       integer NOT NULL CHECK (keeps_custody IN (0, 1)),
    shrinkage_per_mille integer NOT NULL CHECK (shrinkage_per_mille BETWEEN 0 AND 1000),
    ended_seq    bigint
);

-- From `from_ms` on an account counts: those who joined later only after the cooling-off.
CREATE TABLE covenant_members (
    covenant  integer NOT NULL,
    account   integer NOT NULL CHECK (account > 6),
    seq       bigint NOT NULL,
    from_ms   bigint NOT NULL,
    until_seq bigint,
    PRIMARY KEY (covenant, account, seq)
);

-- Lots that a covenant binds. What is made of bound lots (`is_made`) brings no units in.
CREATE TABLE bound (
    lot       bigint NOT NULL,
    covenant  integer NOT NULL,
    base_unit text COLLATE "C" NOT NULL,
    seq       bigint NOT NULL,
    is_made   integer NOT NULL CHECK (is_made IN (0, 1)),
    in_units  bigint NOT NULL CHECK (in_units >= 0),
    PRIMARY KEY (lot, covenant)
);

-- Bound lots of which somebody got custody who does not belong.
CREATE TABLE away (
    account  integer NOT NULL,
    lot      bigint NOT NULL,
    covenant integer NOT NULL,
    seq      bigint NOT NULL,
    PRIMARY KEY (account, lot, covenant)
);

-- What came in of all bound lots of a covenant, and how much of it nobody accounts for.
CREATE TABLE covenant_balances (
    covenant     integer NOT NULL,
    base_unit    text COLLATE "C" NOT NULL,
    per_mille    integer NOT NULL,
    in_units     bigint NOT NULL,
    shrunk_units bigint NOT NULL,
    PRIMARY KEY (covenant, base_unit),
    CONSTRAINT covenant_shrinkage CHECK (
        shrunk_units::numeric * 1000 <= greatest(in_units, 0)::numeric * per_mille
    )
);

CREATE FUNCTION {schema}.lots_come_in_bound() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {path}
AS $$
BEGIN
    INSERT INTO covenant_balances AS balance
    SELECT covenant, base_unit, shrinkage_per_mille, sum(in_units), 0
    FROM added JOIN covenants ON number = covenant
    GROUP BY covenant, base_unit, shrinkage_per_mille
    ON CONFLICT (covenant, base_unit) DO UPDATE SET
        in_units = balance.in_units + excluded.in_units;
    RETURN NULL;
END $$;

CREATE TRIGGER lots_come_in_bound AFTER INSERT ON bound REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.lots_come_in_bound();

-- Rights of a bound lot go to who belongs. At the city's edge (1 to 5; 6 is inside a process) they
-- go by a correction, a reversal or the end of a process only; nowhere that is known (5) also by
-- an event, within the shrinkage that the covenant allows, at any moment in the order of recording.
-- Custody likewise, where it is kept.
CREATE FUNCTION {schema}.bound_lots_stay() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {path}
    SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
    has_shrunk boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM bound) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM added AS leg
        JOIN bound ON bound.lot = leg.lot
        JOIN covenants AS covenant ON covenant.number = bound.covenant
        WHERE leg.receiver <> 6 AND ended_seq IS NULL AND leg.occurred_ms < until_ms AND CASE
            WHEN leg.receiver > 6 THEN
                (leg.rights_units > 0 OR (leg.custody_units > 0 AND keeps_custody = 1))
                AND NOT EXISTS (
                    SELECT FROM covenant_members AS member
                    WHERE member.covenant = bound.covenant AND member.account = leg.receiver
                        AND until_seq IS NULL AND from_ms <= leg.occurred_ms
                )
            ELSE
                leg.receiver <> 5 AND (leg.rights_units > 0 OR leg.custody_units > 0)
                AND NOT EXISTS (
                    SELECT FROM entries AS entry WHERE entry.seq = leg.seq AND (
                        kind = 'EventReversed' OR (kind = 'ProcessClosed' AND leg.receiver <> 1)
                        OR convert_from(text, 'UTF8')::json ->> 'corrects' IS NOT NULL
                    )
                )
        END
    ) THEN
        RAISE EXCEPTION 'covenant: a bound lot leaves'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'covenant';
    END IF;
    WITH moved AS (
        SELECT bound.covenant, base_unit, leg.seq, ordinal,
            leg.rights_units * ((giver = 1)::integer - (receiver = 1)::integer) AS came,
            leg.rights_units * ((receiver = 5)::integer - (giver = 5)::integer) AS gone
        FROM added AS leg
        JOIN bound ON bound.lot = leg.lot
        JOIN covenants AS covenant ON covenant.number = bound.covenant
        WHERE leg.rights_units > 0 AND (giver IN (1, 5) OR receiver IN (1, 5))
            AND ended_seq IS NULL AND leg.occurred_ms < until_ms
    ), so_far AS (
        SELECT covenant, base_unit, came, gone, per_mille,
            balance.in_units + sum(came) OVER line AS in_so_far,
            balance.shrunk_units + sum(gone) OVER line AS shrunk_so_far
        FROM moved JOIN covenant_balances AS balance USING (covenant, base_unit)
        WINDOW line AS (PARTITION BY covenant, base_unit ORDER BY seq, ordinal)
    ), changed AS (
        SELECT covenant, base_unit, sum(came) AS came, sum(gone) AS gone,
            bool_or(shrunk_so_far * 1000 > greatest(in_so_far, 0) * per_mille) AS is_too_much
        FROM so_far GROUP BY covenant, base_unit
    ), done AS (
        UPDATE covenant_balances AS balance SET
            in_units = balance.in_units + changed.came,
            shrunk_units = balance.shrunk_units + changed.gone
        FROM changed
        WHERE balance.covenant = changed.covenant AND balance.base_unit = changed.base_unit
        RETURNING is_too_much
    )
    SELECT bool_or(done.is_too_much) INTO has_shrunk FROM done;
    IF has_shrunk THEN
        RAISE EXCEPTION 'covenant: bound lots shrink'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'covenant_shrinkage';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER bound_lots_stay AFTER INSERT ON legs REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.bound_lots_stay();

CREATE TRIGGER covenants_end_once BEFORE UPDATE ON covenants FOR EACH ROW
    WHEN (
        OLD.ended_seq IS NOT NULL OR NEW.ended_seq IS NULL OR (
            OLD.number, OLD.seq, OLD.id, OLD.until_ms, OLD.keeps_custody, OLD.shrinkage_per_mille
        ) IS DISTINCT FROM (
            NEW.number, NEW.seq, NEW.id, NEW.until_ms, NEW.keeps_custody, NEW.shrinkage_per_mille
        )
    ) EXECUTE FUNCTION {schema}.refuse_change();
CREATE TRIGGER covenants_are_never_deleted BEFORE DELETE OR TRUNCATE ON covenants
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();
CREATE TRIGGER members_leave_once BEFORE UPDATE ON covenant_members FOR EACH ROW
    WHEN (
        OLD.until_seq IS NOT NULL OR NEW.until_seq IS NULL
        OR (OLD.covenant, OLD.account, OLD.seq, OLD.from_ms)
            IS DISTINCT FROM (NEW.covenant, NEW.account, NEW.seq, NEW.from_ms)
    ) EXECUTE FUNCTION {schema}.refuse_change();
CREATE TRIGGER members_are_never_deleted BEFORE DELETE OR TRUNCATE ON covenant_members
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();
CREATE TRIGGER bound_lots_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON bound
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();
CREATE TRIGGER away_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON away
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();
-- What may be lost stands in the covenant.
CREATE TRIGGER covenant_balances_keep_their_limit BEFORE UPDATE ON covenant_balances FOR EACH ROW
    WHEN (
        (OLD.covenant, OLD.base_unit, OLD.per_mille)
            IS DISTINCT FROM (NEW.covenant, NEW.base_unit, NEW.per_mille)
    ) EXECUTE FUNCTION {schema}.refuse_change();
CREATE TRIGGER covenant_balances_are_never_deleted BEFORE DELETE OR TRUNCATE ON covenant_balances
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();
