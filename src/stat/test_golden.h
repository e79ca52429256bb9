/* test_golden.h - reads the reference results of ../shared/golden for the tests of src/stat:
 * simple CSV (no quotes inside quotes) and one flat JSON object of numbers and arrays. */
#ifndef STAT_TEST_GOLDEN_H
#define STAT_TEST_GOLDEN_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN_DIR "../shared/golden/"

/* The text of a file, NULL where it is absent. */
static inline char *golden_file(const char *dir, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, GOLDEN_DIR "%s/%s", dir, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    char *text = calloc((size_t)n + 1, 1);
    size_t got = text ? fread(text, 1, (size_t)n, f) : 0;
    fclose(f);
    if (got != (size_t)n)
        abort();
    return text;
}

/* The numbers of key into out (null and text: NaN); how many, -1 if there is no such key. */
static inline int golden_get(const char *json, const char *key, double *out, int most)
{
    char quoted[128];
    snprintf(quoted, sizeof quoted, "\"%s\"", key);
    const char *p = strstr(json, quoted);
    if (!p)
        return -1;
    p += strlen(quoted);
    p += strspn(p, " \n\t:");
    bool array = *p == '[';
    int n = 0;
    for (p += array; *p && n < most;) {
        p += strspn(p, " \n\t,");
        if (*p == ']' || *p == '}')
            break;
        char *end;
        double v = strtod(p, &end);
        if (end == p || *p == 'n') {
            v = NAN;
            end = (char *)p + strcspn(p, ",]}");
        }
        out[n++] = v;
        p = end;
        if (!array)
            break;
    }
    return n;
}

static inline double golden_one(const char *json, const char *key)
{
    double v;
    if (golden_get(json, key, &v, 1) < 1) {
        printf("# no key %s\n", key);
        return -1e308;
    }
    return v;
}

/* One column of a CSV text by its name; *n rows; empty is NaN. Ends the test if it is absent. */
static inline double *golden_column(const char *csv, const char *name, size_t *n)
{
    size_t column = 0, found = SIZE_MAX;
    const char *p = csv;
    for (; *p && *p != '\n'; column++) {
        size_t len = strcspn(p, ",\n"), q = *p == '"';
        if (len - 2 * q == strlen(name) && strncmp(p + q, name, len - 2 * q) == 0)
            found = column;
        p += len + (p[len] == ',');
    }
    if (found == SIZE_MAX)
        abort();
    size_t cap = 1024;
    double *v = malloc(cap * sizeof *v);
    for (*n = 0; *p && p[1]; (*n)++) {
        p++;
        if (*n == cap)
            v = realloc(v, (cap *= 2) * sizeof *v);
        for (size_t c = 0; *p && *p != '\n'; c++) {
            size_t len = strcspn(p, ",\n"), q = *p == '"';
            if (c == found)
                v[*n] = len > 2 * q ? strtod(p + q, NULL) : NAN;
            p += len + (p[len] == ',');
        }
    }
    return v;
}

/* A column as whole numbers. */
static inline int64_t *golden_ids(const char *csv, const char *name, size_t *n)
{
    double *v = golden_column(csv, name, n);
    int64_t *id = malloc((*n + 1) * sizeof *id);
    for (size_t i = 0; i < *n; i++)
        id[i] = (int64_t)v[i];
    free(v);
    return id;
}

#endif
