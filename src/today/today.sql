-- What the first screen asks; figures and dates only, never the content of a case.

-- Tasks that are due by a day; account 0: of all bodies, else of the bodies that the account acts for.
-- name: today_tasks(region_id bigint, today text, until text, account_id id, most bigint) :many
SELECT t.id, t.organisation_id, t.text, t.due_on, o.name_kk, o.name_ru, o.name_en
FROM task t JOIN organisation o ON o.region_id = t.region_id AND o.id = t.organisation_id
WHERE t.region_id = $1 AND t.done_on = '' AND t.due_on <= $3
  AND ($4 = 0 OR EXISTS (SELECT 1 FROM role_grant g WHERE g.region_id = t.region_id AND g.account_id = $4
           AND g.organisation_id = t.organisation_id AND g.valid_from <= $2 AND (g.valid_to = '' OR g.valid_to > $2)))
ORDER BY t.due_on, t.id LIMIT $5;

-- Quarters over before a day that have answers and no run in force, and those closed but not signed.
-- name: today_quarters(region_id bigint, this_quarter text) :many
-- > run_state text?
SELECT o.quarter, (SELECT q.state FROM quarter_run q WHERE q.region_id = o.region_id AND q.quarter = o.quarter
                     ORDER BY q.run_no DESC LIMIT 1) AS run_state
FROM survey_round o WHERE o.region_id = $1 AND o.quarter < $2 ORDER BY o.quarter DESC LIMIT 4;

-- How many answers the fieldwork of a quarter has.
-- name: today_answers(region_id bigint, quarter text) :one
-- > answers bigint
SELECT COUNT(*) AS answers FROM response r JOIN survey_round o ON o.region_id = r.region_id AND o.id = r.round_id
WHERE o.region_id = $1 AND o.quarter = $2;

-- The newest report that a person signed.
-- name: today_report(region_id bigint) :opt
SELECT quarter, signed_by, signed_us, demo FROM quarter_run
WHERE region_id = $1 AND state = 'signed' ORDER BY quarter DESC, run_no DESC LIMIT 1;

-- name: today_proposed(region_id bigint, run_id id, today text, scoped id) :one
-- > places bigint
SELECT COUNT(*) AS places FROM recommendation r
LEFT JOIN territory_parent a ON a.region_id = r.region_id AND a.territory_id = r.territory_id
     AND a.valid_from <= $3 AND (a.valid_to = '' OR a.valid_to > $3)
LEFT JOIN territory_parent b ON b.region_id = a.region_id AND b.territory_id = a.parent_id
     AND b.valid_from <= $3 AND (b.valid_to = '' OR b.valid_to > $3)
WHERE r.region_id = $1 AND r.run_id = $2 AND r.state = 'proposed'
  AND ($4 = 0 OR EXISTS (SELECT 1 FROM role_grant g
           WHERE g.region_id = r.region_id AND g.account_id = $4 AND g.valid_from <= $3 AND (g.valid_to = '' OR g.valid_to > $3)
             AND g.territory_id IN (r.territory_id, a.parent_id, b.parent_id)));

-- For the administrator: work set aside, the last backup, the length of the audit log, days not compared with an act.
-- name: today_system(region_id bigint) :one
-- > failed bigint
-- > backup_us bigint?
-- > entries bigint?
SELECT (SELECT COUNT(*) FROM job j WHERE j.region_id = $1 AND j.state = 'failed') AS failed,
       (SELECT MAX(e.at_us) FROM audit_entry e WHERE e.region_id = $1 AND e.action = 'backup') AS backup_us,
       (SELECT h.seq FROM audit_head h WHERE h.region_id = $1) AS entries;

-- Where people can come: the institution and its branches of a day with their offices.
-- name: today_offices(region_id bigint, on_date text) :many
-- > place_kk text?
-- > place_ru text?
-- > place_en text?
-- > office_phone text
-- > address text
SELECT o.id, o.kind, o.name_kk, o.name_ru, o.name_en, o.demo,
       COALESCE((SELECT c.office_phone FROM organisation_contact c WHERE c.region_id = o.region_id AND c.organisation_id = o.id
                     AND c.valid_from <= $2 ORDER BY c.valid_from DESC LIMIT 1), '') AS office_phone,
       COALESCE((SELECT c.address FROM organisation_contact c WHERE c.region_id = o.region_id AND c.organisation_id = o.id
                     AND c.valid_from <= $2 ORDER BY c.valid_from DESC LIMIT 1), '') AS address,
       t.name_kk AS place_kk, t.name_ru AS place_ru, t.name_en AS place_en
FROM organisation o LEFT JOIN territory t ON t.region_id = o.region_id AND t.id = o.territory_id
WHERE o.region_id = $1 AND o.kind IN ('institution', 'branch') AND o.valid_from <= $2 AND (o.valid_to = '' OR o.valid_to > $2)
ORDER BY o.ordinal, o.id;

-- name: today_mediators(region_id bigint, on_date text) :one
-- > mediators bigint
SELECT COUNT(*) AS mediators FROM mediator WHERE region_id = $1 AND valid_from <= $2 AND (valid_to = '' OR valid_to > $2);
