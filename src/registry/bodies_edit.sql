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

-- Phone and address from a day on; a second row of the same day takes the place of the first.
-- name: body_contact_put(region_id bigint, organisation_id id, valid_from text, office_phone text, address text, set_by id, set_us bigint) :exec
INSERT INTO organisation_contact (region_id, organisation_id, valid_from, office_phone, address, set_by, set_us)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (region_id, organisation_id, valid_from) DO UPDATE SET office_phone = excluded.office_phone,
    address = excluded.address, set_by = excluded.set_by, set_us = excluded.set_us;

-- All that was recorded, the newest day first.
-- name: body_contacts(region_id bigint, organisation_id id) :many
-- > set_by_name text?
SELECT c.valid_from, c.office_phone, c.address, a.name AS set_by_name
FROM organisation_contact c
LEFT JOIN account a ON a.region_id = c.region_id AND a.id = c.set_by
WHERE c.region_id = $1 AND c.organisation_id = $2 ORDER BY c.valid_from DESC;

-- A successor is reached as its predecessor was.
-- name: body_contact_pass_on(region_id bigint, from_id id, to_id id, on_date text) :exec
INSERT INTO organisation_contact (region_id, organisation_id, valid_from, office_phone, address, set_by, set_us)
SELECT c.region_id, $3, $4, c.office_phone, c.address, c.set_by, c.set_us
FROM organisation_contact c
WHERE c.region_id = $1 AND c.organisation_id = $2 AND c.valid_from <= $4
ORDER BY c.valid_from DESC LIMIT 1;
