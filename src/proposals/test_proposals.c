/* The life of a proposal on both engines: steps, due dates over holidays, answers, partners, double and stale
 * changes. */
#include "testdb.h"

#include "access/access.h"
#include "base/str.h"
#include "base/time.h"
#include "calendar/calendar.h"
#include "proposals/rules.h"
#include "registry/organisation_sql.h"
#include "registry/search.h"

#define BIT(p) (UINT64_C(1) << (p))
#define OK_(cond, what) ok((cond), testdb_name(t, (what)))

static const int64_t AKIMAT = 501, WATER = 502, WATER_NEW = 503;

static int bodies_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    const struct {
        int64_t id;
        const char *name, *from, *to;
    } BODIES[] = {{AKIMAT, "Akimat", "2018-01-01", ""},
                  {WATER, "Water office", "2018-01-01", "2025-06-01"},
                  {WATER_NEW, "Water agency", "2025-06-01", ""}};
    for (size_t i = 0; i < 3; i++)
        TRY(organisation_insert(cx,
                                &(struct organisation_insert_in){.region_id = 61,
                                                                 .id = BODIES[i].id,
                                                                 .kind = "state_body",
                                                                 .level = "",
                                                                 .name_kk = BODIES[i].name,
                                                                 .name_ru = BODIES[i].name,
                                                                 .name_en = BODIES[i].name,
                                                                 .tasks_kk = "",
                                                                 .tasks_ru = "",
                                                                 .tasks_en = "",
                                                                 .valid_from = BODIES[i].from,
                                                                 .valid_to = BODIES[i].to},
                                NULL));
    return organisation_change_insert(cx,
                                      &(struct organisation_change_insert_in){.region_id = 61,
                                                                              .id = 1,
                                                                              .on_date = "2025-06-01",
                                                                              .kind = "successor",
                                                                              .from_id = WATER,
                                                                              .to_id = WATER_NEW,
                                                                              .note_kk = "",
                                                                              .note_ru = "",
                                                                              .note_en = ""},
                                      NULL);
}

static struct proposal_draft draft(const char *key)
{
    static const struct proposal_evidence_pick FIGURE = {"observation", "Days without water: 12", 77};
    return (struct proposal_draft){.once_key = key,
                                   .quarter = "2025-Q1",
                                   .problem = "Irrigation turns are not known",
                                   .text = "Publish them.",
                                   .basis = "",
                                   .effect = "",
                                   .indicator = "",
                                   .term_kind = "working",
                                   .addressee_id = AKIMAT,
                                   .term_days = 15,
                                   .evidence = &FIGURE,
                                   .n_evidence = 1,
                                   .created_on = "2025-03-03"};
}

static struct proposal_by_id_row read_one(struct testdb *t, int64_t id)
{
    struct proposal_by_id_row p;
    testdb_must(t, proposal_by_id(&t->cx, 61, id, &p), "proposal");
    return p;
}

/* Makes a step with the version of now. */
static int step(struct testdb *t, int64_t id, const char *code, const char *day, const char *decision)
{
    struct proposal_change c = {.id = id,
                                .version = read_one(t, id).version,
                                .step = proposal_step_find(code),
                                .on_date = day,
                                .number = "1-2/3",
                                .decision = decision,
                                .text = "Answered."};
    return proposal_step_do(&t->cx, &c);
}

static int64_t make(struct testdb *t, const char *key)
{
    struct proposal_draft d = draft(key);
    int64_t id = 0;
    testdb_must(t, proposal_create(&t->cx, &d, &id), "create");
    return id;
}

static void test_double_submit(struct testdb *t)
{
    struct proposal_draft d = draft("press-twice");
    int64_t first, second;
    struct proposal_counts_row n;
    testdb_must(t, proposal_create(&t->cx, &d, &first), "create");
    testdb_must(t, proposal_create(&t->cx, &d, &second), "create again");
    testdb_must(
        t,
        proposal_counts(
            &t->cx,
            &(struct proposal_counts_in){
                .region_id = 61, .on_date = "2025-03-03", .quarter = "", .drafts = 1, .state = "draft"},
            &n),
        "counts");
    OK_(first == second && n.total == 1 && n.matching == 1, "pressing the button twice keeps one proposal");
    is_str(read_one(t, first).number, "2025-I-01", testdb_name(t, "the first of a quarter has number 1"));
    is_str(read_one(t, make(t, "another")).number, "2025-I-02", testdb_name(t, "the next one has number 2"));
}

static void test_states(struct testdb *t)
{
    static const char *const STATES[] = {"draft",    "agreed", "sent",    "registered",
                                         "accepted", "part",   "refused", "done"};
    /* which step fits which state, written down once more by hand */
    static const struct {
        const char *code;
        const char *yes;
    } FITS[] = {{"agree", "10000000"},
                {"redraft", "01000000"},
                {"send", "01000000"},
                {"register", "00100000"},
                {"reply", "00111100"}};
    bool all = true;
    for (size_t s = 0; s < 5; s++)
        for (size_t i = 0; i < 8; i++)
            all &= proposal_step_fits(proposal_step_find(FITS[s].code), STATES[i]) == (FITS[s].yes[i] == '1');
    OK_(all, "every step starts from the right states only");
    OK_(proposal_decision_fits("sent", "refused") && proposal_decision_fits("registered", "part") &&
            proposal_decision_fits("accepted", "done") && !proposal_decision_fits("accepted", "refused") &&
            !proposal_decision_fits("draft", "accepted") && !proposal_decision_fits("sent", "sent"),
        "a decision fits the state it answers");
    int64_t id = make(t, "states");
    OK_(step(t, id, "send", "2025-03-04", NULL) == ERR_INVALID, "a draft is not sent");
    testdb_must(t, step(t, id, "agree", NULL, NULL), "agree");
    OK_(step(t, id, "send", "2025-03-02", NULL) == ERR_INVALID, "a letter is not older than its draft");
    OK_(step(t, id, "send", "2025-13-02", NULL) == ERR_INVALID, "a date that is none is refused");
    OK_(step(t, id, "send", "2199-01-01", NULL) == ERR_INVALID, "a letter is not sent in the future");
    OK_(str_eq(read_one(t, id).state, "agreed"), "what was refused changed nothing");
    testdb_must(t, step(t, id, "send", "2025-03-14", NULL), "send");
    testdb_must(t, step(t, id, "register", NULL, NULL), "register");
    OK_(step(t, id, "reply", "2025-03-13", "accepted") == ERR_INVALID,
        "an answer is not older than its letter");
    OK_(step(t, id, "reply", "2025-03-20", "draft") == ERR_INVALID, "a decision that is none is refused");
    testdb_must(t, step(t, id, "reply", "2025-04-07", "accepted"), "reply");
    testdb_must(t, step(t, id, "reply", "2025-05-20", "done"), "done");
    OK_(step(t, id, "reply", "2025-05-21", "done") == ERR_INVALID, "what is done stays done");
    struct proposal_replies_list replies;
    struct proposal_events_list events;
    testdb_must(t, proposal_replies(&t->cx, 61, id, &replies), "replies");
    testdb_must(t, proposal_events(&t->cx, 61, id, &events), "events");
    OK_(replies.n == 2 && events.n == 6, "answers and steps are kept, refused ones are not");
}

static void test_due_dates(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    const char *due;
    testdb_must(t, proposal_due_on(cx, "2025-03-14", 15, "working", &due), "due");
    const char *plain = date_text(cx->arena, workdays_add((struct date){2025, 3, 14}, 15, NULL));
    is_str(plain, "2025-04-04", testdb_name(t, "without holidays fifteen working days end on 4 April"));
    OK_(strcmp(due, plain) > 0, "the spring holidays move the last day");
    struct work_calendar cal;
    testdb_must(t, calendar_load(cx, &cal), "calendar");
    is_str(due, date_text(cx->arena, workdays_add((struct date){2025, 3, 14}, 15, &cal)),
           testdb_name(t, "by the holidays on record"));
    testdb_must(t, proposal_due_on(cx, "2025-03-14", 30, "calendar", &due), "due");
    is_str(due, "2025-04-13", testdb_name(t, "calendar days count all days"));
    int64_t id = make(t, "due");
    testdb_must(t, step(t, id, "agree", NULL, NULL), "agree");
    testdb_must(t, step(t, id, "send", "2025-03-14", NULL), "send");
    struct proposal_by_id_row p = read_one(t, id);
    OK_(!proposal_overdue(p.state, p.due_on, p.due_on) && proposal_overdue(p.state, p.due_on, "2025-06-01") &&
            !proposal_overdue("accepted", p.due_on, "2025-06-01") &&
            !proposal_overdue("draft", "", "2025-06-01"),
        "overdue begins on the day after, and ends with an answer");
}

static void test_stale(struct testdb *t)
{
    int64_t id = make(t, "stale");
    int64_t seen = read_one(t, id).version;
    struct proposal_draft d = draft("stale");
    d.text = "Publish them in spring.";
    d.n_evidence = 0;
    testdb_must(t, proposal_rewrite(&t->cx, id, seen, &d), "rewrite");
    struct proposal_evidence_list_list kept;
    testdb_must(t, proposal_evidence_list(&t->cx, 61, id, &kept), "evidence");
    OK_(str_eq(read_one(t, id).text, "Publish them in spring.") && kept.n == 0,
        "a draft is written anew with its evidence");
    d.text = "Mine.";
    OK_(proposal_rewrite(&t->cx, id, seen, &d) == ERR_CONFLICT, "a change made from an old page is refused");
    OK_(str_eq(read_one(t, id).text, "Publish them in spring."), "and loses nothing of the other's");
    struct proposal_change c = {.id = id, .version = seen, .step = proposal_step_find("agree")};
    OK_(proposal_step_do(&t->cx, &c) == ERR_CONFLICT, "so is a step");
    testdb_must(t, step(t, id, "agree", NULL, NULL), "agree");
    OK_(proposal_rewrite(&t->cx, id, read_one(t, id).version, &d) == ERR_CONFLICT,
        "an agreed text is not written anew");
}

static int64_t account_with(struct testdb *t, const char *login, const char *role, int64_t body)
{
    int64_t id;
    struct access_new_account a = {
        .login = login, .name = login, .password = "correct horse battery", .lang = LANG_EN};
    testdb_must(t, access_account_create(&t->cx, &a, &id), "account");
    testdb_must(t,
                access_grant(&t->cx,
                             &(struct access_new_grant){.account_id = id,
                                                        .role = role,
                                                        .from = "2024-01-01",
                                                        .organisation_id = {body != 0, body}},
                             NULL),
                "grant");
    return id;
}

static struct request asker(struct testdb *t, int64_t account)
{
    struct request rq = {.cx = &t->cx, .account = {.id = account, .region_id = 61}};
    testdb_must(t,
                access_permissions(&t->cx, account, &rq.account.permissions, &rq.account.territories,
                                   &rq.account.n_territories),
                "permissions");
    return rq;
}

static void test_partner(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t ours = make(t, "partner-a"), unsent = make(t, "partner-b");
    struct proposal_draft d = draft("partner-c");
    int64_t theirs;
    d.addressee_id = WATER_NEW;
    testdb_must(t, proposal_create(cx, &d, &theirs), "create");
    for (int i = 0; i < 2; i++) {
        testdb_must(t, step(t, i ? ours : theirs, "agree", NULL, NULL), "agree");
        testdb_must(t, step(t, i ? ours : theirs, "send", "2025-03-14", NULL), "send");
    }
    struct request partner = asker(t, account_with(t, "partner", "akimat", AKIMAT)),
                   reader = asker(t, account_with(t, "reader", "clerk", 0)),
                   writer = asker(t, account_with(t, "writer", "head", 0)),
                   lost = asker(t, account_with(t, "lost", "akimat", 0));
    struct proposal_by_id_row a = read_one(t, ours), b = read_one(t, unsent), c = read_one(t, theirs);
    OK_(proposal_may_see(&partner, &a) == 0, "a partner reads what was sent to the own body");
    OK_(proposal_may_see(&partner, &c) == ERR_NOT_FOUND, "and does not learn of what was sent to others");
    OK_(proposal_may_see(&partner, &b) == ERR_NOT_FOUND && proposal_may_see(&reader, &b) == ERR_NOT_FOUND &&
            proposal_may_see(&writer, &b) == 0,
        "drafts are for those who write them");
    OK_(proposal_may_see(&reader, &c) == 0, "readers of the institution see all that was sent");
    OK_(proposal_may_see(&lost, &a) == ERR_NOT_FOUND, "a partner without a body sees nothing");
    bool yes;
    testdb_must(t, proposal_may_step(&partner, &a, HAND_EITHER, &yes), "may");
    OK_(yes, "a partner answers");
    testdb_must(t, proposal_may_step(&partner, &a, HAND_WRITER, &yes), "may");
    OK_(!yes, "but does not write");
    testdb_must(t, proposal_may_step(&partner, &c, HAND_EITHER, &yes), "may");
    OK_(!yes, "nor answer for another body");
    struct proposal_reader r = proposal_reader_of(&partner);
    struct proposal_list_list list;
    struct proposal_counts_row n;
    testdb_must(t,
                proposal_list(cx,
                              &(struct proposal_list_in){.region_id = 61,
                                                         .on_date = "2026-01-01",
                                                         .state = "",
                                                         .quarter = "",
                                                         .drafts = r.drafts,
                                                         .partner = r.partner,
                                                         .most = 100},
                              &list),
                "list");
    testdb_must(t,
                proposal_counts(cx,
                                &(struct proposal_counts_in){.region_id = 61,
                                                             .on_date = "2026-01-01",
                                                             .quarter = "",
                                                             .drafts = r.drafts,
                                                             .partner = r.partner,
                                                             .state = "waiting"},
                                &n),
                "counts");
    bool own = list.n > 0;
    for (size_t i = 0; i < list.n; i++)
        own &= list.rows[i].addressee_id == AKIMAT && *list.rows[i].sent_on;
    OK_(own && n.total == (int64_t)list.n && n.matching == n.waiting && n.draft == 0,
        "the partner's list and counts hold the same and nothing else");
}

static void test_addressee(struct testdb *t)
{
    int64_t id;
    const char *name;
    testdb_must(t, proposal_addressee_on(&t->cx, WATER, "2025-05-31", &id, &name), "addressee");
    is_str(name, "Water office", testdb_name(t, "a letter bears the name of its day"));
    testdb_must(t, proposal_addressee_on(&t->cx, WATER, "2025-06-01", &id, &name), "addressee");
    OK_(str_eq(name, "Water agency") && id == WATER_NEW, "from its first day on the successor is addressed");
}

static void test_search(struct testdb *t)
{
    struct proposal_draft d = draft("search");
    struct search_hits hits;
    int64_t id;
    d.problem = "Kereksizdik of ditches";
    testdb_must(t, proposal_create(&t->cx, &d, &id), "create");
    testdb_must(t, registry_search(&t->cx, "kereksizdik", 10, &hits), "search");
    OK_(hits.n == 0, "a draft is not found by search");
    testdb_must(t, step(t, id, "agree", NULL, NULL), "agree");
    testdb_must(t, step(t, id, "send", "2025-03-14", NULL), "send");
    testdb_must(t, registry_search(&t->cx, "kereksizdik", 10, &hits), "search");
    OK_(hits.n == 1 && hits.rows[0].object_id == id && str_eq(hits.rows[0].kind, "proposal"),
        "what was sent is found by its title");
}

static void cases(struct testdb *t)
{
    testdb_must(t, access_seed(&t->cx), "roles");
    testdb_must(t, calendar_seed(&t->cx), "holidays");
    testdb_must(t, db_tx(&t->cx, bodies_tx, NULL), "bodies");
    test_double_submit(t);
    test_states(t);
    test_due_dates(t);
    test_stale(t);
    test_partner(t);
    test_addressee(t);
    test_search(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
