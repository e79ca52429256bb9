/* ratelimit.c - see ratelimit.h. */
#include "http/ratelimit.h"

#include "base/crypto.h"
#include "base/time.h"

#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

enum { SLOTS = 4096, WAYS = 4 };

struct bucket {
    uint64_t key; /* 0: free */
    double tokens;
    int64_t seen_us;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards buckets */
static struct bucket buckets[SLOTS];

static uint64_t bucket_key(const char *class, const char *client)
{
    /* Keyed anew in each process: nobody can look for names that push another's bucket out of its set. */
    uint64_t h = crypto_table_hash(class, strlen(class)) * 1099511628211u ^ crypto_table_hash(client, strlen(client));
    return h ? h : 1;
}

/* The bucket of a key, a full one if it is new. The lock is held. */
static struct bucket *bucket_of(uint64_t key, double burst, int64_t now)
{
    struct bucket *set = &buckets[key % (SLOTS / WAYS) * WAYS], *oldest = set;
    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key)
            return &set[i];
        if (set[i].seen_us < oldest->seen_us)
            oldest = &set[i];
    }
    *oldest = (struct bucket){.key = key, .tokens = burst, .seen_us = now};
    return oldest;
}

bool ratelimit_take(const char *class, const char *client, double per_minute, double burst,
                    int *retry_seconds)
{
    int64_t now = time_steady_us();
    pthread_mutex_lock(&lock);
    struct bucket *b = bucket_of(bucket_key(class, client), burst, now);
    b->tokens = fmin(burst, b->tokens + (double)(now - b->seen_us) * per_minute / 60e6);
    b->seen_us = now;
    bool got = b->tokens >= 1;
    if (got)
        b->tokens -= 1;
    if (retry_seconds)
        *retry_seconds = got ? 0 : (int)ceil((1 - b->tokens) * 60 / per_minute);
    pthread_mutex_unlock(&lock);
    return got;
}

void ratelimit_clear(const char *class, const char *client)
{
    uint64_t key = bucket_key(class, client);
    pthread_mutex_lock(&lock);
    struct bucket *b = bucket_of(key, 0, time_steady_us());
    b->key = 0;
    b->seen_us = 0;
    pthread_mutex_unlock(&lock);
}
