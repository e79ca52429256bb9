/* program.h - the running program: its options, data folder, database, and the commands that belong to no feature. */
#ifndef PROGRAM_PROGRAM_H
#define PROGRAM_PROGRAM_H

#include "base/config.h"
#include "base/version.h"
#include "db/db.h"
#include "http/route.h"


struct program {
    const char *data, *db, *lang, *config; /* --data, --db (NULL: in the data folder), --lang, --config */
    int64_t region;
    /* of serve */
    const char *listen, *assets;
    int64_t workers;
    bool https, trust_proxy, log_json;

    const struct option_def *options; /* the table behind all of the above */
    struct db_store *store;           /* open while a command with a database runs */
    int lock;                         /* descriptor of the data folder's lock file, -1: not held */
};

/* The one of this process; set before a command runs, only read afterwards. */
extern struct program program;

/* The commands of src/program, ends with name NULL. */
extern const struct command program_commands[];

/* The options; those before `serve` belong to every command. Ends with name NULL. */
extern const struct option_def PROGRAM_OPTIONS[];
enum { PROGRAM_GLOBAL_OPTIONS = 5 };

/* Where the database is: program.db, or the file in the data folder. */
const char *program_conninfo(struct arena *a);

/* The day on which the demonstration stands when it is loaded (docs/demonstration.md). From then on its calendar goes as ours
 * does: program_open() shifts the program's clock by the days between. */
#define PROGRAM_DEMO_DAY "2025-10-06"
/* The name under which the moment of loading is noted, in the machine's time. */
#define PROGRAM_DEMO_CLOCK "clock"
void program_demo_shift(int64_t loaded_us);

/* Opens the database and connects cx. create: an SQLite file may be made; else ERR_NOT_FOUND says how to make one. */
int program_open(struct ctx *cx, bool create);
void program_close(struct ctx *cx);

/* At most one process serves, migrates or restores a data folder: ERR_BUSY names the other. Held until the
 * process ends or program_unlock(). */
int program_lock(struct ctx *cx);
void program_unlock(void);

/* The reference data that a region starts with, from every module's seed hook; harmless when repeated. */
int program_seed(struct ctx *cx);

/* Migrations, and what every region starts with (roles, holidays). *applied: how many migrations were run. */
int program_migrate(struct ctx *cx, int *applied);

struct page;
/* For server_options.fill_page. */
void program_fill_page(struct request *rq, struct page *page);

/* Prints the newest entry of each region's audit chain: kept elsewhere, it shows a chain that was rewritten. */
int program_print_heads(struct ctx *cx);

/* serve.c, doctor.c, commands.c */
int program_serve(struct ctx *cx, int argc, char **argv);
int program_doctor(struct ctx *cx, int argc, char **argv);
extern const char PROGRAM_SERVE_USAGE[], PROGRAM_DOCTOR_USAGE[];

#endif
