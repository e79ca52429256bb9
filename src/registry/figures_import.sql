-- The importer of figures: files that wait, and what the export gives back.

-- name: import_add(region_id bigint, id id, blob text, file_name text, source text, account_id id, created_us bigint, once_key text) :exec
INSERT INTO figure_import (region_id, id, blob, file_name, source, state, account_id, created_us, once_key)
VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8);

-- name: import_by_id(region_id bigint, id id) :opt
SELECT id, blob, file_name, source, state, written, left_out, account_id, created_us FROM figure_import
WHERE region_id = $1 AND id = $2;

-- The newest files, with who brought them.
-- name: import_recent(region_id bigint, most bigint) :many
SELECT i.id, i.file_name, i.source, i.state, i.written, i.left_out, i.account_id, i.created_us, a.name AS account_name
FROM figure_import i LEFT JOIN account a ON a.region_id = i.region_id AND a.id = i.account_id
WHERE i.region_id = $1 ORDER BY i.created_us DESC, i.id DESC LIMIT $2;

-- Only a file that still waits is written, and only once.
-- name: import_written(region_id bigint, id id, written bigint, left_out bigint) :exec
UPDATE figure_import SET state = 'written', written = $3, left_out = $4 WHERE region_id = $1 AND id = $2 AND state = 'waiting';

-- name: import_drop(region_id bigint, id id) :exec
DELETE FROM figure_import WHERE region_id = $1 AND id = $2 AND state = 'waiting';

-- How many rows hold a file, in whatever region.
-- name: import_blob_use(blob text) :one
-- all regions: the files of all regions lie in one folder
-- > uses bigint
SELECT COUNT(*) AS uses FROM figure_import WHERE blob = $1;

-- Figures in the columns that the importer reads.
-- name: export_observations(region_id bigint) :many
SELECT t.kato, t.name_kk AS place, o.indicator_code AS indicator, o.period, o.value, o.n, s.title_kk AS source, o.demo
FROM observation o
JOIN territory t ON t.region_id = o.region_id AND t.id = o.territory_id
JOIN source s ON s.region_id = o.region_id AND s.id = o.source_id
WHERE o.region_id = $1 ORDER BY t.kato, o.indicator_code, o.period, s.code;

-- name: export_composition(region_id bigint) :many
SELECT t.kato, t.name_kk AS place, c.community_code AS community, c.on_date AS period, c.persons, c.share, s.title_kk AS source, c.demo
FROM composition c
JOIN territory t ON t.region_id = c.region_id AND t.id = c.territory_id
JOIN source s ON s.region_id = c.region_id AND s.id = c.source_id
WHERE c.region_id = $1 ORDER BY t.kato, c.on_date, c.community_code, s.code;
