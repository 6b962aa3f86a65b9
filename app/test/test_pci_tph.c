/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
static int test_pci_tph(void) { return TEST_SKIPPED; }
REGISTER_TEST_COMMAND(pci_tph_autotest, test_pci_tph);
