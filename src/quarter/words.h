/* words.h - the words for states, steps, inputs, reasons of a quarter, in the reader's language. */
#ifndef QUARTER_WORDS_H
#define QUARTER_WORDS_H

#include "base/ctx.h"
#include "http/form.h"

const char *quarter_state_word(struct ctx *cx, const char *state);
const char *quarter_state_class(const char *state); /* CSS classes of the status mark */
const char *quarter_step_word(struct ctx *cx, const char *step);
const char *quarter_input_word(struct ctx *cx, const char *input);
const char *quarter_reason_word(struct ctx *cx, const char *reason_code); /* of an abstention or refusal (stat.h) */
const char *quarter_method_word(struct ctx *cx, const char *method);
const char *quarter_format_word(const char *format);

extern const struct form quarter_reopen_form, quarter_sign_form;

#endif
