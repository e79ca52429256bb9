-- The kernel's own tables: long work and the record of who did what.
-- (schema_version is made by src/db/migrate.c before the first migration.)

-- Order of the Kazakh alphabet; in SQLite the program gives the collation of the same name.
-- only: postgres
CREATE COLLATION IF NOT EXISTS kk (provider = icu, locale = 'kk');

CREATE TABLE job (
    region_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    job_key TEXT NOT NULL,
    args TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    lang TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    run_after_us BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    started_us BIGINT,
    finished_us BIGINT,
    heartbeat_us BIGINT,
    worker TEXT NOT NULL,
    progress_done BIGINT NOT NULL,
    progress_total BIGINT NOT NULL,
    progress_text TEXT NOT NULL,
    stop_asked SMALLINT NOT NULL,
    error TEXT NOT NULL,
    CONSTRAINT job_pk PRIMARY KEY (region_id, id),
    CONSTRAINT job_state_known CHECK (state IN ('waiting', 'running', 'done', 'failed', 'stopped')),
    CONSTRAINT job_stop_asked_bool CHECK (stop_asked IN (0, 1)),
    CONSTRAINT job_lang_known CHECK (lang IN ('kk', 'ru', 'en'))
);

-- The same work waits or runs once only.
CREATE UNIQUE INDEX job_active_key_unique ON job (region_id, kind, job_key)
    WHERE job_key <> '' AND state IN ('waiting', 'running');
CREATE INDEX job_waiting ON job (state, run_after_us);

-- Append-only; the hashes chain the entries of a region.
CREATE TABLE audit_entry (
    region_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT audit_entry_pk PRIMARY KEY (region_id, seq)
);
CREATE INDEX audit_entry_object ON audit_entry (region_id, object, seq);
CREATE INDEX audit_entry_account ON audit_entry (region_id, account_id, seq);

-- The end of each region's chain: one row to lock while an entry is added, and what a removal of the
-- newest entries would contradict.
CREATE TABLE audit_head (
    region_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT audit_head_pk PRIMARY KEY (region_id)
);
