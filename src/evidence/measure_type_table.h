/* The tables that tools/embed-measure-types makes of data/measure-types.csv and measure-terms.csv.
 */
#ifndef MADANG_EVIDENCE_MEASURE_TYPE_TABLE_H
#define MADANG_EVIDENCE_MEASURE_TYPE_TABLE_H

#include <madang/measure_types.h>

enum { MEASURE_TYPES_MOST = 512 };

extern const mdg_measure_type measure_type_table[];
extern const size_t measure_type_table_len; /* at most MEASURE_TYPES_MOST */
extern const mdg_measure_term measure_sector_table[];
extern const size_t measure_sector_table_len;
extern const char measure_sectors_text[]; /* with commas between, for people */

#endif
