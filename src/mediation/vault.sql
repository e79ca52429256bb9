-- Keys of cases, and rows from before the seals. See vault.h.

-- name: case_key_of(region_id bigint, dispute_id id, account_id bigint) :opt
SELECT key_id, sealed FROM case_key WHERE region_id = $1 AND dispute_id = $2 AND account_id = $3;

-- name: case_key_put(region_id bigint, dispute_id id, account_id bigint, key_id bigint, sealed bytes, since_us bigint) :exec
INSERT INTO case_key (region_id, dispute_id, account_id, key_id, sealed, since_us) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (region_id, dispute_id, account_id)
DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed, since_us = excluded.since_us;

-- Everybody but these two, and recovery (0), loses the key.
-- name: case_key_keep(region_id bigint, dispute_id id, clerk bigint, mediator bigint) :exec
DELETE FROM case_key WHERE region_id = $1 AND dispute_id = $2 AND account_id NOT IN (0, $3, $4);

-- Is the case sealed, and for whom?
-- name: case_key_list(region_id bigint, dispute_id id) :many
SELECT account_id, key_id FROM case_key WHERE region_id = $1 AND dispute_id = $2 ORDER BY account_id;

-- Accounts that may triage in a unit on a day and can open what is sealed for them.
-- name: case_clerks(region_id bigint, unit_id bigint, day text) :many
SELECT DISTINCT k.account_id, k.id AS key_id, k.public_key
FROM role_grant g
JOIN role_permission p ON p.region_id = g.region_id AND p.role_code = g.role_code AND p.permission = 'dispute.triage'
JOIN account a ON a.region_id = g.region_id AND a.id = g.account_id AND a.disabled = 0
JOIN account_key k ON k.region_id = g.region_id AND k.account_id = g.account_id AND k.retired_us = 0
WHERE g.region_id = $1 AND (g.territory_id IS NULL OR g.territory_id = $2)
  AND g.valid_from <= $3 AND (g.valid_to = '' OR g.valid_to > $3)
ORDER BY k.account_id;

-- The recovery in force.
-- name: recovery_now(region_id bigint) :opt
SELECT id, public_key, holder_a, key_a, share_a, holder_b, key_b, share_b, made_by, made_us FROM content_recovery
WHERE region_id = $1 AND retired_us = 0;

-- --- rows from before the seals ---

-- name: case_seal(region_id bigint, id id, sealed bytes) :exec
UPDATE dispute SET sealed = $3, summary = '', resonance_reason = '' WHERE region_id = $1 AND id = $2;

-- name: party_seal(region_id bigint, dispute_id id, ordinal bigint, sealed bytes) :exec
UPDATE dispute_party SET sealed = $4, name = '', contact = '', representative = ''
WHERE region_id = $1 AND dispute_id = $2 AND ordinal = $3;

-- name: event_seal(region_id bigint, dispute_id id, id id, sealed bytes) :exec
UPDATE dispute_event SET sealed = $4, note = '' WHERE region_id = $1 AND dispute_id = $2 AND id = $3;

-- name: session_seal(region_id bigint, dispute_id id, id id, sealed bytes) :exec
UPDATE mediation_session SET sealed = $4, minutes = '' WHERE region_id = $1 AND dispute_id = $2 AND id = $3;

-- name: obligation_seal(region_id bigint, dispute_id id, id id, sealed bytes) :exec
UPDATE obligation SET sealed = $4, text = '' WHERE region_id = $1 AND dispute_id = $2 AND id = $3;
