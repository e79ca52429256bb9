/* labels.c - see labels.h. */
#include "registry/labels.h"

#include "i18n/i18n.h"

struct doc_labels registry_doc_labels(struct ctx *cx)
{
    return (struct doc_labels){
        .contents = T(cx, N_("Contents")),
        .table = T(cx, N_("Table %d")),
        .picture = T(cx, N_("Figure %d")),
        .page = T(cx, N_("page %d of %d")),
        .source = T(cx, N_("Source")),
        .note = T(cx, N_("Note")),
        .hidden = T(cx, N_("protected")),
        .no_data = T(cx, N_("no data")),
        .from = T(cx, N_("from")),
        .to = T(cx, N_("to")),
        .figure_id = T(cx, N_("Figure id")),
        .sheet = T(cx, N_("Sheet")),
        .number = fmt_num,
    };
}
