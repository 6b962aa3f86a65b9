#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Measure what TPH costs, with the spread of several runs; needs a build and what
# "devtools/setup.sh vm" installs.
#
# usage: devtools/bench.sh [--quick] [--json FILE]
#   --quick      1 run instead of 5
#   --json FILE  where the figures go as JSON (build/bench.json)

set -euo pipefail

# shellcheck source-path=SCRIPTDIR
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case ${1-} in
-h | --help)
	usage_of_head Measure
	exit 0
	;;
esac

exec python3 "$TOP/devtools/tests/bench.py" "$@"
