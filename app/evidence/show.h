/* A record in plain words, for people. */
#ifndef MADANG_APP_EVIDENCE_SHOW_H
#define MADANG_APP_EVIDENCE_SHOW_H

#include "evidence/record_open.h"
#include "support/language.h"

/* Appends what the record says. Text of the record is shown without control characters. Fields that
 * the record lacks are left out. */
void show_record(const opened *o, show_language language, text *out);

#endif
