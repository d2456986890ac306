/* Times in a form that the user gives, as SQL. */
#ifndef MADANG_APP_IMPORT_TIME_FORMAT_H
#define MADANG_APP_IMPORT_TIME_FORMAT_H

#include "support/text.h"

/* Whether a strptime format reads an offset or a zone: %z or %Z, but not %%z. */
bool time_format_has_offset(const char *format);
/* Adds an expression: the microseconds since 1970 of the text `column`, itself SQL, read by the
 * strptime format; NULL where it has another form. 24:00, the end of a day, is the next midnight;
 * nothing is later than that. */
void time_format_sql(text *sql, const char *column, const char *format);

#endif
