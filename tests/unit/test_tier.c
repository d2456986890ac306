/* Tiers and claims. */
#include "unit.h"

static mdg_uncertain with_basis(mdg_basis b)
{
    mdg_uncertain r = mdg_uncertain_fixed(1);
    r.basis = b;
    return r;
}

typedef struct assessment {
    mdg_devices device;
    mdg_service service;
    mdg_net_input in;
} assessment;

/* Everything measured. */
static void make(assessment *a)
{
    mdg_uncertain m = with_basis(MDG_BASIS_MEASURED);
    a->device = (mdg_devices){ m, m, m, m, m, m };
    a->service = (mdg_service){ m, m };
    a->in = mdg_net_input_of(m);
    a->in.attribution = a->in.direct = a->in.respending = a->in.grid = a->in.induced = m;
    a->in.devices = &a->device;
    a->in.n_devices = 1;
    a->in.services = &a->service;
    a->in.n_services = 1;
}

static const mdg_net avoids = { .verdict = MDG_NET_AVOIDS };

/* What a part's basis does to an assessment that is measured throughout. */
static void each_part_has_its_least(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t at; /* of a range in assessment */
        mdg_assessed part;
        int left_out, assumed; /* the tier then */
    } rows[] = {
#define IN(member) offsetof(assessment, in.member)
#define DEVICE(member) offsetof(assessment, device.member)
        { "saving", IN(saving), MDG_ASSESSED_SAVING, 0, 3 },
        { "embodied", DEVICE(embodied), MDG_ASSESSED_EMBODIED, 0, 2 },
        { "power", DEVICE(power), MDG_ASSESSED_USE, 0, 2 },
        { "hours", DEVICE(hours), MDG_ASSESSED_USE, 0, 2 },
        { "end of life", DEVICE(end_of_life), MDG_ASSESSED_END_OF_LIFE, 3, 1 },
        { "energy of a service", offsetof(assessment, service.energy), MDG_ASSESSED_SERVICES, 3,
          1 },
        { "direct", IN(direct), MDG_ASSESSED_DIRECT, 3, 1 },
        { "re-spending", IN(respending), MDG_ASSESSED_RESPENDING, 2, 1 },
        { "induced", IN(induced), MDG_ASSESSED_INDUCED, 2, 1 },
        { "attribution", IN(attribution), MDG_ASSESSED_ATTRIBUTION, 2, 1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assessment a;
        make(&a);
        mdg_uncertain *r = (mdg_uncertain *)((char *)&a + rows[i].at);
        r->basis = MDG_BASIS_ASSUMED;
        mdg_tier t = mdg_net_tier(&a.in, &avoids);
        if (t.tier != rows[i].assumed || t.basis[rows[i].part] != MDG_BASIS_ASSUMED)
            fail_msg("%s assumed: tier %d", rows[i].name, t.tier);
        assert_int_equal(t.lacks[rows[i].part], t.tier > 1);
        r->basis = MDG_BASIS_LEFT_OUT;
        t = mdg_net_tier(&a.in, &avoids);
        if (t.tier != rows[i].left_out || t.basis[rows[i].part] != MDG_BASIS_LEFT_OUT)
            fail_msg("%s left out: tier %d", rows[i].name, t.tier);
        assert_true(t.lacks[rows[i].part]);
    }
}

static void claims_follow_the_tier(void **state)
{
    (void)state;
    assessment a;
    make(&a);
    mdg_tier t = mdg_net_tier(&a.in, &avoids);
    assert_int_equal(t.tier, 1);
    assert_true(t.allowed[MDG_CLAIM_PUBLIC] && t.allowed[MDG_CLAIM_INTERNAL] && t.may_say_avoids);
    for (size_t i = 0; i < MDG_ASSESSED_COUNT; i++)
        assert_false(t.lacks[i]);
    /* An effect that may be none can be published, but not as one that avoids. */
    mdg_net unclear = { .verdict = MDG_NET_UNCLEAR };
    t = mdg_net_tier(&a.in, &unclear);
    assert_true(t.allowed[MDG_CLAIM_PUBLIC] && !t.may_say_avoids);
    a.in.induced.basis = MDG_BASIS_LEFT_OUT;
    t = mdg_net_tier(&a.in, &avoids);
    assert_true(t.tier == 2 && !t.allowed[MDG_CLAIM_PUBLIC] && t.allowed[MDG_CLAIM_INTERNAL]);
    assert_false(t.may_say_avoids);
    a.in.direct.basis = MDG_BASIS_LEFT_OUT;
    t = mdg_net_tier(&a.in, &avoids);
    assert_true(t.tier == 3 && !t.allowed[MDG_CLAIM_INTERNAL] && t.allowed[MDG_CLAIM_SCREENING]);
    a.in.n_devices = 0;
    t = mdg_net_tier(&a.in, &avoids);
    assert_true(t.tier == 0 && !t.allowed[MDG_CLAIM_SCREENING]);
    assert_true(t.lacks[MDG_ASSESSED_USE] && !t.lacks[MDG_ASSESSED_DIRECT]);
}

/* Of several devices the weakest counts; the grid counts for all that uses it. */
static void the_weakest_counts(void **state)
{
    (void)state;
    assessment a;
    make(&a);
    mdg_devices two[2] = { a.device, a.device };
    a.in.devices = two;
    a.in.n_devices = 2;
    assert_int_equal(mdg_net_tier(&a.in, &avoids).tier, 1);
    two[1].number.basis = MDG_BASIS_ASSUMED;
    mdg_tier t = mdg_net_tier(&a.in, &avoids);
    assert_true(t.tier == 2 && t.lacks[MDG_ASSESSED_EMBODIED] && t.lacks[MDG_ASSESSED_USE]);
    two[1].number.basis = MDG_BASIS_MEASURED;
    a.in.grid.basis = MDG_BASIS_LEFT_OUT;
    t = mdg_net_tier(&a.in, &avoids);
    assert_true(t.tier == 0 && t.basis[MDG_ASSESSED_SERVICES] == MDG_BASIS_LEFT_OUT);
    a.in.grid.basis = MDG_BASIS_MEASURED;
    a.in.n_services = 0;
    assert_int_equal(mdg_net_tier(&a.in, &avoids).tier, 3);
    assert_string_equal(mdg_assessed_code(MDG_ASSESSED_END_OF_LIFE), "end_of_life");
    assert_string_equal(mdg_claim_code(MDG_CLAIM_INTERNAL), "internal");
    assert_string_equal(mdg_basis_code(MDG_BASIS_LEFT_OUT), "left-out");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_has_its_least),
        cmocka_unit_test(claims_follow_the_tier),
        cmocka_unit_test(the_weakest_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
