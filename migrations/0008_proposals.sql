-- Proposals to state bodies: problem, evidence, addressee, term, answer, effect.

CREATE TABLE proposal (
    region_id      BIGINT NOT NULL,
    id             BIGINT NOT NULL,
    number         TEXT NOT NULL,
    once_key       TEXT NOT NULL,
    quarter        TEXT NOT NULL,
    problem        TEXT NOT NULL,
    text           TEXT NOT NULL,
    addressee_id   BIGINT NOT NULL,           -- organisation of kind 'state_body'
    territory_id   BIGINT,
    basis          TEXT NOT NULL DEFAULT '',
    effect         TEXT NOT NULL DEFAULT '',  -- what should get better
    indicator_code TEXT NOT NULL DEFAULT '',  -- and by which figure it will be seen
    term_days      BIGINT NOT NULL,
    term_kind      TEXT NOT NULL,
    created_on     TEXT NOT NULL,
    sent_on        TEXT NOT NULL DEFAULT '',
    due_on         TEXT NOT NULL DEFAULT '',
    state          TEXT NOT NULL,
    account_id     BIGINT NOT NULL,
    version        BIGINT NOT NULL DEFAULT 1,
    demo           SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT proposal_pk PRIMARY KEY (region_id, id),
    CONSTRAINT proposal_number UNIQUE (region_id, number),
    CONSTRAINT proposal_once UNIQUE (region_id, once_key),
    CONSTRAINT proposal_addressee FOREIGN KEY (region_id, addressee_id) REFERENCES organisation (region_id, id),
    CONSTRAINT proposal_term CHECK (term_kind IN ('working', 'calendar')),
    CONSTRAINT proposal_state CHECK (state IN ('draft', 'agreed', 'sent', 'registered', 'accepted', 'part', 'refused', 'done')),
    CONSTRAINT proposal_demo CHECK (demo IN (0, 1))
);
CREATE INDEX proposal_by_state ON proposal (region_id, state, due_on);
CREATE INDEX proposal_by_quarter ON proposal (region_id, quarter);
CREATE INDEX proposal_by_addressee ON proposal (region_id, addressee_id, state);
CREATE INDEX proposal_by_place ON proposal (region_id, territory_id);

-- What a proposal rests on: an estimate, a forecast, a protected count, an observation.
CREATE TABLE proposal_evidence (
    region_id   BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL,
    ordinal     BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    figure_id   BIGINT NOT NULL,
    label       TEXT NOT NULL,                -- as it read when it was attached
    CONSTRAINT proposal_evidence_pk PRIMARY KEY (region_id, proposal_id, ordinal),
    CONSTRAINT proposal_evidence_of FOREIGN KEY (region_id, proposal_id) REFERENCES proposal (region_id, id),
    CONSTRAINT proposal_evidence_kind CHECK (kind IN ('estimate', 'forecast', 'count', 'observation', 'visit'))
);

CREATE TABLE proposal_event (
    region_id   BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    at_us       BIGINT NOT NULL,
    account_id  BIGINT NOT NULL,
    state       TEXT NOT NULL,
    note        TEXT NOT NULL DEFAULT '',
    CONSTRAINT proposal_event_pk PRIMARY KEY (region_id, proposal_id, id),
    CONSTRAINT proposal_event_of FOREIGN KEY (region_id, proposal_id) REFERENCES proposal (region_id, id)
);

CREATE TABLE proposal_reply (
    region_id   BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    number      TEXT NOT NULL DEFAULT '',
    on_date     TEXT NOT NULL,
    decision    TEXT NOT NULL,
    text        TEXT NOT NULL,
    account_id  BIGINT NOT NULL,
    CONSTRAINT proposal_reply_pk PRIMARY KEY (region_id, proposal_id, id),
    CONSTRAINT proposal_reply_of FOREIGN KEY (region_id, proposal_id) REFERENCES proposal (region_id, id),
    CONSTRAINT proposal_reply_decision CHECK (decision IN ('accepted', 'part', 'refused', 'done'))
);
