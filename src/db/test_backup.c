/* test_backup.c - backup and restore on both engines, and the files kept by content. */
#include "testdb.h"

#include "base/fs.h"
#include "db/audit.h"
#include "db/backup.h"
#include "db/blob.h"

#define NAME(what) testdb_name(t, what)

static int64_t entries(struct testdb *t)
{
    int64_t n = -1, broken = -1;
    testdb_must(t, audit_verify(&t->cx, &n, &broken), "verify");
    return broken ? -1 : n;
}

static void reconnect(struct testdb *t)
{
    testdb_must(t, db_store_open(&t->cx, t->conninfo, &t->store), "open");
    testdb_must(t, db_connect(&t->cx, t->store, &t->cx.db), "connect");
}

static void disconnect(struct testdb *t)
{
    db_disconnect(t->cx.db);
    db_store_close(t->store);
    t->cx.db = NULL;
    t->store = NULL;
}

static void cases(struct testdb *t)
{
    struct ctx *cx = &t->cx;
    const char *dir;
    testdb_must(t, fs_temp_dir(cx, &dir), "folder");
    const char *file = fs_join(cx->arena, dir, "backup"),
               *nowhere = fs_join(cx->arena, dir, "no/such/folder/backup");
    for (int i = 0; i < 3; i++)
        testdb_must(t, audit_record(cx, "test", "", ""), "record");
    is_int(db_backup(cx, t->store, file), OK, NAME("a backup is made while the database is open"));
    ok(fs_exists(file) && !fs_exists(fs_join(cx->arena, dir, "backup.part")),
       NAME("and nothing else is left"));
    ok(db_backup(cx, t->store, nowhere) != OK, NAME("a folder that does not exist is an error"));
    testdb_must(t, audit_record(cx, "test", "", ""), "record");
    is_int(entries(t), 4, NAME("work goes on after the backup"));
    if (db_engine(cx->db) == DB_SQLITE) {
        is_int(db_restore(cx, t->conninfo, file), ERR_BUSY, NAME("a database in use is not replaced"));
        is_int(entries(t), 4, NAME("and stays as it is"));
    }
    disconnect(t);
    is_int(db_restore(cx, t->conninfo, fs_join(cx->arena, dir, "none")), ERR_NOT_FOUND,
           NAME("no backup, no restore"));
    const char *letter = fs_join(cx->arena, dir, "letter");
    testdb_must(t, fs_write(cx, letter, "This is a letter.", 17, 0600), "letter");
    ok(db_restore(cx, t->conninfo, letter) != OK, NAME("a file of another kind is not restored"));
    reconnect(t);
    is_int(entries(t), 4, NAME("and the database stays as it is after both"));
    disconnect(t);
    is_int(db_restore(cx, t->conninfo, file), OK, NAME("the backup is restored"));
    reconnect(t);
    is_int(entries(t), 3, NAME("and has what was there when it was made"));
    ok(audit_record(cx, "test", "", "") == OK, NAME("and can be written"));
    if (*t->dir)
        testdb_must(t, fs_remove(cx, arena_printf(cx->arena, "%s.before-restore", t->conninfo)),
                    "former file");
}

static void blobs(void)
{
    struct ctx c = {.arena = arena_new(0)}, *cx = &c;
    const char *dir, *name, *again, *path;
    if (fs_temp_dir(cx, &dir) || blob_open(cx, fs_join(cx->arena, dir, "blobs")))
        die("%s", cx->err_text);
    ok(blob_put(cx, "abc", 3, &name) == OK && strlen(name) == 64,
       "a file is kept under the hash of its bytes");
    is_str(name, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319", "which is BLAKE2b-256");
    ok(blob_put(cx, "abc", 3, &again) == OK && strcmp(name, again) == 0, "the same bytes get the same name");
    const char *letter = fs_join(cx->arena, dir, "letter");
    if (fs_write(cx, letter, "abc", 3, 0600))
        die("%s", cx->err_text);
    ok(blob_put_file(cx, letter, &again) == OK && strcmp(name, again) == 0, "also from a file");
    if (fs_write(cx, letter, "abcd", 4, 0600))
        die("%s", cx->err_text);
    ok(blob_put_file(cx, letter, &again) == OK && blob_verify(cx, again) == OK, "a new file is copied whole");
    path = blob_path(cx, name);
    ok(path && fs_exists(path) && blob_verify(cx, name) == OK, "and is found by its name");
    ok(!blob_path(cx, "../../etc/passwd") && !blob_path(cx, "") && !blob_path(cx, NULL),
       "other names have no place");
    if (fs_write(cx, path, "abX", 3, 0600))
        die("%s", cx->err_text);
    is_int(blob_verify(cx, name), ERR_IO, "a changed byte is noticed");
    ok(blob_remove(cx, name) == OK && blob_verify(cx, name) == ERR_NOT_FOUND, "a removed file is gone");
    arena_free(cx->arena);
}

int main(void)
{
    testdb_both(cases);
    blobs();
    return done();
}
