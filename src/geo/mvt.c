/* mvt.c - see mvt.h. The format: Mapbox Vector Tile specification 2.1 (field numbers below are those of its
 * vector_tile.proto); coordinates are projected once, when the source is made.
 *
 * World coordinates: Web Mercator on a square of 2^30 units, y to the south; at zoom z a tile has the side
 * 2^(30-z), one unit of the tile's grid of 4096 is 2^(18-z). */
#include "geo/mvt.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORLD_BITS = 30, EXTENT_BITS = 12, GROUP = 16 };

/* Field number and wire type of protobuf: 0 varint, 1 eight bytes, 2 bytes with length. */
enum {
    TILE_LAYER = 3 << 3 | 2,
    LAYER_NAME = 1 << 3 | 2,
    LAYER_FEATURE = 2 << 3 | 2,
    LAYER_KEY = 3 << 3 | 2,
    LAYER_VALUE = 4 << 3 | 2,
    LAYER_EXTENT = 5 << 3 | 0,
    LAYER_VERSION = 15 << 3 | 0,
    FEATURE_ID = 1 << 3 | 0,
    FEATURE_TAGS = 2 << 3 | 2,
    FEATURE_TYPE = 3 << 3 | 0,
    FEATURE_GEOMETRY = 4 << 3 | 2,
    VALUE_STRING = 1 << 3 | 2,
    VALUE_DOUBLE = 3 << 3 | 1,
    VALUE_SINT = 6 << 3 | 0,
    VALUE_BOOL = 7 << 3 | 0,
};
enum { MOVE_TO = 1, LINE_TO = 2, CLOSE_PATH = 7 };

struct indexed {
    const struct shape *shape; /* in world coordinates */
    uint64_t id;
    uint32_t order; /* of the caller: the drawing order */
    int min_zoom, max_zoom;
    size_t n_tags;
    const uint32_t *tags; /* key, value, key, value ... numbers of the source */
};

struct layer {
    const char *name;
    size_t n;
    struct indexed *features;  /* in the order of the index */
    struct geo_box *groups;    /* boxes of GROUP features each */
};

struct bytes {
    const char *data;
    size_t len;
};

struct tile_source {
    size_t n_layers;
    struct layer *layers;
    VEC(const char *) keys;
    VEC(struct bytes) values; /* encoded */
    struct geo_box box;
};

/* --- making a source ------------------------------------------------------------------------------- */

static int32_t to_world(double unit)
{
    double v = floor(unit * ldexp(1, WORLD_BITS));
    return (int32_t)fmax(0, fmin(v, ldexp(1, WORLD_BITS) - 1));
}

/* Areas come ordered with counter-clockwise outer rings seen with north up; the format wants them clockwise as seen on the
 * screen, so every ring is turned. */
static const struct shape *project(struct arena *a, const struct shape *s)
{
    if (s->kind == SHAPE_AREA)
        s = shape_order_rings(a, s);
    struct shape *out = shape_new(a, s->kind, s->n_points, s->n_parts);
    for (size_t r = 0; r < s->n_parts; r++) {
        uint32_t from = s->starts[r], to = s->starts[r + 1];
        out->starts[r] = from;
        for (uint32_t i = from; i < to; i++) {
            struct geo_point p = s->points[s->kind == SHAPE_AREA ? from + to - 1 - i : i];
            out->points[i] = (struct geo_point){to_world(mercator_x(p.x)), to_world(mercator_y(p.y))};
        }
    }
    shape_close(out);
    return out;
}

static uint32_t key_number(struct arena *a, struct tile_source *s, struct map *known, const char *key)
{
    void **at = map_at(known, key);
    if (!*at) {
        vec_push(a, &s->keys, arena_strdup(a, key));
        *at = (void *)(uintptr_t)s->keys.n;
    }
    return (uint32_t)(uintptr_t)*at - 1;
}

static void put_double(struct buf *b, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    buf_u64(b, bits);
}

static uint32_t value_number(struct arena *a, struct tile_source *s, struct map *known, const struct tile_property *p)
{
    const char *name = p->type == TILE_TEXT  ? arena_printf(a, "t%s", p->text)
                       : p->type == TILE_NUM ? arena_printf(a, "n%.17g", p->num)
                       : p->type == TILE_INT ? arena_printf(a, "i%lld", (long long)p->i)
                                             : arena_printf(a, "b%d", p->i != 0);
    void **at = map_at(known, name);
    if (*at)
        return (uint32_t)(uintptr_t)*at - 1;
    struct buf b;
    buf_init(&b, 0);
    if (p->type == TILE_TEXT) {
        buf_varint(&b, VALUE_STRING);
        buf_varint(&b, strlen(p->text));
        buf_puts(&b, p->text);
    } else if (p->type == TILE_NUM) {
        buf_varint(&b, VALUE_DOUBLE);
        put_double(&b, p->num);
    } else if (p->type == TILE_INT) {
        buf_varint(&b, VALUE_SINT);
        buf_zigzag(&b, p->i);
    } else {
        buf_varint(&b, VALUE_BOOL);
        buf_varint(&b, p->i != 0);
    }
    vec_push(a, &s->values, (struct bytes){arena_strndup(a, b.data, b.len), b.len});
    buf_free(&b);
    *at = (void *)(uintptr_t)s->values.n;
    return (uint32_t)s->values.n - 1;
}

static struct indexed index_feature(struct arena *a, struct tile_source *s, struct map *keys, struct map *values,
                                    const struct tile_feature *f)
{
    struct indexed out = {.id = f->id, .min_zoom = f->min_zoom, .max_zoom = f->max_zoom ? f->max_zoom : INT32_MAX};
    uint32_t *tags = arena_array(a, f->n_properties * 2, sizeof *tags);
    for (size_t i = 0; i < f->n_properties; i++) {
        const struct tile_property *p = &f->properties[i];
        if ((p->type == TILE_TEXT && !p->text) || (p->type == TILE_NUM && isnan(p->num)))
            continue;
        tags[out.n_tags++] = key_number(a, s, keys, p->key);
        tags[out.n_tags++] = value_number(a, s, values, p);
    }
    out.tags = tags;
    out.shape = project(a, f->shape);
    geo_box_add(&s->box, (struct geo_point){f->shape->box.west, f->shape->box.south});
    geo_box_add(&s->box, (struct geo_point){f->shape->box.east, f->shape->box.north});
    return out;
}

/* Bits of x and y in turn: features near each other come near each other in the index (Morton 1966). */
static uint64_t morton(const struct geo_box *b)
{
    uint64_t x = ((uint64_t)(uint32_t)b->west + (uint32_t)b->east) / 2;
    uint64_t y = ((uint64_t)(uint32_t)b->south + (uint32_t)b->north) / 2, out = 0;
    for (int i = 0; i < WORLD_BITS; i++)
        out |= (x >> i & 1) << (2 * i) | (y >> i & 1) << (2 * i + 1);
    return out;
}

static int by_place(const void *x, const void *y)
{
    const struct indexed *s = x, *t = y;
    uint64_t a = morton(&s->shape->box), b = morton(&t->shape->box);
    if (a != b)
        return a < b ? -1 : 1;
    return s->order < t->order ? -1 : s->order > t->order;
}

struct tile_source *tile_source_new(struct arena *a, const struct tile_layer *layers, size_t n_layers)
{
    struct tile_source *s = arena_alloc(a, sizeof *s);
    struct map *keys = map_new(a), *values = map_new(a);
    s->box = geo_box_empty();
    s->n_layers = n_layers;
    s->layers = arena_array(a, n_layers, sizeof *s->layers);
    for (size_t l = 0; l < n_layers; l++) {
        struct layer *to = &s->layers[l];
        to->name = arena_strdup(a, layers[l].name);
        to->features = arena_array(a, layers[l].n_features, sizeof *to->features);
        for (size_t i = 0; i < layers[l].n_features; i++) {
            if (!layers[l].features[i].shape || layers[l].features[i].shape->n_points == 0)
                continue;
            to->features[to->n] = index_feature(a, s, keys, values, &layers[l].features[i]);
            to->features[to->n].order = (uint32_t)i;
            to->n++;
        }
        qsort(to->features, to->n, sizeof *to->features, by_place);
        to->groups = arena_array(a, to->n / GROUP + 1, sizeof *to->groups);
        for (size_t i = 0; i < to->n; i++) {
            struct geo_box *g = &to->groups[i / GROUP];
            const struct geo_box *b = &to->features[i].shape->box;
            if (i % GROUP == 0)
                *g = geo_box_empty();
            geo_box_add(g, (struct geo_point){b->west, b->south});
            geo_box_add(g, (struct geo_point){b->east, b->north});
        }
    }
    return s;
}

struct geo_box tile_source_box(const struct tile_source *s)
{
    return s->box;
}

/* --- making a tile ------------------------------------------------------------------------------- */

struct tiler {
    const struct tile_source *s;
    struct arena *arena; /* ends with the tile */
    int z;
    int64_t x0, y0; /* north-west corner in world coordinates */
    struct geo_box clip;
    uint32_t *local_keys, *local_values; /* number in this layer + 1 */
    uint32_t *keys, *values;             /* numbers of the source, in order of use */
    size_t n_keys, n_values;
    int64_t cursor_x, cursor_y;
    struct geo_point *grid; /* scratch: one part on the grid */
};

static struct geo_point on_grid(const struct tiler *t, struct geo_point p)
{
    int shift = WORLD_BITS - EXTENT_BITS - t->z;
    int64_t half = shift ? (int64_t)1 << (shift - 1) : 0;
    return (struct geo_point){(int32_t)((p.x - t->x0 + half) >> shift), (int32_t)((p.y - t->y0 + half) >> shift)};
}

static void put_step(struct tiler *t, struct buf *b, struct geo_point p)
{
    buf_zigzag(b, p.x - t->cursor_x);
    buf_zigzag(b, p.y - t->cursor_y);
    t->cursor_x = p.x;
    t->cursor_y = p.y;
}

static void put_command(struct buf *b, unsigned command, size_t count)
{
    buf_varint(b, command | (uint64_t)count << 3);
}

/* A part on the grid without repeated points; gives how many are left in t->grid. */
static size_t part_on_grid(struct tiler *t, const struct shape *s, size_t part)
{
    size_t n = 0;
    for (size_t i = s->starts[part]; i < s->starts[part + 1]; i++) {
        struct geo_point p = on_grid(t, s->points[i]);
        if (n == 0 || p.x != t->grid[n - 1].x || p.y != t->grid[n - 1].y)
            t->grid[n++] = p;
    }
    while (s->kind == SHAPE_AREA && n > 1 && t->grid[n - 1].x == t->grid[0].x && t->grid[n - 1].y == t->grid[0].y)
        n--;
    return n;
}

/* Twice the area as the specification counts it: positive is clockwise on the screen, an outer ring. Counted from the
 * first point: the figures stay exact. */
static double grid_area(const struct geo_point *p, size_t n)
{
    double sum = 0;
    for (size_t i = 1; i + 1 < n; i++)
        sum += ((double)p[i].x - p[0].x) * ((double)p[i + 1].y - p[0].y) -
               ((double)p[i + 1].x - p[0].x) * ((double)p[i].y - p[0].y);
    return sum;
}

static void put_area(struct tiler *t, struct buf *b, const struct shape *s)
{
    bool outer_shown = false;
    double outer_area = 0;
    size_t before = b->len;               /* where the outer ring was put, */
    int64_t before_x = 0, before_y = 0;   /* and from where */
    for (size_t r = 0; r < s->n_parts; r++) {
        size_t n = part_on_grid(t, s, r);
        double area = n >= 3 ? grid_area(t->grid, n) : 0;
        if (area == 0 || (area < 0 && !outer_shown)) {
            /* An outer ring that is less than a pixel takes its holes with it. A hole too small to see does not
             * matter to what follows; an outer one does: its orientation is lost, so look at the source ring. */
            double whole = grid_area(s->points + s->starts[r], s->starts[r + 1] - s->starts[r]);
            if (whole > 0)
                outer_shown = false;
            continue;
        }
        if (area > 0) {
            outer_shown = true;
            outer_area = area;
            before = b->len;
            before_x = t->cursor_x;
            before_y = t->cursor_y;
        } else if (-area >= outer_area) { /* the tile lies within the hole */
            b->len = before;
            t->cursor_x = before_x;
            t->cursor_y = before_y;
            outer_shown = false;
            continue;
        }
        put_command(b, MOVE_TO, 1);
        put_step(t, b, t->grid[0]);
        put_command(b, LINE_TO, n - 1);
        for (size_t i = 1; i < n; i++)
            put_step(t, b, t->grid[i]);
        put_command(b, CLOSE_PATH, 1);
    }
}

static void put_lines(struct tiler *t, struct buf *b, const struct shape *s)
{
    for (size_t r = 0; r < s->n_parts; r++) {
        size_t n = part_on_grid(t, s, r);
        if (n < 2)
            continue;
        put_command(b, MOVE_TO, 1);
        put_step(t, b, t->grid[0]);
        put_command(b, LINE_TO, n - 1);
        for (size_t i = 1; i < n; i++)
            put_step(t, b, t->grid[i]);
    }
}

static void put_geometry(struct tiler *t, struct buf *b, const struct shape *s)
{
    t->cursor_x = t->cursor_y = 0;
    t->grid = arena_array(t->arena, s->n_points, sizeof *t->grid);
    if (s->kind == SHAPE_AREA) {
        put_area(t, b, s);
    } else if (s->kind == SHAPE_LINES) {
        put_lines(t, b, s);
    } else {
        put_command(b, MOVE_TO, s->n_points);
        for (size_t i = 0; i < s->n_points; i++)
            put_step(t, b, on_grid(t, s->points[i]));
    }
}

static uint32_t local(uint32_t *numbers, uint32_t *used, size_t *n_used, uint32_t number)
{
    if (!numbers[number]) {
        used[*n_used] = number;
        numbers[number] = (uint32_t)++*n_used;
    }
    return numbers[number] - 1;
}

static void put_block(struct buf *b, unsigned field, const char *data, size_t len)
{
    buf_varint(b, field);
    buf_varint(b, len);
    buf_put(b, data, len);
}

static void put_feature(struct tiler *t, struct buf *layer, const struct indexed *f, struct buf *feature, struct buf *part)
{
    const struct shape *s = f->shape;
    bool whole = s->box.west >= t->clip.west && s->box.east <= t->clip.east && s->box.south >= t->clip.south &&
                 s->box.north <= t->clip.north;
    if (!whole)
        s = shape_clip(t->arena, s, t->clip);
    if (!s)
        return;
    buf_reset(part);
    put_geometry(t, part, s);
    if (part->len == 0)
        return;
    buf_reset(feature);
    if (f->id) {
        buf_varint(feature, FEATURE_ID);
        buf_varint(feature, f->id);
    }
    buf_varint(feature, FEATURE_TYPE);
    buf_varint(feature, s->kind); /* POINT 1, LINESTRING 2, POLYGON 3: the numbers are the same */
    put_block(feature, FEATURE_GEOMETRY, part->data, part->len);
    buf_reset(part);
    for (size_t i = 0; i < f->n_tags; i += 2) {
        buf_varint(part, local(t->local_keys, t->keys, &t->n_keys, f->tags[i]));
        buf_varint(part, local(t->local_values, t->values, &t->n_values, f->tags[i + 1]));
    }
    if (part->len)
        put_block(feature, FEATURE_TAGS, part->data, part->len);
    put_block(layer, LAYER_FEATURE, feature->data, feature->len);
}

static int by_order(const void *x, const void *y)
{
    const struct indexed *const *s = x, *const *t = y;
    return (*s)->order < (*t)->order ? -1 : (*s)->order > (*t)->order;
}

/* The features of a layer that touch the tile, in the drawing order. */
static const struct indexed **find_features(struct tiler *t, const struct layer *l, size_t *n)
{
    const struct indexed **found = arena_array(t->arena, l->n, sizeof *found);
    *n = 0;
    for (size_t g = 0; g * GROUP < l->n; g++) {
        if (!geo_box_overlaps(l->groups[g], t->clip))
            continue;
        for (size_t i = g * GROUP; i < l->n && i < (g + 1) * GROUP; i++) {
            const struct indexed *f = &l->features[i];
            if (t->z >= f->min_zoom && t->z < f->max_zoom && geo_box_overlaps(f->shape->box, t->clip))
                found[(*n)++] = f;
        }
    }
    qsort(found, *n, sizeof *found, by_order);
    return found;
}

static void put_layer(struct tiler *t, const struct layer *l, struct buf *out)
{
    size_t n;
    const struct indexed **found = find_features(t, l, &n);
    if (!n)
        return;
    struct buf *layer = buf_new(t->arena, 0), *feature = buf_new(t->arena, 0), *part = buf_new(t->arena, 0);
    size_t n_keys = t->s->keys.n, n_values = t->s->values.n;
    t->local_keys = arena_array(t->arena, n_keys, sizeof(uint32_t));
    t->keys = arena_array(t->arena, n_keys, sizeof(uint32_t));
    t->local_values = arena_array(t->arena, n_values, sizeof(uint32_t));
    t->values = arena_array(t->arena, n_values, sizeof(uint32_t));
    t->n_keys = t->n_values = 0;
    put_block(layer, LAYER_NAME, l->name, strlen(l->name));
    size_t before = layer->len;
    for (size_t i = 0; i < n; i++)
        put_feature(t, layer, found[i], feature, part);
    if (layer->len == before)
        return;
    for (size_t i = 0; i < t->n_keys; i++)
        put_block(layer, LAYER_KEY, t->s->keys.rows[t->keys[i]], strlen(t->s->keys.rows[t->keys[i]]));
    for (size_t i = 0; i < t->n_values; i++)
        put_block(layer, LAYER_VALUE, t->s->values.rows[t->values[i]].data, t->s->values.rows[t->values[i]].len);
    buf_varint(layer, LAYER_EXTENT);
    buf_varint(layer, TILE_EXTENT);
    buf_varint(layer, LAYER_VERSION);
    buf_varint(layer, 2);
    put_block(out, TILE_LAYER, layer->data, layer->len);
}

int tile_make(struct ctx *cx, const struct tile_source *s, int z, uint32_t x, uint32_t y, struct buf *out)
{
    if (z < 0 || z > TILE_MAX_ZOOM || x >> z || y >> z)
        return fail(cx, ERR_NOT_FOUND, "There is no map tile %d/%lu/%lu.", z, (unsigned long)x, (unsigned long)y);
    struct tiler t = {.s = s, .arena = arena_new(0), .z = z};
    int64_t side = (int64_t)1 << (WORLD_BITS - z), margin = side * TILE_BUFFER / TILE_EXTENT;
    t.x0 = x * side;
    t.y0 = y * side;
    /* World coordinates end at 2^30, so the widened box of any tile fits in 32 bits. */
    t.clip = (struct geo_box){.west = (int32_t)(t.x0 - margin), .south = (int32_t)(t.y0 - margin),
                              .east = (int32_t)(t.x0 + side + margin), .north = (int32_t)(t.y0 + side + margin)};
    for (size_t i = 0; i < s->n_layers; i++)
        put_layer(&t, &s->layers[i], out);
    arena_free(t.arena);
    return out->toobig ? fail(cx, ERR_LIMIT, "The map tile is too large.") : OK;
}
