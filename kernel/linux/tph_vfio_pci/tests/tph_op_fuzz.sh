#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 The dpdk-tph authors

# Fuzz the argument logic for a while: tph_op_fuzz.sh FUZZER SEEDER CORPUS_DIR SECONDS
# The corpus stays and grows from run to run; a finding is left next to it.

set -eu

if [ $# -ne 4 ]; then
	echo "usage: $(basename "$0") FUZZER SEEDER CORPUS_DIR SECONDS" >&2
	exit 2
fi

mkdir -p "$3"
"$2" "$3"
exec "$1" -max_total_time="$4" -max_len=24700 -print_final_stats=1 -verbosity=1 \
	-artifact_prefix="$3-" "$3"
