/* Stands of a register to use: resets, roll-overs and stands that were read wrongly. */
#include "import/register.h"

#include <stdlib.h>

enum { HOUR = 3600 };

/* As multiples of the typical step: what is no longer one, and what may still be one. */
static const double FAR = 20, USUAL = 3;
/* Of the stand before: what counts as about zero. */
static const double ABOUT_ZERO = 0.1;

/* A register that falls has rolled over when it stood near the end of its digits and the step fits
 * the others; else it was reset, and the use in between is unknown. */
static double register_step(double before, double now, double typical, account *a)
{
    if (now >= before || isnan(now) || isnan(before))
        return now - before;
    double end = pow(10, ceil(log10(before + 1)));
    double rolled = now + end - before;
    if (before > 0.9 * end && rolled <= FAR * typical) {
        a->rollovers++;
        return rolled;
    }
    a->resets++;
    return MDG_NAN;
}

static double median_step(const raw_reading *raw, size_t n, double *scratch)
{
    size_t m = 0;
    for (size_t i = 1; i < n; i++)
        if (raw[i].value >= raw[i - 1].value)
            scratch[m++] = raw[i].value - raw[i - 1].value;
    if (m == 0)
        return 0;
    qsort(scratch, m, sizeof *scratch, mdg_by_number);
    return scratch[m / 2];
}

/* Whether a stand after `before` is wrong, seen from the next other one: it fell and the next takes
 * the old course up again (a reset goes on from where it fell), or it leapt and the next is back.
 */
static bool off_course(double before, double now, double after, size_t steps, double typical)
{
    if (now < before) {
        bool reset = now <= ABOUT_ZERO * before && after - now <= USUAL * typical;
        return after >= before && !reset;
    }
    return now - before > FAR * typical && after < now && after >= before &&
           after - before <= FAR * typical * (double)steps;
}

/* Drops stands that are off the course; the same wrong stand may come several times. */
static size_t drop_wrong(raw_reading *raw, size_t n, double typical, account *a)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        double before = kept > 0 ? raw[kept - 1].value : MDG_NAN, now = raw[i].value;
        size_t next = i + 1;
        if (now < before || now - before > FAR * typical)
            while (next < n && same_value(raw[next].value, now))
                next++;
        if (kept > 0 && next < n && !same_value(before, now) &&
            off_course(before, now, raw[next].value, next - i + 1, typical)) {
            a->glitches += (int64_t)(next - i);
            i = next - 1;
            continue;
        }
        raw[kept++] = raw[i];
    }
    return kept;
}

size_t register_differences(raw_reading *raw, size_t n, double factor, int64_t step,
                            double *scratch, reading *out, account *a)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(raw[i].value))
            a->missing++;
        else
            raw[m++] = raw[i];
    }
    double typical = median_step(raw, m, scratch);
    m = drop_wrong(raw, m, typical, a);
    for (size_t i = 0; i + 1 < m; i++) {
        double use = register_step(raw[i].value, raw[i + 1].value, typical, a);
        int64_t seconds = raw[i + 1].instant - raw[i].instant;
        if (seconds > INT32_MAX)
            seconds = INT32_MAX;
        /* The reading that ends a step decides whether its use is known. */
        bool estimated = raw[i + 1].estimated;
        out[i] = (reading){ raw[i].instant, (int32_t)seconds, estimated, use * factor };
        a->estimated += estimated;
        a->gaps += step > 0 && seconds > step + 2 * HOUR;
    }
    a->unpaired += m > 0;
    return m > 0 ? m - 1 : 0;
}
