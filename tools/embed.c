/* embed.c - puts files into the binary.
 *
 *     embed OUTPREFIX name=DIR ...
 *
 * writes OUTPREFIX.c (the sorted table behind base/embedded.h), OUTPREFIX_data.S (the bytes, taken
 * in by .incbin) and OUTPREFIX_gz.bin (gzip variants of those files that become smaller by at least
 * a tenth). The file DIR/a/b gets the path "name/a/b". A DIR that does not exist is an empty set;
 * names that begin with a dot are left out. The output depends on names and bytes only. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

struct file {
    char *path, *disk; /* name in the table; where it lies now */
    unsigned char *data;
    size_t len, gz_offset, gz_len;
    uint64_t hash;
};

static struct file *files;
static size_t n_files, cap_files;

static _Noreturn void stop(const char *what, const char *name)
{
    fprintf(stderr, "embed: %s: %s%s%s\n", name, what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

static void *checked(void *p)
{
    if (!p)
        stop("out of memory", "embed");
    return p;
}

static char *join(const char *a, const char *b)
{
    size_t n = strlen(a) + strlen(b) + 2;
    char *s = checked(malloc(n));
    snprintf(s, n, "%s/%s", a, b);
    return s;
}

static void file_read(struct file *f)
{
    FILE *in = fopen(f->disk, "rb");
    if (!in)
        stop("cannot open", f->disk);
    size_t cap = 64 * 1024;
    f->data = checked(malloc(cap));
    size_t got;
    while ((got = fread(f->data + f->len, 1, cap - f->len, in)) > 0) {
        f->len += got;
        if (f->len == cap)
            f->data = checked(realloc(f->data, cap *= 2));
    }
    if (ferror(in))
        stop("cannot read", f->disk);
    fclose(in);
    /* FNV-1a, 64 bits: a name for the content in ETags, not a protection. */
    f->hash = 14695981039346656037u;
    for (size_t i = 0; i < f->len; i++)
        f->hash = (f->hash ^ f->data[i]) * 1099511628211u;
}

static void collect(const char *name, const char *dir)
{
    DIR *d = opendir(dir);
    if (!d) {
        if (errno == ENOENT)
            return;
        stop("cannot open folder", dir);
    }
    struct dirent *e;
    while ((e = readdir(d))) {
        if (e->d_name[0] == '.')
            continue;
        char *disk = join(dir, e->d_name), *path = join(name, e->d_name);
        struct stat st;
        if (stat(disk, &st))
            stop("cannot look at", disk);
        if (S_ISDIR(st.st_mode)) {
            collect(path, disk);
            free(disk);
            free(path);
        } else {
            if (strpbrk(disk, "\"\\\n"))
                stop("a file name may not hold quotes or backslashes", disk);
            if (n_files == cap_files)
                files = checked(realloc(files, (cap_files = cap_files * 2 + 64) * sizeof *files));
            files[n_files] = (struct file){.path = path, .disk = disk};
            file_read(&files[n_files++]);
        }
    }
    closedir(d);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

/* Appends the gzip variant to the file out if it is worth it; returns the new offset. */
static size_t compress_file(struct file *f, FILE *out, size_t offset)
{
    if (f->len < 200)
        return offset;
    z_stream z = {0};
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        stop("zlib does not start", f->disk);
    size_t cap = deflateBound(&z, f->len);
    unsigned char *gz = checked(malloc(cap));
    z.next_in = f->data;
    z.avail_in = (uInt)f->len;
    z.next_out = gz;
    z.avail_out = (uInt)cap;
    if (f->len > UINT32_MAX / 2 || deflate(&z, Z_FINISH) != Z_STREAM_END)
        stop("cannot be compressed", f->disk);
    if (z.total_out < f->len - f->len / 10) {
        f->gz_offset = offset;
        f->gz_len = z.total_out;
        offset += f->gz_len;
        if (fwrite(gz, 1, f->gz_len, out) != f->gz_len)
            stop("cannot write", "gzip data");
    }
    deflateEnd(&z);
    free(gz);
    return offset;
}

static FILE *output(const char *prefix, const char *suffix)
{
    char name[4096];
    snprintf(name, sizeof name, "%s%s", prefix, suffix);
    FILE *out = fopen(name, "wb");
    if (!out)
        stop("cannot write", name);
    return out;
}

static void write_data(const char *prefix)
{
    FILE *out = output(prefix, "_data.S");
    fputs("/* made by tools/embed.c */\n    .section .rodata\n", out);
    for (size_t i = 0; i < n_files; i++)
        fprintf(out,
                "    .balign 16\n    .globl embedded_data_%zu\nembedded_data_%zu:\n"
                "    .incbin \"%s\"\n    .byte 0\n",
                i, i, files[i].disk);
    fprintf(out,
            "    .balign 16\n    .globl embedded_gz\nembedded_gz:\n    .incbin \"%s_gz.bin\"\n"
            "    .byte 0\n    .section .note.GNU-stack,\"\",@progbits\n",
            prefix);
    if (fclose(out))
        stop("cannot write", prefix);
}

static void write_table(const char *prefix)
{
    FILE *out = output(prefix, ".c");
    fputs("/* made by tools/embed.c; see base/embedded.h */\n#include \"base/embedded.h\"\n\n"
          "#include <stdlib.h>\n#include <string.h>\n\n",
          out);
    for (size_t i = 0; i < n_files; i++)
        fprintf(out, "extern const unsigned char embedded_data_%zu[];\n", i);
    fputs("extern const unsigned char embedded_gz[];\n\nstatic const struct embedded FILES[] = {\n", out);
    for (size_t i = 0; i < n_files; i++) {
        const struct file *f = &files[i];
        fprintf(out, "    {\"%s\", embedded_data_%zu, %zu, ", f->path, i, f->len);
        if (f->gz_len)
            fprintf(out, "embedded_gz + %zu, %zu", f->gz_offset, f->gz_len);
        else
            fputs("NULL, 0", out);
        fprintf(out, ", \"%016llx\"},\n", (unsigned long long)f->hash);
    }
    fprintf(out, "    {NULL, embedded_gz, 0, NULL, 0, \"\"},\n};\nstatic const size_t N_FILES = %zu;\n\n",
            n_files);
    fputs("static int by_path(const void *path, const void *file)\n{\n"
          "    return strcmp(path, ((const struct embedded *)file)->path);\n}\n\n"
          "const struct embedded *embedded_find(const char *path)\n{\n"
          "    return bsearch(path, FILES, N_FILES, sizeof *FILES, by_path);\n}\n\n"
          "const struct embedded *embedded_all(size_t *n)\n{\n    *n = N_FILES;\n    return FILES;\n}\n",
          out);
    if (fclose(out))
        stop("cannot write", prefix);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: embed OUTPREFIX name=DIR ...\n", stderr);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        char *dir = strchr(argv[i], '=');
        if (!dir)
            stop("expected name=DIR", argv[i]);
        *dir++ = '\0';
        collect(argv[i], dir);
    }
    if (n_files)
        qsort(files, n_files, sizeof *files, by_path);
    errno = 0;
    FILE *gz = output(argv[1], "_gz.bin");
    size_t offset = 0;
    for (size_t i = 0; i < n_files; i++)
        offset = compress_file(&files[i], gz, offset);
    if (fclose(gz))
        stop("cannot write", argv[1]);
    write_data(argv[1]);
    write_table(argv[1]);
    return 0;
}
