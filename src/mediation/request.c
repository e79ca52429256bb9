/* request.c - see request.h; complete without script, on a small phone. */
#include "mediation/request.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "http/ratelimit.h"
#include "i18n/i18n.h"
#include "mediation/intake.h"
#include "mediation/request_html.h"
#include "mediation/request_state_html.h"

#include <string.h>

/* One connection may serve a whole village: some requests at once, then one in five minutes. */
enum { TOKEN_BYTES = 32, TOKEN_CHARS = 43, REQUESTS_AT_ONCE = 5 };
static const double REQUESTS_PER_MINUTE = 0.2;

/* --- filing and following --- */

struct ask_job {
    const struct case_filing *f;
    const char *number, *token;
};

static int ask_tx(struct ctx *cx, void *arg)
{
    struct ask_job *j = arg;
    int64_t id;
    TRY(case_file_in_tx(cx, j->f, &id, &j->number));
    j->token = crypto_token(cx->arena, TOKEN_BYTES);
    TRY(case_link_insert(cx,
                         &(struct case_link_insert_in){.region_id = cx->region_id,
                                                       .id = db_new_id(),
                                                       .dispute_id = id,
                                                       .token_hash = crypto_blake2b_hex(cx->arena, j->token, strlen(j->token)),
                                                       .made_us = time_now_us()},
                         NULL));
    return audit_append(cx, "dispute.link", case_object(cx, id), j->number);
}

int request_file(struct ctx *cx, const struct case_filing *f, const char **number, const char **token)
{
    struct ask_job j = {.f = f};
    int rc = db_tx(cx, ask_tx, &j);
    if (rc == ERR_CONFLICT) {
        struct dispute_by_once_row before;
        bool found = false;
        TRY(dispute_by_once(cx, cx->region_id, f->once_key, &before, &found));
        if (!found)
            return fail(cx, ERR_CONFLICT,
                        "This office takes no requests through this page yet. Please come to the nearest office or call it; "
                        "nothing of what you wrote was kept.");
        cx->err = OK; /* the same form twice at once: the other one has filed it */
        rc = db_tx(cx, ask_tx, &j);
    }
    TRY(rc);
    *number = j.number;
    *token = j.token;
    return OK;
}

int request_follow(struct ctx *cx, const char *token, struct case_link_state_row *row, bool *found)
{
    *found = false;
    if (strlen(token) != TOKEN_CHARS)
        return OK;
    return case_link_state(cx, cx->region_id, crypto_blake2b_hex(cx->arena, token, TOKEN_CHARS), row, found);
}

const char *request_words(enum case_state s)
{
    static const char *const WORDS[CASE_STATES] = {
        [CASE_INTAKE] = N_("Your request has arrived. A specialist of the office will read it and get in touch with you."),
        [CASE_EMERGENCY] = N_("Somebody may be in danger, so the office passed it on at once. If the danger goes on, call 112 or 102."),
        [CASE_REFERRED] = N_("Another body decides such matters, so mediation is not offered. The office tells you which body it is."),
        [CASE_LAWYER] = N_("A lawyer is finding out whether mediation is possible here."),
        [CASE_OFFERED] = N_("Mediation is possible. The mediator gets in touch with both sides and asks whether they agree to it."),
        [CASE_CONTRACT] = N_("Mediation has begun."),
        [CASE_SESSIONS] = N_("Mediation has begun."),
        [CASE_SETTLED] = N_("There is an agreement. Now it is seen whether what was promised is done."),
        [CASE_FOLLOW_UP] = N_("There is an agreement. Now it is seen whether what was promised is done."),
        [CASE_REFUSED_ONE] = N_("Mediation ended without an agreement. You may ask again, or go to court."),
        [CASE_REFUSED_BOTH] = N_("Mediation ended without an agreement. You may ask again, or go to court."),
        [CASE_IMPOSSIBLE] = N_("Mediation ended without an agreement. You may ask again, or go to court."),
        [CASE_EXPIRED] = N_("Mediation ended without an agreement. You may ask again, or go to court."),
        [CASE_CLOSED] = N_("The case is closed. If something is left over, come to the office with its number."),
    };
    return s < CASE_STATES ? WORDS[s] : "";
}

/* --- the form --- */

#define AT(member) FORM_AT(ask_values, member)
static const struct form_field FIELDS[] = {
    {.name = "place",
     .type = FORM_TEXT,
     .label = N_("Where did it happen?"),
     .hint = N_("Begin to type the settlement, district or city."),
     .required = true,
     .max = 200,
     AT(place)},
    {.name = "place_id", .type = FORM_HIDDEN, .label = N_("Place"), AT(place_id)},
    {.name = "occurred_on", .type = FORM_DATE, .label = N_("When did it happen?"), .required = true, AT(occurred_on)},
    {.name = "kind",
     .type = FORM_CHOICE,
     .label = N_("What is it about?"),
     .required = true,
     .choices_of = intake_kinds,
     AT(kind)},
    {.name = "summary",
     .type = FORM_TEXTAREA,
     .label = N_("What happened"),
     .hint = N_("Facts only. Do not write anybody's ethnicity."),
     .required = true,
     .max = 4000,
     AT(summary)},
    {.name = "name", .type = FORM_TEXT, .label = N_("Your name"), .required = true, .max = 120, .autocomplete = "name", AT(name)},
    {.name = "contact",
     .type = FORM_TEXT,
     .label = N_("How can we reach you?"),
     .hint = N_("A telephone number, or an address."),
     .required = true,
     .max = 200,
     AT(contact)},
    {.name = "other_side",
     .type = FORM_TEXT,
     .label = N_("With whom is the quarrel?"),
     .hint = N_("Leave it empty if you do not know the name or would rather not say it."),
     .max = 120,
     AT(other_side)},
    {0}};
#undef AT
const struct form ask_form = {FIELDS, sizeof(struct ask_values)};

/* --- the pages --- */

static int show(struct request *rq, struct ask_page *m)
{
    TRY(intake_places(rq, true, &m->places));
    return respond_view(rq, &ask_view, m);
}

int ask_get(struct request *rq)
{
    struct ask_page *m = arena_alloc(rq->cx->arena, sizeof *m);
    form_preset(rq, &ask_form, "occurred_on", date_text(rq->cx->arena, date_today(NULL)));
    return show(rq, m);
}

/* True: the client may file now. Counted only when everything else is right, so that a slip costs nothing. */
static bool within_limit(struct request *rq)
{
    int retry;
    if (ratelimit_take("request.client", rq_client(rq), REQUESTS_PER_MINUTE, REQUESTS_AT_ONCE, &retry))
        return true;
    form_error(rq, NULL, "Many requests came from your connection just now. Wait a few minutes and press the button again; "
                         "what you typed is still here.");
    respond_header(rq, "Retry-After", arena_printf(rq->cx->arena, "%d", retry));
    rq->status = 429;
    return false;
}

int ask_post(struct request *rq)
{
    const struct ask_values *v = form_values(rq);
    struct ctx *cx = rq->cx;
    struct ask_page *m = arena_alloc(cx->arena, sizeof *m);
    const struct case_party sides[] = {{"first", v->name, v->contact, "", false}, {"second", v->other_side, "", "", false}};
    struct case_filing f = {.once_key = rq_once_key(rq),
                            .occurred_on = v->occurred_on,
                            .kind = v->kind,
                            .channel = "web",
                            .summary = v->summary,
                            .resonance = "unknown",
                            .resonance_reason = "",
                            .parties = sides,
                            .n_parties = *v->other_side ? 2 : 1};
    const char *number, *token;
    intake_check_day(rq, v->occurred_on);
    if (*v->place)
        TRY(intake_find_place(rq, true, v->place, v->place_id, &m->found, &f.territory_id));
    if (!form_ok(rq) || !within_limit(rq))
        return show(rq, m);
    int rc = request_file(cx, &f, &number, &token);
    if (form_refused(rq, NULL, rc))
        return show(rq, m);
    TRY(rc);
    return respond_redirect(rq, arena_printf(cx->arena, "/request/%s", token),
                            TF(cx, "Your request is filed under the number %s.", number));
}

/* Looking is not in the audit chain: there is no account to name, and whoever has a link could make the chain grow. */
int follow_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct follow_page *m = arena_alloc(cx->arena, sizeof *m);
    struct case_link_state_row row;
    const char *token = rq_path(rq, "token"), *host = rq_header(rq, "Host");
    bool found;
    respond_header(rq, "X-Robots-Tag", "noindex, nofollow");
    respond_header(rq, "Referrer-Policy", "no-referrer"); /* the address is the secret */
    TRY(request_follow(cx, token, &row, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no such page.");
    m->about.number = row.number;
    m->about.state = row.state;
    m->about.words = T(cx, request_words(case_state_from(row.state)));
    m->host = host ? host : "";
    m->path = arena_printf(cx->arena, "/request/%s", token);
    return respond_view(rq, &follow_view, m);
}

static const struct field_desc FOLLOW_FIELDS[] = {FIELD_AS("number", follow_page, about.number, TEXT),
                                                  FIELD_AS("state", follow_page, about.state, TEXT),
                                                  FIELD_AS("words", follow_page, about.words, TEXT)};
static ROW_DESC(FOLLOW, "request_state", follow_page, FOLLOW_FIELDS);

const struct view ask_view = {.name = "request",
                              .title = N_("Ask for mediation"),
                              .html = mediation_request_html,
                              .parts = (const struct view_part[]){
                                  {"places", VIEW_LIST, offsetof(struct ask_page, places), &intake_place_desc},
                                  {"candidates", VIEW_LIST, offsetof(struct ask_page, found), &intake_place_desc},
                                  {0}}};
const struct view follow_view = {.name = "request_followed",
                                 .title = N_("How your request stands"),
                                 .html = mediation_request_state_html,
                                 .parts = (const struct view_part[]){{"request", VIEW_ROW, 0, &FOLLOW}, {0}}};
