/* export.c - see export.h. */
#include "registry/export.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/csv.h"
#include "base/fs.h"
#include "base/id.h"
#include "base/str.h"
#include "db/audit.h"
#include "i18n/i18n.h"
#include "registry/labels.h"
#include "registry/words.h"
#include "report/doc.h"

#include <string.h>

static bool is_number(enum field_type type)
{
    return type == FIELD_INT || type == FIELD_NUM || type == FIELD_OPT_INT || type == FIELD_OPT_NUM;
}

/* One field of a row as a cell of a sheet; codes and identifiers stay texts, so that no zero gets lost. */
static struct cell field_cell(struct ctx *cx, const struct field_desc *f, const char *row)
{
    const void *at = row + f->offset;
    struct opt_int i = {true, 0};
    struct opt_num v = {true, 0};
    switch (f->type) {
    case FIELD_TEXT: return cell_text(*(const char *const *)at);
    case FIELD_BOOL: return cell_text(*(const bool *)at ? "1" : "0");
    case FIELD_ID: return cell_text(id_text(cx->arena, *(const int64_t *)at));
    case FIELD_OPT_ID:
        i = *(const struct opt_int *)at;
        return cell_text(i.has ? id_text(cx->arena, i.value) : "");
    case FIELD_INT: i.value = *(const int64_t *)at; break;
    case FIELD_OPT_INT: i = *(const struct opt_int *)at; break;
    case FIELD_NUM: v.value = *(const double *)at; break;
    case FIELD_OPT_NUM: v = *(const struct opt_num *)at; break;
    case FIELD_COUNT: {
        const struct protected_count *c = at;
        if (c->hidden)
            return cell_text(T(cx, "protected"));
        i.value = c->value;
        break;
    }
    case FIELD_ROWS: return cell_text("");
    }
    if (!i.has || !v.has)
        return cell_text("");
    double value = f->type == FIELD_NUM || f->type == FIELD_OPT_NUM ? v.value : (double)i.value;
    return cell_num(value, arena_printf(cx->arena, "%.15g", value), NULL);
}

static int write_xlsx(struct ctx *cx, const char *title, const struct row_desc *d, const void *rows, size_t n, struct buf *out)
{
    const char *today = registry_today(cx);
    struct doc_labels labels = registry_doc_labels(cx);
    struct doc *doc = doc_new(cx->arena, cx->lang, &(struct doc_meta){.title = title, .date = today, .date_text = fmt_date(cx, today),
                              .data = true}, &labels); /* what is written can be imported again */
    struct column *columns = arena_array(cx->arena, d->n_fields, sizeof *columns);
    struct cell *cells = arena_array(cx->arena, d->n_fields, sizeof *cells);
    for (size_t c = 0; c < d->n_fields; c++)
        columns[c] = (struct column){.title = d->fields[c].name, .type = is_number(d->fields[c].type) ? COLUMN_NUMBER : COLUMN_TEXT,
                                     .decimals = d->fields[c].type == FIELD_NUM || d->fields[c].type == FIELD_OPT_NUM ? 5 : 0};
    struct table *t = doc_table(doc, title, columns, d->n_fields);
    for (size_t i = 0; i < n; i++) {
        for (size_t c = 0; c < d->n_fields; c++)
            cells[c] = field_cell(cx, &d->fields[c], (const char *)rows + i * d->size);
        table_row(t, cells, d->n_fields);
    }
    return doc_xlsx(cx, doc, out);
}

int export_write(struct ctx *cx, const char *format, const char *title, const struct row_desc *d, const void *rows, size_t n,
                 struct buf *out)
{
    if (str_eq(format, "xlsx"))
        return write_xlsx(cx, title, d, rows, n, out);
    if (!str_eq(format, "csv"))
        return fail(cx, ERR_INVALID, "The file can be CSV or XLSX, not \"%s\".", format);
    struct csv_writer w;
    csv_begin(&w, out, ';', true);
    csv_rows(&w, d, rows, n);
    return OK;
}

/* What went out, for the log: how many rows and the hash of the bytes. */
static const char *detail_of(struct ctx *cx, size_t n, const struct buf *out)
{
    return arena_printf(cx->arena, "rows=%zu blake2b=%s", n, crypto_blake2b_hex(cx->arena, out->data, out->len));
}

int export_respond(struct request *rq, const char *format, const char *name, const char *title, const struct row_desc *d,
                   const void *rows, size_t n)
{
    struct ctx *cx = rq->cx;
    struct buf *out = buf_new(cx->arena, 0);
    TRY(export_write(cx, format, title, d, rows, n, out));
    TRY(audit_record(cx, arena_printf(cx->arena, "export.%s", format), name, detail_of(cx, n, out)));
    bool xlsx = str_eq(format, "xlsx");
    return respond_bytes(rq, xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8",
                         out->data, out->len, arena_printf(cx->arena, "%s-%s.%s", name, registry_today(cx), format));
}

const char *export_asked(struct request *rq)
{
    const char *format = rq_query(rq, "format");
    return str_eq(format, "csv") || str_eq(format, "xlsx") ? format : NULL;
}

int export_file(struct ctx *cx, const char *path, const char *what, const char *title, const struct row_desc *d, const void *rows,
                size_t n)
{
    struct buf *out = buf_new(cx->arena, 0);
    TRY(export_write(cx, fs_extension(path), title, d, rows, n, out));
    TRY(fs_write(cx, path, out->data, out->len, 0640));
    return audit_record(cx, arena_printf(cx->arena, "export.%s", what), fs_base(path), detail_of(cx, n, out));
}
