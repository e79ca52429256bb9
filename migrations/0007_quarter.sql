-- The quarter: what was frozen, computed, foreseen, chosen, reported and signed. Every published figure is a row
-- here whose id travels into the page, the sheet and report.json.

CREATE TABLE quarter_run (
    region_id   BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    quarter     TEXT NOT NULL,
    run_no      BIGINT NOT NULL,              -- 1, and one more each time the quarter is opened again
    state       TEXT NOT NULL,
    program     TEXT NOT NULL DEFAULT '',     -- version of the program that computed it
    inputs_hash TEXT NOT NULL DEFAULT '',     -- over all quarter_input rows
    started_us  BIGINT NOT NULL,
    closed_us   BIGINT,
    account_id  BIGINT NOT NULL,
    signed_by   TEXT NOT NULL DEFAULT '',     -- the name of the person who signed it off
    signed_us   BIGINT,
    reopened_reason TEXT NOT NULL DEFAULT '', -- why this run was opened after the one before
    version     BIGINT NOT NULL DEFAULT 1,
    demo        SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT quarter_run_pk PRIMARY KEY (region_id, id),
    CONSTRAINT quarter_run_no UNIQUE (region_id, quarter, run_no),
    CONSTRAINT quarter_run_state CHECK (state IN ('running', 'failed', 'closed', 'signed', 'superseded')),
    CONSTRAINT quarter_run_demo CHECK (demo IN (0, 1))
);

CREATE TABLE quarter_input (
    region_id BIGINT NOT NULL,
    run_id    BIGINT NOT NULL,
    name      TEXT NOT NULL,                  -- 'responses','answers','disputes','population','proposals', ...
    n_rows    BIGINT NOT NULL,
    hash      TEXT NOT NULL,
    CONSTRAINT quarter_input_pk PRIMARY KEY (region_id, run_id, name),
    CONSTRAINT quarter_input_of FOREIGN KEY (region_id, run_id) REFERENCES quarter_run (region_id, id)
);

CREATE TABLE quarter_step (
    region_id   BIGINT NOT NULL,
    run_id      BIGINT NOT NULL,
    ordinal     BIGINT NOT NULL,
    name        TEXT NOT NULL,                -- 'freeze','estimate','count','forecast','score','choose','report'
    state       TEXT NOT NULL,
    started_us  BIGINT,
    finished_us BIGINT,
    note        TEXT NOT NULL DEFAULT '',
    CONSTRAINT quarter_step_pk PRIMARY KEY (region_id, run_id, ordinal),
    CONSTRAINT quarter_step_of FOREIGN KEY (region_id, run_id) REFERENCES quarter_run (region_id, id),
    CONSTRAINT quarter_step_state CHECK (state IN ('waiting', 'running', 'done', 'failed'))
);

CREATE TABLE quarter_output (
    region_id BIGINT NOT NULL,
    run_id    BIGINT NOT NULL,
    name      TEXT NOT NULL,                  -- 'report-2025-Q3-kk.docx'
    lang      TEXT NOT NULL DEFAULT '',
    format    TEXT NOT NULL,                  -- 'docx','pdf','xlsx','json'
    hash      TEXT NOT NULL,                  -- of the bytes; also the key in the blob store
    size      BIGINT NOT NULL,
    CONSTRAINT quarter_output_pk PRIMARY KEY (region_id, run_id, name),
    CONSTRAINT quarter_output_of FOREIGN KEY (region_id, run_id) REFERENCES quarter_run (region_id, id)
);

-- A survey figure with its design-based interval. status 'refused' carries no value: too little to say.
CREATE TABLE estimate (
    region_id      BIGINT NOT NULL,
    run_id         BIGINT NOT NULL,
    id             BIGINT NOT NULL,
    indicator_code TEXT NOT NULL,             -- survey_indicator.code, or 'question=choice' for a distribution
    territory_id   BIGINT NOT NULL,           -- a unit, or the region
    period         TEXT NOT NULL,
    value          DOUBLE PRECISION,
    se             DOUBLE PRECISION,
    lower          DOUBLE PRECISION,
    upper          DOUBLE PRECISION,
    n              BIGINT NOT NULL,
    psu            BIGINT NOT NULL,
    deff           DOUBLE PRECISION,
    status         TEXT NOT NULL,
    reason         TEXT NOT NULL DEFAULT '',
    method         TEXT NOT NULL,
    CONSTRAINT estimate_pk PRIMARY KEY (region_id, run_id, id),
    CONSTRAINT estimate_key UNIQUE (region_id, run_id, indicator_code, territory_id),
    CONSTRAINT estimate_of FOREIGN KEY (region_id, run_id) REFERENCES quarter_run (region_id, id),
    CONSTRAINT estimate_status CHECK (status IN ('ok', 'flag', 'refused'))
);
CREATE INDEX estimate_by_place ON estimate (region_id, territory_id, indicator_code, period);

-- Disputes counted at the freeze: by unit (or the region) and kind ('' = all kinds). Unprotected: never shown as it
-- is; every page and report passes it through the protection of small cells.
CREATE TABLE dispute_count (
    region_id    BIGINT NOT NULL,
    run_id       BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    territory_id BIGINT NOT NULL,
    kind_code    TEXT NOT NULL,
    period       TEXT NOT NULL,
    disputes     BIGINT NOT NULL,
    settled      BIGINT NOT NULL,
    performed    BIGINT NOT NULL,
    CONSTRAINT dispute_count_pk PRIMARY KEY (region_id, run_id, id),
    CONSTRAINT dispute_count_key UNIQUE (region_id, run_id, territory_id, kind_code, period),
    CONSTRAINT dispute_count_of FOREIGN KEY (region_id, run_id) REFERENCES quarter_run (region_id, id)
);

-- What the next quarter may bring, for a place and a kind of dispute; with intervals, or abstaining with the reason.
CREATE TABLE forecast (
    region_id    BIGINT NOT NULL,
    run_id       BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    territory_id BIGINT NOT NULL,
    kind_code    TEXT NOT NULL,
    period       TEXT NOT NULL,               -- the quarter foreseen
    method       TEXT NOT NULL,
    mean         DOUBLE PRECISION,
    size         DOUBLE PRECISION,            -- of the negative binomial; NULL: Poisson
    lower50      BIGINT,
    upper50      BIGINT,
    lower80      BIGINT,
    upper80      BIGINT,
    lower95      BIGINT,
    upper95      BIGINT,
    status       TEXT NOT NULL,
    reason       TEXT NOT NULL DEFAULT '',
    CONSTRAINT forecast_pk PRIMARY KEY (region_id, run_id, id),
    CONSTRAINT forecast_key UNIQUE (region_id, run_id, territory_id, kind_code, period),
    CONSTRAINT forecast_of FOREIGN KEY (region_id, run_id) REFERENCES quarter_run (region_id, id),
    CONSTRAINT forecast_status CHECK (status IN ('ok', 'abstain'))
);
CREATE INDEX forecast_by_period ON forecast (region_id, period, territory_id);

-- The ledger: each forecast beside what came, and beside what a simple baseline would have said.
CREATE TABLE forecast_score (
    region_id      BIGINT NOT NULL,
    run_id         BIGINT NOT NULL,           -- the run that scored it
    forecast_run_id BIGINT NOT NULL,
    forecast_id    BIGINT NOT NULL,
    observed       BIGINT NOT NULL,
    log_score      DOUBLE PRECISION NOT NULL,
    rps            DOUBLE PRECISION NOT NULL,
    baseline_log   DOUBLE PRECISION NOT NULL,
    baseline_rps   DOUBLE PRECISION NOT NULL,
    inside50       SMALLINT NOT NULL,
    inside80       SMALLINT NOT NULL,
    inside95       SMALLINT NOT NULL,
    CONSTRAINT forecast_score_pk PRIMARY KEY (region_id, run_id, forecast_id),
    CONSTRAINT forecast_score_of FOREIGN KEY (region_id, run_id) REFERENCES quarter_run (region_id, id)
);

-- Places proposed for a visit, with the reasons; a person accepts or declines.
CREATE TABLE recommendation (
    region_id    BIGINT NOT NULL,
    run_id       BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    territory_id BIGINT NOT NULL,
    reason       TEXT NOT NULL,               -- codes with their figures, JSON; worded in the reader's language
    drawn        SMALLINT NOT NULL DEFAULT 0, -- 1: drawn by lot (keeps learning, keeps lists from proving themselves)
    state        TEXT NOT NULL DEFAULT 'proposed',
    decided_by   BIGINT,
    decided_us   BIGINT,
    note         TEXT NOT NULL DEFAULT '',
    CONSTRAINT recommendation_pk PRIMARY KEY (region_id, run_id, id),
    CONSTRAINT recommendation_of FOREIGN KEY (region_id, run_id) REFERENCES quarter_run (region_id, id),
    CONSTRAINT recommendation_drawn CHECK (drawn IN (0, 1)),
    CONSTRAINT recommendation_state CHECK (state IN ('proposed', 'accepted', 'declined'))
);

CREATE TABLE visit (
    region_id    BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    territory_id BIGINT NOT NULL,
    on_date      TEXT NOT NULL,
    purpose      TEXT NOT NULL,
    summary      TEXT NOT NULL DEFAULT '',
    state        TEXT NOT NULL DEFAULT 'planned',
    recommendation_id BIGINT,
    account_id   BIGINT NOT NULL,
    version      BIGINT NOT NULL DEFAULT 1,
    demo         SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT visit_pk PRIMARY KEY (region_id, id),
    CONSTRAINT visit_of FOREIGN KEY (region_id, territory_id) REFERENCES territory (region_id, id),
    CONSTRAINT visit_state CHECK (state IN ('planned', 'done', 'cancelled')),
    CONSTRAINT visit_demo CHECK (demo IN (0, 1))
);
CREATE INDEX visit_by_place ON visit (region_id, territory_id, on_date);
CREATE INDEX visit_by_date ON visit (region_id, on_date);
