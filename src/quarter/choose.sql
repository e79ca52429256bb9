-- Facts about places that the choice of visits rests on.

-- Proposals about a place whose answer is overdue on a day.
-- name: overdue_proposals(region_id bigint, on_date text) :many
-- > territory_id id
-- > proposals bigint
SELECT territory_id, COUNT(*) AS proposals FROM proposal
WHERE region_id = $1 AND territory_id IS NOT NULL AND state IN ('sent', 'registered') AND due_on <> '' AND due_on < $2
GROUP BY territory_id ORDER BY territory_id;
