/* What to do about rows that cannot be read. */
#ifndef MADANG_APP_IMPORT_UNREAD_H
#define MADANG_APP_IMPORT_UNREAD_H

#include "import/job.h"

enum { UNREAD_HINT = 320 };

/* By what the staged rows with a reason in `why` look like; of times, which --time-format they are.
 * all  no row could be read */
mdg_status unread_hint(import_job *job, bool all, char hint[UNREAD_HINT], mdg_error *err);

#endif
