/* figures_page.c - see figures_page.h. Between the steps the file lies in the blob store and nothing else is kept: every step
 * reads it again, so that what is written is what was shown. */
#include "registry/figures_page.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/csv.h"
#include "base/fs.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "db/blob.h"
#include "i18n/i18n.h"
#include "registry/export.h"
#include "registry/import_html.h"
#include "registry/import_look_html.h"
#include "registry/registry.h"
#include "registry/words.h"

enum { RECENT_MOST = 20, FIRST_ROWS = 10, FILE_LARGEST = 64 << 20 };

static int import_show(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct import_page *m = arena_alloc(cx->arena, sizeof *m);
    TRY(import_recent(cx, cx->region_id, RECENT_MOST, &m->recent));
    TRY(indicator_list(cx, cx->region_id, &m->indicators));
    TRY(community_list(cx, &m->communities));
    return respond_view(rq, &import_view, m);
}

int import_get(struct request *rq)
{
    return import_show(rq);
}

const struct view import_view = {
    .name = "import", .title = N_("Import"), .nav = "/import", .html = registry_import_html,
    .parts = (const struct view_part[]){
        {"imports", VIEW_LIST, offsetof(struct import_page, recent), &import_recent_row_desc},
        {"indicators", VIEW_LIST, offsetof(struct import_page, indicators), &indicator_list_row_desc},
        {"communities", VIEW_LIST, offsetof(struct import_page, communities), &community_list_row_desc}, {0}}};

static const struct form_field FIELDS[] = {
    {.name = "file", .type = FORM_FILE, .label = N_("File (CSV or XLSX)"), .required = true, .offset = offsetof(struct import_values, file)},
    {.name = "source", .type = FORM_TEXT, .label = N_("Source"), .hint = N_("For rows that name none: title of the publication or letter, with its date"),
     .max = 200, .offset = offsetof(struct import_values, source)},
    {0}};
const struct form import_form = {FIELDS, sizeof(struct import_values)};
static const struct form_field WRITE_FIELDS[] = {{.name = "good_only",
                                                  .type = FORM_BOOL,
                                                  .label = N_("Write the good rows and leave the others out"),
                                                  .offset = offsetof(struct import_write_values, good_only)},
                                                 {0}};
const struct form import_write_form = {WRITE_FIELDS, sizeof(struct import_write_values)};

/* --- looking ------------------------------------------------------------------------------------------------------- */

/* The file's figures; one that cannot be read at all is told of in the summary. */
static int look(struct request *rq, struct import_look *m)
{
    struct ctx *cx = rq->cx;
    struct figures_world w;
    struct buf *bytes;
    struct table *t;
    TRY(figures_world_load(cx, &w));
    w.territories = rq->account.territories;
    w.n_territories = rq->account.n_territories;
    TRY(blob_verify(cx, m->import.blob));
    TRY(fs_read(cx, blob_path(cx, m->import.blob), FILE_LARGEST, &bytes));
    int rc = table_open_bytes(cx, m->import.file_name, bytes->data, bytes->len, NULL, &t);
    if (!rc)
        rc = figures_read(cx, &w, t, m->import.source, &m->figures);
    if (rc && rc != ERR_INVALID && rc != ERR_LIMIT)
        return rc;
    const struct figures *f = &m->figures;
    m->summary = (struct import_summary){.kind = f->kind, .columns = f->columns, .rows = f->n_read, .good = (int64_t)f->rows.n,
                                         .bad = f->n_bad, .problems = f->n_problems, .composition = f->composition,
                                         .broken = f->broken, .readable = rc == 0, .why = rc ? cx->err_text : ""};
    m->first.rows = m->figures.rows.rows;
    m->first.n = f->rows.n < FIRST_ROWS ? f->rows.n : FIRST_ROWS;
    return OK;
}

/* A waiting or written file of the asker's own; others' are not shown. */
static int own_import(struct request *rq, struct import_by_id_row *out)
{
    struct ctx *cx = rq->cx;
    int64_t id;
    bool found;
    TRY(rq_path_id(rq, "id", &id));
    TRY(import_by_id(cx, cx->region_id, id, out, &found));
    if (!found || out->account_id != rq->account.id)
        return fail(cx, ERR_NOT_FOUND, "There is no such file.");
    return OK;
}

static int look_show(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct import_look *m = arena_alloc(cx->arena, sizeof *m);
    TRY(own_import(rq, &m->import));
    TRY(look(rq, m));
    const char *format = rq->method == HTTP_GET ? export_asked(rq) : NULL;
    if (format)
        return export_respond(rq, format, "import-problems", T(cx, "Problems"), &FIGURE_PROBLEM_DESC, m->figures.problems.rows,
                              m->figures.problems.n);
    return respond_view(rq, &import_look_view, m);
}

int import_look_get(struct request *rq)
{
    return look_show(rq);
}

static const struct field_desc SUMMARY_FIELDS[] = {
    FIELD(import_summary, kind, TEXT), FIELD(import_summary, columns, TEXT), FIELD(import_summary, rows, INT),
    FIELD(import_summary, good, INT), FIELD(import_summary, bad, INT), FIELD(import_summary, problems, INT),
    FIELD(import_summary, composition, BOOL), FIELD(import_summary, broken, BOOL),
    FIELD(import_summary, readable, BOOL), FIELD(import_summary, why, TEXT)};
static ROW_DESC(SUMMARY, "import_summary", import_summary, SUMMARY_FIELDS);
const struct view import_look_view = {
    .name = "import_look", .title = N_("Look at the file"), .nav = "/import", .html = registry_import_look_html,
    .parts = (const struct view_part[]){
        {"import", VIEW_ROW, offsetof(struct import_look, import), &import_by_id_row_desc},
        {"summary", VIEW_ROW, offsetof(struct import_look, summary), &SUMMARY},
        {"first", VIEW_LIST, offsetof(struct import_look, first), &FIGURE_ROW_DESC},
        {"problems", VIEW_LIST, offsetof(struct import_look, figures.problems), &FIGURE_PROBLEM_DESC},
        {"mended", VIEW_LIST, offsetof(struct import_look, figures.mends), &FIGURE_MEND_DESC}, {0}}};

/* --- giving a file --------------------------------------------------------------------------------------------------- */

static int add_tx(struct ctx *cx, void *arg)
{
    const struct import_add_in *in = arg;
    TRY(import_add(cx, in, NULL));
    return audit_append(cx, "import.upload", arena_printf(cx->arena, "import/%s", id_text(cx->arena, in->id)), in->blob);
}

int import_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct import_values *v = form_values(rq);
    if (form_ok(rq) && v->file && v->file->size == 0)
        form_error(rq, "file", N_("This file is empty."));
    if (form_ok(rq) && v->file && v->file->size > FILE_LARGEST)
        form_error(rq, "file", N_("This file is larger than %d MB."), FILE_LARGEST >> 20);
    if (!form_ok(rq))
        return import_show(rq);
    struct import_add_in in = {.region_id = cx->region_id, .id = db_new_id(), .file_name = utf8_cut(cx->arena, v->file->name, 120),
                               .source = v->source, .account_id = rq->account.id, .created_us = time_now_us(), .once_key = rq_once_key(rq)};
    TRY(blob_put_file(cx, v->file->path, &in.blob));
    TRY(db_tx(cx, add_tx, &in));
    return respond_redirect(rq, arena_printf(cx->arena, "/import/%s", id_text(cx->arena, in.id)), NULL);
}

/* --- writing, dropping ------------------------------------------------------------------------------------------------ */

static int write_tx(struct ctx *cx, void *arg)
{
    const struct import_look *m = arg;
    int64_t changed = 0;
    TRY(import_written(cx, &(struct import_written_in){cx->region_id, m->import.id, m->summary.good, m->summary.bad}, &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "This file was written already.");
    TRY(figures_write(cx, &m->figures));
    return audit_append(cx, "import.figures", arena_printf(cx->arena, "import/%s", id_text(cx->arena, m->import.id)),
                        arena_printf(cx->arena, "rows=%lld left_out=%lld blake2b=%s", (long long)m->summary.good,
                                     (long long)m->summary.bad, m->import.blob));
}

int import_write_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    const struct import_write_values *v = form_values(rq);
    struct import_look *m = arena_alloc(cx->arena, sizeof *m);
    TRY(own_import(rq, &m->import));
    TRY(look(rq, m));
    if (!m->summary.readable || m->summary.broken || !m->summary.good)
        form_error(rq, NULL, N_("Nothing of this file can be written; mend the file and load it again."));
    else if (m->summary.bad && !v->good_only)
        form_error(rq, "good_only", N_("Some rows are wrong. Mend the file, or say that only the good rows are to be written."));
    if (!form_ok(rq))
        return look_show(rq);
    TRY(db_tx(cx, write_tx, m));
    return respond_redirect(rq, "/import", TN(cx, "%lld figure was written.", "%lld figures were written.", (long long)m->summary.good));
}

static int drop_tx(struct ctx *cx, void *arg)
{
    const struct import_by_id_row *import = arg;
    int64_t changed = 0;
    TRY(import_drop(cx, cx->region_id, import->id, &changed));
    if (!changed)
        return fail(cx, ERR_CONFLICT, "This file was written already.");
    return audit_append(cx, "import.drop", arena_printf(cx->arena, "import/%s", id_text(cx->arena, import->id)), import->blob);
}

int import_drop_post(struct request *rq)
{
    struct ctx *cx = rq->cx;
    struct import_by_id_row import;
    struct import_blob_use_row use;
    TRY(own_import(rq, &import));
    TRY(db_tx(cx, drop_tx, &import));
    TRY(import_blob_use(cx, import.blob, &use));
    if (use.uses == 0)
        TRY(blob_remove(cx, import.blob));
    return respond_redirect(rq, "/import", T(cx, N_("The file was put away; nothing was written.")));
}

/* --- templates --------------------------------------------------------------------------------------------------------- */

int import_template_get(struct request *rq)
{
    struct ctx *cx = rq->cx;
    static const char *const INDICATORS[] = {"kato", "place", "indicator", "period", "value", "source", NULL};
    static const char *const COMPOSITION[] = {"kato", "place", "community", "period", "persons", "share", "source", NULL};
    bool composition = str_eq(rq_path(rq, "kind"), "composition.csv");
    if (!composition && !str_eq(rq_path(rq, "kind"), "indicators.csv"))
        return fail(cx, ERR_NOT_FOUND, "There is no such template.");
    struct territory_list_list units;
    struct csv_writer w;
    struct buf *out = buf_new(cx->arena, 0);
    TRY(territory_list(cx, cx->region_id, LEVEL_UNIT, registry_today(cx), &units));
    csv_begin(&w, out, ';', true);
    for (const char *const *name = composition ? COMPOSITION : INDICATORS; *name; name++)
        csv_put(&w, *name);
    csv_end_row(&w);
    for (size_t i = 0; i < units.n; i++) {
        csv_put(&w, units.rows[i].kato);
        csv_put(&w, registry_name(cx, units.rows[i]));
        csv_put(&w, composition ? "kazakh" : "population");
        csv_put(&w, arena_printf(cx->arena, "%.4s", registry_today(cx)));
        for (int empty = composition ? 3 : 2; empty > 0; empty--)
            csv_put(&w, "");
        csv_end_row(&w);
    }
    return respond_bytes(rq, "text/csv; charset=utf-8", out->data, out->len, composition ? "composition.csv" : "indicators.csv");
}
