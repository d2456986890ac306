/* Open-Meteo files of any bytes. */
#include "fuzz_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    fuzz_rows(data, n, open_meteo_read, true);
    return 0;
}
