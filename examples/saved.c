/* What did one home save? Two years of days in, savings out.
 * cc saved.c $(pkg-config --cflags --libs madang) -lm */
#include <madang.h>
#include <stdio.h>

enum { YEAR = 365, DAYS = 2 * YEAR };

int main(void)
{
    double use[DAYS], temp_f[DAYS];
    for (int i = 0; i < DAYS; i++) {
        temp_f[i] = 54 - 25 * cos(2 * 3.141592653589793 * i / YEAR) + 6 * sin(i * 1.7);
        double heating = 0.8 * mdg_hdd(temp_f[i], 60) * (i < YEAR ? 1.0 : 0.9);
        use[i] = 5 + heating + 0.5 * sin(i * 2.3); /* kWh; the second year heats 10 % less */
    }
    mdg_arena mem = { 0 };
    mdg_temperature_cells cells;
    mdg_measure_work work;
    mdg_meter_result saved;
    mdg_measure_opts opts = MDG_MEASURE_OPTS;
    mdg_meter_input home = { .use = use,
                             .cells = &cells,
                             .baseline_to = YEAR,
                             .reporting_from = YEAR,
                             .reporting_to = DAYS,
                             .readings = DAYS };
    mdg_error err = { 0 };
    if (mdg_temperature_cells_make(temp_f, DAYS, &mem, &cells, &err) != MDG_OK ||
        mdg_measure_work_make(DAYS, 0, &opts, &mem, &work, &err) != MDG_OK ||
        mdg_measure_meter(&home, &opts, &work, &saved, &err) != MDG_OK)
        return fprintf(stderr, "%s\n", err.message), 1;
    printf("saved %.0f kWh (%.0f to %.0f), heating below %.0f F\n", saved.savings, saved.lo,
           saved.hi, saved.model.heating_balance_point_f);
    mdg_arena_free(&mem);
    return 0;
}
