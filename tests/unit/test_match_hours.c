/* Nearest neighbours by 181 features, where far meters are left before the last, against brute
 * force. */
#include "unit.h"

enum { D = MDG_FEATURES_HOURLY, NT = 70, NP = 500, K = 3 };

typedef struct data {
    mdg_arena mem;
    double treated[NT * D], pool[NP * D];
    mdg_groups g;
    mdg_distance distance;
} data;

/* Some lack a month, some an hour, some all hours. */
static void draw(mdg_rng *r, double missing, double *row)
{
    double slope = 0.3 * mdg_rng_normal(r), evening = mdg_rng_uniform(r);
    row[0] = 2 + 0.5 * mdg_rng_normal(r);
    for (size_t m = 0; m < 12; m++)
        row[1 + m] = 1 + slope * ((double)m - 5.5) / 6.5 + 0.1 * mdg_rng_normal(r);
    for (size_t h = 0; h < MDG_WEEK_HOURS; h++)
        row[MDG_FEATURE_HOUR + h] = 1 + (h % 24 > 17) * evening + 0.1 * mdg_rng_normal(r);
    if (mdg_rng_uniform(r) < missing)
        row[1 + mdg_rng_below(r, 12)] = MDG_NAN;
    if (mdg_rng_uniform(r) < missing)
        row[MDG_FEATURE_HOUR + mdg_rng_below(r, 168)] = MDG_NAN;
    bool none = mdg_rng_uniform(r) < missing / 2;
    for (size_t h = 0; none && h < MDG_WEEK_HOURS; h++)
        row[MDG_FEATURE_HOUR + h] = MDG_NAN;
}

static void make(data *d, uint64_t seed, double missing)
{
    static const mdg_distance_opts by = MDG_DISTANCE_OPTS;
    *d = (data){ 0 };
    for (size_t i = 0; i < NT + NP; i++) {
        mdg_rng r = mdg_rng_make(seed, i);
        draw(&r, missing, i < NT ? d->treated + i * D : d->pool + (i - NT) * D);
    }
    /* Twins: of equals the first is taken. */
    memcpy(d->pool + 9 * D, d->pool + 300 * D, D * sizeof(double));
    d->g = (mdg_groups){ { NT, D, d->treated, NULL }, { NP, D, d->pool, NULL } };
    assert_int_equal(mdg_distance_make(&d->g, &by, &d->mem, &d->distance, NULL), MDG_OK);
}

static double brute_distance(const data *d, size_t t, size_t p)
{
    double sum = 0, common = 0;
    for (size_t f = 0; f < D; f++) {
        double e = d->distance.multiplier[f] * (d->treated[t * D + f] - d->pool[p * D + f]);
        sum += isnan(e) ? 0 : e * e;
        common += isnan(e) ? 0 : d->distance.weight[f];
    }
    return sqrt(sum / common);
}

static void it_is_brute_force(void **state)
{
    (void)state;
    static data d;
    for (uint64_t c = 0; c < 6; c++) {
        make(&d, 100 + c, c % 3 ? 0.3 : 0);
        mdg_match_opts opts = MDG_MATCH_OPTS;
        opts.neighbours = K;
        opts.replacement = true;
        opts.threads = 1 + c % 2;
        mdg_match m;
        assert_int_equal(mdg_match_nearest(&d.g, &d.distance, &opts, &d.mem, &m, NULL), MDG_OK);
        for (size_t t = 0; t < NT; t++) {
            bool taken[NP] = { false };
            for (size_t k = 0; k < K; k++) {
                size_t best = NP;
                for (size_t p = 0; p < NP; p++)
                    if (!taken[p] &&
                        (best == NP || brute_distance(&d, t, p) < brute_distance(&d, t, best)))
                        best = p;
                taken[best] = true;
                assert_int_equal(m.neighbour[t * K + k], best);
                assert_close(m.distance[t * K + k], brute_distance(&d, t, best), 1e-12);
            }
        }
        mdg_arena_free(&d.mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_brute_force),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
