-- Published numbers about places: indicators and their values, composition of the population.

-- name: indicator_list(region_id bigint) :many
SELECT code, name_kk, name_ru, name_en, unit_kk, unit_ru, unit_en, definition, block, direction, decimals, minimum_n, on_map, ordinal
FROM indicator WHERE region_id = $1 ORDER BY ordinal, code;

-- name: indicator_by_code(region_id bigint, code text) :opt
SELECT code, name_kk, name_ru, name_en, unit_kk, unit_ru, unit_en, definition, block, direction, decimals, minimum_n, on_map, ordinal
FROM indicator WHERE region_id = $1 AND code = $2;

-- The newest value of every indicator for a place, with its source.
-- name: observation_of_place(region_id bigint, territory_id id) :many
SELECT i.code, i.name_kk, i.name_ru, i.name_en, i.unit_kk, i.unit_ru, i.unit_en, i.block, i.decimals, o.id, o.period, o.value, o.n,
       o.demo, s.title_kk AS source_kk, s.title_ru AS source_ru, s.title_en AS source_en
FROM observation o
JOIN indicator i ON i.region_id = o.region_id AND i.code = o.indicator_code
JOIN source s ON s.region_id = o.region_id AND s.id = o.source_id
WHERE o.region_id = $1 AND o.territory_id = $2 AND o.period = (
    SELECT MAX(x.period) FROM observation x
    WHERE x.region_id = o.region_id AND x.territory_id = o.territory_id AND x.indicator_code = o.indicator_code)
ORDER BY i.ordinal, i.code;

-- The values of one indicator for all places of a level in a period.
-- name: observation_by_level(region_id bigint, indicator_code text, level bigint, period text) :many
SELECT o.id, o.territory_id, o.value, o.n, o.demo, o.source_id
FROM observation o JOIN territory t ON t.region_id = o.region_id AND t.id = o.territory_id
WHERE o.region_id = $1 AND o.indicator_code = $2 AND t.level = $3 AND o.period = $4
ORDER BY o.territory_id;

-- The periods for which an indicator has values at a level, newest first.
-- name: observation_periods(region_id bigint, indicator_code text, level bigint) :many
SELECT DISTINCT o.period
FROM observation o JOIN territory t ON t.region_id = o.region_id AND t.id = o.territory_id
WHERE o.region_id = $1 AND o.indicator_code = $2 AND t.level = $3 ORDER BY o.period DESC;

-- The newest population of every unit not after a day: what surveys and rates rest on.
-- name: population_of_units(region_id bigint, until text) :many
SELECT o.territory_id, o.value, o.period, o.demo, o.id
FROM observation o JOIN territory t ON t.region_id = o.region_id AND t.id = o.territory_id
WHERE o.region_id = $1 AND o.indicator_code = 'population' AND t.level = 2 AND o.period <= $2 AND o.period = (
    SELECT MAX(x.period) FROM observation x
    WHERE x.region_id = o.region_id AND x.territory_id = o.territory_id AND x.indicator_code = 'population' AND x.period <= $2)
ORDER BY o.territory_id;

-- The newest published composition of a place.
-- name: composition_published(region_id bigint, territory_id id) :many
SELECT c.community_code, c.on_date, c.persons, c.share, c.demo, k.name_kk, k.name_ru, k.name_en,
       s.title_kk AS source_kk, s.title_ru AS source_ru, s.title_en AS source_en, s.licence
FROM composition c
JOIN community k ON k.code = c.community_code
JOIN source s ON s.region_id = c.region_id AND s.id = c.source_id
WHERE c.region_id = $1 AND c.territory_id = $2 AND c.on_date = (
    SELECT MAX(x.on_date) FROM composition x WHERE x.region_id = c.region_id AND x.territory_id = c.territory_id)
ORDER BY CASE WHEN c.community_code IN ('other', 'several', 'not_stated') THEN 1 ELSE 0 END, c.share DESC, c.persons DESC, k.ordinal;


-- Sources with how many figures and places rest on each.
-- name: source_use(region_id bigint) :many
-- > observations bigint
-- > compositions bigint
-- > places bigint
-- > points bigint
SELECT s.id, s.code, s.title_kk, s.title_ru, s.title_en, s.on_date, s.licence, s.attribution, s.demo,
       (SELECT COUNT(*) FROM observation o WHERE o.region_id = s.region_id AND o.source_id = s.id) AS observations,
       (SELECT COUNT(*) FROM composition c WHERE c.region_id = s.region_id AND c.source_id = s.id) AS compositions,
       (SELECT COUNT(*) FROM territory t WHERE t.region_id = s.region_id AND t.source_id = s.id) AS places,
       (SELECT COUNT(*) FROM territory t WHERE t.region_id = s.region_id AND t.point_source_id = s.id) AS points
FROM source s WHERE s.region_id = $1 ORDER BY s.demo, s.code;
