-- name: t_all(region_id bigint, id id?, a text?, b bytes,
--   x double?, flag bool) :many
-- > n bigint
-- > label text?
SELECT t.id, t.name, t.flag, t.x, t.b, u.name AS uname, count(*) AS n, 'a;''b' AS label
FROM t LEFT JOIN u ON u.id = t.id
WHERE t.region_id = $1 AND t.id = $2 AND t.name = $3 AND t.b = $4 AND t.x > $5 AND t.flag = $6 GROUP BY t.id;
-- name: t_del(region_id bigint) :exec
DELETE FROM t WHERE region_id = $1;
-- name: t_each() :each
-- all regions: why not
SELECT id FROM t;
