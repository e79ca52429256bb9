/* Fuzz target: GeoJSON. Whatever is read must be measurable, clippable and give a label point. */
#include "base/arena.h"
#include "geo/geojson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(struct arena *a, const struct shape *s)
{
    struct geo_box box = {s->box.west, s->box.south, (int32_t)(((int64_t)s->box.west + s->box.east) / 2),
                          (int32_t)(((int64_t)s->box.south + s->box.north) / 2)};
    const struct shape *part = shape_clip(a, s, box);
    if (part && (part->box.east > box.east || part->box.north > box.north))
        die("a clipped shape is outside of its box");
    if (!(shape_length_m(s) >= 0))
        die("a length is not a number");
    if (s->n_points > 200 || s->n_parts > 20)
        return; /* the rest takes its time */
    struct geo_point p = shape_label_point(a, s);
    if (!geo_box_contains(s->box, p))
        die("a label point is outside of its shape's box");
    if (s->kind == SHAPE_AREA && shape_order_rings(a, s)->n_points > s->n_points)
        die("ordering rings made points");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.arena = arena_new(0)};
    struct geo_collection *c;
    if (geojson_read(&cx, (const char *)data, size, &c) == OK)
        for (size_t i = 0; i < c->n_features && i < 100; i++)
            if (c->features[i].shape)
                use(cx.arena, c->features[i].shape);
    arena_free(cx.arena);
    return 0;
}
