/* What the keys of a measure's file need of each other. */
#ifndef MADANG_APP_MEASURE_SPEC_CHECK_H
#define MADANG_APP_MEASURE_SPEC_CHECK_H

#include "measure/spec.h"

/* Checks what was read, and fills in what follows from other keys. Texts live in mem.
 * fails  with file and line and what to do: MDG_E_SCHEMA, MDG_E_RANGE, MDG_E_UNIT,
 *        MDG_E_CONFLICT */
mdg_status measure_spec_check(measure_spec *spec, mdg_arena *mem, mdg_error *err);

#endif
