/* table.h - the shape of the translations that tools/i18nc.c writes to build/gen/texts.c. */
#ifndef I18N_TABLE_H
#define I18N_TABLE_H

#include "base/ctx.h"

#include <stddef.h>

enum { I18N_FORMS = 3 };

/* One text. msgid: "context\004text" or "text". forms[lang][0] is the translation (NULL: the msgid
 * stands for itself); the other forms are set where the text is counted. */
struct i18n_text {
    const char *msgid;
    const char *forms[LANG_COUNT][I18N_FORMS];
};

extern const struct i18n_text i18n_texts[]; /* sorted by strcmp of msgid */
extern const size_t i18n_texts_n;

#endif
