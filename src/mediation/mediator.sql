-- The register of mediators, and what is due.

-- name: mediator_insert(region_id bigint, id id, name text, kind text, languages text, fields text, basis text, territory_id id?, account_id id?, capacity bigint, valid_from text, valid_to text, demo bool) :exec
INSERT INTO mediator (region_id, id, name, kind, languages, fields, basis, territory_id, account_id, capacity, valid_from, valid_to, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- Mediators of a day ('' = all that ever were) with their open cases, in alphabetical order.
-- name: mediator_list(region_id bigint, on_date text) :many
-- > place_kk text?
-- > place_ru text?
-- > place_en text?
-- > open_cases bigint
SELECT m.id, m.name, m.kind, m.languages, m.fields, m.basis, m.territory_id, m.capacity, m.valid_from, m.valid_to, m.demo,
       t.name_kk AS place_kk, t.name_ru AS place_ru, t.name_en AS place_en,
       (SELECT COUNT(*) FROM dispute d WHERE d.region_id = m.region_id AND d.mediator_id = m.id
            AND d.state IN ('offered', 'contract', 'sessions', 'settled', 'follow_up')) AS open_cases
FROM mediator m
LEFT JOIN territory t ON t.region_id = m.region_id AND t.id = m.territory_id
WHERE m.region_id = $1 AND ($2 = '' OR (m.valid_from <= $2 AND (m.valid_to = '' OR m.valid_to > $2)))
ORDER BY m.name COLLATE kk, m.id;

-- name: mediator_by_id(region_id bigint, id id) :opt
-- > place_kk text?
-- > place_ru text?
-- > place_en text?
SELECT m.id, m.name, m.kind, m.languages, m.fields, m.basis, m.territory_id, m.account_id, m.capacity, m.valid_from, m.valid_to,
       m.demo, t.name_kk AS place_kk, t.name_ru AS place_ru, t.name_en AS place_en
FROM mediator m
LEFT JOIN territory t ON t.region_id = m.region_id AND t.id = m.territory_id
WHERE m.region_id = $1 AND m.id = $2;

-- The register entry of an account on a day.
-- name: mediator_of_account(region_id bigint, account_id id, on_date text) :opt
SELECT id, name FROM mediator
WHERE region_id = $1 AND account_id = $2 AND valid_from <= $3 AND (valid_to = '' OR valid_to > $3)
ORDER BY valid_from DESC LIMIT 1;

-- name: mediator_end(region_id bigint, id id, valid_to text) :exec
UPDATE mediator SET valid_to = $3 WHERE region_id = $1 AND id = $2 AND valid_to = '';

-- Numbers of cases by quarter, unit, place and kind: everything that statistics, forecasts and passports are made of.
-- name: dispute_cells(region_id bigint, from_quarter text, to_quarter text) :many
-- > n bigint
-- > settled bigint
-- > performed bigint
SELECT quarter, unit_id, territory_id, kind_code, offence, COUNT(*) AS n,
       SUM(CASE WHEN settled_on <> '' THEN 1 ELSE 0 END) AS settled,
       SUM(CASE WHEN performed_on <> '' THEN 1 ELSE 0 END) AS performed
FROM dispute
WHERE region_id = $1 AND quarter >= $2 AND quarter <= $3 AND joined_to IS NULL
GROUP BY quarter, unit_id, territory_id, kind_code, offence
ORDER BY quarter, unit_id, territory_id, kind_code, offence;

-- The first and the last quarter with a dispute; '' where there is none.
-- name: dispute_span(region_id bigint) :one
-- > first_quarter text
-- > last_quarter text
SELECT COALESCE(MIN(quarter), '') AS first_quarter, COALESCE(MAX(quarter), '') AS last_quarter FROM dispute WHERE region_id = $1;

-- For the first page: what waits for the clerk, oldest first. Without content.
-- name: dispute_waiting(region_id bigint, account_id bigint, most bigint) :many
SELECT d.id, d.number, d.state, d.occurred_on, d.filed_us, d.mediator_id, t.name_kk AS place_kk, t.name_ru AS place_ru,
       t.name_en AS place_en, k.name_kk AS kind_kk, k.name_ru AS kind_ru, k.name_en AS kind_en
FROM dispute d
JOIN territory t ON t.region_id = d.region_id AND t.id = d.territory_id
JOIN dispute_kind k ON k.region_id = d.region_id AND k.code = d.kind_code
WHERE d.region_id = $1 AND (d.clerk_id IS NULL OR d.clerk_id = $2)
  AND (d.state IN ('intake', 'emergency', 'lawyer') OR (d.state = 'offered' AND d.mediator_id IS NULL))
ORDER BY d.filed_us, d.id LIMIT $3;

-- Clocks of running cases of a clerk or a mediator that end on or before a day, and promises that fall due.
-- name: dispute_due(region_id bigint, account_id bigint, mediator_id bigint, until text, most bigint) :many
SELECT d.id, d.number, d.state, d.contract_on, d.due_on, d.prolonged_on, t.name_kk AS place_kk, t.name_ru AS place_ru,
       t.name_en AS place_en, k.name_kk AS kind_kk, k.name_ru AS kind_ru, k.name_en AS kind_en
FROM dispute d
JOIN territory t ON t.region_id = d.region_id AND t.id = d.territory_id
JOIN dispute_kind k ON k.region_id = d.region_id AND k.code = d.kind_code
WHERE d.region_id = $1 AND (d.clerk_id = $2 OR d.mediator_id = $3) AND d.state IN ('contract', 'sessions') AND d.due_on <= $4
ORDER BY d.due_on, d.id LIMIT $5;

-- Cases in hand of a mediator.
-- name: dispute_of_mediator(region_id bigint, mediator_id id, most bigint) :many
SELECT d.id, d.number, d.state, d.due_on, d.version, t.name_kk AS place_kk, t.name_ru AS place_ru, t.name_en AS place_en,
       k.name_kk AS kind_kk, k.name_ru AS kind_ru, k.name_en AS kind_en
FROM dispute d
JOIN territory t ON t.region_id = d.region_id AND t.id = d.territory_id
JOIN dispute_kind k ON k.region_id = d.region_id AND k.code = d.kind_code
WHERE d.region_id = $1 AND d.mediator_id = $2 AND d.state IN ('offered', 'contract', 'sessions', 'settled', 'follow_up')
ORDER BY CASE WHEN d.due_on = '' THEN 1 ELSE 0 END, d.due_on, d.id LIMIT $3;

-- Promises of a mediator's cases that fall due.
-- name: obligation_due(region_id bigint, account_id bigint, mediator_id bigint, until text, most bigint) :many
-- > first_due text
-- > promises bigint
SELECT d.id, d.number, k.name_kk AS kind_kk, k.name_ru AS kind_ru, k.name_en AS kind_en, t.name_kk AS place_kk,
       t.name_ru AS place_ru, t.name_en AS place_en, MIN(o.due_on) AS first_due, COUNT(*) AS promises
FROM obligation o JOIN dispute d ON d.region_id = o.region_id AND d.id = o.dispute_id
JOIN dispute_kind k ON k.region_id = d.region_id AND k.code = d.kind_code
JOIN territory t ON t.region_id = d.region_id AND t.id = d.territory_id
WHERE o.region_id = $1 AND (d.clerk_id = $2 OR d.mediator_id = $3) AND d.state = 'follow_up' AND o.done_on = '' AND o.due_on <= $4
GROUP BY d.id, d.number, k.name_kk, k.name_ru, k.name_en, t.name_kk, t.name_ru, t.name_en ORDER BY first_due, d.id LIMIT $5;

-- Cases of a place (a unit or a settlement) by the quarter in which they happened; unprotected.
-- name: dispute_place_quarters(region_id bigint, territory_id id, from_quarter text, to_quarter text) :many
-- > n bigint
SELECT quarter, COUNT(*) AS n FROM dispute
WHERE region_id = $1 AND (territory_id = $2 OR unit_id = $2) AND quarter >= $3 AND quarter <= $4 AND joined_to IS NULL GROUP BY quarter ORDER BY quarter;

-- The newest quarter of which the region has a case on record.
-- name: dispute_newest_quarter(region_id bigint) :one
-- > quarter text?
SELECT MAX(quarter) AS quarter FROM dispute WHERE region_id = $1;
