/* report.c - builds the files of a run's report and keeps them by content. */
#include "quarter/report.h"

#include "base/arena.h"
#include "base/str.h"
#include "db/blob.h"
#include "i18n/i18n.h"
#include "quarter/report_data.h"
#include "registry/labels.h"
#include "setting/setting.h"

static const char *institution_name(struct ctx *cx, const char *day)
{
    static const char *const MARKS[LANG_COUNT] = {"institution.mark_kk", "institution.mark_ru", "institution.mark_en"};
    const char *mark = setting_text(cx, MARKS[cx->lang]);
    struct organisation_list_list bodies;
    if (!str_empty(mark) || organisation_list(cx, cx->region_id, "institution", day, &bodies) || !bodies.n)
        return mark ? mark : "";
    return registry_name(cx, bodies.rows[0]);
}

static int build(struct ctx *cx, struct report_data *d, struct doc **out)
{
    struct place_path path;
    TRY(registry_path(cx, d->work->region_territory, d->work->last_day, &path));
    const struct civil at = civil_of(d->run.started_us, NULL);
    const char *day = date_text(cx->arena, at.date), *stamp = setting_text(cx, "institution.stamp");
    struct doc_labels labels = registry_doc_labels(cx);
    const struct doc_meta meta = {
        .title = T(cx, N_("Expert report on interethnic relations")),
        .subtitle = arena_printf(cx->arena, "%s · %s", path.n ? path.steps[0].name : "", fmt_quarter(cx, d->work->name)),
        .author = institution_name(cx, day), .subject = fmt_quarter(cx, d->work->name), .marking = str_empty(stamp) ? NULL : stamp,
        .date = instant_text(cx->arena, d->run.started_us / 1000000 * 1000000), .date_text = fmt_date(cx, day),
        .banner = T(cx, N_("Demonstration data: people, cases and answers are invented")), .demo = d->run.demo || d->work->demo};
    struct doc *doc = doc_new(cx->arena, cx->lang, &meta, &labels);
    report_situation(cx, d, doc);
    TRY(report_outlook(cx, d, doc));
    doc_signature(doc, T(cx, N_("Head of the scientific-expert group")), "", "");
    doc_signature(doc, T(cx, N_("Head of the institution")), "", "");
    *out = doc;
    return OK;
}

static int keep(struct ctx *cx, const struct report_data *d, const char *name, const char *lang, const char *format, const struct buf *bytes)
{
    const char *hash;
    if (bytes->toobig)
        return fail(cx, ERR_LIMIT, "The file %s is too large.", name);
    /* The report is in three languages, a full disk is told in that of who asked. */
    enum lang written = cx->lang;
    cx->lang = d->asked;
    int rc = blob_put(cx, bytes->data, bytes->len, &hash);
    cx->lang = written;
    TRY(rc);
    return run_output_put(cx, &(struct run_output_put_in){cx->region_id, d->work->run_id, name, lang, format, hash, (int64_t)bytes->len}, NULL);
}

static const struct format {
    const char *name;
    int (*render)(struct ctx *cx, struct doc *d, struct buf *out);
} FORMATS[] = {{"docx", doc_docx}, {"pdf", doc_pdf}, {"xlsx", doc_xlsx}, {"html", doc_html}};

static int write_language(struct ctx *cx, struct report_data *d)
{
    struct doc *doc;
    const char *lang = lang_code(cx->lang), *quarter = d->work->name;
    TRY(build(cx, d, &doc));
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++) {
        struct buf *bytes = buf_new(cx->arena, 0);
        TRY(FORMATS[i].render(cx, doc, bytes));
        TRY(keep(cx, d, arena_printf(cx->arena, "report-%s-%s.%s", quarter, lang, FORMATS[i].name), lang, FORMATS[i].name, bytes));
    }
    if (cx->lang != LANG_EN)
        return OK; /* the figures are the same in every language: one report.json */
    struct buf *bytes = buf_new(cx->arena, 0);
    TRY(doc_json(cx, doc, bytes));
    return keep(cx, d, "report.json", "", "json", bytes);
}

int quarter_report(struct ctx *cx, struct quarter_work *w)
{
    struct report_data d;
    TRY(report_read(cx, w, &d));
    enum lang asked = d.asked = cx->lang;
    int rc = OK;
    for (int lang = 0; lang < LANG_COUNT && !rc; lang++) {
        cx->lang = (enum lang)lang;
        rc = write_language(cx, &d);
    }
    cx->lang = asked;
    return rc;
}
