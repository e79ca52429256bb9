/* tap.h - the Test Anything Protocol for our test programs: each prints "ok 1 - what holds" and
 * is run by prove. One include, no library; a test is an ordinary program for the debugger. */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_count, tap_failures;

static inline bool tap_ok(bool pass, const char *file, int line, const char *name)
{
    printf("%sok %d - %s\n", pass ? "" : "not ", ++tap_count, name);
    if (!pass) {
        tap_failures++;
        printf("#   at %s line %d\n", file, line);
    }
    fflush(stdout);
    return pass;
}

/* A condition holds. */
#define ok(cond, name) tap_ok((cond), __FILE__, __LINE__, (name))

/* Two strings are the same (NULL is a value of its own). */
#define is_str(got, want, name) tap_is_str((got), (want), __FILE__, __LINE__, (name))
static inline bool tap_is_str(const char *got, const char *want, const char *file, int line, const char *name)
{
    bool pass = got == want || (got && want && strcmp(got, want) == 0);
    tap_ok(pass, file, line, name);
    if (!pass)
        printf("#   got  %s\n#   want %s\n", got ? got : "(null)", want ? want : "(null)");
    return pass;
}

/* Two whole numbers are the same. */
#define is_int(got, want, name) tap_is_int((int64_t)(got), (int64_t)(want), __FILE__, __LINE__, (name))
static inline bool tap_is_int(int64_t got, int64_t want, const char *file, int line, const char *name)
{
    bool pass = got == want;
    tap_ok(pass, file, line, name);
    if (!pass)
        printf("#   got  %lld\n#   want %lld\n", (long long)got, (long long)want);
    return pass;
}

/* Two numbers agree within rel (relative to |want|, absolute below 1). */
#define is_num(got, want, rel, name) tap_is_num((got), (want), (rel), __FILE__, __LINE__, (name))
static inline bool tap_is_num(double got, double want, double rel, const char *file, int line, const char *name)
{
    double scale = fabs(want) > 1 ? fabs(want) : 1;
    bool pass = (isnan(got) && isnan(want)) || got == want || fabs(got - want) <= rel * scale;
    tap_ok(pass, file, line, name);
    if (!pass)
        printf("#   got  %.15g\n#   want %.15g\n", got, want);
    return pass;
}

/* A test that cannot run here says so and why. */
static inline void skip(const char *name, const char *why)
{
    printf("ok %d - %s # SKIP %s\n", ++tap_count, name, why);
}

/* The last line of main: `return done();` */
static inline int done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failures ? 1 : 0;
}

#endif
