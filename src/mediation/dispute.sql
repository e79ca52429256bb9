-- Disputes: filing, the register, one record. Columns of content (summary, parties, minutes, promises, notes) are in
-- queries whose names say so, and nowhere else.

-- The next number of a year. The row stays locked until the transaction ends.
-- name: dispute_next_number(region_id bigint, year bigint) :one
INSERT INTO dispute_counter (region_id, year, last) VALUES ($1, $2, 1)
ON CONFLICT (region_id, year) DO UPDATE SET last = dispute_counter.last + 1
RETURNING last;

-- Has this form been sent already?
-- name: dispute_by_once(region_id bigint, once_key text) :opt
SELECT id, number FROM dispute WHERE region_id = $1 AND once_key = $2;

-- name: dispute_insert(region_id bigint, id id, number text, once_key text, territory_id id, unit_id id, occurred_on text, quarter text, filed_us bigint, filed_by bigint, kind_code text, channel text, offence bool, state text, resonance text, sealed bytes, demo bool) :exec
INSERT INTO dispute (region_id, id, number, once_key, territory_id, unit_id, occurred_on, quarter, filed_us, filed_by,
    kind_code, channel, offence, summary, state, resonance, resonance_reason, sealed, demo)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14, $15, '', $16, $17);

-- name: dispute_by_number(region_id bigint, number text) :opt
SELECT id FROM dispute WHERE region_id = $1 AND number = $2;

-- One quarrel in two records: this one goes into the other.
-- name: dispute_join(region_id bigint, id id, joined_to id) :exec
UPDATE dispute SET joined_to = $3 WHERE region_id = $1 AND id = $2;

-- name: dispute_split(region_id bigint, id id, split_from id) :exec
UPDATE dispute SET split_from = $3 WHERE region_id = $1 AND id = $2;

-- A move alone, for the demonstration; the database refuses an unlawful one.
-- name: dispute_move(region_id bigint, id id, state text) :exec
UPDATE dispute SET state = $3 WHERE region_id = $1 AND id = $2 AND state <> $3;

-- Running cases whose term is over.
-- name: dispute_over(region_id bigint, today text, most bigint) :many
SELECT id, version, due_on FROM dispute
WHERE region_id = $1 AND state IN ('contract', 'sessions') AND due_on <> '' AND due_on < $2 AND demo = 0
ORDER BY due_on, id LIMIT $3;

-- name: dispute_expire(region_id bigint, id id, version bigint) :exec
UPDATE dispute SET state = 'expired', version = version + 1
WHERE region_id = $1 AND id = $2 AND version = $3 AND state IN ('contract', 'sessions');

-- Closed cases whose content is still there after its term.
-- name: dispute_to_destroy(region_id bigint, closed_before text, most bigint) :many
SELECT id, closed_on FROM dispute
WHERE region_id = $1 AND closed_on <> '' AND closed_on < $2 AND state = 'closed' AND destroyed_on = '' AND demo = 0 ORDER BY closed_on, id LIMIT $3;

-- name: dispute_destroyed(region_id bigint, id id, destroyed_on text) :exec
UPDATE dispute SET destroyed_on = $3, sealed = NULL, summary = '', resonance_reason = '', version = version + 1
WHERE region_id = $1 AND id = $2 AND state = 'closed' AND destroyed_on = '';

-- name: destroy_keys(region_id bigint, dispute_id id) :exec
DELETE FROM case_key WHERE region_id = $1 AND dispute_id = $2;

-- name: destroy_parties(region_id bigint, dispute_id id) :exec
DELETE FROM dispute_party WHERE region_id = $1 AND dispute_id = $2;

-- name: destroy_notes(region_id bigint, dispute_id id) :exec
UPDATE dispute_event SET sealed = NULL, note = '' WHERE region_id = $1 AND dispute_id = $2;

-- name: destroy_minutes(region_id bigint, dispute_id id) :exec
UPDATE mediation_session SET sealed = NULL, minutes = '' WHERE region_id = $1 AND dispute_id = $2;

-- name: destroy_promises(region_id bigint, dispute_id id) :exec
UPDATE obligation SET sealed = NULL, text = '' WHERE region_id = $1 AND dispute_id = $2;

-- name: destroy_papers(region_id bigint, dispute_id id) :exec
DELETE FROM paper WHERE region_id = $1 AND dispute_id = $2;

-- The lawful moves, as the database has them.
-- all regions: what is lawful is the same everywhere
-- name: case_move_list() :many
SELECT from_state, to_state FROM case_move ORDER BY from_state, to_state;

-- A dispute without its content.
-- name: dispute_by_id(region_id bigint, id id) :opt
-- > mediator_name text?
-- > mediator_account bigint?
SELECT d.id, d.number, d.territory_id, d.unit_id, d.occurred_on, d.quarter, d.filed_us, d.filed_by, d.kind_code, d.channel,
       d.offence, d.state, d.triage_rule_id, d.triage_us, d.resonance, d.mediator_id, d.clerk_id, d.contract_on, d.due_on,
       d.prolonged_on, d.settled_on, d.performed_on, d.breach_on, d.closed_on, d.version, d.demo, d.joined_to, d.split_from, d.destroyed_on,
       t.name_kk AS place_kk, t.name_ru AS place_ru, t.name_en AS place_en,
       u.name_kk AS unit_kk, u.name_ru AS unit_ru, u.name_en AS unit_en,
       k.name_kk AS kind_kk, k.name_ru AS kind_ru, k.name_en AS kind_en,
       m.name AS mediator_name, m.account_id AS mediator_account
FROM dispute d
JOIN territory t ON t.region_id = d.region_id AND t.id = d.territory_id
JOIN territory u ON u.region_id = d.region_id AND u.id = d.unit_id
JOIN dispute_kind k ON k.region_id = d.region_id AND k.code = d.kind_code
LEFT JOIN mediator m ON m.region_id = d.region_id AND m.id = d.mediator_id
WHERE d.region_id = $1 AND d.id = $2;

-- CONTENT, sealed (vault.h; the texts beside it are those from before the seals): what happened, and why it is or is not seen as a matter between communities.
-- name: dispute_content(region_id bigint, id id) :one
SELECT summary, resonance_reason, sealed FROM dispute WHERE region_id = $1 AND id = $2;

-- What the rules of the next steps look at.
-- name: dispute_facts(region_id bigint, id id, today text) :one
-- > parties bigint
-- > minors bigint
-- > consents bigint
-- > sessions bigint
-- > obligations bigint
-- > undone bigint
-- > overdue bigint
-- > conditions bigint
SELECT (SELECT COUNT(*) FROM dispute_party p WHERE p.region_id = $1 AND p.dispute_id = $2) AS parties,
       (SELECT COUNT(*) FROM dispute_party p WHERE p.region_id = $1 AND p.dispute_id = $2 AND p.minor = 1) AS minors,
       (SELECT COUNT(*) FROM dispute_party p WHERE p.region_id = $1 AND p.dispute_id = $2 AND p.consent_on <> '') AS consents,
       (SELECT COUNT(*) FROM mediation_session s WHERE s.region_id = $1 AND s.dispute_id = $2) AS sessions,
       (SELECT COUNT(*) FROM obligation o WHERE o.region_id = $1 AND o.dispute_id = $2) AS obligations,
       (SELECT COUNT(*) FROM obligation o WHERE o.region_id = $1 AND o.dispute_id = $2 AND o.done_on = '') AS undone,
       (SELECT COUNT(*) FROM obligation o WHERE o.region_id = $1 AND o.dispute_id = $2 AND o.done_on = '' AND o.due_on < $3) AS overdue,
       (SELECT COUNT(*) FROM dispute_condition c WHERE c.region_id = $1 AND c.dispute_id = $2 AND c.met_on = '') AS conditions;

-- The register as the asker may see it: see_all for those who triage; else their own cases as mediator, or what they
-- filed until triage. Filters: '' and 0 are "any". before_us 0 is the first page.
-- name: dispute_list(region_id bigint, see_all bigint, mediator_id bigint, account_id bigint, state text, unit_id bigint, kind text, quarter text, mine bigint, overdue bigint, today text, open_only bigint, before_us bigint, before_id bigint, most bigint) :many
-- > mediator_name text?
SELECT d.id, d.number, d.occurred_on, d.quarter, d.filed_us, d.state, d.offence, d.due_on, d.settled_on, d.performed_on,
       d.closed_on, d.kind_code, d.territory_id, d.unit_id, d.mediator_id, d.clerk_id, d.demo,
       t.name_kk AS place_kk, t.name_ru AS place_ru, t.name_en AS place_en,
       u.name_kk AS unit_kk, u.name_ru AS unit_ru, u.name_en AS unit_en,
       k.name_kk AS kind_kk, k.name_ru AS kind_ru, k.name_en AS kind_en, m.name AS mediator_name
FROM dispute d
JOIN territory t ON t.region_id = d.region_id AND t.id = d.territory_id
JOIN territory u ON u.region_id = d.region_id AND u.id = d.unit_id
JOIN dispute_kind k ON k.region_id = d.region_id AND k.code = d.kind_code
LEFT JOIN mediator m ON m.region_id = d.region_id AND m.id = d.mediator_id
WHERE d.region_id = $1
  AND ($2 = 1 OR (d.mediator_id IS NOT NULL AND d.mediator_id = $3) OR (d.filed_by = $4 AND d.state = 'intake'))
  AND ($5 = '' OR d.state = $5) AND ($6 = 0 OR d.unit_id = $6) AND ($7 = '' OR d.kind_code = $7) AND ($8 = '' OR d.quarter = $8)
  AND ($9 = 0 OR d.clerk_id = $4 OR d.mediator_id = $3)
  AND ($10 = 0 OR (d.due_on <> '' AND d.due_on < $11 AND d.state IN ('contract', 'sessions')))
  AND ($12 = 0 OR d.state <> 'closed')
  AND ($13 = 0 OR d.filed_us < $13 OR (d.filed_us = $13 AND d.id < $14))
ORDER BY d.filed_us DESC, d.id DESC LIMIT $15;

-- How many the same filters give.
-- name: dispute_count(region_id bigint, see_all bigint, mediator_id bigint, account_id bigint, state text, unit_id bigint, kind text, quarter text, mine bigint, overdue bigint, today text, open_only bigint) :one
-- > n bigint
SELECT COUNT(*) AS n FROM dispute d
WHERE d.region_id = $1
  AND ($2 = 1 OR (d.mediator_id IS NOT NULL AND d.mediator_id = $3) OR (d.filed_by = $4 AND d.state = 'intake'))
  AND ($5 = '' OR d.state = $5) AND ($6 = 0 OR d.unit_id = $6) AND ($7 = '' OR d.kind_code = $7) AND ($8 = '' OR d.quarter = $8)
  AND ($9 = 0 OR d.clerk_id = $4 OR d.mediator_id = $3)
  AND ($10 = 0 OR (d.due_on <> '' AND d.due_on < $11 AND d.state IN ('contract', 'sessions')))
  AND ($12 = 0 OR d.state <> 'closed');

-- The earliest quarter of the register; '' while it is empty.
-- name: dispute_first_quarter(region_id bigint) :one
-- > quarter text
SELECT COALESCE(MIN(quarter), '') AS quarter FROM dispute WHERE region_id = $1;

-- Kinds of dispute valid on a day.
-- name: dispute_kind_list(region_id bigint, on_date text) :many
SELECT code, name_kk, name_ru, name_en, ordinal FROM dispute_kind
WHERE region_id = $1 AND valid_from <= $2 AND (valid_to = '' OR valid_to > $2) ORDER BY ordinal, code;

-- name: dispute_kind_put(region_id bigint, code text, name_kk text, name_ru text, name_en text, ordinal bigint) :exec
INSERT INTO dispute_kind (region_id, code, name_kk, name_ru, name_en, ordinal) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (region_id, code) DO NOTHING;

-- --- content -----------------------------------------------------------------------------------------------------

-- name: party_insert(region_id bigint, dispute_id id, ordinal bigint, side text, minor bool, sealed bytes) :exec
INSERT INTO dispute_party (region_id, dispute_id, ordinal, side, name, minor, sealed)
VALUES ($1, $2, $3, $4, '', $5, $6);

-- CONTENT: the sides.
-- name: party_list(region_id bigint, dispute_id id) :many
SELECT ordinal, side, name, contact, minor, representative, consent_on, sealed FROM dispute_party
WHERE region_id = $1 AND dispute_id = $2 ORDER BY ordinal;

-- A new mediation needs new consents.
-- name: party_consent_clear(region_id bigint, dispute_id id) :exec
UPDATE dispute_party SET consent_on = '' WHERE region_id = $1 AND dispute_id = $2;

-- name: party_remove(region_id bigint, dispute_id id, ordinal bigint) :exec
DELETE FROM dispute_party WHERE region_id = $1 AND dispute_id = $2 AND ordinal = $3;

-- name: party_consent(region_id bigint, dispute_id id, ordinal bigint, consent_on text) :exec
UPDATE dispute_party SET consent_on = $4 WHERE region_id = $1 AND dispute_id = $2 AND ordinal = $3 AND consent_on = '';

-- CONTENT: the timeline; notes are content.
-- name: dispute_event_list(region_id bigint, dispute_id id) :many
-- > who text?
SELECT e.id, e.at_us, e.action, e.state, e.note, e.sealed, a.name AS who FROM dispute_event e
LEFT JOIN account a ON a.region_id = e.region_id AND a.id = e.account_id
WHERE e.region_id = $1 AND e.dispute_id = $2 ORDER BY e.at_us, e.id;

-- name: dispute_event_insert(region_id bigint, dispute_id id, id id, at_us bigint, account_id bigint, action text, state text, sealed bytes?) :exec
INSERT INTO dispute_event (region_id, dispute_id, id, at_us, account_id, action, state, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: session_put(region_id bigint, dispute_id id, id id, on_date text, kind text, sealed bytes) :exec
INSERT INTO mediation_session (region_id, dispute_id, id, on_date, kind, sealed) VALUES ($1, $2, $3, $4, $5, $6);

-- CONTENT: meetings with the mediator.
-- name: meeting_sessions(region_id bigint, dispute_id id) :many
SELECT id, on_date, kind, minutes, sealed FROM mediation_session WHERE region_id = $1 AND dispute_id = $2 ORDER BY on_date, id;

-- name: obligation_insert(region_id bigint, dispute_id id, id id, side text, due_on text, done_on text, sealed bytes) :exec
INSERT INTO obligation (region_id, dispute_id, id, side, text, due_on, done_on, sealed) VALUES ($1, $2, $3, $4, '', $5, $6, $7);

-- CONTENT: what was promised.
-- name: obligation_list(region_id bigint, dispute_id id) :many
SELECT id, side, text, due_on, done_on, sealed FROM obligation WHERE region_id = $1 AND dispute_id = $2 ORDER BY due_on, id;

-- name: obligation_done(region_id bigint, dispute_id id, id id, done_on text) :exec
UPDATE obligation SET done_on = $4 WHERE region_id = $1 AND dispute_id = $2 AND id = $3 AND done_on = '';

-- --- changes: each checks the version ------------------------------------------------------------------------------

-- name: dispute_change(region_id bigint, id id, version bigint, state text, mediator_id id?, clerk_id id?, contract_on text, due_on text, prolonged_on text, settled_on text, performed_on text, breach_on text, closed_on text) :exec
UPDATE dispute SET state = $4, mediator_id = $5, clerk_id = $6, contract_on = $7, due_on = $8, prolonged_on = $9,
    settled_on = $10, performed_on = $11, breach_on = $12, closed_on = $13, version = version + 1
WHERE region_id = $1 AND id = $2 AND version = $3;

-- name: dispute_set_triage(region_id bigint, id id, triage_rule_id id, triage_us bigint) :exec
UPDATE dispute SET triage_rule_id = $3, triage_us = $4 WHERE region_id = $1 AND id = $2;

-- --- triage ----------------------------------------------------------------------------------------------------------

-- name: triage_fact_put(region_id bigint, code text, question_kk text, question_ru text, question_en text, ordinal bigint) :exec
INSERT INTO triage_fact (region_id, code, question_kk, question_ru, question_en, ordinal) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (region_id, code) DO NOTHING;

-- name: triage_fact_list(region_id bigint) :many
SELECT code, question_kk, question_ru, question_en, ordinal FROM triage_fact WHERE region_id = $1 ORDER BY ordinal, code;

-- name: triage_rule_put(region_id bigint, id id, ordinal bigint, fact_code text, outcome text, article text, action_kk text, action_ru text, action_en text, verified bool, valid_from text) :exec
INSERT INTO triage_rule (region_id, id, ordinal, fact_code, outcome, article, action_kk, action_ru, action_en, verified, valid_from)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (region_id, id) DO NOTHING;

-- The rules valid on a day, in the order in which they are asked; '' gives all that ever were.
-- name: triage_rule_list(region_id bigint, on_date text) :many
SELECT id, ordinal, fact_code, outcome, article, action_kk, action_ru, action_en, verified, valid_from, valid_to FROM triage_rule
WHERE region_id = $1 AND ($2 = '' OR (valid_from <= $2 AND (valid_to = '' OR valid_to > $2)))
ORDER BY ordinal, valid_from, id;

-- name: triage_rule_by_id(region_id bigint, id id) :opt
SELECT id, ordinal, fact_code, outcome, article, action_kk, action_ru, action_en, verified, valid_from, valid_to FROM triage_rule
WHERE region_id = $1 AND id = $2;

-- Ends a version of a rule that is still open.
-- name: triage_rule_end(region_id bigint, id id, valid_to text) :exec
UPDATE triage_rule SET valid_to = $3 WHERE region_id = $1 AND id = $2 AND valid_to = '';

-- CONTENT: the answers of triage.
-- name: triage_answer_list(region_id bigint, dispute_id id) :many
SELECT fact_code, answer FROM triage_answer WHERE region_id = $1 AND dispute_id = $2 ORDER BY fact_code;

-- name: triage_answer_put(region_id bigint, dispute_id id, fact_code text, answer text) :exec
INSERT INTO triage_answer (region_id, dispute_id, fact_code, answer) VALUES ($1, $2, $3, $4)
ON CONFLICT (region_id, dispute_id, fact_code) DO UPDATE SET answer = excluded.answer;

-- name: condition_clear(region_id bigint, dispute_id id) :exec
DELETE FROM dispute_condition WHERE region_id = $1 AND dispute_id = $2;

-- name: condition_put(region_id bigint, dispute_id id, rule_id id, met_on text) :exec
INSERT INTO dispute_condition (region_id, dispute_id, rule_id, met_on) VALUES ($1, $2, $3, $4);

-- CONTENT: the conditions of this case.
-- name: condition_list(region_id bigint, dispute_id id) :many
SELECT c.rule_id, c.met_on, r.article, r.action_kk, r.action_ru, r.action_en, r.verified FROM dispute_condition c
JOIN triage_rule r ON r.region_id = c.region_id AND r.id = c.rule_id
WHERE c.region_id = $1 AND c.dispute_id = $2 ORDER BY r.ordinal;

-- name: condition_met(region_id bigint, dispute_id id, rule_id id, met_on text) :exec
UPDATE dispute_condition SET met_on = $4 WHERE region_id = $1 AND dispute_id = $2 AND rule_id = $3 AND met_on = '';
