/* doc.c - builds the document model and keeps protected numbers out of it; see doc.h. */
#include "report/doc.h"
#include "report/doc_parts.h"

#include "report/chart.h"
#include "report/map_svg.h"

#include <math.h>
#include <string.h>

struct doc *doc_new(struct arena *a, enum lang lang, const struct doc_meta *meta,
                    const struct doc_labels *labels)
{
    struct doc *d = arena_alloc(a, sizeof *d);
    d->arena = a;
    d->lang = lang;
    d->meta = *meta;
    d->labels = *labels;
    struct doc_labels *l = &d->labels;
    const char **words[] = {&l->contents,  &l->table,  &l->picture,   &l->page, &l->source,
                            &l->note,      &l->hidden, &l->no_data,   &l->from, &l->to,
                            &l->figure_id, &l->sheet,  &d->meta.title};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!*words[i])
            *words[i] = "";
    if (!d->meta.banner)
        d->meta.demo = false;
    return d;
}

static struct block *block_add(struct doc *d, enum block_type type)
{
    struct block *b = arena_alloc(d->arena, sizeof *b);
    b->type = type;
    if (d->last)
        d->last->next = b;
    else
        d->blocks = b;
    d->last = b;
    d->sealed = false;
    return b;
}

static struct para *para_add(struct doc *d, struct block *b)
{
    struct para *p = arena_alloc(d->arena, sizeof *p);
    p->doc = d;
    if (b->last_para)
        b->last_para->next = p;
    else
        b->paras = p;
    b->last_para = p;
    return p;
}

static struct run *run_add(struct para *p, const char *text)
{
    struct run *r = arena_alloc(p->doc->arena, sizeof *r);
    r->text = text ? text : "";
    if (p->last)
        p->last->next = r;
    else
        p->runs = r;
    p->last = r;
    p->doc->sealed = false;
    return r;
}

void para_text(struct para *p, unsigned style, const char *text)
{
    run_add(p, text)->style = style;
}

void para_figure(struct para *p, const char *figure_id, const char *text)
{
    run_add(p, text)->figure_id = figure_id;
}

void para_link(struct para *p, const char *href, const char *text)
{
    run_add(p, text)->href = href;
}

static struct para *para_with(struct doc *d, struct block *b, const char *text)
{
    struct para *p = para_add(d, b);
    if (text)
        para_text(p, RUN_PLAIN, text);
    return p;
}

void doc_heading(struct doc *d, int level, const char *text)
{
    struct block *b = block_add(d, BLOCK_HEADING);
    b->level = level < 1 ? 1 : level > 3 ? 3 : level;
    b->number = ++d->n_headings;
    para_with(d, b, text ? text : "");
}

struct para *doc_para(struct doc *d, const char *text)
{
    return para_with(d, block_add(d, BLOCK_PARA), text);
}

struct para *doc_note(struct doc *d, const char *text)
{
    return para_with(d, block_add(d, BLOCK_NOTE), text);
}

struct block *doc_list(struct doc *d, bool ordered)
{
    struct block *b = block_add(d, BLOCK_LIST);
    b->ordered = ordered;
    return b;
}

struct para *list_item(struct doc *d, struct block *list, const char *text)
{
    return para_with(d, list, text);
}

void doc_page_break(struct doc *d)
{
    block_add(d, BLOCK_PAGE_BREAK);
}

void doc_contents(struct doc *d)
{
    block_add(d, BLOCK_CONTENTS);
}

void doc_signature(struct doc *d, const char *role, const char *name, const char *date)
{
    struct block *b = block_add(d, BLOCK_SIGNATURE);
    b->role = role;
    b->name = name;
    b->date = date;
}

struct table *doc_table(struct doc *d, const char *caption, const struct column *columns, size_t n)
{
    struct table *t = arena_alloc(d->arena, sizeof *t);
    t->doc = d;
    t->caption = caption;
    t->n_columns = n;
    t->columns = arena_array(d->arena, n, sizeof *columns);
    if (n)
        memcpy(t->columns, columns, n * sizeof *columns);
    for (size_t i = 0; i < n; i++)
        if (!(t->columns[i].weight > 0))
            t->columns[i].weight = columns[i].type == COLUMN_TEXT ? 2 : 1;
    t->number = ++d->n_tables;
    block_add(d, BLOCK_TABLE)->table = t;
    return t;
}

/* A hidden cell keeps nothing but its identifier: what is not in the model cannot leak from it. */
static void cell_hide(struct cell *c, const struct doc_labels *l)
{
    *c = (struct cell){
        .text = l->hidden, .value = NAN, .low = NAN, .high = NAN, .figure_id = c->figure_id, .hidden = true};
}

static void row_add(struct table *t, const struct cell *cells, size_t n, bool total)
{
    struct doc *d = t->doc;
    struct table_row *row = arena_alloc(d->arena, sizeof *row);
    row->cells = arena_array(d->arena, t->n_columns, sizeof *cells);
    row->total = total;
    for (size_t i = 0; i < t->n_columns; i++) {
        struct cell *c = &row->cells[i];
        *c = i < n ? cells[i] : cell_text(NULL);
        if (c->hidden)
            cell_hide(c, &d->labels);
        else if (!c->text)
            c->text = c->figure_id && !c->has_value ? d->labels.no_data : "";
    }
    if (t->last)
        t->last->next = row;
    else
        t->rows = row;
    t->last = row;
    t->n_rows++;
    d->sealed = false;
}

void table_row(struct table *t, const struct cell *cells, size_t n)
{
    row_add(t, cells, n, false);
}

void table_total(struct table *t, const struct cell *cells, size_t n)
{
    row_add(t, cells, n, true);
}

struct cell cell_text(const char *text)
{
    return (struct cell){.text = text, .value = NAN, .low = NAN, .high = NAN};
}

struct cell cell_num(double value, const char *text, const char *figure_id)
{
    bool has = isfinite(value);
    return (struct cell){.text = has ? text : NULL,
                         .value = has ? value : NAN,
                         .low = NAN,
                         .high = NAN,
                         .figure_id = figure_id,
                         .has_value = has};
}

struct cell cell_interval(double low, double high, const char *text, const char *figure_id)
{
    bool has = isfinite(low) && isfinite(high);
    return (struct cell){.text = has ? text : NULL,
                         .value = NAN,
                         .low = has ? low : NAN,
                         .high = has ? high : NAN,
                         .figure_id = figure_id,
                         .has_value = has};
}

struct cell cell_hidden(const char *figure_id)
{
    return (struct cell){.value = NAN, .low = NAN, .high = NAN, .figure_id = figure_id, .hidden = true};
}

static struct picture *picture_add(struct doc *d, const char *caption, const char *alt, const char *source)
{
    struct picture *p = arena_alloc(d->arena, sizeof *p);
    *p = (struct picture){.caption = caption, .alt = alt, .source = source, .number = ++d->n_pictures};
    block_add(d, BLOCK_PICTURE)->picture = p;
    return p;
}

void doc_chart(struct doc *d, const struct chart *c, const char *caption, const char *alt, const char *source)
{
    picture_add(d, caption, alt, source)->chart = chart_copy(d->arena, c);
}

void doc_map(struct doc *d, const struct map *m, const char *caption, const char *alt, const char *source)
{
    picture_add(d, caption, alt, source)->map = map_copy(d->arena, m);
}

/* --- figures ----------------------------------------------------------------------------------- */

static struct figure **figure_slot(const struct doc *d, const char *id)
{
    size_t h = 14695981039346656037u;
    for (const char *s = id; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    size_t i = h & (d->cap_index - 1);
    while (d->index[i] && strcmp(d->index[i]->id, id) != 0)
        i = (i + 1) & (d->cap_index - 1);
    return &d->index[i];
}

const struct figure *doc_find_figure(const struct doc *d, const char *id)
{
    return id && d->cap_index ? *figure_slot(d, id) : NULL;
}

static void index_grow(struct doc *d)
{
    if (d->cap_index && d->n_figures * 2 < d->cap_index)
        return;
    d->cap_index = d->cap_index ? d->cap_index * 2 : 64;
    d->index = arena_array(d->arena, d->cap_index, sizeof *d->index);
    for (struct figure *f = d->figures; f; f = f->next)
        *figure_slot(d, f->id) = f;
}

static void figure_hide(struct figure *f)
{
    f->hidden = true;
    f->value = f->low = f->high = NAN;
}

void doc_figure(struct doc *d, const struct figure *f)
{
    if (!f->id || !*f->id)
        return;
    index_grow(d);
    struct figure **slot = figure_slot(d, f->id);
    d->sealed = false;
    if (!*slot) {
        struct figure *copy = arena_alloc(d->arena, sizeof *copy);
        *copy = *f;
        copy->next = NULL;
        if (d->last_figure)
            d->last_figure->next = copy;
        else
            d->figures = copy;
        d->last_figure = copy;
        d->n_figures++;
        *slot = copy;
    }
    if (f->hidden)
        figure_hide(*slot);
}

/* --- sealing ----------------------------------------------------------------------------------- */

static bool is_hidden(const struct doc *d, const char *id)
{
    const struct figure *f = doc_find_figure(d, id);
    return f && f->hidden;
}

static void table_register(struct doc *d, const struct table *t)
{
    for (struct table_row *r = t->rows; r; r = r->next)
        for (size_t i = 0; i < t->n_columns; i++) {
            const struct cell *c = &r->cells[i];
            if (!c->figure_id || (doc_find_figure(d, c->figure_id) && !c->hidden))
                continue;
            doc_figure(d, &(struct figure){.id = c->figure_id,
                                           .unit = t->columns[i].unit,
                                           .source_id = NULL,
                                           .value = c->value,
                                           .low = c->low,
                                           .high = c->high,
                                           .hidden = c->hidden});
        }
}

static void paras_hide(struct doc *d, struct para *p)
{
    for (; p; p = p->next)
        for (struct run *r = p->runs; r; r = r->next)
            if (is_hidden(d, r->figure_id))
                r->text = d->labels.hidden;
}

static void table_hide(struct doc *d, struct table *t)
{
    for (struct table_row *r = t->rows; r; r = r->next)
        for (size_t i = 0; i < t->n_columns; i++)
            if (is_hidden(d, r->cells[i].figure_id))
                cell_hide(&r->cells[i], &d->labels);
}

static bool figure_is_hidden(void *d, const char *id)
{
    return is_hidden(d, id);
}

static void figure_register_hidden(void *d, const char *id)
{
    doc_figure(d, &(struct figure){.id = id, .value = NAN, .low = NAN, .high = NAN, .hidden = true});
}

void doc_seal(struct doc *d)
{
    if (d->sealed)
        return;
    for (struct block *b = d->blocks; b; b = b->next) {
        if (b->table)
            table_register(d, b->table);
        if (b->picture && b->picture->chart)
            chart_each_hidden(b->picture->chart, figure_register_hidden, d);
        if (b->picture && b->picture->map)
            map_each_hidden(b->picture->map, figure_register_hidden, d);
    }
    for (struct block *b = d->blocks; b; b = b->next) {
        paras_hide(d, b->paras);
        if (b->table)
            table_hide(d, b->table);
        if (b->picture && b->picture->chart)
            chart_hide(b->picture->chart, figure_is_hidden, d);
        if (b->picture && b->picture->map)
            map_hide(b->picture->map, figure_is_hidden, d);
    }
    d->sealed = true;
}

/* --- small helpers of the renderers ------------------------------------------------------------ */

const char *doc_fill(struct arena *a, const char *pattern, int first, int second)
{
    struct buf b;
    buf_init(&b, 4096);
    int args[2] = {first, second}, used = 0;
    for (const char *s = pattern; *s; s++) {
        if (s[0] == '%' && s[1] == 'd' && used < 2) {
            buf_printf(&b, "%d", args[used++]);
            s++;
        } else {
            buf_putc(&b, *s);
        }
    }
    char *text = arena_strdup(a, b.data);
    buf_free(&b);
    return text;
}

const char *doc_heading_text(struct arena *a, const struct block *b)
{
    const char *text = "";
    for (const struct para *p = b->paras; p; p = p->next)
        for (const struct run *r = p->runs; r; r = r->next)
            text = *text ? arena_printf(a, "%s%s", text, r->text) : r->text;
    return text;
}

const char *doc_caption(struct arena *a, const char *pattern, int number, const char *caption)
{
    const char *head = doc_fill(a, pattern, number, 0);
    if (!caption || !*caption)
        return head;
    return *head ? arena_printf(a, "%s. %s", head, caption) : caption;
}

const char *doc_source(const struct doc *d, const char *source)
{
    if (!source || !*source)
        return NULL;
    return *d->labels.source ? arena_printf(d->arena, "%s: %s", d->labels.source, source) : source;
}
