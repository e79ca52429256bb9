/* papers.c - see papers.h: clauses, filling, sealing, the document. */
#include "mediation/papers.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "mediation/mediation.h"
#include "registry/labels.h"
#include "registry/lists.h"
#include "registry/registry.h"
#include "setting/setting.h"

#include <string.h>

#define S(state) (1u << (CASE_##state))
const struct paper_kind PAPER_KINDS[] = {
    {"contract", N_("Mediation contract"), S(OFFERED) | S(CONTRACT) | S(SESSIONS), true},
    {"settlement", N_("Settlement agreement"), S(SESSIONS) | S(SETTLED) | S(FOLLOW_UP), true},
    {"referral", N_("Letter to another body"), S(EMERGENCY) | S(LAWYER) | S(REFERRED), false},
    {"ending", N_("Record of the end of mediation"), S(REFUSED_ONE) | S(REFUSED_BOTH) | S(IMPOSSIBLE) | S(EXPIRED), true},
    {"court", N_("Advice to go to court"), S(FOLLOW_UP), false},
    {0}};

const struct paper_kind *paper_kind_find(const char *code)
{
    for (const struct paper_kind *k = PAPER_KINDS; k->code; k++)
        if (str_eq(k->code, code))
            return k;
    return NULL;
}

static int seed_clause(struct ctx *cx, const struct table *t, void *arg)
{
    int64_t *n = arg;
    return clause_put(cx,
                      &(struct clause_put_in){cx->region_id, ++*n, list_text(cx, t, "kind"), list_int(t, "ordinal"),
                                              list_text(cx, t, "heading_kk"), list_text(cx, t, "heading_ru"),
                                              list_text(cx, t, "text_kk"), list_text(cx, t, "text_ru"),
                                              list_text(cx, t, "article"), false, ""},
                      NULL);
}

int papers_seed(struct ctx *cx)
{
    int64_t n = 0;
    return list_each(cx, "reference/paper_clauses.csv", seed_clause, &n);
}

/* --- filling --- */

/* All that a clause may name, in the language of cx. */
struct filler {
    const struct dispute_by_id_row *d;
    const struct paper_values *v;
    const char *today;
    struct party_list_list sides;
    struct obligation_list_list promises;
    struct mediator_by_id_row mediator;
    bool has_mediator;
    const char *term, *most;
};

static const char *side_word(struct ctx *cx, const char *side)
{
    return str_eq(side, "first")    ? T(cx, "first side")
           : str_eq(side, "second") ? T(cx, "second side")
           : str_eq(side, "both")   ? T(cx, "both sides")
                                    : T(cx, "another participant");
}

static const char *sides_text(struct ctx *cx, const struct filler *f, bool requisites)
{
    struct buf *b = buf_new(cx->arena, 0);
    for (size_t i = 0; i < f->sides.n; i++) {
        const struct party_list_row *p = &f->sides.rows[i];
        buf_printf(b, "- %s", p->name);
        if (requisites)
            buf_printf(b, ": %s", *p->contact ? p->contact : "____________________");
        else
            buf_printf(b, " (%s)", side_word(cx, p->side));
        if (!requisites && *p->representative)
            buf_printf(b, ", %s", TF(cx, "Represented by %s", p->representative));
        buf_put(b, "\n", 1);
    }
    return b->len ? b->data : "____________________";
}

static const char *promises_text(struct ctx *cx, const struct filler *f, bool only_undone)
{
    struct buf *b = buf_new(cx->arena, 0);
    for (size_t i = 0; i < f->promises.n; i++) {
        const struct obligation_list_row *o = &f->promises.rows[i];
        if (!only_undone || !*o->done_on)
            buf_printf(b, "- %s: %s, %s\n", side_word(cx, o->side), o->text, TF(cx, "by %s", fmt_date(cx, o->due_on)));
    }
    return b->len ? b->data : T(cx, "Everything was done at once when the agreement was signed.");
}

static const char *languages_text(struct ctx *cx, const char *codes)
{
    bool kk = strstr(codes, "kk"), ru = strstr(codes, "ru");
    return kk && ru ? T(cx, "Kazakh and Russian") : ru ? T(cx, "Russian") : T(cx, "Kazakh");
}

/* What stands for {name}; NULL: no such name. */
static const char *value_of(struct ctx *cx, const struct filler *f, const char *name, size_t n)
{
    const struct dispute_by_id_row *d = f->d;
    const struct paper_values *v = f->v;
    const struct {
        const char *name, *value;
    } simple[] = {{"number", d->number},
                  {"date", fmt_date_long(cx, f->today)},
                  {"place", v->place},
                  {"subject", v->subject},
                  {"terms", v->terms},
                  {"reason", v->reason},
                  {"cost", *v->cost ? v->cost : T(cx, "Mediation is free of charge for the sides.")},
                  {"mediator", f->has_mediator ? f->mediator.name : "____________________"},
                  {"basis", f->has_mediator ? f->mediator.basis : "____________________"},
                  {"language", languages_text(cx, f->has_mediator ? f->mediator.languages : "kk")},
                  {"term", f->term},
                  {"most", f->most},
                  {"contract", *d->contract_on ? fmt_date_long(cx, d->contract_on) : "____________________"},
                  {"settled", *d->settled_on ? fmt_date_long(cx, d->settled_on) : "____________________"},
                  {"occurred", fmt_date_long(cx, d->occurred_on)},
                  {"where", ctx_pick(cx, d->place_kk, d->place_ru, d->place_en)},
                  {"kind", ctx_pick(cx, d->kind_kk, d->kind_ru, d->kind_en)},
                  {"state", mediation_state_name(cx, d->state)}};
    for (size_t i = 0; i < sizeof simple / sizeof *simple; i++)
        if (strlen(simple[i].name) == n && memcmp(simple[i].name, name, n) == 0)
            return simple[i].value;
    if (n == 5 && memcmp(name, "sides", n) == 0)
        return sides_text(cx, f, false);
    if (n == 10 && memcmp(name, "requisites", n) == 0)
        return sides_text(cx, f, true);
    if (n == 8 && memcmp(name, "promises", n) == 0)
        return promises_text(cx, f, false);
    if (n == 6 && memcmp(name, "undone", n) == 0)
        return promises_text(cx, f, true);
    return NULL;
}

static int fill_text(struct ctx *cx, const struct filler *f, const char *text, struct buf *out)
{
    for (const char *p = text; *p;) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        if (!end) {
            buf_put(out, p++, 1);
            continue;
        }
        const char *value = value_of(cx, f, p + 1, (size_t)(end - p - 1));
        if (!value)
            return fail(cx, ERR_INVALID, "A clause names %s, which is nothing that a case knows.",
                        arena_printf(cx->arena, "%.*s", (int)(end - p + 1), p));
        buf_puts(out, value);
        p = end + 1;
        if (*p == '.' && *value && value[strlen(value) - 1] == '.')
            p++; /* a date in Russian ends with "г." */
    }
    buf_put(out, "\n", 1);
    return OK;
}

/* One language: "# heading", "- item" and plain lines; "~ role|name" is a line to sign. */
static int fill(struct ctx *cx, const struct filler *f, const struct paper_kind *k, const struct clause_list_list *clauses,
                enum lang lang, const char **out)
{
    enum lang before = cx->lang;
    struct buf *b = buf_new(cx->arena, 0);
    int rc = OK;
    cx->lang = lang;
    buf_printf(b, "= %s\n", T(cx, k->label));
    for (size_t i = 0; i < clauses->n && !rc; i++) {
        const struct clause_list_row *c = &clauses->rows[i];
        buf_printf(b, "# %lld. %s\n", (long long)(i + 1), lang == LANG_KK ? c->heading_kk : c->heading_ru);
        rc = fill_text(cx, f, lang == LANG_KK ? c->text_kk : c->text_ru, b);
    }
    if (k->signed_)
        for (size_t i = 0; i < f->sides.n; i++)
            buf_printf(b, "~ %s|%s\n", side_word(cx, f->sides.rows[i].side), f->sides.rows[i].name);
    buf_printf(b, "~ %s|%s\n", k->signed_ ? T(cx, "Mediator") : T(cx, "Head of the institution"),
               k->signed_ && f->has_mediator ? f->mediator.name : "");
    cx->lang = before;
    *out = b->data;
    return rc;
}

struct make_job {
    const struct case_asker *a;
    const struct paper_kind *kind;
    const struct paper_values *v;
    int64_t dispute_id, id;
};

static int read_filler(struct ctx *cx, const struct make_job *j, const struct vault *v, struct filler *f)
{
    const char *day = *f->d->contract_on ? f->d->contract_on : f->today;
    TRY(vault_parties(cx, v, &f->sides));
    TRY(vault_obligations(cx, v, &f->promises));
    if (f->d->mediator_id.has)
        TRY(mediator_by_id(cx, cx->region_id, f->d->mediator_id.value, &f->mediator, &f->has_mediator));
    TRY(setting_on(cx, "mediation.term_days", day, &f->term));
    TRY(setting_on(cx, "mediation.max_days", day, &f->most));
    f->v = j->v;
    return OK;
}

static int make_tx(struct ctx *cx, void *arg)
{
    struct make_job *j = arg;
    struct dispute_by_id_row d;
    struct clause_list_list clauses;
    struct paper_last_version_row last;
    enum case_right right;
    struct vault v;
    const char *texts[2];
    struct filler f = {.d = &d, .today = date_text(cx->arena, date_today(NULL))};
    TRY(case_load(cx, j->a, j->dispute_id, &d, &right));
    if (!case_roles(j->a, &d))
        return fail(cx, ERR_DENIED, "This step belongs to the clerk or the mediator of the case.");
    if (!(j->kind->states & (1u << case_state_from(d.state))))
        return fail(cx, ERR_INVALID, "This paper does not belong to the present state of the case.");
    TRY(vault_open(cx, j->a, &d, &v));
    TRY(read_filler(cx, j, &v, &f));
    if (j->kind->signed_ && !f.has_mediator)
        return fail(cx, ERR_INVALID, "No mediator is assigned.");
    TRY(clause_list(cx, cx->region_id, j->kind->code, f.today, &clauses));
    if (!clauses.n)
        return fail(cx, ERR_INVALID, "There are no clauses for this paper today.");
    TRY(fill(cx, &f, j->kind, &clauses, LANG_KK, &texts[0]));
    TRY(fill(cx, &f, j->kind, &clauses, LANG_RU, &texts[1]));
    TRY(paper_last_version(cx, cx->region_id, d.id, j->kind->code, &last));
    j->id = db_new_id();
    TRY(paper_insert(cx,
                     &(struct paper_insert_in){.region_id = cx->region_id,
                                               .dispute_id = d.id,
                                               .id = j->id,
                                               .kind = j->kind->code,
                                               .version = last.version + 1,
                                               .made_us = time_now_us(),
                                               .made_by = j->a->account_id,
                                               .day = f.today,
                                               .sealed = vault_seal(cx, &v, VAULT_PAPER, j->id, texts)},
                     NULL));
    return audit_append(cx, "paper.make", case_object(cx, d.id),
                        arena_printf(cx->arena, "%s %lld", j->kind->code, (long long)last.version + 1));
}

int paper_make(struct ctx *cx, const struct case_asker *a, int64_t dispute_id, const char *kind, const struct paper_values *v,
               int64_t *id)
{
    struct make_job j = {.a = a, .kind = paper_kind_find(kind), .v = v, .dispute_id = dispute_id};
    if (!j.kind)
        return fail(cx, ERR_NOT_FOUND, "There is no such kind of paper.");
    TRY(db_tx(cx, make_tx, &j));
    *id = j.id;
    return OK;
}

/* --- the document --- */

static void put_line(struct doc *d, struct block **list, char *line)
{
    char *bar;
    if (line[0] == '-' && line[1] == ' ') {
        if (!*list)
            *list = doc_list(d, false);
        list_item(d, *list, line + 2);
        return;
    }
    *list = NULL;
    if (line[0] == '=' && line[1] == ' ')
        doc_heading(d, 1, line + 2);
    else if (line[0] == '#' && line[1] == ' ')
        doc_heading(d, 2, line + 2);
    else if (line[0] == '~' && line[1] == ' ' && (bar = strchr(line, '|'))) {
        *bar = '\0';
        doc_signature(d, line + 2, bar + 1, "");
    } else if (*str_trim_here(line))
        doc_para(d, line);
}

int paper_doc(struct ctx *cx, const struct dispute_by_id_row *d, const struct vault *v, int64_t id, enum lang lang, struct doc **out)
{
    struct paper_by_id_row p;
    bool found;
    const char *texts[2] = {"", ""};
    TRY(paper_by_id(cx, cx->region_id, d->id, id, &p, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no such paper.");
    TRY(vault_row(cx, v, VAULT_PAPER, p.id, p.sealed, (const char **const[]){&texts[0], &texts[1]}));
    if (lang == LANG_KK || lang == LANG_RU)
        cx->lang = lang;
    struct doc_labels labels = registry_doc_labels(cx);
    struct doc_meta meta = {.title = T(cx, paper_kind_find(p.kind)->label),
                            .subtitle = TF(cx, "case %s, version %lld", d->number, (long long)p.version),
                            .date = p.day,
                            .date_text = fmt_date(cx, p.day),
                            .demo = d->demo,
                            .banner = T(cx, "Demonstration data")};
    struct doc *doc = doc_new(cx->arena, cx->lang, &meta, &labels);
    for (int i = 0; i < 2; i++) {
        struct block *list = NULL;
        size_t n;
        if (lang != LANG_COUNT && lang != (i ? LANG_RU : LANG_KK))
            continue;
        if (i && lang == LANG_COUNT)
            doc_page_break(doc);

        char **lines = str_split(cx->arena, texts[i], '\n', &n);
        for (size_t k = 0; k < n; k++)
            if ((i && lang == LANG_COUNT) || lines[k][0] != '=') /* the title has said it in the first language */
                put_line(doc, &list, lines[k]);
    }
    *out = doc;
    return OK;
}

/* --- the signed scan --- */

static const char *scan_type(const unsigned char *p, size_t n)
{
    return n > 4 && !memcmp(p, "%PDF", 4)               ? "application/pdf"
           : n > 3 && !memcmp(p, "\xff\xd8\xff", 3)     ? "image/jpeg"
           : n > 8 && !memcmp(p, "\x89PNG\r\n\x1a\n", 8) ? "image/png"
                                                         : NULL;
}

struct scan_job {
    const struct case_asker *a;
    int64_t dispute_id, id;
    const void *data;
    size_t n;
    const char *type;
};

static int scan_tx(struct ctx *cx, void *arg)
{
    const struct scan_job *j = arg;
    struct dispute_by_id_row d;
    enum case_right right;
    struct vault v;
    int64_t changed = 0;
    TRY(case_load(cx, j->a, j->dispute_id, &d, &right));
    if (!case_roles(j->a, &d))
        return fail(cx, ERR_DENIED, "This step belongs to the clerk or the mediator of the case.");
    TRY(vault_open(cx, j->a, &d, &v));
    const char *hash = crypto_blake2b_hex(cx->arena, j->data, j->n);
    TRY(paper_scan_put(cx,
                       &(struct paper_scan_put_in){cx->region_id, d.id, j->id, time_now_us(), hash, j->type,
                                                   vault_seal_bytes(cx, &v, VAULT_PAPER, j->id, j->data, j->n)},
                       &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "This version has its signed scan already; make a new version.");
    return audit_append(cx, "paper.scan", case_object(cx, d.id), hash);
}

int paper_scan(struct ctx *cx, const struct case_asker *a, int64_t dispute_id, int64_t id, const void *data, size_t n)
{
    struct scan_job j = {a, dispute_id, id, data, n, scan_type(data, n)};
    if (n > PAPER_SCAN_BYTES)
        return fail(cx, ERR_LIMIT, "The scan is larger than 10 MB.");
    if (!j.type)
        return fail(cx, ERR_INVALID, "The scan must be a PDF, JPEG or PNG file.");
    return db_tx(cx, scan_tx, &j);
}
