/* fuzz_tmplc.c - any bytes as a template: it compiles, or is refused with file and line. */
#define TMPLC_LIBRARY 1
#include "../../tools/tmplc.c"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text h = {0}, c = {0};
    char error[512] = "";
    bool good = tmplc_compile("src/fuzz.html", (const char *)data, size, &h, &c, error, sizeof error);
    if (good != (error[0] == '\0') || (!good && strncmp(error, "src/fuzz.html:", 14) != 0))
        abort();
    free(h.s);
    free(c.s);
    return 0;
}
