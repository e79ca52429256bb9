/* i18nc.h - what the parts of tools/i18nc.c share: the texts, reading them out of C and templates
 * (i18nc_scan.c), reading translations (i18nc_po.c). */
#ifndef TOOLS_I18NC_H
#define TOOLS_I18NC_H

#include <stdbool.h>
#include <stddef.h>

enum { KK, RU, EN, LANGS, FORMS = 3 };
extern const char *const LANG_CODES[LANGS];
extern const int FORMS_OF[LANGS];

struct place {
    const char *file;
    int line;
};

/* A text of the program: where it is used first and what the .po files say. */
struct text {
    char *msgid, *plural; /* plural: the second argument of TN or msgid_plural */
    struct place used;    /* file NULL: only in .po files */
    bool is_format;
    struct place po[LANGS];
    char *forms[LANGS][FORMS];
};

/* A growing string. */
struct str {
    char *s;
    size_t n, cap;
};
void str_add(struct str *b, const char *s, size_t n);
char *str_take(struct str *b);

void *must(void *p); /* p, or the end of the run where it is NULL */
char *read_file(const char *path);

/* Prints an error or a warning and counts it. */
void complain(bool error, struct place at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The text with this msgid, made where it does not exist; valid until the next is made. */
struct text *text_of(const char *msgid);
void text_used(const char *msgid, const char *plural, bool is_format, struct place at);

extern bool strict; /* a translation that lacks or disagrees ends the run */

/* i18nc_scan.c */
const char *quoted(const char *p, char quote, struct str *b);
void read_c(const char *file);
void read_html(const char *file);

/* i18nc_po.c */
void read_po(const char *file, int lang);

#endif
