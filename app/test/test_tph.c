/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
static int test_tph(void) { return TEST_SKIPPED; }
REGISTER_TEST_COMMAND(tph_autotest, test_tph);
