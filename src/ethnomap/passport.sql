-- Queries of the passport: what is known of one place.

-- The newest value of every indicator for a place, with definition and source.
-- name: passport_figures(region_id bigint, territory_id id) :many
SELECT i.code, i.name_kk, i.name_ru, i.name_en, i.unit_kk, i.unit_ru, i.unit_en, i.definition, i.block, i.direction, i.decimals,
       o.id, o.period, o.value, o.demo, s.title_kk AS source_kk, s.title_ru AS source_ru, s.title_en AS source_en, s.licence
FROM observation o
JOIN indicator i ON i.region_id = o.region_id AND i.code = o.indicator_code
JOIN source s ON s.region_id = o.region_id AND s.id = o.source_id
WHERE o.region_id = $1 AND o.territory_id = $2 AND o.period = (
    SELECT MAX(x.period) FROM observation x
    WHERE x.region_id = o.region_id AND x.territory_id = o.territory_id AND x.indicator_code = o.indicator_code)
ORDER BY i.ordinal, i.code, s.code;

-- The newest published composition of a place, every source by itself.
-- name: passport_composition(region_id bigint, territory_id id) :many
SELECT c.community_code, c.on_date, c.persons, c.share, c.demo, c.source_id, k.name_kk, k.name_ru, k.name_en,
       s.title_kk AS source_kk, s.title_ru AS source_ru, s.title_en AS source_en, s.licence, s.attribution
FROM composition c
JOIN community k ON k.code = c.community_code
JOIN source s ON s.region_id = c.region_id AND s.id = c.source_id
WHERE c.region_id = $1 AND c.territory_id = $2 AND c.on_date = (
    SELECT MAX(x.on_date) FROM composition x WHERE x.region_id = c.region_id AND x.territory_id = c.territory_id)
ORDER BY c.source_id, CASE WHEN c.community_code IN ('other', 'several', 'not_stated') THEN 1 ELSE 0 END, c.share DESC,
         c.persons DESC, k.ordinal;

-- Is the place under attention on a day, since when and why?
-- name: passport_attention(region_id bigint, territory_id id, on_date text) :opt
SELECT valid_from, reason_kk, reason_ru, reason_en, demo FROM attention
WHERE region_id = $1 AND territory_id = $2 AND valid_from <= $3 AND (valid_to = '' OR valid_to > $3)
ORDER BY valid_from LIMIT 1;

-- Visits to a place, newest first.
-- name: passport_visits(region_id bigint, territory_id id, most bigint) :many
SELECT id, on_date, purpose, summary, state, demo FROM visit
WHERE region_id = $1 AND territory_id = $2 AND state <> 'cancelled' ORDER BY on_date DESC, id DESC LIMIT $3;

-- Proposals about a place or its unit that are sent and not yet finished.
-- name: passport_proposals(region_id bigint, territory_id id, unit_id id) :many
SELECT p.id, p.number, p.quarter, p.problem, p.text, p.state, p.sent_on, p.due_on, p.territory_id, p.addressee_id, p.demo,
       o.name_kk, o.name_ru, o.name_en
FROM proposal p JOIN organisation o ON o.region_id = p.region_id AND o.id = p.addressee_id
WHERE p.region_id = $1 AND (p.territory_id = $2 OR p.territory_id = $3) AND p.state IN ('sent', 'registered', 'accepted', 'part')
ORDER BY p.due_on, p.number;

-- The branch or other office that serves a unit, with how to reach it.
-- name: passport_offices(region_id bigint, territory_id id, on_date text) :many
-- > office_phone text
-- > address text
SELECT o.id, o.kind, o.name_kk, o.name_ru, o.name_en,
       COALESCE((SELECT c.office_phone FROM organisation_contact c WHERE c.region_id = o.region_id AND c.organisation_id = o.id
                     AND c.valid_from <= $3 ORDER BY c.valid_from DESC LIMIT 1), '') AS office_phone,
       COALESCE((SELECT c.address FROM organisation_contact c WHERE c.region_id = o.region_id AND c.organisation_id = o.id
                     AND c.valid_from <= $3 ORDER BY c.valid_from DESC LIMIT 1), '') AS address,
       o.demo
FROM organisation o
WHERE o.region_id = $1 AND o.kind IN ('branch', 'institution') AND (o.territory_id = $2 OR o.kind = 'institution')
  AND o.valid_from <= $3 AND (o.valid_to = '' OR o.valid_to > $3)
ORDER BY CASE o.kind WHEN 'branch' THEN 0 ELSE 1 END, o.ordinal, o.id;

-- A figure that a person adds.
-- name: passport_add_figure(region_id bigint, indicator_code text, territory_id id, period text, source_id id, id id, value double) :exec
INSERT INTO observation (region_id, indicator_code, territory_id, period, source_id, id, value, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0);
