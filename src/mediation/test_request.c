/* test_request.c - mediation asked for on the public page: what is filed and for whom it is sealed, what the secret link
 * shows, and what it does not. Through the routes, without an account. On both engines. */
#include "mediation/test_case.h"

#include "db/audit.h"
#include "http/server.h"
#include "mediation/request.h"
#include "mediation/vault_sql.h"

static const char *accepted = "text/html";
static const char *header(const void *connection, const char *name)
{
    (void)connection;
    return str_eq(name, "Accept") ? accepted : str_eq(name, "Host") ? "office.example" : str_eq(name, "Cookie") ? "lang=en" : NULL;
}

struct sent {
    const char *name, *value;
};

/* A request of somebody without an account, from the client's address; fields: ends with name NULL; NULL: a GET. */
static struct request *ask(struct testdb *t, const char *client, const char *target, const struct sent *fields)
{
    static const struct route *tables[2];
    static struct server_options options = {.sign_in_path = "/signin"};
    tables[0] = mediation_module.routes;
    struct request *rq = request_new(t->cx.arena, &t->cx);
    t->cx.err = OK;
    t->cx.account_id = 0;
    rq->state->header = header;
    rq->state->options = &options;
    rq->state->router = router_new(t->cx.arena, tables);
    rq->out = buf_new(t->cx.arena, 0);
    rq->status = 200;
    rq->method = fields ? HTTP_POST : HTTP_GET;
    for (; fields && fields->name; fields++)
        pairs_add(t->cx.arena, &rq->state->fields, fields->name, fields->value);
    testdb_must(t, request_read_target(rq, target), "target");
    request_read_preferences(rq);
    snprintf(rq->state->client, sizeof rq->state->client, "%s", client);
    request_handle(rq);
    return rq;
}

/* The form as a careful person sends it. */
static struct request *send_form(struct testdb *t, const char *client, const char *once, const char *place, const char *day)
{
    const struct sent fields[] = {{"once", once},
                                  {"place", place},
                                  {"occurred_on", day},
                                  {"kind", "livestock"},
                                  {"summary", "Secret summary: the cow was in the yard"},
                                  {"name", "Aigul Secretname"},
                                  {"contact", "Secret 8 700"},
                                  {"other_side", "Berik Secretname"},
                                  {NULL, NULL}};
    return ask(t, client, "/request", fields);
}

static const char *once_key(struct testdb *t, int n)
{
    return arena_printf(t->cx.arena, "%032d", n);
}

/* Where an answer leads: the secret link; "" where nowhere. */
static const char *link_of(struct request *rq)
{
    return str_or_empty(pairs_get(&rq->state->headers, "Location", 0));
}

static bool filed(struct testdb *t, const char *once, int64_t *id)
{
    struct dispute_by_once_row row;
    bool found = false;
    testdb_must(t, dispute_by_once(&t->cx, 61, once, &row, &found), "by once");
    *id = found ? row.id : 0;
    return found;
}

static bool says(const struct request *rq, const char *text)
{
    return strstr(rq->out->data, text) != NULL;
}

static const char *words_of(struct testdb *t, const char *link)
{
    accepted = "application/json";
    struct request *rq = ask(t, "10.9.9.9", link, NULL);
    accepted = "text/html";
    return rq->out->data;
}

static void test_form(struct testdb *t)
{
    int64_t id;
    struct request *rq = ask(t, "10.0.0.1", "/request", NULL);
    OK_(rq->status == 200 && says(rq, "call 112 or 102 first") && says(rq, "tel:112"), "the form opens for anybody and begins with 102 and 112");
    OK_(says(rq, "Karnak, First District") && says(rq, "Second District"), "places of every district can be chosen");
    const struct sent nothing[] = {{"once", once_key(t, 1)}, {NULL, NULL}};
    rq = ask(t, "10.0.0.1", "/request", nothing);
    OK_(rq->status == 422 && says(rq, "id=\"place\"") && !filed(t, once_key(t, 1), &id), "an empty form files nothing");
    rq = send_form(t, "10.0.0.1", once_key(t, 1), "Nowhere", "2025-07-02");
    OK_(rq->status == 422 && says(rq, "No place begins with these letters.") && says(rq, "Secret summary: the cow"),
        "a place that there is not is told, and what was typed stays");
    rq = send_form(t, "10.0.0.1", once_key(t, 1), "Karnak", "2025-07-06");
    OK_(rq->status == 422 && says(rq, "This day has not come yet.") && !filed(t, once_key(t, 1), &id), "so is a day to come");
}

/* *id and the link of a request that is filed. */
static const char *test_filing(struct testdb *t, int64_t *id)
{
    struct request *rq = send_form(t, "10.0.0.1", once_key(t, 2), "Karnak", "2025-07-02");
    const char *first = link_of(rq), *summary, *reason;
    struct dispute_by_id_row d = {0};
    struct dispute_content_row raw;
    struct party_list_list sides;
    struct vault v;
    bool found;
    OK_(rq->status == 303 && str_starts(first, "/request/") && strlen(first) == 9 + 43, "without an account a request is filed, and its link is given");
    OK_(filed(t, once_key(t, 2), id), "it is a case");
    testdb_must(t, dispute_by_id(&t->cx, 61, *id, &d, &found), "read");
    OK_(str_eq(d.channel, "web") && str_eq(d.state, "intake") && str_eq(d.resonance, "unknown") && d.unit_id == UNIT &&
            d.filed_by == 0 && !d.offence,
        "of the district where it happened, from the website, with nothing guessed");
    testdb_must(t, dispute_content(&t->cx, 61, *id, &raw), "content");
    testdb_must(t, party_list(&t->cx, 61, *id, &sides), "sides");
    OK_(!*raw.summary && raw.sealed.data && !memmem(raw.sealed.data, raw.sealed.len, "Secret", 6) && sides.n == 2 && !*sides.rows[0].name &&
            !*sides.rows[0].contact && !memmem(sides.rows[0].sealed.data, sides.rows[0].sealed.len, "Secret", 6),
        "what was written stands sealed in the database");
    testdb_must(t, vault_open(&t->cx, &AS_CLERK, &d, &v), "open");
    testdb_must(t, vault_case(&t->cx, &v, &summary, &reason), "summary");
    testdb_must(t, vault_parties(&t->cx, &v, &sides), "sides");
    OK_(str_eq(summary, "Secret summary: the cow was in the yard") && str_eq(sides.rows[0].name, "Aigul Secretname") &&
            str_eq(sides.rows[0].contact, "Secret 8 700") && str_eq(sides.rows[1].name, "Berik Secretname"),
        "a clerk of the district opens it");
    OK_(vault_open(&t->cx, &AS_BRANCH, &d, &v) == ERR_DENIED, "whoever is no clerk does not");

    rq = send_form(t, "10.0.0.1", once_key(t, 2), "Karnak", "2025-07-02");
    int64_t again;
    OK_(rq->status == 303 && filed(t, once_key(t, 2), &again) && again == *id && strstr(words_of(t, link_of(rq)), d.number) &&
            strstr(words_of(t, first), d.number) && !str_eq(link_of(rq), first),
        "a second press files nothing, and both links lead to the one case");
    struct case_link_state_row row;
    testdb_must(t, case_link_state(&t->cx, 61, first + 9, &row, &found), "by token");
    OK_(!found, "the token itself is not in the database");
    int64_t entries, broken;
    testdb_must(t, audit_verify(&t->cx, &entries, &broken), "audit");
    OK_(entries == 3 && broken == 0, "the filing and each link are in the audit chain");
    return first;
}

static void test_link(struct testdb *t, int64_t id, const char *link)
{
    struct request *rq = ask(t, "10.0.0.3", link, NULL);
    OK_(rq->status == 200 && says(rq, "2025-0001") && says(rq, "Your request has arrived.") && says(rq, "office.example/request/"),
        "the link shows the number and the state in plain words");
    OK_(!says(rq, "Secret") && !says(rq, "Karnak") && !says(rq, "livestock"), "nothing that was written, no place, no kind");
    OK_(!strstr(words_of(t, link), "Secret") && strstr(words_of(t, link), "\"state\":\"intake\""), "as JSON neither");
    OK_(str_eq(pairs_get(&rq->state->headers, "Referrer-Policy", 0), "no-referrer") && !pairs_get(&rq->state->headers, "Referrer-Policy", 1) &&
            strstr(pairs_get(&rq->state->headers, "X-Robots-Tag", 0), "noindex") &&
            str_eq(pairs_get(&rq->state->headers, "Cache-Control", 0), "no-store"),
        "the address goes to no other site, no search engine and no cache");

    char wrong[64];
    snprintf(wrong, sizeof wrong, "%s", link);
    wrong[20] = wrong[20] == 'A' ? 'B' : 'A';
    struct request *off = ask(t, "10.0.0.3", wrong, NULL), *shorter = ask(t, "10.0.0.3", "/request/abc", NULL);
    OK_(off->status == 404 && shorter->status == 404 && says(off, "There is no such page") && says(shorter, "There is no such page") &&
            !says(off, "2025-0001"),
        "any other token is answered 404, all in the same words");

    testdb_must(t, triage_as(t, &AS_CLERK, id, "ordinary"), "triage");
    OK_(strstr(words_of(t, link), "Mediation is possible."), "after triage it says so");
    testdb_must(t, assign(t, id, FIRST, "no", NULL), "assign");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "refuse_one", "", ""), "refuse");
    OK_(strstr(words_of(t, link), "ended without an agreement") && !strstr(words_of(t, link), "side refused"),
        "that it ended is told, not who ended it");
    int worded = 0;
    for (int s = 0; s < CASE_STATES; s++)
        worded += !str_empty(request_words((enum case_state)s));
    is_int(worded, CASE_STATES, "every state has its plain words");
}

/* One quarrel told twice: the link follows the case that goes on. */
static void test_joined(struct testdb *t)
{
    int64_t twin, other = file_dispute(t, BRANCH, "key-other", "2025-07-02");
    const char *link = link_of(send_form(t, "10.0.0.5", once_key(t, 50), "Karnak", "2025-07-02"));
    struct dispute_by_id_row d;
    struct case_values v = NO_VALUES;
    bool found;
    testdb_must(t, triage_as(t, &AS_CLERK, other, "ordinary"), "triage");
    testdb_must(t, dispute_by_id(&t->cx, 61, other, &d, &found), "read");
    v.other = d.number;
    v.note = "the same quarrel";
    OK_(filed(t, once_key(t, 50), &twin), "a second request about the same is a case too");
    t->cx.account_id = CLERK;
    testdb_must(t, triage_as(t, &AS_CLERK, twin, "ordinary"), "triage");
    testdb_must(t, case_take_step(&t->cx, &AS_CLERK, twin, "join", &v, NULL), "join");
    OK_(str_eq(state_of(t, twin), "closed") && strstr(words_of(t, link), "Mediation is possible.") && !strstr(words_of(t, link), d.number),
        "joined to another, its link tells how that one stands, without its number");
}

static void test_limit(struct testdb *t)
{
    int filed_now = 0;
    int64_t id;
    struct request *rq = NULL;
    for (int i = 0; i < 6; i++) {
        rq = send_form(t, t->engine, once_key(t, 100 + i), "Karnak", "2025-07-02");
        filed_now += rq->status == 303;
    }
    OK_(filed_now == 5 && rq->status == 429 && pairs_get(&rq->state->headers, "Retry-After", 0) && !filed(t, once_key(t, 105), &id),
        "a connection files five at once, the sixth is to wait");
    OK_(says(rq, "what you typed is still here") && says(rq, "Secret summary: the cow"), "and loses nothing that was typed");
    rq = send_form(t, "10.0.0.77", once_key(t, 105), "Karnak", "2025-07-02");
    OK_(rq->status == 303, "others are not concerned");
}

static int retire_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    return db_exec(cx, "UPDATE account_key SET retired_us = 1");
}

static void test_nobody_reads(struct testdb *t)
{
    int64_t id;
    testdb_must(t, db_tx(&t->cx, retire_tx, NULL), "retire");
    struct request *rq = send_form(t, "10.0.0.8", once_key(t, 200), "Karnak", "2025-07-02");
    OK_(rq->status == 409 && says(rq, "come to the nearest office") && !filed(t, once_key(t, 200), &id),
        "where no clerk could read it nothing is kept, and the asker is told where to go");
}

static void cases(struct testdb *t)
{
    int64_t id;
    on_day("2025-07-05");
    fixture(t);
    test_form(t);
    const char *link = test_filing(t, &id);
    test_link(t, id, link);
    test_joined(t);
    test_limit(t);
    test_nobody_reads(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
