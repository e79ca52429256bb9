/* classifier.h - reference data that every installation starts with: ethnic communities as the statistical
 * publications name them, and the definitions of the indicators of a passport. Editable afterwards. */
#ifndef REGISTRY_CLASSIFIER_H
#define REGISTRY_CLASSIFIER_H

#include "base/ctx.h"

/* Writes both for cx->region_id; what an editor has changed stays. Inside db_tx. */
int registry_load_classifiers(struct ctx *cx);

#endif
