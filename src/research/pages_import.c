/* pages_import.c - loading a file of answers in two steps: check and preview, then the decision. Between the
 * steps the bytes lie in the blob store; a file that is refused as a whole (columns that lead to a person) is
 * never kept. */
#include "research/pages.h"

#include "base/arena.h"
#include "base/fs.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "db/blob.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "research/demo.h"
#include "research/import.h"

enum { FILE_LARGEST = 64 << 20, SHEET_CHARS = 60 };
static const int64_t KEPT_US = INT64_C(7) * 24 * 3600 * 1000000; /* a file nobody decided on */

/* --- step one: the file --------------------------------------------------------------------------- */

static const struct form_field UPLOAD_FIELDS[] = {
    {.name = "quarter",
     .type = FORM_QUARTER,
     .label = N_("Quarter"),
     .required = true,
     .offset = offsetof(struct research_upload_values, quarter)},
    {.name = "file",
     .type = FORM_FILE,
     .label = N_("File"),
     .hint = N_("CSV (UTF-8 or windows-1251) or XLSX"),
     .required = true,
     .offset = offsetof(struct research_upload_values, file)},
    {.name = "sheet",
     .type = FORM_TEXT,
     .label = N_("Sheet of the workbook"),
     .hint = N_("Empty: the first one"),
     .max = SHEET_CHARS,
     .offset = offsetof(struct research_upload_values, sheet)},
    {0}};
const struct form research_upload_form = {UPLOAD_FIELDS, sizeof(struct research_upload_values)};

static int show_import(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct research_import_page *m = arena_alloc(cx->arena, sizeof *m);
    struct round_list_list rounds;
    const char *asked = rq_query(rq, "quarter");
    struct quarter q;
    TRY(round_list(cx, cx->region_id, &rounds));
    const char **examples = arena_array(cx->arena, rounds.n + 1, sizeof *examples);
    size_t n = 0;
    for (size_t i = 0; i < rounds.n; i++)
        if (rounds.rows[i].demo)
            examples[n++] = rounds.rows[i].quarter;
    m->examples = examples;
    m->quarter = quarter_parse(asked, &q) ? asked : quarter_text(cx->arena, quarter_of(date_today(NULL)));
    if (rq->method != HTTP_POST)
        form_preset(rq, &research_upload_form, "quarter", m->quarter);
    return respond_view(rq, &research_import_view, m);
}

int research_import_get(struct request *rq)
{
    return show_import(rq);
}

static int keep_tx(struct ctx *cx, void *arg)
{
    return upload_insert(cx, arg, NULL);
}

/* Files of others that nobody decided on for a week. */
static int clean_tx(struct ctx *cx, void *arg)
{
    struct upload_old_list *old = arg;
    TRY(upload_old(cx, cx->region_id, time_now_us() - KEPT_US, old));
    for (size_t i = 0; i < old->n; i++)
        TRY(upload_delete(cx, cx->region_id, old->rows[i].id, NULL));
    return OK;
}

static int remove_blob(struct ctx *cx, const char *hash)
{
    struct upload_same_row same;
    TRY(upload_same(cx, cx->region_id, hash, &same));
    return same.n ? OK : blob_remove(cx, hash);
}

static int check_upload(struct request *rq, const struct research_upload_values *v, struct buf **bytes)
{
    struct ctx *cx = rq->cx;
    struct answers *a;
    TRY(research_open(cx, v->quarter));
    TRY(fs_read(cx, v->file->path, FILE_LARGEST, bytes));
    return research_check(cx, v->quarter, v->file->name, (*bytes)->data, (*bytes)->len,
                          *v->sheet ? v->sheet : NULL, &a);
}

int research_import_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct research_upload_values *v = form_values(rq);
    struct buf *bytes;
    struct upload_old_list old;
    if (form_ok(rq)) {
        int rc = check_upload(rq, v, &bytes);
        if (rc == ERR_INVALID || rc == ERR_LIMIT || rc == ERR_CONFLICT || rc == ERR_NOT_FOUND)
            form_error(rq, "file", "%s", cx->err_text);
        else if (rc)
            return rc;
    }
    if (!form_ok(rq))
        return show_import(rq);
    struct upload_insert_in in = {.region_id = cx->region_id,
                                  .id = db_new_id(),
                                  .quarter = v->quarter,
                                  .file_name = utf8_cut(cx->arena, v->file->name, 120),
                                  .sheet = v->sheet,
                                  .account_id = cx->account_id,
                                  .at_us = time_now_us()};
    TRY(blob_put(cx, bytes->data, bytes->len, &in.file_hash));
    TRY(db_tx(cx, keep_tx, &in));
    TRY(db_tx(cx, clean_tx, &old));
    for (size_t i = 0; i < old.n; i++)
        TRY(remove_blob(cx, old.rows[i].file_hash));
    return respond_redirect(rq, arena_printf(cx->arena, "/research/import/%s", id_text(cx->arena, in.id)),
                            NULL);
}

/* --- step two: what the check found --------------------------------------------------------------- */

static const struct form_field ACCEPT_FIELDS[] = {
    {.name = "good_rows",
     .type = FORM_BOOL,
     .label = N_("Take the good rows and leave the wrong ones out"),
     .offset = offsetof(struct research_accept_values, good_rows)},
    {0}};
const struct form research_accept_form = {ACCEPT_FIELDS, sizeof(struct research_accept_values)};

static int read_upload(struct request *rq, struct research_upload_page *m)
{
    struct ctx *cx = rq->cx;
    struct buf *bytes;
    bool found;
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(upload_by_id(cx, cx->region_id, id, &m->upload, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "This file was decided on already, or lay too long; load it again.");
    const char *path = blob_path(cx, m->upload.file_hash);
    if (!path)
        return fail(cx, ERR_NOT_FOUND, "The file is gone; load it again.");
    TRY(fs_read(cx, path, FILE_LARGEST, &bytes));
    return research_check(cx, m->upload.quarter, m->upload.file_name, bytes->data, bytes->len,
                          *m->upload.sheet ? m->upload.sheet : NULL, &m->answers);
}

static int show_upload(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct research_upload_page *m = arena_alloc(cx->arena, sizeof *m);
    int rc = read_upload(rq, m);
    if (rc && !(rc == ERR_INVALID && *m->upload.quarter))
        return rc;
    m->facts = (struct research_upload_facts){.quarter = m->upload.quarter, .file = m->upload.file_name};
    if (rc) { /* the frame or the questionnaire changed since the upload */
        m->answers = NULL;
        m->facts.refused = cx->err_text;
    } else {
        const struct answers *a = m->answers;
        m->facts.kind = a->kind;
        m->facts.rows_read = a->rows_read;
        m->facts.good = (int64_t)a->rows.n;
        m->facts.bad = a->bad_rows;
        m->facts.n_errors = a->n_errors;
        m->facts.weighted = a->weighted;
        m->errors.rows = a->errors.rows;
        m->errors.n = a->errors.n;
    }
    return respond_view(rq, &research_upload_view, m);
}

int research_upload_get(struct request *rq)
{
    return show_upload(rq);
}

struct decision {
    struct research_import_in in;
    int64_t upload, import;
};

static int accept_tx(struct ctx *cx, void *arg)
{
    struct decision *d = arg;
    TRY(research_import(cx, &d->in, &d->import));
    return upload_delete(cx, cx->region_id, d->upload, NULL);
}

int research_accept_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct research_accept_values *v = form_values(rq);
    struct research_upload_page m = {0};
    TRY(read_upload(rq, &m));
    if (m.answers->bad_rows && !v->good_rows)
        form_error(rq, "good_rows",
                   N_("%lld rows have errors. Correct the file and load it again, or say that they are to be "
                      "left out."),
                   (long long)m.answers->bad_rows);
    if (!form_ok(rq))
        return show_upload(rq);
    struct decision d = {.in = {.quarter = m.upload.quarter, .answers = m.answers, .good_rows = v->good_rows},
                         .upload = m.upload.id};
    int rc = db_tx(cx, accept_tx, &d);
    if (form_refused(rq, NULL, rc))
        return show_upload(rq);
    TRY(rc);
    TRY(remove_blob(cx, m.upload.file_hash));
    return respond_redirect(
        rq, arena_printf(cx->arena, "/research/%s", m.upload.quarter),
        TN(cx, "%lld interview was taken.", "%lld interviews were taken.", (long long)m.answers->rows.n));
}

static int discard_tx(struct ctx *cx, void *arg)
{
    const struct upload_by_id_row *upload = arg;
    TRY(upload_delete(cx, cx->region_id, upload->id, NULL));
    return audit_append(cx, "import.discard", arena_printf(cx->arena, "round/%s", upload->quarter),
                        upload->file_hash);
}

int research_discard_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct upload_by_id_row upload;
    bool found;
    int64_t id;
    TRY(rq_path_id(rq, "id", &id));
    TRY(upload_by_id(cx, cx->region_id, id, &upload, &found));
    if (found) {
        TRY(db_tx(cx, discard_tx, &upload));
        TRY(remove_blob(cx, upload.file_hash));
    }
    return respond_redirect(rq, "/research/import", T(cx, "The file was given up; nothing was written."));
}

/* --- taking a file out again ---------------------------------------------------------------------- */

struct removal {
    const char *quarter;
    int64_t import;
};

static int remove_tx(struct ctx *cx, void *arg)
{
    const struct removal *r = arg;
    return research_import_remove(cx, r->quarter, r->import);
}

int research_remove_post(struct request *rq)
{
    struct removal r = {.quarter = rq_path(rq, "quarter")};
    TRY(rq_path_id(rq, "id", &r.import));
    TRY(db_tx(rq->cx, remove_tx, &r));
    return respond_redirect(rq, arena_printf(rq->cx->arena, "/research/%s", r.quarter),
                            T(rq->cx, "The answers of the file were taken out."));
}

/* --- the demonstration's answers as a file -------------------------------------------------------- */

int research_example_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const char *quarter = rq_path(rq, "quarter");
    struct round_of_quarter_row round;
    struct questionnaire *q;
    struct frame f;
    bool found;
    TRY(research_round(cx, quarter, &round, &found));
    if (!found || !round.demo)
        return fail(cx, ERR_NOT_FOUND, "The demonstration has no answers of %s.", quarter);
    TRY(frame_of_round(cx, round.id, &f));
    TRY(questionnaire_by_id(cx, round.instrument_id, &q));
    struct buf *out = buf_new(cx->arena, 0);
    TRY(research_demo_csv(cx, quarter, &f, q, out));
    return respond_bytes(rq, "text/csv; charset=utf-8", out->data, out->len,
                         arena_printf(cx->arena, "demonstration-%s.csv", quarter));
}
