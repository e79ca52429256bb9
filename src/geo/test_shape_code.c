/* test_shape_code.c - shapes survive the way into a column and back; damaged bytes do not pass. */
#include "base/arena.h"
#include "geo/shape_code.h"
#include "tap.h"

int main(void)
{
    struct arena *a = arena_new(0);
    struct shape *s = shape_new(a, SHAPE_AREA, 7, 2);
    const struct geo_point points[] = {{68000000, 43000000}, {69000000, 43000000}, {69000000, 44000000}, {68000000, 44000000},
                                       {-179999999, -89000000}, {179999999, 0}, {1, 89999999}};
    memcpy(s->points, points, sizeof points);
    s->starts[0] = 0;
    s->starts[1] = 4;
    shape_close(s);

    struct buf *out = buf_new(a, 0);
    shape_encode(s, out);
    struct shape *back = shape_decode(a, out->data, out->len);
    ok(back && back->kind == SHAPE_AREA && back->n_points == 7 && back->n_parts == 2, "kind and lengths come back");
    ok(back && memcmp(back->points, points, sizeof points) == 0, "every point comes back");
    ok(back && back->starts[1] == 4 && back->starts[2] == 7, "the parts come back");
    ok(back && back->box.west == -179999999 && back->box.north == 89999999, "the box is set");

    bool all_refused = true;
    for (size_t n = 0; n < out->len; n++)
        all_refused = all_refused && !shape_decode(a, out->data, n);
    ok(all_refused, "no beginning of the bytes is taken for the whole");
    buf_putc(out, 0);
    ok(!shape_decode(a, out->data, out->len), "bytes behind the end are refused");
    ok(!shape_decode(a, "\x03\x01\xff\xff\xff\xff\x0f", 7), "a length larger than the input is refused");
    arena_free(a);
    return done();
}
