-- Accounts, sessions, roles and grants. Days are ISO dates, instants microseconds UTC.

-- name: account_insert(region_id bigint, id id, login text, name text, password_hash text, lang text,
--   must_change bool, at_us bigint, demo bool) :exec
INSERT INTO account (region_id, id, login, name, password_hash, lang, must_change, created_us, password_us, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9);

-- name: account_by_login(region_id bigint, login text) :opt
SELECT id, login, name, password_hash, lang, disabled, must_change, failed, failed_us, demo
FROM account WHERE region_id = $1 AND login = $2;

-- name: account_by_id(region_id bigint, id id) :opt
SELECT id, login, name, password_hash, lang, disabled, must_change, failed, failed_us, created_us, password_us, demo, version
FROM account WHERE region_id = $1 AND id = $2;

-- All accounts with the names of the roles they hold on a day.
-- name: account_list(region_id bigint, day text) :many
-- > roles bigint
-- > seen_us bigint?
SELECT a.id, a.login, a.name, a.lang, a.disabled, a.must_change, a.created_us, a.demo,
       (SELECT COUNT(*) FROM role_grant g WHERE g.region_id = a.region_id AND g.account_id = a.id
          AND g.valid_from <= $2 AND (g.valid_to = '' OR g.valid_to > $2)) AS roles,
       (SELECT MAX(s.seen_us) FROM session s WHERE s.region_id = a.region_id AND s.account_id = a.id) AS seen_us
FROM account a WHERE a.region_id = $1 ORDER BY a.disabled, a.login;

-- name: account_count(region_id bigint) :one
-- > total bigint
-- > real_ones bigint
SELECT COUNT(*) AS total, COUNT(CASE WHEN demo = 0 THEN 1 END) AS real_ones FROM account WHERE region_id = $1;

-- name: account_set_password(region_id bigint, id id, password_hash text, must_change bool, at_us bigint) :exec
UPDATE account SET password_hash = $3, must_change = $4, password_us = $5, failed = 0, version = version + 1
WHERE region_id = $1 AND id = $2;

-- The same password, hashed at today's cost.
-- name: account_set_hash(region_id bigint, id id, password_hash text) :exec
UPDATE account SET password_hash = $3 WHERE region_id = $1 AND id = $2;

-- name: account_set_failed(region_id bigint, id id, failed bigint, failed_us bigint) :exec
UPDATE account SET failed = $3, failed_us = $4 WHERE region_id = $1 AND id = $2;

-- name: account_set_lang(region_id bigint, id id, lang text) :exec
UPDATE account SET lang = $3 WHERE region_id = $1 AND id = $2;

-- name: account_set_disabled(region_id bigint, id id, disabled bool) :exec
UPDATE account SET disabled = $3, version = version + 1 WHERE region_id = $1 AND id = $2;

-- name: session_insert(region_id bigint, id id, token_hash text, account_id id, at_us bigint, expires_us bigint,
--   user_agent text) :exec
INSERT INTO session (region_id, id, token_hash, account_id, created_us, seen_us, expires_us, user_agent)
VALUES ($1, $2, $3, $4, $5, $5, $6, $7);

-- The session of a token and its account; the caller judges the times.
-- name: session_by_token(region_id bigint, token_hash text) :opt
SELECT s.id, s.account_id, s.seen_us, s.expires_us, s.created_us, a.login, a.name, a.lang, a.disabled, a.must_change,
       a.password_us
FROM session s JOIN account a ON a.region_id = s.region_id AND a.id = s.account_id
WHERE s.region_id = $1 AND s.token_hash = $2;

-- name: session_list(region_id bigint, account_id id) :many
SELECT id, token_hash, created_us, seen_us, expires_us, user_agent FROM session
WHERE region_id = $1 AND account_id = $2 ORDER BY seen_us DESC;

-- name: session_touch(region_id bigint, id id, seen_us bigint) :exec
UPDATE session SET seen_us = $3 WHERE region_id = $1 AND id = $2;

-- name: session_delete(region_id bigint, account_id id, id id) :exec
DELETE FROM session WHERE region_id = $1 AND account_id = $2 AND id = $3;

-- name: session_delete_token(region_id bigint, token_hash text) :exec
DELETE FROM session WHERE region_id = $1 AND token_hash = $2;

-- name: session_delete_all(region_id bigint, account_id id) :exec
DELETE FROM session WHERE region_id = $1 AND account_id = $2;

-- name: session_delete_others(region_id bigint, account_id id, token_hash text) :exec
DELETE FROM session WHERE region_id = $1 AND account_id = $2 AND token_hash <> $3;

-- name: session_delete_old(region_id bigint, now_us bigint, idle_before_us bigint) :exec
DELETE FROM session WHERE region_id = $1 AND (expires_us < $2 OR seen_us < $3);

-- name: role_insert(region_id bigint, code text, name_kk text, name_ru text, name_en text, ordinal bigint) :exec
INSERT INTO role (region_id, code, name_kk, name_ru, name_en, ordinal) VALUES ($1, $2, $3, $4, $5, $6);

-- name: role_permission_insert(region_id bigint, role_code text, permission text) :exec
INSERT INTO role_permission (region_id, role_code, permission) VALUES ($1, $2, $3);

-- name: role_list(region_id bigint) :many
SELECT code, name_kk, name_ru, name_en, ordinal FROM role WHERE region_id = $1 ORDER BY ordinal, code;

-- name: role_by_code(region_id bigint, code text) :opt
SELECT code, name_kk, name_ru, name_en FROM role WHERE region_id = $1 AND code = $2;

-- name: role_permission_list(region_id bigint) :many
SELECT role_code, permission FROM role_permission WHERE region_id = $1 ORDER BY role_code, permission;

-- name: role_grant_insert(region_id bigint, id id, account_id id, role_code text, territory_id id?, organisation_id id?,
--   valid_from text, valid_to text, granted_by id, granted_us bigint) :exec
INSERT INTO role_grant (region_id, id, account_id, role_code, territory_id, organisation_id, valid_from, valid_to,
                        granted_by, granted_us)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: role_grant_end(region_id bigint, id id, valid_to text) :exec
UPDATE role_grant SET valid_to = $3 WHERE region_id = $1 AND id = $2;

-- name: role_grant_by_id(region_id bigint, id id) :opt
SELECT id, account_id, role_code, territory_id, organisation_id, valid_from, valid_to FROM role_grant
WHERE region_id = $1 AND id = $2;

-- name: role_grant_list(region_id bigint, account_id id) :many
SELECT g.id, g.role_code, r.name_kk, r.name_ru, r.name_en, g.territory_id, g.organisation_id, g.valid_from, g.valid_to,
       t.name_kk AS territory_kk, t.name_ru AS territory_ru, t.name_en AS territory_en
FROM role_grant g
JOIN role r ON r.region_id = g.region_id AND r.code = g.role_code
LEFT JOIN territory t ON t.region_id = g.region_id AND t.id = g.territory_id
WHERE g.region_id = $1 AND g.account_id = $2 ORDER BY g.valid_from DESC, g.id;

-- What an account may do on a day: one row a permission of each valid grant.
-- name: role_grant_permissions(region_id bigint, account_id id, day text) :many
SELECT g.id, g.territory_id, g.organisation_id, p.permission
FROM role_grant g
JOIN role_permission p ON p.region_id = g.region_id AND p.role_code = g.role_code
WHERE g.region_id = $1 AND g.account_id = $2 AND g.valid_from <= $3 AND (g.valid_to = '' OR g.valid_to > $3)
ORDER BY g.id;

-- Units and the region of today, for the choice of a grant's territory.
-- name: access_territories(region_id bigint, day text) :many
SELECT id, level, name_kk, name_ru, name_en FROM territory
WHERE region_id = $1 AND level IN (1, 2) AND valid_from <= $2 AND (valid_to = '' OR valid_to > $2)
ORDER BY level, name_kk COLLATE kk;

-- Bodies of today, for the choice of whom a partner or member acts for.
-- name: access_organisations(region_id bigint, day text) :many
SELECT id, name_kk, name_ru, name_en FROM organisation
WHERE region_id = $1 AND valid_from <= $2 AND (valid_to = '' OR valid_to > $2)
ORDER BY name_kk COLLATE kk;

-- name: access_territory_by_kato(region_id bigint, kato text, day text) :opt
SELECT id FROM territory
WHERE region_id = $1 AND kato = $2 AND valid_from <= $3 AND (valid_to = '' OR valid_to > $3)
ORDER BY level LIMIT 1;

-- The demonstration accounts with their first role, for the sign-in page of a demonstration database.
-- name: account_demo_list(region_id bigint) :many
SELECT a.login, r.name_kk, r.name_ru, r.name_en
FROM account a
JOIN role r ON r.region_id = a.region_id AND r.code = a.login
WHERE a.region_id = $1 AND a.demo = 1 AND a.disabled = 0 ORDER BY r.ordinal;

-- The audit log, newest first; an empty text and 0 do not filter.
-- name: access_audit_list(region_id bigint, action text, account_id bigint, from_us bigint, to_us bigint,
--   limit_n bigint, offset_n bigint) :many
SELECT e.seq, e.at_us, e.account_id, a.login, e.action, e.object, e.detail
FROM audit_entry e LEFT JOIN account a ON a.region_id = e.region_id AND a.id = e.account_id
WHERE e.region_id = $1 AND ($2 = '' OR e.action = $2) AND ($3 = 0 OR e.account_id = $3)
  AND e.at_us >= $4 AND e.at_us < $5
ORDER BY e.seq DESC LIMIT $6 OFFSET $7;

-- name: access_audit_count(region_id bigint, action text, account_id bigint, from_us bigint, to_us bigint) :one
-- > total bigint
SELECT COUNT(*) AS total FROM audit_entry e
WHERE e.region_id = $1 AND ($2 = '' OR e.action = $2) AND ($3 = 0 OR e.account_id = $3)
  AND e.at_us >= $4 AND e.at_us < $5;

-- name: access_audit_actions(region_id bigint) :many
SELECT DISTINCT action FROM audit_entry WHERE region_id = $1 ORDER BY action;

-- The place and body of a grant, where the demonstration learns them later than the account.
-- name: role_grant_narrow(region_id bigint, id id, territory_id id?, organisation_id id?) :exec
UPDATE role_grant SET territory_id = $3, organisation_id = $4 WHERE region_id = $1 AND id = $2;

-- name: access_body_by_name(region_id bigint, name_kk text, day text) :opt
SELECT id FROM organisation
WHERE region_id = $1 AND name_kk = $2 AND valid_from <= $3 AND (valid_to = '' OR valid_to > $3)
ORDER BY id LIMIT 1;

-- The newest entry's hash, to be kept elsewhere.
-- name: access_audit_head(region_id bigint) :opt
SELECT seq, hash FROM audit_head WHERE region_id = $1;
