/* Why a meter was not measured, and what is odd about one that was, in both languages. */
#ifndef MADANG_APP_MEASURE_METER_WORDS_H
#define MADANG_APP_MEASURE_METER_WORDS_H

#include "support/language.h"

#include <madang.h>

/* Static. In Korean they are the report page's. */
const char *meter_status_words(show_language l, mdg_meter_status s);
const char *meter_flag_words(show_language l, mdg_meter_flag f);

/* A value of a group column; meters without one are under tally_missing_label. */
const char *meter_group_words(show_language l, const char *label);

#endif
