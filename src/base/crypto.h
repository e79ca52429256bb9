/* crypto.h - passwords, random numbers, hashes; all of libsodium's that the program uses.
 *
 * Hashes in text form are small hexadecimal digits. Thread-safe. */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include "base/ctx.h"

#include <stddef.h>

enum { CRYPTO_HASH_BYTES = 32, CRYPTO_HEX_CHARS = 64 };

/* --- passwords (Argon2id, RFC 9106) --- */
struct crypto_cost {
    uint64_t passes;
    size_t memory; /* bytes, at least 8 KB */
};
/* About 0.1 s and 64 MB a check on a small server: what the program uses for accounts. */
extern const struct crypto_cost CRYPTO_COST_ACCOUNT;

/* The text to keep ("$argon2id$..."), in the arena. */
int crypto_password_hash(struct ctx *cx, const char *password, struct crypto_cost cost,
                         const char **hash);
/* Takes as long as the hash's own cost. A broken hash fits no password. */
bool crypto_password_verify(const char *hash, const char *password);
/* The hash was made with another cost and should be made again at the next sign-in. */
bool crypto_password_outdated(const char *hash, struct crypto_cost cost);

/* A key made of a password: slow on purpose, at the cost given. */
enum { CRYPTO_SALT_BYTES = 16, CRYPTO_KEY_BYTES = 32 };
int crypto_password_key(struct ctx *cx, const char *password, const unsigned char salt[CRYPTO_SALT_BYTES],
                        struct crypto_cost cost, unsigned char key[CRYPTO_KEY_BYTES]);

/* --- keeping secrets --- */
/* XChaCha20-Poly1305 with a random nonce in front: n + CRYPTO_LOCK_EXTRA bytes. `place` says where the bytes belong and
 * is checked at opening, so that locked bytes moved elsewhere do not open. */
enum { CRYPTO_LOCK_EXTRA = 24 + 16 };
void crypto_lock(unsigned char *out, const unsigned char key[CRYPTO_KEY_BYTES], const void *data, size_t n,
                 const char *place);
/* n is the length with the extra bytes. False: another key, another place, or damaged. */
bool crypto_unlock(unsigned char *out, const unsigned char key[CRYPTO_KEY_BYTES], const void *data, size_t n,
                   const char *place);

/* A pair of keys: what is sealed with the public one is opened with the secret one alone (X25519, libsodium's sealed
 * boxes: n + CRYPTO_SEAL_EXTRA bytes). */
enum { CRYPTO_SEAL_EXTRA = 48 };
struct crypto_pair {
    unsigned char public_key[CRYPTO_KEY_BYTES], secret_key[CRYPTO_KEY_BYTES];
};
void crypto_pair_new(struct crypto_pair *pair);
/* The pair of a secret key. */
void crypto_pair_of(const unsigned char secret_key[CRYPTO_KEY_BYTES], struct crypto_pair *pair);
void crypto_seal(unsigned char *out, const unsigned char public_key[CRYPTO_KEY_BYTES], const void *data, size_t n);
bool crypto_seal_open(unsigned char *out, const struct crypto_pair *pair, const void *data, size_t n);

/* --- random --- */
void crypto_random(void *out, size_t n);
/* n random bytes as base64url text without padding (32 bytes give 43 characters). */
const char *crypto_token(struct arena *a, size_t n);

/* --- hashes --- */
void crypto_blake2b(unsigned char out[CRYPTO_HASH_BYTES], const void *data, size_t n);
const char *crypto_blake2b_hex(struct arena *a, const void *data, size_t n);
/* BLAKE2b-256 of a file's bytes, read in pieces. ERR_IO, ERR_NOT_FOUND. */
int crypto_file_hex(struct ctx *cx, const char *path, const char **hex);
void crypto_sha256(unsigned char out[CRYPTO_HASH_BYTES], const void *data, size_t n);
const char *crypto_sha256_hex(struct arena *a, const void *data, size_t n);
/* HMAC-SHA-256 with a key of any length. */
void crypto_hmac(unsigned char out[CRYPTO_HASH_BYTES], const void *key, size_t n_key,
                 const void *data, size_t n);

/* BLAKE2b-256 piece by piece: crypto_hash_begin(), _add() as often as needed, _end(). */
struct crypto_hash { _Alignas(64) unsigned char state[384]; };
void crypto_hash_begin(struct crypto_hash *h);
void crypto_hash_add(struct crypto_hash *h, const void *data, size_t n);
void crypto_hash_end(struct crypto_hash *h, unsigned char out[CRYPTO_HASH_BYTES]);

/* A hash for tables in memory, keyed anew in each process: nobody outside can choose colliding keys. */
uint64_t crypto_table_hash(const void *data, size_t n);

/* --- comparing and writing --- */
/* In a time that does not depend on where they differ. */
bool crypto_equal(const void *a, const void *b, size_t n);
/* The same for texts (their lengths are not secret). NULL equals nothing. */
bool crypto_equal_text(const char *a, const char *b);
/* Overwrites a secret. */
void crypto_wipe(void *p, size_t n);
const char *crypto_hex(struct arena *a, const void *data, size_t n);
/* base64 with "+/" and padding, as in HTTP basic credentials; bytes with a NUL behind. NULL: not base64. */
char *crypto_base64_decode(struct arena *a, const char *text, size_t *n);

#endif
