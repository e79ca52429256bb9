/* upload.h - takes a request's body as it streams in: forms and other bodies into memory with a
 * limit, uploaded files to temporary files, at constant memory. */
#ifndef HTTP_UPLOAD_H
#define HTTP_UPLOAD_H

#include "http/request.h"

struct upload;

/* Prepares for the body of rq by its Content-Type and its route's flags (route may be NULL). An error
 * of rq->cx where the body is refused at once. *out NULL: the body may be ignored. */
int upload_begin(struct request *rq, const struct route *route, struct upload **out);

/* The next bytes. After an error only the same error follows, and nothing is kept any more. */
int upload_feed(struct upload *u, const char *bytes, size_t n);

/* The body is complete: checks that, and closes the files. Files go when the request's arena ends. */
int upload_end(struct upload *u);

#endif
