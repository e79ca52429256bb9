/* bench.c - the main program of every case of `make bench-stat`.
 *
 *   case generate FOLDER [SIZE]         writes the CSV files
 *   case run FOLDER THREADS RESULT      works, writes seconds, results and peak memory into RESULT */
#include "bench.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/arena.h"

_Noreturn void bench_die(const char *message)
{
    fprintf(stderr, "%s\n", message);
    exit(1);
}

static FILE *open_or_die(const char *path, const char *mode)
{
    FILE *f = fopen(path, mode);
    if (!f) {
        perror(path);
        exit(1);
    }
    return f;
}

static FILE *open_csv(const struct bench *b, const char *name, const char *mode)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.csv", b->folder, name);
    return open_or_die(path, mode);
}

FILE *bench_create(const struct bench *b, const char *name)
{
    return open_csv(b, name, "w");
}

/* --- reading --------------------------------------------------------------------------------------- */

static size_t count_lines(FILE *f)
{
    static char buffer[1 << 16];
    size_t lines = 0, got;
    while ((got = fread(buffer, 1, sizeof buffer, f)) > 0)
        for (const char *p = buffer; (p = memchr(p, '\n', (size_t)(buffer + got - p))); p++)
            lines++;
    rewind(f);
    return lines;
}

static void store(struct bench_column *c, size_t row, const char *field)
{
    char *end;
    double d = strtod(field, &end);
    if (end == field)
        d = NAN;
    if (c->type == BENCH_DOUBLE)
        ((double *)c->data)[row] = d;
    else if (c->type == BENCH_INT64)
        ((int64_t *)c->data)[row] = isnan(d) ? -1 : strtoll(field, NULL, 10);
    else
        ((int32_t *)c->data)[row] = isnan(d) ? -1 : (int32_t)d;
}

size_t bench_read(const struct bench *b, const char *name, struct bench_column *columns, size_t n)
{
    static char line[1 << 20];
    FILE *f = open_csv(b, name, "r");
    size_t rows = count_lines(f), wanted = 0, *column_of = calloc(4096, sizeof *column_of), fields = 0;
    if (rows-- == 0 || !column_of || !fgets(line, sizeof line, f))
        bench_die("the file is empty");
    for (char *save, *h = strtok_r(line, ",\r\n", &save); h && fields < 4096;
         h = strtok_r(NULL, ",\r\n", &save), fields++) {
        column_of[fields] = SIZE_MAX;
        for (size_t i = 0; i < n; i++)
            if (strcmp(columns[i].header, h) == 0) {
                column_of[fields] = i;
                wanted++;
            }
    }
    if (wanted != n)
        bench_die("a column is missing");
    for (size_t i = 0; i < n; i++) {
        columns[i].data = malloc((rows + 1) * (columns[i].type == BENCH_INT32 ? 4 : 8));
        if (!columns[i].data)
            bench_die("out of memory");
    }
    for (size_t row = 0; row < rows && fgets(line, sizeof line, f); row++) {
        char *field = line;
        for (size_t i = 0; i < fields; i++) {
            size_t length = strcspn(field, ",\r\n");
            bool last = field[length] != ',';
            field[length] = 0;
            if (column_of[i] != SIZE_MAX)
                store(&columns[column_of[i]], row, field);
            if (last != (i + 1 == fields))
                bench_die("a row has too few or too many fields");
            field += length + 1;
        }
    }
    free(column_of);
    fclose(f);
    return rows;
}

/* --- the clock and the results --------------------------------------------------------------------- */

static double now(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void bench_start(struct bench *b)
{
    b->elapsed = now(CLOCK_MONOTONIC);
    b->processor = now(CLOCK_PROCESS_CPUTIME_ID);
}

void bench_stop(struct bench *b, const char *work)
{
    double processor = now(CLOCK_PROCESS_CPUTIME_ID) - b->processor;
    fprintf(b->out, "work\t%s\t%.6f\t%.6f\n", work, processor, now(CLOCK_MONOTONIC) - b->elapsed);
}

void bench_values(struct bench *b, const char *name, const double *x, size_t n, double tolerance)
{
    fprintf(b->out, "values\t%s\t%g\t%zu", name, tolerance, n);
    for (size_t i = 0; i < n; i++)
        fprintf(b->out, "\t%.17g", x[i]);
    fputc('\n', b->out);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "title") == 0)
        return puts(bench_title) < 0;
    struct bench b = {.arena = arena_new((size_t)8 << 30), .folder = argc > 2 ? argv[2] : ".", .threads = 1};
    if (argc >= 3 && strcmp(argv[1], "generate") == 0) {
        bench_generate(&b, argc > 3 ? strtod(argv[3], NULL) : 1);
        arena_free(b.arena);
        return 0;
    }
    if (argc != 5 || strcmp(argv[1], "run") != 0)
        bench_die("usage: case title | generate FOLDER [SIZE] | run FOLDER THREADS RESULT");
    b.threads = (int)strtol(argv[3], NULL, 10);
    b.out = open_or_die(argv[4], "w");
    bench_run(&b);
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    fprintf(b.out, "peak\t%ld\n", use.ru_maxrss);
    arena_free(b.arena);
    return fclose(b.out) != 0;
}
