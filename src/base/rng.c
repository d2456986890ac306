/* Counter-based random numbers: Philox4x32 with 10 rounds.
 * source  Salmon, Moraes, Dror, Shaw 2011, SC'11, doi 10.1145/2063384.2063405 */
#include <madang/base.h>

static void philox_round(uint32_t c[4], const uint32_t k[2])
{
    uint64_t a = (uint64_t)0xD2511F53u * c[0];
    uint64_t b = (uint64_t)0xCD9E8D57u * c[2];
    uint32_t c1 = c[1], c3 = c[3];
    c[0] = (uint32_t)(b >> 32) ^ c1 ^ k[0];
    c[1] = (uint32_t)b;
    c[2] = (uint32_t)(a >> 32) ^ c3 ^ k[1];
    c[3] = (uint32_t)a;
}

static void refill(mdg_rng *r)
{
    uint32_t k[2] = { r->key[0], r->key[1] };
    for (int i = 0; i < 4; i++)
        r->block[i] = r->counter[i];
    for (int round = 0; round < 10; round++) {
        philox_round(r->block, k);
        k[0] += 0x9E3779B9u;
        k[1] += 0xBB67AE85u;
    }
    if (++r->counter[0] == 0)
        ++r->counter[1];
    r->next = 0;
}

mdg_rng mdg_rng_make(uint64_t seed, uint64_t stream)
{
    return (mdg_rng){ .key = { (uint32_t)seed, (uint32_t)(seed >> 32) },
                      .counter = { 0, 0, (uint32_t)stream, (uint32_t)(stream >> 32) },
                      .next = 4,
                      .spare = MDG_NAN };
}

uint32_t mdg_rng_u32(mdg_rng *r)
{
    if (r->next >= 4)
        refill(r);
    return r->block[r->next++];
}

uint64_t mdg_rng_u64(mdg_rng *r)
{
    uint64_t low = mdg_rng_u32(r);
    return low | (uint64_t)mdg_rng_u32(r) << 32;
}

double mdg_rng_uniform(mdg_rng *r)
{
    return ((double)(mdg_rng_u64(r) >> 12) + 0.5) * 0x1p-52;
}

uint64_t mdg_rng_below(mdg_rng *r, uint64_t n)
{
    /* Values of the last, incomplete run of n are drawn again. */
    uint64_t limit = UINT64_MAX - UINT64_MAX % n;
    uint64_t x = mdg_rng_u64(r);
    while (x >= limit)
        x = mdg_rng_u64(r);
    return x % n;
}

double mdg_rng_normal(mdg_rng *r)
{
    if (!isnan(r->spare)) {
        double z = r->spare;
        r->spare = MDG_NAN;
        return z;
    }
    double radius = sqrt(-2 * log(mdg_rng_uniform(r)));
    double angle = 6.283185307179586477 * mdg_rng_uniform(r);
    r->spare = radius * sin(angle);
    return radius * cos(angle);
}

double mdg_rng_gamma(mdg_rng *r, double shape)
{
    /* Below 1: a gamma of shape + 1 times a power of a uniform. */
    if (shape < 1)
        return mdg_rng_gamma(r, shape + 1) * pow(mdg_rng_uniform(r), 1 / shape);
    double d = shape - 1.0 / 3.0, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = mdg_rng_normal(r), v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        if (log(mdg_rng_uniform(r)) < 0.5 * x * x + d - d * v + d * log(v))
            return d * v;
    }
}
