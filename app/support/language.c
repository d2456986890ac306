/* The languages that people are spoken to in. */
#include "support/language.h"

#include <string.h>

show_language language_of(const char *code)
{
    return strcmp(code, "ko") == 0 ? SHOW_KOREAN : SHOW_ENGLISH;
}
