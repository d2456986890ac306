/* What a measure's file says for its evidence record: the keys `record` and `disclosure`. */
#ifndef MADANG_APP_MEASURE_SPEC_RECORD_H
#define MADANG_APP_MEASURE_SPEC_RECORD_H

#include "measure/spec_range.h"

#include <madang.h>

enum { SPEC_RECORD_WORDS = 8, SPEC_RECORD_KEYS = 32 };

typedef struct spec_record {
    char *city;        /* its name; all texts may be NULL */
    char *sector;      /* residential, services, industry, public or mixed; NULL: residential */
    char *implementer; /* who carried the measure out */
    char *eligibility; /* who could get it, in words */
    double dose;       /* NaN: not given */
    char *dose_unit;
    char *concurrent[SPEC_RECORD_WORDS]; /* other measures at the same time */
    size_t n_concurrent;
    char *roll_out; /* single, staggered or randomised; NULL: by the dates */
    bool modelled, spillover;
    char *plan_id; /* SHA-256 of the plan, 64 hexadecimal digits */
    int32_t plan_logged;
    char *supersedes;               /* id of a record */
    double least, share, p;         /* stricter than the rules ask for; NaN: as they do */
    double protect, epsilon;        /* NaN: no noise */
    size_t lines[SPEC_RECORD_KEYS]; /* of the keys, 0 where not given */
} spec_record;

void spec_record_start(spec_record *out);
/* Reads the value of `key`, which is "record" or "disclosure". Texts live in mem.
 * fails  with file and line and what to do */
mdg_status spec_record_read(const spec_source *from, const char *key, const yaml_node_t *node,
                            spec_record *out);
/* Checks what was read against itself, and against the key `assignment`, which may be NULL. */
mdg_status spec_record_check(const spec_record *r, const char *assignment, const char *path,
                             mdg_error *err);
/* Puts the line of a key, such as "record.plan.logged", into an error that is about it. */
mdg_status spec_record_at(const spec_record *r, const char *path, const char *key, mdg_status s,
                          mdg_error *err);
/* Homes need more company than shops do; what nobody named is taken for homes. */
bool spec_record_residential(const spec_record *r);
/* The rules of the sector, with what the file makes stricter. */
mdg_disclosure_opts spec_record_rules(const spec_record *r);

#endif
