/* test_survey_regress.c - regression of a complex sample against R's svyglm (survey 4.1.1, epsilon = 1e-15), and
 * ordinary least squares against the certified values of NIST's Statistical Reference Datasets. */
#include "stat/survey_regress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "stat/survey_table.h"
#include "stat/test_survey_sample.h"
#include "tap.h"

/* n x p: columns named by letters: 1 ones, x, h, g (two columns: g == 1, g == 2). */
static double *matrix(struct arena *a, const struct sample *s, const char *columns, size_t *p)
{
    *p = 0;
    for (const char *c = columns; *c; c++)
        *p += *c == 'g' ? 2 : 1;
    double *x = arena_array(a, SAMPLE * *p, sizeof *x);
    for (size_t i = 0; i < SAMPLE; i++) {
        double *to = x + i * *p;
        for (const char *c = columns; *c; c++) {
            if (*c == 'g') {
                *to++ = s->g[i] == 1;
                *to++ = s->g[i] == 2;
            } else {
                *to++ = *c == '1' ? 1 : *c == 'x' ? s->x[i] : s->h[i];
            }
        }
    }
    return x;
}

struct want {
    const char *name;
    double est[4], se[4], df, p1, dispersion, deviance, lower, upper; /* p1 and ends: of the second one */
};

static void same(const struct survey_regression *r, const struct want *w)
{
    char name[100];
    is_int(r->reason, STAT_REASON_NONE, w->name);
    for (size_t j = 0; j < r->p; j++) {
        snprintf(name, sizeof name, "%s: coefficient %zu", w->name, j);
        is_num(r->coef[j].est, w->est[j], 1e-9, name);
        snprintf(name, sizeof name, "%s: its error", w->name);
        is_num(r->coef[j].se, w->se[j], 1e-9, name);
    }
    snprintf(name, sizeof name, "%s: df, p, dispersion, deviance, interval", w->name);
    is_num(r->df, w->df, 0, name);
    is_num(r->coef[1].p, w->p1, 1e-9, name);
    is_num(r->dispersion, w->dispersion, 1e-9, name);
    is_num(r->deviance, w->deviance, 1e-9, name);
    is_num(r->coef[1].lower, w->lower, 1e-8, name);
    is_num(r->coef[1].upper, w->upper, 1e-8, name);
}

static void test_linear(struct arena *a, const struct sample *s)
{
    static const struct want one = {
        "y ~ x + g", {17.0854904717414762, -0.2948298537380966, -1.5432059360997499, -0.3119890730948807},
        {2.0113833233975238, 0.1740208677610437, 2.6629527648678986, 3.4079498815418008}, 6,
        0.1411611879387938695, 45.67882658637876, 2146.904849559802, -0.7206435774091255, 0.1309838699329324};
    static const struct want two = {
        "y ~ x + g, two stages", {17.0854904717414762, -0.2948298537380966, -1.5432059360997499, -0.3119890730948807},
        {2.3607915406817184, 0.1816730385825471, 2.4907340544784575, 3.0738139382121341}, 6,
        0.155745787763983762, 45.67882658637876, 2146.904849559802, -0.7393677648792480, 0.1497080574030549};
    static const struct want domain = {
        "y ~ x in a domain", {14.3646173149309924, -0.1544228356336266},
        {5.2686355526258950, 0.4062002131601393}, 8, 0.71371805234233510,
        49.08917924251453, 1129.051122577834, -1.0911222069017212, 0.7822765356344681};
    struct survey_design *d = sample_design(a, s, 1);
    struct survey_regress_spec sp = {.family = SURVEY_GAUSSIAN, .y = s->y};
    sp.x = matrix(a, s, "1xg", &sp.p);
    struct survey_regression r = survey_regress(a, d, &sp);
    same(&r, &one);
    is_num(r.cov[4 + 2], -0.213553095875649, 1e-9, "covariance of two coefficients");
    struct survey_test t = survey_regress_wald(a, &r, (size_t[]){2, 3}, 2);
    is_num(t.statistic, 0.19123728158387, 1e-10, "regTermTest of the groups");
    is_num(t.p, 0.8307808423846, 1e-10, "its p");
    r = survey_regress(a, sample_design(a, s, 2), &sp);
    same(&r, &two);
    sp.domain = s->in_h1;
    sp.x = matrix(a, s, "1x", &sp.p);
    r = survey_regress(a, d, &sp);
    same(&r, &domain);
    ok(isnan(r.fitted[0]) && !isnan(r.fitted[3]), "fitted values are those of the domain");
}

static void test_links(struct arena *a, const struct sample *s)
{
    static const struct want logit = {
        "over ~ x + h", {-0.04589721449954961, -0.09298165993402295, -0.31389868681811767},
        {0.8981625443264993, 0.0915724145152568, 0.8277516456053018}, 7,
        0.3437240321058037, 1.031952156235974, 50.6225680809824, -0.3095160120737063, 0.1235526922056606};
    static const struct want logit2 = {
        "over ~ x + h, two stages", {-0.04589721449954961, -0.09298165993402295, -0.31389868681811767},
        {0.84551865270490778, 0.08495635333083139, 0.77941785970193878}, 7,
        0.3099756591906834, 1.031952156235974, 50.6225680809824, -0.2938715133469923, 0.1079081934789466};
    static const struct want poisson = {
        "count ~ x + h", {1.32557345035622776, -0.01907898420392666, -0.09176762657620052},
        {0.13720944451694270, 0.01092485505829209, 0.12739149123817850}, 7,
        1.242468474118705e-01, 1.086445066527085, 63.91915696983963, -0.044912161419900246, 0.006754193012046952};
    static const struct want offset = {
        "count ~ h + offset(log x)", {-1.1343244100360945, -0.3943587975423798},
        {0.1382704409610746, 0.1769735252560927}, 8,
        5.644216541919480e-02, 1.819017650034682, 87.95653512647543, -0.80246047860458836, 0.01374288351982872};
    struct survey_design *d = sample_design(a, s, 1);
    struct survey_regress_spec sp = {.family = SURVEY_BINOMIAL, .y = s->over, .tolerance = 1e-15};
    sp.x = matrix(a, s, "1xh", &sp.p);
    struct survey_regression r = survey_regress(a, d, &sp);
    same(&r, &logit);
    static const double at[] = {1, 8, 1};
    struct survey_estimate e = survey_regress_predict(&r, SURVEY_BINOMIAL, at, 0.95, true);
    is_num(e.est, 0.249056772455182, 1e-10, "a predicted share");
    is_num(e.se, 0.110911052741945, 1e-9, "its error");
    e = survey_regress_predict(&r, SURVEY_BINOMIAL, at, 0.95, false);
    is_num(e.se, 0.593020036027997, 1e-9, "the error of its log odds");
    r = survey_regress(a, sample_design(a, s, 2), &sp);
    same(&r, &logit2);
    sp = (struct survey_regress_spec){.family = SURVEY_POISSON, .y = s->count, .p = 3, .x = sp.x, .tolerance = 1e-15};
    r = survey_regress(a, d, &sp);
    same(&r, &poisson);
    double logs[SAMPLE];
    for (int i = 0; i < SAMPLE; i++)
        logs[i] = log(s->x[i]);
    sp.offset = logs;
    sp.x = matrix(a, s, "1h", &sp.p);
    r = survey_regress(a, d, &sp);
    same(&r, &offset);
}

static void test_calibrated(struct arena *a, const struct sample *s)
{
    static const struct want linear = {
        "y ~ x, post-stratified", {17.0003737419450189, -0.3500570432486204},
        {1.9821990762559702, 0.1770358780476922}, 8, 0.0833935274914762714,
        45.11892149970445, 2120.589310486109, -0.75830251010609895, 0.05818842360885818};
    static const struct want logit = {
        "over ~ x, post-stratified", {0.007216875938570567, -0.113530648073389959},
        {0.93186817351254836, 0.08864782022313265}, 8, 0.2361806762488627,
        1.029157112954273, 50.19998336400641, -0.31795288808476929, 0.09089159193798939};
    static const double of_g[] = {200, 250, 180};
    struct survey_margin m = {s->g, 3, of_g};
    struct survey_design *ps;
    survey_poststratify(a, sample_design(a, s, 1), &m, &ps);
    struct survey_regress_spec sp = {.family = SURVEY_GAUSSIAN, .y = s->y};
    sp.x = matrix(a, s, "1x", &sp.p);
    struct survey_regression r = survey_regress(a, ps, &sp);
    same(&r, &linear);
    sp.family = SURVEY_BINOMIAL;
    sp.y = s->over;
    sp.tolerance = 1e-15;
    r = survey_regress(a, ps, &sp);
    same(&r, &logit);
}

static void test_refusals(struct arena *a, const struct sample *s)
{
    struct survey_design *d = sample_design(a, s, 1);
    double y[SAMPLE], x[SAMPLE * 3];
    for (int i = 0; i < SAMPLE; i++) {
        y[i] = s->x[i] > 10;
        x[3 * i] = 1;
        x[3 * i + 1] = s->x[i];
        x[3 * i + 2] = 2 * s->x[i] - 3;
    }
    struct survey_regress_spec sp = {.family = SURVEY_BINOMIAL, .y = y, .p = 2};
    sp.x = matrix(a, s, "1x", &sp.p);
    struct survey_regression r = survey_regress(a, d, &sp);
    is_int(r.reason, STAT_REASON_NOT_CONVERGED, "groups that separate perfectly have no log odds");
    ok(r.coef == NULL && isnan(r.deviance), "and give no figures");
    sp = (struct survey_regress_spec){.family = SURVEY_GAUSSIAN, .y = s->y, .p = 3, .x = x};
    r = survey_regress(a, d, &sp);
    ok(r.status == STAT_FLAG && r.reason == STAT_REASON_SINGULAR && r.rank == 2, "a doubled column is told");
    ok(r.coef[2].left_out && isnan(r.coef[2].se) && r.coef[1].se > 0, "and left out");
    is_int(survey_regress_wald(a, &r, (size_t[]){2}, 1).reason, STAT_REASON_INVALID, "it cannot be tested");
    y[7] = -1;
    sp = (struct survey_regress_spec){.family = SURVEY_POISSON, .y = y, .p = 3, .x = x};
    r = survey_regress(a, d, &sp);
    ok(r.reason == STAT_REASON_INVALID && r.bad_row == 7, "a negative count is refused with its row");
    memcpy(y, s->y, sizeof y);
    y[3] = NAN;
    sp = (struct survey_regress_spec){.family = SURVEY_GAUSSIAN, .y = y};
    sp.x = matrix(a, s, "1x", &sp.p);
    r = survey_regress(a, d, &sp);
    ok(r.n == SAMPLE - 1 && r.n_missing == 1, "a row without an answer is left out and counted");
}

/* --- certified least squares (NIST StRD, strd.itl.nist.gov) ----------------------------------------------------- */

static struct survey_regression ordinary(struct arena *a, size_t n, size_t p, const double *x, const double *y)
{
    struct survey_spec sp = {.n = n};
    struct survey_design *d;
    survey_design_new(a, &sp, &d, NULL);
    struct survey_regress_spec rs = {.family = SURVEY_GAUSSIAN, .y = y, .p = p, .x = x};
    return survey_regress(a, d, &rs);
}

static void certified(const struct survey_regression *r, const double *est, const double *se, double sd, double tol,
                      const char *name)
{
    for (size_t j = 0; j < r->p; j++) {
        is_num(r->coef[j].est, est[j], tol, name);
        is_num(sqrt(r->model_cov[j * r->p + j]), se[j], tol, name);
    }
    is_num(r->residual_sd, sd, tol, name);
}

static void test_certified(struct arena *a)
{
    static const double norris[36][2] = {
        {0.1, 0.2}, {338.8, 337.4}, {118.1, 118.2}, {888.0, 884.6}, {9.2, 10.1}, {228.1, 226.5},
        {668.5, 666.3}, {998.5, 996.3}, {449.1, 448.6}, {778.9, 777.0}, {559.2, 558.2}, {0.3, 0.4},
        {0.1, 0.6}, {778.1, 775.5}, {668.8, 666.9}, {339.3, 338.0}, {448.9, 447.5}, {10.8, 11.6},
        {557.7, 556.0}, {228.3, 228.1}, {998.0, 995.8}, {888.8, 887.6}, {119.6, 120.2}, {0.3, 0.3},
        {0.6, 0.3}, {557.6, 556.8}, {339.3, 339.1}, {888.0, 887.2}, {998.5, 999.0}, {778.9, 779.0},
        {10.2, 11.1}, {117.6, 118.3}, {228.9, 229.2}, {668.4, 669.1}, {449.2, 448.9}, {0.2, 0.5}};
    static const double longley[16][7] = {
        {60323, 83.0, 234289, 2356, 1590, 107608, 1947}, {61122, 88.5, 259426, 2325, 1456, 108632, 1948},
        {60171, 88.2, 258054, 3682, 1616, 109773, 1949}, {61187, 89.5, 284599, 3351, 1650, 110929, 1950},
        {63221, 96.2, 328975, 2099, 3099, 112075, 1951}, {63639, 98.1, 346999, 1932, 3594, 113270, 1952},
        {64989, 99.0, 365385, 1870, 3547, 115094, 1953}, {63761, 100.0, 363112, 3578, 3350, 116219, 1954},
        {66019, 101.2, 397469, 2904, 3048, 117388, 1955}, {67857, 104.6, 419180, 2822, 2857, 118734, 1956},
        {68169, 108.4, 442769, 2936, 2798, 120445, 1957}, {66513, 110.8, 444546, 4681, 2637, 121950, 1958},
        {68655, 112.6, 482704, 3813, 2552, 123366, 1959}, {69564, 114.2, 502601, 3931, 2514, 125368, 1960},
        {69331, 115.7, 518173, 4806, 2572, 127852, 1961}, {70551, 116.9, 554894, 4007, 2827, 130081, 1962}};
    double x[36 * 7], y[36];
    for (int i = 0; i < 36; i++) {
        x[2 * i] = 1;
        x[2 * i + 1] = norris[i][1];
        y[i] = norris[i][0];
    }
    struct survey_regression r = ordinary(a, 36, 2, x, y);
    certified(&r, (double[]){-0.262323073774029, 1.00211681802045},
              (double[]){0.232818234301152, 0.429796848199937E-03}, 0.884796396144373, 1e-11, "NIST Norris");
    for (int i = 0; i < 16; i++) {
        y[i] = longley[i][0];
        memcpy(x + i * 7, longley[i], sizeof longley[i]);
        x[i * 7] = 1;
    }
    r = ordinary(a, 16, 7, x, y);
    certified(&r,
              (double[]){-3482258.63459582, 15.0618722713733, -0.358191792925910E-01, -2.02022980381683,
                         -1.03322686717359, -0.511041056535807E-01, 1829.15146461355},
              (double[]){890420.383607373, 84.9149257747669, 0.334910077722432E-01, 0.488399681651699,
                         0.214274163161675, 0.226073200069370, 455.478499142212},
              304.854073561965, 1e-8, "NIST Longley");
    for (int i = 0; i <= 10; i++) {
        x[i] = 60 + i;
        y[i] = 130 + i;
    }
    r = ordinary(a, 11, 1, x, y);
    certified(&r, (double[]){2.07438016528926}, (double[]){0.165289256198347E-01}, 3.56753034006338, 1e-12,
              "NIST NoInt1");
    static const double wampler2[] = {1, 0.1, 0.01, 0.001, 0.0001, 0.00001};
    for (int which = 1; which <= 2; which++) {
        double px[21 * 6], py[21];
        for (int i = 0; i < 21; i++) {
            py[i] = 0;
            for (int j = 0; j < 6; j++) {
                px[i * 6 + j] = pow(i, j);
                py[i] += (which == 1 ? 1 : wampler2[j]) * px[i * 6 + j];
            }
        }
        r = ordinary(a, 21, 6, px, py);
        for (int j = 0; j < 6; j++)
            is_num(r.coef[j].est, which == 1 ? 1 : wampler2[j], 1e-8, which == 1 ? "NIST Wampler1" : "NIST Wampler2");
        ok(r.residual_sd < 1e-6, "an exact fit leaves nothing");
    }
}

static void test_scatter(struct arena *a, const struct sample *s)
{
    struct survey_rules none = survey_rules_none();
    struct survey_design *d = sample_design(a, s, 1), *d2 = sample_design(a, s, 2);
    struct survey_estimate e = survey_variance(a, d, s->y, NULL, &none); /* svyvar(~y, D1) */
    is_num(e.est, 47.615486906710309, 1e-12, "the variance among the people");
    is_num(e.se, 3.931804959979011, 1e-12, "its error");
    e = survey_codeviation(a, d2, s->x, s->y, NULL, &none); /* svyvar(~x + y, D2)[1, 2] */
    is_num(e.est, -4.713379705400983, 1e-12, "the covariance of two answers");
    is_num(e.se, sqrt(8.155384876110009), 1e-12, "its error counts both stages");
    e = survey_variance(a, d, s->y, s->in_h1, &none);
    is_num(e.est, 49.343432005009475, 1e-12, "the variance in a domain");
    is_num(e.se, 7.147680556939776, 1e-12, "its error");
    struct survey_rules normal = none;
    normal.interval = SURVEY_INTERVAL_NORMAL;
    e = survey_mean(a, d, s->y, NULL, &normal); /* confint(svymean(~y, D1)) */
    is_num(e.lower, 11.95708745407434, 1e-12, "a normal interval, lower end");
    is_num(e.upper, 14.41791254592566, 1e-12, "upper end");
}

static void test_tables(struct arena *a, const struct sample *s)
{
    static const double share_se[] = {0.03931568882536889, 0.03864923490514734, 0.03909682286250252,
                                      0.03833024043651444, 0.03864885627523053, 0.03855426506825461};
    static const double total[] = {103, 102, 104, 104, 106, 105};
    static const double total_se[] = {24.81263119192857, 24.13848932030889, 24.72515588087026,
                                      23.65022903342235, 24.13848932030889, 23.74166520416516};
    struct survey_rules none = survey_rules_none();
    struct survey_design *d = sample_design(a, s, 1);
    struct survey_estimate e[6], by[3];
    survey_table(a, d, s->g, 3, s->h, 2, SURVEY_TABLE_SHARE, NULL, &none, e);
    for (int i = 0; i < 6; i++) {
        is_num(e[i].est, total[i] / 624, 1e-12, "a cell's share");
        is_num(e[i].se, share_se[i], 1e-10, "its error");
    }
    double cov[36];
    survey_covariances(a, d, e, 6, cov);
    is_num(cov[7], share_se[1] * share_se[1], 1e-10, "the diagonal holds the variances");
    double row = 0;
    for (int j = 0; j < 6; j++)
        row += cov[j];
    ok(fabs(row) < 1e-15, "shares that add up to one have covariances that add up to zero");
    survey_table(a, d, s->g, 3, s->h, 2, SURVEY_TABLE_TOTAL, NULL, &none, e);
    for (int i = 0; i < 6; i++) {
        is_num(e[i].est, total[i], 1e-12, "people in a cell");
        is_num(e[i].se, total_se[i], 1e-10, "their error");
    }
    survey_table(a, d, s->g, 3, s->h, 2, SURVEY_TABLE_ROW, NULL, &none, e);
    is_num(e[4].est, 0.502369668246445, 1e-12, "the share of a row");
    is_num(e[4].se, 0.098718771753330, 1e-12, "its error");
    survey_table(a, d, s->h, 2, s->g, 3, SURVEY_TABLE_COLUMN, NULL, &none, e);
    is_num(e[2].est, 0.502369668246445, 1e-12, "the same as the share of a column");
    is_num(e[2].se, 0.098718771753330, 1e-12, "and its error");
    survey_ratio_by(a, d, s->y, s->x, s->g, 3, &none, by);
    is_num(by[1].est, 1.031173092698934, 1e-12, "a ratio by group");
    is_num(by[1].se, 0.187342166403057, 1e-12, "its error");
    survey_total_by(a, d, s->y, s->g, 3, &none, by);
    is_num(by[2].est, 2844, 1e-12, "a total by group");
    is_num(by[2].se, 581.899762272965, 1e-12, "its error");
    survey_proportion_by(a, d, s->over, s->h, 2, &none, by);
    survey_mean_by(a, d, s->over, s->h, 2, &none, e);
    ok(by[1].est == e[1].est && by[1].interval != SURVEY_INTERVAL_T, "a share by group has the intervals of shares");
}

int main(void)
{
    struct arena *a = arena_new((size_t)256 << 20);
    const struct sample *s = sample_make();
    test_linear(a, s);
    test_links(a, s);
    test_calibrated(a, s);
    test_refusals(a, s);
    test_certified(a);
    test_scatter(a, s);
    test_tables(a, s);
    arena_free(a);
    return done();
}
