/* Codes of the choices of pooling, codes and words of its verdicts. */
#include <madang/transfer.h>

#include <assert.h>

#define X(name, code) code,
static const char *const methods[] = { MDG_POOL_METHODS(X) };
static const char *const tests[] = { MDG_POOL_TESTS(X) };
static const char *const pis[] = { MDG_POOL_PIS(X) };
#undef X
static const struct {
    const char *code, *words;
} downs[] = {
#define X(name, code, words) { code, words },
    MDG_POOL_DOWNS(X)
#undef X
};

const char *mdg_pool_method_code(mdg_pool_method m)
{
    assert(m < MDG_POOL_METHOD_COUNT);
    return methods[m];
}

const char *mdg_pool_test_code(mdg_pool_test t)
{
    assert(t < MDG_POOL_TEST_COUNT);
    return tests[t];
}

const char *mdg_pool_pi_code(mdg_pool_pi p)
{
    assert(p < MDG_POOL_PI_COUNT);
    return pis[p];
}

const char *mdg_pool_down_code(mdg_pool_down d)
{
    assert(d < MDG_POOL_DOWN_COUNT);
    return downs[d].code;
}

const char *mdg_pool_down_words(mdg_pool_down d)
{
    assert(d < MDG_POOL_DOWN_COUNT);
    return downs[d].words;
}
