-- Dated settings; the newest row that has begun holds.

-- name: setting_value(region_id bigint, name text, day text) :opt
SELECT value, valid_from FROM setting
WHERE region_id = $1 AND name = $2 AND valid_from <= $3 ORDER BY valid_from DESC LIMIT 1;

-- name: setting_history(region_id bigint, name text) :many
SELECT s.valid_from, s.value, s.note, s.set_us, a.name AS set_by_name
FROM setting s LEFT JOIN account a ON a.region_id = s.region_id AND a.id = s.set_by
WHERE s.region_id = $1 AND s.name = $2 ORDER BY s.valid_from DESC;

-- name: setting_put(region_id bigint, name text, valid_from text, value text, note text, set_by id, set_us bigint) :exec
INSERT INTO setting (region_id, name, valid_from, value, note, set_by, set_us) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (region_id, name, valid_from) DO UPDATE SET value = excluded.value, note = excluded.note,
    set_by = excluded.set_by, set_us = excluded.set_us;
