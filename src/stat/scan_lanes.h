/* scan_lanes.h - the search of SCAN_REPS replicates at once, included by scan_replicate.c for each width of count:
 *   SCAN_LANE_NAME   name of the function
 *   SCAN_LANE_TYPE   int16_t or int32_t
 *
 * Counts lie by place, length and replicate, so that one instruction adds or compares several replicates. A zone
 * is looked at in full only if one of its counts reaches the zone's threshold: the smallest count with which the
 * ratio exceeds the plan's floor. */

typedef SCAN_LANE_TYPE SCAN_VECTOR(SCAN_LANE_NAME) __attribute__((vector_size(16)));

static void SCAN_LANE_NAME(const struct plan *p, struct scratch *w)
{
    typedef SCAN_LANE_TYPE lane;
    typedef SCAN_VECTOR(SCAN_LANE_NAME) vector;
    enum { WIDTH = 16 / sizeof(lane), VECTORS = SCAN_REPS / WIDTH };
    const struct scan *s = p->s;
    const size_t length = s->length, row = length * VECTORS;
    const vector *counts = w->counts;
    vector *sum = w->sums;
    for (size_t i = 0; i < s->n; i++) {
        const int32_t *threshold = zone_thresholds(p, i, w);
        memset(sum, 0, row * sizeof *sum);
        for (size_t k = s->start[i]; k < s->start[i + 1]; k++) {
            const vector *add = counts + s->near[k] * row;
            vector any = {0};
            for (size_t l = 0; l < length; l++, threshold++) {
                const lane t = (lane)(*threshold - 1);
                const vector below = SCAN_SPLAT(t);
                for (size_t v = 0; v < VECTORS; v++) {
                    vector c = sum[l * VECTORS + v] + add[l * VECTORS + v];
                    sum[l * VECTORS + v] = c;
                    any |= (vector)(c > below);
                }
            }
            uint64_t bits[2];
            memcpy(bits, &any, sizeof bits);
            if (!(bits[0] | bits[1]))
                continue;
            const lane *c = (const lane *)sum;
            for (size_t l = 0; l < length; l++) {
                double e = -1;
                for (size_t r = 0; r < SCAN_REPS; r++) {
                    if (c[l * SCAN_REPS + r] < *(threshold - length + l))
                        continue;
                    if (e < 0)
                        e = zone_expected(s, i, k, l);
                    double v = scan_ratio(s, (double)c[l * SCAN_REPS + r], e);
                    w->best[r] = v > w->best[r] ? v : w->best[r];
                }
            }
        }
    }
}

#undef SCAN_LANE_NAME
#undef SCAN_LANE_TYPE
#undef SCAN_SPLAT
