-- The dated tree of places for its pages and exports.

-- Every place of a region (0: the republic and the regions) on a day with the place above it.
-- name: tree_list(region_id bigint, on_date text) :many
SELECT t.id, t.level, t.kind, t.kato, t.name_kk, t.name_ru, t.name_en, t.valid_from, t.valid_to, t.approximate,
       t.lon, t.lat, t.point_status, p.parent_id
FROM territory t
LEFT JOIN territory_parent p ON p.region_id = t.region_id AND p.territory_id = t.id
     AND p.valid_from <= $2 AND (p.valid_to = '' OR p.valid_to > $2)
WHERE t.region_id = $1 AND t.valid_from <= $2 AND (t.valid_to = '' OR t.valid_to > $2)
ORDER BY t.level, t.name_kk COLLATE kk, t.id;

-- How many places of each level every region has on a day. The regions are named by the code of the place, because
-- one that was dissolved has no rows of its own.
-- all regions: the republic's page counts what each region holds
-- name: tree_counts(on_date text) :many
-- > prefix text
-- > places bigint
SELECT region_id, level, SUBSTR(kato, 1, 2) AS prefix, COUNT(*) AS places FROM territory
WHERE region_id > 0 AND kind <> 'minor' AND valid_from <= $1 AND (valid_to = '' OR valid_to > $1)
GROUP BY region_id, level, SUBSTR(kato, 1, 2) ORDER BY region_id, level;

-- Codes that places bore before they got those of today: to be read newest first, so that the oldest change after the
-- day decides.
-- name: tree_recodes(region_id bigint, on_date text) :many
SELECT from_id, to_id, approximate FROM territory_change
WHERE region_id = $1 AND kind = 'recode' AND on_date > $2 ORDER BY on_date DESC, id;

-- What changed: for one place, or (0) in the whole region.
-- name: tree_changes(region_id bigint, territory_id id) :many
SELECT c.on_date, c.approximate, c.kind, c.from_id, c.to_id, c.note,
       f.name_kk AS from_kk, f.name_ru AS from_ru, f.name_en AS from_en,
       t.name_kk AS to_kk, t.name_ru AS to_ru, t.name_en AS to_en, t.kato AS to_kato
FROM territory_change c
LEFT JOIN territory f ON f.region_id = c.region_id AND f.id = c.from_id
LEFT JOIN territory t ON t.region_id = c.region_id AND t.id = c.to_id
WHERE c.region_id = $1 AND ($2 = 0 OR c.from_id = $2 OR c.to_id = $2)
ORDER BY c.on_date, c.kind, c.id;

-- The place that this one carries on under a new code, if its start is recorded.
-- name: tree_predecessor(region_id bigint, territory_id id, on_date text) :opt
SELECT c.from_id FROM territory_change c
JOIN territory f ON f.region_id = c.region_id AND f.id = c.from_id
WHERE c.region_id = $1 AND c.to_id = $2 AND c.on_date > $3 ORDER BY CASE c.kind WHEN 'recode' THEN 0 ELSE 1 END, c.on_date LIMIT 1;
