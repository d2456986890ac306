/* Codes of ESPI (espiDerived.xsd of the NAESB): UnitSymbolKind, CommodityKind, ServiceKind,
 * AccumulationKind. */
#include "import/espi.h"

#include <stdio.h>
#include <string.h>

enum { DELTA = 4 };

static const struct {
    const char *unit; /* that the table is kept in */
    double factor;    /* to it */
    int code;
    bool power; /* average over the interval */
} units[] = {
    { "kWh", 0.001, 72, false },
    { "kWh", 0.001, 38, true },
    { "kWh", 1 / 3.6e6, 31, false },
    { "kWh", 1055.05585262 / 3.6e6, 132, false },
    { "kWh", 105.505585262 / 3.6, 169, false },
    { "m3", 1, 42, false },
    /* Cubic metres, feet and litres as measured, or compensated for temperature and pressure:
     * which of them the calorific value is for is the utility's business. */
    { "m3", 1, 166, false },
    { "m3", 1, 167, false },
    { "m3", 0.028316846592, 119, false },
    { "m3", 0.028316846592, 120, false },
    { "m3", 0.001, 134, false },
    { "m3", 0.001, 156, false },
    { "m3", 0.001, 157, false },
    { "m3", 0.003785411784, 128, false }, /* US gallon */
};
enum { UNITS = sizeof units / sizeof *units };

typedef struct code_name {
    int code;
    const char *quantity;
} code_name;

static const code_name commodities[] = {
    { 1, "electricity" }, { 2, "electricity" }, { 7, "gas" }, { 9, "water" }, { 10, "heat" },
};
static const code_name services[] = {
    { 0, "electricity" },
    { 1, "gas" },
    { 2, "water" },
    { 4, "heat" },
};

const char *espi_unit(const espi_type *t, double *factor, bool *power)
{
    for (size_t i = 0; i < UNITS; i++) {
        if (units[i].code != t->uom)
            continue;
        *factor = units[i].factor;
        *power = units[i].power;
        return units[i].unit;
    }
    return NULL;
}

static const char *find(const code_name *names, size_t n, int code)
{
    for (size_t i = 0; i < n; i++)
        if (names[i].code == code)
            return names[i].quantity;
    return NULL;
}

const char *espi_quantity(const espi_type *t, int service)
{
    if (t->commodity > 0) {
        const char *q = find(commodities, sizeof commodities / sizeof *commodities, t->commodity);
        return q ? q : "other";
    }
    if (service == ESPI_NOT_GIVEN)
        return NULL;
    const char *q = find(services, sizeof services / sizeof *services, service);
    return q ? q : "other";
}

bool espi_is_use(const espi_type *t)
{
    return t->accumulation == DELTA || t->accumulation == ESPI_NOT_GIVEN;
}

void espi_known_codes(char *out, size_t size)
{
    size_t at = 0;
    for (size_t i = 0; i < UNITS && at < size; i++)
        at += (size_t)snprintf(out + at, size - at, "%s%d", i ? ", " : "uom ", units[i].code);
    if (at < size)
        snprintf(out + at, size - at, " with accumulationBehaviour %d (or none)", DELTA);
}
