/* `madang demo --cities`: twelve simulated cities that ran the same measure, each measured and
 * signed by itself, then pooled; and what that says of a thirteenth. */
#ifndef MADANG_APP_DEMO_CITIES_H
#define MADANG_APP_DEMO_CITIES_H

#include "demo/demo.h"

/* Writes folder/KEY/ of each city, folder/keys, folder/evidence, and prints the pooled answer
 * beside the truth. fails  as importing, measuring, signing and pooling do */
mdg_status demo_cities(const demo_request *q, mdg_error *err);

#endif
