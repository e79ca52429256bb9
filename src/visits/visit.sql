-- Visits to settlements, and the places that a closed quarter proposes for one.

-- name: visit_insert(region_id bigint, id id, territory_id id, on_date text, purpose text, summary text, state text,
--   recommendation_id id?, account_id id, demo bool) :exec
INSERT INTO visit (region_id, id, territory_id, on_date, purpose, summary, state, recommendation_id, account_id, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: visit_by_id(region_id bigint, id id) :one
-- > account_name text?
SELECT v.id, v.territory_id, v.on_date, v.purpose, v.summary, v.state, v.recommendation_id, v.version, v.demo,
       t.name_kk, t.name_ru, t.name_en, a.name AS account_name
FROM visit v
JOIN territory t ON t.region_id = v.region_id AND t.id = v.territory_id
LEFT JOIN account a ON a.region_id = v.region_id AND a.id = v.account_id
WHERE v.region_id = $1 AND v.id = $2;

-- A visit planned for this place and day already: a second press of the button finds it.
-- name: visit_same(region_id bigint, territory_id id, on_date text, purpose text) :opt
SELECT id FROM visit
WHERE region_id = $1 AND territory_id = $2 AND on_date = $3 AND purpose = $4 AND state <> 'cancelled' ORDER BY id LIMIT 1;

-- Only a planned visit is done, cancelled or moved; nothing is changed where somebody else was faster.
-- name: visit_move(region_id bigint, id id, version bigint, state text, on_date text, purpose text, summary text) :exec
UPDATE visit SET state = $4, on_date = $5, purpose = $6, summary = $7, version = version + 1
WHERE region_id = $1 AND id = $2 AND version = $3 AND state = 'planned';

-- The list. state: '', a state, or 'due' (planned, the day has come); place_id: a settlement, its okrug or its unit
-- (0: anywhere); from and to: days, '' is open. scoped: an account that sees only the units of its grants (0: all).
-- name: visit_list(region_id bigint, today text, state text, place_id id, from_day text, to_day text, scoped id, most bigint, skip bigint) :many
-- > unit_kk text?
-- > unit_ru text?
-- > unit_en text?
SELECT v.id, v.territory_id, v.on_date, v.purpose, v.summary, v.state, v.demo, t.name_kk, t.name_ru, t.name_en,
       u.name_kk AS unit_kk, u.name_ru AS unit_ru, u.name_en AS unit_en
FROM visit v
JOIN territory t ON t.region_id = v.region_id AND t.id = v.territory_id
LEFT JOIN territory_parent a ON a.region_id = v.region_id AND a.territory_id = v.territory_id
     AND a.valid_from <= v.on_date AND (a.valid_to = '' OR a.valid_to > v.on_date)
LEFT JOIN territory_parent b ON b.region_id = a.region_id AND b.territory_id = a.parent_id
     AND b.valid_from <= v.on_date AND (b.valid_to = '' OR b.valid_to > v.on_date)
LEFT JOIN territory u ON u.region_id = v.region_id AND u.level = 2 AND u.id IN (a.parent_id, b.parent_id)
WHERE v.region_id = $1
  AND ($3 = '' OR v.state = $3 OR ($3 = 'due' AND v.state = 'planned' AND v.on_date <= $2))
  AND ($4 = 0 OR v.territory_id = $4 OR a.parent_id = $4 OR b.parent_id = $4)
  AND ($5 = '' OR v.on_date >= $5) AND ($6 = '' OR v.on_date <= $6)
  AND ($7 = 0 OR EXISTS (SELECT 1 FROM role_grant g
           WHERE g.region_id = v.region_id AND g.account_id = $7 AND g.valid_from <= $2 AND (g.valid_to = '' OR g.valid_to > $2)
             AND g.territory_id IN (v.territory_id, a.parent_id, b.parent_id)))
ORDER BY v.on_date DESC, v.id DESC LIMIT $8 OFFSET $9;

-- How many there are under the same filters.
-- name: visit_counts(region_id bigint, today text, place_id id, from_day text, to_day text, scoped id) :one
-- > total bigint
-- > planned bigint
-- > due bigint
-- > done bigint
-- > cancelled bigint
SELECT COUNT(*) AS total, COUNT(CASE WHEN v.state = 'planned' THEN 1 END) AS planned,
       COUNT(CASE WHEN v.state = 'planned' AND v.on_date <= $2 THEN 1 END) AS due,
       COUNT(CASE WHEN v.state = 'done' THEN 1 END) AS done, COUNT(CASE WHEN v.state = 'cancelled' THEN 1 END) AS cancelled
FROM visit v
LEFT JOIN territory_parent a ON a.region_id = v.region_id AND a.territory_id = v.territory_id
     AND a.valid_from <= v.on_date AND (a.valid_to = '' OR a.valid_to > v.on_date)
LEFT JOIN territory_parent b ON b.region_id = a.region_id AND b.territory_id = a.parent_id
     AND b.valid_from <= v.on_date AND (b.valid_to = '' OR b.valid_to > v.on_date)
WHERE v.region_id = $1 AND ($3 = 0 OR v.territory_id = $3 OR a.parent_id = $3 OR b.parent_id = $3)
  AND ($4 = '' OR v.on_date >= $4) AND ($5 = '' OR v.on_date <= $5)
  AND ($6 = 0 OR EXISTS (SELECT 1 FROM role_grant g
           WHERE g.region_id = v.region_id AND g.account_id = $6 AND g.valid_from <= $2 AND (g.valid_to = '' OR g.valid_to > $2)
             AND g.territory_id IN (v.territory_id, a.parent_id, b.parent_id)));

-- Planned visits, the most pressing first: for the plan and for Today.
-- name: visit_planned(region_id bigint, today text, until text, scoped id, most bigint) :many
SELECT v.id, v.territory_id, v.on_date, v.purpose, v.demo, t.name_kk, t.name_ru, t.name_en
FROM visit v
JOIN territory t ON t.region_id = v.region_id AND t.id = v.territory_id
LEFT JOIN territory_parent a ON a.region_id = v.region_id AND a.territory_id = v.territory_id
     AND a.valid_from <= v.on_date AND (a.valid_to = '' OR a.valid_to > v.on_date)
LEFT JOIN territory_parent b ON b.region_id = a.region_id AND b.territory_id = a.parent_id
     AND b.valid_from <= v.on_date AND (b.valid_to = '' OR b.valid_to > v.on_date)
WHERE v.region_id = $1 AND v.state = 'planned' AND ($3 = '' OR v.on_date <= $3)
  AND ($4 = 0 OR EXISTS (SELECT 1 FROM role_grant g
           WHERE g.region_id = v.region_id AND g.account_id = $4 AND g.valid_from <= $2 AND (g.valid_to = '' OR g.valid_to > $2)
             AND g.territory_id IN (v.territory_id, a.parent_id, b.parent_id)))
ORDER BY v.on_date, v.id LIMIT $5;

-- The visits of a place, the newest first; for its passport.
-- name: visit_last(region_id bigint, territory_id id, most bigint) :many
SELECT id, on_date, purpose, summary, state, demo FROM visit
WHERE region_id = $1 AND territory_id = $2 AND state <> 'cancelled' ORDER BY on_date DESC, id DESC LIMIT $3;

-- --- recommendations ---

-- The newest quarter that is closed or signed.
-- name: visit_plan_run(region_id bigint) :opt
SELECT id, quarter, state, demo FROM quarter_run
WHERE region_id = $1 AND state IN ('closed', 'signed') ORDER BY quarter DESC, run_no DESC LIMIT 1;

-- Places that a run proposes for a visit. scoped: as above.
-- name: visit_proposed(region_id bigint, run_id id, today text, scoped id) :many
-- > unit_kk text?
-- > unit_ru text?
-- > unit_en text?
-- > last_visit text?
SELECT r.run_id, r.id, r.territory_id, r.reason, r.drawn, r.state, r.note, t.name_kk, t.name_ru, t.name_en,
       u.name_kk AS unit_kk, u.name_ru AS unit_ru, u.name_en AS unit_en,
       (SELECT MAX(v.on_date) FROM visit v WHERE v.region_id = r.region_id AND v.territory_id = r.territory_id
            AND v.state = 'done') AS last_visit
FROM recommendation r
JOIN territory t ON t.region_id = r.region_id AND t.id = r.territory_id
LEFT JOIN territory_parent a ON a.region_id = r.region_id AND a.territory_id = r.territory_id
     AND a.valid_from <= $3 AND (a.valid_to = '' OR a.valid_to > $3)
LEFT JOIN territory_parent b ON b.region_id = a.region_id AND b.territory_id = a.parent_id
     AND b.valid_from <= $3 AND (b.valid_to = '' OR b.valid_to > $3)
LEFT JOIN territory u ON u.region_id = r.region_id AND u.level = 2 AND u.id IN (a.parent_id, b.parent_id)
WHERE r.region_id = $1 AND r.run_id = $2
  AND ($4 = 0 OR EXISTS (SELECT 1 FROM role_grant g
           WHERE g.region_id = r.region_id AND g.account_id = $4 AND g.valid_from <= $3 AND (g.valid_to = '' OR g.valid_to > $3)
             AND g.territory_id IN (r.territory_id, a.parent_id, b.parent_id)))
ORDER BY CASE r.state WHEN 'proposed' THEN 0 ELSE 1 END, u.name_kk COLLATE kk, t.name_kk COLLATE kk, r.id;

-- name: visit_recommendation(region_id bigint, run_id id, id id) :one
SELECT r.territory_id, r.state, q.state AS run_state FROM recommendation r
JOIN quarter_run q ON q.region_id = r.region_id AND q.id = r.run_id
WHERE r.region_id = $1 AND r.run_id = $2 AND r.id = $3;

-- A person's decision; nothing is changed where one was made before.
-- name: visit_decide(region_id bigint, run_id id, id id, state text, decided_by id, decided_us bigint, note text) :exec
UPDATE recommendation SET state = $4, decided_by = $5, decided_us = $6, note = $7
WHERE region_id = $1 AND run_id = $2 AND id = $3 AND state = 'proposed';
