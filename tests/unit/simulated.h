/* Simulated meters for tests. */
#ifndef MADANG_TESTS_SIMULATED_H
#define MADANG_TESTS_SIMULATED_H

#include <madang.h>

#define SIMULATED_PI 3.14159265358979323846

/* n daily temperatures, deg F, of a temperate climate. */
static inline void simulate_temperature(mdg_rng *r, size_t n, double *temp_f)
{
    double a = 0;
    for (size_t i = 0; i < n; i++) {
        a = 0.7 * a + 5 * mdg_rng_normal(r);
        temp_f[i] = 55 - 24 * cos(2 * SIMULATED_PI * (double)i / 365) + a;
    }
}

typedef struct simulated_home {
    double base, heating, cooling, heating_point, cooling_point, noise;
} simulated_home;

/* Daily use; from day `cut` on the whole is `saved` less. No noise makes a meter run backwards. */
static inline void simulate_use(mdg_rng *r, const simulated_home *h, const double *temp_f, size_t n,
                                size_t cut, double saved, double *use)
{
    for (size_t i = 0; i < n; i++) {
        double load = h->base + h->heating * mdg_hdd(temp_f[i], h->heating_point) +
                      h->cooling * mdg_cdd(temp_f[i], h->cooling_point);
        load *= i >= cut ? 1 - saved : 1;
        use[i] = fmax(0, load + h->noise * mdg_rng_normal(r));
    }
}

#endif
