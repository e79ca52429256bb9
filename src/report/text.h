/* text.h - text for libraries that escape by themselves but trust their input. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

struct arena;

/* A copy in which bytes that are no valid UTF-8, and characters that XML 1.0 forbids, are U+FFFD: a
 * stray byte in a name must not make a whole report unreadable. NULL gives "". */
const char *text_clean(struct arena *a, const char *s);

#endif
