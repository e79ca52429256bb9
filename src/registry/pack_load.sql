-- Writing a region pack into the registry. Loading the same pack again changes nothing; a newer pack updates names,
-- dates and outlines, and never touches a point that a person chose.

-- name: load_region(id bigint, kato text, name_kk text, name_ru text, name_en text) :exec
INSERT INTO region (id, kato, name_kk, name_ru, name_en) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET kato = excluded.kato, name_kk = excluded.name_kk, name_ru = excluded.name_ru,
    name_en = excluded.name_en;

-- name: load_source(region_id bigint, id id, code text, title_kk text, title_ru text, title_en text, on_date text, licence text, attribution text, demo bool) :exec
INSERT INTO source (region_id, id, code, title_kk, title_ru, title_en, on_date, licence, attribution, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (region_id, code) DO UPDATE SET on_date = excluded.on_date, licence = excluded.licence, attribution = excluded.attribution;

-- name: load_territory(region_id bigint, id id, level bigint, kind text, kato text, name_kk text, name_ru text, name_en text, name_en_made bool, valid_from text, valid_to text, approximate bool, source_id bigint) :exec
INSERT INTO territory (region_id, id, level, kind, kato, name_kk, name_ru, name_en, name_en_made, valid_from, valid_to,
    approximate, source_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (region_id, id) DO UPDATE SET level = excluded.level, kind = excluded.kind, name_kk = excluded.name_kk,
    name_ru = excluded.name_ru, name_en = excluded.name_en, name_en_made = excluded.name_en_made,
    valid_from = excluded.valid_from, valid_to = excluded.valid_to, approximate = excluded.approximate;

-- What is there already, so that only what is new or different is written.
-- name: load_have(region_id bigint) :many
SELECT id, level, kind, name_kk, name_ru, name_en, valid_from, valid_to, approximate FROM territory WHERE region_id = $1;

-- name: load_have_parents(region_id bigint) :many
SELECT territory_id, valid_from, valid_to, parent_id FROM territory_parent WHERE region_id = $1;

-- name: load_parent(region_id bigint, territory_id id, valid_from text, valid_to text, parent_id id) :exec
INSERT INTO territory_parent (region_id, territory_id, valid_from, valid_to, parent_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (region_id, territory_id, valid_from) DO UPDATE SET valid_to = excluded.valid_to, parent_id = excluded.parent_id;

-- name: load_change(region_id bigint, id id, on_date text, approximate bool, kind text, from_id id, to_id id) :exec
INSERT INTO territory_change (region_id, id, on_date, approximate, kind, from_id, to_id)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (region_id, id) DO NOTHING;

-- name: load_outline(region_id bigint, territory_id id, valid_from text, detail bigint, valid_to text, approximate bool, geometry bytes, source_id bigint) :exec
INSERT INTO territory_outline (region_id, territory_id, valid_from, detail, valid_to, approximate, geometry, source_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (region_id, territory_id, valid_from, detail) DO UPDATE SET valid_to = excluded.valid_to,
    approximate = excluded.approximate, geometry = excluded.geometry;

-- A sure point, unless there is one already.
-- name: load_point(region_id bigint, id id, lon double, lat double, source_id bigint) :exec
UPDATE territory SET lon = $3, lat = $4, point_status = 'sure', point_source_id = $5
WHERE region_id = $1 AND id = $2 AND point_status IN ('none', 'ambiguous');

-- A point with rivals: shown as it is, until a person chooses.
-- name: load_point_ambiguous(region_id bigint, id id, lon double, lat double, source_id bigint) :exec
UPDATE territory SET lon = $3, lat = $4, point_status = 'ambiguous', point_source_id = $5
WHERE region_id = $1 AND id = $2 AND point_status = 'none';

-- name: load_candidate(region_id bigint, territory_id id, source_id id, ordinal bigint, lon double, lat double, note text) :exec
INSERT INTO point_candidate (region_id, territory_id, source_id, ordinal, lon, lat, note) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (region_id, territory_id, source_id, ordinal) DO NOTHING;

-- name: load_community(code text, name_kk text, name_ru text, name_en text, ordinal bigint) :exec
INSERT INTO community (code, name_kk, name_ru, name_en, ordinal) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (code) DO UPDATE SET name_kk = excluded.name_kk, name_ru = excluded.name_ru, name_en = excluded.name_en,
    ordinal = excluded.ordinal;

-- name: load_composition(region_id bigint, territory_id id, on_date text, community_code text, source_id bigint, persons bigint?, share double?, demo bool) :exec
INSERT INTO composition (region_id, territory_id, on_date, community_code, source_id, persons, share, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (region_id, territory_id, on_date, community_code, source_id)
DO UPDATE SET persons = excluded.persons, share = excluded.share;

-- name: load_basemap_clear(region_id bigint) :exec
DELETE FROM basemap_feature WHERE region_id = $1;

-- name: load_basemap(region_id bigint, id id, layer text, rank bigint, name_kk text, name_ru text, name_en text, geometry bytes, source_id bigint) :exec
INSERT INTO basemap_feature (region_id, id, layer, rank, name_kk, name_ru, name_en, geometry, source_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: load_indicator(region_id bigint, code text, name_kk text, name_ru text, name_en text, unit_kk text, unit_ru text, unit_en text, definition text, block text, direction bigint, decimals bigint, minimum_n bigint, on_map bool, ordinal bigint) :exec
INSERT INTO indicator (region_id, code, name_kk, name_ru, name_en, unit_kk, unit_ru, unit_en, definition, block, direction,
    decimals, minimum_n, on_map, ordinal)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (region_id, code) DO NOTHING;

-- name: load_observation(region_id bigint, indicator_code text, territory_id id, period text, source_id bigint, id id, value double, n bigint?, demo bool) :exec
INSERT INTO observation (region_id, indicator_code, territory_id, period, source_id, id, value, n, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (region_id, indicator_code, territory_id, period, source_id) DO UPDATE SET value = excluded.value, n = excluded.n;
