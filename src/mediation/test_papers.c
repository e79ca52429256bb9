/* test_papers.c - the papers of a case: every content the law asks for is there, versions stay, the scan is sealed. On both
 * engines. */
#include "mediation/papers.h"
#include "mediation/test_case.h"

static const struct paper_values VALUES = {"Қарнақ", "Үйдегі мал", "", "Шығынды төлейді", "Қылмыс белгісі бар"};

static struct dispute_by_id_row read_case(struct testdb *t, int64_t id)
{
    struct dispute_by_id_row d;
    bool found;
    testdb_must(t, dispute_by_id(&t->cx, 61, id, &d, &found), "read");
    return d;
}

/* All words of a kept version, in one language or both. */
static const char *words(struct testdb *t, const struct case_asker *a, int64_t id, int64_t paper, enum lang lang)
{
    struct dispute_by_id_row d = read_case(t, id);
    struct vault v;
    struct doc *doc;
    struct buf *b = buf_new(t->cx.arena, 0);
    enum lang before = t->cx.lang;
    testdb_must(t, vault_open(&t->cx, a, &d, &v), "open");
    testdb_must(t, paper_doc(&t->cx, &d, &v, paper, lang, &doc), "document");
    t->cx.lang = before;
    for (const struct block *k = doc->blocks; k; k = k->next) {
        for (const struct para *p = k->paras; p; p = p->next)
            for (const struct run *r = p->runs; r; r = r->next)
                buf_printf(b, "%s\n", r->text);
        if (k->type == BLOCK_SIGNATURE)
            buf_printf(b, "sign: %s\n", k->name);
    }
    return b->data;
}

static int make(struct testdb *t, const struct case_asker *a, int64_t id, const char *kind, int64_t *paper)
{
    t->cx.account_id = a->account_id;
    t->cx.err = OK;
    int rc = paper_make(&t->cx, a, id, kind, &VALUES, paper);
    t->cx.err = OK;
    return rc;
}

static void test_papers(struct testdb *t)
{
    int64_t id = file_dispute(t, BRANCH, "key-papers", "2025-07-02"), first, second, settlement;
    struct paper_list_list list;
    struct paper_by_id_row row;
    bool found;
    testdb_must(t, triage_as(t, &AS_CLERK, id, "ordinary"), "triage");
    OK_(make(t, &AS_CLERK, id, "contract", &first) == ERR_INVALID, "without a mediator there is no contract");
    OK_(make(t, &AS_CLERK, id, "settlement", &first) == ERR_INVALID, "nor a settlement before the sessions");
    testdb_must(t, assign(t, id, FIRST, "no", NULL), "assign");
    OK_(make(t, &AS_CLERK_2, id, "contract", &first) == ERR_DENIED && make(t, &AS_OTHER, id, "contract", &first) != OK,
        "others make no papers of the case");
    testdb_must(t, make(t, &AS_MEDIATOR, id, "contract", &first), "contract");
    const char *kk = words(t, &AS_CLERK, id, first, LANG_KK), *ru = words(t, &AS_MEDIATOR, id, first, LANG_RU),
               *both = words(t, &AS_CLERK, id, first, LANG_COUNT);
    /* Article 21: date and place, sides, subject, mediator, costs, language, confidentiality, liability, term, procedure,
     * requisites. */
    static const char *const RU[] = {"О договоре", "Стороны", "Предмет спора", "Медиатор", "Расходы", "Язык", "Конфиденциальность",
                                     "Ответственность", "Срок", "Порядок", "Реквизиты"};
    static const char *const FILLED[] = {"Aigul Secretname", "Berik Secretname", "Mediator One", "Үйдегі мал", "30", "60",
                                         "8 700", "2025-0001"};
    size_t there = 0;
    for (size_t i = 0; i < sizeof FILLED / sizeof *FILLED; i++)
        there += strstr(kk, FILLED[i]) && strstr(ru, FILLED[i]);
    OK_(there == sizeof FILLED / sizeof *FILLED && !strchr(kk, '{') && !strchr(ru, '{'), "the contract is filled from the case");
    struct clause_list_list clauses;
    testdb_must(t, clause_list(&t->cx, 61, "contract", "2025-07-05", &clauses), "clauses");
    there = 0;
    for (size_t i = 0; i < clauses.n; i++)
        for (size_t k = 0; k < sizeof RU / sizeof *RU; k++)
            there += strstr(clauses.rows[i].heading_ru, RU[k]) != NULL && *clauses.rows[i].article;
    OK_(there >= sizeof RU / sizeof *RU, "with everything that article 21 asks for, each with its article");
    OK_(strstr(both, "Медиацияға қатысушылар") && strstr(both, "Участники медиации") && !strstr(kk, "Участники медиации"), "both languages stand one after the other");
    OK_(strstr(kk, "sign: Aigul Secretname") && strstr(kk, "sign: Mediator One"), "sides and mediator sign it");
    testdb_must(t, make(t, &AS_MEDIATOR, id, "contract", &second), "again");
    testdb_must(t, paper_list(&t->cx, 61, id, &list), "list");
    OK_(list.n == 2 && list.rows[1].version == 2 && str_eq(words(t, &AS_CLERK, id, first, LANG_KK), kk),
        "a new version leaves the old one as it was");
    testdb_must(t, paper_by_id(&t->cx, 61, id, first, &row, &found), "row");
    OK_(found && !memmem(row.sealed.data, row.sealed.len, "Secretname", 10), "the database holds no word of it");

    static const char PDF[] = "%PDF-1.7 Secret scan";
    OK_(paper_scan(&t->cx, &AS_MEDIATOR, id, first, "GIF89a", 6) == ERR_INVALID, "a scan is a PDF or a picture");
    t->cx.err = OK;
    testdb_must(t, paper_scan(&t->cx, &AS_MEDIATOR, id, first, PDF, sizeof PDF), "scan");
    OK_(paper_scan(&t->cx, &AS_MEDIATOR, id, first, PDF, sizeof PDF) == ERR_CONFLICT, "and is not replaced");
    t->cx.err = OK;
    testdb_must(t, paper_by_id(&t->cx, 61, id, first, &row, &found), "row");
    struct dispute_by_id_row d = read_case(t, id);
    struct vault v;
    struct bytes scan;
    testdb_must(t, vault_open(&t->cx, &AS_CLERK, &d, &v), "open");
    OK_(!memmem(row.scan.data, row.scan.len, "Secret", 6) && vault_open_bytes(&t->cx, &v, VAULT_PAPER, first, row.scan, &scan) &&
            scan.len == sizeof PDF && !memcmp(scan.data, PDF, scan.len) &&
            str_eq(row.scan_hash, crypto_blake2b_hex(t->cx.arena, PDF, sizeof PDF)),
        "the scan is sealed, opens for the clerk, and is known by its hash");
    OK_(!vault_open_bytes(&t->cx, &v, VAULT_PAPER, second, row.scan, &scan), "it does not open as that of another paper");

    testdb_must(t, step(t, &AS_MEDIATOR, id, "consent", "2025-07-03", "1"), "consent");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "consent", "2025-07-03", "2"), "consent");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "contract", "2025-07-03", ""), "contract");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "session", "2025-07-04", ""), "session");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "settle", "2025-07-04", ""), "settle");
    testdb_must(t, step(t, &AS_MEDIATOR, id, "promise", "2025-07-04", ""), "promise");
    testdb_must(t, make(t, &AS_CLERK, id, "settlement", &settlement), "settlement");
    ru = words(t, &AS_CLERK, id, settlement, LANG_RU);
    OK_(strstr(ru, "Pay for the field") && strstr(ru, "Шығынды төлейді") && strstr(ru, "вправе обратиться в суд"),
        "the settlement says what was agreed, by when it is done, and what follows if it is not");
}

static void cases(struct testdb *t)
{
    on_day("2025-07-05");
    fixture(t);
    test_papers(t);
}

int main(void)
{
    testdb_both(cases);
    return done();
}
