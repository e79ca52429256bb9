/* fuzz_figures.c - the importer of figures against arbitrary bytes: nothing but rows, problems or an error comes of them. */
#include "registry/figures.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/migrate.h"
#include "registry/classifier.h"

#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int seed_tx(struct ctx *cx, void *arg)
{
    (void)arg;
    return registry_load_classifiers(cx);
}

/* A database with classifiers and without places: names of places are then all unknown. */
static void open_database(struct ctx *cx)
{
    char dir[] = "/tmp/shanyraq-fuzz-XXXXXX";
    struct db_store *st;
    if (!mkdtemp(dir))
        die("no directory for the fuzz target");
    if (db_store_open(cx, arena_printf(cx->arena, "%s/fuzz.db", dir), &st) || db_connect(cx, st, &cx->db) || migrate_up(cx, NULL) ||
        db_tx(cx, seed_tx, NULL))
        die("%s", cx->err_text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ctx keep;
    static struct figures_world world;
    if (!keep.arena) {
        keep = (struct ctx){.arena = arena_new(0), .region_id = 61, .lang = LANG_EN};
        open_database(&keep);
        if (figures_world_load(&keep, &world))
            die("%s", keep.err_text);
    }
    struct ctx cx = {.arena = arena_new((size_t)1 << 30), .region_id = 61, .lang = LANG_EN};
    struct table *t;
    struct figures f;
    if (table_open_bytes(&cx, "fuzz", data, size, NULL, &t) == OK && figures_read(&cx, &world, t, "source", &f) == OK) {
        if ((int64_t)f.rows.n + f.n_bad != f.n_read + f.broken)
            die("a row is neither good nor bad");
        for (size_t i = 0; i < f.problems.n; i++)
            if (!f.problems.rows[i].text || !f.problems.rows[i].expected)
                die("a problem without text");
    }
    arena_free(cx.arena);
    return 0;
}
