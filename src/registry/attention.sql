-- The dated list of settlements under attention.

-- The list on a day, with okrug or unit above and the reason.
-- name: attention_page(region_id bigint, on_date text) :many
-- > kato text
-- > name_kk text
-- > name_ru text
-- > name_en text
-- > unit_id id?
-- > unit_kk text?
-- > unit_ru text?
-- > unit_en text?
SELECT a.id, a.territory_id, t.kato, t.name_kk, t.name_ru, t.name_en, u.id AS unit_id, u.name_kk AS unit_kk, u.name_ru AS unit_ru,
       u.name_en AS unit_en, a.valid_from, a.valid_to, a.reason_kk, a.reason_ru, a.reason_en, a.end_reason, a.demo, t.lon, t.lat
FROM attention a
JOIN territory t ON t.region_id = a.region_id AND t.id = a.territory_id
LEFT JOIN territory_parent p ON p.region_id = t.region_id AND p.territory_id = t.id
     AND p.valid_from <= $2 AND (p.valid_to = '' OR p.valid_to > $2)
LEFT JOIN territory parent ON parent.region_id = p.region_id AND parent.id = p.parent_id
LEFT JOIN territory_parent up ON up.region_id = parent.region_id AND up.territory_id = parent.id
     AND up.valid_from <= $2 AND (up.valid_to = '' OR up.valid_to > $2)
LEFT JOIN territory u ON u.region_id = a.region_id AND u.id = CASE WHEN parent.level = 2 THEN parent.id ELSE up.parent_id END
WHERE a.region_id = $1 AND a.valid_from <= $2 AND (a.valid_to = '' OR a.valid_to > $2)
ORDER BY u.name_kk COLLATE kk, t.name_kk COLLATE kk, a.id;

-- name: attention_by_id(region_id bigint, id id) :opt
SELECT territory_id, valid_from, valid_to FROM attention WHERE region_id = $1 AND id = $2;

-- Whether a settlement's time on the list touches a day or what comes after.
-- name: attention_open(region_id bigint, territory_id id, from_date text) :opt
SELECT id, valid_from FROM attention
WHERE region_id = $1 AND territory_id = $2 AND (valid_to = '' OR valid_to > $3) ORDER BY valid_from LIMIT 1;

-- name: attention_add(region_id bigint, id id, territory_id id, valid_from text, reason text, once_key text, account_id id?) :exec
INSERT INTO attention (region_id, id, territory_id, valid_from, reason_kk, reason_ru, reason_en, once_key, account_id)
VALUES ($1, $2, $3, $4, $5, $5, $5, $6, $7);

-- name: attention_end(region_id bigint, id id, valid_to text, end_reason text) :exec
UPDATE attention SET valid_to = $3, end_reason = $4 WHERE region_id = $1 AND id = $2 AND valid_to = '';
