/* How deep an assessment of a net effect goes, and what it may be used for. */
#include <madang/footprint.h>

#include <assert.h>

enum { BEST = 1, WORST = 3 };

static const struct {
    const char *code;
    mdg_basis least[WORST + 1]; /* by tier; [0] is not used */
} assessed[MDG_ASSESSED_COUNT] = {
#define X(name, code, tier3, tier2, tier1) { code, { 0, tier1, tier2, tier3 } },
    MDG_ASSESSED(X)
#undef X
};

static const struct {
    const char *code;
    int tier;
} claims[MDG_CLAIM_COUNT] = {
#define X(name, code, tier) { code, tier },
    MDG_CLAIMS(X)
#undef X
};

const char *mdg_assessed_code(mdg_assessed a)
{
    assert(a < MDG_ASSESSED_COUNT);
    return assessed[a].code;
}

const char *mdg_claim_code(mdg_claim c)
{
    assert(c < MDG_CLAIM_COUNT);
    return claims[c].code;
}

const char *mdg_basis_code(mdg_basis b)
{
    static const char *const codes[] = { "left-out", "assumed", "measured" };
    return codes[b];
}

static mdg_basis weakest(const mdg_uncertain *const *ranges, size_t n)
{
    mdg_basis b = MDG_BASIS_MEASURED;
    for (size_t i = 0; i < n; i++)
        b = ranges[i]->basis < b ? ranges[i]->basis : b;
    return b;
}

static mdg_basis weaker(mdg_basis a, mdg_basis b)
{
    return a < b ? a : b;
}

static void look_at_devices(const mdg_net_input *in, mdg_basis basis[])
{
    mdg_basis first = in->n_devices > 0 ? MDG_BASIS_MEASURED : MDG_BASIS_LEFT_OUT;
    mdg_basis embodied = first, use = first, end = first;
    for (size_t k = 0; k < in->n_devices; k++) {
        const mdg_devices *d = &in->devices[k];
        const mdg_uncertain *made[] = { &d->number, &d->embodied, &d->life };
        const mdg_uncertain *used[] = { &d->number, &d->power, &d->hours, &in->grid };
        const mdg_uncertain *ended[] = { &d->number, &d->end_of_life, &d->life };
        embodied = weaker(embodied, weakest(made, 3));
        use = weaker(use, weakest(used, 4));
        end = weaker(end, weakest(ended, 3));
    }
    basis[MDG_ASSESSED_EMBODIED] = embodied;
    basis[MDG_ASSESSED_USE] = use;
    basis[MDG_ASSESSED_END_OF_LIFE] = end;
}

static mdg_basis look_at_services(const mdg_net_input *in)
{
    mdg_basis b = in->n_services > 0 ? in->grid.basis : MDG_BASIS_LEFT_OUT;
    for (size_t k = 0; k < in->n_services; k++) {
        const mdg_uncertain *used[] = { &in->services[k].energy, &in->services[k].share };
        b = weaker(b, weakest(used, 2));
    }
    return b;
}

/* Marks what keeps the assessment from this tier. */
static bool reaches(mdg_tier *t, int tier)
{
    bool all = true;
    for (size_t i = 0; i < MDG_ASSESSED_COUNT; i++) {
        t->lacks[i] = t->basis[i] < assessed[i].least[tier];
        all = all && !t->lacks[i];
    }
    return all;
}

mdg_tier mdg_net_tier(const mdg_net_input *in, const mdg_net *net)
{
    mdg_tier t = { 0 };
    look_at_devices(in, t.basis);
    t.basis[MDG_ASSESSED_SERVICES] = look_at_services(in);
    t.basis[MDG_ASSESSED_SAVING] = in->saving.basis;
    t.basis[MDG_ASSESSED_DIRECT] = in->direct.basis;
    t.basis[MDG_ASSESSED_RESPENDING] = in->respending.basis;
    t.basis[MDG_ASSESSED_INDUCED] = in->induced.basis;
    t.basis[MDG_ASSESSED_ATTRIBUTION] = in->attribution.basis;
    for (int tier = WORST; tier >= BEST && reaches(&t, tier); tier--)
        t.tier = tier;
    for (size_t c = 0; c < MDG_CLAIM_COUNT; c++)
        t.allowed[c] = t.tier > 0 && t.tier <= claims[c].tier;
    t.may_say_avoids = t.allowed[MDG_CLAIM_PUBLIC] && net->verdict == MDG_NET_AVOIDS;
    return t;
}
