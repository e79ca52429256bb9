/* survey_index.h - numbers 0, 1, 2 ... for pairs of numbers, in order of appearance: for the survey_*.c files only. */
#ifndef STAT_SURVEY_INDEX_H
#define STAT_SURVEY_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct arena;

/* An open-addressing table. */
struct survey_index {
    size_t n, mask;
    uint32_t *slot; /* number + 1 */
    struct survey_pair {
        uint64_t group;
        int64_t id;
    } *key;         /* of each number */
};

/* For at most so many different pairs. */
struct survey_index *survey_index_new(struct arena *a, size_t most);

/* The number of a pair; the next one where it is new. */
uint32_t survey_index_get(struct survey_index *x, uint64_t group, int64_t id);

#endif
