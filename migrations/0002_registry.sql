-- The registry: places, bodies, people in office, and every published number about a place.
-- One row, one fact. Dated facts carry valid_from/valid_to (ISO dates; '' = not known / still valid) and
-- are never overwritten: a change closes one row and opens the next.

-- Which regions this database holds. region_id everywhere = the two-digit KATO prefix (61: Turkistan region);
-- 0 is the republic: its rows (the republic and the regions with their outlines) are seen by all.
CREATE TABLE region (
    id      BIGINT NOT NULL,
    kato    TEXT NOT NULL,
    name_kk TEXT NOT NULL,
    name_ru TEXT NOT NULL,
    name_en TEXT NOT NULL,
    demo    SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT region_pk PRIMARY KEY (id),
    CONSTRAINT region_demo CHECK (demo IN (0, 1))
);

-- Where a number, a name or a line on the map comes from, and under which licence it may be shown.
CREATE TABLE source (
    region_id   BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    code        TEXT NOT NULL,                -- 'kato', 'boundaries', 'geonames', 'osm', ...
    title_kk    TEXT NOT NULL,
    title_ru    TEXT NOT NULL,
    title_en    TEXT NOT NULL,
    on_date     TEXT NOT NULL DEFAULT '',
    licence     TEXT NOT NULL DEFAULT '',
    attribution TEXT NOT NULL DEFAULT '',
    demo        SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT source_pk PRIMARY KEY (region_id, id),
    CONSTRAINT source_code UNIQUE (region_id, code),
    CONSTRAINT source_demo CHECK (demo IN (0, 1))
);

-- A place, from the republic down to a settlement. The republic and the regions belong to region_id 0.
CREATE TABLE territory (
    region_id    BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    level        BIGINT NOT NULL,             -- 0 republic, 1 region, 2 unit (district or city), 3 rural okrug or town, 4 settlement
    kind         TEXT NOT NULL,               -- 'republic','region','city','district','okrug','town','village','minor' (farms, sidings, herders' houses)
    kato         TEXT NOT NULL,               -- nine digits as valid in the row's time; '' where none was given
    name_kk      TEXT NOT NULL,
    name_ru      TEXT NOT NULL,
    name_en      TEXT NOT NULL,
    name_en_made SMALLINT NOT NULL DEFAULT 0, -- 1: transliterated by us, no official English form
    valid_from   TEXT NOT NULL DEFAULT '',
    valid_to     TEXT NOT NULL DEFAULT '',    -- the first day on which it is no longer valid
    approximate  SMALLINT NOT NULL DEFAULT 0, -- 1: the dates are known to the year only
    lon          DOUBLE PRECISION,            -- WGS 84 degrees; NULL where no point is known
    lat          DOUBLE PRECISION,
    point_status TEXT NOT NULL DEFAULT 'none',
    source_id    BIGINT,
    point_source_id BIGINT,
    version      BIGINT NOT NULL DEFAULT 1,
    CONSTRAINT territory_pk PRIMARY KEY (region_id, id),
    CONSTRAINT territory_made CHECK (name_en_made IN (0, 1)),
    CONSTRAINT territory_approximate CHECK (approximate IN (0, 1)),
    CONSTRAINT territory_level CHECK (level BETWEEN 0 AND 4),
    CONSTRAINT territory_point CHECK (point_status IN ('sure', 'chosen', 'ambiguous', 'none'))
);
CREATE INDEX territory_by_kato ON territory (region_id, kato);
CREATE INDEX territory_by_level ON territory (region_id, level, valid_to);
CREATE INDEX territory_by_point ON territory (region_id, point_status, level);
CREATE INDEX territory_by_source ON territory (region_id, source_id);
CREATE INDEX territory_by_point_source ON territory (region_id, point_source_id);

-- Which place belongs to which, dated: an okrug may pass from one district to another.
CREATE TABLE territory_parent (
    region_id    BIGINT NOT NULL,
    territory_id BIGINT NOT NULL,
    valid_from   TEXT NOT NULL DEFAULT '',
    valid_to     TEXT NOT NULL DEFAULT '',
    parent_id    BIGINT NOT NULL,             -- may be a territory of region 0
    CONSTRAINT territory_parent_pk PRIMARY KEY (region_id, territory_id, valid_from),
    CONSTRAINT territory_parent_of FOREIGN KEY (region_id, territory_id) REFERENCES territory (region_id, id)
);
CREATE INDEX territory_parent_children ON territory_parent (region_id, parent_id, valid_to);

-- What became of what: splits, mergers, renamings, new codes.
CREATE TABLE territory_change (
    region_id   BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    on_date     TEXT NOT NULL,
    approximate SMALLINT NOT NULL DEFAULT 0,
    kind        TEXT NOT NULL,
    from_id     BIGINT NOT NULL,
    to_id       BIGINT NOT NULL,
    note        TEXT NOT NULL DEFAULT '',
    CONSTRAINT territory_change_pk PRIMARY KEY (region_id, id),
    CONSTRAINT territory_change_approximate CHECK (approximate IN (0, 1)),
    CONSTRAINT territory_change_kind CHECK (kind IN ('split', 'merge', 'rename', 'recode', 'transfer', 'create'))
);
CREATE INDEX territory_change_from ON territory_change (region_id, from_id);
CREATE INDEX territory_change_to ON territory_change (region_id, to_id);

-- Outlines, dated, in two precisions; geometry in the coding of src/geo.
CREATE TABLE territory_outline (
    region_id    BIGINT NOT NULL,
    territory_id BIGINT NOT NULL,
    valid_from   TEXT NOT NULL DEFAULT '',
    detail       BIGINT NOT NULL,             -- 0 overview, 1 detail
    valid_to     TEXT NOT NULL DEFAULT '',
    approximate  SMALLINT NOT NULL DEFAULT 0,
    geometry     BYTEA NOT NULL,
    source_id    BIGINT,
    CONSTRAINT territory_outline_pk PRIMARY KEY (region_id, territory_id, valid_from, detail),
    CONSTRAINT territory_outline_approximate CHECK (approximate IN (0, 1)),
    CONSTRAINT territory_outline_of FOREIGN KEY (region_id, territory_id) REFERENCES territory (region_id, id)
);

-- Points among which a person must choose (the queue of ambiguous settlements).
CREATE TABLE point_candidate (
    region_id    BIGINT NOT NULL,
    territory_id BIGINT NOT NULL,
    source_id    BIGINT NOT NULL,
    ordinal      BIGINT NOT NULL,             -- 0: what the source would choose
    lon          DOUBLE PRECISION NOT NULL,
    lat          DOUBLE PRECISION NOT NULL,
    note         TEXT NOT NULL DEFAULT '',    -- the point's id in the source
    CONSTRAINT point_candidate_pk PRIMARY KEY (region_id, territory_id, source_id, ordinal),
    CONSTRAINT point_candidate_of FOREIGN KEY (region_id, territory_id) REFERENCES territory (region_id, id),
    CONSTRAINT point_candidate_source FOREIGN KEY (region_id, source_id) REFERENCES source (region_id, id)
);

-- Base map layers of a pack: water, rivers, borders, towns (geometry in the coding of src/geo).
CREATE TABLE basemap_feature (
    region_id BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    layer     TEXT NOT NULL,                  -- 'water','waterway','boundary','place'
    rank      BIGINT NOT NULL DEFAULT 0,
    name_kk   TEXT NOT NULL DEFAULT '',
    name_ru   TEXT NOT NULL DEFAULT '',
    name_en   TEXT NOT NULL DEFAULT '',
    geometry  BYTEA NOT NULL,
    source_id BIGINT,
    CONSTRAINT basemap_feature_pk PRIMARY KEY (region_id, id)
);

-- The classifier of ethnic communities (reference data, the same everywhere). Used for published composition
-- and for anonymous answers only; nothing in this database joins it to a person.
CREATE TABLE community (
    code    TEXT NOT NULL,
    name_kk TEXT NOT NULL,
    name_ru TEXT NOT NULL,
    name_en TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    CONSTRAINT community_pk PRIMARY KEY (code)
);

-- Composition of the population of a place on a date: from published statistics, as counts or shares.
CREATE TABLE composition (
    region_id      BIGINT NOT NULL,
    territory_id   BIGINT NOT NULL,
    on_date        TEXT NOT NULL,             -- '2023' or '2023-01-01'
    community_code TEXT NOT NULL,
    source_id      BIGINT NOT NULL,
    persons        BIGINT,
    share          DOUBLE PRECISION,          -- 0..1
    demo           SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT composition_pk PRIMARY KEY (region_id, territory_id, on_date, community_code, source_id),
    CONSTRAINT composition_of FOREIGN KEY (region_id, territory_id) REFERENCES territory (region_id, id),
    CONSTRAINT composition_community FOREIGN KEY (community_code) REFERENCES community (code),
    CONSTRAINT composition_source FOREIGN KEY (region_id, source_id) REFERENCES source (region_id, id),
    CONSTRAINT composition_value CHECK (persons IS NOT NULL OR share IS NOT NULL),
    CONSTRAINT composition_demo CHECK (demo IN (0, 1))
);
CREATE INDEX composition_by_source ON composition (region_id, source_id);

-- Every other number about a place and a period: its definition, and its values.
CREATE TABLE indicator (
    region_id  BIGINT NOT NULL,
    code       TEXT NOT NULL,                 -- 'population','school_places','water_days', ...
    name_kk    TEXT NOT NULL,
    name_ru    TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    unit_kk    TEXT NOT NULL DEFAULT '',
    unit_ru    TEXT NOT NULL DEFAULT '',
    unit_en    TEXT NOT NULL DEFAULT '',
    definition TEXT NOT NULL DEFAULT '',
    block      TEXT NOT NULL DEFAULT '',      -- 'people','school','water','land','work','road', ...
    direction  BIGINT NOT NULL DEFAULT 0,     -- 1: more is better, -1: less is better, 0: neither
    decimals   BIGINT NOT NULL DEFAULT 0,
    minimum_n  BIGINT NOT NULL DEFAULT 0,
    on_map     SMALLINT NOT NULL DEFAULT 0,
    ordinal    BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT indicator_pk PRIMARY KEY (region_id, code),
    CONSTRAINT indicator_on_map CHECK (on_map IN (0, 1))
);
CREATE TABLE observation (
    region_id      BIGINT NOT NULL,
    indicator_code TEXT NOT NULL,
    territory_id   BIGINT NOT NULL,
    period         TEXT NOT NULL,             -- '2023', '2025-Q2' or a date
    source_id      BIGINT NOT NULL,
    id             BIGINT NOT NULL,           -- travels into pages, sheets and report.json
    value          DOUBLE PRECISION NOT NULL,
    n              BIGINT,                    -- how many it rests on, where that is known
    demo           SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT observation_pk PRIMARY KEY (region_id, indicator_code, territory_id, period, source_id),
    CONSTRAINT observation_id UNIQUE (region_id, id),
    CONSTRAINT observation_of FOREIGN KEY (region_id, territory_id) REFERENCES territory (region_id, id),
    CONSTRAINT observation_indicator FOREIGN KEY (region_id, indicator_code) REFERENCES indicator (region_id, code),
    CONSTRAINT observation_source FOREIGN KEY (region_id, source_id) REFERENCES source (region_id, id),
    CONSTRAINT observation_demo CHECK (demo IN (0, 1))
);
CREATE INDEX observation_by_place ON observation (region_id, territory_id, indicator_code, period);
CREATE INDEX observation_by_source ON observation (region_id, source_id);

-- Files of figures that a person gave to the importer: kept (db/blob.h) between looking and writing, and afterwards as
-- evidence of what was written.
CREATE TABLE figure_import (
    region_id  BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    blob       TEXT NOT NULL,                 -- name of the file's bytes
    file_name  TEXT NOT NULL,
    source     TEXT NOT NULL DEFAULT '',      -- for rows that name none themselves
    state      TEXT NOT NULL,
    written    BIGINT NOT NULL DEFAULT 0,     -- rows written and rows left out
    left_out   BIGINT NOT NULL DEFAULT 0,
    account_id BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    once_key   TEXT NOT NULL,
    CONSTRAINT figure_import_pk PRIMARY KEY (region_id, id),
    CONSTRAINT figure_import_once UNIQUE (region_id, once_key),
    CONSTRAINT figure_import_state CHECK (state IN ('waiting', 'written'))
);
CREATE INDEX figure_import_by_time ON figure_import (region_id, created_us);

-- Settlements under attention, with the reason; a person puts them there and takes them off.
CREATE TABLE attention (
    region_id    BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    territory_id BIGINT NOT NULL,
    valid_from   TEXT NOT NULL,
    valid_to     TEXT NOT NULL DEFAULT '',
    reason_kk    TEXT NOT NULL,
    reason_ru    TEXT NOT NULL,
    reason_en    TEXT NOT NULL,
    end_reason   TEXT NOT NULL DEFAULT '',    -- why it was taken off the list
    once_key     TEXT NOT NULL DEFAULT '',
    account_id   BIGINT,
    demo         SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT attention_pk PRIMARY KEY (region_id, id),
    CONSTRAINT attention_of FOREIGN KEY (region_id, territory_id) REFERENCES territory (region_id, id),
    CONSTRAINT attention_demo CHECK (demo IN (0, 1))
);
CREATE UNIQUE INDEX attention_once ON attention (region_id, once_key) WHERE once_key <> '';
CREATE INDEX attention_by_place ON attention (region_id, territory_id, valid_to);

-- Bodies: the institution, departments, branches, associations, public structures, state bodies.
-- Names are dated: a renaming closes one row and opens the next, with an organisation_change between them.
CREATE TABLE organisation (
    region_id    BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    kind         TEXT NOT NULL,               -- 'institution','department','branch','association','structure','state_body','other'
    parent_id    BIGINT,
    territory_id BIGINT,                      -- where it works
    level        TEXT NOT NULL DEFAULT '',    -- associations: 'region','city','district','village'
    name_kk      TEXT NOT NULL,
    name_ru      TEXT NOT NULL,
    name_en      TEXT NOT NULL,
    tasks_kk     TEXT NOT NULL DEFAULT '',
    tasks_ru     TEXT NOT NULL DEFAULT '',
    tasks_en     TEXT NOT NULL DEFAULT '',
    placeholder  SMALLINT NOT NULL DEFAULT 0, -- 1: the real name is not published; shown as such
    ordinal      BIGINT NOT NULL DEFAULT 0,
    valid_from   TEXT NOT NULL DEFAULT '',
    valid_to     TEXT NOT NULL DEFAULT '',
    version      BIGINT NOT NULL DEFAULT 1,
    demo         SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT organisation_pk PRIMARY KEY (region_id, id),
    CONSTRAINT organisation_placeholder CHECK (placeholder IN (0, 1)),
    CONSTRAINT organisation_demo CHECK (demo IN (0, 1))
);
CREATE INDEX organisation_by_kind ON organisation (region_id, kind, valid_to, ordinal);
CREATE INDEX organisation_by_parent ON organisation (region_id, parent_id);
CREATE INDEX organisation_by_place ON organisation (region_id, territory_id);

-- How a body is reached from a day on, until the next row's day. '' in a column: none known.
CREATE TABLE organisation_contact (
    region_id       BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    valid_from      TEXT NOT NULL,
    office_phone    TEXT NOT NULL DEFAULT '',
    address         TEXT NOT NULL DEFAULT '',
    set_by          BIGINT NOT NULL DEFAULT 0,   -- account; 0: the command line
    set_us          BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT organisation_contact_pk PRIMARY KEY (region_id, organisation_id, valid_from)
);

CREATE TABLE organisation_change (
    region_id BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    on_date   TEXT NOT NULL,
    kind      TEXT NOT NULL,
    from_id   BIGINT NOT NULL,
    to_id     BIGINT NOT NULL,
    note_kk   TEXT NOT NULL DEFAULT '',
    note_ru   TEXT NOT NULL DEFAULT '',
    note_en   TEXT NOT NULL DEFAULT '',
    CONSTRAINT organisation_change_pk PRIMARY KEY (region_id, id),
    CONSTRAINT organisation_change_kind CHECK (kind IN ('successor', 'merger', 'rename', 'split'))
);
CREATE INDEX organisation_change_to ON organisation_change (region_id, to_id);
CREATE INDEX organisation_change_from ON organisation_change (region_id, from_id);

-- One row a post: the staff of a day is the posts valid on it.
CREATE TABLE staff_post (
    region_id       BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    category        TEXT NOT NULL,
    title_kk        TEXT NOT NULL,
    title_ru        TEXT NOT NULL,
    title_en        TEXT NOT NULL,
    valid_from      TEXT NOT NULL,
    valid_to        TEXT NOT NULL DEFAULT '',
    demo            SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT staff_post_pk PRIMARY KEY (region_id, id),
    CONSTRAINT staff_post_of FOREIGN KEY (region_id, organisation_id) REFERENCES organisation (region_id, id),
    CONSTRAINT staff_post_category CHECK (category IN ('region', 'branch', 'maintenance')),
    CONSTRAINT staff_post_demo CHECK (demo IN (0, 1))
);
CREATE INDEX staff_post_by_organisation ON staff_post (region_id, organisation_id, valid_to);

-- Personal data: the name of a person in a public office of a body, and nothing else about the person.
CREATE TABLE membership (
    region_id       BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    person_name     TEXT NOT NULL,
    role            TEXT NOT NULL,
    mandate         TEXT NOT NULL DEFAULT '', -- the decision by which the person was appointed or elected
    valid_from      TEXT NOT NULL,
    valid_to        TEXT NOT NULL DEFAULT '',
    demo            SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT membership_pk PRIMARY KEY (region_id, id),
    CONSTRAINT membership_of FOREIGN KEY (region_id, organisation_id) REFERENCES organisation (region_id, id),
    CONSTRAINT membership_role CHECK (role IN ('head', 'chair', 'deputy', 'secretary', 'member')),
    CONSTRAINT membership_demo CHECK (demo IN (0, 1))
);
CREATE INDEX membership_by_organisation ON membership (region_id, organisation_id, valid_to);

CREATE TABLE meeting (
    region_id       BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    on_date         TEXT NOT NULL,
    territory_id    BIGINT,
    place           TEXT NOT NULL DEFAULT '',
    agenda          TEXT NOT NULL,
    minutes         TEXT NOT NULL DEFAULT '',
    attended        BIGINT,
    demo            SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT meeting_pk PRIMARY KEY (region_id, id),
    CONSTRAINT meeting_of FOREIGN KEY (region_id, organisation_id) REFERENCES organisation (region_id, id),
    CONSTRAINT meeting_demo CHECK (demo IN (0, 1))
);
CREATE INDEX meeting_by_organisation ON meeting (region_id, organisation_id, on_date);

CREATE TABLE decision (
    region_id  BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    meeting_id BIGINT NOT NULL,
    number     TEXT NOT NULL,
    text       TEXT NOT NULL,
    demo       SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT decision_pk PRIMARY KEY (region_id, id),
    CONSTRAINT decision_of FOREIGN KEY (region_id, meeting_id) REFERENCES meeting (region_id, id),
    CONSTRAINT decision_demo CHECK (demo IN (0, 1))
);
CREATE INDEX decision_by_meeting ON decision (region_id, meeting_id);

CREATE TABLE task (
    region_id       BIGINT NOT NULL,
    id              BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,          -- who must do it
    decision_id     BIGINT,
    text            TEXT NOT NULL,
    due_on          TEXT NOT NULL,
    done_on         TEXT NOT NULL DEFAULT '',
    result          TEXT NOT NULL DEFAULT '',
    account_id      BIGINT,                   -- who is responsible, where that person has an account
    version         BIGINT NOT NULL DEFAULT 1,
    demo            SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT task_pk PRIMARY KEY (region_id, id),
    CONSTRAINT task_of FOREIGN KEY (region_id, organisation_id) REFERENCES organisation (region_id, id),
    CONSTRAINT task_demo CHECK (demo IN (0, 1))
);
CREATE INDEX task_by_organisation ON task (region_id, organisation_id, done_on, due_on);

-- Search over everything: one row a word, folded by the program (base/str.h), found by its beginning.
CREATE TABLE search_word (
    region_id BIGINT NOT NULL,
    word_key  TEXT NOT NULL,
    kind      TEXT NOT NULL,                  -- 'territory','organisation','proposal', ...: never the content of a case
    object_id BIGINT NOT NULL,
    CONSTRAINT search_word_pk PRIMARY KEY (region_id, word_key, kind, object_id)
);
CREATE INDEX search_word_by_object ON search_word (region_id, kind, object_id);
