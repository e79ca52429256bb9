-- Queries of the quarterly survey: questionnaire, rounds, frame, imports, counts of answers.

-- --- the questionnaire ---

-- name: instrument_put(region_id bigint, id id, code text, version bigint, title_kk text, title_ru text, title_en text,
--   consent_kk text, consent_ru text, consent_en text, valid_from text) :exec
INSERT INTO instrument (region_id, id, code, version, title_kk, title_ru, title_en, consent_kk, consent_ru, consent_en, valid_from)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (region_id, code, version) DO NOTHING;

-- name: question_put(region_id bigint, instrument_id id, code text, block text, kind text, text_kk text, text_ru text, text_en text,
--   required bool, most bigint, sensitive bool, ordinal bigint) :exec
INSERT INTO question (region_id, instrument_id, code, block, kind, text_kk, text_ru, text_en, required, most, sensitive, ordinal)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (region_id, instrument_id, code) DO NOTHING;

-- name: choice_put(region_id bigint, instrument_id id, question_code text, code text, text_kk text, text_ru text, text_en text,
--   good bool, missing bool, ordinal bigint) :exec
INSERT INTO question_choice (region_id, instrument_id, question_code, code, text_kk, text_ru, text_en, good, missing, ordinal)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (region_id, instrument_id, question_code, code) DO NOTHING;

-- name: survey_indicator_put(region_id bigint, code text, instrument_code text, question_code text, name_kk text, name_ru text,
--   name_en text, direction bigint, ordinal bigint) :exec
INSERT INTO survey_indicator (region_id, code, instrument_code, question_code, name_kk, name_ru, name_en, direction, ordinal)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (region_id, code) DO NOTHING;

-- The newest version of a questionnaire on a day.
-- name: instrument_on(region_id bigint, code text, on_date text) :opt
SELECT id, code, version, title_kk, title_ru, title_en, consent_kk, consent_ru, consent_en, valid_from, valid_to
FROM instrument WHERE region_id = $1 AND code = $2 AND valid_from <= $3 AND (valid_to = '' OR valid_to > $3)
ORDER BY version DESC LIMIT 1;

-- name: instrument_by_id(region_id bigint, id id) :opt
SELECT id, code, version, title_kk, title_ru, title_en, consent_kk, consent_ru, consent_en, valid_from, valid_to
FROM instrument WHERE region_id = $1 AND id = $2;

-- name: question_list(region_id bigint, instrument_id id) :many
-- > required bool
-- > sensitive bool
SELECT code, block, kind, text_kk, text_ru, text_en, required, most, sensitive
FROM question WHERE region_id = $1 AND instrument_id = $2 ORDER BY ordinal, code;

-- name: choice_list(region_id bigint, instrument_id id) :many
-- > good bool
-- > missing bool
SELECT c.question_code, c.code, c.text_kk, c.text_ru, c.text_en, c.good, c.missing
FROM question_choice c
JOIN question q ON q.region_id = c.region_id AND q.instrument_id = c.instrument_id AND q.code = c.question_code
WHERE c.region_id = $1 AND c.instrument_id = $2 ORDER BY q.ordinal, q.code, c.ordinal, c.code;

-- name: survey_indicator_list(region_id bigint) :many
SELECT code, instrument_code, question_code, name_kk, name_ru, name_en, direction
FROM survey_indicator WHERE region_id = $1 ORDER BY ordinal, code;

-- --- rounds ---

-- name: round_insert(region_id bigint, id id, quarter text, instrument_id id, field_from text, field_to text, refused bigint?, demo bool) :exec
INSERT INTO survey_round (region_id, id, quarter, instrument_id, field_from, field_to, refused, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: round_of_quarter(region_id bigint, quarter text) :opt
-- > demo bool
SELECT id, quarter, instrument_id, field_from, field_to, refused, demo FROM survey_round WHERE region_id = $1 AND quarter = $2;

-- name: round_update(region_id bigint, id id, field_from text, field_to text, refused bigint?) :exec
UPDATE survey_round SET field_from = $3, field_to = $4, refused = $5 WHERE region_id = $1 AND id = $2;

-- Every fieldwork with its answers, newest first.
-- name: round_list(region_id bigint) :many
-- > answers bigint
-- > planned bigint
-- > units bigint
-- > all_units bigint
-- > demo bool
SELECT r.id, r.quarter, r.field_from, r.field_to, r.refused, r.demo,
       (SELECT COALESCE(CAST(SUM(i.rows_kept) AS BIGINT), 0) FROM survey_import i WHERE i.region_id = r.region_id AND i.round_id = r.id) AS answers,
       (SELECT COALESCE(CAST(SUM(s.planned) AS BIGINT), 0) FROM survey_stratum s WHERE s.region_id = r.region_id AND s.round_id = r.id) AS planned,
       (SELECT COUNT(DISTINCT s.unit_id) FROM survey_stratum s WHERE s.region_id = r.region_id AND s.round_id = r.id AND EXISTS (
            SELECT 1 FROM response x WHERE x.region_id = s.region_id AND x.round_id = s.round_id AND x.stratum = s.code)) AS units,
       (SELECT COUNT(DISTINCT s.unit_id) FROM survey_stratum s WHERE s.region_id = r.region_id AND s.round_id = r.id) AS all_units
FROM survey_round r WHERE r.region_id = $1 ORDER BY r.quarter DESC;

-- --- the frame ---

-- name: stratum_put(region_id bigint, round_id id, code text, unit_id id, urban bool, population bigint, planned bigint,
--   computed bool, source text) :exec
INSERT INTO survey_stratum (region_id, round_id, code, unit_id, urban, population, planned, computed, source)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (region_id, round_id, code) DO UPDATE SET population = excluded.population, planned = excluded.planned,
    computed = excluded.computed, source = excluded.source;

-- name: stratum_clear(region_id bigint, round_id id) :exec
DELETE FROM survey_stratum WHERE region_id = $1 AND round_id = $2;

-- The strata of a round with the answers in each.
-- name: stratum_list(region_id bigint, round_id id) :many
-- > urban bool
-- > computed bool
-- > answers bigint
-- > clusters bigint
SELECT s.code, s.unit_id, s.urban, s.population, s.planned, s.computed, s.source, t.kato, t.name_kk, t.name_ru, t.name_en,
       COALESCE(x.answers, 0) AS answers, COALESCE(x.clusters, 0) AS clusters
FROM survey_stratum s JOIN territory t ON t.region_id = s.region_id AND t.id = s.unit_id
LEFT JOIN (SELECT r.stratum, COUNT(*) AS answers, COUNT(DISTINCT r.psu) AS clusters
           FROM response r WHERE r.region_id = $1 AND r.round_id = $2 GROUP BY r.stratum) x ON x.stratum = s.code
WHERE s.region_id = $1 AND s.round_id = $2 ORDER BY t.kato, s.urban DESC;

-- --- answers ---

-- name: import_insert(region_id bigint, id id, round_id id, file_name text, file_hash text, rows_read bigint, rows_kept bigint,
--   weighted bool, account_id bigint, at_us bigint, demo bool) :exec
INSERT INTO survey_import (region_id, id, round_id, file_name, file_hash, rows_read, rows_kept, weighted, account_id, at_us, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: import_by_hash(region_id bigint, round_id id, file_hash text) :opt
SELECT id, at_us, rows_kept FROM survey_import WHERE region_id = $1 AND round_id = $2 AND file_hash = $3;

-- name: import_list(region_id bigint, round_id id) :many
-- > weighted bool
-- > demo bool
-- > account_name text?
SELECT i.id, i.file_name, i.file_hash, i.rows_read, i.rows_kept, i.weighted, i.at_us, i.demo, a.name AS account_name
FROM survey_import i LEFT JOIN account a ON a.id = i.account_id
WHERE i.region_id = $1 AND i.round_id = $2 ORDER BY i.at_us, i.id;

-- name: import_delete(region_id bigint, id id) :exec
DELETE FROM survey_import WHERE region_id = $1 AND id = $2;

-- name: answers_of_import_delete(region_id bigint, round_id id, import_id id) :exec
DELETE FROM answer WHERE region_id = $1 AND round_id = $2 AND row_no IN (
    SELECT r.row_no FROM response r WHERE r.region_id = $1 AND r.round_id = $2 AND r.import_id = $3);

-- name: responses_of_import_delete(region_id bigint, round_id id, import_id id) :exec
DELETE FROM response WHERE region_id = $1 AND round_id = $2 AND import_id = $3;

-- name: last_row_no(region_id bigint, round_id id) :one
-- > last bigint
SELECT COALESCE(MAX(row_no), 0) AS last FROM response WHERE region_id = $1 AND round_id = $2;

-- name: stratum_weight_set(region_id bigint, round_id id, stratum text, weight double) :exec
UPDATE response SET weight = $4 WHERE region_id = $1 AND round_id = $2 AND stratum = $3;

-- name: response_list(region_id bigint, round_id id) :many
SELECT r.row_no, r.stratum, r.psu, r.weight, r.unit_id, t.kato
FROM response r JOIN territory t ON t.region_id = r.region_id AND t.id = r.unit_id
WHERE r.region_id = $1 AND r.round_id = $2 ORDER BY r.row_no;

-- The answers of a round without those to sensitive questions, for the researchers' file.
-- name: answer_list_open(region_id bigint, round_id id) :many
SELECT a.row_no, a.question_code, a.value
FROM answer a
JOIN survey_round r ON r.region_id = a.region_id AND r.id = a.round_id
JOIN question q ON q.region_id = a.region_id AND q.instrument_id = r.instrument_id AND q.code = a.question_code
WHERE a.region_id = $1 AND a.round_id = $2 AND q.sensitive = 0 ORDER BY a.row_no, q.ordinal, a.value;

-- One question's answers with the design, for the distribution.
-- name: answers_to_question(region_id bigint, round_id id, question_code text) :many
SELECT r.row_no, r.stratum, r.psu, r.weight, a.value
FROM answer a JOIN response r ON r.region_id = a.region_id AND r.round_id = a.round_id AND r.row_no = a.row_no
WHERE a.region_id = $1 AND a.round_id = $2 AND a.question_code = $3 ORDER BY r.row_no, a.value;

-- --- files between check and decision ---

-- name: upload_insert(region_id bigint, id id, quarter text, file_name text, file_hash text, sheet text, account_id bigint, at_us bigint) :exec
INSERT INTO survey_upload (region_id, id, quarter, file_name, file_hash, sheet, account_id, at_us)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: upload_by_id(region_id bigint, id id) :opt
SELECT id, quarter, file_name, file_hash, sheet, account_id, at_us FROM survey_upload WHERE region_id = $1 AND id = $2;

-- name: upload_delete(region_id bigint, id id) :exec
DELETE FROM survey_upload WHERE region_id = $1 AND id = $2;

-- name: upload_same(region_id bigint, file_hash text) :one
-- > n bigint
SELECT COUNT(*) AS n FROM survey_upload WHERE region_id = $1 AND file_hash = $2;

-- name: upload_old(region_id bigint, before_us bigint) :many
SELECT id, file_hash FROM survey_upload WHERE region_id = $1 AND at_us < $2;

-- --- what the closed quarter says ---

-- The newest closed run of a quarter.
-- name: closed_run(region_id bigint, quarter text) :opt
SELECT id, state, closed_us, signed_by FROM quarter_run
WHERE region_id = $1 AND quarter = $2 AND state IN ('closed', 'signed') ORDER BY run_no DESC LIMIT 1;

-- Estimates of the perception indicators of a run, with the places' names. The region's own record belongs to the
-- republic (region 0).
-- name: research_estimates(region_id bigint, run_id id) :many
SELECT e.id, e.indicator_code, e.territory_id, e.value, e.lower, e.upper, e.n, e.psu, e.deff, e.status, e.reason,
       t.level, t.kato, t.name_kk, t.name_ru, t.name_en
FROM estimate e JOIN territory t ON t.region_id IN (0, e.region_id) AND t.id = e.territory_id
WHERE e.region_id = $1 AND e.run_id = $2
  AND e.indicator_code IN (SELECT i.code FROM survey_indicator i WHERE i.region_id = $1)
ORDER BY t.level, t.kato, e.indicator_code;

-- One indicator of one place over the closed quarters.
-- name: research_trend(region_id bigint, indicator_code text, territory_id id) :many
SELECT e.period, e.value, e.lower, e.upper, e.n, e.status
FROM estimate e JOIN quarter_run r ON r.region_id = e.region_id AND r.id = e.run_id
WHERE e.region_id = $1 AND e.indicator_code = $2 AND e.territory_id = $3 AND r.state IN ('closed', 'signed')
ORDER BY e.period;
