-- What passes to the successor when a body is renamed: everything that is still open.

-- name: body_move_parts(region_id bigint, from_id id, to_id id) :exec
UPDATE organisation SET parent_id = $3 WHERE region_id = $1 AND parent_id = $2 AND valid_to = '';

-- name: body_move_posts(region_id bigint, from_id id, to_id id) :exec
UPDATE staff_post SET organisation_id = $3 WHERE region_id = $1 AND organisation_id = $2 AND valid_to = '';

-- name: body_move_members(region_id bigint, from_id id, to_id id) :exec
UPDATE membership SET organisation_id = $3 WHERE region_id = $1 AND organisation_id = $2 AND valid_to = '';

-- name: body_move_tasks(region_id bigint, from_id id, to_id id) :exec
UPDATE task SET organisation_id = $3 WHERE region_id = $1 AND organisation_id = $2 AND done_on = '';

-- name: body_move_grants(region_id bigint, from_id id, to_id id) :exec
UPDATE role_grant SET organisation_id = $3 WHERE region_id = $1 AND organisation_id = $2 AND valid_to = '';

-- The institution of a day: departments and branches belong to it.
-- name: body_institution(region_id bigint, on_date text) :opt
SELECT id FROM organisation
WHERE region_id = $1 AND kind = 'institution' AND valid_from <= $2 AND (valid_to = '' OR valid_to > $2) ORDER BY valid_from DESC LIMIT 1;
