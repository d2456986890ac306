/* What a fuzz target is. */
#ifndef MADANG_TESTS_FUZZ_H
#define MADANG_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#endif
