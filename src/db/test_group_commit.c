/* test_group_commit.c - many threads write at once: nobody's failure touches another, every answer is
 * true, and the figures (durable transactions a second) are printed. */
#include "testdb.h"

#include "base/time.h"
#include "db/job_sql.h"

#include <pthread.h>

#define NAME(what) testdb_name(t, what)
enum { MOST = 32 };

struct producer {
    struct testdb *t;
    int number, n, wrong;
    pthread_t thread;
};

struct insert {
    int64_t id;
    bool refuse, conflict;
};

static int insert_tx(struct ctx *cx, void *arg)
{
    const struct insert *in = arg;
    struct job_add_in row = {
        .region_id = 61, .id = in->id, .kind = "group", .job_key = "", .args = "{}", .lang = "kk"};
    TRY(job_add(cx, &row, NULL));
    if (in->conflict) { /* a real violation in the middle of the group's transaction */
        row.id++;
        row.lang = "xx";
        TRY(job_add(cx, &row, NULL));
    }
    return in->refuse ? fail(cx, ERR_DENIED, "refused %lld", (long long)in->id) : OK;
}

static void *produce(void *arg)
{
    struct producer *p = arg;
    struct ctx cx = {.arena = arena_new(0), .region_id = 61};
    if (db_connect(&cx, p->t->store, &cx.db))
        die("connect: %s", cx.err_text);
    for (int i = 0; i < p->n; i++) {
        struct insert in = {((int64_t)p->number << 32) | (i * 2), i % 10 == 3, i % 10 == 7};
        int rc = db_tx(&cx, insert_tx, &in), want = in.refuse ? ERR_DENIED : in.conflict ? ERR_INVALID : OK;
        struct job_stop_asked_row row;
        bool found = false;
        if (rc == want && job_stop_asked(&cx, 61, in.id, &row, &found) == OK && found == (want == OK))
            continue;
        printf("# thread %d, row %d: got %d, wanted %d, found %d: %s\n", p->number, i, rc, want, found,
               cx.err_text ? cx.err_text : "");
        p->wrong++;
    }
    db_disconnect(cx.db);
    arena_free(cx.arena);
    return NULL;
}

static void measure(struct testdb *t, int threads, int each, int base)
{
    struct producer p[MOST];
    int wrong = 0;
    int64_t start = time_steady_us();
    for (int i = 0; i < threads; i++) {
        p[i] = (struct producer){.t = t, .number = base + i, .n = each};
        if (pthread_create(&p[i].thread, NULL, produce, &p[i]) != 0)
            die("no thread");
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(p[i].thread, NULL);
        wrong += p[i].wrong;
    }
    double s = (double)(time_steady_us() - start) / 1e6;
    printf("# %s, %d producers: %.0f transactions/s\n", t->engine, threads, threads * each / s);
    is_int(wrong, 0,
           NAME(threads == 1 ? "one producer: every answer is true"
                             : "32 producers: every answer is true, failures stay alone"));
}

static void cases(struct testdb *t)
{
    measure(t, 1, 400, 100);
    measure(t, MOST, 60, 200);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
