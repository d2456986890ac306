/* CalTRACK's rules for bills: which belong to a period, and what of estimates and odd lengths. */
#include <madang/series.h>

static int32_t length(const mdg_bill *b)
{
    return b->to - b->from;
}

/* ---- which bills -------------------------------------------------------------------------- */

mdg_range mdg_bills_before(const mdg_bill *bills, size_t n, int32_t day, int32_t days, bool inside)
{
    size_t to = n;
    while (to > 0 && bills[to - 1].to > day)
        to--;
    if (to == 0 || day - bills[to - 1].to > MDG_BILL_LONGEST)
        return (mdg_range){ to, to };
    int32_t begin = (inside ? day : bills[to - 1].to) - days;
    size_t from = to;
    while (from > 0 && bills[from - 1].from >= begin)
        from--;
    /* One more, when its beginning is nearer than the next one's. */
    bool more = !inside && from > 0 && bills[from - 1].to > begin;
    if (more && (from == to || begin - bills[from - 1].from < bills[from].from - begin))
        from--;
    return (mdg_range){ from, to };
}

mdg_range mdg_bills_after(const mdg_bill *bills, size_t n, int32_t day, int32_t days, bool inside)
{
    size_t from = 0;
    while (from < n && bills[from].from < day)
        from++;
    if (from == n || bills[from].from >= day + days)
        return (mdg_range){ from, from };
    int32_t end = (inside ? day : bills[from].from) + days;
    size_t to = from;
    while (to < n && bills[to].to <= end)
        to++;
    bool more = !inside && to < n && bills[to].from < end;
    if (more && (to == from || bills[to].to - end < end - bills[to - 1].to))
        to++;
    return (mdg_range){ from, to };
}

/* ---- joining ------------------------------------------------------------------------------ */

static bool may_join(const mdg_bill *a, const mdg_bill *b)
{
    return a->to == b->from && b->to - a->from <= MDG_BILL_LONGEST;
}

static void join(mdg_bill *into, const mdg_bill *next)
{
    into->elapsed = into->elapsed > 0 ? into->elapsed + mdg_bill_days(next) : 0;
    into->to = next->to;
    into->use += next->use;
    into->estimated += next->estimated;
}

/* A bill is an estimate to its end when its last reading was one. */
static bool ends_on_estimate(const mdg_bill *b)
{
    return b->estimated == length(b);
}

size_t mdg_bills_join_estimates(mdg_bill *bills, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        mdg_bill b = bills[i];
        bool open = ends_on_estimate(&b);
        while (open && i + 1 < n && may_join(&b, &bills[i + 1])) {
            open = ends_on_estimate(&bills[i + 1]);
            join(&b, &bills[++i]);
        }
        b.use = open ? MDG_NAN : b.use;
        bills[kept++] = b;
    }
    return kept;
}

size_t mdg_bills_join_short(mdg_bill *bills, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        mdg_bill b = bills[i];
        while (length(&b) < MDG_BILL_SHORTEST && i + 1 < n && may_join(&b, &bills[i + 1]))
            join(&b, &bills[++i]);
        bills[kept++] = b;
    }
    return kept;
}

/* ---- lengths ------------------------------------------------------------------------------ */

void mdg_bills_drop_lengths(mdg_bill *bills, size_t n)
{
    size_t monthly = 0, longer = 0;
    for (size_t i = 0; i < n; i++) {
        bool joined = bills[i].estimated > 0;
        monthly += !joined && length(&bills[i]) <= MDG_BILL_LONGEST_MONTHLY;
        longer += !joined && length(&bills[i]) > MDG_BILL_LONGEST_MONTHLY;
    }
    int32_t usual = monthly >= longer ? MDG_BILL_LONGEST_MONTHLY : MDG_BILL_LONGEST;
    for (size_t i = 0; i < n; i++) {
        int32_t longest = bills[i].estimated > 0 ? MDG_BILL_LONGEST : usual;
        if (length(&bills[i]) < MDG_BILL_SHORTEST || length(&bills[i]) > longest)
            bills[i].use = MDG_NAN;
    }
}
