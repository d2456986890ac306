/* Codes and words of the choices and verdicts of pooling. */
#include <madang/transfer.h>

#include <assert.h>

typedef struct named {
    const char *code, *words;
} named;
#define X(name, code, words) { code, words },
static const named methods[] = { MDG_POOL_METHODS(X) };
static const named tests[] = { MDG_POOL_TESTS(X) };
static const named pis[] = { MDG_POOL_PIS(X) };
static const named downs[] = { MDG_POOL_DOWNS(X) };
#undef X

const char *mdg_pool_method_code(mdg_pool_method m)
{
    assert(m < MDG_POOL_METHOD_COUNT);
    return methods[m].code;
}

const char *mdg_pool_method_words(mdg_pool_method m)
{
    assert(m < MDG_POOL_METHOD_COUNT);
    return methods[m].words;
}

const char *mdg_pool_test_code(mdg_pool_test t)
{
    assert(t < MDG_POOL_TEST_COUNT);
    return tests[t].code;
}

const char *mdg_pool_test_words(mdg_pool_test t)
{
    assert(t < MDG_POOL_TEST_COUNT);
    return tests[t].words;
}

const char *mdg_pool_pi_code(mdg_pool_pi p)
{
    assert(p < MDG_POOL_PI_COUNT);
    return pis[p].code;
}

const char *mdg_pool_pi_words(mdg_pool_pi p)
{
    assert(p < MDG_POOL_PI_COUNT);
    return pis[p].words;
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
