-- Days that are not what their weekday says.

-- name: holiday_list(region_id bigint) :many
SELECT day, kind, name_kk, name_ru, name_en, verified FROM holiday WHERE region_id = $1 ORDER BY day;

-- name: holiday_of_year(region_id bigint, from_day text, to_day text) :many
SELECT day, kind, name_kk, name_ru, name_en, verified FROM holiday
WHERE region_id = $1 AND day >= $2 AND day <= $3 ORDER BY day;

-- name: holiday_put(region_id bigint, day text, kind text, name_kk text, name_ru text, name_en text, verified bool) :exec
INSERT INTO holiday (region_id, day, kind, name_kk, name_ru, name_en, verified) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (region_id, day) DO UPDATE SET kind = excluded.kind, name_kk = excluded.name_kk, name_ru = excluded.name_ru,
    name_en = excluded.name_en, verified = excluded.verified;

-- name: holiday_delete(region_id bigint, day text) :exec
DELETE FROM holiday WHERE region_id = $1 AND day = $2;

-- name: holiday_count(region_id bigint) :one
-- > total bigint
SELECT COUNT(*) AS total FROM holiday WHERE region_id = $1;
