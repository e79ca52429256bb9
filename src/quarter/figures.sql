-- The figures of a run: written once, read by pages, reports and the next quarter.

-- name: estimate_insert(region_id bigint, run_id id, id id, indicator_code text, territory_id id, period text, value double?, se double?, lower double?, upper double?, n bigint, psu bigint, deff double?, status text, reason text, method text) :exec
INSERT INTO estimate (region_id, run_id, id, indicator_code, territory_id, period, value, se, lower, upper, n, psu, deff, status, reason, method)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: estimate_of_run(region_id bigint, run_id id) :many
SELECT id, indicator_code, territory_id, period, value, se, lower, upper, n, psu, deff, status, reason, method FROM estimate
WHERE region_id = $1 AND run_id = $2 ORDER BY indicator_code, territory_id;

-- The estimates in force of one indicator for one place, quarter by quarter.
-- name: estimate_series(region_id bigint, territory_id id, indicator_code text) :many
SELECT e.id, e.period, e.value, e.lower, e.upper, e.n, e.status, e.reason
FROM estimate e JOIN quarter_run r ON r.region_id = e.region_id AND r.id = e.run_id
WHERE e.region_id = $1 AND e.territory_id = $2 AND e.indicator_code = $3 AND r.state IN ('closed', 'signed')
ORDER BY e.period;

-- name: count_insert(region_id bigint, run_id id, id id, territory_id id, kind_code text, period text, disputes bigint, settled bigint, performed bigint) :exec
INSERT INTO dispute_count (region_id, run_id, id, territory_id, kind_code, period, disputes, settled, performed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: count_of_run(region_id bigint, run_id id) :many
SELECT id, territory_id, kind_code, period, disputes, settled, performed FROM dispute_count
WHERE region_id = $1 AND run_id = $2 ORDER BY territory_id, kind_code;

-- name: forecast_insert(region_id bigint, run_id id, id id, territory_id id, kind_code text, period text, method text, mean double?, size double?, lower50 bigint?, upper50 bigint?, lower80 bigint?, upper80 bigint?, lower95 bigint?, upper95 bigint?, status text, reason text) :exec
INSERT INTO forecast (region_id, run_id, id, territory_id, kind_code, period, method, mean, size, lower50, upper50, lower80, upper80,
    lower95, upper95, status, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: forecast_of_run(region_id bigint, run_id id) :many
SELECT id, territory_id, kind_code, period, method, mean, size, lower50, upper50, lower80, upper80, lower95, upper95, status, reason
FROM forecast WHERE region_id = $1 AND run_id = $2 ORDER BY territory_id, kind_code;

-- The forecasts that runs in force made for a quarter.
-- name: forecast_for(region_id bigint, period text) :many
SELECT f.run_id, f.id, f.territory_id, f.kind_code, f.method, f.mean, f.size, f.lower50, f.upper50, f.lower80, f.upper80, f.lower95,
       f.upper95, f.status, f.reason
FROM forecast f JOIN quarter_run r ON r.region_id = f.region_id AND r.id = f.run_id
WHERE f.region_id = $1 AND f.period = $2 AND r.state IN ('closed', 'signed') ORDER BY f.territory_id, f.kind_code;

-- name: score_insert(region_id bigint, run_id id, forecast_run_id id, forecast_id id, observed bigint, log_score double, rps double, baseline_log double, baseline_rps double, inside50 bool, inside80 bool, inside95 bool) :exec
INSERT INTO forecast_score (region_id, run_id, forecast_run_id, forecast_id, observed, log_score, rps, baseline_log, baseline_rps,
    inside50, inside80, inside95)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- The scored forecasts of a run, with the forecast beside what came.
-- name: score_of_run(region_id bigint, run_id id) :many
SELECT s.forecast_id, f.territory_id, f.period, f.mean, f.lower80, f.upper80, s.observed, s.log_score, s.rps, s.baseline_log,
       s.baseline_rps, s.inside50, s.inside80, s.inside95
FROM forecast_score s
JOIN forecast f ON f.region_id = s.region_id AND f.run_id = s.forecast_run_id AND f.id = s.forecast_id
WHERE s.region_id = $1 AND s.run_id = $2 ORDER BY f.territory_id;

-- The ledger over all quarters: how often the intervals held what came, and the mean scores beside the baseline's.
-- name: score_ledger(region_id bigint) :many
-- > forecasts bigint
-- > inside50 bigint
-- > inside80 bigint
-- > inside95 bigint
-- > log_score double
-- > baseline_log double
-- > rps double
-- > baseline_rps double
SELECT f.period, COUNT(*) AS forecasts, SUM(s.inside50) AS inside50, SUM(s.inside80) AS inside80, SUM(s.inside95) AS inside95,
       SUM(s.log_score) AS log_score, SUM(s.baseline_log) AS baseline_log, SUM(s.rps) AS rps, SUM(s.baseline_rps) AS baseline_rps
FROM forecast_score s
JOIN forecast f ON f.region_id = s.region_id AND f.run_id = s.forecast_run_id AND f.id = s.forecast_id
JOIN quarter_run r ON r.region_id = s.region_id AND r.id = s.run_id
WHERE s.region_id = $1 AND r.state IN ('closed', 'signed')
GROUP BY f.period ORDER BY f.period;

-- name: recommendation_insert(region_id bigint, run_id id, id id, territory_id id, reason text, drawn bool) :exec
INSERT INTO recommendation (region_id, run_id, id, territory_id, reason, drawn) VALUES ($1, $2, $3, $4, $5, $6);

-- name: recommendation_of_run(region_id bigint, run_id id) :many
SELECT r.id, r.territory_id, r.reason, r.drawn, r.state, r.decided_by, r.decided_us, r.note, t.name_kk, t.name_ru, t.name_en
FROM recommendation r JOIN territory t ON t.region_id = r.region_id AND t.id = r.territory_id
WHERE r.region_id = $1 AND r.run_id = $2 ORDER BY t.name_kk COLLATE kk, r.id;

-- name: recommendation_decide(region_id bigint, run_id id, id id, state text, decided_by id, decided_us bigint, note text) :exec
UPDATE recommendation SET state = $4, decided_by = $5, decided_us = $6, note = $7
WHERE region_id = $1 AND run_id = $2 AND id = $3 AND state = 'proposed';

-- The last visit of each settlement up to a day.
-- name: last_visits(region_id bigint, until text) :many
-- > on_date text
SELECT territory_id, MAX(on_date) AS on_date FROM visit
WHERE region_id = $1 AND state = 'done' AND on_date <= $2 GROUP BY territory_id ORDER BY territory_id;
