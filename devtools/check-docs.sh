#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# shellcheck source-path=SCRIPTDIR
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
set -uo pipefail

readonly GUIDES=$TOP/doc/guides
readonly HEADERS=(
	drivers/bus/pci/bus_pci_tph.h
	drivers/common/tph/tph_pci.h
	lib/ethdev/ethdev_tph_driver.h
	lib/ethdev/rte_ethdev_tph.h
	lib/eal/include/rte_tph.h
)

usage()
{
	cat <<'TEXT'
usage: devtools/check-docs.sh [--html DIR]

Check the guides and the documentation of the API, without output if all is well:
  - Sphinx builds the guides without a warning,
  - Doxygen finds no symbol, parameter or return value of the headers undocumented,
  - C code in the guides compiles (needs a configured build),
  - names of functions and constants in the guides exist,
  - tables of contents of DPDK lead to them (needs a configured build).

  --html DIR  keep the guides there, as HTML
Environment: TPH_BUILD_DIR (build).
TEXT
}

need() # COMMAND PACKAGE
{
	command -v "$1" >/dev/null || die "no $1: install the Debian package $2"
}

# report TEXT: name the check that what comes from standard input belongs to
report()
{
	local out

	out=$(cat)
	[ -n "$out" ] || return 0
	printf 'check-docs: %s:\n%s\n' "$1" "$out"
	return 1
}

build_guides()
{
	cat >"$tmp/conf.py" <<'TEXT'
project = 'dpdk-tph'
master_doc = 'tph_index'
html_theme = 'basic'
html_show_copyright = False
highlight_language = 'none'
TEXT
	# All output is a warning, since it is told to be quiet.
	sphinx-build -q -W --keep-going -b html -c "$tmp" -d "$tmp/doctrees" \
		"$GUIDES" "${html:-$tmp/html}" 2>&1 || echo "sphinx-build failed"
}

check_api()
{
	# As doc/api/doxy-api.conf.in of DPDK, but strict.
	(cd "$TOP" && doxygen - 2>&1) <<TEXT || echo "doxygen failed"
INPUT                 = ${HEADERS[*]}
OUTPUT_DIRECTORY      = $tmp
STRIP_FROM_PATH       = $TOP
OPTIMIZE_OUTPUT_FOR_C = YES
MACRO_EXPANSION       = YES
EXPAND_ONLY_PREDEF    = YES
PREDEFINED            = __DOXYGEN__ __rte_experimental= __rte_internal=
EXTRACT_ALL           = NO
EXTRACT_STATIC        = YES
INTERNAL_DOCS         = YES
GENERATE_HTML         = YES
HTML_OUTPUT           = api
GENERATE_LATEX        = NO
GENERATE_XML          = YES
XML_OUTPUT            = xml
HAVE_DOT              = NO
QUIET                 = YES
WARN_IF_UNDOCUMENTED  = YES
WARN_NO_PARAMDOC      = YES
WARN_AS_ERROR         = FAIL_ON_WARNINGS
TEXT
}

# Doxygen has no warning for values of enumerations before 1.9.8.
check_enum_values()
{
	python3 - "$tmp"/xml/*.xml <<'TEXT'
import sys
from xml.etree import ElementTree

for path in sys.argv[1:]:
    for member in ElementTree.parse(path).iter("memberdef"):
        for value in member.iter("enumvalue"):
            texts = value.findall("briefdescription") + value.findall("detaileddescription")
            if not "".join("".join(text.itertext()) for text in texts).strip():
                file = member.find("location").get("file")
                print(f"{file}: value {value.findtext('name')} is not documented")
TEXT
}

# The options by which a driver is compiled that uses all our headers.
compile_options()
{
	python3 - "$BUILD/compile_commands.json" <<'TEXT'
import json
import os
import shlex
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    commands = json.load(file)
command = next(c for c in commands if c["file"].endswith("/igb_tph.c"))
for word in shlex.split(command["command"]):
    if word.startswith("-I"):
        print("-I" + os.path.join(command["directory"], word[2:]))
    elif word.startswith(("-D", "-march=")):
        print(word)
TEXT
}

check_code()
{
	local options page file

	mapfile -t options < <(compile_options)
	[ ${#options[@]} -gt 0 ] || echo "cannot tell how igb_tph.c is compiled"
	find "$GUIDES" -name '*.rst' | while read -r page; do
		awk -v prefix="$tmp/$(basename "$page" .rst)-" -f "$TOP/devtools/guide-code.awk" "$page"
	done
	for file in "$tmp"/*.c; do
		[ -e "$file" ] || continue
		gcc -fsyntax-only -Wall -Wextra -Werror -Wno-missing-field-initializers \
			-include rte_config.h "${options[@]}" "$file" 2>&1
	done
}

# Names with a prefix of ours that no source defines.
check_names()
{
	(
		cd "$TOP" || exit
		find doc/guides -name '*.rst' -exec grep -ohE \
			'\b(rte_eth_dev_tph|rte_eth_tph|rte_pci_tph|rte_tph|tph_pci|eth_dev_tph|RTE_ETH_TPH|RTE_PCI_TPH|RTE_TPH|TPH_PCI)_[A-Za-z_]+\b' \
			{} + | sort -u | while read -r name; do
			grep -qrwF -e "$name" --include='*.[ch]' app drivers lib ||
				echo "$name is named in doc/guides, and nowhere else"
		done
	)
}

# Pages that DPDK's own tables of contents do not lead to: neither that of their guide,
# nor that of its page on TPH. Those of release notes are its releases, to one of which
# ours will be added.
check_contents()
{
	local tree page

	for tree in "$BUILD"/subprojects/dpdk-*; do
		tree=$TOP/subprojects/${tree##*/}/doc/guides
		(cd "$GUIDES" && find . -name '*.rst' -printf '%P\n') | sed 's/\.rst$//' |
			grep -vE '^(tph_index$|rel_notes/)' | while read -r page; do
			grep -qx "    ${page#*/}" "$tree/${page%/*}/index.rst" ||
				grep -qsx "   ${page#*/}" "$GUIDES/${page%/*}/tph.rst" ||
				echo "$page is in no table of contents: see hooks/*/doc-list-TPH-guides.patch"
		done
	done
}

html=
case ${1-} in
'') [ $# -eq 0 ] || die "empty argument, see --help" ;;
-h | --help)
	usage
	exit 0
	;;
--html)
	html=${2-}
	if [ $# -ne 2 ] || [ -z "$html" ]; then
		die "--html needs a directory"
	fi
	;;
*) die "unknown argument '$1', see --help" ;;
esac

need sphinx-build python3-sphinx
need doxygen doxygen
need gcc gcc
[ -e "$BUILD/compile_commands.json" ] ||
	die "no configured build in $BUILD: run meson setup $BUILD"

tmp=$(mktemp -d) || die "cannot create a temporary directory"
trap 'rm -rf "$tmp"' EXIT

status=0
build_guides | report "guides (sphinx-build)" || status=1
check_api | report "API (doxygen)" || status=1
check_enum_values | report "API (values of enumerations)" || status=1
check_code | report "code in the guides (gcc)" || status=1
check_names | report "names in the guides" || status=1
check_contents | report "tables of contents of DPDK" || status=1
exit $status
