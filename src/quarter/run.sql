-- A quarter's run: its record, steps, frozen inputs and outputs.

-- name: run_insert(region_id bigint, id id, quarter text, run_no bigint, program text, started_us bigint, account_id bigint, reopened_reason text, demo bool) :exec
INSERT INTO quarter_run (region_id, id, quarter, run_no, state, program, started_us, account_id, reopened_reason, demo)
VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, $8, $9);

-- The newest run of a quarter.
-- name: run_latest(region_id bigint, quarter text) :opt
SELECT id, quarter, run_no, state, program, inputs_hash, started_us, closed_us, account_id, signed_by, signed_us, reopened_reason,
       version, demo
FROM quarter_run WHERE region_id = $1 AND quarter = $2 ORDER BY run_no DESC LIMIT 1;

-- The newest run of a quarter that is closed or signed: the one whose figures are in force.
-- name: run_in_force(region_id bigint, quarter text) :opt
SELECT id, quarter, run_no, state, program, inputs_hash, started_us, closed_us, account_id, signed_by, signed_us, reopened_reason,
       version, demo
FROM quarter_run WHERE region_id = $1 AND quarter = $2 AND state IN ('closed', 'signed') ORDER BY run_no DESC LIMIT 1;

-- name: run_by_id(region_id bigint, id id) :one
SELECT id, quarter, run_no, state, program, inputs_hash, started_us, closed_us, account_id, signed_by, signed_us, reopened_reason,
       version, demo
FROM quarter_run WHERE region_id = $1 AND id = $2;

-- All runs, the newest quarter first.
-- name: run_list(region_id bigint) :many
SELECT id, quarter, run_no, state, program, inputs_hash, started_us, closed_us, account_id, signed_by, signed_us, reopened_reason, demo
FROM quarter_run WHERE region_id = $1 ORDER BY quarter DESC, run_no DESC;

-- name: run_close(region_id bigint, id id, inputs_hash text, closed_us bigint) :exec
UPDATE quarter_run SET state = 'closed', inputs_hash = $3, closed_us = $4, version = version + 1
WHERE region_id = $1 AND id = $2 AND state = 'running';

-- name: run_fail(region_id bigint, id id) :exec
UPDATE quarter_run SET state = 'failed', version = version + 1 WHERE region_id = $1 AND id = $2 AND state = 'running';

-- A run that failed or was interrupted is begun again under its own number.
-- name: run_restart(region_id bigint, id id, started_us bigint, program text) :exec
UPDATE quarter_run SET state = 'running', started_us = $3, program = $4, version = version + 1
WHERE region_id = $1 AND id = $2 AND state IN ('failed', 'running');

-- name: run_sign(region_id bigint, id id, signed_by text, signed_us bigint, version bigint) :exec
UPDATE quarter_run SET state = 'signed', signed_by = $3, signed_us = $4, version = version + 1
WHERE region_id = $1 AND id = $2 AND state = 'closed' AND version = $5;

-- name: run_supersede(region_id bigint, quarter text, newer_id id) :exec
UPDATE quarter_run SET state = 'superseded', version = version + 1
WHERE region_id = $1 AND quarter = $2 AND id <> $3 AND state IN ('closed', 'signed');

-- name: run_input_put(region_id bigint, run_id id, name text, n_rows bigint, hash text) :exec
INSERT INTO quarter_input (region_id, run_id, name, n_rows, hash) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (region_id, run_id, name) DO UPDATE SET n_rows = excluded.n_rows, hash = excluded.hash;

-- name: run_inputs(region_id bigint, run_id id) :many
SELECT name, n_rows, hash FROM quarter_input WHERE region_id = $1 AND run_id = $2 ORDER BY name;

-- name: run_step_put(region_id bigint, run_id id, ordinal bigint, name text, state text, started_us bigint?, finished_us bigint?, note text) :exec
INSERT INTO quarter_step (region_id, run_id, ordinal, name, state, started_us, finished_us, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (region_id, run_id, ordinal) DO UPDATE SET state = excluded.state, started_us = excluded.started_us,
    finished_us = excluded.finished_us, note = excluded.note;

-- name: run_steps(region_id bigint, run_id id) :many
SELECT ordinal, name, state, started_us, finished_us, note FROM quarter_step WHERE region_id = $1 AND run_id = $2 ORDER BY ordinal;

-- name: run_output_put(region_id bigint, run_id id, name text, lang text, format text, hash text, size bigint) :exec
INSERT INTO quarter_output (region_id, run_id, name, lang, format, hash, size) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (region_id, run_id, name) DO UPDATE SET hash = excluded.hash, size = excluded.size;

-- name: run_outputs(region_id bigint, run_id id) :many
SELECT name, lang, format, hash, size FROM quarter_output WHERE region_id = $1 AND run_id = $2 ORDER BY lang, format, name;

-- What a run computed is cleared before it is computed again under the same number.
-- name: run_clear_estimates(region_id bigint, run_id id) :exec
DELETE FROM estimate WHERE region_id = $1 AND run_id = $2;
-- name: run_clear_counts(region_id bigint, run_id id) :exec
DELETE FROM dispute_count WHERE region_id = $1 AND run_id = $2;
-- name: run_clear_forecasts(region_id bigint, run_id id) :exec
DELETE FROM forecast WHERE region_id = $1 AND run_id = $2;
-- name: run_clear_scores(region_id bigint, run_id id) :exec
DELETE FROM forecast_score WHERE region_id = $1 AND run_id = $2;
-- name: run_clear_recommendations(region_id bigint, run_id id) :exec
DELETE FROM recommendation WHERE region_id = $1 AND run_id = $2;

-- The newest piece of long work that closes a quarter.
-- name: quarter_job_latest(region_id bigint, job_key text) :opt
SELECT id, state, progress_done, progress_total, progress_text, error FROM job
WHERE region_id = $1 AND kind = 'quarter.close' AND job_key = $2 ORDER BY id DESC LIMIT 1;

-- How many answers each quarter has.
-- name: quarter_answers(region_id bigint) :many
-- > answers bigint
SELECT o.quarter, (SELECT COUNT(*) FROM response r WHERE r.region_id = o.region_id AND r.round_id = o.id) AS answers
FROM survey_round o WHERE o.region_id = $1 ORDER BY o.quarter DESC;

-- The newest run in force of any quarter: the one whose forecasts look ahead.
-- name: run_newest(region_id bigint) :opt
SELECT id, quarter, run_no, state, demo FROM quarter_run
WHERE region_id = $1 AND state IN ('closed', 'signed') ORDER BY quarter DESC, run_no DESC LIMIT 1;
