/* test_mat.c - linear algebra against closed forms and certified regressions. */
#include "stat/mat.h"

#include "base/arena.h"
#include "stat/rng.h"
#include "tap.h"

static double worst(size_t n, const double *got, const double *want)
{
    double w = 0;
    for (size_t i = 0; i < n; i++)
        w = fmax(w, isnan(got[i]) ? INFINITY : fabs(got[i] - want[i]));
    return w;
}

/* The second difference: eigenvalues 2 - 2 cos(j pi/(k + 1)), determinant k + 1, inverse
 * min(i, j) (k + 1 - max(i, j))/(k + 1), counting from 1. */
static double *second_difference(struct arena *a, size_t k)
{
    double *m = arena_array(a, k * k, sizeof *m);
    for (size_t i = 0; i < k; i++) {
        m[i * k + i] = 2;
        if (i)
            m[i * k + i - 1] = m[(i - 1) * k + i] = -1;
    }
    return m;
}

static void test_symmetric(struct arena *a)
{
    enum { K = 30 };
    double *m = second_difference(a, K), *l = second_difference(a, K), inv[K * K], value[K],
           vector[K * K], want[K * K], eigen[K], back[K * K];
    for (size_t i = 0; i < K; i++) {
        eigen[i] = 2 - 2 * cos(acos(-1) * (double)(K - i) / (K + 1));
        for (size_t j = 0; j < K; j++)
            want[i * K + j] = (double)((i < j ? i : j) + 1) * (double)(K - (i < j ? j : i)) / (K + 1);
    }
    ok(mat_cholesky(l, K) && l[1] == 0, "a definite matrix has its factor, with zeros above");
    is_num(mat_cholesky_logdet(l, K), log(K + 1), 1e-13, "log determinant");
    double b[K] = {0};
    b[3] = 1;
    mat_cholesky_solve(l, K, b, false);
    ok(worst(K, b, want + 3 * K) < 1e-13, "solving gives the column of the inverse");
    ok(mat_invert(a, m, K, inv) && worst(K * K, inv, want) < 1e-12, "inverse");
    ok(mat_eigen(a, m, K, value, vector) && worst(K, value, eigen) < 1e-13, "eigenvalues");
    memset(back, 0, sizeof back);
    for (size_t j = 0; j < K; j++)
        for (size_t r = 0; r < K; r++)
            for (size_t c = 0; c < K; c++)
                back[r * K + c] += value[j] * vector[j * K + r] * vector[j * K + c];
    ok(worst(K * K, back, m) < 1e-13, "eigenvectors make the matrix again");
    mat_eigenvalues(m, K, value);
    ok(worst(K, value, eigen) < 1e-13, "eigenvalues alone are the same");
    double semi[4] = {1, 2, 2, 4}, nan[4] = {1, NAN, NAN, 1};
    ok(!mat_cholesky(semi, 2) && !mat_cholesky(nan, 2), "a matrix of lower rank or with NaN has no factor");
}

static void test_general(struct arena *a)
{
    /* Hilbert's matrix of order 6: determinant 5.3673e-18, inverse of whole numbers. */
    enum { K = 6 };
    double h[K * K], inv[K * K], prod[K * K], one[K * K] = {0};
    for (size_t i = 0; i < K * K; i++)
        h[i] = 1 / (double)(i / K + i % K + 1);
    for (size_t i = 0; i < K; i++)
        one[i * K + i] = 1;
    int sign;
    is_num(mat_logdet(a, h, K, &sign), -log(186313420339200000.0), 1e-9, "Hilbert: log determinant");
    is_int(sign, 1, "and its sign");
    ok(mat_invert_general(a, h, K, inv) && fabs(inv[0] / 36 - 1) < 1e-8 &&
           fabs(inv[1] / -630 - 1) < 1e-8 && fabs(inv[2 * K] / 3360 - 1) < 1e-8,
       "Hilbert: the inverse's whole numbers");
    double r[9] = {0, 2, 1, 1, 0, 0, 3, 0, 5}, b[6] = {4, 1, 1, 0, 18, 5}, x[6],
           want[6] = {1, 0, .5, 0, 3, 1};
    /* rows 0 2 1, 1 0 0, 3 0 5 with x = (1, .5, 3) and (0, 0, 1) */
    ok(mat_lu_solve(a, r, 3, b, 2, x) && worst(6, x, want) < 1e-15,
       "two right sides at once, with row exchange");
    is_num(mat_logdet(a, r, 3, &sign), log(10), 1e-15, "determinant of a general matrix");
    is_int(sign, -1, "which is negative");
    double s[4] = {1, 2, 2, 4};
    ok(!mat_lu_solve(a, s, 2, b, 1, x) && !mat_invert_general(a, s, 2, inv), "a singular matrix is told");
    ok(mat_logdet(a, s, 2, &sign) == -INFINITY && sign == 0, "and its determinant is 0");
    mat_multiply(K, K, K, h, one, prod);
    ok(worst(K * K, prod, h) == 0, "times one");
}

static void test_products(void)
{
    double a[6] = {1, 2, 3, 4, 5, 6}, b[6] = {7, 8, 9, 10, 11, 12}, c[9], w[2] = {1, 10};
    mat_multiply(2, 3, 2, a, b, c);
    ok(worst(4, c, (double[]){58, 64, 139, 154}) == 0, "a b");
    mat_multiply_left_t(3, 2, 3, a, b, c);
    ok(worst(9, c, (double[]){47, 52, 57, 64, 71, 78, 81, 90, 99}) == 0, "a' b");
    mat_multiply_right_t(2, 3, 2, a, b, c);
    ok(worst(4, c, (double[]){50, 68, 122, 167}) == 0, "a b'");
    mat_cross(2, 3, a, w, c);
    ok(worst(9, c, (double[]){161, 202, 243, 202, 254, 306, 243, 306, 369}) == 0, "X' W X");
    mat_apply(2, 3, a, b, c);
    ok(worst(2, c, (double[]){50, 122}) == 0, "a x");
    mat_apply_t(2, 3, a, w, c);
    ok(worst(3, c, (double[]){41, 52, 63}) == 0, "a' x");
    is_num(mat_quadratic(2, a, w), 1 + 20 + 30 + 400, 0, "x' a x");
}

/* NIST StRD, linear least squares, Longley (higher difficulty): certified values. */
static void test_longley(struct arena *a)
{
    static const double data[16][7] = {
        {60323, 83.0, 234289, 2356, 1590, 107608, 1947},  {61122, 88.5, 259426, 2325, 1456, 108632, 1948},
        {60171, 88.2, 258054, 3682, 1616, 109773, 1949},  {61187, 89.5, 284599, 3351, 1650, 110929, 1950},
        {63221, 96.2, 328975, 2099, 3099, 112075, 1951},  {63639, 98.1, 346999, 1932, 3594, 113270, 1952},
        {64989, 99.0, 365385, 1870, 3547, 115094, 1953},  {63761, 100.0, 363112, 3578, 3350, 116219, 1954},
        {66019, 101.2, 397469, 2904, 3048, 117388, 1955}, {67857, 104.6, 419180, 2822, 2857, 118734, 1956},
        {68169, 108.4, 442769, 2936, 2798, 120445, 1957}, {66513, 110.8, 444546, 4681, 2637, 121950, 1958},
        {68655, 112.6, 482704, 3813, 2552, 123366, 1959}, {69564, 114.2, 502601, 3931, 2514, 125368, 1960},
        {69331, 115.7, 518173, 4806, 2572, 127852, 1961}, {70551, 116.9, 554894, 4007, 2827, 130081, 1962}};
    static const double beta[7] = {-3482258.63459582, 15.0618722713733, -0.358191792925910E-01,
                                   -2.02022980381683, -1.03322686717359, -0.511041056535807E-01,
                                   1829.15146461355};
    double x[16 * 9], y[16], w[16], bad = 0;
    for (size_t i = 0; i < 16; i++) {
        y[i] = data[i][0];
        w[i] = 2;
        x[i * 9] = 1;
        memcpy(x + i * 9 + 1, data[i] + 1, 6 * sizeof *x);
        x[i * 9 + 7] = x[i * 9 + 6]; /* the year once more, then a combination */
        x[i * 9 + 8] = 3 * data[i][1] - data[i][3] + 5;
    }
    struct mat_least_squares f = mat_least_squares(a, 16, 9, x, y, NULL, 1e-9);
    for (size_t j = 0; j < 7; j++)
        bad = fmax(bad, fabs(f.beta[j] / beta[j] - 1));
    if (!ok(bad < 1e-9, "Longley: certified coefficients to nine digits"))
        printf("# %g\n", bad);
    is_num(f.rss, 836424.055505915, 1e-10, "Longley: certified residual sum of squares");
    is_num(sqrt(f.covariance[0] * f.rss / 9), 890420.383607373, 1e-9, "Longley: certified standard error");
    ok(f.rank == 7 && f.kept[6] && !f.kept[7] && !f.kept[8] && isnan(f.beta[7]) && isnan(f.covariance[80]),
       "columns that are combinations of those before them are left out");
    struct mat_least_squares g = mat_least_squares(a, 16, 9, x, y, w, 1e-9);
    is_num(g.rss, 2 * f.rss, 1e-9, "weights multiply the squares");
    y[3] = NAN;
    ok(mat_least_squares(a, 16, 9, x, y, NULL, 0).rank == 0, "NaN gives no figures");
    struct mat_least_squares few = mat_least_squares(a, 2, 3, x, y, NULL, 0);
    is_int(few.rank, 2, "more unknowns than rows: as many columns as rows");
}

int main(void)
{
    struct arena *a = arena_new(0);
    test_symmetric(a);
    test_general(a);
    test_products();
    test_longley(a);
    arena_free(a);
    return done();
}
