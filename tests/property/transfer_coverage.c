/* How often the interval of a new city's effect holds it: the tables of docs/math/transfer.md.
 * usage: transfer_coverage test | table [REPLICATES] */
#include "simulated_cities.h"

static void predict_all(const simulated_cities *c, const simulated_truth *t, mdg_arena *mem,
                        covered *sums)
{
    mdg_effects e = effects_of(c, t);
    mdg_target city = { c->new_x, c->new_y, c->new_v };
    for (int pi = 0; pi < MDG_POOL_PI_COUNT; pi++) {
        mdg_pool_opts opts = MDG_POOL_OPTS;
        opts.pi = (mdg_pool_pi)pi;
        mdg_transfer out = { 0 };
        if (mdg_transfer_predict(&e, &city, &opts, mem, &out, NULL) != MDG_OK)
            abort();
        count_interval(sums, (size_t)pi, out.pi, c->new_theta);
    }
}

/* ---- tables ------------------------------------------------------------------------------- */

static const size_t cities[] = { 5, 8, 12, 30 };
static const double slopes[] = { 0, 3 }, taus[] = { 0, 1, 3 }; /* in typical standard errors */
/* Rows: one moderator, two, one and an own measurement. */
enum { CITIES = 4, TAUS = 3, BANDS = 3, ROWS = CITIES * BANDS, CELLS = 2 * TAUS };

typedef struct cell {
    double percent[MDG_POOL_PI_COUNT], half[MDG_POOL_PI_COUNT];
} cell;

static simulated_truth truth_of(size_t row, size_t column)
{
    bool own = row / CITIES == BANDS - 1;
    return (simulated_truth){ .k = cities[row % CITIES],
                              .moderators = own ? 1 : row / CITIES + 1,
                              .slope = slopes[column / TAUS] * simulated_typical,
                              .tau = taus[column % TAUS] * simulated_typical,
                              .own = own,
                              .seed = 1000 + row * CELLS + column };
}

static void print_table(cell rows[ROWS][CELLS], size_t pi, bool width)
{
    printf("\n### %s, %s\n\n| k | moderators |", mdg_pool_pi_code((mdg_pool_pi)pi),
           width ? "mean half-width" : "percent covered");
    for (size_t i = 0; i < CELLS; i++)
        printf(" %g, %g |", slopes[i / TAUS], taus[i % TAUS]);
    printf("\n|---|---|");
    for (size_t i = 0; i < CELLS; i++)
        printf("---|");
    printf("\n");
    for (size_t row = 0; row < ROWS; row++) {
        simulated_truth t = truth_of(row, 0);
        printf("| %zu | %zu%s |", t.k, t.moderators, t.own ? " and own" : "");
        for (size_t i = 0; i < CELLS; i++) {
            const cell *c = &rows[row][i];
            printf(width ? " %.2f |" : " %.1f |", width ? c->half[pi] : c->percent[pi]);
        }
        printf("\n");
    }
}

static int table(size_t replicates)
{
    static cell rows[ROWS][CELLS];
    for (size_t row = 0; row < ROWS; row++) {
        for (size_t i = 0; i < CELLS; i++) {
            simulated_truth t = truth_of(row, i);
            simulate_coverage(&t, predict_all, replicates / BLOCK, MDG_POOL_PI_COUNT,
                              rows[row][i].percent, rows[row][i].half);
        }
    }
    printf("Columns: slopes, tau. Monte-Carlo error of 90 %%: %.1f\n",
           100 * sqrt(0.09 / (double)replicates));
    for (size_t pi = 0; pi < MDG_POOL_PI_COUNT; pi++) {
        print_table(rows, pi, false);
        print_table(rows, pi, true);
    }
    return 0;
}

/* ---- what is promised --------------------------------------------------------------------- */

enum { TEST_BLOCKS = 8 };

/* Bounds are about those of docs/math/transfer.md with three Monte-Carlo errors of this test. */
static int promises(void)
{
    static const struct {
        size_t row, column;
        double lo, hi; /* of the default convention */
        double most_z; /* of plugging in */
    } rows[] = {
        { 0, 0, 98, 100, 97 }, { 0, 1, 92, 100, 76 }, { 0, 5, 89, 99, 82 },
        { 4, 2, 86, 97, 78 },  { 4, 4, 93, 100, 82 }, { 5, 4, 90, 100, 84 },
        { 2, 4, 84, 95, 86 },  { 8, 4, 85, 97, 88 },  { 9, 1, 83, 95, 84 },
    };
    int failed = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        simulated_truth t = truth_of(rows[i].row, rows[i].column);
        double percent[MDG_POOL_PI_COUNT];
        simulate_coverage(&t, predict_all, TEST_BLOCKS, MDG_POOL_PI_COUNT, percent, NULL);
        bool holds = percent[MDG_POOL_PI_T_K2] >= rows[i].lo &&
                     percent[MDG_POOL_PI_T_K2] <= rows[i].hi &&
                     percent[MDG_POOL_PI_Z] <= rows[i].most_z;
        printf("k %2zu, moderators %zu%s, slopes %.2f, tau %.2f: %.1f %.1f %.1f%s\n", t.k,
               t.moderators, t.own ? " and own" : "", t.slope, t.tau, percent[0], percent[1],
               percent[2], holds ? "" : "  not as stated");
        failed += !holds;
    }
    return failed > 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "table"))
        return table(argc > 2 ? strtoul(argv[2], NULL, 10) : 1000);
    if (argc > 1 && !strcmp(argv[1], "test"))
        return promises();
    fprintf(stderr, "usage: transfer_coverage test | table [REPLICATES]\n");
    return 2;
}
