-- Keys of content: what is confidential stands sealed in the database, and a copy of it opens nothing.
-- An account has a pair of keys; the secret one is locked by its password, and for a session by that session's token,
-- which only the browser has. A case has a key of its own, sealed for each of its readers.

CREATE TABLE account_key (
    region_id  BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    public_key BYTEA NOT NULL,
    locked_key BYTEA NOT NULL,                -- the secret key, locked by a key made of the password
    salt       BYTEA NOT NULL,
    created_us BIGINT NOT NULL,
    retired_us BIGINT NOT NULL DEFAULT 0,     -- 0: in use; else somebody else set the password then
    CONSTRAINT account_key_pk PRIMARY KEY (region_id, id),
    CONSTRAINT account_key_of FOREIGN KEY (region_id, account_id) REFERENCES account (region_id, id)
);
CREATE INDEX account_key_by_account ON account_key (region_id, account_id, retired_us);

ALTER TABLE session ADD COLUMN key_id BIGINT;
ALTER TABLE session ADD COLUMN locked_key BYTEA; -- the account's secret key, locked by the session's token

-- Who can open a case: its key, sealed for a reader. account_id 0: sealed for recovery.
CREATE TABLE case_key (
    region_id  BIGINT NOT NULL,
    dispute_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    key_id     BIGINT NOT NULL,               -- account_key, or content_recovery for account 0
    sealed     BYTEA NOT NULL,
    since_us   BIGINT NOT NULL,
    CONSTRAINT case_key_pk PRIMARY KEY (region_id, dispute_id, account_id),
    CONSTRAINT case_key_of FOREIGN KEY (region_id, dispute_id) REFERENCES dispute (region_id, id)
);
CREATE INDEX case_key_by_account ON case_key (region_id, account_id);

-- Sealed content. The columns of plain text beside them are empty, but in records from before the seals: those are
-- sealed when they are next opened.
ALTER TABLE dispute ADD COLUMN sealed BYTEA;           -- summary, resonance_reason
ALTER TABLE dispute_party ADD COLUMN sealed BYTEA;     -- name, contact, representative
ALTER TABLE dispute_event ADD COLUMN sealed BYTEA;     -- note
ALTER TABLE mediation_session ADD COLUMN sealed BYTEA; -- minutes
ALTER TABLE obligation ADD COLUMN sealed BYTEA;        -- text

-- A way back where a reader is lost: a pair of keys whose secret half exists only as two shares, each sealed for one
-- named holder. Neither holder alone, nor the database, opens anything.
CREATE TABLE content_recovery (
    region_id  BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    public_key BYTEA NOT NULL,
    holder_a   BIGINT NOT NULL,
    key_a      BIGINT NOT NULL,
    share_a    BYTEA NOT NULL,
    holder_b   BIGINT NOT NULL,
    key_b      BIGINT NOT NULL,
    share_b    BYTEA NOT NULL,
    made_by    BIGINT NOT NULL,
    made_us    BIGINT NOT NULL,
    retired_us BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT content_recovery_pk PRIMARY KEY (region_id, id),
    CONSTRAINT content_recovery_two CHECK (holder_a <> holder_b)
);

-- Somebody needs the cases they are clerk or mediator of opened for their new key.
CREATE TABLE recovery_request (
    region_id   BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,              -- for whom
    reason      TEXT NOT NULL,
    asked_by    BIGINT NOT NULL,
    asked_us    BIGINT NOT NULL,
    recovery_id BIGINT,
    first_by    BIGINT,                       -- the holder who agreed first
    first_us    BIGINT NOT NULL DEFAULT 0,
    first_share BYTEA,                        -- that holder's share, sealed for the other holder
    ended_by    BIGINT,
    ended_us    BIGINT NOT NULL DEFAULT 0,
    state       TEXT NOT NULL DEFAULT 'asked',
    cases       BIGINT NOT NULL DEFAULT 0,    -- opened
    version     BIGINT NOT NULL DEFAULT 1,
    CONSTRAINT recovery_request_pk PRIMARY KEY (region_id, id),
    CONSTRAINT recovery_request_state CHECK (state IN ('asked', 'half', 'done', 'refused'))
);
CREATE INDEX recovery_request_by_state ON recovery_request (region_id, state);
