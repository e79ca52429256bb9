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

-- --- recovery: recovery.h ---

-- name: recovery_insert(region_id bigint, id id, public_key bytes, holder_a id, key_a bigint, share_a bytes, holder_b id, key_b bigint, share_b bytes, made_by bigint, made_us bigint) :exec
INSERT INTO content_recovery (region_id, id, public_key, holder_a, key_a, share_a, holder_b, key_b, share_b, made_by, made_us)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: recovery_retire(region_id bigint, retired_us bigint) :exec
UPDATE content_recovery SET retired_us = $2 WHERE region_id = $1 AND retired_us = 0;

-- The recovery in force, with the names of its holders and whether each still has the key their share was sealed for.
-- name: recovery_state(region_id bigint) :opt
-- > a_holds bigint
-- > b_holds bigint
-- > cases bigint
SELECT r.id, r.holder_a, r.holder_b, r.made_us, a.name AS name_a, b.name AS name_b,
       (SELECT COUNT(*) FROM account_key k WHERE k.region_id = r.region_id AND k.id = r.key_a AND k.retired_us = 0 AND a.disabled = 0) AS a_holds,
       (SELECT COUNT(*) FROM account_key k WHERE k.region_id = r.region_id AND k.id = r.key_b AND k.retired_us = 0 AND b.disabled = 0) AS b_holds,
       (SELECT COUNT(*) FROM case_key c WHERE c.region_id = r.region_id AND c.account_id = 0 AND c.key_id = r.id) AS cases
FROM content_recovery r
JOIN account a ON a.region_id = r.region_id AND a.id = r.holder_a
JOIN account b ON b.region_id = r.region_id AND b.id = r.holder_b
WHERE r.region_id = $1 AND r.retired_us = 0;

-- Accounts that can be named as holders.
-- name: recovery_candidates(region_id bigint) :many
SELECT a.id, a.name FROM account a
JOIN account_key k ON k.region_id = a.region_id AND k.account_id = a.id AND k.retired_us = 0
WHERE a.region_id = $1 AND a.disabled = 0 ORDER BY a.name COLLATE kk, a.id;

-- name: request_insert(region_id bigint, id id, account_id id, reason text, asked_by id, asked_us bigint) :exec
INSERT INTO recovery_request (region_id, id, account_id, reason, asked_by, asked_us) VALUES ($1, $2, $3, $4, $5, $6);

-- name: request_by_id(region_id bigint, id id) :opt
SELECT id, account_id, reason, state, recovery_id, first_by, first_share, version FROM recovery_request
WHERE region_id = $1 AND id = $2;

-- Requests, the open ones first; of one account, or (0) of all.
-- name: request_list(region_id bigint, account_id bigint) :many
-- > first_name text?
SELECT r.id, r.account_id, a.name, r.reason, r.asked_us, r.state, r.first_by, f.name AS first_name, r.ended_us, r.cases
FROM recovery_request r
JOIN account a ON a.region_id = r.region_id AND a.id = r.account_id
LEFT JOIN account f ON f.region_id = r.region_id AND f.id = r.first_by
WHERE r.region_id = $1 AND ($2 = 0 OR r.account_id = $2)
ORDER BY CASE WHEN r.state IN ('asked', 'half') THEN 0 ELSE 1 END, r.asked_us DESC LIMIT 100;

-- name: request_first(region_id bigint, id id, version bigint, recovery_id id, first_by id, first_us bigint, first_share bytes) :exec
UPDATE recovery_request SET state = 'half', recovery_id = $4, first_by = $5, first_us = $6, first_share = $7, version = version + 1
WHERE region_id = $1 AND id = $2 AND version = $3 AND state = 'asked';

-- name: request_end(region_id bigint, id id, version bigint, state text, ended_by id, ended_us bigint, cases bigint) :exec
UPDATE recovery_request SET state = $4, ended_by = $5, ended_us = $6, cases = $7, first_share = NULL, version = version + 1
WHERE region_id = $1 AND id = $2 AND version = $3 AND state IN ('asked', 'half');

-- The cases that an account is clerk or mediator of, sealed for a recovery and not for the account's present key.
-- name: recovery_cases(region_id bigint, account_id bigint, recovery_id bigint, key_id bigint) :many
SELECT d.id, c.sealed FROM case_key c
JOIN dispute d ON d.region_id = c.region_id AND d.id = c.dispute_id
LEFT JOIN mediator m ON m.region_id = d.region_id AND m.id = d.mediator_id
LEFT JOIN case_key own ON own.region_id = c.region_id AND own.dispute_id = c.dispute_id AND own.account_id = $2
WHERE c.region_id = $1 AND c.account_id = 0 AND c.key_id = $3
  AND (d.clerk_id = $2 OR m.account_id = $2) AND (own.key_id IS NULL OR own.key_id <> $4)
ORDER BY d.id;

-- --- search in the own cases: search.c ---

-- The cases that are sealed for an account, newest first.
-- name: own_case_list(region_id bigint, account_id bigint, most bigint) :many
-- > mediator_account bigint?
SELECT d.id, d.number, d.occurred_on, d.state, d.filed_us, d.filed_by, d.clerk_id, d.mediator_id, m.account_id AS mediator_account,
       d.summary, d.resonance_reason, d.sealed, c.sealed AS key_sealed,
       t.name_kk AS place_kk, t.name_ru AS place_ru, t.name_en AS place_en,
       k.name_kk AS kind_kk, k.name_ru AS kind_ru, k.name_en AS kind_en
FROM case_key c
JOIN dispute d ON d.region_id = c.region_id AND d.id = c.dispute_id
JOIN territory t ON t.region_id = d.region_id AND t.id = d.territory_id
JOIN dispute_kind k ON k.region_id = d.region_id AND k.code = d.kind_code
LEFT JOIN mediator m ON m.region_id = d.region_id AND m.id = d.mediator_id
WHERE c.region_id = $1 AND c.account_id = $2 ORDER BY d.filed_us DESC, d.id DESC LIMIT $3;

-- The sides of the same cases.
-- name: own_party_list(region_id bigint, account_id bigint) :many
SELECT p.dispute_id, p.ordinal, p.name, p.contact, p.representative, p.sealed FROM case_key c
JOIN dispute_party p ON p.region_id = c.region_id AND p.dispute_id = c.dispute_id
WHERE c.region_id = $1 AND c.account_id = $2 ORDER BY p.dispute_id, p.ordinal;
