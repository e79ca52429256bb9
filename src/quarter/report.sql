-- What the report of a quarter tells beside the figures of its run.

-- Population of the units with its source, newest not after a day.
-- name: report_population(region_id bigint, until text) :many
SELECT o.id, o.territory_id, o.value, o.period, o.demo, s.title_kk AS source_kk, s.title_ru AS source_ru, s.title_en AS source_en
FROM observation o
JOIN territory t ON t.region_id = o.region_id AND t.id = o.territory_id
JOIN source s ON s.region_id = o.region_id AND s.id = o.source_id
WHERE o.region_id = $1 AND o.indicator_code = 'population' AND t.level = 2 AND o.period <= $2 AND o.period = (
    SELECT MAX(x.period) FROM observation x
    WHERE x.region_id = o.region_id AND x.territory_id = o.territory_id AND x.indicator_code = 'population' AND x.period <= $2)
ORDER BY o.territory_id;

-- Kinds of dispute that occur in a quarter, in their order.
-- name: report_kinds(region_id bigint, quarter text) :many
SELECT k.code, k.name_kk, k.name_ru, k.name_en FROM dispute_kind k
WHERE k.region_id = $1 AND EXISTS (
    SELECT 1 FROM dispute d WHERE d.region_id = k.region_id AND d.kind_code = k.code AND d.quarter = $2)
ORDER BY k.ordinal, k.code;

-- Disputes and settlements of the whole region, quarter by quarter.
-- name: report_totals(region_id bigint, from_quarter text, quarter text) :many
-- > disputes bigint
-- > offences bigint
-- > settled bigint
-- > performed bigint
SELECT quarter, COUNT(*) AS disputes, SUM(offence) AS offences, SUM(CASE WHEN settled_on <> '' THEN 1 ELSE 0 END) AS settled,
       SUM(CASE WHEN performed_on <> '' THEN 1 ELSE 0 END) AS performed
FROM dispute WHERE region_id = $1 AND quarter >= $2 AND quarter <= $3 AND joined_to IS NULL GROUP BY quarter ORDER BY quarter;

-- Meetings of the structures and associations in a quarter, by body.
-- name: report_meetings(region_id bigint, from_day text, to_day text) :many
-- > meetings bigint
-- > attended bigint
-- > decisions bigint
SELECT o.id, o.name_kk, o.name_ru, o.name_en, COUNT(*) AS meetings, SUM(COALESCE(m.attended, 0)) AS attended,
       SUM((SELECT COUNT(*) FROM decision x WHERE x.region_id = m.region_id AND x.meeting_id = m.id)) AS decisions
FROM meeting m JOIN organisation o ON o.region_id = m.region_id AND o.id = m.organisation_id
WHERE m.region_id = $1 AND m.on_date >= $2 AND m.on_date <= $3
GROUP BY o.id, o.name_kk, o.name_ru, o.name_en, o.ordinal ORDER BY o.ordinal, o.id;

-- Proposals made within days; and (open = 1) older ones that were not yet answered when these days began.
-- name: report_proposals(region_id bigint, from_day text, to_day text, older bigint) :many
SELECT p.id, p.number, p.problem, p.text, p.term_days, p.term_kind, p.created_on, p.sent_on, p.due_on, p.state, o.name_kk, o.name_ru, o.name_en
FROM proposal p JOIN organisation o ON o.region_id = p.region_id AND o.id = p.addressee_id
WHERE p.region_id = $1 AND ((CAST($4 AS BIGINT) = 0 AND p.created_on >= $2 AND p.created_on <= $3)
    OR (CAST($4 AS BIGINT) = 1 AND p.created_on < $2 AND p.state <> 'draft'))
ORDER BY p.created_on, p.number;

-- What a new run changed: estimates that differ from those of the run before it.
-- name: run_differences(region_id bigint, run_id id, before_id id) :many
SELECT e.indicator_code, e.territory_id, b.value AS before_value, e.value AS after_value
FROM estimate e JOIN estimate b ON b.region_id = e.region_id AND b.run_id = $3 AND b.indicator_code = e.indicator_code
     AND b.territory_id = e.territory_id
WHERE e.region_id = $1 AND e.run_id = $2 AND (e.value IS DISTINCT FROM b.value)
ORDER BY e.indicator_code, e.territory_id;

-- The run of the same quarter that stood before this one.
-- name: run_before(region_id bigint, quarter text, run_no bigint) :opt
SELECT id, run_no, state, inputs_hash FROM quarter_run WHERE region_id = $1 AND quarter = $2 AND run_no < $3 ORDER BY run_no DESC LIMIT 1;

-- How the forecasts did up to a run: its own scores and those of the earlier quarters in force. Neither what came later
-- nor another edition of the same quarter, so that the report reads the same whenever it is written.
-- name: report_ledger(region_id bigint, run_id id, quarter text) :many
-- > forecasts bigint
-- > inside50 bigint
-- > inside80 bigint
-- > inside95 bigint
-- > log_score double
-- > baseline_log double
SELECT f.period, COUNT(*) AS forecasts, SUM(s.inside50) AS inside50, SUM(s.inside80) AS inside80, SUM(s.inside95) AS inside95,
       SUM(s.log_score) AS log_score, SUM(s.baseline_log) AS baseline_log
FROM forecast_score s
JOIN forecast f ON f.region_id = s.region_id AND f.run_id = s.forecast_run_id AND f.id = s.forecast_id
JOIN quarter_run r ON r.region_id = s.region_id AND r.id = s.run_id
WHERE s.region_id = $1 AND (r.id = $2 OR (r.quarter < $3 AND r.state IN ('closed', 'signed')))
GROUP BY f.period ORDER BY f.period;

-- The questionnaire of a survey, in its order.
-- name: report_questions(region_id bigint, instrument_id id) :many
SELECT code, block, kind, text_kk, text_ru, text_en FROM question
WHERE region_id = $1 AND instrument_id = $2 ORDER BY ordinal, code;
