/* shape_code.c - see shape_code.h. */
#include "geo/shape_code.h"

#include "base/arena.h"

void shape_encode(const struct shape *s, struct buf *out)
{
    struct geo_point last = {0, 0};
    buf_varint(out, s->kind);
    buf_varint(out, s->n_parts);
    for (size_t i = 0; i < s->n_parts; i++)
        buf_varint(out, s->starts[i + 1] - s->starts[i]);
    for (size_t i = 0; i < s->n_points; i++) {
        buf_zigzag(out, (int64_t)s->points[i].x - last.x);
        buf_zigzag(out, (int64_t)s->points[i].y - last.y);
        last = s->points[i];
    }
}

struct reader {
    const unsigned char *at, *end;
    bool bad;
};

static uint64_t read_varint(struct reader *r)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (r->at == r->end)
            break;
        unsigned char c = *r->at++;
        v |= (uint64_t)(c & 0x7f) << shift;
        if (!(c & 0x80))
            return v;
    }
    r->bad = true;
    return 0;
}

static int32_t read_step(struct reader *r, int32_t last)
{
    uint64_t v = read_varint(r);
    int64_t at = (int64_t)((v >> 1) ^ (~(v & 1) + 1));
    /* two coordinates of the earth are never farther apart than this */
    if (at < -360000000 || at > 360000000) {
        r->bad = true;
        return 0;
    }
    at += last;
    if (at < -180000000 || at > 180000000)
        r->bad = true;
    return r->bad ? 0 : (int32_t)at;
}

struct shape *shape_decode(struct arena *a, const void *data, size_t len)
{
    struct reader r = {data, (const unsigned char *)data + len, false};
    uint64_t kind = read_varint(&r), parts = read_varint(&r);
    if (r.bad || kind < SHAPE_POINTS || kind > SHAPE_AREA || parts > len)
        return NULL;
    uint64_t total = 0, *sizes = arena_array(a, parts, sizeof *sizes);
    for (size_t i = 0; i < parts; i++) {
        sizes[i] = read_varint(&r);
        /* a point takes two bytes at least: no length larger than the input is believed */
        if (r.bad || sizes[i] > len || (total += sizes[i]) > len / 2)
            return NULL;
    }
    struct shape *s = shape_new(a, (enum shape_kind)kind, total, parts);
    uint32_t start = 0;
    for (size_t i = 0; i < parts; i++) {
        s->starts[i] = start;
        start += (uint32_t)sizes[i];
    }
    struct geo_point last = {0, 0};
    for (size_t i = 0; i < total; i++) {
        last.x = read_step(&r, last.x);
        last.y = read_step(&r, last.y);
        s->points[i] = last;
    }
    if (r.bad || r.at != r.end)
        return NULL;
    shape_close(s);
    return s;
}
