/* How often intervals of the pooled mean and of a new city's effect hold the truth: the tables of
 * docs/math/pool-coverage.md.
 * usage: pool_coverage test | table [REPLICATES] */
#include "simulated_cities.h"

static const mdg_pool_method methods[] = { MDG_POOL_REML, MDG_POOL_PM, MDG_POOL_DL };
enum {
    METHODS = 3,
    TESTS = MDG_POOL_TEST_COUNT,
    PIS = MDG_POOL_PI_COUNT,
    MEANS = METHODS * TESTS,
    /* Prediction intervals of each method, then those of mdg_transfer_predict but for z. */
    NEW_CITIES = METHODS * PIS + PIS - 1,
    INTERVALS = MEANS + NEW_CITIES
};

static size_t mean_of(size_t method, mdg_pool_test test)
{
    return method * TESTS + (size_t)test;
}

static size_t new_city_of(size_t method, mdg_pool_pi pi)
{
    return MEANS + method * PIS + (size_t)pi;
}

static size_t transfer_of(mdg_pool_pi pi)
{
    return new_city_of(METHODS, pi);
}

static void pool_by(size_t method, const mdg_effects *e, double truth, mdg_arena *mem,
                    covered *sums)
{
    for (int test = 0; test < TESTS; test++) {
        mdg_pool_opts opts = MDG_POOL_OPTS;
        opts.method = methods[method];
        opts.test = (mdg_pool_test)test;
        mdg_pool fit;
        if (mdg_pool_fit(e, &opts, mem, &fit, NULL) != MDG_OK)
            abort();
        count_interval(sums, mean_of(method, opts.test), fit.coefficients->ci, simulated_mean);
        if (opts.test != MDG_POOL_TEST_KNHA_ADHOC) /* the default; prediction goes by its error */
            continue;
        for (int pi = 0; pi < PIS; pi++) {
            fit.opts.pi = (mdg_pool_pi)pi;
            count_interval(sums, new_city_of(method, fit.opts.pi), mdg_pool_at(&fit, NULL).pi,
                           truth);
        }
    }
}

static void pool_all(const simulated_cities *c, const simulated_truth *t, mdg_arena *mem,
                     covered *sums)
{
    mdg_effects e = effects_of(c, t);
    for (size_t method = 0; method < METHODS; method++)
        pool_by(method, &e, c->new_theta, mem, sums);
    mdg_target city = { NULL, MDG_NAN, MDG_NAN };
    for (int pi = 0; pi < MDG_POOL_PI_Z; pi++) {
        mdg_pool_opts opts = MDG_POOL_OPTS;
        opts.pi = (mdg_pool_pi)pi;
        mdg_transfer out;
        if (mdg_transfer_predict(&e, &city, &opts, mem, &out, NULL) != MDG_OK)
            abort();
        count_interval(sums, transfer_of(opts.pi), out.pi, c->new_theta);
    }
}

/* ---- tables ------------------------------------------------------------------------------- */

static const size_t cities[] = { 3, 5, 10, 30 };
static const double sizes[] = { 0, 0.5, 1, 2, 5 }; /* tau, in typical standard errors */
enum { SIZES = 5, ROWS = 4 * SIZES };

static simulated_truth truth_of(size_t row)
{
    return (simulated_truth){ .k = cities[row / SIZES],
                              .tau = sizes[row % SIZES] * simulated_typical,
                              .seed = 2000 + row };
}

static void print_heading(bool new_city)
{
    printf("\n| k | tau |");
    for (size_t m = 0; m < METHODS; m++)
        for (int i = 0; i < (new_city ? PIS : TESTS); i++)
            printf(" %s %s |", mdg_pool_method_code(methods[m]),
                   new_city ? mdg_pool_pi_code((mdg_pool_pi)i)
                            : mdg_pool_test_code((mdg_pool_test)i));
    for (int i = 0; new_city && i < MDG_POOL_PI_Z; i++)
        printf(" transfer %s |", mdg_pool_pi_code((mdg_pool_pi)i));
    printf("\n|---|---|");
    for (size_t i = 0; i < (new_city ? NEW_CITIES : MEANS); i++)
        printf("---|");
    printf("\n");
}

static void print_rows(double rows[ROWS][INTERVALS], size_t from, size_t to, int digits)
{
    for (size_t row = 0; row < ROWS; row++) {
        printf("| %zu | %g |", cities[row / SIZES], sizes[row % SIZES]);
        for (size_t i = from; i < to; i++)
            printf(" %.*f |", digits, rows[row][i]);
        printf("\n");
    }
}

static int table(size_t replicates)
{
    static double percent[ROWS][INTERVALS], half[ROWS][INTERVALS];
    for (size_t row = 0; row < ROWS; row++) {
        simulated_truth t = truth_of(row);
        simulate_coverage(&t, pool_all, replicates / BLOCK, INTERVALS, percent[row], half[row]);
    }
    printf("Monte-Carlo error of 90 %%: %.2f\n\nThe mean, percent covered\n",
           100 * sqrt(0.09 / (double)replicates));
    print_heading(false);
    print_rows(percent, 0, MEANS, 1);
    printf("\nA new city, percent covered\n");
    print_heading(true);
    print_rows(percent, MEANS, INTERVALS, 1);
    printf("\nA new city, mean half-width\n");
    print_heading(true);
    print_rows(half, MEANS, INTERVALS, 2);
    return 0;
}

/* ---- what is promised --------------------------------------------------------------------- */

enum { TEST_BLOCKS = 12 };

/* What the document says of one row; `slack` is three Monte-Carlo errors. */
static const char *broken_promise(size_t row, const double *percent, double slack)
{
    const size_t k = cities[row / SIZES];
    const double tau = sizes[row % SIZES];
    for (size_t m = 0; m < METHODS; m++) {
        double z = percent[mean_of(m, MDG_POOL_TEST_Z)];
        double knha = percent[mean_of(m, MDG_POOL_TEST_KNHA)];
        double adhoc = percent[mean_of(m, MDG_POOL_TEST_KNHA_ADHOC)];
        if (knha < 87.4 - slack || knha > 91 + slack)
            return "knha covers 87 to 91";
        if (adhoc < knha || adhoc < z)
            return "knha-adhoc is never narrower";
        if (adhoc < 88.9 - slack || (k >= 10 && adhoc > 95 + slack))
            return "knha-adhoc covers 89 or more, 95 at most from ten cities on";
        if (k == 3 && tau >= 2 && z > 77 + slack)
            return "z covers too little";
        if (k == 10 && tau > 0 && tau <= 1 &&
            percent[new_city_of(m, MDG_POOL_PI_T_K2)] > 84 + slack)
            return "t-k2 misses new cities that differ little";
    }
    double averaged_k2 = percent[transfer_of(MDG_POOL_PI_T_K2)];
    double averaged_k1 = percent[transfer_of(MDG_POOL_PI_T_K1)];
    if (averaged_k2 < 88.2 - slack || averaged_k1 < 87 - slack || averaged_k1 > averaged_k2)
        return "transfer covers 88 or more by t-k2, 87 by t-k1";
    return NULL;
}

static int promises(void)
{
    double replicates = TEST_BLOCKS * BLOCK, percent[INTERVALS];
    double slack = 3 * 100 * sqrt(0.09 / replicates);
    int failed = 0;
    for (size_t row = 0; row < ROWS; row++) {
        simulated_truth t = truth_of(row);
        simulate_coverage(&t, pool_all, TEST_BLOCKS, INTERVALS, percent, NULL);
        const char *broken = broken_promise(row, percent, slack);
        if (broken)
            printf("k %zu, tau %g: not so: %s\n", t.k, sizes[row % SIZES], broken);
        failed += broken != NULL;
    }
    printf("%d of %d rows otherwise than docs/math/pool-coverage.md says\n", failed, ROWS);
    return failed > 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "table"))
        return table(argc > 2 ? strtoul(argv[2], NULL, 10) : 10000);
    if (argc > 1 && !strcmp(argv[1], "test"))
        return promises();
    fprintf(stderr, "usage: pool_coverage test | table [REPLICATES]\n");
    return 2;
}
