/* questionnaire.c - see questionnaire.h. */
#include "research/questionnaire.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "db/db.h"
#include "registry/lists.h"
#include "research/research.h"

#include <string.h>

/* --- codes --- */

/* Cyrillic letters that stand in Latin codes by mistake: they look the same on the keyboard and in print. */
static const struct {
    const char *cyrillic;
    char latin;
} TWINS[] = {{"а", 'a'}, {"А", 'a'}, {"в", 'b'}, {"В", 'b'}, {"с", 'c'}, {"С", 'c'}, {"е", 'e'}, {"Е", 'e'},
             {"н", 'h'}, {"Н", 'h'}, {"һ", 'h'}, {"Һ", 'h'}, {"і", 'i'}, {"І", 'i'}, {"к", 'k'}, {"К", 'k'},
             {"м", 'm'}, {"М", 'm'}, {"о", 'o'}, {"О", 'o'}, {"р", 'p'}, {"Р", 'p'}, {"т", 't'}, {"Т", 't'},
             {"х", 'x'}, {"Х", 'x'}, {"у", 'y'}, {"У", 'y'}, {"–", '-'}, {"—", '-'}, {"‑", '-'}, {"−", '-'}};

char *code_key(struct arena *a, const char *text)
{
    size_t n = strlen(text), out = 0;
    char *key = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n;) {
        size_t len = utf8_length(text + i, n - i);
        if (len <= 1) {
            char c = text[i++];
            if (c != ' ' && c != '\t')
                key[out++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
            continue;
        }
        bool found = false;
        for (size_t k = 0; !found && k < sizeof TWINS / sizeof *TWINS; k++)
            if ((found = strlen(TWINS[k].cyrillic) == len && memcmp(TWINS[k].cyrillic, text + i, len) == 0))
                key[out++] = TWINS[k].latin;
        for (size_t k = 0; !found && k < len; k++)
            key[out++] = text[i + k];
        i += len;
    }
    return key;
}

const struct question *questionnaire_question(const struct questionnaire *q, const char *key)
{
    for (size_t i = 0; i < q->n; i++)
        if (str_eq(q->rows[i].key, key))
            return &q->rows[i];
    return NULL;
}

const struct choice *question_choice(const struct question *q, const char *key)
{
    for (size_t i = 0; i < q->n; i++)
        if (str_eq(q->choices[i].key, key))
            return &q->choices[i];
    return NULL;
}

const char *question_codes(struct ctx *cx, const struct question *q)
{
    struct buf *b = buf_new(cx->arena, 0);
    for (size_t i = 0; i < q->n; i++)
        buf_printf(b, "%s%s", i ? ", " : "", q->choices[i].code);
    return b->data;
}

/* --- reading --- */

static enum question_kind kind_from_name(const char *name)
{
    return str_eq(name, "multi")    ? QUESTION_MULTI
           : str_eq(name, "scale")  ? QUESTION_SCALE
           : str_eq(name, "number") ? QUESTION_NUMBER
           : str_eq(name, "open")   ? QUESTION_OPEN
                                    : QUESTION_SINGLE;
}

static int load_questions(struct ctx *cx, struct questionnaire *q)
{
    struct question_list_list questions;
    struct choice_list_list choices;
    TRY(question_list(cx, cx->region_id, q->id, &questions));
    TRY(choice_list(cx, cx->region_id, q->id, &choices));
    q->rows = arena_array(cx->arena, questions.n, sizeof *q->rows);
    q->n = questions.n;
    size_t next = 0;
    for (size_t i = 0; i < questions.n; i++) {
        const struct question_list_row *r = &questions.rows[i];
        struct question *to = &q->rows[i];
        *to = (struct question){.code = r->code,
                                .key = code_key(cx->arena, r->code),
                                .block = r->block,
                                .kind = kind_from_name(r->kind),
                                .text_kk = r->text_kk,
                                .text_ru = r->text_ru,
                                .text_en = r->text_en,
                                .required = r->required,
                                .sensitive = r->sensitive,
                                .most = r->most};
        size_t first = next;
        while (next < choices.n && str_eq(choices.rows[next].question_code, r->code))
            next++;
        to->n = next - first;
        to->choices = arena_array(cx->arena, to->n, sizeof *to->choices);
        for (size_t k = 0; k < to->n; k++) {
            const struct choice_list_row *c = &choices.rows[first + k];
            to->choices[k] = (struct choice){
                c->code,   code_key(cx->arena, c->code), c->text_kk, c->text_ru, c->text_en, c->good,
                c->missing};
        }
    }
    return OK;
}

int questionnaire_on(struct ctx *cx, const char *day, struct questionnaire **out)
{
    struct instrument_on_row row;
    bool found;
    TRY(instrument_on(cx, cx->region_id, RESEARCH_INSTRUMENT, day, &row, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "No questionnaire is valid on %s.", day);
    return questionnaire_by_id(cx, row.id, out);
}

int questionnaire_by_id(struct ctx *cx, int64_t id, struct questionnaire **out)
{
    struct instrument_by_id_row r;
    bool found;
    TRY(instrument_by_id(cx, cx->region_id, id, &r, &found));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "There is no such questionnaire.");
    struct questionnaire *q = *out = arena_alloc(cx->arena, sizeof *q);
    *q = (struct questionnaire){.id = r.id,
                                .version = r.version,
                                .code = r.code,
                                .title_kk = r.title_kk,
                                .title_ru = r.title_ru,
                                .title_en = r.title_en,
                                .consent_kk = r.consent_kk,
                                .consent_ru = r.consent_ru,
                                .consent_en = r.consent_en,
                                .valid_from = r.valid_from};
    return load_questions(cx, q);
}

/* --- seeding --- */

static int put_question(struct ctx *cx, const struct table *t, void *arg)
{
    const int64_t *instrument = arg;
    return question_put(cx,
                        &(struct question_put_in){.region_id = cx->region_id,
                                                  .instrument_id = *instrument,
                                                  .code = list_text(cx, t, "code"),
                                                  .block = list_text(cx, t, "block"),
                                                  .kind = list_text(cx, t, "kind"),
                                                  .text_kk = list_text(cx, t, "text_kk"),
                                                  .text_ru = list_text(cx, t, "text_ru"),
                                                  .text_en = list_text(cx, t, "text_en"),
                                                  .required = list_int(t, "required") != 0,
                                                  .most = list_int(t, "most"),
                                                  .sensitive = list_int(t, "sensitive") != 0,
                                                  .ordinal = table_rows(t)},
                        NULL);
}

static int put_choice(struct ctx *cx, const struct table *t, void *arg)
{
    const int64_t *instrument = arg;
    return choice_put(cx,
                      &(struct choice_put_in){.region_id = cx->region_id,
                                              .instrument_id = *instrument,
                                              .question_code = list_text(cx, t, "question_code"),
                                              .code = list_text(cx, t, "code"),
                                              .text_kk = list_text(cx, t, "text_kk"),
                                              .text_ru = list_text(cx, t, "text_ru"),
                                              .text_en = list_text(cx, t, "text_en"),
                                              .good = list_int(t, "good") != 0,
                                              .missing = list_int(t, "missing") != 0,
                                              .ordinal = table_rows(t)},
                      NULL);
}

static int put_indicator(struct ctx *cx, const struct table *t, void *arg)
{
    (void)arg;
    return survey_indicator_put(
        cx,
        &(struct survey_indicator_put_in){.region_id = cx->region_id,
                                          .code = list_text(cx, t, "code"),
                                          .instrument_code = RESEARCH_INSTRUMENT,
                                          .question_code = list_text(cx, t, "question_code"),
                                          .name_kk = list_text(cx, t, "name_kk"),
                                          .name_ru = list_text(cx, t, "name_ru"),
                                          .name_en = list_text(cx, t, "name_en"),
                                          .direction = list_int(t, "direction"),
                                          .ordinal = table_rows(t)},
        NULL);
}

static const struct instrument_put_in QUARTERLY = {
    .code = RESEARCH_INSTRUMENT,
    .version = 1,
    .valid_from = "2023-10-01",
    .title_kk = "Елді мекендегі қатынастар туралы тоқсандық сауалнама",
    .title_ru = "Квартальный опрос об отношениях в населённом пункте",
    .title_en = "Quarterly survey on relations in the settlement",
    .consent_kk = "Сәлеметсіз бе! Біз тұрғындардың өз елді мекеніндегі қатынастар мен мәселелер туралы "
                  "пікірін сұраймыз. Сауалнама "
                  "шамамен 15 минут алады. Қатысу ерікті: кез келген сұраққа жауап бермеуге немесе әңгімені "
                  "тоқтатуға болады. Аты-жөніңіз, "
                  "мекенжайыңыз, телефоныңыз жазылмайды; жауаптар тек жиынтық түрінде пайдаланылады. "
                  "Қатысуға келісесіз бе?",
    .consent_ru =
        "Здравствуйте! Мы спрашиваем жителей, что они думают об отношениях и о проблемах в своём населённом "
        "пункте. Опрос займёт "
        "около 15 минут. Участие добровольное: на любой вопрос можно не отвечать, разговор можно прервать. "
        "Имя, адрес и телефон "
        "не записываются; ответы используются только в обобщённом виде. Согласны ли Вы участвовать?",
    .consent_en = "Good day! We ask residents what they think about relations and problems in their "
                  "settlement. It takes about 15 minutes. "
                  "Taking part is voluntary: you may leave out any question or stop at any time. No name, "
                  "address or phone is written "
                  "down; answers are used only together with those of others. Do you agree to take part?",
};

int questionnaire_seed(struct ctx *cx)
{
    struct instrument_put_in in = QUARTERLY;
    in.region_id = cx->region_id;
    in.id = db_new_id();
    int64_t added;
    TRY(instrument_put(cx, &in, &added));
    if (!added)
        return OK; /* what an editor has changed stays */
    TRY(list_each(cx, "reference/questions.csv", put_question, &in.id));
    TRY(list_each(cx, "reference/question_choices.csv", put_choice, &in.id));
    return list_each(cx, "reference/survey_indicators.csv", put_indicator, NULL);
}
