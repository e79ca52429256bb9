/* Tests of `shanyraq pack build` on the published files: the carried packs are what the builder makes, all of
 * Kazakhstan can be built, wrong sources are refused. Skipped where ../shared/data is absent. */
#include "geo/build.h"
#include "geo/pack.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fs.h"
#include "tap.h"

#include <time.h>

static const char FROM[] = "../shared/data";
static struct ctx cx;

static void same_as_carried(const struct pack *p, const char *file)
{
    struct buf *made = buf_new(cx.arena, 0), *carried;
    bool same = p && pack_write(&cx, p, made) == OK && fs_read(&cx, file, 0, &carried) == OK &&
                made->len == carried->len && memcmp(made->data, carried->data, made->len) == 0;
    ok(same, arena_printf(cx.arena, "%s is what the builder makes of the sources, byte by byte", file));
}

static void test_region(void)
{
    struct pack_build_result r;
    int rc = pack_build(&cx, FROM, "61", &r);
    if (!ok(rc == OK, "the pack of region 61 is built")) {
        printf("# %s\n", cx.err_text);
        return;
    }
    is_int(r.n_level[PACK_REGION], 20, "20 regions");
    is_int(r.n_level[PACK_DISTRICT], 17, "17 districts and cities");
    is_int(r.n_level[PACK_OKRUG], 180, "180 okrugs");
    is_int(r.n_inhabited, 804, "804 inhabited settlements");
    is_int(r.n_pointed + r.n_ambiguous, 743, "743 of them have a point, sure or ambiguous");
    is_int(r.n_pointed + r.n_ambiguous + r.n_without_point, r.n_inhabited, "the counts add up");
    is_int(r.n_not_outlined, 0, "every unit has an outline");
    same_as_carried(r.main, "packs/turkistan.pack");
    same_as_carried(r.osm, "packs/turkistan-osm.pack");
    same_as_carried(r.shares, "packs/turkistan-shares.pack");
}

static size_t records_of(const struct pack *p, const char *code, const char *date)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_territories; i++)
        n += strcmp(p->territories[i].code, code) == 0 &&
             pack_valid_on(p->territories[i].valid_from, p->territories[i].valid_to, date);
    return n;
}

static bool has_link(const struct pack *p, const char *from, const char *to, enum pack_link_kind kind)
{
    for (size_t i = 0; i < p->n_links; i++)
        if (strcmp(p->links[i].from, from) == 0 && strcmp(p->links[i].to, to) == 0 && p->links[i].kind == kind)
            return true;
    return false;
}

static void test_country(void)
{
    struct pack_build_result r;
    clock_t start = clock();
    int rc = pack_build(&cx, FROM, "all", &r);
    if (!ok(rc == OK, "all Kazakhstan is built")) {
        printf("# %s\n", cx.err_text);
        return;
    }
    struct buf *b = buf_new(cx.arena, 0);
    struct pack *p;
    ok(pack_write(&cx, r.main, b) == OK && pack_open(&cx, b->data, b->len, &p) == OK, "written and read again");
    printf("# %.1f s, %zu bytes\n", (double)(clock() - start) / CLOCKS_PER_SEC, b->len);
    is_int(r.n_level[PACK_REGION], 20, "20 regions");
    is_int(r.n_level[PACK_DISTRICT], 209, "209 districts and cities");
    /* 19 of the classifier's 2,379 okrugs and 6 of its 12,986 settlements are districts within cities. */
    is_int(r.n_level[PACK_OKRUG], 2379 - 19, "2,360 okrugs");
    is_int(r.n_level[PACK_SETTLEMENT], 12986 - 6, "12,980 settlements");
    is_int(r.n_not_outlined, 3, "three units have no outline: Markakol, Ulken Naryn, Saraishyk");
    ok(has_link(p, "632800000", "101000000", PACK_RECODE), "Semey's code of 2018 leads to today's");
    ok(has_link(p, "191600000", "191000000", PACK_RECODE), "Kapchagay leads to Qonaev");
    ok(has_link(p, "191000000", "331000000", PACK_RECODE), "and what had Qonaev's code leads to Taldykorgan");
    ok(records_of(p, "632800000", "2020-01-01") == 1 && records_of(p, "101000000", "2020-01-01") == 0 &&
           records_of(p, "101000000", "2023-01-01") == 1,
       "each code holds in its time");
    size_t twice = 0;
    for (size_t i = 0; i < p->n_territories; i += 7)
        twice += records_of(p, p->territories[i].code, "2020-01-01") > 1;
    is_int(twice, 0, "no code has two records on one day");
}

static void test_names(void)
{
    static const struct {
        const char *kk, *want;
    } CASES[] = {{"Түркістан", "Turkistan"}, {"Қазығұрт", "Qazyghurt"}, {"Жаңа Иқан", "Zhanga Iqan"},
                 {"Щучинск", "Shchuchinsk"}, {"Әйтеке би", "Ayteke bi"}, {"40-разъезд", "40-razezd"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        is_str(build_transliterate(cx.arena, CASES[i].kk), CASES[i].want, "a name in Latin letters");
    struct pack_territory t = {0};
    build_name_row(cx.arena, "sub_district", "2", "с.о.Байыркумский", "Байырқұм \xC2\xA0" "а.о.", &t);
    ok(strcmp(t.kk, "Байырқұм ауылдық округі") == 0 && strcmp(t.ru, "сельский округ Байыркумский") == 0 &&
           t.kind == PACK_KIND_RURAL_OKRUG,
       "short forms of an okrug are written out");
    build_name_row(cx.arena, "settlement", "2", "с. Космезгил", "Қосмезгіл а.", &t);
    ok(strcmp(t.ru, "Космезгил") == 0 && strcmp(t.kk, "Қосмезгіл") == 0 && t.kind == PACK_KIND_VILLAGE,
       "a village has its bare name");
    build_name_row(cx.arena, "settlement", "2", "Чабанский жил.дом", "Шопан үйі", &t);
    ok(t.kind == PACK_KIND_WINTERING && !pack_kind_inhabited(t.kind), "a herder's house is no village");
    build_name_row(cx.arena, "settlement", "2", "рзд.114", "рзд.114", &t);
    ok(t.kind == PACK_KIND_STATION && pack_kind_inhabited(t.kind), "a siding with a code is a settlement");
    ok(strcmp(t.kk, "114-разъезд") == 0 && strcmp(t.ru, "разъезд 114") == 0 && strcmp(t.en, "Siding 114") == 0,
       "its short form is written out");
    build_name_row(cx.arena, "settlement", "2", "ст.Чанак", "Шанақ ст.", &t);
    ok(strcmp(t.kk, "Шанақ станциясы") == 0 && strcmp(t.ru, "станция Чанак") == 0 && strcmp(t.en, "Shanaq Station") == 0,
       "a station's, too");
}

static void test_wrong(void)
{
    struct pack_build_result r;
    const char *folder;
    is_int(pack_build(&cx, FROM, "6", &r), ERR_INVALID, "a region of one digit is refused");
    is_int(pack_build(&cx, FROM, "99", &r), ERR_NOT_FOUND, "a region that does not exist is refused");
    ok(fs_temp_dir(&cx, &folder) == OK && pack_build(&cx, folder, "61", &r) != OK, "an empty folder is refused");
    ok(strstr(cx.err_text, "kz_adm1_2024.geojson") != NULL, "... with the name of the file that is missing");
}

int main(void)
{
    cx.arena = arena_new((size_t)2 << 30);
    test_names();
    if (fs_is_folder(FROM)) {
        test_region();
        test_country();
        test_wrong();
    } else {
        skip("packs are built from the published files", "../shared/data is absent");
    }
    arena_free(cx.arena);
    return done();
}
