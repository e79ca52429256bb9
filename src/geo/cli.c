/* cli.c - `shanyraq pack`: builds region packs from published files, and shows what a pack holds. */
#include "geo/cli.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/fs.h"
#include "base/str.h"
#include "geo/pack.h"
#include "i18n/i18n.h"

#include <string.h>

/* FILE without ".pack" and with a suffix: the packs of another licence beside the main one. */
static const char *beside(struct arena *a, const char *file, const char *suffix)
{
    size_t n = strlen(file);
    if (str_ends(file, ".pack"))
        n -= 5;
    return arena_printf(a, "%.*s%s.pack", (int)n, file, suffix);
}

static int write_one(struct ctx *cx, const struct pack *p, const char *file)
{
    if (!p)
        return OK;
    struct buf *b = buf_new(cx->arena, 0);
    struct pack *again;
    TRY(pack_write(cx, p, b));
    TRY(pack_open(cx, b->data, b->len, &again)); /* what we write we can read */
    TRY(fs_write(cx, file, b->data, b->len, 0644));
    printf("%-40s %zu bytes\n", file, b->len);
    return OK;
}

static void print_summary(const struct pack_build_result *r)
{
    printf("regions %zu, districts and cities %zu, okrugs %zu, settlements %zu (%zu inhabited)\n",
           r->n_level[PACK_REGION], r->n_level[PACK_DISTRICT], r->n_level[PACK_OKRUG], r->n_level[PACK_SETTLEMENT],
           r->n_inhabited);
    printf("points: %zu settlements, %zu ambiguous, %zu without\n", r->n_pointed, r->n_ambiguous, r->n_without_point);
    printf("outlines: %zu regions and districts, %zu without\n", r->n_outlined, r->n_not_outlined);
    for (size_t i = 0; i < r->n_notes; i++)
        printf("note: %s\n", r->notes[i]);
}

static int run_build(struct ctx *cx, int argc, char **argv)
{
    const char *from = NULL, *region = "61", *file = NULL;
    const struct option_def options[] = {
        {.name = "from", .to = &from, .type = OPTION_TEXT, .help = N_("Folder of the published files")},
        {.name = "region", .to = &region, .type = OPTION_TEXT, .help = N_("Two digits of a region's code, or \"all\"")},
        {.name = "out", .to = &file, .type = OPTION_TEXT, .help = N_("Pack to write")}, {0}};
    TRY(cli_options(cx, argc, argv, options, NULL));
    if (!from || !file) {
        fail(cx, ERR_INVALID, "Name the folder of the sources (--from) and the file to write (--out).");
        return CLI_USAGE;
    }
    if (strcmp(region, "all") != 0 && (strlen(region) != 2 || strspn(region, "0123456789") != 2)) {
        fail(cx, ERR_INVALID, "\"%s\" is not a region: two digits such as 61, or \"all\".", region);
        return CLI_USAGE;
    }
    struct pack_build_result r;
    TRY(pack_build(cx, from, region, &r));
    TRY(write_one(cx, r.osm, beside(cx->arena, file, "-osm")));
    TRY(write_one(cx, r.shares, beside(cx->arena, file, "-shares")));
    TRY(write_one(cx, r.main, file));
    print_summary(&r);
    return OK;
}

static int run_show(struct ctx *cx, int argc, char **argv)
{
    char **files;
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, &files));
    if (!files[0] || files[1]) {
        fail(cx, ERR_INVALID, "Name one pack file.");
        return CLI_USAGE;
    }
    struct buf *b;
    struct pack *p;
    TRY(fs_read(cx, files[0], 0, &b));
    TRY(pack_open(cx, b->data, b->len, &p));
    printf("%s, region %s, as of %s\n", p->name, p->region, p->as_of);
    printf("territories %zu, links %zu, outlines %zu, points %zu, figures %zu, base map features %zu\n",
           p->n_territories, p->n_links, p->n_outlines, p->n_points, p->n_compositions, p->n_features);
    for (size_t i = 0; i < p->n_sources; i++)
        printf("%s\n    %s\n    %s\n    %s\n", p->sources[i].title, p->sources[i].attribution, p->sources[i].licence,
               p->sources[i].changes);
    return OK;
}

const struct command geo_commands[] = {
    {"pack build", N_("builds region packs from published files"),
     N_("usage: shanyraq pack build --from DIR [--region 61|all] --out FILE.pack\n\n"
        "Reads the classifier of territories, boundaries, points of settlements, the base map and published\n"
        "composition from DIR (folders kato, boundaries, settlements, basemap, ethnos) and writes FILE.pack,\n"
        "FILE-osm.pack (points from OpenStreetMap, ODbL) and FILE-shares.pack (figures under CC BY-SA).\n"
        "--region takes the two digits of a region's code (61 unless told) or \"all\".\n"),
     run_build, CLI_NO_DB | CLI_NO_MIGRATION_CHECK},
    {"pack show", N_("shows what a region pack holds, with sources and licences"),
     N_("usage: shanyraq pack show FILE.pack\n\nPrints the numbers of records and every source with its licence.\n"),
     run_show, CLI_NO_DB | CLI_NO_MIGRATION_CHECK},
    {0},
};
