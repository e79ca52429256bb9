/* deflate.c - zlib, wrapped. */
#include "base/deflate.h"

#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>

enum { LEVELS = 9, GZIP_WINDOW = 15 + 16, ZLIB_WINDOW = 15, PIECE = 16384 };

/* A thread's states, one a level, made when first wanted; they end with the thread. */
static pthread_key_t states_key;
static pthread_once_t states_once = PTHREAD_ONCE_INIT;

static void states_free(void *arg)
{
    z_stream **states = arg;
    for (int i = 0; i < LEVELS; i++)
        if (states[i]) {
            deflateEnd(states[i]);
            free(states[i]);
        }
    free(states);
}

static void states_key_make(void)
{
    if (pthread_key_create(&states_key, states_free))
        die("no key for the threads' compressors");
}

static z_stream *state_of(int level)
{
    pthread_once(&states_once, states_key_make);
    z_stream **states = pthread_getspecific(states_key);
    if (!states) {
        states = calloc(LEVELS, sizeof(z_stream *));
        if (!states || pthread_setspecific(states_key, states))
            die("out of memory");
    }
    z_stream **z = &states[level - 1];
    if (!*z) {
        *z = calloc(1, sizeof(z_stream));
        if (!*z || deflateInit2(*z, level, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            die("out of memory");
    }
    return *z;
}

static void check_size(size_t n)
{
    if (n > DEFLATE_MAX_BYTES)
        die("%zu bytes are too many to pack at once", n);
}

struct packed deflate_gzip(struct arena *a, const void *data, size_t n, int level)
{
    check_size(n);
    z_stream *z = state_of(level);
    deflateReset(z);
    size_t bound = deflateBound(z, n);
    unsigned char *to = arena_alloc(a, bound);
    z->next_in = (unsigned char *)(uintptr_t)data;
    z->avail_in = (uInt)n;
    z->next_out = to;
    z->avail_out = (uInt)bound;
    if (deflate(z, Z_FINISH) != Z_STREAM_END)
        die("zlib could not pack %zu bytes", n);
    return (struct packed){to, bound - z->avail_out};
}

struct packed deflate_zlib(struct arena *a, const void *data, size_t n, int level)
{
    check_size(n);
    uLongf len = compressBound(n);
    unsigned char *to = arena_alloc(a, len);
    if (compress2(to, &len, data, n, level) != Z_OK)
        die("zlib could not pack %zu bytes", n);
    return (struct packed){to, len};
}

bool deflate_gunzip(const void *data, size_t n, struct buf *out)
{
    unsigned char piece[PIECE];
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)data, .avail_in = (uInt)n};
    int rc = inflateInit2(&z, GZIP_WINDOW);
    while (rc == Z_OK) {
        z.next_out = piece;
        z.avail_out = sizeof piece;
        rc = inflate(&z, Z_NO_FLUSH);
        buf_put(out, piece, sizeof piece - z.avail_out);
    }
    inflateEnd(&z);
    return rc == Z_STREAM_END;
}

bool deflate_unzlib(const void *data, size_t n, void *raw, size_t n_raw)
{
    uLongf len = n_raw;
    return uncompress(raw, &len, data, n) == Z_OK && len == n_raw;
}

uint32_t deflate_crc32(const void *data, size_t n)
{
    return (uint32_t)crc32_z(0, data, n);
}
