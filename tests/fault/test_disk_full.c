/* test_disk_full.c - the database file may not grow any more (as on a full disk): every write says so
 * in a sentence, nothing is there by half, and with room again the work goes on. SQLite only: the disk
 * of a PostgreSQL server is not ours to fill. */
#include "testdb.h"

#include "db/audit.h"

#include <signal.h>
#include <sys/resource.h>

static int append_much(struct ctx *cx, void *arg)
{
    char text[4000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < *(int *)arg; i++)
        TRY(audit_append(cx, "fill", "", text));
    return OK;
}

static int64_t whole_entries(struct testdb *t)
{
    int64_t n = -1, broken = -1;
    testdb_must(t, audit_verify(&t->cx, &n, &broken), "verify");
    return broken ? -1 : n;
}

int main(void)
{
    struct testdb t;
    testdb_open(&t, DB_SQLITE);
    int one = 1, many = 3000, good = 0, rc = OK;
    testdb_must(&t, db_tx(&t.cx, append_much, &one), "first entry");
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){1 << 20, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN); /* the write fails instead */
    setrlimit(RLIMIT_FSIZE, &small);
    rc = db_tx(&t.cx, append_much, &many);
    is_int(rc, ERR_IO, "a transaction that is larger than the room is ERR_IO");
    printf("# %s\n", t.cx.err_text);
    is_int(whole_entries(&t), 1, "and leaves nothing behind");
    for (rc = OK; good < 5000 && !(rc = db_tx(&t.cx, append_much, &one));)
        good++;
    is_int(rc, ERR_IO, "single entries fail when the room ends");
    is_int(whole_entries(&t), 1 + good, "all before are there and the chain is whole");
    setrlimit(RLIMIT_FSIZE, &before);
    ok(db_tx(&t.cx, append_much, &one) == OK, "with room again the next entry is written");
    is_int(whole_entries(&t), 2 + good, "and fits");
    testdb_close(&t);
    return done();
}
