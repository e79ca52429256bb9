/* geojson.c - see geojson.h. One pass over the text without a tree in between: a country's borders are mostly coordinates, and
 * these go straight into the points of the shape. */
#include "geo/geojson.h"

#include "base/arena.h"
#include "base/buf.h"
#include "i18n/i18n.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct ctx *cx;
    const char *start, *p, *end;
    size_t line;
    int depth;
    size_t total_points;
    size_t memory_before; /* of the arena */
    struct buf *text; /* the string read last */
    /* The coordinates read last. */
    struct geo_point *points;
    size_t n_points, cap_points;
    uint32_t *starts;
    size_t n_parts, cap_parts;
    int levels; /* of nesting: 1 for a position, 4 for a multi-polygon; 0: no coordinates */
    /* The feature being read. */
    struct geo_property *properties;
    size_t n_properties, cap_properties;
};

static int read_value(struct reader *r, struct geo_property *into);

/* --- text ---------------------------------------------------------------------------------------- */

#define BAD(r, what)                                                                               \
    fail((r)->cx, ERR_INVALID, "GeoJSON line %zu, byte %zu: %s.", (r)->line,                       \
         (size_t)((r)->p - (r)->start) + 1,                                                        \
         (r)->cx->translate ? (r)->cx->translate((r)->cx->lang, (what)) : (what))

static int cut_off(struct reader *r)
{
    return fail(r->cx, ERR_INVALID, "The GeoJSON file is cut off: it ends in line %zu, byte %zu.", r->line,
                (size_t)(r->p - r->start));
}

static void skip_space(struct reader *r)
{
    for (; r->p < r->end; r->p++) {
        if (*r->p == '\n')
            r->line++;
        else if (*r->p != ' ' && *r->p != '\t' && *r->p != '\r')
            return;
    }
}

/* The next character after white space, not consumed; 0 at the end. */
static char peek(struct reader *r)
{
    skip_space(r);
    return r->p < r->end ? *r->p : '\0';
}

static int expect(struct reader *r, char c)
{
    char got = peek(r);
    if (got == c) {
        r->p++;
        return OK;
    }
    if (r->p >= r->end)
        return cut_off(r);
    return fail(r->cx, ERR_INVALID, "GeoJSON line %zu, byte %zu: \"%c\" was expected.", r->line,
                (size_t)(r->p - r->start) + 1, c);
}

static int enter(struct reader *r)
{
    if (++r->depth > GEOJSON_MAX_DEPTH)
        return fail(r->cx, ERR_LIMIT, "GeoJSON line %zu: nested too deeply.", r->line);
    return OK;
}

static void put_utf8(struct buf *b, uint32_t c)
{
    if (c < 0x80) {
        buf_putc(b, (char)c);
    } else if (c < 0x800) {
        buf_putc(b, (char)(0xC0 | c >> 6));
        buf_putc(b, (char)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        buf_putc(b, (char)(0xE0 | c >> 12));
        buf_putc(b, (char)(0x80 | (c >> 6 & 0x3F)));
        buf_putc(b, (char)(0x80 | (c & 0x3F)));
    } else {
        buf_putc(b, (char)(0xF0 | c >> 18));
        buf_putc(b, (char)(0x80 | (c >> 12 & 0x3F)));
        buf_putc(b, (char)(0x80 | (c >> 6 & 0x3F)));
        buf_putc(b, (char)(0x80 | (c & 0x3F)));
    }
}

static int read_hex4(struct reader *r, uint32_t *out)
{
    if (r->end - r->p < 4)
        return cut_off(r);
    *out = 0;
    for (int i = 0; i < 4; i++, r->p++) {
        char c = *r->p;
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0)
            return BAD(r, N_("not a hexadecimal digit"));
        *out = *out << 4 | (uint32_t)digit;
    }
    return OK;
}

static int read_escape(struct reader *r)
{
    if (r->p >= r->end)
        return cut_off(r);
    static const char FROM[] = "\"\\/bfnrt", TO[] = "\"\\/\b\f\n\r\t";
    char c = *r->p++;
    const char *at = c ? strchr(FROM, c) : NULL;
    if (at) {
        buf_putc(r->text, TO[at - FROM]);
        return OK;
    }
    if (c != 'u')
        return BAD(r, N_("an unknown escape in a text"));
    uint32_t code, low;
    TRY(read_hex4(r, &code));
    if (code >= 0xD800 && code < 0xDC00) {
        if (r->end - r->p < 2 || r->p[0] != '\\' || r->p[1] != 'u')
            return BAD(r, N_("half of a character pair"));
        r->p += 2;
        TRY(read_hex4(r, &low));
        if (low < 0xDC00 || low > 0xDFFF)
            return BAD(r, N_("half of a character pair"));
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code == 0 || (code >= 0xDC00 && code <= 0xDFFF)) {
        return BAD(r, N_("a character that may not stand in a text"));
    }
    put_utf8(r->text, code);
    return OK;
}

/* Length of the UTF-8 sequence at p (shortest form, no surrogates), or 0. */
static int utf8_length(const char *s, const char *end)
{
    const unsigned char *p = (const unsigned char *)s;
    int n = p[0] < 0x80 ? 1 : p[0] >= 0xC2 && p[0] < 0xE0 ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : p[0] >= 0xF0 && p[0] < 0xF5 ? 4 : 0;
    if (n == 0 || end - s < n)
        return 0;
    for (int i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF0 && p[1] < 0x90) ||
        (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return n;
}

/* Reads a string into r->text. */
static int read_string(struct reader *r)
{
    TRY(expect(r, '"'));
    buf_reset(r->text);
    for (;;) {
        if (r->p >= r->end)
            return cut_off(r);
        if (*r->p == '"')
            break;
        if (*r->p == '\\') {
            r->p++;
            TRY(read_escape(r));
            continue;
        }
        if ((unsigned char)*r->p < 0x20)
            return BAD(r, N_("a control character in a text"));
        int n = utf8_length(r->p, r->end);
        if (n == 0)
            return BAD(r, N_("the text is not UTF-8"));
        buf_put(r->text, r->p, (size_t)n);
        r->p += n;
    }
    r->p++;
    return r->text->toobig ? fail(r->cx, ERR_LIMIT, "GeoJSON line %zu: a text is too long.", r->line) : OK;
}

static bool is_digit(const struct reader *r)
{
    return r->p < r->end && *r->p >= '0' && *r->p <= '9';
}

static int read_number(struct reader *r, double *out)
{
    skip_space(r);
    const char *from = r->p;
    if (r->p < r->end && *r->p == '-')
        r->p++;
    if (!is_digit(r))
        return r->p >= r->end ? cut_off(r) : BAD(r, N_("a number was expected"));
    while (is_digit(r))
        r->p++;
    if (r->p < r->end && *r->p == '.') {
        r->p++;
        if (!is_digit(r))
            return r->p >= r->end ? cut_off(r) : BAD(r, N_("a digit was expected after the decimal point"));
        while (is_digit(r))
            r->p++;
    }
    if (r->p < r->end && (*r->p | 32) == 'e') {
        r->p++;
        if (r->p < r->end && (*r->p == '+' || *r->p == '-'))
            r->p++;
        if (!is_digit(r))
            return r->p >= r->end ? cut_off(r) : BAD(r, N_("a digit was expected in the exponent"));
        while (is_digit(r))
            r->p++;
    }
    char copy[64];
    size_t n = (size_t)(r->p - from);
    if (n >= sizeof copy)
        return BAD(r, N_("a number has too many digits"));
    memcpy(copy, from, n);
    copy[n] = '\0';
    *out = strtod(copy, NULL);
    return isfinite(*out) ? OK : BAD(r, N_("a number is too large"));
}

static int read_word(struct reader *r, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(r->end - r->p) < n)
        return cut_off(r);
    if (memcmp(r->p, word, n) != 0)
        return BAD(r, N_("an unknown word"));
    r->p += n;
    return OK;
}

/* Calls member() for every member of an object, with the name in r->text. */
static int read_object(struct reader *r, int (*member)(struct reader *r, void *to), void *to)
{
    TRY(expect(r, '{'));
    TRY(enter(r));
    if (peek(r) == '}') {
        r->p++;
    } else {
        for (;;) {
            TRY(read_string(r));
            TRY(expect(r, ':'));
            TRY(member(r, to));
            if (peek(r) != ',')
                break;
            r->p++;
        }
        TRY(expect(r, '}'));
    }
    r->depth--;
    return OK;
}

/* Calls element() for every element of an array. */
static int read_array(struct reader *r, int (*element)(struct reader *r, void *to), void *to)
{
    TRY(expect(r, '['));
    TRY(enter(r));
    if (peek(r) == ']') {
        r->p++;
    } else {
        for (;;) {
            TRY(element(r, to));
            if (peek(r) != ',')
                break;
            r->p++;
        }
        TRY(expect(r, ']'));
    }
    r->depth--;
    return OK;
}

static int skip_element(struct reader *r, void *to)
{
    (void)to;
    struct geo_property ignored;
    return read_value(r, &ignored);
}

static int read_value(struct reader *r, struct geo_property *into)
{
    into->type = GEO_NULL;
    switch (peek(r)) {
    case '\0':
        return r->p >= r->end ? cut_off(r) : BAD(r, N_("a value was expected"));
    case '{':
        return read_object(r, skip_element, NULL);
    case '[':
        return read_array(r, skip_element, NULL);
    case '"':
        TRY(read_string(r));
        into->type = GEO_TEXT;
        into->text = arena_strndup(r->cx->arena, r->text->data, r->text->len);
        return OK;
    case 't':
        into->type = GEO_BOOL;
        into->num = 1;
        return read_word(r, "true");
    case 'f':
        into->type = GEO_BOOL;
        into->num = 0;
        return read_word(r, "false");
    case 'n':
        return read_word(r, "null");
    default:
        into->type = GEO_NUM;
        return read_number(r, &into->num);
    }
}

/* --- coordinates --------------------------------------------------------------------------------- */

/* A small file can make many records: what it takes of the arena is limited, not only their number. */
static int check_memory(struct reader *r)
{
    if (arena_used(r->cx->arena) - r->memory_before > GEOJSON_MAX_MEMORY)
        return fail(r->cx, ERR_LIMIT, "GeoJSON line %zu: the file holds too much.", r->line);
    return OK;
}

static void *grown(struct arena *a, void *old, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return old;
    *cap = *cap ? *cap * 2 : 64;
    void *bigger = arena_array(a, *cap, size);
    if (n)
        memcpy(bigger, old, n * size);
    return bigger;
}

static int read_position(struct reader *r)
{
    double v[2];
    TRY(read_number(r, &v[0]));
    TRY(expect(r, ','));
    TRY(read_number(r, &v[1]));
    while (peek(r) == ',') { /* height, measure: not ours */
        double ignored;
        r->p++;
        TRY(read_number(r, &ignored));
    }
    TRY(expect(r, ']'));
    if (!(v[0] >= -180 && v[0] <= 180 && v[1] >= -90 && v[1] <= 90))
        return fail(r->cx, ERR_INVALID,
                    "GeoJSON line %zu: the coordinates %g, %g are not longitude and latitude (WGS 84).", r->line,
                    v[0], v[1]);
    if (++r->total_points > GEOJSON_MAX_POINTS)
        return fail(r->cx, ERR_LIMIT, "GeoJSON line %zu: more than %d points.", r->line, GEOJSON_MAX_POINTS);
    if (r->total_points % 4096 == 0)
        TRY(check_memory(r));
    r->points = grown(r->cx->arena, r->points, r->n_points, &r->cap_points, sizeof *r->points);
    r->points[r->n_points++] = geo_point_from_degrees(v[0], v[1]);
    return OK;
}

/* Reads nested arrays of positions; all positions have to lie equally deep. `level` counts the arrays
 * that have been entered. */
static int read_coordinates(struct reader *r, int level)
{
    TRY(expect(r, '['));
    char c = peek(r);
    if (c == '-' || (c >= '0' && c <= '9')) {
        if (r->levels && r->levels != level)
            return BAD(r, N_("coordinates are nested unevenly"));
        r->levels = level;
        return read_position(r);
    }
    if (level >= 4)
        return BAD(r, N_("coordinates are nested too deeply"));
    if (c == ']') {
        r->p++;
        return OK;
    }
    r->starts = grown(r->cx->arena, r->starts, r->n_parts, &r->cap_parts, sizeof *r->starts);
    size_t before = r->n_points, parts_before = r->n_parts;
    for (;;) {
        TRY(read_coordinates(r, level + 1));
        if (peek(r) != ',')
            break;
        r->p++;
    }
    TRY(expect(r, ']'));
    if (r->n_parts == parts_before && r->n_points > before && r->levels == level + 1) {
        r->starts = grown(r->cx->arena, r->starts, r->n_parts, &r->cap_parts, sizeof *r->starts);
        r->starts[r->n_parts++] = (uint32_t)before;
    }
    return OK;
}

struct geometry {
    char type[24];
    bool seen_coordinates, collection;
    size_t line;
};

static int geometry_member(struct reader *r, void *to)
{
    struct geometry *g = to;
    struct geo_property v;
    if (strcmp(r->text->data, "coordinates") == 0 && peek(r) == '[') {
        if (g->seen_coordinates)
            return BAD(r, N_("coordinates are given twice"));
        g->seen_coordinates = true;
        return read_coordinates(r, 1);
    }
    if (strcmp(r->text->data, "type") == 0) {
        TRY(read_value(r, &v));
        if (v.type != GEO_TEXT || strlen(v.text) >= sizeof g->type)
            return BAD(r, N_("the type of a geometry has to be a short text"));
        memcpy(g->type, v.text, strlen(v.text) + 1);
        return OK;
    }
    return read_value(r, &v);
}

static const struct {
    const char *name;
    enum shape_kind kind;
    int levels;
} TYPES[] = {
    {"Point", SHAPE_POINTS, 1},          {"MultiPoint", SHAPE_POINTS, 2},
    {"LineString", SHAPE_LINES, 2},      {"MultiLineString", SHAPE_LINES, 3},
    {"Polygon", SHAPE_AREA, 3},          {"MultiPolygon", SHAPE_AREA, 4},
};

static bool same(struct geo_point a, struct geo_point b)
{
    return a.x == b.x && a.y == b.y;
}

/* Copies a part without repeated points, a ring also without its closing one. Returns false for a
 * ring that is not closed or a line of a single position. */
static bool copy_part(struct shape *s, size_t *at, const struct geo_point *p, size_t n)
{
    size_t first = *at;
    if (s->kind == SHAPE_AREA && (n < 4 || !same(p[0], p[n - 1])))
        return false;
    if (s->kind == SHAPE_LINES && n < 2)
        return false;
    for (size_t i = 0; i < n; i++)
        if (*at == first || s->kind == SHAPE_POINTS || !same(s->points[*at - 1], p[i]))
            s->points[(*at)++] = p[i];
    if (s->kind == SHAPE_AREA && *at > first + 1)
        (*at)--;
    return true;
}

static int finish_shape(struct reader *r, const struct geometry *g, const struct shape **out)
{
    size_t k = 0;
    while (k < sizeof TYPES / sizeof *TYPES && strcmp(TYPES[k].name, g->type) != 0)
        k++;
    if (k == sizeof TYPES / sizeof *TYPES)
        return fail(r->cx, ERR_INVALID, "GeoJSON line %zu: geometries of the type \"%s\" are not supported.",
                    g->line, g->type);
    *out = NULL;
    if (r->n_points == 0)
        return OK; /* an empty geometry, allowed by RFC 7946 */
    if (r->levels != TYPES[k].levels)
        return fail(r->cx, ERR_INVALID, "GeoJSON line %zu: the coordinates do not fit the type \"%s\".", g->line,
                    g->type);
    if (r->n_parts == 0) {
        r->starts = grown(r->cx->arena, r->starts, 0, &r->cap_parts, sizeof *r->starts);
        r->starts[r->n_parts++] = 0;
    }
    struct shape *s = shape_new(r->cx->arena, TYPES[k].kind, r->n_points, r->n_parts);
    size_t at = 0, parts = 0;
    for (size_t i = 0; i < r->n_parts; i++) {
        size_t from = r->starts[i], to = i + 1 < r->n_parts ? r->starts[i + 1] : r->n_points, before = at;
        bool whole = copy_part(s, &at, r->points + from, to - from);
        if (!whole && s->kind == SHAPE_AREA)
            return fail(r->cx, ERR_INVALID,
                        "GeoJSON line %zu: a ring is not closed, or has fewer than four positions.", g->line);
        if (!whole)
            return fail(r->cx, ERR_INVALID, "GeoJSON line %zu: a line has fewer than two positions.", g->line);
        if (at - before < (s->kind == SHAPE_AREA ? 3u : s->kind == SHAPE_LINES ? 2u : 1u))
            at = before; /* shrunk to nothing at a micro-degree */
        else
            s->starts[parts++] = (uint32_t)before;
    }
    if (parts == 0)
        return OK;
    s->n_points = at;
    s->n_parts = parts;
    shape_close(s);
    *out = s;
    return OK;
}

/* --- features ------------------------------------------------------------------------------------ */

static int property_member(struct reader *r, void *to)
{
    (void)to;
    TRY(check_memory(r));
    struct geo_property v = {.name = arena_strndup(r->cx->arena, r->text->data, r->text->len)};
    TRY(read_value(r, &v));
    r->properties = grown(r->cx->arena, r->properties, r->n_properties, &r->cap_properties, sizeof v);
    r->properties[r->n_properties++] = v;
    return OK;
}

static int read_geometry(struct reader *r, struct geo_feature *f)
{
    if (peek(r) == 'n')
        return read_word(r, "null");
    struct geometry g = {.line = r->line};
    r->n_points = r->n_parts = 0;
    r->levels = 0;
    TRY(read_object(r, geometry_member, &g));
    return finish_shape(r, &g, &f->shape);
}

static int feature_member(struct reader *r, void *to)
{
    struct geo_feature *f = to;
    struct geo_property v;
    const char *name = r->text->data;
    if (strcmp(name, "geometry") == 0)
        return read_geometry(r, f);
    if (strcmp(name, "properties") == 0 && peek(r) == '{') {
        r->n_properties = 0;
        return read_object(r, property_member, NULL);
    }
    bool id = strcmp(name, "id") == 0, type = strcmp(name, "type") == 0;
    TRY(read_value(r, &v));
    if (id)
        f->id = v.type == GEO_TEXT ? v.text : v.type == GEO_NUM ? arena_printf(r->cx->arena, "%.15g", v.num) : NULL;
    if (type && (v.type != GEO_TEXT || strcmp(v.text, "Feature") != 0))
        return BAD(r, N_("a member of \"features\" is not a Feature"));
    return OK;
}

struct list {
    struct geo_collection *out;
    size_t cap;
    bool seen_features, right_type;
};

static int feature_element(struct reader *r, void *to)
{
    struct list *l = to;
    if (l->out->n_features >= GEOJSON_MAX_FEATURES)
        return fail(r->cx, ERR_LIMIT, "GeoJSON line %zu: more than %d features.", r->line, GEOJSON_MAX_FEATURES);
    TRY(check_memory(r));
    skip_space(r);
    struct geo_feature f = {.line = r->line};
    r->n_properties = 0;
    TRY(read_object(r, feature_member, &f));
    f.n_properties = r->n_properties;
    f.properties = arena_array(r->cx->arena, r->n_properties, sizeof *f.properties);
    if (r->n_properties)
        memcpy(f.properties, r->properties, r->n_properties * sizeof *f.properties);
    l->out->features = grown(r->cx->arena, l->out->features, l->out->n_features, &l->cap, sizeof f);
    l->out->features[l->out->n_features++] = f;
    return OK;
}

static int top_member(struct reader *r, void *to)
{
    struct list *l = to;
    struct geo_property v;
    if (strcmp(r->text->data, "features") == 0) {
        l->seen_features = true;
        return read_array(r, feature_element, l);
    }
    bool type = strcmp(r->text->data, "type") == 0;
    TRY(read_value(r, &v));
    if (type)
        l->right_type = v.type == GEO_TEXT && strcmp(v.text, "FeatureCollection") == 0;
    return OK;
}

int geojson_read(struct ctx *cx, const char *bytes, size_t len, struct geo_collection **out)
{
    struct reader r = {.cx = cx, .start = bytes, .p = bytes, .end = bytes + len, .line = 1,
                       .memory_before = arena_used(cx->arena)};
    struct list l = {.out = arena_alloc(cx->arena, sizeof *l.out)};
    r.text = buf_new(cx->arena, 1 << 20);
    if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        r.p += 3;
    TRY(read_object(&r, top_member, &l));
    if (peek(&r) != '\0' || r.p < r.end)
        return BAD(&r, N_("something follows after the end"));
    if (!l.right_type || !l.seen_features)
        return fail(cx, ERR_INVALID, "The file is not a GeoJSON FeatureCollection.");
    *out = l.out;
    return OK;
}

static const struct geo_property *find_property(const struct geo_feature *f, const char *name)
{
    for (size_t i = 0; i < f->n_properties; i++)
        if (strcmp(f->properties[i].name, name) == 0)
            return &f->properties[i];
    return NULL;
}

const char *geo_feature_text(const struct geo_feature *f, const char *name)
{
    const struct geo_property *p = find_property(f, name);
    return p && p->type == GEO_TEXT ? p->text : NULL;
}

double geo_feature_num(const struct geo_feature *f, const char *name)
{
    const struct geo_property *p = find_property(f, name);
    return p && p->type == GEO_NUM ? p->num : NAN;
}
