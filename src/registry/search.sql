-- Search over everything: words folded by the program (base/str.h), found by how they begin.

-- name: search_put(region_id bigint, word_key text, kind text, object_id id) :exec
INSERT INTO search_word (region_id, word_key, kind, object_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (region_id, word_key, kind, object_id) DO NOTHING;

-- name: search_clear(region_id bigint, kind text, object_id id) :exec
DELETE FROM search_word WHERE region_id = $1 AND kind = $2 AND object_id = $3;

-- Objects that have a word beginning with the key: between it and the key with its last letter raised by one. An exact
-- word comes before a longer one.
-- name: search_find(region_id bigint, from_key text, to_key text, most bigint) :many
-- > word_key text
SELECT kind, object_id, MIN(word_key) AS word_key FROM search_word
WHERE region_id = $1 AND word_key >= $2 AND word_key < $3
GROUP BY kind, object_id
ORDER BY 3, kind, object_id LIMIT $4;
