#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# Lines of tph_op.c that its unit tests reach: tph_op_coverage.sh DIRECTORY PER_CENT
# Fails if they are fewer than PER_CENT of all; a listing is left in DIRECTORY.

set -eu

if [ $# -ne 2 ]; then
	echo "usage: $(basename "$0") DIRECTORY PER_CENT" >&2
	exit 2
fi

tests=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
rm -f ./*.gcda ./*.gcno ./*.gcov
gcc -O0 --coverage -std=gnu11 -I"$tests/../../uapi" \
	-I"$tests/../../../../devtools/tests" -o tph_op_test \
	"$tests/../tph_op.c" "$tests/../tph_cap.c" "$tests/tph_op_fake.c" \
	"$tests"/tph_op*_test.c "$tests/tph_cap_test.c"
./tph_op_test
gcov -b -o . tph_op_test-tph_op.gcda > gcov.log
lines=$(awk '/^File .*\/tph_op.c/ { found = 1 } found && /^Lines executed:/ {
	sub("Lines executed:", ""); sub("%.*", ""); print; exit }' gcov.log)
echo "$lines % of the lines of tph_op.c are reached; those that are not:"
grep -n '#####:' tph_op.c.gcov | cut -d : -f 3- || true
awk -v got="$lines" -v want="$2" 'BEGIN { exit !(got + 0 >= want + 0) }'
