/* frame.c - what stands at the head of every page: the institution, its region, whether the data is a
 * demonstration. Read from the database at most every FRESH_SECONDS: it changes a few times a year. */
#include "program/program.h"
#include "program/program_sql.h"

#include "access/permission.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "html/html.h"
#include "setting/setting.h"

#include <pthread.h>

enum { FRESH_SECONDS = 15 };

static struct frame {
    int64_t until_us, region_id; /* until_us of the steady clock */
    char institution[LANG_COUNT][512], region[LANG_COUNT][256];
    bool demo;
} frame;
static pthread_mutex_t frame_lock = PTHREAD_MUTEX_INITIALIZER; /* guards frame */

static int frame_read(struct ctx *cx, struct frame *f, const char *today)
{
    static const char *const MARKS[LANG_COUNT] = {"institution.mark_kk", "institution.mark_ru", "institution.mark_en"};
    struct program_frame_row row;
    TRY(program_frame(cx, cx->region_id, today, &row));
    const char *const names[LANG_COUNT] = {row.institution_kk, row.institution_ru, row.institution_en};
    const char *const regions[LANG_COUNT] = {row.region_kk, row.region_ru, row.region_en};
    *f = (struct frame){.until_us = time_steady_us() + FRESH_SECONDS * INT64_C(1000000), .region_id = cx->region_id,
                        .demo = row.demo > 0};
    for (int l = 0; l < LANG_COUNT; l++) {
        const char *mark = setting_text(cx, MARKS[l]);
        snprintf(f->institution[l], sizeof f->institution[l], "%s", !str_empty(mark) ? mark : names[l] ? names[l] : "");
        snprintf(f->region[l], sizeof f->region[l], "%s", regions[l] ? regions[l] : "");
    }
    return 0;
}

void program_fill_page(struct request *rq, struct page *page)
{
    struct ctx *cx = rq->cx;
    struct frame f;
    page->search = rq_may(rq, PERM_REGISTRY_READ);
    page->today = date_text(cx->arena, date_today(&ZONE_KZ));
    pthread_mutex_lock(&frame_lock);
    f = frame;
    pthread_mutex_unlock(&frame_lock);
    if (f.until_us <= time_steady_us() || f.region_id != cx->region_id) {
        struct frame fresh;
        if (frame_read(cx, &fresh, page->today) == 0) {
            pthread_mutex_lock(&frame_lock);
            f = frame = fresh;
            pthread_mutex_unlock(&frame_lock);
        } else if (f.region_id != cx->region_id) {
            return; /* the page is worth more than its head; the error of the database shows elsewhere */
        }
    }
    if (*f.institution[cx->lang])
        page->institution = arena_strdup(cx->arena, f.institution[cx->lang]);
    if (*f.region[cx->lang])
        page->place = arena_strdup(cx->arena, f.region[cx->lang]);
    page->demo = f.demo;
    page->own_calendar = f.demo && time_shifted_days() != 0;
}
