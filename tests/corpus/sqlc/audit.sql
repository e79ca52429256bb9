-- The end of a region's chain, locked until the transaction ends.
-- name: audit_head_lock(region_id bigint) :opt :sqlite
SELECT seq, hash FROM audit_head WHERE region_id = $1;
-- name: audit_head_lock(region_id bigint) :opt :postgres
SELECT seq, hash FROM audit_head WHERE region_id = $1 FOR UPDATE;

-- Starts a region's chain; nothing happens if it exists.
-- name: audit_head_start(region_id bigint, hash bytes) :exec
INSERT INTO audit_head (region_id, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (region_id) DO NOTHING;

-- name: audit_head_move(region_id bigint, seq bigint, hash bytes) :exec
UPDATE audit_head SET seq = $2, hash = $3 WHERE region_id = $1;

-- name: audit_entry_add(region_id bigint, seq bigint, at_us bigint, account_id bigint, action text,
--   object text, detail text, hash bytes) :exec
INSERT INTO audit_entry (region_id, seq, at_us, account_id, action, object, detail, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- The whole chain, oldest first.
-- name: audit_chain(region_id bigint) :each
SELECT seq, at_us, account_id, action, object, detail, hash FROM audit_entry
WHERE region_id = $1 ORDER BY seq;
