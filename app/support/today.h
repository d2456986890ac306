/* The day on which an output is made. */
#ifndef MADANG_APP_SUPPORT_TODAY_H
#define MADANG_APP_SUPPORT_TODAY_H

#include <madang/base.h>

/* Today in UTC as YYYY-MM-DD, or the day of SOURCE_DATE_EPOCH, so that a run can be repeated byte
 * by byte.
 * fails  MDG_E_USAGE when SOURCE_DATE_EPOCH is not a number of seconds up to the year 2199 */
mdg_status today_format(char out[11], mdg_error *err);

#endif
