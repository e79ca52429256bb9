/* test_tile.h - a small reader of vector tiles, written from the specification (Mapbox Vector Tile 2.1) and not from
 * the writer: layers, features, properties, and where a feature's geometry begins. */
#ifndef ETHNOMAP_TEST_TILE_H
#define ETHNOMAP_TEST_TILE_H

#include "base/arena.h"
#include "base/deflate.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { TT_FEATURES = 4000, TT_PROPERTIES = 12, TT_LAYERS = 8 };

struct tt_property {
    const char *key, *text; /* text of a string; "true", "false", or digits */
};
struct tt_feature {
    const char *layer;
    uint64_t id, type; /* 1 points, 2 lines, 3 areas */
    size_t n, commands;
    struct tt_property p[TT_PROPERTIES];
};
struct tt_tile {
    bool good;
    size_t n_layers, n;
    const char *layers[TT_LAYERS];
    struct tt_feature f[TT_FEATURES];
};

struct tt_in {
    const unsigned char *at, *end;
    bool bad;
};

static inline uint64_t tt_varint(struct tt_in *in)
{
    uint64_t v = 0;
    for (unsigned shift = 0; in->at < in->end && shift < 64; shift += 7) {
        unsigned char c = *in->at++;
        v |= (uint64_t)(c & 127) << shift;
        if (!(c & 128))
            return v;
    }
    in->bad = true;
    return 0;
}

/* The next field; *body: of fields with a length. False at the end. */
static inline bool tt_field(struct tt_in *in, unsigned *number, uint64_t *value, struct tt_in *body)
{
    if (in->bad || in->at >= in->end)
        return false;
    uint64_t tag = tt_varint(in);
    *number = (unsigned)(tag >> 3);
    *value = 0;
    *body = (struct tt_in){0};
    size_t n = (tag & 7) == 1 ? 8 : (tag & 7) == 5 ? 4 : 0;
    if ((tag & 7) == 0)
        *value = tt_varint(in);
    else if ((tag & 7) == 2)
        n = (size_t)tt_varint(in);
    if (in->bad || (size_t)(in->end - in->at) < n) {
        in->bad = true;
        return false;
    }
    if (n)
        *body = (struct tt_in){in->at, in->at + n, false};
    in->at += n;
    return true;
}

static inline const char *tt_value(struct arena *a, struct tt_in in)
{
    unsigned number;
    uint64_t v;
    struct tt_in body;
    while (tt_field(&in, &number, &v, &body)) {
        if (number == 1)
            return arena_strndup(a, (const char *)body.at, (size_t)(body.end - body.at));
        if (number == 7)
            return v ? "true" : "false";
        if (number == 6)
            return arena_printf(a, "%lld", (long long)((int64_t)(v >> 1) ^ -(int64_t)(v & 1)));
        if (number == 4 || number == 5)
            return arena_printf(a, "%llu", (unsigned long long)v);
    }
    return "";
}

static inline void tt_layer(struct arena *a, struct tt_tile *t, struct tt_in in)
{
    static struct tt_in features[TT_FEATURES];
    const char *keys[64], *values[TT_FEATURES * 4], *name = "";
    size_t n_keys = 0, n_values = 0, n = 0;
    unsigned number;
    uint64_t v;
    struct tt_in body;
    while (tt_field(&in, &number, &v, &body)) {
        if (number == 1)
            name = arena_strndup(a, (const char *)body.at, (size_t)(body.end - body.at));
        else if (number == 2 && n < TT_FEATURES)
            features[n++] = body;
        else if (number == 3 && n_keys < 64)
            keys[n_keys++] = arena_strndup(a, (const char *)body.at, (size_t)(body.end - body.at));
        else if (number == 4 && n_values < TT_FEATURES * 4)
            values[n_values++] = tt_value(a, body);
        else if (number == 15)
            t->good &= v == 2;
        else if (number == 5)
            t->good &= v == 4096;
    }
    t->good &= !in.bad && t->n_layers < TT_LAYERS;
    t->layers[t->n_layers++] = name;
    for (size_t i = 0; i < n && t->n < TT_FEATURES; i++) {
        struct tt_feature *f = &t->f[t->n++];
        *f = (struct tt_feature){.layer = name};
        while (tt_field(&features[i], &number, &v, &body)) {
            f->id = number == 1 ? v : f->id;
            f->type = number == 3 ? v : f->type;
            while (number == 4 && body.at < body.end && !body.bad)
                f->commands += tt_varint(&body) != UINT64_MAX;
            while (number == 2 && body.at < body.end && f->n < TT_PROPERTIES) {
                uint64_t k = tt_varint(&body), x = tt_varint(&body);
                t->good &= k < n_keys && x < n_values && !body.bad;
                if (t->good)
                    f->p[f->n++] = (struct tt_property){keys[k], values[x]};
            }
        }
        t->good &= f->commands > 0 && f->type >= 1 && f->type <= 3;
    }
}

/* A gzipped tile. In the arena. */
static inline struct tt_tile *tt_read(struct arena *a, const void *data, size_t len)
{
    struct tt_tile *t = arena_alloc(a, sizeof *t);
    struct buf *plain = buf_new(a, 0);
    t->good = len > 0 && deflate_gunzip(data, len, plain);
    const unsigned char *at = (const unsigned char *)plain->data;
    struct tt_in in = {at, at + (t->good ? plain->len : 0), false}, body;
    unsigned number;
    uint64_t v;
    while (tt_field(&in, &number, &v, &body))
        if (number == 3)
            tt_layer(a, t, body);
    t->good &= !in.bad;
    return t;
}

static inline const char *tt_get(const struct tt_feature *f, const char *key)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->p[i].key, key) == 0)
            return f->p[i].text;
    return NULL;
}

static inline size_t tt_count(const struct tt_tile *t, const char *layer)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        n += strcmp(t->f[i].layer, layer) == 0;
    return n;
}

/* Does any property of the tile hold this text? */
static inline bool tt_says(const struct tt_tile *t, const char *text)
{
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < t->f[i].n; k++)
            if (strstr(t->f[i].p[k].text, text))
                return true;
    return false;
}

#endif
