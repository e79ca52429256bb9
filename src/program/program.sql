-- What the program's own commands ask of the database.

-- Is there anything that a demonstration would mix with?
-- name: program_content(region_id bigint) :one
-- > accounts bigint
-- > bodies bigint
-- > disputes bigint
-- > demo_parts bigint
SELECT (SELECT COUNT(*) FROM account WHERE region_id = $1 AND demo = 0) AS accounts,
       (SELECT COUNT(*) FROM organisation WHERE region_id = $1) AS bodies,
       (SELECT COUNT(*) FROM dispute WHERE region_id = $1) AS disputes,
       (SELECT COUNT(*) FROM demo_part WHERE region_id = $1) AS demo_parts;

-- name: program_demo_done(region_id bigint, name text) :opt
SELECT name, loaded_us FROM demo_part WHERE region_id = $1 AND name = $2;

-- name: program_demo_add(region_id bigint, name text, loaded_us bigint) :exec
INSERT INTO demo_part (region_id, name, loaded_us) VALUES ($1, $2, $3);

-- name: program_regions() :many
-- all regions: doctor checks the audit chain of each, a backup names their heads
SELECT region_id, seq, hash FROM audit_head ORDER BY region_id;

-- What stands at the head of every page: the institution of today and its region.
-- name: program_frame(region_id bigint, day text) :one
-- > institution_kk text?
-- > institution_ru text?
-- > institution_en text?
-- > region_kk text?
-- > region_ru text?
-- > region_en text?
-- > demo bigint
SELECT (SELECT name_kk FROM organisation WHERE region_id = $1 AND kind = 'institution' AND valid_from <= $2
          AND (valid_to = '' OR valid_to > $2) ORDER BY valid_from DESC LIMIT 1) AS institution_kk,
       (SELECT name_ru FROM organisation WHERE region_id = $1 AND kind = 'institution' AND valid_from <= $2
          AND (valid_to = '' OR valid_to > $2) ORDER BY valid_from DESC LIMIT 1) AS institution_ru,
       (SELECT name_en FROM organisation WHERE region_id = $1 AND kind = 'institution' AND valid_from <= $2
          AND (valid_to = '' OR valid_to > $2) ORDER BY valid_from DESC LIMIT 1) AS institution_en,
       (SELECT name_kk FROM region WHERE id = $1) AS region_kk,
       (SELECT name_ru FROM region WHERE id = $1) AS region_ru,
       (SELECT name_en FROM region WHERE id = $1) AS region_en,
       (SELECT COUNT(*) FROM demo_part WHERE region_id = $1) AS demo;
