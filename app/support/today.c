/* The day on which an output is made. */
#include "support/today.h"

#include <stdlib.h>
#include <time.h>

static const long long last_second = 7258118400LL; /* of 2199 */

mdg_status today_format(char out[11], mdg_error *err)
{
    const char *given = getenv("SOURCE_DATE_EPOCH");
    long long seconds = (long long)time(NULL);
    if (given && *given) {
        char *end = NULL;
        seconds = strtoll(given, &end, 10);
        if (*end || seconds < 0 || seconds > last_second) {
            mdg_fail(err, MDG_E_USAGE, "SOURCE_DATE_EPOCH cannot be '%s'", given);
            mdg_hint(err, "give seconds since 1970, or unset it");
            return MDG_E_USAGE;
        }
    }
    mdg_day_format((int32_t)(seconds / 86400), out);
    return MDG_OK;
}
