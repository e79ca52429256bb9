-- Keys of content: access/keys.h.

-- The key in use.
-- name: account_key_now(region_id bigint, account_id id) :opt
SELECT id, public_key, locked_key, salt FROM account_key WHERE region_id = $1 AND account_id = $2 AND retired_us = 0;

-- name: account_key_insert(region_id bigint, id id, account_id id, public_key bytes, locked_key bytes, salt bytes, created_us bigint) :exec
INSERT INTO account_key (region_id, id, account_id, public_key, locked_key, salt, created_us)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: account_key_lock(region_id bigint, id id, locked_key bytes, salt bytes) :exec
UPDATE account_key SET locked_key = $3, salt = $4 WHERE region_id = $1 AND id = $2;

-- name: account_key_retire(region_id bigint, account_id id, retired_us bigint) :exec
UPDATE account_key SET retired_us = $3 WHERE region_id = $1 AND account_id = $2 AND retired_us = 0;

-- name: session_key_by_token(region_id bigint, token_hash text) :opt
SELECT s.locked_key, k.id, k.public_key FROM session s
JOIN account_key k ON k.region_id = s.region_id AND k.id = s.key_id AND k.retired_us = 0
WHERE s.region_id = $1 AND s.token_hash = $2;

-- name: session_set_key(region_id bigint, token_hash text, key_id id, locked_key bytes) :exec
UPDATE session SET key_id = $3, locked_key = $4 WHERE region_id = $1 AND token_hash = $2;
