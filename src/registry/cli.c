/* cli.c - see cli.h. */
#include "registry/cli.h"

#include "base/arena.h"
#include "base/embedded.h"
#include "base/config.h"
#include "base/fs.h"
#include "base/str.h"
#include "db/audit.h"
#include "geo/pack.h"
#include "i18n/i18n.h"
#include "registry/figures.h"
#include "registry/registry.h"
#include "registry/tree.h"

#include <stdio.h>

enum { PACK_LARGEST = 256 << 20 };

static int load_pack_tx(struct ctx *cx, void *pack)
{
    const struct pack *p = pack;
    int64_t region = 0, own = cx->region_id;
    TRY(registry_load_pack(cx, p));
    if (str_to_int(p->region, 1, 99, &region)) /* it is the region's affair, whoever loads it */
        cx->region_id = region;
    int rc = audit_append(cx, "import.pack", p->name, p->as_of);
    cx->region_id = own;
    return rc;
}

static int load_bytes(struct ctx *cx, const char *name, const void *data, size_t len)
{
    struct pack *p;
    TRY(pack_open(cx, data, len, &p));
    TRY(db_tx(cx, load_pack_tx, p));
    printf("%s\n", TF(cx, "%s: %zu places, %zu outlines, %zu points, %zu figures of composition.", name, p->n_territories,
                      p->n_outlines, p->n_points, p->n_compositions));
    return OK;
}

int registry_load_embedded_packs(struct ctx *cx)
{
    size_t n;
    const struct embedded *files = embedded_all(&n);
    for (int pass = 0; pass < 2; pass++) /* the main pack first: the others refer to its places */
        for (size_t i = 0; i < n; i++) {
            bool main_pack = str_eq(files[i].path, "packs/turkistan.pack");
            if (str_starts(files[i].path, "packs/") && str_ends(files[i].path, ".pack") && main_pack == (pass == 0))
                TRY(load_bytes(cx, files[i].path, files[i].data, files[i].len));
        }
    return OK;
}

static int run_import_pack(struct ctx *cx, int argc, char **argv)
{
    char **files;
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, &files));
    if (!files[0]) {
        fail(cx, ERR_INVALID, "Name at least one pack file.");
        return CLI_USAGE;
    }
    TRY(cli_database(cx));
    for (; *files; files++) {
        struct buf *file;
        TRY(fs_read(cx, *files, PACK_LARGEST, &file));
        TRY(load_bytes(cx, *files, file->data, file->len));
    }
    return OK;
}

const struct command registry_commands[] = {
    {"import pack", N_("loads region packs: places, outlines, points, composition"),
     N_("usage: shanyraq import pack FILE...\n\nLoads region packs made by `shanyraq pack build`. Name the "
        "main pack before those that add points or\n"
        "composition to it. Loading a pack again changes nothing; points that a person chose stay.\n"),
     run_import_pack, 0},
    {"import figures", N_("loads population, indicators and composition from a table"), FIGURES_IMPORT_USAGE,
     figures_import_command, 0},
    {"export figures", N_("writes the figures of the region as a table"), FIGURES_EXPORT_USAGE,
     figures_export_command, 0},
    {"export territories", N_("writes the tree of places on a day as a table"),
     N_("usage: shanyraq export territories FILE.csv|FILE.xlsx [DATE]\n\nWrites every place of the region as "
        "of a day (today unless told) with codes, names and what it belongs to.\n"),
     tree_export_command, 0},
    {0},
};
