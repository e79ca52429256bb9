-- Papers of a case: papers.h.

-- name: clause_put(region_id bigint, id id, kind text, ordinal bigint, heading_kk text, heading_ru text, text_kk text, text_ru text, article text, verified bool, valid_from text) :exec
INSERT INTO paper_clause (region_id, id, kind, ordinal, heading_kk, heading_ru, text_kk, text_ru, article, verified, valid_from)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (region_id, id) DO NOTHING;

-- The clauses of a kind on a day, in order; kind '' is all kinds.
-- name: clause_list(region_id bigint, kind text, on_date text) :many
SELECT id, kind, ordinal, heading_kk, heading_ru, text_kk, text_ru, article, verified, valid_from FROM paper_clause
WHERE region_id = $1 AND ($2 = '' OR kind = $2) AND valid_from <= $3 AND (valid_to = '' OR valid_to > $3)
ORDER BY kind, ordinal, valid_from, id;

-- name: clause_by_id(region_id bigint, id id) :opt
SELECT id, kind, ordinal, heading_kk, heading_ru, text_kk, text_ru, article, verified, valid_from, valid_to FROM paper_clause
WHERE region_id = $1 AND id = $2;

-- name: clause_end(region_id bigint, id id, valid_to text) :exec
UPDATE paper_clause SET valid_to = $3 WHERE region_id = $1 AND id = $2 AND valid_to = '';

-- name: paper_last_version(region_id bigint, dispute_id id, kind text) :one
-- > version bigint
SELECT COALESCE(MAX(version), 0) AS version FROM paper WHERE region_id = $1 AND dispute_id = $2 AND kind = $3;

-- name: paper_insert(region_id bigint, dispute_id id, id id, kind text, version bigint, made_us bigint, made_by bigint, day text, sealed bytes) :exec
INSERT INTO paper (region_id, dispute_id, id, kind, version, made_us, made_by, day, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: paper_list(region_id bigint, dispute_id id) :many
-- > who text?
SELECT p.id, p.kind, p.version, p.made_us, p.day, p.scan_us, p.scan_hash, p.scan_type, a.name AS who FROM paper p
LEFT JOIN account a ON a.region_id = p.region_id AND a.id = p.made_by
WHERE p.region_id = $1 AND p.dispute_id = $2 ORDER BY p.kind, p.version;

-- name: paper_by_id(region_id bigint, dispute_id id, id id) :opt
SELECT id, kind, version, made_us, day, sealed, scan_us, scan_hash, scan_type, scan FROM paper
WHERE region_id = $1 AND dispute_id = $2 AND id = $3;

-- A signed scan is added once; it does not change any more.
-- name: paper_scan_put(region_id bigint, dispute_id id, id id, scan_us bigint, scan_hash text, scan_type text, scan bytes) :exec
UPDATE paper SET scan_us = $4, scan_hash = $5, scan_type = $6, scan = $7
WHERE region_id = $1 AND dispute_id = $2 AND id = $3 AND scan_us = 0;
