-- Disputes and their mediation. CONFIDENTIAL columns (summary, party names, session minutes, obligations) are read
-- by the case's mediator and clerk only; statistics and forecasts read place, date, kind and state, nothing else.
-- There is no column for anybody's ethnicity, and there will be none.

-- What disputes may be about (the incident categories), editable reference data.
CREATE TABLE dispute_kind (
    region_id  BIGINT NOT NULL,
    code       TEXT NOT NULL,                 -- 'neighbour','livestock','pasture','water','trade','labour','school', ...
    name_kk    TEXT NOT NULL,
    name_ru    TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    ordinal    BIGINT NOT NULL,
    valid_from TEXT NOT NULL DEFAULT '',
    valid_to   TEXT NOT NULL DEFAULT '',
    CONSTRAINT dispute_kind_pk PRIMARY KEY (region_id, code)
);

-- The facts that triage asks for: yes / no / not known.
CREATE TABLE triage_fact (
    region_id   BIGINT NOT NULL,
    code        TEXT NOT NULL,
    question_kk TEXT NOT NULL,
    question_ru TEXT NOT NULL,
    question_en TEXT NOT NULL,
    ordinal     BIGINT NOT NULL,
    CONSTRAINT triage_fact_pk PRIMARY KEY (region_id, code)
);

-- The decision table of triage, dated: the first rule (by ordinal) whose fact is answered "yes" decides. A rule with
-- fact_code '' is the last resort. The rules valid on the day of triage are used and named in the record.
CREATE TABLE triage_rule (
    region_id   BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    ordinal     BIGINT NOT NULL,
    fact_code   TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    article     TEXT NOT NULL,                -- the article it rests on, as cited
    action_kk   TEXT NOT NULL,
    action_ru   TEXT NOT NULL,
    action_en   TEXT NOT NULL,
    verified    SMALLINT NOT NULL DEFAULT 0,  -- 1: a lawyer has checked it against the text in force
    valid_from  TEXT NOT NULL DEFAULT '',
    valid_to    TEXT NOT NULL DEFAULT '',
    CONSTRAINT triage_rule_pk PRIMARY KEY (region_id, id),
    CONSTRAINT triage_rule_outcome CHECK (outcome IN ('emergency', 'refer', 'lawyer', 'condition', 'change_mediator', 'mediate')),
    CONSTRAINT triage_rule_verified CHECK (verified IN (0, 1))
);
CREATE INDEX triage_rule_by_order ON triage_rule (region_id, ordinal);

-- The register of mediators, dated. Personal data: a name in a public register.
CREATE TABLE mediator (
    region_id    BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    languages    TEXT NOT NULL DEFAULT 'kk ru', -- languages of mediation, codes with spaces between
    fields       TEXT NOT NULL DEFAULT '',    -- field of mediation, words
    basis        TEXT NOT NULL DEFAULT '',    -- certificate, or decision of the community meeting
    territory_id BIGINT,                      -- the unit where the mediator mainly works
    account_id   BIGINT,
    capacity     BIGINT NOT NULL DEFAULT 8,   -- open cases at a time that the mediator has agreed to
    valid_from   TEXT NOT NULL,
    valid_to     TEXT NOT NULL DEFAULT '',
    demo         SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT mediator_pk PRIMARY KEY (region_id, id),
    CONSTRAINT mediator_kind CHECK (kind IN ('professional', 'public')),
    CONSTRAINT mediator_demo CHECK (demo IN (0, 1))
);
CREATE INDEX mediator_by_account ON mediator (region_id, account_id);

CREATE TABLE dispute (
    region_id     BIGINT NOT NULL,
    id            BIGINT NOT NULL,
    number        TEXT NOT NULL,              -- '2025-0034', in the order of filing
    once_key      TEXT NOT NULL,              -- the form's one-time token: the same form twice files once
    territory_id  BIGINT NOT NULL,            -- settlement, okrug or unit where it happened
    unit_id       BIGINT NOT NULL,            -- the district or city of that place on that day
    occurred_on   TEXT NOT NULL,
    quarter       TEXT NOT NULL,              -- of occurred_on: '2025-Q2'
    filed_us      BIGINT NOT NULL,
    filed_by      BIGINT NOT NULL,            -- account; 0: loaded with the demonstration
    kind_code     TEXT NOT NULL,
    channel       TEXT NOT NULL,
    offence       SMALLINT NOT NULL DEFAULT 0, -- 1: counted as an offence by a competent body
    summary       TEXT NOT NULL,              -- CONFIDENTIAL: what happened
    state         TEXT NOT NULL,
    triage_rule_id BIGINT,
    triage_us     BIGINT,
    resonance     TEXT NOT NULL DEFAULT 'unknown', -- is it seen as a matter between communities?
    resonance_reason TEXT NOT NULL DEFAULT '',
    mediator_id   BIGINT,
    clerk_id      BIGINT,                     -- account of the clerk who keeps the case
    contract_on   TEXT NOT NULL DEFAULT '',   -- day 0 of the clock
    due_on        TEXT NOT NULL DEFAULT '',   -- last day of the term, prolongation included
    prolonged_on  TEXT NOT NULL DEFAULT '',
    settled_on    TEXT NOT NULL DEFAULT '',   -- the settlement was signed
    performed_on  TEXT NOT NULL DEFAULT '',   -- everything promised was done
    breach_on     TEXT NOT NULL DEFAULT '',   -- a promise was not kept: the sides were told that a court can decide
    closed_on     TEXT NOT NULL DEFAULT '',
    version       BIGINT NOT NULL DEFAULT 1,
    demo          SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT dispute_pk PRIMARY KEY (region_id, id),
    CONSTRAINT dispute_number UNIQUE (region_id, number),
    CONSTRAINT dispute_once UNIQUE (region_id, once_key),
    CONSTRAINT dispute_place FOREIGN KEY (region_id, territory_id) REFERENCES territory (region_id, id),
    CONSTRAINT dispute_unit FOREIGN KEY (region_id, unit_id) REFERENCES territory (region_id, id),
    CONSTRAINT dispute_of_kind FOREIGN KEY (region_id, kind_code) REFERENCES dispute_kind (region_id, code),
    CONSTRAINT dispute_mediator FOREIGN KEY (region_id, mediator_id) REFERENCES mediator (region_id, id),
    CONSTRAINT dispute_channel CHECK (channel IN ('visit', 'phone', 'letter', 'web', 'police', 'court', 'akimat', 'school', 'association', 'monitoring', 'other')),
    CONSTRAINT dispute_state CHECK (state IN ('intake', 'emergency', 'referred', 'lawyer', 'offered', 'contract', 'sessions', 'settled',
        'refused_one', 'refused_both', 'impossible', 'expired', 'follow_up', 'closed')),
    CONSTRAINT dispute_resonance CHECK (resonance IN ('no', 'unknown', 'alleged_side', 'alleged_public', 'established')),
    CONSTRAINT dispute_offence CHECK (offence IN (0, 1)),
    CONSTRAINT dispute_demo CHECK (demo IN (0, 1))
);
CREATE INDEX dispute_by_time ON dispute (region_id, filed_us, id);
CREATE INDEX dispute_by_quarter ON dispute (region_id, quarter, unit_id, kind_code);
CREATE INDEX dispute_by_place ON dispute (region_id, territory_id, quarter);
CREATE INDEX dispute_by_state ON dispute (region_id, state, due_on);
CREATE INDEX dispute_by_mediator ON dispute (region_id, mediator_id, state);

-- The last number given in a year; its row is locked while a dispute is filed, so that no number comes twice.
CREATE TABLE dispute_counter (
    region_id BIGINT NOT NULL,
    year      BIGINT NOT NULL,
    last      BIGINT NOT NULL,
    CONSTRAINT dispute_counter_pk PRIMARY KEY (region_id, year)
);

-- CONFIDENTIAL, personal data: the sides. A name and how to reach them, whether a minor, who represents them.
CREATE TABLE dispute_party (
    region_id      BIGINT NOT NULL,
    dispute_id     BIGINT NOT NULL,
    ordinal        BIGINT NOT NULL,
    side           TEXT NOT NULL,
    name           TEXT NOT NULL,
    contact        TEXT NOT NULL DEFAULT '',
    minor          SMALLINT NOT NULL DEFAULT 0,
    representative TEXT NOT NULL DEFAULT '',
    consent_on     TEXT NOT NULL DEFAULT '',  -- agreed to mediation
    CONSTRAINT dispute_party_pk PRIMARY KEY (region_id, dispute_id, ordinal),
    CONSTRAINT dispute_party_of FOREIGN KEY (region_id, dispute_id) REFERENCES dispute (region_id, id),
    CONSTRAINT dispute_party_side CHECK (side IN ('first', 'second', 'other')),
    CONSTRAINT dispute_party_minor CHECK (minor IN (0, 1))
);

CREATE TABLE triage_answer (
    region_id  BIGINT NOT NULL,
    dispute_id BIGINT NOT NULL,
    fact_code  TEXT NOT NULL,
    answer     TEXT NOT NULL,
    CONSTRAINT triage_answer_pk PRIMARY KEY (region_id, dispute_id, fact_code),
    CONSTRAINT triage_answer_of FOREIGN KEY (region_id, dispute_id) REFERENCES dispute (region_id, id),
    CONSTRAINT triage_answer_value CHECK (answer IN ('yes', 'no', 'unknown'))
);

-- What must be fulfilled before the contract: the rules of triage that allow mediation on a condition.
CREATE TABLE dispute_condition (
    region_id  BIGINT NOT NULL,
    dispute_id BIGINT NOT NULL,
    rule_id    BIGINT NOT NULL,
    met_on     TEXT NOT NULL DEFAULT '',
    CONSTRAINT dispute_condition_pk PRIMARY KEY (region_id, dispute_id, rule_id),
    CONSTRAINT dispute_condition_of FOREIGN KEY (region_id, dispute_id) REFERENCES dispute (region_id, id),
    CONSTRAINT dispute_condition_rule FOREIGN KEY (region_id, rule_id) REFERENCES triage_rule (region_id, id)
);

-- The timeline: every change of state, assignment and document, in order.
CREATE TABLE dispute_event (
    region_id  BIGINT NOT NULL,
    dispute_id BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    at_us      BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    action     TEXT NOT NULL,                 -- 'filed','triaged','assigned','contract','session','prolonged','settled', ...
    state      TEXT NOT NULL,                 -- after the action
    note       TEXT NOT NULL DEFAULT '',      -- CONFIDENTIAL
    CONSTRAINT dispute_event_pk PRIMARY KEY (region_id, dispute_id, id),
    CONSTRAINT dispute_event_of FOREIGN KEY (region_id, dispute_id) REFERENCES dispute (region_id, id)
);

-- CONFIDENTIAL: meetings of the sides with the mediator.
CREATE TABLE mediation_session (
    region_id  BIGINT NOT NULL,
    dispute_id BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    on_date    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    minutes    TEXT NOT NULL DEFAULT '',
    CONSTRAINT mediation_session_pk PRIMARY KEY (region_id, dispute_id, id),
    CONSTRAINT mediation_session_of FOREIGN KEY (region_id, dispute_id) REFERENCES dispute (region_id, id),
    CONSTRAINT mediation_session_kind CHECK (kind IN ('joint', 'separate'))
);

-- CONFIDENTIAL: what the settlement promises: what, who, until when, done?
CREATE TABLE obligation (
    region_id  BIGINT NOT NULL,
    dispute_id BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    side       TEXT NOT NULL,
    text       TEXT NOT NULL,
    due_on     TEXT NOT NULL,
    done_on    TEXT NOT NULL DEFAULT '',
    CONSTRAINT obligation_pk PRIMARY KEY (region_id, dispute_id, id),
    CONSTRAINT obligation_of FOREIGN KEY (region_id, dispute_id) REFERENCES dispute (region_id, id),
    CONSTRAINT obligation_side CHECK (side IN ('first', 'second', 'both'))
);
