-- The secret links of requests from the public page. See request.h.

-- name: case_link_insert(region_id bigint, id id, dispute_id id, token_hash text, made_us bigint) :exec
INSERT INTO case_link (region_id, id, dispute_id, token_hash, made_us) VALUES ($1, $2, $3, $4, $5);

-- All that a link shows. A case that was joined to another stands as that one does.
-- name: case_link_state(region_id bigint, token_hash text) :opt
-- > state text
SELECT d.number, COALESCE(j.state, d.state) AS state FROM case_link l
JOIN dispute d ON d.region_id = l.region_id AND d.id = l.dispute_id
LEFT JOIN dispute j ON j.region_id = d.region_id AND j.id = d.joined_to
WHERE l.region_id = $1 AND l.token_hash = $2;
