/* Walks a document along a compiled schema. */
#include "evidence/record_read.h"
#include "evidence/schema_node.h"

#include <stdlib.h>
#include <string.h>

/* Deeper than any record, and than any chain of references that comes to an end. */
enum { DEEPEST = 128 };

/* Where in the document: a chain from the value up to the root, whose `up` is NULL. */
typedef struct place {
    const struct place *up;
    const char *name; /* NULL: an item of an array */
    size_t index, depth;
} place;

typedef struct checker {
    mdg_error *err;        /* NULL while alternatives are tried */
    schema_notes *unknown; /* NULL: unknown fields are misfits */
    size_t misfit_depth;   /* of the last misfit; 0 when a constant told it */
    size_t steps;          /* schemas within each other now */
} checker;

static bool fits(checker *c, const schema_node *n, json_t *value, const place *at);

/* ---- pointers and messages ------------------------------------------------------------------ */

static void add_pointer(text *out, const place *at)
{
    if (!at->up)
        return;
    add_pointer(out, at->up);
    text_add(out, "/");
    if (!at->name) {
        text_addf(out, "%zu", at->index);
        return;
    }
    text part = { 0 };
    record_add_plain(&part, at->name);
    for (const char *p = text_get(&part); *p; p++)
        text_add_bytes(out,
                       *p == '~'   ? "~0"
                       : *p == '/' ? "~1"
                                   : p,
                       *p == '~' || *p == '/' ? 2 : 1);
    text_free(&part);
}

static const char *type_words(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_NULL:
        return schema_types[SCHEMA_NULL].words;
    case JSON_TRUE:
    case JSON_FALSE:
        return schema_types[SCHEMA_BOOLEAN].words;
    case JSON_OBJECT:
        return schema_types[SCHEMA_OBJECT].words;
    case JSON_ARRAY:
        return schema_types[SCHEMA_ARRAY].words;
    case JSON_STRING:
        return schema_types[SCHEMA_STRING].words;
    default:
        return schema_types[SCHEMA_NUMBER].words;
    }
}

/* "'/city/key' has to be a text"; always false. */
static bool misfit(checker *c, const place *at, const char *fact, const char *detail)
{
    c->misfit_depth = at->depth;
    if (!c->err)
        return false;
    text pointer = { 0 };
    add_pointer(&pointer, at);
    if (at->up)
        mdg_fail(c->err, MDG_E_SCHEMA, "'%s' %s%s", text_get(&pointer), fact, detail);
    else
        mdg_fail(c->err, MDG_E_SCHEMA, "the record %s%s", fact, detail);
    mdg_hint(c->err, "data/evidence-record.schema.json says what a record holds");
    text_free(&pointer);
    return false;
}

static bool misfit_number(checker *c, const place *at, const char *fact, double bound)
{
    char digits[32] = "";
    if (c->err)
        snprintf(digits, sizeof digits, "%.15g", bound);
    return misfit(c, at, fact, digits);
}

static void note_unknown(checker *c, const place *at)
{
    schema_notes *notes = c->unknown;
    if (notes->n < SCHEMA_NOTES) {
        text pointer = { 0 };
        add_pointer(&pointer, at);
        snprintf(notes->pointer[notes->n], SCHEMA_POINTER, "%s", text_get(&pointer));
        text_free(&pointer);
    }
    notes->n++;
}

/* ---- values --------------------------------------------------------------------------------- */

static unsigned types_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_NULL:
        return 1U << SCHEMA_NULL;
    case JSON_TRUE:
    case JSON_FALSE:
        return 1U << SCHEMA_BOOLEAN;
    case JSON_OBJECT:
        return 1U << SCHEMA_OBJECT;
    case JSON_ARRAY:
        return 1U << SCHEMA_ARRAY;
    case JSON_STRING:
        return 1U << SCHEMA_STRING;
    case JSON_INTEGER:
        return 1U << SCHEMA_NUMBER | 1U << SCHEMA_INTEGER;
    default:
        break;
    }
    /* A real without a fraction is an integer too. */
    double x = json_real_value(value), whole = trunc(x);
    bool integer = whole >= x && whole <= x;
    return 1U << SCHEMA_NUMBER | (integer ? 1U << SCHEMA_INTEGER : 0);
}

/* 1 and 1.0 are the same number. */
static bool same_value(const json_t *a, const json_t *b)
{
    if (!json_is_number(a) || !json_is_number(b))
        return json_equal(a, b);
    double x = json_number_value(a), y = json_number_value(b);
    return x <= y && x >= y;
}

static bool misfit_type(checker *c, const schema_node *n, const json_t *value, const place *at)
{
    unsigned types = types_of(value);
    char wanted[160] = "";
    for (unsigned t = 0; t < SCHEMA_TYPES; t++) {
        if (!(n->types & 1U << t))
            continue;
        size_t used = strlen(wanted);
        snprintf(wanted + used, sizeof wanted - used, "%s%s", used ? " or " : "",
                 schema_types[t].words);
    }
    size_t used = strlen(wanted);
    snprintf(wanted + used, sizeof wanted - used, ", not %s",
             types & 1U << SCHEMA_NUMBER && n->types & 1U << SCHEMA_INTEGER ? "a fraction"
                                                                            : type_words(value));
    return misfit(c, at, "has to be ", wanted);
}

static bool check_type(checker *c, const schema_node *n, const json_t *value, const place *at)
{
    if (n->types == 0 || (n->types & types_of(value)))
        return true;
    return c->err ? misfit_type(c, n, value, at) : misfit(c, at, "", "");
}

static int add_dumped(const char *piece, size_t n, void *to)
{
    text_add_bytes(to, piece, n);
    return 0;
}

static bool misfit_value(checker *c, const schema_node *n, const place *at)
{
    text wanted = { 0 };
    if (c->err)
        json_dump_callback(n->constant ? n->constant : n->choices, add_dumped, &wanted,
                           JSON_ENCODE_ANY | JSON_COMPACT);
    misfit(c, at, n->constant ? "has to be " : "has to be one of ", text_get(&wanted));
    text_free(&wanted);
    c->misfit_depth = 0;
    return false;
}

static bool check_value(checker *c, const schema_node *n, const json_t *value, const place *at)
{
    if (n->constant && !same_value(n->constant, value))
        return misfit_value(c, n, at);
    if (!n->choices)
        return true;
    for (size_t i = 0; i < json_array_size(n->choices); i++)
        if (same_value(json_array_get(n->choices, i), value))
            return true;
    return misfit_value(c, n, at);
}

static bool check_number(checker *c, const schema_node *n, const json_t *value, const place *at)
{
    if (!json_is_number(value))
        return true;
    double x = json_number_value(value);
    if (x < n->minimum)
        return misfit_number(c, at, "has to be at least ", n->minimum);
    if (x > n->maximum)
        return misfit_number(c, at, "has to be at most ", n->maximum);
    if (x <= n->above)
        return misfit_number(c, at, "has to be above ", n->above);
    if (x >= n->below)
        return misfit_number(c, at, "has to be below ", n->below);
    return true;
}

/* Characters of valid UTF-8: bytes that do not continue one. */
static size_t count_characters(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

static bool is_date(const char *s)
{
    if (strlen(s) != 10 || s[4] != '-' || s[7] != '-' || strspn(s, "0123456789-") != 10 ||
        strspn(s, "0123456789") != 4 || strspn(s + 5, "0123456789") != 2 ||
        strspn(s + 8, "0123456789") != 2)
        return false;
    mdg_date d = { .year = (int)strtol(s, NULL, 10),
                   .month = (int)strtol(s + 5, NULL, 10),
                   .day = (int)strtol(s + 8, NULL, 10) };
    return mdg_date_valid(d);
}

static bool check_text(checker *c, const schema_node *n, const json_t *value, const place *at)
{
    const char *s = json_string_value(value);
    if (!s)
        return true;
    size_t length = count_characters(s);
    if (length < n->min_length || length > n->max_length)
        return misfit_number(c, at,
                             length < n->min_length ? "is too short: its least length is "
                                                    : "is too long: its greatest length is ",
                             (double)(length < n->min_length ? n->min_length : n->max_length));
    if (n->date && !is_date(s))
        return misfit(c, at, "has to be a date such as 2025-03-31", "");
    if (n->pattern && regexec(&n->pattern->compiled, s, 0, NULL, 0) != 0)
        return misfit(c, at, "does not match ", n->pattern->written);
    return true;
}

/* ---- objects and arrays --------------------------------------------------------------------- */

static place below(const place *at, const char *name, size_t index)
{
    return (place){ .up = at, .name = name, .index = index, .depth = at->depth + 1 };
}

/* Which of the members a name is; n_members: none. Documents mostly keep the schema's order, so the
 * search begins at `guess`. */
static size_t find_member(const schema_node *n, const char *name, size_t guess)
{
    for (size_t i = 0; i < n->n_members; i++) {
        size_t k = guess + i < n->n_members ? guess + i : guess + i - n->n_members;
        if (strcmp(n->members[k].name, name) == 0)
            return k;
    }
    return n->n_members;
}

/* The document's value of each member, or NULL; returns how many there are. */
static size_t find_values(const schema_node *n, json_t *object, json_t *values[SCHEMA_MEMBERS])
{
    size_t found = 0, guess = 0;
    memset(values, 0, n->n_members * sizeof *values);
    if (n->n_members == 0)
        return 0;
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        size_t k = find_member(n, json_object_iter_key(at), guess);
        if (k == n->n_members)
            continue;
        values[k] = json_object_iter_value(at);
        found++;
        guess = k + 1 < n->n_members ? k + 1 : 0;
    }
    return found;
}

static bool check_name(checker *c, const schema_node *n, const char *name, const place *at)
{
    json_t *as_text = json_string(name);
    bool good = as_text && fits(c, n, as_text, at);
    json_decref(as_text);
    return good;
}

static bool check_others(checker *c, const schema_node *n, json_t *value, const place *at)
{
    const char *name;
    json_t *member;
    json_object_foreach(value, name, member)
    {
        place p = below(at, name, 0);
        if (n->names && !check_name(c, n->names, name, &p))
            return false;
        if (!n->additional || find_member(n, name, 0) < n->n_members)
            continue;
        if (!n->additional->never) {
            if (!fits(c, n->additional, member, &p))
                return false;
        } else if (c->unknown) {
            note_unknown(c, &p);
        } else {
            return misfit(c, &p, "is not a field of records", "");
        }
    }
    return true;
}

static bool check_object(checker *c, const schema_node *n, json_t *value, const place *at)
{
    if (!json_is_object(value))
        return true;
    json_t *values[SCHEMA_MEMBERS];
    size_t found = find_values(n, value, values);
    for (size_t i = 0; i < n->n_members; i++) {
        place p = below(at, n->members[i].name, 0);
        if (values[i] && !fits(c, n->members[i].node, values[i], &p))
            return false;
    }
    for (size_t i = 0; i < n->n_required; i++) {
        const schema_required *r = &n->required[i];
        place p = below(at, r->name, 0);
        if (r->member < n->n_members ? !values[r->member] : !json_object_get(value, r->name))
            return misfit(c, &p, "is missing", "");
    }
    bool others = n->names || (n->additional && found < json_object_size(value));
    return !others || check_others(c, n, value, at);
}

static bool check_array(checker *c, const schema_node *n, json_t *value, const place *at)
{
    if (!json_is_array(value))
        return true;
    size_t size = json_array_size(value);
    if (size < n->min_items)
        return misfit_number(c, at, "has too few items: the least is ", (double)n->min_items);
    if (size > n->max_items)
        return misfit_number(c, at, "has too many items: the most is ", (double)n->max_items);
    for (size_t i = 0; i < size; i++) {
        place p = below(at, NULL, i);
        const schema_node *item = i < n->prefix.n ? n->prefix.at[i] : n->items;
        if (item && !fits(c, item, json_array_get(value, i), &p))
            return false;
    }
    return true;
}

/* ---- alternatives --------------------------------------------------------------------------- */

/* Whether it fits, leaving neither message nor notes. */
static bool would_fit(checker *c, const schema_node *n, json_t *value, const place *at)
{
    checker trial = { .unknown = c->unknown, .steps = c->steps };
    size_t notes = c->unknown ? c->unknown->n : 0;
    bool good = fits(&trial, n, value, at);
    if (c->unknown)
        c->unknown->n = notes;
    c->misfit_depth = good ? 0 : trial.misfit_depth;
    return good;
}

/* How many alternatives fit; *best is the first of them, or else the one whose misfit lies deepest
 * when that is below this value, or else NULL. */
static size_t count_fits(checker *c, const schema_list *list, json_t *value, const place *at,
                         const schema_node **best)
{
    size_t count = 0, depth = at->depth;
    *best = NULL;
    for (size_t i = 0; i < list->n; i++) {
        if (would_fit(c, list->at[i], value, at)) {
            if (count++ == 0)
                *best = list->at[i];
        } else if (count == 0 && c->misfit_depth > depth) {
            depth = c->misfit_depth;
            *best = list->at[i];
        }
    }
    return count;
}

/* Where unknown fields are allowed, alternatives that only these told apart may all fit: then the
 * one that knows all fields counts, or else the first. */
static bool check_alternatives(checker *c, const schema_list *list, bool one, json_t *value,
                               const place *at)
{
    if (list->n == 0)
        return true;
    checker strict = { .steps = c->steps };
    const schema_node *best;
    size_t count = count_fits(&strict, list, value, at, &best);
    if (one && count > 1)
        return misfit(c, at, "fits more than one of its forms", "");
    if (count > 0)
        return true;
    if (c->unknown)
        count_fits(c, list, value, at, &best);
    if (!best)
        return misfit(c, at, "has none of the forms that it may have", "");
    /* Once more for the message, or for the notes. */
    return fits(c, best, value, at);
}

static bool check_combined(checker *c, const schema_node *n, json_t *value, const place *at)
{
    for (size_t i = 0; i < n->all_of.n; i++)
        if (!fits(c, n->all_of.at[i], value, at))
            return false;
    if (!check_alternatives(c, &n->one_of, true, value, at) ||
        !check_alternatives(c, &n->any_of, false, value, at))
        return false;
    if (!n->condition)
        return true;
    const schema_node *then = would_fit(c, n->condition, value, at) ? n->then : n->otherwise;
    return !then || fits(c, then, value, at);
}

static bool fits(checker *c, const schema_node *n, json_t *value, const place *at)
{
    if (n->never)
        return misfit(c, at, "is not allowed here", "");
    if (c->steps == DEEPEST)
        return misfit(c, at, "lies too deep", "");
    c->steps++;
    bool good = check_type(c, n, value, at) && check_value(c, n, value, at) &&
                check_number(c, n, value, at) && check_text(c, n, value, at) &&
                check_array(c, n, value, at) && check_object(c, n, value, at) &&
                check_combined(c, n, value, at) && (!n->ref || fits(c, n->ref, value, at));
    c->steps--;
    return good;
}

mdg_status schema_check(const schema *s, json_t *document, schema_notes *unknown, mdg_error *err)
{
    mdg_error mine;
    checker c = { .err = err ? err : &mine, .unknown = unknown };
    place root = { .up = NULL };
    if (unknown)
        unknown->n = 0;
    return fits(&c, s->root, document, &root) ? MDG_OK : MDG_E_SCHEMA;
}
