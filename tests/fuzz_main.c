/* fuzz_main.c - runs a fuzz target without a fuzzer: replays a corpus, then seeded mutations of it.
 *
 *   fuzz_csv tests/corpus/csv [FILE|FOLDER...] [-runs=N] [-seed=S]
 *
 * A target is one LLVMFuzzerTestOneInput() (src/<folder>/fuzz_<name>.c), so that libFuzzer and AFL can
 * drive it as well. A fault ends the process (sanitizers, abort): the input that did it is left in
 * $TMPDIR/fuzz-last-<pid>, written before the call only for mutations. Prints TAP for prove. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_INPUTS = 4096, MAX_BYTES = 1 << 20 };

static struct input { uint8_t *data; size_t n; } inputs[MAX_INPUTS];
static size_t n_inputs;
static uint64_t state;

/* SplitMix64 (Steele, Lea, Flood 2014): enough to choose mutations, the same on every machine. */
static uint64_t next_random(void)
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static size_t below(size_t n)
{
    return n ? (size_t)(next_random() % n) : 0;
}

static void load_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f || n_inputs == MAX_INPUTS) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(2);
    }
    uint8_t *data = malloc(MAX_BYTES);
    if (!data)
        abort();
    inputs[n_inputs++] = (struct input){data, fread(data, 1, MAX_BYTES, f)};
    fclose(f);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void load(const char *path)
{
    struct stat st;
    struct dirent **names;
    if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
        load_file(path);
        return;
    }
    int n = scandir(path, &names, NULL, by_name);
    for (int i = 0; i < n; i++) {
        char full[4096];
        snprintf(full, sizeof full, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.')
            load(full);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
}

/* Copies a piece of one input over or into another place: parts of the format meet in new orders. */
static void splice(uint8_t *data, size_t *n)
{
    const struct input *from = &inputs[below(n_inputs)];
    size_t start = below(from->n), len = below(from->n - start < 64 ? from->n - start + 1 : 64);
    size_t at = below(*n + 1);
    if (*n + len > MAX_BYTES)
        return;
    memmove(data + at + len, data + at, *n - at);
    memcpy(data + at, from->data + start, len);
    *n += len;
}

static void mutate(uint8_t *data, size_t *n)
{
    static const uint8_t SPECIAL[] = {0, 0xFF, 0x80, '"', '\'', '<', '>', '&', ',', ';', '\n', '\r', '{',
                                      '}', '[', ']', '\\', '0', '9', '-', '='};
    size_t at = below(*n), len;
    switch (below(7)) {
    case 0:
        if (*n)
            data[at] ^= (uint8_t)(1u << below(8));
        break;
    case 1:
        if (*n)
            data[at] = SPECIAL[below(sizeof SPECIAL)];
        break;
    case 2:
        if (*n)
            data[at] = (uint8_t)next_random();
        break;
    case 3: /* cut out */
        len = below(*n - at < 32 ? *n - at + 1 : 32);
        memmove(data + at, data + at + len, *n - at - len);
        *n -= len;
        break;
    case 4: /* cut off */
        if (below(4) == 0)
            *n = at;
        break;
    default: splice(data, n);
    }
}

static void keep(const char *path, const uint8_t *data, size_t n)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        return;
    fwrite(data, 1, n, f);
    fclose(f);
}

static void run_mutations(unsigned long runs)
{
    uint8_t *data = malloc(MAX_BYTES);
    char last[4096];
    const char *folder = getenv("TMPDIR");
    if (!data)
        abort();
    snprintf(last, sizeof last, "%s/fuzz-last-%ld", folder && *folder ? folder : "/tmp", (long)getpid());
    for (unsigned long i = 0; i < runs; i++) {
        const struct input *from = &inputs[below(n_inputs)];
        size_t n = from->n;
        memcpy(data, from->data, n);
        for (size_t k = 1 + below(6); k > 0; k--)
            mutate(data, &n);
        keep(last, data, n);
        uint8_t *exact = malloc(n ? n : 1); /* so that a sanitizer sees a read behind the end */
        if (!exact)
            abort();
        memcpy(exact, data, n);
        LLVMFuzzerTestOneInput(exact, n);
        free(exact);
    }
    unlink(last);
    free(data);
}

int main(int argc, char **argv)
{
    unsigned long runs = 2000, seed = 1;
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "-runs=", 6) == 0)
            runs = strtoul(argv[i] + 6, NULL, 10);
        else if (strncmp(argv[i], "-seed=", 6) == 0)
            seed = strtoul(argv[i] + 6, NULL, 10);
        else
            load(argv[i]);
    }
    if (n_inputs == 0) {
        fprintf(stderr, "usage: %s CORPUS... [-runs=N] [-seed=S]: no input found\n", argv[0]);
        return 2;
    }
    state = seed;
    for (size_t i = 0; i < n_inputs; i++)
        LLVMFuzzerTestOneInput(inputs[i].data, inputs[i].n);
    printf("ok 1 - %zu inputs of the corpus are read without a fault\n", n_inputs);
    fflush(stdout);
    run_mutations(runs);
    printf("ok 2 - %lu mutations of them too (seed %lu)\n1..2\n", runs, seed);
    for (size_t i = 0; i < n_inputs; i++)
        free(inputs[i].data);
    return 0;
}
