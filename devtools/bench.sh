#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Measure what TPH costs, as ratios of one run with their spread; needs a build.
#
# usage: devtools/bench.sh [--quick] [--json FILE]
#   --quick      3 runs instead of 5
#   --json FILE  where the figures go as JSON (build/bench.json)

set -euo pipefail

# shellcheck source-path=SCRIPTDIR
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

case ${1-} in
-h | --help)
	sed -n '/^# Measure/,/^$/s/^# \{0,1\}//p' "$0"
	exit 0
	;;
esac

exec python3 "$TOP/devtools/tests/bench.py" "$@"
