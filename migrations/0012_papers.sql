-- The papers of a case: what each must say is dated, editable data; what was made of it is sealed with the case.

-- The clauses of a kind of paper, in order, with the article each rests on. {name} stands for what is filled in from the case.
CREATE TABLE paper_clause (
    region_id  BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    ordinal    BIGINT NOT NULL,
    heading_kk TEXT NOT NULL,
    heading_ru TEXT NOT NULL,
    text_kk    TEXT NOT NULL,
    text_ru    TEXT NOT NULL,
    article    TEXT NOT NULL,
    verified   SMALLINT NOT NULL DEFAULT 0,   -- 1: a lawyer has checked it against the text in force
    valid_from TEXT NOT NULL DEFAULT '',
    valid_to   TEXT NOT NULL DEFAULT '',
    CONSTRAINT paper_clause_pk PRIMARY KEY (region_id, id),
    CONSTRAINT paper_clause_kind CHECK (kind IN ('contract', 'settlement', 'referral', 'ending', 'court')),
    CONSTRAINT paper_clause_verified CHECK (verified IN (0, 1))
);
CREATE INDEX paper_clause_by_kind ON paper_clause (region_id, kind, ordinal);

-- A version of a paper. sealed: its text in Kazakh and in Russian, as it was filled.
CREATE TABLE paper (
    region_id  BIGINT NOT NULL,
    dispute_id BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    version    BIGINT NOT NULL,
    made_us    BIGINT NOT NULL,
    made_by    BIGINT NOT NULL,
    day        TEXT NOT NULL,
    sealed     BYTEA NOT NULL,
    scan_us    BIGINT NOT NULL DEFAULT 0,     -- when the signed scan was added; 0: there is none
    scan_hash  TEXT NOT NULL DEFAULT '',      -- BLAKE2b-256 of the scan itself, so that another copy can be compared
    scan_type  TEXT NOT NULL DEFAULT '',
    scan       BYTEA,                         -- sealed
    CONSTRAINT paper_pk PRIMARY KEY (region_id, dispute_id, id),
    CONSTRAINT paper_version UNIQUE (region_id, dispute_id, kind, version),
    CONSTRAINT paper_of FOREIGN KEY (region_id, dispute_id) REFERENCES dispute (region_id, id)
);
