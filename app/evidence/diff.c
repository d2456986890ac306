/* What differs between two records. */
#include "evidence/diff.h"

#include "evidence/record_read.h"

#include <stdlib.h>

/* Where the walk is, and what it has found. */
typedef struct walk {
    text pointer;
    json_t *list; /* NULL once memory was full */
} walk;

static void compare(walk *w, json_t *a, json_t *b);

static void add(walk *w, json_t *a, json_t *b)
{
    json_t *line = json_pack("{s:s, s:O*, s:O*}", "pointer", text_get(&w->pointer), "a", a, "b", b);
    if (a && b && json_is_number(a) && json_is_number(b)) {
        double x = json_number_value(a), change = json_number_value(b) - x;
        json_object_set_new(line, "difference", json_real(change));
        if (fabs(x) > 0 && isfinite(100 * change / fabs(x)))
            json_object_set_new(line, "percent", json_real(100 * change / fabs(x)));
    }
    if (json_array_append_new(w->list, line) != 0) {
        json_decref(w->list);
        w->list = NULL;
    }
}

static void add_name(text *out, const char *name)
{
    text_add(out, "/");
    for (const char *p = name; *p; p++)
        text_add_bytes(out,
                       *p == '~'   ? "~0"
                       : *p == '/' ? "~1"
                                   : p,
                       *p == '~' || *p == '/' ? 2 : 1);
}

/* One level down, and back up. */
static void go_down(walk *w, const char *name, json_t *a, json_t *b)
{
    size_t length = w->pointer.length;
    add_name(&w->pointer, name);
    compare(w, a, b);
    w->pointer.length = length;
    if (w->pointer.chars)
        w->pointer.chars[length] = '\0';
}

static void compare_objects(walk *w, json_t *a, json_t *b)
{
    const char *name;
    json_t *value;
    json_object_foreach(a, name, value) go_down(w, name, value, json_object_get(b, name));
    json_object_foreach(b, name, value) if (!json_object_get(a, name))
        go_down(w, name, NULL, value);
}

/* What items of lists are about: two lists of groups are compared group by group, whichever of them
 * were withheld. */
static const char *const names[] = { "by", "group", "basis", "code", "rule", "table", "method" };

static bool alike(const json_t *a, const json_t *b)
{
    if (!json_is_object(a) || !json_is_object(b))
        return false;
    bool named = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const json_t *x = json_object_get(a, names[i]), *y = json_object_get(b, names[i]);
        if ((x || y) && !json_equal(x, y))
            return false;
        named |= x != NULL;
    }
    return named;
}

/* The item of `list` that the item at `i` of `of` is to be compared with: of those about the same
 * thing as many as before it are passed over. Items without a name go by their place. NULL: none.
 */
static json_t *partner(const json_t *of, size_t i, const json_t *list)
{
    const json_t *item = json_array_get(of, i);
    json_t *there = json_array_get(list, i);
    if (!alike(item, item))
        return alike(there, there) ? NULL : there;
    size_t before = 0;
    for (size_t k = 0; k < i; k++)
        before += alike(json_array_get(of, k), item);
    for (size_t k = 0; k < json_array_size(list); k++) {
        json_t *other = json_array_get(list, k);
        if (alike(other, item) && before-- == 0)
            return other;
    }
    return NULL;
}

/* Pointers have the place in the first list; of items that only the second has, in that one. */
static void compare_arrays(walk *w, json_t *a, json_t *b)
{
    char index[24];
    for (size_t i = 0; i < json_array_size(a); i++) {
        snprintf(index, sizeof index, "%zu", i);
        go_down(w, index, json_array_get(a, i), partner(a, i, b));
    }
    for (size_t i = 0; i < json_array_size(b); i++) {
        snprintf(index, sizeof index, "%zu", i);
        if (!partner(b, i, a))
            go_down(w, index, NULL, json_array_get(b, i));
    }
}

/* What only one of the two has is not the same. */
static bool same(const json_t *a, const json_t *b)
{
    if (!json_is_number(a) || !json_is_number(b))
        return json_equal(a, b);
    double x = json_number_value(a), y = json_number_value(b);
    return x <= y && x >= y;
}

static void compare(walk *w, json_t *a, json_t *b)
{
    if (json_is_object(a) && json_is_object(b))
        compare_objects(w, a, b);
    else if (json_is_array(a) && json_is_array(b))
        compare_arrays(w, a, b);
    else if (!same(a, b))
        add(w, a, b);
}

json_t *diff_records(json_t *a, json_t *b)
{
    walk w = { .list = json_array() };
    compare(&w, a, b);
    bool failed = w.pointer.failed;
    text_free(&w.pointer);
    if (!failed)
        return w.list;
    json_decref(w.list);
    return NULL;
}

/* ---- for people ----------------------------------------------------------------------------- */

/* On one line, and not all of a long one. */
static void add_value(text *out, const json_t *value)
{
    enum { LONGEST = 60 };
    char *dumped = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
    size_t n = 0;
    for (const char *p = dumped; p && *p; p++)
        n++;
    if (dumped && n > LONGEST) {
        size_t cut = LONGEST;
        while (cut > 0 && ((unsigned char)dumped[cut] & 0xc0) == 0x80)
            cut--;
        dumped[cut] = '\0';
    }
    record_add_plain(out, dumped ? dumped : "");
    text_add(out, n > LONGEST ? "..." : "");
    free(dumped);
}

static void print_line(const json_t *line, text *out)
{
    const json_t *a = json_object_get(line, "a"), *b = json_object_get(line, "b");
    record_add_plain(out, json_string_value(json_object_get(line, "pointer")));
    if (a && b) {
        text_add(out, ": ");
        add_value(out, a);
        text_add(out, " -> ");
    } else {
        text_add(out, a ? ": only in the first: " : ": only in the second: ");
    }
    add_value(out, b ? b : a);
    const json_t *change = json_object_get(line, "difference");
    const json_t *percent = json_object_get(line, "percent");
    if (percent)
        text_addf(out, " (%+.4g, %+.3g %%)", json_real_value(change), json_real_value(percent));
    else if (change)
        text_addf(out, " (%+.4g)", json_real_value(change));
    text_add(out, "\n");
}

void diff_print(const json_t *list, text *out)
{
    size_t n = json_array_size(list);
    for (size_t i = 0; i < n; i++)
        print_line(json_array_get(list, i), out);
    if (n == 0)
        text_add(out, "the same in every field\n");
    else
        text_addf(out, "%zu field%s differ%s\n", n, n == 1 ? "" : "s", n == 1 ? "s" : "");
}
