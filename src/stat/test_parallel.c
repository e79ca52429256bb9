/* test_parallel.c - the same bytes whatever the number of threads; stopping. */
#include "stat/parallel.h"

#include "stat/rng.h"
#include "tap.h"

#include <stdlib.h>

enum { TASKS = 500 };
struct sums { double of[TASKS]; int runs[TASKS]; };

static void draw(void *arg, size_t i, unsigned thread)
{
    struct sums *s = arg;
    struct rng r = rng_stream(3, "test", i);
    (void)thread;
    for (size_t k = 0; k < 20 + i % 7 * 100; k++)
        s->of[i] += rng_normal(&r);
    s->runs[i]++;
}

static bool until_hundred(void *arg, size_t done, size_t all)
{
    (void)all;
    *(size_t *)arg = done;
    return done < 100;
}

int main(void)
{
    static struct sums one, many[3];
    ok(stat_parallel(NULL, TASKS, draw, &one), "without anybody watching, one thread does all tasks");
    for (int t = 0; t < 3; t++) {
        struct stat_run run = {.threads = (unsigned[]){2, 7, 1000}[t]};
        stat_parallel(&run, TASKS, draw, &many[t]);
        char text[64];
        snprintf(text, sizeof text, "%u threads give the same bytes, each task once", run.threads);
        ok(memcmp(&many[t], &one, sizeof one) == 0, text);
    }
    static struct sums part;
    size_t seen = 0;
    struct stat_run run = {.threads = 2, .go_on = until_hundred, .arg = &seen};
    ok(!stat_parallel(&run, TASKS, draw, &part), "a caller who says no stops the rest");
    size_t ran = 0;
    for (int i = 0; i < TASKS; i++)
        ran += (size_t)part.runs[i];
    ok(ran >= 100 && ran < TASKS && seen >= 100, "the tasks after it were not run");
    ok(stat_parallel(&run, 0, draw, &part), "no tasks are done at once");
    ok(stat_go_on(NULL, 1, 2) && !stat_go_on(&run, 100, 200), "a loop can ask by itself");
    return done();
}
