/* base: status and error, arena, calendar, units, random numbers, distributions, parallel loop.
 *
 * Conventions of the whole library
 *   missing    NaN in arrays of double (MDG_NAN); never 0
 *   days       int32_t, days since 1970-01-01 in the proleptic Gregorian calendar
 *   instants   int64_t, seconds since 1970-01-01T00:00:00 UTC, without leap seconds
 *   ownership  arrays of a result live in the arena that the caller passed; inputs are never kept
 *   errors     a function that can fail returns mdg_status; `err` may be NULL and is written only
 *              on failure; outputs are written only on MDG_OK */
#ifndef MADANG_BASE_H
#define MADANG_BASE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MDG_VERSION "0.1.0"
/* The doubles of these names: those of <math.h> are floats. */
#define MDG_NAN ((double)NAN)
#define MDG_INFINITY ((double)INFINITY)

/* ---- status and error ------------------------------------------------------------------- */

/* One list: name, exit status of the program, plain words. */
#define MDG_STATUSES(X)                         \
    X(OK, 0, "ok")                              \
    X(E_USAGE, 2, "wrong usage")                \
    X(E_OPEN, 3, "cannot open")                 \
    X(E_WRITE, 3, "cannot write")               \
    X(E_PARSE, 3, "cannot be read")             \
    X(E_SCHEMA, 3, "not what is expected here") \
    X(E_UNIT, 3, "unknown or unsuitable unit")  \
    X(E_RANGE, 3, "out of range")               \
    X(E_SHORT, 3, "too little data")            \
    X(E_RANK, 3, "terms are collinear")         \
    X(E_CONFLICT, 3, "contradictory data")      \
    X(E_UNSUPPORTED, 3, "not supported")        \
    X(E_MEMORY, 4, "out of memory")             \
    X(E_INTERNAL, 4, "internal error")

typedef enum mdg_status {
#define X(name, exit_status, words) MDG_##name,
    MDG_STATUSES(X)
#undef X
} mdg_status;

typedef struct mdg_error {
    mdg_status status;
    char message[512]; /* the fact: lower case, quoted subject, no full stop */
    char hint[512];    /* what to do; may be empty */
    char place[256];   /* file:line, or file, row and column; may be empty */
} mdg_error;

/* Words of a status, such as "cannot open"; static. */
const char *mdg_status_words(mdg_status s);
/* Exit status of a program that stops with `s`: 0 done, 2 usage, 3 data refused, 4 internal. */
int mdg_status_exit(mdg_status s);

/* Writes status and message into `err` (may be NULL), clears hint and place, returns `s`. A message
 * too long for its field is cut at a character boundary of UTF-8. */
mdg_status mdg_fail(mdg_error *err, mdg_status s, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds what to do, and where, to an error already set; both do nothing when err is NULL. */
void mdg_hint(mdg_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
void mdg_place(mdg_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Leaves the function early with the status of `call` unless it is MDG_OK. */
#define MDG_TRY(call)                        \
    do {                                     \
        mdg_status mdg_try_status_ = (call); \
        if (mdg_try_status_ != MDG_OK)       \
            return mdg_try_status_;          \
    } while (0)

/* The one of n names that `name` may have been meant for: the same but for upper and lower case, or
 * the nearest by edit distance; NULL when none is near. */
const char *mdg_near_name(const char *name, const char *const *names, size_t n);

/* ---- arena ------------------------------------------------------------------------------ */

typedef struct mdg_arena_block mdg_arena_block;

/* Memory that is freed as a whole. Start from {0}; the caller owns it and frees it. Not shared
 * between threads. */
typedef struct mdg_arena {
    mdg_arena_block *block; /* newest block */
    size_t used;            /* bytes used in it */
    long fail_after;        /* test hook: when > 0, that allocation (counted down) fails */
} mdg_arena;

typedef struct mdg_arena_mark {
    mdg_arena_block *block;
    size_t used;
} mdg_arena_mark;

/* `count` zeroed items of `size` bytes, aligned for any type; NULL when memory is full or
 * count * size overflows. count 0 gives a valid pointer. */
void *mdg_arena_alloc(mdg_arena *a, size_t count, size_t size);
#define mdg_new(arena, type, count) ((type *)mdg_arena_alloc((arena), (count), sizeof(type)))
/* Room for `more` items of `size` bytes behind the n of an array in the arena: the array itself
 * when its *capacity suffices, else a copy with more than twice the room, which *capacity then
 * tells. Start from NULL and 0. NULL, and nothing changed, when memory is full. */
void *mdg_arena_grow(mdg_arena *a, void *items, size_t n, size_t more, size_t *capacity,
                     size_t size);
/* Copy of a string, NULL when memory is full. */
char *mdg_arena_strdup(mdg_arena *a, const char *s);
/* mark, allocate scratch, reset: gives back everything allocated since the mark. */
mdg_arena_mark mdg_arena_position(const mdg_arena *a);
void mdg_arena_reset(mdg_arena *a, mdg_arena_mark mark);
void mdg_arena_free(mdg_arena *a);

/* ---- calendar --------------------------------------------------------------------------- */

typedef struct mdg_date {
    int year;  /* 1..9999 */
    int month; /* 1..12 */
    int day;   /* 1..31 */
} mdg_date;

/* Days since 1970-01-01; the date must exist (mdg_date_valid). */
int32_t mdg_date_to_day(mdg_date d);
mdg_date mdg_day_to_date(int32_t day);
bool mdg_date_valid(mdg_date d);
/* Reads exactly YYYY-MM-DD, years 1900..2200. MDG_E_PARSE when it has another form, MDG_E_RANGE
 * when there is no such date or the year is outside. */
mdg_status mdg_day_parse(const char *text, int32_t *day, mdg_error *err);
/* Writes YYYY-MM-DD and NUL into text[11]. */
void mdg_day_format(int32_t day, char text[11]);
/* 0 = Monday ... 6 = Sunday. */
int mdg_weekday(int32_t day);

/* ---- units ------------------------------------------------------------------------------ */

typedef enum mdg_dimension {
    MDG_DIM_ENERGY,      /* base unit: J */
    MDG_DIM_POWER,       /* base unit: W */
    MDG_DIM_TEMPERATURE, /* base unit: K */
    MDG_DIM_MASS,        /* base unit: kg */
    MDG_DIM_VOLUME,      /* base unit: m3 */
} mdg_dimension;

/* value_in_base = value * factor + offset */
typedef struct mdg_unit {
    const char *name; /* as written, such as "kWh" */
    mdg_dimension dimension;
    double factor;
    double offset;      /* non-zero for degC and degF only */
    const char *source; /* where the factor is defined */
} mdg_unit;

/* The table of units: J kJ MJ GJ Wh kWh MWh GWh BTU kBTU MMBTU therm (US and EC: "therm" is the
 * EC/IT one, stated in source) kcal toe; W kW MW; degC degF K; g kg t lb kgCO2e tCO2e gCO2e; m3 ft3
 * litre. `count` receives the number of rows. */
const mdg_unit *mdg_units(size_t *count);
/* Looks a unit up by its exact name; MDG_E_UNIT with a hint naming the nearest one ("did you mean
 * 'kWh'", also for wrong case) or the units of the same dimension. */
mdg_status mdg_unit_find(const char *name, const mdg_unit **out, mdg_error *err);
/* `value` of `from` expressed in `to`. MDG_E_UNIT when the dimensions differ, with both named. */
mdg_status mdg_unit_convert(double value, const mdg_unit *from, const mdg_unit *to, double *out,
                            mdg_error *err);
/* Factor from a volume of gas to energy: calorific value in energy per m3, such as 39.5 MJ/m3.
 * MDG_E_UNIT when `volume` is no volume or `energy` no energy; MDG_E_RANGE unless 1..200 MJ/m3. */
mdg_status mdg_gas_energy_factor(const mdg_unit *volume, double calorific_mj_per_m3,
                                 const mdg_unit *energy, double *out, mdg_error *err);

/* ---- random numbers --------------------------------------------------------------------- */

/* Counter-based: the stream depends on (seed, stream) only, so draws keyed by meter or replicate
 * are the same whatever the number of threads. Philox4x32-10. source  Salmon et al. 2011, Parallel
 * random numbers: as easy as 1, 2, 3, SC'11 */
typedef struct mdg_rng {
    uint32_t key[2];
    uint32_t counter[4];
    uint32_t block[4];
    unsigned next; /* next unread word of block; 4 when empty */
    double spare;  /* second normal of a pair; NaN when none */
} mdg_rng;

mdg_rng mdg_rng_make(uint64_t seed, uint64_t stream);
uint32_t mdg_rng_u32(mdg_rng *r);
uint64_t mdg_rng_u64(mdg_rng *r);
/* Uniform on the open interval (0, 1), 53 bits. */
double mdg_rng_uniform(mdg_rng *r);
/* Uniform integer in 0..n-1 without bias; n >= 1. */
uint64_t mdg_rng_below(mdg_rng *r, uint64_t n);
/* Standard normal (Box-Muller in polar-free form, both of a pair used). */
double mdg_rng_normal(mdg_rng *r);
/* Gamma with shape > 0 and scale 1 (Marsaglia and Tsang 2000). */
double mdg_rng_gamma(mdg_rng *r, double shape);

/* ---- distributions ---------------------------------------------------------------------- */

/* Lower tail (cdf), upper tail (sf) and quantile of the lower tail. Relative accuracy 1e-12 over
 * the stated ranges (tests/unit/test_dist.c, reference values with 30 digits by mpmath).
 * Arguments outside the domain give NaN: df > 0, 0 <= p <= 1; p = 0 and 1 give the ends of the
 * support. Degrees of freedom may be fractional, 0.5 to 1e6. Results below 1e-300 may be 0, and |t|
 * beyond 1e150 counts as infinite.
 * source  NIST DLMF 7, 8, 26.5; Wichura 1988, Appl Stat 37:477 (start values) */
double mdg_normal_cdf(double x);
double mdg_normal_sf(double x);
double mdg_normal_quantile(double p);
/* The half-width, in standard deviations, of the interval around the mean that holds `level`. */
double mdg_normal_two_sided(double level);
double mdg_t_cdf(double x, double df);
double mdg_t_sf(double x, double df);
double mdg_t_quantile(double p, double df);
/* The same for Student's t; of infinite df the normal one. */
double mdg_t_two_sided(double level, double df);
/* How often |T| is |t| or more: the two-sided p of a test; of infinite df the normal one. */
double mdg_t_p(double t, double df);
double mdg_chi2_cdf(double x, double df);
double mdg_chi2_sf(double x, double df);
double mdg_chi2_quantile(double p, double df);
double mdg_f_cdf(double x, double df1, double df2);
double mdg_f_sf(double x, double df1, double df2);
double mdg_f_quantile(double p, double df1, double df2);

/* ---- sums ------------------------------------------------------------------------------- */

/* Compensated sum: adds n numbers with an error near one rounding, in order. Start from {0}.
 * source  Neumaier 1974, ZAMM 54:39 */
typedef struct mdg_sum {
    double value;
    double carry;
} mdg_sum;
static inline void mdg_sum_add(mdg_sum *s, double x)
{
    double t = s->value + x;
    double larger = fabs(s->value) >= fabs(x) ? s->value : x;
    double smaller = fabs(s->value) >= fabs(x) ? x : s->value;
    s->carry += (larger - t) + smaller;
    s->value = t;
}
static inline double mdg_sum_get(const mdg_sum *s)
{
    return s->value + s->carry;
}
static inline void mdg_sum_merge(mdg_sum *into, const mdg_sum *from)
{
    mdg_sum_add(into, from->value);
    mdg_sum_add(into, from->carry);
}

/* ---- order ------------------------------------------------------------------------------- */

/* For qsort of doubles, ascending; NaN comes last. */
int mdg_by_number(const void *a, const void *b);
/* Of n values, which it sorts; none may be NaN. NaN when n is 0. */
double mdg_median(double *x, size_t n);

/* ---- parallel --------------------------------------------------------------------------- */

/* Calls work(context, chunk, worker) once for every chunk 0..chunks-1 on `threads` threads (>= 1;
 * capped at chunks), in ascending order of start; worker is 0..threads-1. The first failing chunk
 * in order decides the status and error; chunks after a failure may be skipped. Results must be
 * kept by chunk, never by worker, so that they do not depend on the number of threads. fails  what
 * work returns; MDG_E_INTERNAL when a thread cannot be started */
typedef mdg_status mdg_chunk_fn(void *context, size_t chunk, size_t worker, mdg_error *err);
mdg_status mdg_parallel(size_t chunks, size_t threads, mdg_chunk_fn *work, void *context,
                        mdg_error *err);

#ifdef __cplusplus
}
#endif
#endif
