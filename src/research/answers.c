/* answers.c - see answers.h. */
#include "research/answers.h"

#include "base/crypto.h"
#include "base/str.h"
#include "base/table.h"
#include "i18n/i18n.h"

#include <math.h>

enum { LARGEST = 1 << 30, PSU_CHARS = 40, OPEN_CHARS = 500, PERSON_DIGITS = 7 };
enum fixed_column { COLUMN_STRATUM, COLUMN_PSU, COLUMN_UNIT, COLUMN_WEIGHT, FIXED };
static const char *const FIXED_NAMES[FIXED] = {"stratum", "psu", "unit", "weight"};

struct reading {
    struct ctx *cx;
    struct table *t;
    struct answers *a;
    const struct frame *frame;
    int fixed[FIXED];
    int *column; /* of each question, -1: the file has none */
    bool bad;    /* the current row */
    /* the values of the current row, kept if it is good */
    VEC(struct pending {
        size_t question;
        const char *value;
    })
    row;
};

/* --- headings --- */

/* Beginnings of words, folded (base/str.h): what a heading that leads to a person starts with, in three
 * languages. */
static const char *const PERSONAL[] = {
    "name",         "surname", "firstname", "lastname", "fullname",  "patronymic", "respondent", "phone",
    "mobile",       "tel",     "address",   "street",   "email",     "mail",       "passport",   "document",
    "iin",          "birth",   "signature", "latitude", "longitude", "coordinate", "gps",        "ip",
    "device",       "imei",    "photo",     "fio",      "имя",       "фио",        "фамилия",    "отчество",
    "респондент",   "телефон", "мобильн",   "адрес",    "улица",     "почта",      "паспорт",    "документ",
    "удостоверени", "иин",     "рожден",    "подпись",  "координат", "широта",     "долгота",    "фото",
    "аты",          "есім",    "тегі",      "жөні",     "әкесінің",  "ұялы",       "мекенжай",   "мекен",
    "көше",         "пошта",   "төлқұжат",  "құжат",    "куәлік",    "жсн",        "туған",      "қолы",
    "сурет",        "дом",     "квартир",   "үй"};

/* Words of one and two letters only whole: "ip", "үй". */
static bool word_matches(const char *word, size_t n, const char *beginning)
{
    size_t m = strlen(beginning);
    return m <= 4 ? n == m && memcmp(word, beginning, n) == 0 : n >= m && memcmp(word, beginning, m) == 0;
}

bool answers_looks_personal(struct arena *a, const char *heading)
{
    const char *key = str_fold(a, heading);
    for (size_t i = 0; i < sizeof PERSONAL / sizeof *PERSONAL; i++) {
        const char *wanted = str_fold(a, PERSONAL[i]);
        for (const char *word = key; *word;) {
            size_t n = strcspn(word, " ");
            if (word_matches(word, n, wanted))
                return true;
            word += n + (word[n] == ' ');
        }
    }
    return false;
}

static int claim(struct reading *r, int *slot, int column, const char *heading)
{
    if (*slot >= 0)
        return fail(r->cx, ERR_INVALID, "%s: the column \"%s\" comes twice.", r->a->file, heading);
    *slot = column;
    return OK;
}

static int read_heading(struct reading *r, int column, const char *heading)
{
    struct ctx *cx = r->cx;
    const char *key = code_key(cx->arena, heading);
    for (int i = 0; i < FIXED; i++)
        if (str_eq(key, FIXED_NAMES[i]))
            return claim(r, &r->fixed[i], column, heading);
    const struct question *q = questionnaire_question(r->a->questions, key);
    if (q)
        return claim(r, &r->column[q - r->a->questions->rows], column, heading);
    if (answers_looks_personal(cx->arena, heading))
        return fail(
            cx, ERR_INVALID,
            "%s: the column \"%s\" looks as if it led to a person. Answers are stored without names, phones, "
            "addresses or numbers of persons: remove the column from the file and load it again.",
            r->a->file, heading);
    return fail(cx, ERR_INVALID,
                "%s: the column \"%s\" is neither a code of a question nor one of stratum, psu, unit, "
                "weight. Correct or "
                "remove it.",
                r->a->file, heading);
}

static int read_header(struct reading *r)
{
    struct answers *a = r->a;
    for (int i = 0; i < FIXED; i++)
        r->fixed[i] = -1;
    r->column = arena_array(r->cx->arena, a->questions->n, sizeof *r->column);
    for (size_t i = 0; i < a->questions->n; i++)
        r->column[i] = -1;
    a->header = table_header(r->t, &a->n_header);
    for (size_t i = 0; i < a->n_header; i++)
        TRY(read_heading(r, (int)i, a->header[i]));
    for (int i = 0; i < COLUMN_WEIGHT; i++)
        if (r->fixed[i] < 0)
            return fail(r->cx, ERR_INVALID, "%s has no column \"%s\".", a->file, FIXED_NAMES[i]);
    for (size_t i = 0; i < a->questions->n; i++)
        if (a->questions->rows[i].required && r->column[i] < 0)
            return fail(r->cx, ERR_INVALID, "%s has no column \"%s\".", a->file, a->questions->rows[i].code);
    a->weighted = r->fixed[COLUMN_WEIGHT] >= 0;
    return OK;
}

/* --- rows --- */

static void wrong(struct reading *r, int column, const char *text, const char *expected)
{
    struct answers *a = r->a;
    r->bad = true;
    if (a->n_errors++ < ANSWERS_ERRORS_KEPT)
        vec_push(r->cx->arena, &a->errors,
                 (struct answers_error){table_line(r->t), a->header[column],
                                        arena_strdup(r->cx->arena, utf8_cut(r->cx->arena, text, 60)),
                                        expected});
}

static const struct stratum *read_place(struct reading *r)
{
    struct ctx *cx = r->cx;
    const char *text = table_at(r->t, r->fixed[COLUMN_STRATUM]),
               *unit = table_at(r->t, r->fixed[COLUMN_UNIT]);
    const struct stratum *s = frame_stratum(r->frame, text);
    if (!s) /* letters typed in another alphabet */
        s = frame_stratum(r->frame, code_key(cx->arena, text));
    if (!s) {
        wrong(r, r->fixed[COLUMN_STRATUM], text, T(cx, "a stratum of the frame, such as 615200000-r"));
        bool known = false;
        for (size_t i = 0; i < r->frame->n && !known; i++)
            known = str_eq(r->frame->rows[i].kato, unit);
        if (!known)
            wrong(r, r->fixed[COLUMN_UNIT], unit,
                  T(cx, "the KATO code of a district or city of this region"));
    } else if (!str_eq(s->kato, unit)) {
        wrong(r, r->fixed[COLUMN_UNIT], unit, TF(cx, "%s, the unit of the stratum %s", s->kato, s->code));
    }
    return s;
}

static const char *read_psu(struct reading *r)
{
    const char *text = table_at(r->t, r->fixed[COLUMN_PSU]);
    if (!*text || utf8_count(text) > PSU_CHARS)
        wrong(r, r->fixed[COLUMN_PSU], text,
              TF(r->cx, "the code of the settlement or route, at most %d characters", PSU_CHARS));
    return arena_strdup(r->cx->arena, text);
}

static double read_weight(struct reading *r)
{
    double w = 0;
    if (!r->a->weighted)
        return 0;
    const char *text = table_at(r->t, r->fixed[COLUMN_WEIGHT]);
    if (!str_to_num(text, &w) || !(w > 0) || w > 1e9) {
        wrong(r, r->fixed[COLUMN_WEIGHT], text, T(r->cx, "a number above 0"));
        return 0;
    }
    return w;
}

static void keep(struct reading *r, size_t question, const char *value)
{
    vec_push(r->cx->arena, &r->row, (struct pending){question, value});
}

/* A run of digits as long as a phone or an IIN, blanks and signs between them not counted. */
static bool has_person_number(const char *s)
{
    size_t digits = 0;
    for (; *s; s++) {
        if (*s >= '0' && *s <= '9') {
            if (++digits >= PERSON_DIGITS)
                return true;
        } else if (!strchr(" -()+.", *s)) {
            digits = 0;
        }
    }
    return false;
}

static void read_open(struct reading *r, size_t i, const char *text)
{
    if (utf8_count(text) > OPEN_CHARS)
        wrong(r, r->column[i], text, TF(r->cx, "at most %d characters", OPEN_CHARS));
    else if (has_person_number(text) || strchr(text, '@'))
        wrong(r, r->column[i], T(r->cx, "(not shown)"),
              T(r->cx, "a text without phone, e-mail or number of a person"));
    else
        keep(r, i, arena_strdup(r->cx->arena, text));
}

static void read_number(struct reading *r, size_t i, const char *text)
{
    double v;
    if (!str_to_num(text, &v))
        wrong(r, r->column[i], text, T(r->cx, "a number"));
    else
        keep(r, i, arena_printf(r->cx->arena, "%.10g", v));
}

static void read_choice(struct reading *r, size_t i, const char *text)
{
    const struct question *q = &r->a->questions->rows[i];
    const struct choice *c = question_choice(q, text);
    if (!c)
        c = question_choice(q, code_key(r->cx->arena, text));
    if (!c)
        wrong(r, r->column[i], text, TF(r->cx, "one of %s", question_codes(r->cx, q)));
    else
        keep(r, i, c->code);
}

static void read_several(struct reading *r, size_t i, const char *text)
{
    struct ctx *cx = r->cx;
    const struct question *q = &r->a->questions->rows[i];
    size_t first = r->row.n;
    char *copy = arena_strdup(cx->arena, text), *save = NULL;
    bool missing = false;
    for (char *word = strtok_r(copy, " ,;/", &save); word; word = strtok_r(NULL, " ,;/", &save)) {
        const struct choice *c = question_choice(q, code_key(cx->arena, word));
        if (!c) {
            wrong(r, r->column[i], word, TF(cx, "one of %s", question_codes(cx, q)));
            return;
        }
        for (size_t k = first; k < r->row.n; k++)
            if (str_eq(r->row.rows[k].value, c->code)) {
                wrong(r, r->column[i], text, T(cx, "every code once"));
                return;
            }
        missing |= c->missing;
        keep(r, i, c->code);
    }
    size_t n = r->row.n - first;
    if (missing && n > 1)
        wrong(r, r->column[i], text, T(cx, "\"not to say\" or \"do not know\" alone"));
    else if ((int64_t)n > q->most)
        wrong(r, r->column[i], text, TF(cx, "at most %lld codes", (long long)q->most));
}

static void read_answer(struct reading *r, size_t i)
{
    const struct question *q = &r->a->questions->rows[i];
    if (r->column[i] < 0)
        return;
    const char *text = table_at(r->t, r->column[i]);
    if (!*text) {
        if (q->required)
            wrong(r, r->column[i], "",
                  q->n ? TF(r->cx, "an answer: one of %s", question_codes(r->cx, q)) : T(r->cx, "an answer"));
        return;
    }
    switch (q->kind) {
    case QUESTION_SINGLE:
    case QUESTION_SCALE:
        read_choice(r, i, text);
        break;
    case QUESTION_MULTI:
        read_several(r, i, text);
        break;
    case QUESTION_NUMBER:
        read_number(r, i, text);
        break;
    case QUESTION_OPEN:
        read_open(r, i, text);
        break;
    }
}

/* Self-identification and open answers are not put on a screen row by row, not even to who brought the file.
 */
static bool shown_in_preview(const struct reading *r, int column)
{
    for (size_t i = 0; i < r->a->questions->n; i++)
        if (r->column[i] == column)
            return !r->a->questions->rows[i].sensitive && r->a->questions->rows[i].kind != QUESTION_OPEN;
    return true;
}

static void keep_preview(struct reading *r)
{
    struct answers *a = r->a;
    if (a->n_preview == ANSWERS_PREVIEW)
        return;
    const char **cells = arena_array(r->cx->arena, a->n_header, sizeof *cells);
    for (size_t i = 0; i < a->n_header; i++)
        cells[i] = shown_in_preview(r, (int)i)
                       ? arena_strdup(r->cx->arena, utf8_cut(r->cx->arena, table_at(r->t, (int)i), 40))
                       : "•••";
    a->preview[a->n_preview++].cells = cells;
}

static void read_row(struct reading *r)
{
    struct answers *a = r->a;
    struct answers_row row = {.line = table_line(r->t)};
    r->bad = false;
    r->row.n = 0;
    keep_preview(r);
    row.stratum = read_place(r);
    row.psu = read_psu(r);
    row.weight = read_weight(r);
    for (size_t i = 0; i < a->questions->n; i++)
        read_answer(r, i);
    if (r->bad) {
        a->bad_rows++;
        return;
    }
    for (size_t i = 0; i < r->row.n; i++)
        vec_push(r->cx->arena, &a->columns[r->row.rows[i].question].values,
                 (struct answers_value){(uint32_t)a->rows.n, r->row.rows[i].value});
    vec_push(r->cx->arena, &a->rows, row);
}

static int read_all(struct reading *r, const char *sheet, const void *data, size_t n)
{
    TRY(table_open_bytes(r->cx, r->a->file, data, n, sheet, &r->t));
    r->a->kind = table_kind(r->t);
    TRY(read_header(r));
    for (bool more;;) {
        TRY(table_next(r->cx, r->t, &more));
        if (!more)
            break;
        read_row(r);
    }
    r->a->rows_read = table_rows(r->t);
    if (!r->a->rows_read)
        return fail(r->cx, ERR_INVALID, "%s holds no answers, only headings.", r->a->file);
    return OK;
}

static void free_arena(void *a)
{
    arena_free(a);
}

int answers_read(struct ctx *cx, const struct questionnaire *q, const struct frame *f, const char *name,
                 const void *data, size_t n, const char *sheet, struct answers **out)
{
    struct arena *own = arena_new(LARGEST); /* a large file is more than a request's arena holds */
    struct ctx work = *cx;
    arena_defer(cx->arena, free_arena, own);
    work.arena = own;
    struct answers *a = *out = arena_alloc(own, sizeof *a);
    *a = (struct answers){
        .file = name, .questions = q, .arena = own, .hash = crypto_blake2b_hex(own, data, n)};
    a->columns = arena_array(own, q->n, sizeof *a->columns);
    struct reading r = {.cx = &work, .a = a, .frame = f};
    int rc = read_all(&r, sheet, data, n);
    cx->err = work.err;
    cx->err_text = work.err_text;
    cx->err_file = work.err_file;
    cx->err_line = work.err_line;
    return rc;
}
