/* Green Button (ESPI) files of any bytes. */
#include "fuzz_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    fuzz_rows(data, n, green_button_read, false);
    return 0;
}
