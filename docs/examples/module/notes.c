/* notes.c - the rules of the notes, and what the module adds to the program. No HTML, no SQL text. */
#include "notes/notes.h"
#include "notes/notes_sql.h"
#include "notes/pages.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "db/audit.h"
#include "i18n/i18n.h"

struct addition {
    const char *text;
    int64_t id;
};

/* May run again after a serialisation failure: it only writes to the database and to arg. */
static int add_tx(struct ctx *cx, void *arg)
{
    struct addition *a = arg;
    a->id = db_new_id();
    TRY(notes_insert(cx, &(struct notes_insert_in){cx->region_id, a->id, time_now_us(), cx->account_id, a->text}, NULL));
    return audit_append(cx, "notes.add", arena_printf(cx->arena, "notes/%s", id_text(cx->arena, a->id)), "");
}

int notes_add(struct ctx *cx, const char *text, int64_t *id)
{
    struct addition a = {.text = str_trim(cx->arena, text)};
    if (str_empty(a.text))
        return fail(cx, ERR_INVALID, "A note needs a text.");
    TRY(db_tx(cx, add_tx, &a));
    *id = a.id;
    return OK;
}

static int demo(struct ctx *cx)
{
    int64_t id;
    return notes_add(cx, "Демонстрациялық жазба", &id);
}

static int command(struct ctx *cx, int argc, char **argv)
{
    char **rest;
    int64_t id;
    TRY(cli_options(cx, argc, argv, &(struct option_def){0}, &rest));
    if (!rest[0] || rest[1])
        return CLI_USAGE;
    TRY(cli_database(cx)); /* the line is right: now the database may be opened */
    return notes_add(cx, rest[0], &id);
}

static const struct nav_item NAV[] = {{N_("Notes"), "/notes", PERM_REGISTRY_READ, 180}, {0}};

static const struct command COMMANDS[] = {
    {"notes", N_("Record a note"), "usage: shanyraq notes TEXT [--data DIR] [--db CONNINFO]\n\nRecords a note.", command, 0}, {0}};

const struct module notes_module = {
    .name = "notes", .title = N_("Notes"), .routes = notes_routes, .nav = NAV, .commands = COMMANDS, .demo = demo};
