/* Fuzz target: files of answers. Beside memory faults it checks that every value that is kept is a code of
 * its question, that rows and errors add up, and that no number of a person comes through. */
#include "base/arena.h"
#include "base/str.h"
#include "research/answers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct choice SEX[] = {{"m", "m", "", "", "", false, false}, {"f", "f", "", "", "", false, false}};
static struct choice PROBLEMS[] = {{"water", "water", "", "", "", false, false},
                                   {"road", "road", "", "", "", false, false},
                                   {"dk", "dk", "", "", "", false, true}};
static struct question QUESTIONS[] = {
    {.code = "A1", .key = "a1", .kind = QUESTION_SINGLE, .required = true, .most = 1, .choices = SEX, .n = 2},
    {.code = "H1", .key = "h1", .kind = QUESTION_MULTI, .most = 2, .choices = PROBLEMS, .n = 3},
    {.code = "N1", .key = "n1", .kind = QUESTION_NUMBER, .most = 1},
    {.code = "K3", .key = "k3", .kind = QUESTION_OPEN, .most = 1}};
static const struct questionnaire FORM = {.id = 1, .rows = QUESTIONS, .n = 4};
static struct stratum STRATA[] = {
    {.code = "615200000-r", .kato = "615200000", .unit_id = 7, .population = 1000}};
static const struct frame FRAME = {STRATA, 1};

static size_t longest_run(const char *s)
{
    size_t best = 0, run = 0;
    for (; *s; s++) {
        run = *s >= '0' && *s <= '9' ? run + 1 : 0;
        best = run > best ? run : best;
    }
    return best;
}

static void check(const struct answers *a)
{
    if (a->rows_read != (int64_t)a->rows.n + a->bad_rows || (a->bad_rows > 0) != (a->n_errors > 0))
        die("%lld rows, %zu good, %lld wrong", (long long)a->rows_read, a->rows.n, (long long)a->bad_rows);
    for (size_t q = 0; q < FORM.n; q++)
        for (size_t i = 0; i < a->columns[q].values.n; i++) {
            const struct answers_value *v = &a->columns[q].values.rows[i];
            if (v->row >= a->rows.n || (i && v->row < a->columns[q].values.rows[i - 1].row))
                die("answers are not in the order of rows");
            if (FORM.rows[q].n && !question_choice(&FORM.rows[q], v->value))
                die("[%s] is no code", v->value);
            if (FORM.rows[q].kind == QUESTION_OPEN && longest_run(v->value) >= 7)
                die("a number came through: %s", v->value);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.arena = arena_new((size_t)1 << 28), .lang = LANG_EN};
    struct answers *a;
    if (size < 100000 && answers_read(&cx, &FORM, &FRAME, "t.csv", data, size, NULL, &a) == OK)
        check(a);
    arena_free(cx.arena);
    return 0;
}
