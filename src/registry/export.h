/* export.h - the rows of a page as a file: CSV or XLSX with the same columns as the JSON answer. */
#ifndef REGISTRY_EXPORT_H
#define REGISTRY_EXPORT_H

#include "base/buf.h"
#include "base/fields.h"
#include "http/request.h"

/* Writes n rows into out: "csv" (UTF-8 with mark, semicolons for office programs) or "xlsx" (for reading). The columns
 * have the names of the fields, so that a CSV file of figures can be loaded again. ERR_INVALID for another format. */
int export_write(struct ctx *cx, const char *format, const char *title, const struct row_desc *d, const void *rows, size_t n,
                 struct buf *out);

/* The same as a download "<name>-<date>.csv", with an entry in the audit log. */
int export_respond(struct request *rq, const char *format, const char *name, const char *title, const struct row_desc *d,
                   const void *rows, size_t n);

/* ?format=csv or xlsx: the format; NULL where the page itself is asked for. */
const char *export_asked(struct request *rq);

/* Writes a file on the disk, its kind taken from the name's end; recorded in the audit log under "export.<what>". */
int export_file(struct ctx *cx, const char *path, const char *what, const char *title, const struct row_desc *d, const void *rows,
                size_t n);

#endif
