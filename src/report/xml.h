/* xml.h - writes text into XML and HTML: the one place where report files escape. */
#ifndef REPORT_XML_H
#define REPORT_XML_H

#include "base/buf.h"

/* Escapes & < > " ' (for content and attributes). Bytes that are no valid UTF-8, and characters that
 * XML 1.0 forbids, become U+FFFD: a stray byte in a name must not make a whole report unreadable. */
void xml_text(struct buf *b, const char *s);

/* The same into arena memory, for libraries that escape themselves but trust their input. */
struct arena;
const char *xml_clean(struct arena *a, const char *s);

#endif
