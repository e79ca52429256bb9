/* zip.c - see zip.h. The only file that knows libzip. */
#include "base/zip.h"

#include "base/arena.h"

#include <zip.h>

struct zip_reader {
    struct ctx *cx;
    const char *name;
    zip_t *archive;
    struct zip_limits limits;
    size_t total; /* unpacked so far */
};

static void discard(void *archive)
{
    zip_discard(archive);
}

static struct zip_limits with_defaults(const struct zip_limits *given)
{
    struct zip_limits l = given ? *given : (struct zip_limits){0};
    if (!l.entry_bytes)
        l.entry_bytes = (size_t)64 << 20;
    if (!l.total_bytes)
        l.total_bytes = (size_t)256 << 20;
    if (!l.ratio)
        l.ratio = 200;
    if (!l.entries)
        l.entries = 10000;
    return l;
}

int zip_reader_open(struct ctx *cx, const char *name, const void *data, size_t n,
                    const struct zip_limits *limits, struct zip_reader **out)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(data, n, 0, &error);
    if (!source)
        die("out of memory");
    zip_t *archive = zip_open_from_source(source, ZIP_RDONLY, &error);
    zip_error_fini(&error);
    if (!archive) {
        zip_source_free(source);
        return fail(cx, ERR_INVALID, "%s is damaged or not a zip archive.", name);
    }
    arena_defer(cx->arena, discard, archive);
    struct zip_reader *z = arena_alloc(cx->arena, sizeof *z);
    *z = (struct zip_reader){cx, arena_strdup(cx->arena, name), archive, with_defaults(limits), 0};
    if (zip_get_num_entries(archive, 0) > z->limits.entries)
        return fail(cx, ERR_LIMIT, "%s holds more than %lld files.", name, (long long)z->limits.entries);
    *out = z;
    return OK;
}

int64_t zip_reader_count(const struct zip_reader *z)
{
    return zip_get_num_entries(z->archive, 0);
}

const char *zip_reader_name(const struct zip_reader *z, int64_t i)
{
    return zip_get_name(z->archive, (zip_uint64_t)i, 0);
}

bool zip_reader_has(const struct zip_reader *z, const char *entry)
{
    return zip_name_locate(z->archive, entry, 0) >= 0;
}

/* Refuses what the directory itself declares to be too much; zip_reader_get() checks again while unpacking,
 * as a directory can lie. */
static int check_size(struct ctx *cx, const struct zip_reader *z, const char *entry, const zip_stat_t *st)
{
    if (!(st->valid & ZIP_STAT_SIZE) || !(st->valid & ZIP_STAT_COMP_SIZE))
        return fail(cx, ERR_INVALID, "%s: the part %s is damaged.", z->name, entry);
    if (st->size > z->limits.entry_bytes || st->size > z->limits.total_bytes - z->total)
        return fail(cx, ERR_LIMIT, "%s: the part %s is too large.", z->name, entry);
    if (st->size > (1 << 20) && st->size / (zip_uint64_t)z->limits.ratio > st->comp_size)
        return fail(cx, ERR_LIMIT, "%s: the part %s is too large.", z->name, entry);
    return OK;
}

int zip_reader_get(struct ctx *cx, struct zip_reader *z, const char *entry, struct buf **out)
{
    char piece[64 * 1024];
    zip_stat_t st;
    if (zip_stat(z->archive, entry, 0, &st))
        return fail(cx, ERR_NOT_FOUND, "%s: the part %s is missing.", z->name, entry);
    TRY(check_size(cx, z, entry, &st));
    zip_file_t *f = zip_fopen_index(z->archive, st.index, 0);
    if (!f)
        return fail(cx, ERR_INVALID, "%s: the part %s is damaged.", z->name, entry);
    struct buf *b = buf_new(cx->arena, st.size ? st.size : 1);
    zip_int64_t n = 0;
    while (!b->toobig && (n = zip_fread(f, piece, sizeof piece)) > 0)
        buf_put(b, piece, (size_t)n);
    bool whole = !b->toobig && n == 0 && b->len == st.size;
    if (zip_fclose(f) || !whole)
        return fail(cx, ERR_INVALID, "%s: the part %s is damaged.", z->name, entry);
    z->total += b->len;
    *out = b;
    return OK;
}

static int add_item(zip_t *archive, const struct zip_item *item)
{
    enum { DOS_1980_01_01 = 0x0021 };
    zip_source_t *source = zip_source_buffer(archive, item->n ? item->data : "", item->n, 0);
    if (!source)
        return ERR_IO;
    zip_int64_t i = zip_file_add(archive, item->name, source, ZIP_FL_ENC_UTF_8);
    if (i < 0) {
        zip_source_free(source);
        return ERR_IO;
    }
    zip_uint64_t at = (zip_uint64_t)i;
    if (zip_file_set_dostime(archive, at, 0, DOS_1980_01_01, 0) ||
        zip_set_file_compression(archive, at, item->store ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 6))
        return ERR_IO;
    return OK;
}

/* Reads what the archive was written to. */
static int copy_out(zip_source_t *source, struct buf *out)
{
    char piece[64 * 1024];
    zip_int64_t n;
    if (zip_source_open(source))
        return ERR_IO;
    while ((n = zip_source_read(source, piece, sizeof piece)) > 0)
        buf_put(out, piece, (size_t)n);
    zip_source_close(source);
    return n == 0 ? OK : ERR_IO;
}

int zip_write(struct ctx *cx, const struct zip_item *items, size_t n, struct buf *out)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *archive = target ? zip_open_from_source(target, ZIP_TRUNCATE, &error) : NULL;
    zip_error_fini(&error);
    if (!archive)
        die("out of memory");
    zip_source_keep(target); /* zip_close() gives its own hold back */
    int rc = OK;
    for (size_t i = 0; i < n && rc == OK; i++)
        rc = add_item(archive, &items[i]);
    if (rc || zip_close(archive)) {
        rc = ERR_IO;
        zip_discard(archive);
    } else {
        rc = copy_out(target, out);
    }
    zip_source_free(target);
    return rc ? fail(cx, ERR_IO, "The archive could not be written.") : OK;
}
