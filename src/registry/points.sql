-- The queue of settlements whose point a person must choose.

-- Settlements with several possible points, with the unit they lie in on a day.
-- name: points_queue(region_id bigint, on_date text) :many
-- > id id
-- > kato text
-- > kind text
-- > name_kk text
-- > name_ru text
-- > name_en text
-- > unit_id id?
-- > unit_kk text?
-- > unit_ru text?
-- > unit_en text?
-- > candidates bigint
SELECT t.id, t.kato, t.kind, t.name_kk, t.name_ru, t.name_en, u.id AS unit_id, u.name_kk AS unit_kk, u.name_ru AS unit_ru,
       u.name_en AS unit_en,
       (SELECT COUNT(*) FROM point_candidate c WHERE c.region_id = t.region_id AND c.territory_id = t.id) AS candidates
FROM territory t
LEFT JOIN territory_parent p ON p.region_id = t.region_id AND p.territory_id = t.id
     AND p.valid_from <= $2 AND (p.valid_to = '' OR p.valid_to > $2)
LEFT JOIN territory parent ON parent.region_id = p.region_id AND parent.id = p.parent_id
LEFT JOIN territory_parent up ON up.region_id = parent.region_id AND up.territory_id = parent.id
     AND up.valid_from <= $2 AND (up.valid_to = '' OR up.valid_to > $2)
LEFT JOIN territory u ON u.region_id = t.region_id AND u.id = CASE WHEN parent.level = 2 THEN parent.id ELSE up.parent_id END
WHERE t.region_id = $1 AND t.point_status = 'ambiguous' AND t.valid_to = '' AND t.level = 4
ORDER BY u.name_kk COLLATE kk, t.name_kk COLLATE kk, t.id;

-- Settlements by what is known of their points.
-- name: points_counts(region_id bigint) :many
-- > settlements bigint
SELECT point_status, COUNT(*) AS settlements FROM territory
WHERE region_id = $1 AND level = 4 AND valid_to = '' AND kind <> 'minor' GROUP BY point_status ORDER BY point_status;

-- name: points_candidates(region_id bigint, territory_id id) :many
SELECT c.source_id, c.ordinal, c.lon, c.lat, c.note, s.title_kk, s.title_ru, s.title_en
FROM point_candidate c JOIN source s ON s.region_id = c.region_id AND s.id = c.source_id
WHERE c.region_id = $1 AND c.territory_id = $2 ORDER BY c.source_id, c.ordinal;

-- A person chose. The version guards against two people choosing at once.
-- name: points_choose(region_id bigint, id id, version bigint, lon double, lat double, source_id id?) :exec
UPDATE territory SET lon = $4, lat = $5, point_status = 'chosen', point_source_id = $6, version = version + 1
WHERE region_id = $1 AND id = $2 AND version = $3;
