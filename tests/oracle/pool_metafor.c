/* Figures of metafor 3.8.1 on published data sets, which lie beside the project; without them the
 * test is skipped. Those of means were made with iterations carried to rounding, all others as
 * metafor stops by default. All are compared to `alike`, every one as it was made; the latter also
 * with ours carried to rounding, where `stopped` is allowed for what metafor's stops leave.
 *
 * usage: pool_metafor */
#include "metafor.h"

static const double alike = 1e-8, stopped = 1.5e-3;

static mdg_pool fit(const data *d, const mdg_pool_opts *o, mdg_arena *mem)
{
    mdg_pool out = { 0 };
    mdg_error err = { 0 };
    if (mdg_pool_fit(&d->e, o, mem, &out, &err) != MDG_OK) {
        printf("%s, %s: %s\n", d->set, d->fit, err.message);
        exit(1);
    }
    return out;
}

/* "REML", "REML_KH" or "REML_KHadhoc". */
static mdg_pool_opts opts_of(const char *name)
{
    mdg_pool_opts o = MDG_POOL_OPTS;
    const char *end = strchr(name, '_');
    size_t n = end ? (size_t)(end - name) : strlen(name);
    o.level = 0.95;
    o.test = !end                      ? MDG_POOL_TEST_Z
             : strcmp(end, "_KH") == 0 ? MDG_POOL_TEST_KNHA
                                       : MDG_POOL_TEST_KNHA_ADHOC;
    for (mdg_pool_method m = 0; m < MDG_POOL_METHOD_COUNT; m++) {
        const char *code = mdg_pool_method_code(m);
        if (strlen(code) == n && strncmp(code, name, n) == 0)
            o.method = m;
    }
    return o;
}

static bool iterates(mdg_pool_method m)
{
    return m == MDG_POOL_PM || m == MDG_POOL_REML || m == MDG_POOL_ML || m == MDG_POOL_EB;
}

/* With what metafor found where it stops by default; `size` counts where ours, by `o`, goes on. */
static void compare_stopped(const data *d, const char *what, double got, double want,
                            const mdg_pool_opts *o, double size)
{
    bool goes_on = !o->as_metafor && iterates(o->method);
    compare(d, what, got, want, goes_on ? stopped : alike, goes_on ? size : 0);
}

static void compare_mean(data *d, const char *name, const json_t *want)
{
    static const char *const names[] = { "pi_higgins_tk2", "pi_tk1" };
    mdg_arena mem = { 0 };
    mdg_pool_opts o = opts_of(name);
    d->fit = name;
    mdg_pool f = fit(d, &o, &mem);
    const mdg_coefficient *c = f.coefficients;
    compare(d, "mean", c->value, number(json_object_get(want, "b")), alike, 0);
    compare(d, "se", c->se, number(json_object_get(want, "se")), alike, 0);
    compare(d, "statistic", c->statistic, number(json_object_get(want, "stat")), alike, 0);
    compare(d, "p", c->p, number(json_object_get(want, "pval")), alike, 0);
    compare(d, "from", c->ci.lo, number(json_object_get(want, "ci_lb")), alike, 0);
    compare(d, "to", c->ci.hi, number(json_object_get(want, "ci_ub")), alike, 0);
    compare(d, "tau2", f.tau2, number(json_object_get(want, "tau2")), alike, 0);
    compare(d, "se of tau2", f.tau2_se, number(json_object_get(want, "se_tau2")), alike, 0);
    compare(d, "I2", f.i2, number(json_object_get(want, "I2")), alike, 0);
    compare(d, "H2", f.h2, number(json_object_get(want, "H2")), alike, 0);
    compare(d, "Q", f.q, number(json_object_get(want, "QE")), alike, 0);
    compare(d, "p of Q", f.q_p, number(json_object_get(want, "QEp")), alike, 0);
    for (mdg_pool_pi pi = MDG_POOL_PI_T_K2; pi <= MDG_POOL_PI_T_K1; pi++) {
        char key[32];
        o.pi = pi;
        f = fit(d, &o, &mem);
        snprintf(key, sizeof key, "%s_lb", names[pi]);
        compare(d, key, f.pi.lo, number(json_object_get(want, key)), alike, 0);
        snprintf(key, sizeof key, "%s_ub", names[pi]);
        compare(d, key, f.pi.hi, number(json_object_get(want, key)), alike, 0);
    }
    mdg_arena_free(&mem);
}

static void compare_moderators(data *d, const char *name, bool as_metafor, const json_t *want)
{
    mdg_arena mem = { 0 };
    mdg_pool_opts o = opts_of(name);
    o.as_metafor = as_metafor;
    d->fit = name;
    mdg_pool f = fit(d, &o, &mem);
    for (size_t j = 0; j < f.p; j++) {
        const mdg_coefficient *c = &f.coefficients[j];
        compare_stopped(d, "coefficient", c->value, at(json_object_get(want, "b"), j), &o, c->se);
        compare_stopped(d, "se", c->se, at(json_object_get(want, "se"), j), &o, 0);
        compare_stopped(d, "p", c->p, at(json_object_get(want, "pval"), j), &o, 1e-2);
        compare_stopped(d, "from", c->ci.lo, at(json_object_get(want, "ci_lb"), j), &o, c->se);
        compare_stopped(d, "to", c->ci.hi, at(json_object_get(want, "ci_ub"), j), &o, c->se);
        const json_t *row = json_array_get(json_object_get(want, "vcov"), j);
        for (size_t i = 0; i < f.p; i++)
            compare_stopped(d, "covariance", f.covariance[j * f.p + i], at(row, i), &o, 0);
    }
    compare_stopped(d, "tau2", f.tau2, number(json_object_get(want, "tau2")), &o, 0.1);
    compare_stopped(d, "se of tau2", f.tau2_se, number(json_object_get(want, "se_tau2")), &o, 0.1);
    compare_stopped(d, "I2", f.i2, number(json_object_get(want, "I2")), &o, 100);
    compare_stopped(d, "H2", f.h2, number(json_object_get(want, "H2")), &o, 0);
    compare(d, "Q", f.q, number(json_object_get(want, "QE")), alike, 0);
    compare(d, "p of Q", f.q_p, number(json_object_get(want, "QEp")), alike, 0);
    const json_t *all = json_object_get(want, "QM_moderators");
    compare_stopped(d, "QM", f.qm_scaled, number(json_object_get(all, "stat")), &o, 0);
    compare_stopped(d, "p of QM", f.qm_p, number(json_object_get(all, "p")), &o, 1e-3);
    if (o.method != MDG_POOL_EE)
        compare_stopped(d, "R2", f.r2, number(json_object_get(want, "R2_pct")), &o, 100);
    mdg_arena_free(&mem);
}

static void compare_steps(const data *d, const mdg_pool_step *s, const mdg_pool_opts *o,
                          const json_t *want)
{
    for (size_t i = 0; i < d->e.k; i++) {
        compare_stopped(d, "mean", s[i].value, at(json_object_get(want, "estimate"), i), o, 0.1);
        compare_stopped(d, "se", s[i].se, at(json_object_get(want, "se"), i), o, 0.1);
        compare_stopped(d, "tau2", s[i].tau2, at(json_object_get(want, "tau2"), i), o, 0.1);
        compare_stopped(d, "I2", s[i].i2, at(json_object_get(want, "I2"), i), o, 100);
    }
}

static void compare_without_each(data *d, bool as_metafor, const json_t *want)
{
    mdg_arena mem = { 0 };
    mdg_pool_step steps[MOST];
    mdg_pool_opts o = opts_of("REML");
    o.as_metafor = as_metafor;
    d->fit = "without each";
    if (mdg_pool_leave_one_out(&d->e, &o, &mem, steps, NULL) != MDG_OK)
        exit(1);
    compare_steps(d, steps, &o, want);
    mdg_arena_free(&mem);
}

static void compare_cumulative(data *d, bool as_metafor, const json_t *want)
{
    mdg_arena mem = { 0 };
    mdg_pool_step steps[MOST];
    size_t order[MOST];
    mdg_pool_opts o = opts_of("REML");
    o.as_metafor = as_metafor;
    d->fit = "cumulative";
    for (size_t i = 0; i < d->e.k; i++)
        order[i] = (size_t)at(json_object_get(want, "order"), i) - 1;
    if (mdg_pool_cumulative(&d->e, order, &o, &mem, steps, NULL) != MDG_OK)
        exit(1);
    compare_steps(d, steps, &o, want);
    mdg_arena_free(&mem);
}

static void compare_profile(data *d, bool as_metafor, const json_t *want)
{
    mdg_arena mem = { 0 };
    mdg_pool_opts o = opts_of("REML");
    o.as_metafor = as_metafor;
    d->fit = "Q-profile";
    mdg_pool f = fit(d, &o, &mem);
    const json_t *tau2 = json_object_get(want, "tau2"), *i2 = json_object_get(want, "I2");
    compare_stopped(d, "tau2 from", f.tau2_ci.lo, at(tau2, 0), &o, 0.1);
    compare_stopped(d, "tau2 to", f.tau2_ci.hi, at(tau2, 1), &o, 0.1);
    compare_stopped(d, "I2 from", f.i2_ci.lo, at(i2, 0), &o, 100);
    compare_stopped(d, "I2 to", f.i2_ci.hi, at(i2, 1), &o, 100);
    mdg_arena_free(&mem);
}

static void load_moderators(data *d, const json_t *rows)
{
    d->e.x = d->x;
    d->e.moderators = json_array_size(json_array_get(rows, 0)) - 1;
    for (size_t i = 0; i < d->e.k; i++)
        for (size_t m = 0; m < d->e.moderators; m++)
            d->x[i * d->e.moderators + m] = at(json_array_get(rows, i), m + 1);
}

static void compare_set(const char *name, json_t *set, const json_t *cumulative)
{
    data d = { 0 };
    load_effects(&d, name, set);
    const char *key;
    json_t *want;
    json_object_foreach(json_object_get(set, "models"), key, want) compare_mean(&d, key, want);
    const json_t *moderators = json_object_get(set, "metareg");
    for (int as_metafor = 0; as_metafor < 2; as_metafor++) {
        compare_profile(&d, as_metafor, json_object_get(set, "tau2_CI_Qprofile_REML"));
        compare_without_each(&d, as_metafor, json_object_get(set, "leave1out_REML"));
        if (strcmp(name, "dat.bcg") == 0)
            compare_cumulative(&d, as_metafor, cumulative);
    }
    if (!moderators)
        return;
    load_moderators(&d, json_object_get(moderators, "X"));
    json_object_foreach(json_object_get(moderators, "fits"), key, want)
    {
        compare_moderators(&d, key, false, want);
        compare_moderators(&d, key, true, want);
    }
}

int main(void)
{
    json_t *all = load_figures();
    if (!all)
        return SKIPPED;
    const char *name;
    json_t *set;
    json_object_foreach(json_object_get(all, "datasets"), name, set)
        compare_set(name, set, json_object_get(all, "cumulative_bcg_by_year"));
    json_decref(all);
    return report(4000);
}
