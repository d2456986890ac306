/* What a record shows of the rules of disclosure that it says it passed. */
#include "evidence/record_rules.h"

#include "evidence/record_read.h"

#include <stdlib.h>
#include <string.h>

static mdg_status stays(const char *path, const char *fact, mdg_error *err)
{
    mdg_fail(err, MDG_E_CONFLICT, "%s", fact);
    mdg_hint(err, "it stays in the city: measure again without --internal for a record that may "
                  "leave it");
    mdg_place(err, "%s", path);
    return MDG_E_CONFLICT;
}

/* ---- rules ---------------------------------------------------------------------------------- */

static mdg_status failed_rule(const char *path, const json_t *rule, mdg_error *err)
{
    text fact = { 0 };
    const char *name = record_text(rule, "rule");
    text_add(&fact, "the record does not pass the rule of disclosure '");
    record_add_plain(&fact, name ? name : "");
    text_add(&fact, "'");
    mdg_status s = stays(path, text_get(&fact), err);
    text_free(&fact);
    return s;
}

static const json_t *find_rule(const json_t *rules, const char *name)
{
    for (size_t i = 0; i < json_array_size(rules); i++) {
        const char *is = record_text(json_array_get(rules, i), "rule");
        if (is && strcmp(is, name) == 0)
            return json_array_get(rules, i);
    }
    return NULL;
}

/* That a rule was applied, and a parameter of it that may be stricter than the standard. */
static mdg_status check_rule(const char *path, const json_t *rules, const char *name,
                             const char *parameter, double least, double most, mdg_error *err)
{
    const json_t *rule = find_rule(rules, name);
    char fact[96];
    if (!rule) {
        snprintf(fact, sizeof fact, "the rule of disclosure '%s' was not applied to the record",
                 name);
        return stays(path, fact, err);
    }
    if (!parameter)
        return MDG_OK;
    const json_t *given = json_object_get(json_object_get(rule, "parameters"), parameter);
    double x = json_number_value(given);
    if (json_is_number(given) && x >= least && x <= most)
        return MDG_OK;
    snprintf(fact, sizeof fact, "the rule of disclosure '%s' was laxer than the standard's", name);
    return stays(path, fact, err);
}

static mdg_disclosure_opts standard_of(const json_t *json)
{
    mdg_disclosure_opts homes = MDG_DISCLOSURE_RESIDENTIAL, others = MDG_DISCLOSURE_OTHER;
    return mdg_sector_residential(record_text(json, "measure/sector")) ? homes : others;
}

static mdg_status check_rules(const char *path, const json_t *json, const json_t *rules,
                              mdg_error *err)
{
    mdg_disclosure_opts d = standard_of(json);
    MDG_TRY(check_rule(path, rules, "members", "least", (double)d.least, MDG_INFINITY, err));
    if (isfinite(d.share))
        MDG_TRY(check_rule(path, rules, "dominance", "most_percent", 0, 100 * d.share, err));
    MDG_TRY(check_rule(path, rules, "p-percent", "p", d.p, MDG_INFINITY, err));
    MDG_TRY(check_rule(path, rules, "groups", NULL, 0, 0, err));
    MDG_TRY(check_rule(path, rules, "ledger", NULL, 0, 0, err));
    return check_rule(path, rules, "rounding", "protected_points", d.protect, MDG_INFINITY, err);
}

/* ---- sets of meters ------------------------------------------------------------------------- */

/* The most meters that a band such as "100-249" holds. */
static double band_end(const char *band)
{
    const char *dash = band ? strchr(band, '-') : NULL;
    return dash ? strtod(dash + 1, NULL) : 0;
}

static mdg_status check_set(const char *path, const char *what, const char *band, double least,
                            mdg_error *err)
{
    char fact[96];
    if (band_end(band) >= least)
        return MDG_OK;
    snprintf(fact, sizeof fact, "%s has fewer meters than its rule of disclosure asks for", what);
    return stays(path, fact, err);
}

static mdg_status check_sets(const char *path, const json_t *json, const json_t *rules,
                             mdg_error *err)
{
    double least = json_number_value(record_at(find_rule(rules, "members"), "parameters/least"));
    MDG_TRY(check_set(path, "the record", record_text(json, "population/measured"), least, err));
    const json_t *comparison = record_at(json, "method/comparison/meters"),
                 *groups = json_object_get(json, "groups");
    if (comparison)
        MDG_TRY(check_set(path, "the comparison group", json_string_value(comparison), least, err));
    for (size_t i = 0; i < json_array_size(groups); i++)
        MDG_TRY(check_set(path, "a group", record_text(json_array_get(groups, i), "measured"),
                          least, err));
    return MDG_OK;
}

mdg_status record_check_disclosure(const char *path, const json_t *json, mdg_error *err)
{
    const json_t *internal = json_object_get(json, "internal");
    if (internal && !json_is_false(internal))
        return stays(path, "the record is internal", err);
    const json_t *rules = record_at(json, "disclosure/rules");
    if (json_array_size(rules) == 0)
        return stays(path, "no rule of disclosure was applied to the record", err);
    for (size_t i = 0; i < json_array_size(rules); i++)
        if (!json_is_true(json_object_get(json_array_get(rules, i), "pass")))
            return failed_rule(path, json_array_get(rules, i), err);
    MDG_TRY(check_rules(path, json, rules, err));
    return check_sets(path, json, rules, err);
}

/* ---- rounding ------------------------------------------------------------------------------- */

static bool lies_on(double x, double step)
{
    double steps = x / step;
    return fabs(steps - nearbyint(steps)) <= 1e-6;
}

/* Every nice step is a multiple of the finest that is allowed, or of the one after it. */
static bool rounded(const json_t *effect, double finest)
{
    const json_t *value = record_at(effect, "percent/value");
    double x = json_number_value(value), step = mdg_step_size(mdg_nice_step(finest));
    double next = mdg_step_size(mdg_nice_step(step * 1.5));
    return !json_is_number(value) || lies_on(x, step) || lies_on(x, next);
}

mdg_status record_check_rounding(const char *path, const json_t *json, mdg_error *err)
{
    const json_t *rules = record_at(json, "disclosure/rules"),
                 *outcomes = json_object_get(json, "outcome"),
                 *groups = json_object_get(json, "groups");
    double points =
        json_number_value(record_at(find_rule(rules, "rounding"), "parameters/protected_points"));
    double step = json_number_value(record_at(json, "disclosure/rounding/percent_step"));
    double finest = points / band_end(record_text(json, "population/measured"));
    bool good = step >= finest * (1 - 1e-9);
    for (size_t i = 0; good && i < json_array_size(outcomes); i++)
        good = rounded(json_object_get(json_array_get(outcomes, i), "effect"), finest) &&
               lies_on(json_number_value(
                           record_at(json_array_get(outcomes, i), "effect/percent/value")),
                       step);
    for (size_t i = 0; good && i < json_array_size(groups); i++) {
        const json_t *group = json_array_get(groups, i);
        double most = band_end(record_text(group, "measured"));
        good = rounded(json_object_get(group, "effect"), points / most);
    }
    return good ? MDG_OK
                : stays(path, "an effect is not rounded as the rules of disclosure ask for", err);
}
