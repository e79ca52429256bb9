/* words.c - see words.h. */
#include "quarter/words.h"

#include "base/str.h"
#include "i18n/i18n.h"
#include "stat/stat.h"

#include <stddef.h>

struct word { const char *code, *text; }; /* text: msgid */

static const char *word_of(struct ctx *cx, const struct word *words, size_t n, const char *code)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(code, words[i].code))
            return T(cx, words[i].text);
    return code;
}
#define WORD_OF(cx, words, code) word_of((cx), (words), sizeof(words) / sizeof *(words), (code))

const char *quarter_state_word(struct ctx *cx, const char *state)
{
    static const struct word WORDS[] = {{"ahead", N_("not over yet")}, {"open", N_("not closed")}, {"running", N_("being closed")},
                                        {"failed", N_("interrupted")}, {"closed", N_("closed, waits for a signature")},
                                        {"signed", N_("signed off")}, {"superseded", N_("replaced by a newer edition")}};
    return WORD_OF(cx, WORDS, state);
}

const char *quarter_state_class(const char *state)
{
    return str_eq(state, "signed")                              ? "status status-done"
           : str_eq(state, "failed") || str_eq(state, "closed") ? "status status-attention"
                                                                : "status status-open";
}

const char *quarter_step_word(struct ctx *cx, const char *step)
{
    static const struct word WORDS[] = {{"freeze", N_("Freezing the inputs")}, {"estimate", N_("Estimating from the answers")},
                                        {"count", N_("Counting disputes")}, {"forecast", N_("Forecasting the next quarter")},
                                        {"score", N_("Scoring the last forecast")}, {"choose", N_("Choosing places for visits")},
                                        {"report", N_("Writing the report")}};
    return WORD_OF(cx, WORDS, step);
}

const char *quarter_input_word(struct ctx *cx, const char *input)
{
    static const struct word WORDS[] = {{"responses", N_("interviews")}, {"answers", N_("answers")}, {"disputes", N_("disputes (place, date, kind, state)")},
                                        {"population", N_("population")}, {"proposals", N_("proposals")}, {"visits", N_("visits")},
                                        {"wave_before", N_("interviews and answers of the quarter before")}};
    return WORD_OF(cx, WORDS, input);
}

const char *quarter_reason_word(struct ctx *cx, const char *reason_code)
{
    for (int r = 0; r < STAT_REASON_COUNT; r++)
        if (str_eq(reason_code, stat_reason_code((enum stat_reason)r)))
            return T(cx, stat_reason_text((enum stat_reason)r));
    return reason_code;
}

const char *quarter_method_word(struct ctx *cx, const char *method)
{
    static const struct word WORDS[] = {{"eb_overdispersed", N_("gamma-Poisson empirical Bayes with overdispersion")},
                                        {"eb", N_("gamma-Poisson empirical Bayes")},
                                        {"hhh4", N_("endemic-epidemic model with random intercepts")},
                                        {"hhh4_season", N_("endemic-epidemic model with random intercepts and a yearly wave")},
                                        {"hhh4_full", N_("endemic-epidemic model with trend, season and random intercepts")}};
    return WORD_OF(cx, WORDS, method);
}

const char *quarter_format_word(const char *format)
{
    return str_eq(format, "docx") ? "DOCX" : str_eq(format, "pdf") ? "PDF" : str_eq(format, "xlsx") ? "XLSX" : format;
}
