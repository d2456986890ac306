/* Numbers with units, and ranges of them, from a YAML document. */
#include "measure/spec_range.h"

#include <stdlib.h>
#include <string.h>

mdg_status spec_refuse(const spec_source *from, const yaml_node_t *node, mdg_status s,
                       const char *hint)
{
    if (hint)
        mdg_hint(from->err, "%s", hint);
    mdg_place(from->err, "%s:%zu", from->path, node->start_mark.line + 1);
    return s;
}

mdg_status spec_no_memory(const spec_source *from)
{
    return mdg_fail(from->err, MDG_E_MEMORY, "out of memory");
}

/* ---- texts and numbers -------------------------------------------------------------------- */

bool spec_is_null(const yaml_node_t *node)
{
    static const char *const words[] = { "~", "null", "Null", "NULL" };
    bool plain =
        node->type == YAML_SCALAR_NODE && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    for (size_t i = 0; plain && i < sizeof words / sizeof *words; i++)
        if (strcmp((const char *)node->data.scalar.value, words[i]) == 0)
            return true;
    return false;
}

mdg_status spec_scalar(const spec_source *from, const yaml_node_t *node, const char *name,
                       const char **out)
{
    if (spec_is_null(node)) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'%s' has no value", name);
        spec_refuse(from, node, MDG_E_SCHEMA, "give one, or leave the key out");
        return MDG_E_SCHEMA;
    }
    const char *s = node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "";
    if (strspn(s, " \t\r\n") == strlen(s) || strlen(s) != node->data.scalar.length) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'%s' must be one word, number or text", name);
        spec_refuse(from, node, MDG_E_SCHEMA, "write it as: key: value");
        return MDG_E_SCHEMA;
    }
    *out = s;
    return MDG_OK;
}

/* How much one of `unit`, mass per energy or one of the units' table, is in the quantity's own. */
static bool table_unit(const char *unit, const char *own, double *factor)
{
    const char *slash = strchr(unit, '/'), *own_slash = strchr(own, '/');
    if (!slash && !own_slash) {
        const mdg_unit *a, *b;
        return mdg_unit_find(unit, &a, NULL) == MDG_OK && mdg_unit_find(own, &b, NULL) == MDG_OK &&
               mdg_unit_convert(1, a, b, factor, NULL) == MDG_OK;
    }
    char head[16] = "", own_head[16] = "";
    if (!slash || !own_slash || (size_t)(slash - unit) >= sizeof head)
        return false;
    memcpy(head, unit, (size_t)(slash - unit));
    memcpy(own_head, own, (size_t)(own_slash - own));
    double mass, energy;
    if (!table_unit(head, own_head, &mass) || !table_unit(slash + 1, own_slash + 1, &energy))
        return false;
    *factor = mass / energy;
    return true;
}

/* Words that are no units of the table. */
static bool plain_word(mdg_quantity q, const char *unit, double *factor)
{
    static const struct {
        mdg_quantity quantity;
        const char *word;
        double factor;
    } words[] = {
        { MDG_QUANTITY_LIFE, "years", 1 },    { MDG_QUANTITY_LIFE, "year", 1 },
        { MDG_QUANTITY_HOURS, "h", 1 },       { MDG_QUANTITY_HOURS, "hours", 1 },
        { MDG_QUANTITY_SHARE, "%", 0.01 },    { MDG_QUANTITY_REBOUND, "%", 0.01 },
        { MDG_QUANTITY_ADOPTION, "%", 0.01 }, { MDG_QUANTITY_ATTRIBUTION, "%", 0.01 },
    };
    *factor = 1;
    if (*unit == '\0')
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].quantity == q && strcmp(words[i].word, unit) == 0) {
            *factor = words[i].factor;
            return true;
        }
    }
    return false;
}

static mdg_status refuse_unit(const spec_source *from, const yaml_node_t *node, const char *name,
                              mdg_quantity q, const char *unit)
{
    mdg_fail(from->err, MDG_E_UNIT, "'%s' cannot be in '%s'", name, unit);
    double ignored;
    if (*mdg_quantity_unit(q))
        mdg_hint(from->err, "give it in %s", mdg_quantity_unit(q));
    else
        mdg_hint(from->err, "write the number alone%s",
                 plain_word(q, "%", &ignored) ? ", or in %" : "");
    return spec_refuse(from, node, MDG_E_UNIT, NULL);
}

/* "12", "12 W", "5 %": in the quantity's unit. */
static mdg_status read_number(const spec_source *from, const yaml_node_t *node, const char *name,
                              mdg_quantity q, double *out)
{
    const char *s = "";
    MDG_TRY(spec_scalar(from, node, name, &s));
    size_t digits = strspn(s, "+-.0123456789");
    /* An exponent, but not the e of a word. */
    if ((s[digits] == 'e' || s[digits] == 'E') && strspn(s + digits + 1, "+-0123456789") > 0)
        digits += 1 + strspn(s + digits + 1, "+-0123456789");
    char number[32] = "", *end = number;
    if (digits > 0 && digits < sizeof number) {
        memcpy(number, s, digits);
        *out = strtod(number, &end);
    }
    if (end == number || *end != '\0' || !isfinite(*out) || s[digits] == ',') {
        mdg_fail(from->err, MDG_E_PARSE, "'%s' cannot be '%s'", name, s);
        return spec_refuse(from, node, MDG_E_PARSE,
                           strchr(s, ',') ? "write a number with a decimal point, such as 0.9"
                                          : "give a number, {low, high}, {low, likely, high} or "
                                            "{mean, sd}");
    }
    const char *unit = s + digits + strspn(s + digits, " ");
    double factor;
    if (!plain_word(q, unit, &factor) && !table_unit(unit, mdg_quantity_unit(q), &factor))
        return refuse_unit(from, node, name, q, unit);
    *out *= factor;
    return MDG_OK;
}

/* ---- ranges ------------------------------------------------------------------------------- */

static const char *const range_keys[] = { "value", "low", "likely", "high", "mean", "sd" };
enum { VALUE, LOW, LIKELY, HIGH, MEAN, SD, RANGE_KEYS };

/* The range that these keys make; false for any other set of them. */
static bool shape(unsigned given, const double x[RANGE_KEYS], mdg_uncertain *out)
{
    switch (given) {
    case 1u << VALUE:
        *out = mdg_uncertain_fixed(x[VALUE]);
        return true;
    case 1u << LOW | 1u << HIGH:
        *out = mdg_uncertain_uniform(x[LOW], x[HIGH]);
        return true;
    case 1u << LOW | 1u << LIKELY | 1u << HIGH:
        *out = mdg_uncertain_triangular(x[LOW], x[LIKELY], x[HIGH]);
        return true;
    case 1u << MEAN | 1u << SD:
        *out = mdg_uncertain_normal(x[MEAN], x[SD]);
        return true;
    default:
        return false;
    }
}

/* `out` is left out when it was not read before. */
static mdg_status read_basis(const spec_source *from, const yaml_node_t *node, mdg_basis *out)
{
    const char *s = NULL;
    if (*out != MDG_BASIS_LEFT_OUT) {
        mdg_fail(from->err, MDG_E_CONFLICT, "the key 'basis' stands twice");
        return spec_refuse(from, node, MDG_E_CONFLICT, "leave one out");
    }
    MDG_TRY(spec_scalar(from, node, "basis", &s));
    for (int b = MDG_BASIS_ASSUMED; b <= MDG_BASIS_MEASURED; b++) {
        if (strcmp(s, mdg_basis_code((mdg_basis)b)) == 0) {
            *out = (mdg_basis)b;
            return MDG_OK;
        }
    }
    mdg_fail(from->err, MDG_E_SCHEMA, "'basis' cannot be '%s'", s);
    return spec_refuse(from, node, MDG_E_SCHEMA,
                       "measured (counted, read, declared for the product) or assumed");
}

/* One key of a range into x. */
static mdg_status read_range_key(const spec_source *from, const yaml_node_pair_t *pair,
                                 mdg_quantity q, double x[RANGE_KEYS], unsigned *given)
{
    const yaml_node_t *key = yaml_document_get_node(from->doc, pair->key);
    const char *name = NULL;
    MDG_TRY(spec_scalar(from, key, "a key", &name));
    for (unsigned k = 0; k < RANGE_KEYS; k++) {
        if (strcmp(name, range_keys[k]) != 0)
            continue;
        if (*given >> k & 1u) {
            mdg_fail(from->err, MDG_E_CONFLICT, "the key '%s' stands twice", name);
            return spec_refuse(from, key, MDG_E_CONFLICT, "leave one out");
        }
        *given |= 1u << k;
        return read_number(from, yaml_document_get_node(from->doc, pair->value), name, q, &x[k]);
    }
    mdg_fail(from->err, MDG_E_SCHEMA, "unknown key '%s' of a range", name);
    return spec_refuse(from, key, MDG_E_SCHEMA,
                       "one of value, low, likely, high, mean, sd, basis (measured or assumed)");
}

static mdg_status read_range_map(const spec_source *from, const yaml_node_t *node, const char *name,
                                 mdg_quantity q, mdg_uncertain *out)
{
    double x[RANGE_KEYS] = { 0 };
    unsigned given = 0;
    mdg_basis basis = MDG_BASIS_LEFT_OUT;
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    for (; pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(from->doc, pair->key);
        bool is_basis = key->type == YAML_SCALAR_NODE &&
                        strcmp((const char *)key->data.scalar.value, "basis") == 0;
        MDG_TRY(is_basis ? read_basis(from, yaml_document_get_node(from->doc, pair->value), &basis)
                         : read_range_key(from, pair, q, x, &given));
    }
    if (!shape(given, x, out)) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'%s' is neither a number nor a range", name);
        return spec_refuse(from, node, MDG_E_SCHEMA,
                           "give a number, {low, high}, {low, likely, high} or {mean, sd}");
    }
    out->basis = basis == MDG_BASIS_LEFT_OUT ? MDG_BASIS_ASSUMED : basis;
    return MDG_OK;
}

mdg_status spec_range(const spec_source *from, const yaml_node_t *node, const char *name,
                      mdg_quantity q, mdg_uncertain *out)
{
    if (node->type == YAML_MAPPING_NODE) {
        MDG_TRY(read_range_map(from, node, name, q, out));
    } else {
        double x = 0;
        MDG_TRY(read_number(from, node, name, q, &x));
        *out = mdg_uncertain_fixed(x);
        /* Who gives one number of devices has counted them. */
        if (q == MDG_QUANTITY_NUMBER)
            out->basis = MDG_BASIS_MEASURED;
    }
    mdg_status s = mdg_uncertain_check(q, out, from->err);
    return s == MDG_OK ? s : spec_refuse(from, node, s, NULL);
}
