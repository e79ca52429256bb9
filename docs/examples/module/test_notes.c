/* The example module on both engines: its rules, its page and its JSON. */
#include "testdb.h"

#include "base/fs.h"
#include "base/str.h"
#include "db/audit.h"
#include "http/internal.h"
#include "notes/notes.h"
#include "notes/notes_sql.h"

#define OK_(cond, what) ok((cond), testdb_name(t, (what)))

/* What GET /notes answers. */
static const char *answer(struct testdb *t, const char *target)
{
    struct request *rq = request_new(t->cx.arena, &t->cx);
    rq->out = buf_new(t->cx.arena, 0);
    testdb_must(t, request_read_target(rq, target), target);
    request_read_preferences(rq);
    testdb_must(t, notes_module.routes[0].handle(rq), "page");
    return rq->out->data;
}

static void cases(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    int64_t id, entries, broken;
    struct notes_list_list list;
#ifdef EXAMPLE_MIGRATION /* a module of the program has its table in migrations/ */
    struct buf *sql;
    testdb_must(t, fs_read(cx, EXAMPLE_MIGRATION, 0, &sql), "read the migration");
    testdb_sql(t, t->conninfo, arena_strndup(cx->arena, sql->data, strcspn(sql->data, ";")));
#endif
    cx->account_id = 7;
    OK_(notes_add(cx, "  ", &id) == ERR_INVALID, "an empty note is refused");
    OK_(notes_add(cx, " The bridge at <Karnak> ", &id) == 0, "a note is recorded");
    testdb_must(t, notes_list(cx, 61, &list), "list");
    OK_(list.n == 1 && str_eq(list.rows[0].text, "The bridge at <Karnak>"), "and stands in the list, trimmed");
    OK_(audit_verify(cx, &entries, &broken) == 0 && entries == 1 && !broken, "with its entry in the audit chain");
    OK_(strstr(answer(t, "/notes?fragment=1"), "The bridge at &lt;Karnak&gt;") != NULL, "the page shows it escaped");
    OK_(strstr(answer(t, "/notes?format=json"), "\"text\":\"The bridge at <Karnak>\"") != NULL, "the JSON holds the same");
}

int main(void)
{
    testdb_both(cases);
    return done();
}
