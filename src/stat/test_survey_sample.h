/* test_survey_sample.h - the made-up sample of the survey tests: 3 strata of 4 PSUs of 2 second-stage units of
 * 2 persons. The same in R:
 *   i <- 0:47; s <- i %/% 16
 *   d <- data.frame(stratum = s, psu = i %/% 4, ssu = i %/% 2, w = 10 + (i*7) %% 5 + s, y = (i*37) %% 23 + s*2,
 *                   x = 5 + (i*11) %% 13, g = i %% 3, h = (i %/% 3) %% 2)
 *   d$n1 <- c(10, 12, 20)[s + 1]; d$n2 <- 6 + d$psu %% 3; d$over <- as.numeric(d$y > 19); d$cnt <- d$y %/% 4
 *   D1 <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = d)
 *   D2 <- svydesign(id = ~psu + ssu, strata = ~stratum, weights = ~w, fpc = ~n1 + n2, data = d) */
#ifndef STAT_TEST_SURVEY_SAMPLE_H
#define STAT_TEST_SURVEY_SAMPLE_H

#include "stat/survey.h"

enum { SAMPLE = 48 };

struct sample {
    int64_t stratum[SAMPLE], psu[SAMPLE], ssu[SAMPLE];
    double w[SAMPLE], y[SAMPLE], x[SAMPLE], n1[SAMPLE], n2[SAMPLE], over[SAMPLE], count[SAMPLE];
    int32_t g[SAMPLE], h[SAMPLE];
    bool in_h1[SAMPLE];
};

static inline struct sample *sample_make(void)
{
    static struct sample s;
    static const double size[] = {10, 12, 20};
    for (int i = 0; i < SAMPLE; i++) {
        int h = i / 16, y = i * 37 % 23 + h * 2;
        s.stratum[i] = h;
        s.psu[i] = i / 4;
        s.ssu[i] = i / 2;
        s.w[i] = 10 + i * 7 % 5 + h;
        s.y[i] = y;
        s.x[i] = 5 + i * 11 % 13;
        s.g[i] = i % 3;
        s.h[i] = i / 3 % 2;
        s.in_h1[i] = s.h[i] == 1;
        s.n1[i] = size[h];
        s.n2[i] = 6 + i / 4 % 3;
        s.over[i] = y > 19;
        s.count[i] = y / 4;
    }
    return &s;
}

/* D1 of the comment above, or D2 with two stages. */
static inline struct survey_design *sample_design(struct arena *a, const struct sample *s, int stages)
{
    struct survey_spec sp = {.n = SAMPLE, .n_stages = (size_t)stages, .strata = {s->stratum},
                             .ids = {s->psu, s->ssu}, .weight = s->w};
    if (stages == 2) {
        sp.fpc[0] = s->n1;
        sp.fpc[1] = s->n2;
    }
    struct survey_design *d = NULL;
    survey_design_new(a, &sp, &d, NULL);
    return d;
}

#endif
