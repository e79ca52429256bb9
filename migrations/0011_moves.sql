-- The lawful moves of a case, so that the database itself refuses others; CASE_STEPS (src/mediation/mediation.c) and triage
-- are where they come from, and a test compares the two.
CREATE TABLE case_move (
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    CONSTRAINT case_move_pk PRIMARY KEY (from_state, to_state)
);
INSERT INTO case_move (from_state, to_state) VALUES
    ('intake', 'emergency'), ('intake', 'referred'), ('intake', 'lawyer'), ('intake', 'offered'), ('intake', 'refused_one'),
    ('intake', 'refused_both'), ('intake', 'closed'), ('emergency', 'intake'), ('emergency', 'referred'), ('lawyer', 'emergency'),
    ('lawyer', 'referred'), ('lawyer', 'offered'), ('lawyer', 'refused_one'), ('lawyer', 'refused_both'), ('lawyer', 'closed'),
    ('referred', 'lawyer'), ('referred', 'closed'), ('offered', 'contract'), ('offered', 'refused_one'), ('offered', 'refused_both'),
    ('offered', 'closed'), ('contract', 'sessions'), ('contract', 'refused_one'), ('contract', 'refused_both'),
    ('contract', 'impossible'), ('contract', 'expired'), ('sessions', 'settled'), ('sessions', 'refused_one'),
    ('sessions', 'refused_both'), ('sessions', 'impossible'), ('sessions', 'expired'), ('settled', 'follow_up'),
    ('refused_one', 'closed'), ('refused_one', 'intake'), ('refused_both', 'closed'), ('refused_both', 'intake'),
    ('impossible', 'closed'), ('impossible', 'intake'), ('expired', 'closed'), ('expired', 'intake'), ('follow_up', 'closed'),
    ('closed', 'intake');

-- One quarrel that was filed twice: the record that ends points to the one that goes on, and is not counted.
ALTER TABLE dispute ADD COLUMN joined_to BIGINT;
-- Two quarrels in one record: the new one points to where it came from.
ALTER TABLE dispute ADD COLUMN split_from BIGINT;
CREATE INDEX dispute_by_joined ON dispute (region_id, joined_to);

-- only: sqlite
CREATE TRIGGER dispute_moves BEFORE UPDATE OF state ON dispute
WHEN NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM case_move WHERE from_state = OLD.state AND to_state = NEW.state)
BEGIN
    SELECT RAISE(ABORT, 'no lawful move of a case');
END;

-- only: postgres
CREATE FUNCTION dispute_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM case_move WHERE from_state = OLD.state AND to_state = NEW.state) THEN
        RAISE EXCEPTION 'no lawful move of a case' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
-- only: postgres
CREATE TRIGGER dispute_moves BEFORE UPDATE OF state ON dispute FOR EACH ROW EXECUTE FUNCTION dispute_moves();
