#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# Check the style of what git tracks: scripts, sources, build files, patches.
# Needs a configured build, for DPDK's own checkers, and Linux's: see test.sh.

set -uo pipefail

# shellcheck source-path=SCRIPTDIR
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
cd "$TOP" || exit 1

CHECKPATCH=$TOP/.cache/checkpatch/checkpatch.pl
dpdk=$(find "$TOP/subprojects" -maxdepth 1 -name 'dpdk-22.11' -type d)
failed=0
if [ -z "$dpdk" ] || [ ! -x "$CHECKPATCH" ]; then
	die "what it needs is missing: devtools/test.sh lint installs, configures and checks"
fi

# check TEXT COMMAND...: what it prints or its failure is a failure
check()
{
	local text=$1 out status=0

	shift
	out=$("$@" 2>&1) || status=$?
	if [ $status -ne 0 ] || [ -n "$out" ]; then
		printf 'lint: %s: FAILED\n%s\n' "$text" "$out"
		failed=1
	else
		echo "lint: $text: ok"
	fi
}

scripts()
{
	git ls-files .ci devtools kernel | while read -r file; do
		case $(head -c 30 "$file" | tr -d '\0') in
		'#!'*/sh* | '#!'*bash*) echo "$file" ;;
		esac
	done
}

check_shell()
{
	scripts | xargs shellcheck
}

check_python()
{
	local cache
	cache=$(mktemp -d)
	git ls-files '*.py' | grep -q . || return 0
	MYPYPATH=devtools/tests:usertools/tests mypy --strict --no-error-summary \
		--cache-dir "$cache" devtools/*.py devtools/tests/*.py devtools/tests/*/*.py \
		devtools/vm/*.py usertools/*.py usertools/tests/*.py
	rm -rf "$cache"
}

check_spdx()
{
	git ls-files .ci app devtools drivers kernel lib meson.build usertools '*.rst' |
		grep -vE '/(version.map|debian/changelog)$' |
		while read -r file; do
			head -n 5 "$file" | grep -q 'SPDX-License-Identifier' ||
				echo "$file: no SPDX-License-Identifier"
			head -n 20 "$file" | grep -q 'Copyright (c) 20.. The dpdk-tph authors' ||
				echo "$file: no copyright"
		done
}

# DPDK's checker of build files exits 0 whatever it finds.
check_meson()
{
	local dir
	for dir in app drivers lib kernel; do
		[ ! -d "$dir" ] || python3 "$dpdk/devtools/check-meson.py" -d "$dir"
	done
}

check_dup_includes()
{
	"$dpdk/devtools/check-dup-includes.sh" app drivers lib kernel
}

# DPDK's checker reads patches: give it our files as one. The suites of dpdk-test
# stand in for kernel and drivers, so their rules differ a little.
dpdk_checkpatch() # OPTIONS PATH...
{
	local options=$1 patch empty status=0

	shift
	patch=$(mktemp)
	empty=$(git hash-object -t tree /dev/null)
	{
		printf '%s\n' 'From: dpdk-tph <dpdk-tph@example.com>' \
			'Subject: [PATCH] all of it' '' 'All files.' '' \
			'Signed-off-by: dpdk-tph <dpdk-tph@example.com>' '---'
		git diff "$empty" HEAD -- "$@"
	} >"$patch"
	(cd "$dpdk" && DPDK_CHECKPATCH_PATH=$CHECKPATCH DPDK_CHECKPATCH_OPTIONS=$options \
		devtools/checkpatches.sh -q "$patch") || status=1
	rm -f "$patch"
	return "$status"
}

# Drivers' headers are forbidden to applications, but for those that test them.
check_dpdk_tests()
{
	local out
	out=$(dpdk_checkpatch --ignore=USE_NEGATIVE_ERRNO app/test | grep -vxE \
		'|### .*|0/1 valid patch|Warning in app/test/.*:|Using driver specific headers in applications')
	[ -z "$out" ] || echo "$out"
}

kernel_checkpatch()
{
	git ls-files 'kernel/*.[ch]' 'devtools/vm/tph_emul/*.[ch]' | grep -v /tests/ |
		xargs "$CHECKPATCH" --no-tree --strict --terse --show-types --max-line-length=100 \
			--ignore FILE_PATH_CHANGES,LINUX_VERSION_CODE,BIT_MACRO,CAMELCASE --no-summary -f
}

# Hooks are small and few, so that they can be carried from release to release; what kinds
# of lines they have on 22.11 is told by count.sh.
check_hooks()
{
	local file lines total=0

	for file in hooks/*/*.patch; do
		lines=$(grep -vE '^(---|\+\+\+)( |$)' "$file" | grep -cE '^[+-]')
		[ "$lines" -le 30 ] || echo "$file: $lines changed lines, 30 are allowed"
		[[ $file != hooks/22.11/* ]] || total=$((total + lines))
		[[ $file == hooks/linux/* ]] ||
			grep -qE "^$(basename "$file" .patch)( |$)" hooks/series ||
			echo "$file: not named in hooks/series"
	done
	[ "$total" -le 145 ] ||
		echo "hooks/22.11: $total changed lines in all, 145 were enough: can a new file do it?"
}

check_maintainers()
{
	local missing
	missing=$(git ls-files app drivers lib kernel devtools doc hooks usertools | while read -r file; do
		grep -E '^F: ' MAINTAINERS | sed 's/^F: //' | {
			while read -r pattern; do
				# shellcheck disable=SC2053,SC2254 # it is a pattern
				case $file in $pattern | ${pattern%/}/*) exit 0 ;; esac
			done
			exit 1
		} || echo "$file: nobody maintains it, see MAINTAINERS"
	done)
	[ -z "$missing" ] || echo "$missing"
}

# The module has its version in the forms that Meson, DKMS, dpkg and the kernel read.
check_version()
{
	local module=kernel/linux/tph_vfio_pci

	{
		sed -n "s/^ *version: '\(.*\)',/\1/p" meson.build
		sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$module"/dkms*.conf
		sed -n '1s/.*(\(.*\)).*/\1/p' "$module"/debian/changelog
		sed -n 's/^MODULE_VERSION("\(.*\)");/\1/p' "$module"/tph_main.c
	} | sort | uniq -c | grep -vE '^ *5 ' || true
}

check_spelling()
{
	git ls-files | grep -vE '^(license|hooks)/' |
		xargs codespell --ignore-words-list 'hsi,inout,parms,stap'
}

check "shell scripts (shellcheck)" check_shell
check "Python (mypy --strict)" check_python
check "licences and copyright" check_spdx
check "build files (check-meson.py)" check_meson
check "includes (check-dup-includes.sh)" check_dup_includes
check "DPDK style (checkpatches.sh)" dpdk_checkpatch '' app/test-pmd drivers lib
check "DPDK style of tests (checkpatches.sh)" check_dpdk_tests
check "kernel style (checkpatch.pl --strict)" kernel_checkpatch
check "size of hooks" check_hooks
check "MAINTAINERS" check_maintainers
check "version" check_version
check "spelling (codespell)" check_spelling
check "guides and API documentation (check-docs.sh)" devtools/check-docs.sh
exit $failed
