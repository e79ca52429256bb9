-- Notes, newest first.
-- name: notes_list(region_id bigint) :many
SELECT id, at_us, text FROM notes WHERE region_id = $1 ORDER BY id DESC LIMIT 200;

-- name: notes_insert(region_id bigint, id id, at_us bigint, account_id id, text text) :exec
INSERT INTO notes (region_id, id, at_us, account_id, text) VALUES ($1, $2, $3, $4, $5);
