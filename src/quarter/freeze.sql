-- What a quarter rests on, read in a fixed order: for hashes and for the computations. Content of cases is not read.

-- name: freeze_responses(region_id bigint, quarter text) :each
SELECT r.row_no, r.unit_id, r.stratum, r.psu, r.weight
FROM response r JOIN survey_round o ON o.region_id = r.region_id AND o.id = r.round_id
WHERE r.region_id = $1 AND o.quarter = $2 ORDER BY r.row_no;

-- name: freeze_answers(region_id bigint, quarter text) :each
SELECT a.question_code, a.row_no, a.value
FROM answer a JOIN survey_round o ON o.region_id = a.region_id AND o.id = a.round_id
WHERE a.region_id = $1 AND o.quarter = $2 ORDER BY a.question_code, a.row_no, a.value;

-- name: freeze_disputes(region_id bigint, from_quarter text, quarter text) :each
SELECT id, unit_id, kind_code, quarter, settled_on, performed_on FROM dispute
WHERE region_id = $1 AND quarter >= $2 AND quarter <= $3 AND joined_to IS NULL ORDER BY id;

-- name: freeze_population(region_id bigint, until text) :each
SELECT o.territory_id, o.value, o.period, o.demo
FROM observation o JOIN territory t ON t.region_id = o.region_id AND t.id = o.territory_id
WHERE o.region_id = $1 AND o.indicator_code = 'population' AND t.level = 2 AND o.period <= $2
ORDER BY o.territory_id, o.period, o.source_id;

-- name: freeze_proposals(region_id bigint, until text) :each
SELECT id, number, state, sent_on, due_on, addressee_id FROM proposal
WHERE region_id = $1 AND created_on <= $2 ORDER BY id;

-- name: freeze_visits(region_id bigint, until text) :each
SELECT id, territory_id, on_date, state FROM visit WHERE region_id = $1 AND on_date <= $2 ORDER BY id;

-- Which survey a quarter had.
-- name: freeze_round(region_id bigint, quarter text) :opt
SELECT o.id, o.instrument_id, o.field_from, o.field_to, o.refused, o.demo, i.code AS instrument_code, i.version AS instrument_version
FROM survey_round o JOIN instrument i ON i.region_id = o.region_id AND i.id = o.instrument_id
WHERE o.region_id = $1 AND o.quarter = $2;

-- The answers to one question, by respondent; in the order of the answer table's key.
-- name: freeze_question(region_id bigint, round_id id, question_code text) :each
SELECT row_no, value FROM answer WHERE region_id = $1 AND round_id = $2 AND question_code = $3 ORDER BY row_no, value;

-- name: freeze_indicators(region_id bigint, instrument_code text) :many
SELECT code, question_code, name_kk, name_ru, name_en, direction FROM survey_indicator
WHERE region_id = $1 AND instrument_code = $2 ORDER BY ordinal, code;

-- name: freeze_choices(region_id bigint, instrument_id id, question_code text) :many
SELECT code, text_kk, text_ru, text_en, good, missing FROM question_choice
WHERE region_id = $1 AND instrument_id = $2 AND question_code = $3 ORDER BY ordinal, code;

-- Disputes by unit, kind and quarter: the series of counts and forecasts.
-- name: freeze_dispute_cells(region_id bigint, from_quarter text, quarter text) :many
-- > disputes bigint
-- > settled bigint
-- > performed bigint
SELECT unit_id, kind_code, quarter, COUNT(*) AS disputes, SUM(CASE WHEN settled_on <> '' THEN 1 ELSE 0 END) AS settled,
       SUM(CASE WHEN performed_on <> '' THEN 1 ELSE 0 END) AS performed
FROM dispute WHERE region_id = $1 AND quarter >= $2 AND quarter <= $3 AND joined_to IS NULL
GROUP BY unit_id, kind_code, quarter ORDER BY unit_id, kind_code, quarter;

-- The first quarter in which a dispute is recorded.
-- name: freeze_first_quarter(region_id bigint) :one
-- > quarter text?
SELECT MIN(quarter) AS quarter FROM dispute WHERE region_id = $1;
