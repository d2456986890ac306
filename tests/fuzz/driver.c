/* Runs a fuzz target without libFuzzer: every seed file as it is, then COUNT mutations of them, the
 * same ones on every machine. When the target dies, prints the number of the input that did it;
 * FIRST lets that one be run alone.
 * usage: fuzz_NAME FOLDER_OF_SEEDS [COUNT [FIRST]] */
#include "fuzz.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <madang.h>

enum { LARGEST = 1 << 16, SEEDS_MAX = 256 };

typedef struct seed {
    unsigned char *data;
    size_t n;
    char name[256];
} seed;

void __sanitizer_set_death_callback(void (*)(void)) __attribute__((weak));

static volatile sig_atomic_t current;

/* Without printf, which a signal may not call. */
static void report_death(void)
{
    char line[] = "fuzz: died on input 0000000000\n";
    char *digit = line + sizeof line - 3;
    for (int n = (int)current; n > 0; n /= 10)
        *digit-- = (char)('0' + n % 10);
    if (write(2, line, sizeof line - 1) < 0)
        _exit(99);
}

static void on_signal(int number)
{
    report_death();
    signal(number, SIG_DFL);
    raise(number);
}

static bool read_seed(const char *folder, const char *name, seed *s)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    s->data = malloc(LARGEST);
    s->n = s->data ? fread(s->data, 1, LARGEST, f) : 0;
    snprintf(s->name, sizeof s->name, "%s", name);
    fclose(f);
    return s->data != NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const seed *)a)->name, ((const seed *)b)->name);
}

/* In the order of their names, since folders have none. */
static size_t read_seeds(const char *folder, seed *seeds)
{
    DIR *d = opendir(folder);
    if (!d)
        return 0;
    size_t n = 0;
    for (struct dirent *e; n < SEEDS_MAX && (e = readdir(d));)
        n += e->d_name[0] != '.' && read_seed(folder, e->d_name, &seeds[n]);
    closedir(d);
    qsort(seeds, n, sizeof *seeds, by_name);
    return n;
}

/* Characters that mean something to a parser are likelier than the rest. */
static unsigned char some_byte(mdg_rng *rng)
{
    static const char special[] = "\0\t\n\r \"'#,:;-=?[]{}|&*!%@`.0123456789eE\\/\x80\xc3\xff";
    if (mdg_rng_below(rng, 3) == 0)
        return (unsigned char)mdg_rng_below(rng, 256);
    return (unsigned char)special[mdg_rng_below(rng, sizeof special - 1)];
}

/* One change of data[0..n): a byte, a gap, a doubled piece, a cut end. Returns the new length. */
static size_t mutate(mdg_rng *rng, unsigned char *data, size_t n)
{
    size_t at = mdg_rng_below(rng, n + 1), rest = n - at;
    size_t piece = rest ? 1 + mdg_rng_below(rng, rest < 16 ? rest : 16) : 0;
    switch (mdg_rng_below(rng, 6)) {
    case 0:
    case 1:
        if (rest)
            data[at] = some_byte(rng);
        return n;
    case 2:
        if (n == LARGEST)
            return n;
        memmove(data + at + 1, data + at, rest);
        data[at] = some_byte(rng);
        return n + 1;
    case 3:
        memmove(data + at, data + at + piece, rest - piece);
        return n - piece;
    case 4:
        if (n + piece > LARGEST)
            return n;
        memmove(data + at + piece, data + at, rest);
        return n + piece;
    default:
        return mdg_rng_below(rng, 8) ? n : at;
    }
}

/* Input `number` is the same whichever inputs were run before it. */
static void run_one(const seed *seeds, size_t n_seeds, size_t number)
{
    unsigned char *data = malloc(LARGEST);
    if (!data)
        exit(4);
    mdg_rng rng = mdg_rng_make(1, number);
    const seed *s = number < n_seeds ? &seeds[number] : &seeds[mdg_rng_below(&rng, n_seeds)];
    size_t n = s->n;
    memcpy(data, s->data, n);
    for (size_t i = number < n_seeds ? 0 : 1 + mdg_rng_below(&rng, 8); i > 0; i--)
        n = mutate(&rng, data, n);
    /* Exactly n bytes on the heap, so that AddressSanitizer sees a read beyond the end. */
    unsigned char *exact = malloc(n ? n : 1);
    if (!exact)
        exit(4);
    memcpy(exact, data, n);
    current = (sig_atomic_t)number;
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    free(data);
}

int main(int argc, char **argv)
{
    static seed seeds[SEEDS_MAX];
    size_t n_seeds = argc > 1 ? read_seeds(argv[1], seeds) : 0;
    if (n_seeds == 0) {
        fprintf(stderr, "fuzz: no seeds; usage: fuzz_NAME FOLDER_OF_SEEDS [COUNT [FIRST]]\n");
        return 2;
    }
    size_t count = argc > 2 ? strtoul(argv[2], NULL, 10) : 10000;
    size_t first = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(report_death);
    static const int deadly[] = { SIGSEGV, SIGABRT, SIGFPE, SIGBUS };
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        signal(deadly[i], on_signal);
    for (size_t i = first; i < first + count; i++)
        run_one(seeds, n_seeds, i);
    printf("fuzz: %zu inputs from %zu seeds\n", count, n_seeds);
    for (size_t i = 0; i < n_seeds; i++)
        free(seeds[i].data);
    return 0;
}
