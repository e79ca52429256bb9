/* report.h - the expert report of a run: DOCX, PDF and XLSX in three languages, and report.json. */
#ifndef QUARTER_REPORT_H
#define QUARTER_REPORT_H

#include "quarter/work.h"

/* Builds every file from the rows of the run, keeps them by content and writes quarter_output. The same rows give the
 * same bytes: no clock, no random, dates of the run itself. Inside db_tx. */
int quarter_report(struct ctx *cx, struct quarter_work *w);

#endif
