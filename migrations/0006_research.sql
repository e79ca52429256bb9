-- Quarterly social research: the questionnaire as data, and anonymous answers. No name, address, phone or
-- device of a respondent is stored, and no key that leads to one.

CREATE TABLE instrument (
    region_id  BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    code       TEXT NOT NULL,
    version    BIGINT NOT NULL,
    title_kk   TEXT NOT NULL,
    title_ru   TEXT NOT NULL,
    title_en   TEXT NOT NULL,
    consent_kk TEXT NOT NULL DEFAULT '',      -- read to the respondent before the first question
    consent_ru TEXT NOT NULL DEFAULT '',
    consent_en TEXT NOT NULL DEFAULT '',
    valid_from TEXT NOT NULL,
    valid_to   TEXT NOT NULL DEFAULT '',
    CONSTRAINT instrument_pk PRIMARY KEY (region_id, id),
    CONSTRAINT instrument_version UNIQUE (region_id, code, version)
);

CREATE TABLE question (
    region_id     BIGINT NOT NULL,
    instrument_id BIGINT NOT NULL,
    code          TEXT NOT NULL,              -- 'B1': the column of the answers' file
    block         TEXT NOT NULL,              -- 'A'..'K'
    kind          TEXT NOT NULL,
    text_kk       TEXT NOT NULL,
    text_ru       TEXT NOT NULL,
    text_en       TEXT NOT NULL,
    required      SMALLINT NOT NULL DEFAULT 0,
    most          BIGINT NOT NULL DEFAULT 1,  -- 'multi': how many may be chosen
    sensitive     SMALLINT NOT NULL DEFAULT 0, -- 1: self-identification and the like: region level only
    ordinal       BIGINT NOT NULL,
    CONSTRAINT question_pk PRIMARY KEY (region_id, instrument_id, code),
    CONSTRAINT question_of FOREIGN KEY (region_id, instrument_id) REFERENCES instrument (region_id, id),
    CONSTRAINT question_kind CHECK (kind IN ('single', 'multi', 'scale', 'number', 'open')),
    CONSTRAINT question_required CHECK (required IN (0, 1)),
    CONSTRAINT question_sensitive CHECK (sensitive IN (0, 1))
);

CREATE TABLE question_choice (
    region_id     BIGINT NOT NULL,
    instrument_id BIGINT NOT NULL,
    question_code TEXT NOT NULL,
    code          TEXT NOT NULL,
    text_kk       TEXT NOT NULL,
    text_ru       TEXT NOT NULL,
    text_en       TEXT NOT NULL,
    good          SMALLINT NOT NULL DEFAULT 0, -- 1: counted in the indicator made of this question
    missing       SMALLINT NOT NULL DEFAULT 0, -- 1: "not to say", "don't know": left out of shares
    ordinal       BIGINT NOT NULL,
    CONSTRAINT question_choice_pk PRIMARY KEY (region_id, instrument_id, question_code, code),
    CONSTRAINT question_choice_of FOREIGN KEY (region_id, instrument_id, question_code)
        REFERENCES question (region_id, instrument_id, code),
    CONSTRAINT question_choice_good CHECK (good IN (0, 1)),
    CONSTRAINT question_choice_missing CHECK (missing IN (0, 1))
);

-- Perception indicators made from questions: the share of answers marked good. Published by place and quarter.
CREATE TABLE survey_indicator (
    region_id     BIGINT NOT NULL,
    code          TEXT NOT NULL,              -- 'P1'
    instrument_code TEXT NOT NULL,
    question_code TEXT NOT NULL,
    name_kk       TEXT NOT NULL,
    name_ru       TEXT NOT NULL,
    name_en       TEXT NOT NULL,
    direction     BIGINT NOT NULL DEFAULT 0,
    ordinal       BIGINT NOT NULL,
    CONSTRAINT survey_indicator_pk PRIMARY KEY (region_id, code)
);

-- One fieldwork a quarter.
CREATE TABLE survey_round (
    region_id     BIGINT NOT NULL,
    id            BIGINT NOT NULL,
    quarter       TEXT NOT NULL,
    instrument_id BIGINT NOT NULL,
    field_from    TEXT NOT NULL DEFAULT '',
    field_to      TEXT NOT NULL DEFAULT '',
    refused       BIGINT,                     -- contacts that ended without an interview, where counted
    demo          SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT survey_round_pk PRIMARY KEY (region_id, id),
    CONSTRAINT survey_round_quarter UNIQUE (region_id, quarter),
    CONSTRAINT survey_round_instrument FOREIGN KEY (region_id, instrument_id) REFERENCES instrument (region_id, id),
    CONSTRAINT survey_round_demo CHECK (demo IN (0, 1))
);

-- The frame: how many adults live in each stratum (unit x urban/rural), for weights.
CREATE TABLE survey_stratum (
    region_id  BIGINT NOT NULL,
    round_id   BIGINT NOT NULL,
    code       TEXT NOT NULL,                 -- '615200000-r'
    unit_id    BIGINT NOT NULL,
    urban      SMALLINT NOT NULL,
    population BIGINT NOT NULL,               -- adults
    planned    BIGINT NOT NULL DEFAULT 0,     -- answers wanted; 0: not planned
    computed   SMALLINT NOT NULL DEFAULT 1,   -- 1: by the program from the population, 0: by a person
    source     TEXT NOT NULL DEFAULT '',
    CONSTRAINT survey_stratum_pk PRIMARY KEY (region_id, round_id, code),
    CONSTRAINT survey_stratum_of FOREIGN KEY (region_id, round_id) REFERENCES survey_round (region_id, id),
    CONSTRAINT survey_stratum_urban CHECK (urban IN (0, 1)),
    CONSTRAINT survey_stratum_computed CHECK (computed IN (0, 1))
);

-- One file of answers, as received: what came in, from whom, and what became of it.
CREATE TABLE survey_import (
    region_id  BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    round_id   BIGINT NOT NULL,
    file_name  TEXT NOT NULL,
    file_hash  TEXT NOT NULL,
    rows_read  BIGINT NOT NULL,
    rows_kept  BIGINT NOT NULL,
    weighted   SMALLINT NOT NULL DEFAULT 0,   -- 1: the file brought its weights, 0: computed from the frame
    account_id BIGINT NOT NULL,
    at_us      BIGINT NOT NULL,
    demo       SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT survey_import_pk PRIMARY KEY (region_id, id),
    CONSTRAINT survey_import_once UNIQUE (region_id, round_id, file_hash),
    CONSTRAINT survey_import_of FOREIGN KEY (region_id, round_id) REFERENCES survey_round (region_id, id),
    CONSTRAINT survey_import_weighted CHECK (weighted IN (0, 1)),
    CONSTRAINT survey_import_demo CHECK (demo IN (0, 1))
);

-- A file between its check and the decision to take it; the bytes lie in the blob store under file_hash.
CREATE TABLE survey_upload (
    region_id  BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    quarter    TEXT NOT NULL,
    file_name  TEXT NOT NULL,
    file_hash  TEXT NOT NULL,
    sheet      TEXT NOT NULL DEFAULT '',
    account_id BIGINT NOT NULL,
    at_us      BIGINT NOT NULL,
    CONSTRAINT survey_upload_pk PRIMARY KEY (region_id, id)
);

-- One interview, anonymous. row_no is the position in the file and means nothing else.
CREATE TABLE response (
    region_id BIGINT NOT NULL,
    round_id  BIGINT NOT NULL,
    row_no    BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    unit_id   BIGINT NOT NULL,
    stratum   TEXT NOT NULL,
    psu       TEXT NOT NULL,                  -- primary sampling unit: a code of the settlement or route
    weight    DOUBLE PRECISION NOT NULL,
    CONSTRAINT response_pk PRIMARY KEY (region_id, round_id, row_no),
    CONSTRAINT response_of FOREIGN KEY (region_id, round_id) REFERENCES survey_round (region_id, id)
);
CREATE INDEX response_by_stratum ON response (region_id, round_id, stratum, psu); -- coverage counts need no row

-- One answer: the code of a choice, or a number or open text as given. Several rows for 'multi'.
CREATE TABLE answer (
    region_id     BIGINT NOT NULL,
    round_id      BIGINT NOT NULL,
    question_code TEXT NOT NULL,
    row_no        BIGINT NOT NULL,
    value         TEXT NOT NULL,
    CONSTRAINT answer_pk PRIMARY KEY (region_id, round_id, question_code, row_no, value)
);
