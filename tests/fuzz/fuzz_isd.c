/* NOAA ISD files of any bytes. */
#include "fuzz_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    fuzz_import_weather(data, n, "noaa-isd");
    return 0;
}
