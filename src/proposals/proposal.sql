-- Proposals to state bodies. "Overdue" is worked out from due_on and the day, never stored.

-- name: proposal_insert(region_id bigint, id id, number text, once_key text, quarter text, problem text, text text,
--   addressee_id id, territory_id id?, basis text, effect text, indicator_code text, term_days bigint, term_kind text,
--   created_on text, state text, account_id id, demo bool) :exec
INSERT INTO proposal (region_id, id, number, once_key, quarter, problem, text, addressee_id, territory_id, basis, effect,
    indicator_code, term_days, term_kind, created_on, state, account_id, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18);

-- A draft is written anew.
-- name: proposal_update(region_id bigint, id id, version bigint, quarter text, problem text, text text, addressee_id id,
--   territory_id id?, basis text, effect text, indicator_code text, term_days bigint, term_kind text) :exec
UPDATE proposal SET quarter = $4, problem = $5, text = $6, addressee_id = $7, territory_id = $8, basis = $9, effect = $10,
    indicator_code = $11, term_days = $12, term_kind = $13, version = version + 1
WHERE region_id = $1 AND id = $2 AND version = $3 AND state = 'draft';

-- The next step; nothing is changed where somebody else was faster.
-- name: proposal_move(region_id bigint, id id, version bigint, state text, sent_on text, due_on text) :exec
UPDATE proposal SET state = $4, sent_on = $5, due_on = $6, version = version + 1
WHERE region_id = $1 AND id = $2 AND version = $3;

-- name: proposal_by_id(region_id bigint, id id) :one
-- > place_kk text?
-- > place_ru text?
-- > place_en text?
SELECT p.id, p.number, p.quarter, p.problem, p.text, p.addressee_id, p.territory_id, p.basis, p.effect, p.indicator_code,
       p.term_days, p.term_kind, p.created_on, p.sent_on, p.due_on, p.state, p.version, p.demo, o.name_kk, o.name_ru, o.name_en,
       t.name_kk AS place_kk, t.name_ru AS place_ru, t.name_en AS place_en
FROM proposal p
JOIN organisation o ON o.region_id = p.region_id AND o.id = p.addressee_id
LEFT JOIN territory t ON t.region_id = p.region_id AND t.id = p.territory_id
WHERE p.region_id = $1 AND p.id = $2;

-- name: proposal_by_once(region_id bigint, once_key text) :opt
SELECT id FROM proposal WHERE region_id = $1 AND once_key = $2;

-- name: proposal_count_of_quarter(region_id bigint, quarter text) :one
-- > proposals bigint
SELECT COUNT(*) AS proposals FROM proposal WHERE region_id = $1 AND quarter = $2;

-- The register. state: '', a state, 'waiting' (sent or registered) or 'overdue'; addressee 0 and quarter '' are all.
-- drafts 0 leaves out what was not sent. partner: an account that sees only what was sent to the bodies it answers for
-- (0: no such limit). scoped: an account that sees only the units of its grants (0: no such limit).
-- name: proposal_list(region_id bigint, on_date text, state text, addressee_id id, quarter text, drafts bigint, partner id,
--   scoped id, most bigint, skip bigint) :many
-- > place_kk text?
-- > place_ru text?
-- > place_en text?
SELECT p.id, p.number, p.quarter, p.problem, p.addressee_id, p.territory_id, p.created_on, p.sent_on, p.due_on, p.state, p.demo,
       o.name_kk, o.name_ru, o.name_en, t.name_kk AS place_kk, t.name_ru AS place_ru, t.name_en AS place_en
FROM proposal p
JOIN organisation o ON o.region_id = p.region_id AND o.id = p.addressee_id
LEFT JOIN territory t ON t.region_id = p.region_id AND t.id = p.territory_id
WHERE p.region_id = $1
  AND ($3 = '' OR p.state = $3 OR ($3 = 'waiting' AND p.state IN ('sent', 'registered'))
       OR ($3 = 'overdue' AND p.state IN ('sent', 'registered') AND p.due_on < $2))
  AND ($4 = 0 OR p.addressee_id = $4) AND ($5 = '' OR p.quarter = $5) AND ($6 = 1 OR p.sent_on <> '')
  AND ($7 = 0 OR EXISTS (SELECT 1 FROM role_grant g
           JOIN role_permission m ON m.region_id = g.region_id AND m.role_code = g.role_code AND m.permission = 'proposal.answer'
           WHERE g.region_id = p.region_id AND g.account_id = $7 AND g.organisation_id = p.addressee_id
             AND g.valid_from <= $2 AND (g.valid_to = '' OR g.valid_to > $2)))
  AND ($8 = 0 OR EXISTS (SELECT 1 FROM role_grant g
           WHERE g.region_id = p.region_id AND g.account_id = $8 AND g.valid_from <= $2 AND (g.valid_to = '' OR g.valid_to > $2)
             AND (g.territory_id = p.territory_id OR EXISTS (SELECT 1 FROM territory_parent a
                  LEFT JOIN territory_parent b ON b.region_id = a.region_id AND b.territory_id = a.parent_id
                  WHERE a.region_id = p.region_id AND a.territory_id = p.territory_id
                    AND (a.parent_id = g.territory_id OR b.parent_id = g.territory_id)))))
ORDER BY CASE WHEN p.state IN ('sent', 'registered') AND p.due_on < $2 THEN 0 ELSE 1 END, p.quarter DESC, p.number DESC, p.id
LIMIT $9 OFFSET $10;

-- How many of each kind the same reader sees under the same addressee and quarter.
-- matching: those in the state that is asked for, as in proposal_list().
-- name: proposal_counts(region_id bigint, on_date text, addressee_id id, quarter text, drafts bigint, partner id, scoped id,
--   state text) :one
-- > total bigint
-- > matching bigint
-- > draft bigint
-- > waiting bigint
-- > overdue bigint
-- > accepted bigint
-- > part bigint
-- > refused bigint
-- > done bigint
SELECT COUNT(*) AS total,
       COUNT(CASE WHEN $8 = '' OR p.state = $8 OR ($8 = 'waiting' AND p.state IN ('sent', 'registered'))
                  OR ($8 = 'overdue' AND p.state IN ('sent', 'registered') AND p.due_on < $2) THEN 1 END) AS matching,
       COUNT(CASE WHEN p.state IN ('draft', 'agreed') THEN 1 END) AS draft,
       COUNT(CASE WHEN p.state IN ('sent', 'registered') THEN 1 END) AS waiting,
       COUNT(CASE WHEN p.state IN ('sent', 'registered') AND p.due_on < $2 THEN 1 END) AS overdue,
       COUNT(CASE WHEN p.state = 'accepted' THEN 1 END) AS accepted,
       COUNT(CASE WHEN p.state = 'part' THEN 1 END) AS part,
       COUNT(CASE WHEN p.state = 'refused' THEN 1 END) AS refused,
       COUNT(CASE WHEN p.state = 'done' THEN 1 END) AS done
FROM proposal p
WHERE p.region_id = $1 AND ($3 = 0 OR p.addressee_id = $3) AND ($4 = '' OR p.quarter = $4) AND ($5 = 1 OR p.sent_on <> '')
  AND ($6 = 0 OR EXISTS (SELECT 1 FROM role_grant g
           JOIN role_permission m ON m.region_id = g.region_id AND m.role_code = g.role_code AND m.permission = 'proposal.answer'
           WHERE g.region_id = p.region_id AND g.account_id = $6 AND g.organisation_id = p.addressee_id
             AND g.valid_from <= $2 AND (g.valid_to = '' OR g.valid_to > $2)))
  AND ($7 = 0 OR EXISTS (SELECT 1 FROM role_grant g
           WHERE g.region_id = p.region_id AND g.account_id = $7 AND g.valid_from <= $2 AND (g.valid_to = '' OR g.valid_to > $2)
             AND (g.territory_id = p.territory_id OR EXISTS (SELECT 1 FROM territory_parent a
                  LEFT JOIN territory_parent b ON b.region_id = a.region_id AND b.territory_id = a.parent_id
                  WHERE a.region_id = p.region_id AND a.territory_id = p.territory_id
                    AND (a.parent_id = g.territory_id OR b.parent_id = g.territory_id)))));

-- The quarters and addressees that proposals have, for the filters.
-- name: proposal_quarters(region_id bigint) :many
SELECT DISTINCT quarter FROM proposal WHERE region_id = $1 ORDER BY quarter DESC;

-- name: proposal_addressees(region_id bigint) :many
SELECT o.id, o.name_kk, o.name_ru, o.name_en FROM organisation o
WHERE o.region_id = $1 AND EXISTS (SELECT 1 FROM proposal p WHERE p.region_id = o.region_id AND p.addressee_id = o.id)
ORDER BY o.ordinal, o.id;

-- --- evidence, events, replies ---

-- name: proposal_evidence_insert(region_id bigint, proposal_id id, ordinal bigint, kind text, figure_id id, label text) :exec
INSERT INTO proposal_evidence (region_id, proposal_id, ordinal, kind, figure_id, label) VALUES ($1, $2, $3, $4, $5, $6);

-- name: proposal_evidence_clear(region_id bigint, proposal_id id) :exec
DELETE FROM proposal_evidence WHERE region_id = $1 AND proposal_id = $2;

-- name: proposal_evidence_list(region_id bigint, proposal_id id) :many
SELECT ordinal, kind, figure_id, label FROM proposal_evidence WHERE region_id = $1 AND proposal_id = $2 ORDER BY ordinal;

-- name: proposal_event_insert(region_id bigint, proposal_id id, id id, at_us bigint, account_id id, state text, note text) :exec
INSERT INTO proposal_event (region_id, proposal_id, id, at_us, account_id, state, note) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: proposal_events(region_id bigint, proposal_id id) :many
-- > account_name text?
SELECT e.id, e.at_us, e.state, e.note, a.name AS account_name
FROM proposal_event e LEFT JOIN account a ON a.region_id = e.region_id AND a.id = e.account_id
WHERE e.region_id = $1 AND e.proposal_id = $2 ORDER BY e.at_us, e.id;

-- name: proposal_reply_insert(region_id bigint, proposal_id id, id id, number text, on_date text, decision text, text text, account_id id) :exec
INSERT INTO proposal_reply (region_id, proposal_id, id, number, on_date, decision, text, account_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: proposal_replies(region_id bigint, proposal_id id) :many
SELECT id, number, on_date, decision, text FROM proposal_reply
WHERE region_id = $1 AND proposal_id = $2 ORDER BY on_date, id;

-- The body that stands in the place of an earlier one from a day on.
-- name: proposal_successor(region_id bigint, organisation_id id, on_date text) :opt
SELECT to_id FROM organisation_change
WHERE region_id = $1 AND from_id = $2 AND on_date <= $3 AND to_id <> $2 ORDER BY on_date DESC, id LIMIT 1;

-- --- figures of a place that a proposal can rest on ---

-- The newest published value of each indicator.
-- name: proposal_observations(region_id bigint, territory_id id) :many
SELECT v.id, v.indicator_code, v.period, v.value, i.name_kk, i.name_ru, i.name_en, i.unit_kk, i.unit_ru, i.unit_en, i.decimals
FROM observation v JOIN indicator i ON i.region_id = v.region_id AND i.code = v.indicator_code
WHERE v.region_id = $1 AND v.territory_id = $2
  AND v.period = (SELECT MAX(w.period) FROM observation w WHERE w.region_id = v.region_id
                    AND w.indicator_code = v.indicator_code AND w.territory_id = v.territory_id)
ORDER BY v.indicator_code, v.id;

-- What surveys of the newest closed quarter say about it.
-- name: proposal_estimates(region_id bigint, territory_id id) :many
SELECT e.id, e.period, e.value, e.lower, e.upper, s.name_kk, s.name_ru, s.name_en
FROM estimate e
JOIN quarter_run r ON r.region_id = e.region_id AND r.id = e.run_id AND r.state IN ('closed', 'signed')
JOIN survey_indicator s ON s.region_id = e.region_id AND s.code = e.indicator_code
WHERE e.region_id = $1 AND e.territory_id = $2 AND e.status <> 'refused' AND e.value IS NOT NULL
  AND e.period = (SELECT MAX(q.quarter) FROM quarter_run q WHERE q.region_id = e.region_id AND q.state IN ('closed', 'signed'))
ORDER BY e.indicator_code, e.id;

-- name: proposal_forecasts(region_id bigint, territory_id id) :many
SELECT f.id, f.period, f.lower80, f.upper80
FROM forecast f
JOIN quarter_run r ON r.region_id = f.region_id AND r.id = f.run_id AND r.state IN ('closed', 'signed')
WHERE f.region_id = $1 AND f.territory_id = $2 AND f.status = 'ok' AND f.kind_code = '' AND f.lower80 IS NOT NULL
ORDER BY f.period DESC, f.id LIMIT 2;

-- name: proposal_visits(region_id bigint, territory_id id) :many
SELECT id, on_date, purpose FROM visit
WHERE region_id = $1 AND territory_id = $2 AND state = 'done' ORDER BY on_date DESC, id LIMIT 5;

-- name: proposal_indicators(region_id bigint) :many
SELECT code, name_kk, name_ru, name_en FROM indicator WHERE region_id = $1 ORDER BY name_kk COLLATE kk, code;

-- --- for other features ---

-- Proposals of a quarter as they stand, for its report; drafts are left out.
-- name: proposal_of_quarter(region_id bigint, quarter text) :many
SELECT p.id, p.number, p.problem, p.text, p.sent_on, p.due_on, p.state, p.effect, p.demo, o.name_kk, o.name_ru, o.name_en
FROM proposal p JOIN organisation o ON o.region_id = p.region_id AND o.id = p.addressee_id
WHERE p.region_id = $1 AND p.quarter = $2 AND p.state <> 'draft' ORDER BY p.number, p.id;

-- Earlier proposals and how they stood on a day: sent before a quarter's end, of another quarter. answered_on and decision
-- are those of the last reply by then, NULL where there was none.
-- name: proposal_past(region_id bigint, before_quarter text, on_date text) :many
-- > answered_on text?
-- > decision text?
SELECT p.id, p.number, p.quarter, p.problem, p.sent_on, p.due_on, p.demo, o.name_kk, o.name_ru, o.name_en,
       (SELECT MAX(y.on_date) FROM proposal_reply y WHERE y.region_id = p.region_id AND y.proposal_id = p.id
            AND y.on_date <= $3) AS answered_on,
       (SELECT y.decision FROM proposal_reply y WHERE y.region_id = p.region_id AND y.proposal_id = p.id
            AND y.on_date <= $3 ORDER BY y.on_date DESC, y.id DESC LIMIT 1) AS decision
FROM proposal p JOIN organisation o ON o.region_id = p.region_id AND o.id = p.addressee_id
WHERE p.region_id = $1 AND p.quarter < $2 AND p.sent_on <> '' AND p.sent_on <= $3
ORDER BY p.quarter DESC, p.number, p.id;

-- Proposals about a place that were sent, for its passport.
-- name: proposal_at(region_id bigint, territory_id id) :many
SELECT p.id, p.number, p.problem, p.sent_on, p.due_on, p.state, p.demo, o.name_kk, o.name_ru, o.name_en
FROM proposal p JOIN organisation o ON o.region_id = p.region_id AND o.id = p.addressee_id
WHERE p.region_id = $1 AND p.territory_id = $2 AND p.sent_on <> '' ORDER BY p.sent_on DESC, p.id;
