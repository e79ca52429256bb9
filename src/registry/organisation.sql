-- Bodies and the people in office: the institution, its departments and branches, associations, public structures, state bodies.

-- name: organisation_insert(region_id bigint, id id, kind text, parent_id id?, territory_id id?, level text, name_kk text, name_ru text, name_en text, tasks_kk text, tasks_ru text, tasks_en text, placeholder bool, ordinal bigint, valid_from text, valid_to text, demo bool) :exec
INSERT INTO organisation (region_id, id, kind, parent_id, territory_id, level, name_kk, name_ru, name_en, tasks_kk, tasks_ru,
    tasks_en, placeholder, ordinal, valid_from, valid_to, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: organisation_by_id(region_id bigint, id id) :one
-- > place_kk text?
-- > place_ru text?
-- > place_en text?
SELECT o.id, o.kind, o.parent_id, o.territory_id, o.level, o.name_kk, o.name_ru, o.name_en, o.tasks_kk, o.tasks_ru, o.tasks_en,
       o.placeholder, o.ordinal, o.valid_from, o.valid_to, o.version, o.demo,
       t.name_kk AS place_kk, t.name_ru AS place_ru, t.name_en AS place_en
FROM organisation o
LEFT JOIN territory t ON t.region_id = o.region_id AND t.id = o.territory_id
WHERE o.region_id = $1 AND o.id = $2;

-- Bodies of a kind ('' = all) that existed on a day, in their order.
-- name: organisation_list(region_id bigint, kind text, on_date text) :many
-- > place_kk text?
-- > place_ru text?
-- > place_en text?
SELECT o.id, o.kind, o.parent_id, o.territory_id, o.level, o.name_kk, o.name_ru, o.name_en, o.placeholder, o.ordinal,
       o.valid_from, o.valid_to, o.demo, t.name_kk AS place_kk, t.name_ru AS place_ru, t.name_en AS place_en
FROM organisation o
LEFT JOIN territory t ON t.region_id = o.region_id AND t.id = o.territory_id
WHERE o.region_id = $1 AND ($2 = '' OR o.kind = $2) AND o.valid_from <= $3 AND (o.valid_to = '' OR o.valid_to > $3)
ORDER BY o.kind, o.ordinal, o.name_kk COLLATE kk, o.id;

-- Departments and branches of a body on a day.
-- name: organisation_parts(region_id bigint, parent_id id, on_date text) :many
SELECT id, kind, territory_id, name_kk, name_ru, name_en, valid_from, demo FROM organisation
WHERE region_id = $1 AND parent_id = $2 AND valid_from <= $3 AND (valid_to = '' OR valid_to > $3)
ORDER BY ordinal, id;

-- Associations and structures that work in a place (a unit or a settlement of it).
-- name: organisation_at(region_id bigint, territory_id id, on_date text) :many
SELECT id, kind, level, name_kk, name_ru, name_en, placeholder, demo FROM organisation
WHERE region_id = $1 AND territory_id = $2 AND kind IN ('association', 'structure', 'branch')
  AND valid_from <= $3 AND (valid_to = '' OR valid_to > $3)
ORDER BY kind, ordinal, id;

-- name: organisation_close(region_id bigint, id id, version bigint, valid_to text) :exec
UPDATE organisation SET valid_to = $4, version = version + 1 WHERE region_id = $1 AND id = $2 AND version = $3;

-- name: organisation_change_insert(region_id bigint, id id, on_date text, kind text, from_id id, to_id id, note_kk text, note_ru text, note_en text) :exec
INSERT INTO organisation_change (region_id, id, on_date, kind, from_id, to_id, note_kk, note_ru, note_en)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- What a body came from and what it became.
-- name: organisation_changes(region_id bigint, organisation_id id) :many
SELECT c.on_date, c.kind, c.from_id, c.to_id, c.note_kk, c.note_ru, c.note_en,
       f.name_kk AS from_kk, f.name_ru AS from_ru, f.name_en AS from_en, t.name_kk AS to_kk, t.name_ru AS to_ru, t.name_en AS to_en
FROM organisation_change c
JOIN organisation f ON f.region_id = c.region_id AND f.id = c.from_id
JOIN organisation t ON t.region_id = c.region_id AND t.id = c.to_id
WHERE c.region_id = $1 AND (c.from_id = $2 OR c.to_id = $2)
ORDER BY c.on_date, c.id;

-- name: staff_post_insert(region_id bigint, id id, organisation_id id, category text, title_kk text, title_ru text, title_en text, valid_from text, valid_to text, demo bool) :exec
INSERT INTO staff_post (region_id, id, organisation_id, category, title_kk, title_ru, title_en, valid_from, valid_to, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- Posts by category on a day.
-- name: staff_by_category(region_id bigint, on_date text) :many
-- > posts bigint
SELECT category, COUNT(*) AS posts FROM staff_post
WHERE region_id = $1 AND valid_from <= $2 AND (valid_to = '' OR valid_to > $2)
GROUP BY category ORDER BY category DESC;

-- Posts by department and branch on a day.
-- name: staff_by_organisation(region_id bigint, on_date text) :many
-- > posts bigint
SELECT o.id, o.kind, o.name_kk, o.name_ru, o.name_en, COUNT(*) AS posts
FROM staff_post p JOIN organisation o ON o.region_id = p.region_id AND o.id = p.organisation_id
WHERE p.region_id = $1 AND p.valid_from <= $2 AND (p.valid_to = '' OR p.valid_to > $2)
GROUP BY o.id, o.kind, o.name_kk, o.name_ru, o.name_en, o.ordinal ORDER BY o.ordinal;

-- The days on which the number of posts changed, with how many were opened.
-- name: staff_history(region_id bigint) :many
-- > opened bigint
SELECT valid_from, COUNT(*) AS opened FROM staff_post WHERE region_id = $1 GROUP BY valid_from ORDER BY valid_from;

-- name: membership_insert(region_id bigint, id id, organisation_id id, person_name text, role text, mandate text, valid_from text, valid_to text, demo bool) :exec
INSERT INTO membership (region_id, id, organisation_id, person_name, role, mandate, valid_from, valid_to, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: membership_list(region_id bigint, organisation_id id, on_date text) :many
SELECT id, person_name, role, mandate, valid_from, valid_to, demo FROM membership
WHERE region_id = $1 AND organisation_id = $2 AND valid_from <= $3 AND (valid_to = '' OR valid_to > $3)
ORDER BY CASE role WHEN 'head' THEN 0 WHEN 'chair' THEN 1 WHEN 'deputy' THEN 2 WHEN 'secretary' THEN 3 ELSE 4 END,
         person_name COLLATE kk, id;

-- name: membership_end(region_id bigint, id id, valid_to text) :exec
UPDATE membership SET valid_to = $3 WHERE region_id = $1 AND id = $2 AND valid_to = '';

-- How many members, meetings of the year, open and overdue tasks each body has; for the list of structures.
-- name: structure_overview(region_id bigint, kind text, on_date text, year_from text) :many
-- > members bigint
-- > meetings bigint
-- > open_tasks bigint
-- > overdue bigint
SELECT o.id, o.name_kk, o.name_ru, o.name_en, o.tasks_kk, o.tasks_ru, o.tasks_en, o.demo,
       (SELECT COUNT(*) FROM membership m WHERE m.region_id = o.region_id AND m.organisation_id = o.id
            AND m.valid_from <= $3 AND (m.valid_to = '' OR m.valid_to > $3)) AS members,
       (SELECT COUNT(*) FROM meeting e WHERE e.region_id = o.region_id AND e.organisation_id = o.id
            AND e.on_date >= $4 AND e.on_date <= $3) AS meetings,
       (SELECT COUNT(*) FROM task t WHERE t.region_id = o.region_id AND t.organisation_id = o.id AND t.done_on = '') AS open_tasks,
       (SELECT COUNT(*) FROM task t WHERE t.region_id = o.region_id AND t.organisation_id = o.id AND t.done_on = ''
            AND t.due_on < $3) AS overdue
FROM organisation o
WHERE o.region_id = $1 AND o.kind = $2 AND o.valid_from <= $3 AND (o.valid_to = '' OR o.valid_to > $3)
ORDER BY o.ordinal, o.id;

-- name: meeting_insert(region_id bigint, id id, organisation_id id, on_date text, territory_id id?, place text, agenda text, minutes text, attended bigint?, demo bool) :exec
INSERT INTO meeting (region_id, id, organisation_id, on_date, territory_id, place, agenda, minutes, attended, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: meeting_list(region_id bigint, organisation_id id) :many
SELECT id, on_date, place, agenda, minutes, attended, demo FROM meeting
WHERE region_id = $1 AND organisation_id = $2 ORDER BY on_date DESC, id DESC;

-- name: decision_insert(region_id bigint, id id, meeting_id id, number text, text text, demo bool) :exec
INSERT INTO decision (region_id, id, meeting_id, number, text, demo) VALUES ($1, $2, $3, $4, $5, $6);

-- name: decision_list(region_id bigint, organisation_id id) :many
SELECT d.id, d.meeting_id, d.number, d.text, m.on_date, d.demo
FROM decision d JOIN meeting m ON m.region_id = d.region_id AND m.id = d.meeting_id
WHERE d.region_id = $1 AND m.organisation_id = $2 ORDER BY m.on_date DESC, d.number;

-- name: task_insert(region_id bigint, id id, organisation_id id, decision_id id?, text text, due_on text, done_on text, result text, demo bool) :exec
INSERT INTO task (region_id, id, organisation_id, decision_id, text, due_on, done_on, result, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: task_list(region_id bigint, organisation_id id) :many
-- > decision_number text?
SELECT t.id, t.text, t.due_on, t.done_on, t.result, t.version, t.demo, d.number AS decision_number
FROM task t LEFT JOIN decision d ON d.region_id = t.region_id AND d.id = t.decision_id
WHERE t.region_id = $1 AND t.organisation_id = $2
ORDER BY CASE WHEN t.done_on = '' THEN 0 ELSE 1 END, t.due_on, t.id;

-- Open tasks of all bodies that are due by a day; for the first screen.
-- name: task_due(region_id bigint, until text, most bigint) :many
SELECT t.id, t.organisation_id, t.text, t.due_on, t.demo, o.name_kk, o.name_ru, o.name_en
FROM task t JOIN organisation o ON o.region_id = t.region_id AND o.id = t.organisation_id
WHERE t.region_id = $1 AND t.done_on = '' AND t.due_on <= $2 ORDER BY t.due_on, t.id LIMIT $3;

-- name: task_done(region_id bigint, id id, version bigint, done_on text, result text) :exec
UPDATE task SET done_on = $4, result = $5, version = version + 1 WHERE region_id = $1 AND id = $2 AND version = $3 AND done_on = '';

-- name: attention_insert(region_id bigint, id id, territory_id id, valid_from text, reason_kk text, reason_ru text, reason_en text, account_id id?, demo bool) :exec
INSERT INTO attention (region_id, id, territory_id, valid_from, reason_kk, reason_ru, reason_en, account_id, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- Settlements under attention on a day, with their unit.
-- name: attention_list(region_id bigint, on_date text) :many
-- > unit_id id?
SELECT a.id, a.territory_id, a.valid_from, a.reason_kk, a.reason_ru, a.reason_en, a.demo, t.kato, t.name_kk, t.name_ru, t.name_en,
       t.lon, t.lat, CASE WHEN parent.level = 2 THEN parent.id ELSE up.parent_id END AS unit_id
FROM attention a
JOIN territory t ON t.region_id = a.region_id AND t.id = a.territory_id
LEFT JOIN territory_parent p ON p.region_id = t.region_id AND p.territory_id = t.id
     AND p.valid_from <= $2 AND (p.valid_to = '' OR p.valid_to > $2)
LEFT JOIN territory parent ON parent.region_id = p.region_id AND parent.id = p.parent_id
LEFT JOIN territory_parent up ON up.region_id = parent.region_id AND up.territory_id = parent.id
     AND up.valid_from <= $2 AND (up.valid_to = '' OR up.valid_to > $2)
WHERE a.region_id = $1 AND a.valid_from <= $2 AND (a.valid_to = '' OR a.valid_to > $2)
ORDER BY t.name_kk COLLATE kk, a.id;

-- Whether a settlement is under attention on a day, and why.
-- name: attention_of(region_id bigint, territory_id id, on_date text) :opt
SELECT id, valid_from, reason_kk, reason_ru, reason_en, demo FROM attention
WHERE region_id = $1 AND territory_id = $2 AND valid_from <= $3 AND (valid_to = '' OR valid_to > $3)
ORDER BY valid_from DESC LIMIT 1;
