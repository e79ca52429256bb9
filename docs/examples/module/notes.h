/* notes.h - the example module: short notes of the staff. Copied by `make new-module NAME=...`. */
#ifndef NOTES_NOTES_H
#define NOTES_NOTES_H

#include "module.h"

extern const struct module notes_module;

/* Records a note of the asker, in one transaction with its audit entry. ERR_INVALID: the text is empty. */
int notes_add(struct ctx *cx, const char *text, int64_t *id);

#endif
