/* JSON as text: indented, members in the order in which they were put, each number in the fewest
 * digits that give it back. */
#ifndef MADANG_APP_SUPPORT_JSON_TEXT_H
#define MADANG_APP_SUPPORT_JSON_TEXT_H

#include "support/text.h"

#include <jansson.h>

/* The name of a file as a string: names are any bytes, JSON is UTF-8. What is not becomes '?'. */
json_t *json_of_path(const char *path);
/* Appends the document and a line break. */
mdg_status json_text_add(const json_t *json, text *out, mdg_error *err);
/* Writes it to a new file; drops the reference; NULL counts as memory being full. */
mdg_status json_text_write(json_t *json, const char *path, mdg_error *err);
/* The same on standard output, which is judged when the command ends. */
mdg_status json_text_print(json_t *json, mdg_error *err);

#endif
