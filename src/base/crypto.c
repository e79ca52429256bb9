/* crypto.c - see crypto.h. The only file that knows libsodium. */
#include "base/crypto.h"

#include "base/arena.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>

const struct crypto_cost CRYPTO_COST_ACCOUNT = {crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                                crypto_pwhash_MEMLIMIT_INTERACTIVE};

static unsigned char table_key[crypto_shorthash_KEYBYTES];

static void start(void)
{
    if (sodium_init() < 0)
        die("no source of random numbers");
    randombytes_buf(table_key, sizeof table_key);
}

/* Every entry that needs libsodium's choice of implementation or its random numbers calls this. */
static void ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start);
}

int crypto_password_hash(struct ctx *cx, const char *password, struct crypto_cost cost,
                         const char **hash)
{
    char text[crypto_pwhash_STRBYTES];
    ready();
    if (crypto_pwhash_str_alg(text, password, strlen(password), cost.passes, cost.memory,
                              crypto_pwhash_ALG_ARGON2ID13))
        return fail(cx, ERR_BUSY, "Not enough memory to check a password now. Try again later.");
    *hash = arena_strdup(cx->arena, text);
    return OK;
}

bool crypto_password_verify(const char *hash, const char *password)
{
    ready();
    return hash && password && crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

bool crypto_password_outdated(const char *hash, struct crypto_cost cost)
{
    ready();
    return crypto_pwhash_str_needs_rehash(hash, cost.passes, cost.memory) != 0;
}

int crypto_password_key(struct ctx *cx, const char *password, const unsigned char salt[CRYPTO_SALT_BYTES],
                        struct crypto_cost cost, unsigned char key[CRYPTO_KEY_BYTES])
{
    _Static_assert(CRYPTO_SALT_BYTES == crypto_pwhash_SALTBYTES, "the salt of Argon2id");
    ready();
    if (crypto_pwhash(key, CRYPTO_KEY_BYTES, password, strlen(password), salt, cost.passes, cost.memory,
                      crypto_pwhash_ALG_ARGON2ID13))
        return fail(cx, ERR_BUSY, "Not enough memory to check a password now. Try again later.");
    return OK;
}

_Static_assert(CRYPTO_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES &&
                   CRYPTO_KEY_BYTES == crypto_box_PUBLICKEYBYTES && CRYPTO_KEY_BYTES == crypto_box_SECRETKEYBYTES &&
                   CRYPTO_SEAL_EXTRA == crypto_box_SEALBYTES &&
                   CRYPTO_LOCK_EXTRA == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES +
                                            crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "sizes of libsodium");
enum { NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };

void crypto_lock(unsigned char *out, const unsigned char key[CRYPTO_KEY_BYTES], const void *data, size_t n,
                 const char *place)
{
    crypto_random(out, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE_BYTES, NULL, data, n, (const unsigned char *)place,
                                               strlen(place), NULL, out, key);
}

bool crypto_unlock(unsigned char *out, const unsigned char key[CRYPTO_KEY_BYTES], const void *data, size_t n,
                   const char *place)
{
    const unsigned char *in = data;
    ready();
    return n >= CRYPTO_LOCK_EXTRA &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, in + NONCE_BYTES, n - NONCE_BYTES,
                                                      (const unsigned char *)place, strlen(place), in, key) == 0;
}

void crypto_pair_new(struct crypto_pair *pair)
{
    ready();
    crypto_box_keypair(pair->public_key, pair->secret_key);
}

void crypto_pair_of(const unsigned char secret_key[CRYPTO_KEY_BYTES], struct crypto_pair *pair)
{
    ready();
    memcpy(pair->secret_key, secret_key, CRYPTO_KEY_BYTES);
    if (crypto_scalarmult_base(pair->public_key, secret_key))
        die("a secret key is not one");
}

void crypto_seal(unsigned char *out, const unsigned char public_key[CRYPTO_KEY_BYTES], const void *data, size_t n)
{
    ready();
    if (crypto_box_seal(out, data, n, public_key))
        die("a public key is not one");
}

bool crypto_seal_open(unsigned char *out, const struct crypto_pair *pair, const void *data, size_t n)
{
    ready();
    return n >= CRYPTO_SEAL_EXTRA && crypto_box_seal_open(out, data, n, pair->public_key, pair->secret_key) == 0;
}

void crypto_random(void *out, size_t n)
{
    ready();
    randombytes_buf(out, n);
}

const char *crypto_token(struct arena *a, size_t n)
{
    const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    size_t chars = sodium_base64_encoded_len(n, variant);
    unsigned char *raw = arena_alloc(a, n);
    char *text = arena_alloc(a, chars);
    crypto_random(raw, n);
    sodium_bin2base64(text, chars, raw, n, variant);
    sodium_memzero(raw, n);
    return text;
}

const char *crypto_hex(struct arena *a, const void *data, size_t n)
{
    char *text = arena_alloc(a, n * 2 + 1);
    return sodium_bin2hex(text, n * 2 + 1, data, n);
}

void crypto_blake2b(unsigned char out[CRYPTO_HASH_BYTES], const void *data, size_t n)
{
    ready();
    crypto_generichash(out, CRYPTO_HASH_BYTES, data, n, NULL, 0);
}

const char *crypto_blake2b_hex(struct arena *a, const void *data, size_t n)
{
    unsigned char hash[CRYPTO_HASH_BYTES];
    crypto_blake2b(hash, data, n);
    return crypto_hex(a, hash, sizeof hash);
}

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(struct crypto_hash), "state fits");
_Static_assert(_Alignof(crypto_generichash_state) <= _Alignof(struct crypto_hash), "state is aligned");

void crypto_hash_begin(struct crypto_hash *h)
{
    ready();
    crypto_generichash_init((crypto_generichash_state *)(void *)h, NULL, 0, CRYPTO_HASH_BYTES);
}

void crypto_hash_add(struct crypto_hash *h, const void *data, size_t n)
{
    crypto_generichash_update((crypto_generichash_state *)(void *)h, data, n);
}

void crypto_hash_end(struct crypto_hash *h, unsigned char out[CRYPTO_HASH_BYTES])
{
    crypto_generichash_final((crypto_generichash_state *)(void *)h, out, CRYPTO_HASH_BYTES);
}

int crypto_file_hex(struct ctx *cx, const char *path, const char **hex)
{
    unsigned char piece[16 * 1024], hash[CRYPTO_HASH_BYTES];
    struct crypto_hash h;
    size_t n;
    FILE *f = fopen(path, "rbe");
    if (!f && errno == ENOENT)
        return fail(cx, ERR_NOT_FOUND, "There is no file %s.", path);
    if (!f)
        return fail(cx, ERR_IO, "The file %s cannot be read.", path);
    crypto_hash_begin(&h);
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        crypto_hash_add(&h, piece, n);
    bool broken = ferror(f);
    fclose(f);
    if (broken)
        return fail(cx, ERR_IO, "The file %s cannot be read.", path);
    crypto_hash_end(&h, hash);
    *hex = crypto_hex(cx->arena, hash, sizeof hash);
    return OK;
}

void crypto_sha256(unsigned char out[CRYPTO_HASH_BYTES], const void *data, size_t n)
{
    ready();
    crypto_hash_sha256(out, data, n);
}

const char *crypto_sha256_hex(struct arena *a, const void *data, size_t n)
{
    unsigned char hash[CRYPTO_HASH_BYTES];
    crypto_sha256(hash, data, n);
    return crypto_hex(a, hash, sizeof hash);
}

void crypto_hmac(unsigned char out[CRYPTO_HASH_BYTES], const void *key, size_t n_key,
                 const void *data, size_t n)
{
    crypto_auth_hmacsha256_state state;
    ready();
    crypto_auth_hmacsha256_init(&state, key, n_key);
    crypto_auth_hmacsha256_update(&state, data, n);
    crypto_auth_hmacsha256_final(&state, out);
}

uint64_t crypto_table_hash(const void *data, size_t n)
{
    unsigned char out[crypto_shorthash_BYTES];
    uint64_t hash;
    ready();
    crypto_shorthash(out, data, n, table_key);
    memcpy(&hash, out, sizeof hash);
    return hash;
}

bool crypto_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

bool crypto_equal_text(const char *a, const char *b)
{
    return a && b && strlen(a) == strlen(b) && crypto_equal(a, b, strlen(a));
}

void crypto_wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}

char *crypto_base64_decode(struct arena *a, const char *text, size_t *n)
{
    size_t chars = strlen(text), max = chars / 4 * 3 + 3;
    char *out = arena_alloc(a, max + 1);
    if (sodium_base642bin((unsigned char *)out, max, text, chars, NULL, n, NULL,
                          sodium_base64_VARIANT_ORIGINAL))
        return NULL;
    out[*n] = '\0';
    return out;
}
