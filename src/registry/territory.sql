-- Queries about places: the dated tree, names, points, outlines.

-- A place by its id.
-- name: territory_by_id(region_id bigint, id id) :one
SELECT region_id, id, level, kind, kato, name_kk, name_ru, name_en, name_en_made, valid_from, valid_to, approximate,
       lon, lat, point_status, point_source_id, version
FROM territory WHERE region_id = $1 AND id = $2;

-- Whether there is a place with this id.
-- name: territory_exists(region_id bigint, id id) :opt
SELECT id FROM territory WHERE region_id = $1 AND id = $2;

-- The places of a level that are valid on a day, in alphabetical order.
-- name: territory_list(region_id bigint, level bigint, on_date text) :many
SELECT region_id, id, level, kind, kato, name_kk, name_ru, name_en, lon, lat, point_status
FROM territory
WHERE region_id = $1 AND level = $2 AND valid_from <= $3 AND (valid_to = '' OR valid_to > $3)
ORDER BY name_kk COLLATE kk, id;

-- What directly belongs to a place on a day.
-- name: territory_children(region_id bigint, parent_id id, on_date text) :many
SELECT t.region_id, t.id, t.level, t.kind, t.kato, t.name_kk, t.name_ru, t.name_en, t.lon, t.lat, t.point_status
FROM territory_parent p
JOIN territory t ON t.region_id = p.region_id AND t.id = p.territory_id
WHERE p.region_id = $1 AND p.parent_id = $2 AND p.valid_from <= $3 AND (p.valid_to = '' OR p.valid_to > $3)
  AND t.valid_from <= $3 AND (t.valid_to = '' OR t.valid_to > $3)
ORDER BY t.level, t.name_kk COLLATE kk, t.id;

-- What a place belonged to on a day: one step up the tree.
-- name: territory_parent_on(region_id bigint, territory_id id, on_date text) :opt
SELECT parent_id FROM territory_parent
WHERE region_id = $1 AND territory_id = $2 AND valid_from <= $3 AND (valid_to = '' OR valid_to > $3)
ORDER BY valid_from DESC LIMIT 1;

-- The place that bore a code on a day; the newest where the day is ''.
-- name: territory_by_kato(region_id bigint, kato text, on_date text) :opt
SELECT id, level, kind, name_kk, name_ru, name_en FROM territory
WHERE region_id = $1 AND kato = $2 AND ($3 = '' OR (valid_from <= $3 AND (valid_to = '' OR valid_to > $3)))
ORDER BY valid_from DESC LIMIT 1;

-- Every settlement (or okrug) of the region with its unit on a day, for choosing and for maps. The unit is found two
-- steps up for settlements within okrugs, one step up for what stands directly below the unit.
-- name: settlement_list(region_id bigint, on_date text) :many
-- > unit_id id
SELECT t.id, t.kind, t.kato, t.name_kk, t.name_ru, t.name_en, t.lon, t.lat, t.point_status,
       CASE WHEN parent.level = 2 THEN parent.id ELSE up.parent_id END AS unit_id
FROM territory t
JOIN territory_parent p ON p.region_id = t.region_id AND p.territory_id = t.id
     AND p.valid_from <= $2 AND (p.valid_to = '' OR p.valid_to > $2)
JOIN territory parent ON parent.region_id = p.region_id AND parent.id = p.parent_id
LEFT JOIN territory_parent up ON up.region_id = parent.region_id AND up.territory_id = parent.id
     AND up.valid_from <= $2 AND (up.valid_to = '' OR up.valid_to > $2)
WHERE t.region_id = $1 AND t.level = 4 AND t.kind <> 'minor'
  AND t.valid_from <= $2 AND (t.valid_to = '' OR t.valid_to > $2)
ORDER BY t.name_kk COLLATE kk, t.id;

-- Outlines of a level valid on a day. detail: 0 overview, 1 detail.
-- name: outline_list(region_id bigint, level bigint, detail bigint, on_date text) :many
SELECT o.territory_id, o.geometry, o.approximate, t.name_kk, t.name_ru, t.name_en, t.kato
FROM territory_outline o
JOIN territory t ON t.region_id = o.region_id AND t.id = o.territory_id
WHERE o.region_id = $1 AND t.level = $2 AND o.detail = $3
  AND o.valid_from <= $4 AND (o.valid_to = '' OR o.valid_to > $4)
  AND t.valid_from <= $4 AND (t.valid_to = '' OR t.valid_to > $4)
ORDER BY o.territory_id;

-- The outline of one place on a day.
-- name: outline_of(region_id bigint, territory_id id, detail bigint, on_date text) :opt
SELECT geometry, approximate FROM territory_outline
WHERE region_id = $1 AND territory_id = $2 AND detail = $3 AND valid_from <= $4 AND (valid_to = '' OR valid_to > $4)
ORDER BY valid_from DESC LIMIT 1;

-- What a place came from and what became of it.
-- name: territory_changes(region_id bigint, territory_id id) :many
-- > other_kk text?
-- > other_ru text?
-- > other_en text?
SELECT c.on_date, c.approximate, c.kind, c.from_id, c.to_id, c.note,
       o.name_kk AS other_kk, o.name_ru AS other_ru, o.name_en AS other_en
FROM territory_change c
LEFT JOIN territory o ON o.region_id = c.region_id AND o.id = CASE WHEN c.from_id = $2 THEN c.to_id ELSE c.from_id END
WHERE c.region_id = $1 AND (c.from_id = $2 OR c.to_id = $2)
ORDER BY c.on_date, c.id;

-- The features of one layer of the base map.
-- name: basemap_list(region_id bigint, layer text) :many
SELECT id, rank, name_kk, name_ru, name_en, geometry FROM basemap_feature
WHERE region_id = $1 AND layer = $2 ORDER BY rank, id;

-- The regions that this database holds.
-- all regions: the table is the list of regions
-- name: region_list() :many
SELECT id, kato, name_kk, name_ru, name_en, demo FROM region ORDER BY id;

-- The region itself.
-- name: region_by_id(id bigint) :opt
SELECT id, kato, name_kk, name_ru, name_en, demo FROM region WHERE id = $1;

-- Where figures come from.
-- name: source_list(region_id bigint) :many
SELECT id, code, title_kk, title_ru, title_en, on_date, licence, attribution, demo FROM source
WHERE region_id = $1 ORDER BY code;

-- name: source_by_code(region_id bigint, code text) :opt
SELECT id, title_kk, title_ru, title_en, on_date, licence, attribution, demo FROM source WHERE region_id = $1 AND code = $2;

-- The classifier of communities.
-- name: community_list() :many
SELECT code, name_kk, name_ru, name_en, ordinal FROM community ORDER BY ordinal, code;

-- Ambiguous settlements, for the queue.
-- name: point_queue(region_id bigint) :many
SELECT id, kato, name_kk, name_ru, name_en FROM territory
WHERE region_id = $1 AND point_status = 'ambiguous' AND valid_to = '' ORDER BY name_kk COLLATE kk, id;

-- name: point_candidates(region_id bigint, territory_id id) :many
SELECT source_id, ordinal, lon, lat, note FROM point_candidate
WHERE region_id = $1 AND territory_id = $2 ORDER BY source_id, ordinal;

-- A person chose the point. The version guards against two people choosing at once.
-- name: point_choose(region_id bigint, id id, lon double, lat double, source_id bigint?, version bigint) :exec
UPDATE territory SET lon = $3, lat = $4, point_status = 'chosen', point_source_id = $5, version = version + 1
WHERE region_id = $1 AND id = $2 AND version = $6;
