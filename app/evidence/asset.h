/* data/evidence-record.schema.json, carried by the program; made by tools/embed. */
#ifndef MADANG_APP_EVIDENCE_ASSET_H
#define MADANG_APP_EVIDENCE_ASSET_H

#include <stddef.h>

extern const unsigned char asset_record_schema[];
extern const size_t asset_record_schema_len;

#endif
