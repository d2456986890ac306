/* Files that the program carries: the report's script and style sheet, built from web/ and made
 * into arrays by tools/embed. */
#ifndef MADANG_APP_REPORT_ASSETS_H
#define MADANG_APP_REPORT_ASSETS_H

#include <stddef.h>

extern const unsigned char asset_report_js[], asset_report_css[];
extern const size_t asset_report_js_len, asset_report_css_len;

#endif
