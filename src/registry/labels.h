/* labels.h - the words that documents, charts and maps need (report/doc.h), in the reader's language. */
#ifndef REGISTRY_LABELS_H
#define REGISTRY_LABELS_H

#include "report/doc.h"

struct doc_labels registry_doc_labels(struct ctx *cx);

#endif
