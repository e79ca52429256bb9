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
SELECT name FROM demo_part WHERE region_id = $1 AND name = $2;

-- name: program_demo_add(region_id bigint, name text, loaded_us bigint) :exec
INSERT INTO demo_part (region_id, name, loaded_us) VALUES ($1, $2, $3);

-- name: program_regions() :many
-- all regions: doctor checks the audit chain of each
SELECT region_id, seq FROM audit_head ORDER BY region_id;
