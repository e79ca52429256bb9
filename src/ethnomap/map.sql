-- Queries of the ethnomap: figures of the units for one indicator, outlines, points, dispute counts.

-- The newest value of an indicator for every unit, not after a period.
-- name: map_observations(region_id bigint, indicator_code text, until text) :many
SELECT o.id, o.territory_id, o.value, o.n, o.period, o.demo, s.title_kk AS source_kk, s.title_ru AS source_ru, s.title_en AS source_en
FROM observation o
JOIN territory t ON t.region_id = o.region_id AND t.id = o.territory_id
JOIN source s ON s.region_id = o.region_id AND s.id = o.source_id
WHERE o.region_id = $1 AND o.indicator_code = $2 AND t.level = 2 AND o.period = (
    SELECT MAX(x.period) FROM observation x
    WHERE x.region_id = o.region_id AND x.territory_id = o.territory_id AND x.indicator_code = o.indicator_code AND x.period <= $3)
ORDER BY o.territory_id, s.code;

-- Survey indicators for which a run in force has an estimate.
-- name: map_survey_indicators(region_id bigint) :many
SELECT s.code, s.name_kk, s.name_ru, s.name_en, s.direction
FROM survey_indicator s
WHERE s.region_id = $1 AND EXISTS (
    SELECT 1 FROM estimate e JOIN quarter_run r ON r.region_id = e.region_id AND r.id = e.run_id
    WHERE e.region_id = s.region_id AND e.indicator_code = s.code AND r.state IN ('closed', 'signed'))
ORDER BY s.ordinal, s.code;

-- Quarters with estimates in force, newest first.
-- name: map_estimate_periods(region_id bigint, indicator_code text) :many
SELECT DISTINCT e.period FROM estimate e
JOIN quarter_run r ON r.region_id = e.region_id AND r.id = e.run_id
WHERE e.region_id = $1 AND e.indicator_code = $2 AND r.state IN ('closed', 'signed') ORDER BY e.period DESC;

-- The estimates in force of an indicator in a quarter.
-- name: map_estimates(region_id bigint, indicator_code text, period text) :many
SELECT e.id, e.territory_id, e.value, e.lower, e.upper, e.n, e.status, r.demo
FROM estimate e JOIN quarter_run r ON r.region_id = e.region_id AND r.id = e.run_id
WHERE e.region_id = $1 AND e.indicator_code = $2 AND e.period = $3 AND r.state IN ('closed', 'signed')
ORDER BY e.territory_id;

-- The newest published composition of every unit, not after a period.
-- name: map_compositions(region_id bigint, until text) :many
SELECT c.territory_id, c.on_date, c.source_id, c.persons, c.share, c.demo, s.title_kk AS source_kk, s.title_ru AS source_ru, s.title_en AS source_en
FROM composition c
JOIN territory t ON t.region_id = c.region_id AND t.id = c.territory_id
JOIN source s ON s.region_id = c.region_id AND s.id = c.source_id
WHERE c.region_id = $1 AND t.level = 2 AND c.on_date = (
    SELECT MAX(x.on_date) FROM composition x
    WHERE x.region_id = c.region_id AND x.territory_id = c.territory_id AND x.on_date <= $2)
ORDER BY c.territory_id, c.source_id, c.community_code;

-- name: map_composition_dates(region_id bigint) :many
SELECT DISTINCT c.on_date FROM composition c JOIN territory t ON t.region_id = c.region_id AND t.id = c.territory_id
WHERE c.region_id = $1 AND t.level = 2 ORDER BY c.on_date DESC;

-- What became of what among the units, newest first.
-- name: map_changes(region_id bigint) :many
SELECT c.on_date, c.approximate, c.kind, c.from_id, c.to_id, f.name_kk AS from_kk, f.name_ru AS from_ru, f.name_en AS from_en,
       t.name_kk AS to_kk, t.name_ru AS to_ru, t.name_en AS to_en
FROM territory_change c
JOIN territory f ON f.region_id = c.region_id AND f.id = c.from_id
JOIN territory t ON t.region_id = c.region_id AND t.id = c.to_id
WHERE c.region_id = $1 AND f.level = 2 AND c.kind IN ('split', 'merge', 'rename', 'create', 'transfer')
ORDER BY c.on_date DESC, c.id;

-- The newest population of every settlement, for the size of its symbol.
-- name: map_settlement_sizes(region_id bigint, until text) :many
SELECT o.territory_id, o.value FROM observation o
JOIN territory t ON t.region_id = o.region_id AND t.id = o.territory_id
WHERE o.region_id = $1 AND o.indicator_code = 'population' AND t.level = 4 AND o.period = (
    SELECT MAX(x.period) FROM observation x
    WHERE x.region_id = o.region_id AND x.territory_id = o.territory_id AND x.indicator_code = 'population' AND x.period <= $2)
ORDER BY o.territory_id;

-- A fingerprint of the lines of a region: they change only when a pack is loaded.
-- name: map_lines_stamp(region_id bigint) :one
-- > outlines bigint
-- > bytes bigint
-- > newest id
SELECT COUNT(*) AS outlines, COALESCE(SUM(LENGTH(geometry)), 0) AS bytes, COALESCE(MAX(territory_id), 0) AS newest
FROM territory_outline WHERE region_id = $1;

-- name: map_base_stamp(region_id bigint) :one
-- > features bigint
-- > newest id
SELECT COUNT(*) AS features, COALESCE(MAX(id), 0) AS newest FROM basemap_feature WHERE region_id = $1;

-- The same of what the settlements' symbols show: places and their points, marks, sizes.
-- name: map_places_stamp(region_id bigint) :one
-- > places bigint
-- > versions bigint
SELECT COUNT(*) AS places, COALESCE(SUM(version), 0) AS versions FROM territory WHERE region_id = $1 AND level = 4;

-- name: map_marks_stamp(region_id bigint) :one
-- > marks bigint
-- > newest id
-- > ended bigint
SELECT COUNT(*) AS marks, COALESCE(MAX(id), 0) AS newest, COUNT(CASE WHEN valid_to <> '' THEN 1 END) AS ended FROM attention WHERE region_id = $1;

-- name: map_sizes_stamp(region_id bigint) :one
-- > figures bigint
-- > newest id
SELECT COUNT(*) AS figures, COALESCE(MAX(id), 0) AS newest FROM observation WHERE region_id = $1 AND indicator_code = 'population';

-- Where the lines of the map come from, for the note below it.
-- name: map_credits(region_id bigint) :many
SELECT DISTINCT s.attribution, s.licence FROM source s
JOIN territory_outline o ON o.region_id = s.region_id AND o.source_id = s.id
WHERE s.region_id = $1 AND s.attribution <> '' ORDER BY s.attribution;
