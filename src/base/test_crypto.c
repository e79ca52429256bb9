/* Tests of base/crypto.h with published values, and of base/map.h. */
#include "tap.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/fs.h"
#include "base/map.h"
#include "base/str.h"

static struct ctx cx;

static void test_hashes(void)
{
    unsigned char out[CRYPTO_HASH_BYTES], again[CRYPTO_HASH_BYTES];
    is_str(crypto_sha256_hex(cx.arena, "abc", 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
           "SHA-256 of \"abc\" (FIPS 180-4)");
    is_str(crypto_blake2b_hex(cx.arena, "", 0), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
           "BLAKE2b-256 of nothing");
    crypto_hmac(out, "Jefe", 4, "what do ya want for nothing?", 28);
    is_str(crypto_hex(cx.arena, out, 32), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
           "HMAC-SHA-256 (RFC 4231, case 2)");
    struct crypto_hash h;
    crypto_hash_begin(&h);
    crypto_hash_add(&h, "ab", 2);
    crypto_hash_add(&h, "c", 1);
    crypto_hash_end(&h, out);
    crypto_blake2b(again, "abc", 3);
    ok(crypto_equal(out, again, 32), "pieces hash as the whole");
    const char *dir, *hex;
    ok(fs_temp_dir(&cx, &dir) == OK, "a folder");
    const char *path = fs_join(cx.arena, dir, "f");
    ok(fs_write(&cx, path, "abc", 3, 0600) == OK && crypto_file_hex(&cx, path, &hex) == OK, "a file is hashed");
    is_str(hex, crypto_blake2b_hex(cx.arena, "abc", 3), "as its bytes");
    ok(crypto_file_hex(&cx, "/nowhere", &hex) == ERR_NOT_FOUND, "a missing file is told");
}

static void test_passwords(void)
{
    static const struct crypto_cost CHEAP = {1, 8192};
    const char *hash, *other;
    ok(crypto_password_hash(&cx, "құпия сөз", CHEAP, &hash) == OK && str_starts(hash, "$argon2id$"), "a password is hashed");
    ok(crypto_password_hash(&cx, "құпия сөз", CHEAP, &other) == OK && !str_eq(hash, other), "never the same twice");
    ok(crypto_password_verify(hash, "құпия сөз") && !crypto_password_verify(hash, "құпия соз"), "and checked");
    ok(!crypto_password_verify("broken", "x") && !crypto_password_verify(NULL, "x"), "a broken hash fits nothing");
    ok(!crypto_password_outdated(hash, CHEAP) && crypto_password_outdated(hash, CRYPTO_COST_ACCOUNT), "an old cost is seen");
}

static void test_texts(void)
{
    size_t n;
    const char *token = crypto_token(cx.arena, 32);
    ok(strlen(token) == 43 && !strpbrk(token, "+/=") && !str_eq(token, crypto_token(cx.arena, 32)), "tokens are random texts");
    is_str(crypto_base64_decode(cx.arena, "dXNlcjpwYXNz", &n), "user:pass", "base64 is read");
    ok(n == 9 && !crypto_base64_decode(cx.arena, "dXNl!", &n), "and refused where broken");
    ok(crypto_equal_text("a", "a") && !crypto_equal_text("a", "b") && !crypto_equal_text("a", "aa") && !crypto_equal_text(NULL, NULL),
       "texts compare in constant time");
}

static void test_map(void)
{
    struct map *m = map_new(cx.arena);
    bool all = true;
    for (intptr_t i = 1; i <= 10000; i++)
        map_set(m, arena_printf(cx.arena, "key %ld", (long)i), (void *)i);
    for (intptr_t i = 1; i <= 10000; i++)
        all &= map_get(m, arena_printf(cx.arena, "key %ld", (long)i)) == (void *)i;
    ok(all && m->n == 10000, "ten thousand keys are kept");
    map_set(m, "key 7", (void *)(intptr_t)70);
    ok(map_get(m, "key 7") == (void *)(intptr_t)70 && m->n == 10000, "a key has one value");
    ok(!map_get(m, "key") && !map_has(m, "") && map_has(m, "key 1"), "unknown keys are unknown");
    is_str(m->entries[9999].key, "key 10000", "walking follows the insertion");
    *map_at(m, "") = m;
    ok(map_get(m, "") == m, "the empty text is a key");
}

static void test_secrets(void)
{
    static const struct crypto_cost CHEAP = {1, 8192};
    unsigned char salt[CRYPTO_SALT_BYTES] = {1}, key[CRYPTO_KEY_BYTES], again[CRYPTO_KEY_BYTES], other[CRYPTO_KEY_BYTES];
    ok(crypto_password_key(&cx, "a long sentence", salt, CHEAP, key) == OK &&
           crypto_password_key(&cx, "a long sentence", salt, CHEAP, again) == OK && !memcmp(key, again, sizeof key),
       "a password and a salt always give the same key");
    salt[0] = 2;
    ok(crypto_password_key(&cx, "a long sentence", salt, CHEAP, other) == OK && memcmp(key, other, sizeof key),
       "another salt gives another key");
    unsigned char locked[5 + CRYPTO_LOCK_EXTRA], twice[sizeof locked], open[5];
    crypto_lock(locked, key, "hello", 5, "note/1");
    crypto_lock(twice, key, "hello", 5, "note/1");
    ok(memcmp(locked, twice, sizeof locked), "the same text locked twice looks different");
    ok(crypto_unlock(open, key, locked, sizeof locked, "note/1") && !memcmp(open, "hello", 5), "its key opens it");
    ok(!crypto_unlock(open, other, locked, sizeof locked, "note/1"), "another key does not");
    ok(!crypto_unlock(open, key, locked, sizeof locked, "note/2"), "nor does it open in another place");
    locked[sizeof locked - 1] ^= 1;
    ok(!crypto_unlock(open, key, locked, sizeof locked, "note/1") && !crypto_unlock(open, key, locked, 3, "note/1"),
       "nor when it was changed or cut");
    struct crypto_pair a, b;
    unsigned char sealed[5 + CRYPTO_SEAL_EXTRA];
    crypto_pair_new(&a);
    crypto_pair_new(&b);
    crypto_seal(sealed, a.public_key, "hello", 5);
    ok(crypto_seal_open(open, &a, sealed, sizeof sealed) && !memcmp(open, "hello", 5), "a pair opens what is sealed for it");
    ok(!crypto_seal_open(open, &b, sealed, sizeof sealed) && !crypto_seal_open(open, &a, sealed, 9), "another pair does not");
}

int main(void)
{
    cx.arena = arena_new(0);
    test_hashes();
    test_secrets();
    test_passwords();
    test_texts();
    test_map();
    arena_free(cx.arena);
    return done();
}
