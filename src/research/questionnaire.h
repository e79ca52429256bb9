/* questionnaire.h - a questionnaire in memory: its questions and their choices, found by the codes of
 * answers' files. */
#ifndef RESEARCH_QUESTIONNAIRE_H
#define RESEARCH_QUESTIONNAIRE_H

#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum question_kind { QUESTION_SINGLE, QUESTION_MULTI, QUESTION_SCALE, QUESTION_NUMBER, QUESTION_OPEN };

struct choice {
    const char *code, *key; /* key: as code_key() gives it */
    const char *text_kk, *text_ru, *text_en;
    bool good, missing;
};
struct question {
    const char *code, *key, *block;
    enum question_kind kind;
    const char *text_kk, *text_ru, *text_en;
    bool required, sensitive;
    int64_t most;
    struct choice *choices;
    size_t n;
};
struct questionnaire {
    int64_t id, version;
    const char *code, *title_kk, *title_ru, *title_en, *consent_kk, *consent_ru, *consent_en, *valid_from;
    struct question *rows;
    size_t n;
};

/* The questionnaire of the quarterly survey that is valid on a day; ERR_NOT_FOUND. */
int questionnaire_on(struct ctx *cx, const char *day, struct questionnaire **out);
/* By its identifier. */
int questionnaire_by_id(struct ctx *cx, int64_t id, struct questionnaire **out);

const struct question *questionnaire_question(const struct questionnaire *q, const char *key);
const struct choice *question_choice(const struct question *q, const char *key);

/* A code as it is compared: small letters, without blanks, Cyrillic letters that look like Latin ones
 * replaced by them, every dash a hyphen. "В1" typed with a Cyrillic В is "b1". In the arena. */
char *code_key(struct arena *a, const char *text);

/* "m, f": the codes of a question's choices, for messages. */
const char *question_codes(struct ctx *cx, const struct question *q);

/* Writes the questionnaire and the indicators of reference/ where they are missing. For module.seed. */
int questionnaire_seed(struct ctx *cx);

#endif
