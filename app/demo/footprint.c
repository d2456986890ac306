/* Ranges and true values of the simulated controls: invented, but of a likely size. One control a
 * home, and a gateway for each 50 homes. */
#include "demo/footprint.h"

enum { HOMES_PER_GATEWAY = 50 };

static const double hours_a_year = 8766, watts_per_kw = 1000;

/* A gateway's figures are known; what is a range to the analyst has one true value. */
static const struct {
    double embodied, end_of_life, life, power, grid, network, respending;
} control = { 13, 0.4, 9.5, 1.25, 0.43, 3.2, 0.06 };
static const struct {
    double embodied, end_of_life, life, power;
} gateway = { 60, 2, 8, 6 };

static size_t gateways(size_t homes)
{
    return homes / HOMES_PER_GATEWAY + 1;
}

void footprint_write(FILE *f, size_t homes)
{
    fprintf(f,
            "footprint:\n"
            "  source: invented for this simulation\n"
            "  grid: {low: 0.38, likely: 0.42, high: 0.46}     # kgCO2e/kWh\n"
            "  devices:\n"
            "    - number: %zu                               # controls, one a home\n"
            "      embodied: {low: 8, likely: 12, high: 20}    # kgCO2e each\n"
            "      end_of_life: {low: 0.2, high: 0.8}\n"
            "      life: {low: 8, likely: 10, high: 12}        # years\n"
            "      power: {mean: 1.2, sd: 0.1}                 # W\n"
            "    - {number: %zu, embodied: %g, end_of_life: %g, life: %g, power: %g}   # gateways\n"
            "  network: {energy: {low: %zu, high: %zu}}        # kWh a year\n"
            "  induced: 0\n"
            "rebound:\n"
            "  respending: {low: 2 %%, likely: 5 %%, high: 12 %%}\n"
            "  source: invented for this simulation\n"
            "cost: {amount: %zu, currency: KRW, year: 2023, life: 10}\n",
            homes, gateways(homes), gateway.embodied, gateway.end_of_life, gateway.life,
            gateway.power, 2 * homes, 4 * homes, 250000 * homes);
}

double footprint_true_net(size_t homes, double saved_kg)
{
    double n = (double)homes, m = (double)gateways(homes);
    double kwh = (n * control.power + m * gateway.power) / watts_per_kw * hours_a_year;
    kwh += n * control.network;
    double made = n * (control.embodied + control.end_of_life) / control.life +
                  m * (gateway.embodied + gateway.end_of_life) / gateway.life;
    return saved_kg * (1 - control.respending) - made - kwh * control.grid;
}
