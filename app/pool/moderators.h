/* What may explain why effects differ: moderators of records, by name. */
#ifndef MADANG_APP_POOL_MODERATORS_H
#define MADANG_APP_POOL_MODERATORS_H

#include "pool/request.h"

typedef enum pool_moderator {
    POOL_HDD18,
    POOL_CDD18,
    POOL_DOSE,
    POOL_YEAR,
    POOL_USE
} pool_moderator;

/* Reads "hdd18,dose" into the request; of a table of effects any column's name will do.
 * fails  MDG_E_USAGE: a name that records do not have, with the nearest; twice the same; too many
 */
mdg_status pool_moderators_parse(const char *given, mdg_arena *mem, pool_request *q,
                                 mdg_error *err);
/* Which one a name is; false when it is none of records'. */
bool pool_moderator_find(const char *name, pool_moderator *out);
/* NaN where the record does not say it. */
double pool_moderator_of(const pool_study *s, pool_moderator m);

#endif
