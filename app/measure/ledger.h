/* The release ledger: which meters were in which published sets, under secret ids. A text file of
 * the city's own that never leaves it; one entry an arm of a record. */
#ifndef MADANG_APP_MEASURE_LEDGER_H
#define MADANG_APP_MEASURE_LEDGER_H

#include <madang.h>
#include <stdio.h>

typedef enum ledger_arm { LEDGER_TREATED, LEDGER_COMPARISON } ledger_arm;

typedef struct ledger_entry {
    char *measure, *fuel;
    ledger_arm arm;
    int32_t from, to;    /* of the reporting periods */
    size_t least;        /* meters of a set, by the rules at that time */
    mdg_release release; /* groups: the published ones */
} ledger_entry;

typedef struct ledger {
    ledger_entry *entry;
    size_t n;
    bool there; /* as a file */
} ledger;

/* No file is an empty ledger that is not there. Entries live in mem.
 * fails  MDG_E_OPEN, MDG_E_PARSE with the line */
mdg_status ledger_read(const char *path, mdg_arena *mem, ledger *out, mdg_error *err);
/* The same of an open file; `path` is for messages. */
mdg_status ledger_parse(FILE *f, const char *path, mdg_arena *mem, ledger *out, mdg_error *err);
/* Whether numbers of both can be subtracted: the same fuel, and common days. The treated of one may
 * have been compared with in the other. */
bool ledger_comparable(const ledger_entry *a, const ledger_entry *b);
/* Whether both are about the same meters, groups and days: nothing new is published. */
bool ledger_same(const ledger_entry *a, const ledger_entry *b);
/* Writes the entries to a new file of mode 0600. */
mdg_status ledger_write(const ledger *l, const char *path, mdg_error *err);

#endif
