/* pack_write.c - pack_write(): from records to bytes, section by section; the format is in pack.h. */
#include "geo/pack.h"
#include "geo/pack_format.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/deflate.h"

#include <math.h>
#include <string.h>

/* Strings in the order of their first use. The table is open addressing over their numbers. */
struct strings {
    struct arena *arena;
    const char **all;
    size_t n, cap;
    uint32_t *slots; /* number + 1 */
    size_t n_slots;
};

static uint64_t hash_text(const char *s)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h;
}

static void strings_grow(struct strings *t)
{
    size_t cap = t->cap ? t->cap * 2 : 256;
    const char **all = arena_array(t->arena, cap, sizeof *all);
    if (t->n)
        memcpy(all, t->all, t->n * sizeof *all);
    t->all = all;
    t->cap = cap;
    t->n_slots = cap * 2;
    t->slots = arena_array(t->arena, t->n_slots, sizeof *t->slots);
    for (size_t i = 0; i < t->n; i++) {
        size_t at = hash_text(t->all[i]) % t->n_slots;
        while (t->slots[at])
            at = (at + 1) % t->n_slots;
        t->slots[at] = (uint32_t)i + 1;
    }
}

static uint64_t number_of(struct strings *t, const char *s)
{
    if (!s)
        s = "";
    if (t->n == t->cap)
        strings_grow(t);
    size_t at = hash_text(s) % t->n_slots;
    for (; t->slots[at]; at = (at + 1) % t->n_slots)
        if (strcmp(t->all[t->slots[at] - 1], s) == 0)
            return t->slots[at] - 1;
    t->all[t->n] = s;
    t->slots[at] = (uint32_t)++t->n;
    return t->n - 1;
}

struct writer {
    const struct pack *p;
    struct strings strings;
    struct buf *b; /* the section being written */
};

static void put_text(struct writer *w, const char *s)
{
    buf_varint(w->b, number_of(&w->strings, s));
}

static void write_strings(struct writer *w)
{
    buf_varint(w->b, w->strings.n);
    for (size_t i = 0; i < w->strings.n; i++) {
        size_t n = strlen(w->strings.all[i]);
        buf_varint(w->b, n);
        buf_put(w->b, w->strings.all[i], n);
    }
}

static void write_sources(struct writer *w)
{
    put_text(w, w->p->name);
    put_text(w, w->p->region);
    put_text(w, w->p->as_of);
    buf_varint(w->b, w->p->n_sources);
    for (size_t i = 0; i < w->p->n_sources; i++) {
        const struct pack_source *s = &w->p->sources[i];
        put_text(w, s->key);
        put_text(w, s->title);
        put_text(w, s->attribution);
        put_text(w, s->licence);
        put_text(w, s->licence_url);
        put_text(w, s->changes);
    }
}

static void write_territories(struct writer *w)
{
    buf_varint(w->b, w->p->n_territories);
    for (size_t i = 0; i < w->p->n_territories; i++) {
        const struct pack_territory *t = &w->p->territories[i];
        put_text(w, t->code);
        put_text(w, t->parent);
        buf_varint(w->b, t->level);
        buf_varint(w->b, t->kind);
        buf_varint(w->b, t->flags);
        put_text(w, t->kk);
        put_text(w, t->ru);
        put_text(w, t->en);
        put_text(w, t->valid_from);
        put_text(w, t->valid_to);
        buf_varint(w->b, t->source);
    }
}

static void write_links(struct writer *w)
{
    buf_varint(w->b, w->p->n_links);
    for (size_t i = 0; i < w->p->n_links; i++) {
        const struct pack_link *l = &w->p->links[i];
        put_text(w, l->from);
        put_text(w, l->to);
        buf_varint(w->b, l->kind);
        put_text(w, l->date);
        buf_varint(w->b, l->flags);
        buf_varint(w->b, l->source);
    }
}

/* Points relative to the one before, in quanta; points lie on whole quanta. */
static void put_points(struct writer *w, const struct geo_point *p, size_t n, int32_t quantum, int64_t *x,
                       int64_t *y)
{
    for (size_t i = 0; i < n; i++) {
        int64_t px = lround((double)p[i].x / quantum), py = lround((double)p[i].y / quantum);
        buf_zigzag(w->b, px - *x);
        buf_zigzag(w->b, py - *y);
        *x = px;
        *y = py;
    }
}

static void write_arcs(struct writer *w)
{
    buf_varint(w->b, PACK_TOLERANCE_COUNT);
    for (int k = 0; k < PACK_TOLERANCE_COUNT; k++) {
        const struct pack_arcs *a = &w->p->arcs[k];
        int64_t x = 0, y = 0;
        buf_varint(w->b, a->quantum);
        buf_varint(w->b, a->n);
        for (size_t i = 0; i < a->n; i++) {
            size_t n = a->starts[i + 1] - a->starts[i];
            buf_varint(w->b, n);
            put_points(w, a->points + a->starts[i], n, (int32_t)a->quantum, &x, &y);
        }
    }
}

static void write_outlines(struct writer *w)
{
    buf_varint(w->b, w->p->n_outlines);
    for (size_t i = 0; i < w->p->n_outlines; i++) {
        const struct pack_outline *o = &w->p->outlines[i];
        put_text(w, o->code);
        put_text(w, o->valid_from);
        put_text(w, o->valid_to);
        buf_varint(w->b, o->flags);
        buf_varint(w->b, o->source);
        buf_varint(w->b, o->tolerance);
        buf_zigzag(w->b, o->label.x);
        buf_zigzag(w->b, o->label.y);
        buf_varint(w->b, o->n_rings);
        for (size_t r = 0; r < o->n_rings; r++) {
            buf_varint(w->b, o->ring_starts[r + 1] - o->ring_starts[r]);
            for (uint32_t k = o->ring_starts[r]; k < o->ring_starts[r + 1]; k++)
                buf_varint(w->b, o->arcs[k]);
        }
    }
}

static void write_points(struct writer *w)
{
    struct geo_point last = {0, 0};
    buf_varint(w->b, w->p->n_points);
    for (size_t i = 0; i < w->p->n_points; i++) {
        const struct pack_point *p = &w->p->points[i];
        put_text(w, p->code);
        buf_zigzag(w->b, (int64_t)p->at.x - last.x);
        buf_zigzag(w->b, (int64_t)p->at.y - last.y);
        last = p->at;
        buf_varint(w->b, p->rank);
        buf_varint(w->b, p->candidates);
        buf_varint(w->b, p->spread_m);
        buf_varint(w->b, p->flags);
        buf_varint(w->b, p->source);
        put_text(w, p->source_id);
    }
}

static void write_compositions(struct writer *w)
{
    buf_varint(w->b, w->p->n_compositions);
    for (size_t i = 0; i < w->p->n_compositions; i++) {
        const struct pack_composition *c = &w->p->compositions[i];
        put_text(w, c->code);
        put_text(w, c->date);
        put_text(w, c->community);
        buf_varint(w->b, c->has_share ? (uint64_t)llround(c->share * 10000) + 1 : 0);
        buf_varint(w->b, (uint64_t)(c->count + 1));
        buf_varint(w->b, (uint64_t)(c->population + 1));
        buf_varint(w->b, c->flags);
        buf_varint(w->b, c->source);
    }
}

static void write_base(struct writer *w)
{
    buf_varint(w->b, w->p->n_features);
    for (size_t i = 0; i < w->p->n_features; i++) {
        const struct pack_feature *f = &w->p->features[i];
        int64_t x = 0, y = 0;
        buf_varint(w->b, f->layer);
        put_text(w, f->name);
        buf_varint(w->b, f->rank);
        buf_varint(w->b, (uint64_t)llround(f->min_zoom * 10));
        buf_varint(w->b, f->shape->kind);
        buf_varint(w->b, f->source);
        buf_varint(w->b, f->shape->n_parts);
        for (size_t r = 0; r < f->shape->n_parts; r++)
            buf_varint(w->b, f->shape->starts[r + 1] - f->shape->starts[r]);
        put_points(w, f->shape->points, f->shape->n_points, PACK_BASE_QUANTUM, &x, &y);
    }
}

static int write_file(struct ctx *cx, struct buf *const raw[SECTION_COUNT], struct buf *out)
{
    struct buf *table = buf_new(cx->arena, 0), *body = buf_new(cx->arena, 0);
    for (int i = 0; i < SECTION_COUNT; i++) {
        if (raw[i]->toobig || raw[i]->len > PACK_MAX_SECTION_BYTES)
            return fail(cx, ERR_LIMIT, "The section %s of the region pack is too large.", PACK_SECTION_NAMES[i]);
        struct packed packed = deflate_zlib(cx->arena, raw[i]->data, raw[i]->len, 9);
        buf_put(table, PACK_SECTION_NAMES[i], 4);
        buf_u32(table, (uint32_t)(PACK_HEAD_BYTES + SECTION_COUNT * PACK_ENTRY_BYTES + body->len));
        buf_u32(table, (uint32_t)packed.len);
        buf_u32(table, (uint32_t)raw[i]->len);
        buf_u32(table, deflate_crc32(raw[i]->data, raw[i]->len));
        buf_put(body, packed.data, packed.len);
    }
    buf_put(out, PACK_MAGIC, PACK_MAGIC_BYTES);
    buf_u16(out, PACK_VERSION);
    buf_u16(out, SECTION_COUNT);
    buf_u32(out, deflate_crc32(table->data, table->len));
    buf_put(out, table->data, table->len);
    buf_put(out, body->data, body->len);
    if (out->toobig || body->toobig)
        return fail(cx, ERR_LIMIT, "The region pack is too large.");
    return OK;
}

int pack_write(struct ctx *cx, const struct pack *p, struct buf *out)
{
    static void (*const WRITE[SECTION_COUNT])(struct writer *) = {
        [SECTION_STRINGS] = write_strings,         [SECTION_SOURCES] = write_sources,
        [SECTION_TERRITORIES] = write_territories, [SECTION_LINKS] = write_links,
        [SECTION_ARCS] = write_arcs,               [SECTION_OUTLINES] = write_outlines,
        [SECTION_POINTS] = write_points,           [SECTION_COMPOSITIONS] = write_compositions,
        [SECTION_BASE] = write_base,
    };
    struct writer w = {.p = p, .strings = {.arena = cx->arena}};
    struct buf *raw[SECTION_COUNT];
    number_of(&w.strings, ""); /* string 0 */
    for (int i = 1; i <= SECTION_COUNT; i++) { /* the strings last: the others number them */
        w.b = raw[i % SECTION_COUNT] = buf_new(cx->arena, 0);
        WRITE[i % SECTION_COUNT](&w);
    }
    return write_file(cx, raw, out);
}
