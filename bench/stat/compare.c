/* compare.c - the table of one case of `make bench-stat`.
 *
 *   compare TITLE R-RESULT... -- OURS-ON-ONE-THREAD... -- OURS-ON-TWO...
 *
 * Every result file is of one run; the smallest seconds and memory of the runs count. Exit status 1:
 * results do not agree within their tolerance, or differ between one thread and two. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORKS = 64, VALUES = 256 };

struct values {
    char *name;
    double tolerance, *x;
    size_t n;
};

struct side {
    size_t runs, n_work, n_values;
    char *work[WORKS];
    double processor[WORKS], elapsed[WORKS], peak;
    struct values values[VALUES];
};

static void *must(void *p)
{
    if (!p) {
        fputs("out of memory\n", stderr);
        exit(2);
    }
    return p;
}

static void add_work(struct side *s, const char *name, double processor, double elapsed)
{
    size_t i = 0;
    while (i < s->n_work && strcmp(s->work[i], name) != 0)
        i++;
    if (i == WORKS)
        return;
    if (i == s->n_work) {
        s->work[s->n_work++] = must(strdup(name));
        s->processor[i] = s->elapsed[i] = INFINITY;
    }
    s->processor[i] = fmin(s->processor[i], processor);
    s->elapsed[i] = fmin(s->elapsed[i], elapsed);
}

/* Results are kept of the first run. */
static void add_values(struct side *s, char *rest)
{
    if (s->runs > 1 || s->n_values == VALUES)
        return;
    struct values *v = &s->values[s->n_values++];
    v->name = must(strdup(strsep(&rest, "\t")));
    v->tolerance = atof(rest ? strsep(&rest, "\t") : "0");
    v->n = rest ? strtoul(strsep(&rest, "\t"), NULL, 10) : 0;
    v->x = must(calloc(v->n + 1, sizeof *v->x));
    for (size_t i = 0; i < v->n; i++)
        v->x[i] = rest ? strtod(strsep(&rest, "\t"), NULL) : NAN;
}

static void read_result(struct side *s, const char *path)
{
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;
    ssize_t got;
    if (!f) {
        perror(path);
        exit(2);
    }
    s->runs++;
    if (s->runs == 1)
        s->peak = INFINITY;
    while ((got = getline(&line, &size, f)) > 0) {
        line[got - 1] = 0;
        char *rest = line, *kind = strsep(&rest, "\t");
        if (rest && strcmp(kind, "work") == 0) {
            char *name = strsep(&rest, "\t"), *processor = rest ? strsep(&rest, "\t") : NULL;
            if (rest)
                add_work(s, name, atof(processor), atof(rest));
        } else if (rest && strcmp(kind, "values") == 0) {
            add_values(s, rest);
        } else if (rest && strcmp(kind, "peak") == 0) {
            s->peak = fmin(s->peak, atof(rest) / 1024);
        }
    }
    free(line);
    fclose(f);
}

/* --- agreement --------------------------------------------------------------------------------------- */

/* The largest relative difference; of values near zero, relative to a millionth of the largest. */
static double difference(const struct values *r, const struct values *c)
{
    double scale = 0, worst = r->n == c->n ? 0 : INFINITY;
    for (size_t i = 0; i < r->n && r->n == c->n; i++)
        if (isfinite(r->x[i]))
            scale = fmax(scale, fabs(r->x[i]));
    for (size_t i = 0; i < r->n && r->n == c->n; i++) {
        double a = r->x[i], b = c->x[i];
        if (a == b || (isnan(a) && isnan(b)))
            continue;
        double d = fabs(a - b) / fmax(fabs(a), 1e-6 * scale);
        worst = isnan(d) ? INFINITY : fmax(worst, d);
    }
    return worst;
}

static const struct values *find(const struct side *s, const char *name)
{
    for (size_t i = 0; i < s->n_values; i++)
        if (strcmp(s->values[i].name, name) == 0)
            return &s->values[i];
    return NULL;
}

static bool print_agreement(const struct side *r, const struct side *c)
{
    bool good = true;
    for (size_t i = 0; i < c->n_values; i++) {
        const struct values *ours = &c->values[i], *theirs = find(r, ours->name);
        double d = theirs ? difference(theirs, ours) : INFINITY;
        bool within = d <= ours->tolerance;
        good &= within;
        printf("%s: %zu values, largest relative difference %.1e%s\n", ours->name, ours->n, d,
               within ? "" : " - TOO LARGE");
    }
    return good;
}

static bool same_bits(const struct side *one, const struct side *two)
{
    bool same = one->n_values == two->n_values;
    for (size_t i = 0; same && i < one->n_values; i++)
        same = one->values[i].n == two->values[i].n &&
               memcmp(one->values[i].x, two->values[i].x, one->values[i].n * sizeof(double)) == 0;
    return same;
}

/* --- the table --------------------------------------------------------------------------------------- */

static void print_row(const char *name, double r, double r_elapsed, double c1, double c2, double c2_elapsed)
{
    printf("| %s | %.2f | %.3f | %.0f× | %.3f | %.0f× | %.3f | %.0f× |\n", name, r, c1, r / c1, c2, r / c2,
           c2_elapsed, r_elapsed / c2_elapsed);
}

static double of_work(const struct side *s, const double *seconds, const char *name)
{
    for (size_t i = 0; i < s->n_work; i++)
        if (strcmp(s->work[i], name) == 0)
            return seconds[i];
    return NAN;
}

static double total(const struct side *r, const struct side *s, const double *seconds)
{
    double sum = 0;
    for (size_t i = 0; i < r->n_work; i++)
        sum += of_work(s, seconds, r->work[i]);
    return sum;
}

int main(int argc, char **argv)
{
    static struct side side[3];
    int which = 0;
    for (int i = 2; i < argc && which < 3; i++) {
        if (strcmp(argv[i], "--") == 0)
            which++;
        else
            read_result(&side[which], argv[i]);
    }
    const struct side *r = &side[0], *one = &side[1], *two = &side[2];
    if (!r->runs || !one->runs || !two->runs) {
        fputs("usage: compare TITLE R-RESULT... -- OURS-1... -- OURS-2...\n", stderr);
        return 2;
    }
    printf("### %s\n\n", argv[1]);
    puts("| work | R, s | ours, s | ratio | ours, 2 threads, s | ratio | elapsed, s | ratio |");
    puts("|---|---|---|---|---|---|---|---|");
    for (size_t i = 0; i < r->n_work; i++)
        print_row(r->work[i], r->processor[i], r->elapsed[i], of_work(one, one->processor, r->work[i]),
                  of_work(two, two->processor, r->work[i]), of_work(two, two->elapsed, r->work[i]));
    if (r->n_work > 1)
        print_row("together", total(r, r, r->processor), total(r, r, r->elapsed),
                  total(r, one, one->processor), total(r, two, two->processor), total(r, two, two->elapsed));
    printf("\npeak memory: R %.0f MiB, ours %.0f MiB, with 2 threads %.0f MiB\n", r->peak, one->peak, two->peak);
    bool agree = print_agreement(r, one), same = same_bits(one, two);
    printf("one thread and two: %s\n\n", same ? "the same figures" : "DIFFERENT FIGURES");
    return agree && same ? 0 : 1;
}
