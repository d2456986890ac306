/* What every unit test needs. */
#ifndef MADANG_TESTS_UNIT_H
#define MADANG_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <assert.h>
#include <cmocka.h>
#include <madang.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* |got - want| <= tolerance * |want|; NaN only equals NaN. */
#define assert_close(got, want, tolerance)                                                  \
    do {                                                                                    \
        double got_ = (got), want_ = (want);                                                \
        if (isnan(want_) ? !isnan(got_) : !(fabs(got_ - want_) <= (tolerance)*fabs(want_))) \
            fail_msg("%s: got %.17g, want %.17g", #got, got_, want_);                       \
    } while (0)

#endif
