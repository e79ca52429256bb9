-- What mediators are proposed by: propose.h.

-- The mediators of a day with what they are compared by. Assignments: of cases that they have or had to the end, filed since.
-- name: propose_facts(region_id bigint, today text, since_us bigint) :many
-- > place_kk text?
-- > place_ru text?
-- > place_en text?
-- > lon double?
-- > lat double?
-- > open_cases bigint
-- > assigned_us bigint?
SELECT m.id, m.name, m.languages, m.fields, m.capacity, m.territory_id, t.name_kk AS place_kk, t.name_ru AS place_ru, t.name_en AS place_en,
       t.lon, t.lat,
       (SELECT COUNT(*) FROM dispute d WHERE d.region_id = m.region_id AND d.mediator_id = m.id
            AND d.state IN ('offered', 'contract', 'sessions', 'settled', 'follow_up')) AS open_cases,
       (SELECT MAX(e.at_us) FROM dispute d
            JOIN dispute_event e ON e.region_id = d.region_id AND e.dispute_id = d.id AND e.action = 'assign'
            WHERE d.region_id = m.region_id AND d.mediator_id = m.id AND d.filed_us >= $3) AS assigned_us
FROM mediator m
LEFT JOIN territory t ON t.region_id = m.region_id AND t.id = m.territory_id
WHERE m.region_id = $1 AND m.valid_from <= $2 AND (m.valid_to = '' OR m.valid_to > $2)
ORDER BY m.id;
