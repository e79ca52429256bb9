-- name: job_add(region_id bigint, id bigint, kind text, job_key text, args text, account_id bigint, lang text,
--   run_after_us bigint, created_us bigint) :exec
INSERT INTO job (region_id, id, kind, job_key, args, account_id, lang, state, attempt, run_after_us, created_us,
                 worker, progress_done, progress_total, progress_text, stop_asked, error)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, $9, '', 0, 0, '', 0, '')
ON CONFLICT DO NOTHING;

-- The job of this key that is not finished.
-- name: job_active(region_id bigint, kind text, job_key text) :opt
SELECT id FROM job
WHERE region_id = $1 AND kind = $2 AND job_key = $3 AND state IN ('waiting', 'running');

-- Takes the job that waits longest. One that should wait until too_far_us was put aside before the clock was set back.
-- name: job_claim(now_us bigint, too_far_us bigint, worker text) :opt :sqlite
-- all regions: a server works for all the regions of its database
UPDATE job SET state = 'running', attempt = attempt + 1, started_us = $1, heartbeat_us = $1, worker = $3,
               progress_done = 0, progress_total = 0, progress_text = ''
WHERE (region_id, id) = (SELECT region_id, id FROM job WHERE state = 'waiting'
                           AND (run_after_us <= $1 OR run_after_us > $2)
                         ORDER BY run_after_us, id LIMIT 1)
RETURNING region_id, id, kind, args, account_id, lang, attempt, stop_asked;
-- name: job_claim(now_us bigint, too_far_us bigint, worker text) :opt :postgres
-- all regions: a server works for all the regions of its database
UPDATE job SET state = 'running', attempt = attempt + 1, started_us = $1, heartbeat_us = $1, worker = $3,
               progress_done = 0, progress_total = 0, progress_text = ''
WHERE (region_id, id) = (SELECT region_id, id FROM job WHERE state = 'waiting'
                           AND (run_after_us <= $1 OR run_after_us > $2)
                         ORDER BY run_after_us, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING region_id, id, kind, args, account_id, lang, attempt, stop_asked;

-- Only the worker that has the job may end it.
-- name: job_end(region_id bigint, id bigint, worker text, state text, run_after_us bigint, finished_us bigint?,
--   error text) :exec
UPDATE job SET state = $4, run_after_us = $5, finished_us = $6, error = $7
WHERE region_id = $1 AND id = $2 AND worker = $3 AND state = 'running';

-- name: job_progress_set(region_id bigint, id bigint, now_us bigint, done bigint, total bigint, doing text) :exec
UPDATE job SET heartbeat_us = $3, progress_done = $4, progress_total = $5, progress_text = $6
WHERE region_id = $1 AND id = $2;

-- name: job_stop_asked(region_id bigint, id bigint) :opt
SELECT stop_asked FROM job WHERE region_id = $1 AND id = $2;

-- A waiting job ends at once, a running one is asked to.
-- name: job_stop_set(region_id bigint, id bigint, now_us bigint) :exec
UPDATE job SET stop_asked = 1, finished_us = CASE WHEN state = 'waiting' THEN $3 ELSE finished_us END,
               state = CASE WHEN state = 'waiting' THEN 'stopped' ELSE state END
WHERE region_id = $1 AND id = $2 AND state IN ('waiting', 'running');

-- name: job_running() :many
-- all regions: a server works for all the regions of its database
SELECT region_id, id, worker, heartbeat_us FROM job WHERE state = 'running' ORDER BY region_id, id;

-- name: job_wait_again(region_id bigint, id bigint, worker text) :exec
UPDATE job SET state = 'waiting' WHERE region_id = $1 AND id = $2 AND worker = $3 AND state = 'running';

-- One job with its progress.
-- name: job_get(region_id bigint, id bigint) :one
SELECT id, kind, job_key, state, attempt, lang, account_id, created_us, started_us, finished_us, progress_done,
       progress_total, progress_text, stop_asked, error
FROM job WHERE region_id = $1 AND id = $2;

-- The newest jobs of a region.
-- name: job_recent(region_id bigint, limit_n bigint) :many
SELECT id, kind, job_key, state, attempt, account_id, created_us, started_us, finished_us, progress_done,
       progress_total, progress_text, stop_asked, error
FROM job WHERE region_id = $1 ORDER BY id DESC LIMIT $2;

-- How many wait, run and were set aside: for health checks.
-- name: job_counts() :many
-- all regions: one figure for the whole server
-- > jobs bigint
-- > oldest_us bigint
SELECT state, count(*) AS jobs, min(created_us) AS oldest_us FROM job GROUP BY state ORDER BY state;
