/* counts.h - how many disputes there were, by place and quarter, in the only form in which the map and the
 * passports may show them: protected.
 *
 * One pattern for all pages: in every quarter the tree region - units - settlements is protected at once (stat/protect.h), so
 * that what one passport hides cannot be worked out from another. Sums of four quarters are published beside it; each
 * is first tried as an attacker would: with every count and every sum shown before, can a hidden quarter be
 * squeezed below the width that the threshold leaves? Then that sum is hidden, and so is another that would give it away. */
#ifndef ETHNOMAP_COUNTS_H
#define ETHNOMAP_COUNTS_H

#include "base/ctx.h"
#include "base/fields.h"

#include <stddef.h>
#include <stdint.h>

struct counts;

/* All quarters that are over on a day. ERR_ of the database only. */
int counts_load(struct ctx *cx, const char *on_date, struct counts **out);

/* The quarters, oldest first. */
size_t counts_quarters(const struct counts *c);
const char *counts_quarter(const struct counts *c, size_t i);
bool counts_demo(const struct counts *c);

/* Disputes of a place (a settlement, a unit, or 0: the region) in quarter i. A place of which nothing is on record
 * has a shown zero, unless zeros had to be hidden there. */
struct protected_count counts_of(const struct counts *c, int64_t place_id, size_t i);

/* Disputes of a unit (0: the region) in the four quarters that end with quarter i; i >= 3. */
struct protected_count counts_of_year(const struct counts *c, int64_t unit_id, size_t i);

/* Units, ids ascending: all of which something is on record. */
size_t counts_units(const struct counts *c, const int64_t **ids);

/* --- for tests: the same from plain numbers --- */

struct counts_cell {
    const char *quarter;
    int64_t unit_id, place_id, disputes;
};
struct counts *counts_make(struct arena *a, const struct counts_cell *cells, size_t n, int64_t threshold);

/* The narrowest interval in which an attacker knows a hidden quarter of any unit, from all shown
 * quarters and all shown sums of four; INT64_MAX: nothing is hidden or nothing is known. */
int64_t counts_narrowest(const struct counts *c);

#endif
