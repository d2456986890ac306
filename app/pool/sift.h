/* Which effects go in: what is counted twice, cannot be counted, or is of something else is left
 * out with its reason; what would mix two things is refused. */
#ifndef MADANG_APP_POOL_SIFT_H
#define MADANG_APP_POOL_SIFT_H

#include "pool/request.h"

/* Whether two effects of one city may be of the same meters: both of one fuel, and installed or
 * reported on in the same months, and either of one measure, or of one type with nothing that tells
 * their populations apart. docs/pool.md says why. */
bool pool_may_overlap(const pool_study *a, const pool_study *b);

/* Decides `out` of each, and y, v and x of those that go in.
 * today  YYYY-MM-DD: what is dated later does not count as newer than what is not
 * fails  MDG_E_CONFLICT: several fuels without --outcome, several types without --by type, units of
 *        dose that differ, two records of one city and day that overlap; MDG_E_SHORT: none is left
 */
mdg_status pool_sift(pool_studies *list, const pool_request *q, const char *today, mdg_arena *mem,
                     mdg_error *err);

#endif
