/* classifier.c - see classifier.h. */
#include "registry/classifier.h"

#include "registry/lists.h"
#include "registry/pack_load_sql.h"

static int put_community(struct ctx *cx, const struct table *t, void *arg)
{
    (void)arg;
    return load_community(cx, &(struct load_community_in){list_text(cx, t, "code"), list_text(cx, t, "name_kk"),
                                  list_text(cx, t, "name_ru"), list_text(cx, t, "name_en"), table_rows(t)}, NULL);
}

static int put_indicator(struct ctx *cx, const struct table *t, void *arg)
{
    (void)arg;
    return load_indicator(cx, &(struct load_indicator_in){.region_id = cx->region_id, .code = list_text(cx, t, "code"),
                                  .name_kk = list_text(cx, t, "name_kk"), .name_ru = list_text(cx, t, "name_ru"),
                                  .name_en = list_text(cx, t, "name_en"), .unit_kk = list_text(cx, t, "unit_kk"),
                                  .unit_ru = list_text(cx, t, "unit_ru"), .unit_en = list_text(cx, t, "unit_en"),
                                  .definition = list_text(cx, t, "definition"), .block = list_text(cx, t, "block"),
                                  .direction = list_int(t, "direction"), .decimals = list_int(t, "decimals"),
                                  .on_map = list_int(t, "on_map") != 0, .ordinal = table_rows(t)}, NULL);
}

int registry_load_classifiers(struct ctx *cx)
{
    TRY(list_each(cx, "reference/communities.csv", put_community, NULL));
    return list_each(cx, "reference/indicators.csv", put_indicator, NULL);
}
