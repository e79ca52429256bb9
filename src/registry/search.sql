-- Search over everything: words folded by the program (base/str.h), found by how they begin.

-- name: search_put(region_id bigint, word_key text, kind text, object_id id) :exec
INSERT INTO search_word (region_id, word_key, kind, object_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (region_id, word_key, kind, object_id) DO NOTHING;

-- name: search_clear(region_id bigint, kind text, object_id id) :exec
DELETE FROM search_word WHERE region_id = $1 AND kind = $2 AND object_id = $3;

-- Objects of a region, and of the republic (0), that have a word beginning with each of the keys: a word lies between the
-- key and the key with the last of all characters behind it. The walk begins with the first key, which the
-- caller chooses as the rarest; the others are looked up word by word of the object. An unused key is ''.
-- Exact words come first, then names of fewer words.
-- name: search_find(region_id bigint, a text, a_to text, b text, b_to text, c text, c_to text, d text, d_to text, e text, e_to text, f text, f_to text, most bigint) :many
-- > longer bigint
-- > words bigint
SELECT w.region_id, w.kind, w.object_id, MIN(CASE WHEN w.word_key = $2 THEN 0 ELSE 1 END) AS longer,
       (SELECT COUNT(*) FROM search_word x WHERE x.region_id = w.region_id AND x.kind = w.kind AND x.object_id = w.object_id) AS words
FROM search_word w
WHERE w.region_id IN ($1, 0) AND w.word_key >= $2 AND w.word_key < $3
  AND ($4 = '' OR EXISTS (SELECT 1 FROM search_word x WHERE x.region_id = w.region_id AND x.kind = w.kind
        AND x.object_id = w.object_id AND x.word_key >= $4 AND x.word_key < $5))
  AND ($6 = '' OR EXISTS (SELECT 1 FROM search_word x WHERE x.region_id = w.region_id AND x.kind = w.kind
        AND x.object_id = w.object_id AND x.word_key >= $6 AND x.word_key < $7))
  AND ($8 = '' OR EXISTS (SELECT 1 FROM search_word x WHERE x.region_id = w.region_id AND x.kind = w.kind
        AND x.object_id = w.object_id AND x.word_key >= $8 AND x.word_key < $9))
  AND ($10 = '' OR EXISTS (SELECT 1 FROM search_word x WHERE x.region_id = w.region_id AND x.kind = w.kind
        AND x.object_id = w.object_id AND x.word_key >= $10 AND x.word_key < $11))
  AND ($12 = '' OR EXISTS (SELECT 1 FROM search_word x WHERE x.region_id = w.region_id AND x.kind = w.kind
        AND x.object_id = w.object_id AND x.word_key >= $12 AND x.word_key < $13))
GROUP BY w.region_id, w.kind, w.object_id
ORDER BY 4, 5, w.kind DESC, w.object_id LIMIT $14;

-- What a found proposal says of itself.
-- name: search_proposal(region_id bigint, id id) :opt
SELECT number, problem, state, quarter FROM proposal WHERE region_id = $1 AND id = $2;

-- name: search_organisation(region_id bigint, id id) :opt
SELECT kind, name_kk, name_ru, name_en, valid_to FROM organisation WHERE region_id = $1 AND id = $2;

-- name: search_territory(region_id bigint, id id) :opt
SELECT level, kind, kato, name_kk, name_ru, name_en, valid_to FROM territory WHERE region_id = $1 AND id = $2;
