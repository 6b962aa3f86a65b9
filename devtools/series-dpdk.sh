# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# shellcheck disable=SC2154 # variables of make-series.sh
# Sourced by make-series.sh, whose functions and variables this uses: the series for DPDK.
: "${top:?}"

# The trees $tmp/git and $tmp/complete have of DPDK what is changed; $tmp/plain is all of it.

# Files of DPDK that are changed
files_to_change()
{
	local hook

	for hook in "${hooks[@]}"; do
		move_hook "$moved" <"$hook" | files_of_patch
	done
	(cd "$tmp/plain" && printf '%s\n' .mailmap MAINTAINERS VERSION)
	exported_symbols | cut -d' ' -f1 | uniq | while read -r file; do
		[ ! -e "$tmp/plain/$file/version.map" ] || echo "$file/version.map"
	done
}

# What the build uses, but for what only this repository's build needs.
complete_tree() # TREE
{
	local tree=$1 file place hook

	while read -r file place; do
		mkdir -p "$tree/$(dirname "$place")"
		cp "$top/$file" "$tree/$place"
	done < <(paste <(overlay_files) <(overlay_files | sed "$moved"))
	while read -r file; do
		[ -e "$tmp/plain/$file" ] || { mkdir -p "$tree/$(dirname "$file")"
			cp "$top/hooks/files/$file" "$tree/$file"; }
	done < <(fallback_files)
	for hook in "${hooks[@]}"; do
		move_hook "$moved" <"$hook" >"$tmp/hook"
		apply_patch "$tree" "$tmp/hook" || die "$hook does not apply"
	done
	list_symbols "$tree"
}

# Who maintains what, as the checkers of DPDK want it: of the files that this repository has
# in the same place.
add_maintainers() # TREE
{
	local section

	section=$(
		echo "PCIe TLP processing hints - EXPERIMENTAL"
		echo "M: $author"
		grep -E '^F: (app|drivers|kernel/linux/uapi|lib)/' "$top/MAINTAINERS" | sed "$moved"
		(cd "$top" && find doc/guides usertools -path '*/tests' -prune -o \
			-name '*tph*' -type f -not -name tph_index.rst -printf 'F: %p\n')
	)
	awk -v section="$section" '/^Bus Drivers$/ { print section "\n\n" } { print }' \
		"$tmp/plain/MAINTAINERS" >"$1/MAINTAINERS"
	grep -qx "$author" "$1/.mailmap" || {
		echo "$author"
		cat "$tmp/plain/.mailmap"
	} | LC_ALL=C.UTF-8 sort >"$1/.mailmap"
}

dpdk_commits()
{
	commit 'lib/eal/*' MAINTAINERS .mailmap <<-'TEXT'
	eal: name PCIe TLP processing hints

	Buses, device classes and applications need the same few words to speak of
	steering tags: mode, where the table is, processing hints, memory type.
	TEXT
	commit 'drivers/bus/pci/*' 'kernel/*' 'doc/guides/linux_gsg/*' <<-'TEXT'
	bus/pci: support TLP processing hints

	Drivers may only name CPUs: the kernel alone knows and writes steering
	tags. Reach it through a table of operations, of which one speaks to
	variant drivers of vfio-pci, and take devices bound to such a driver.
	TEXT
	commit 'lib/ethdev/*' 'doc/api/*' 'doc/guides/prog_guide/*' 'doc/guides/nics/features.rst' \
		'doc/guides/nics/features/default.ini' 'doc/guides/rel_notes/*' \
		'doc/guides/howto/*' <<-'TEXT'
	ethdev: bind queues to lcores by TLP processing hints

	A NIC that labels its DMA with a steering tag has the data placed in the
	cache of one CPU. Let applications say which lcore polls a queue, or have
	ethdev see which thread does; bindings belong to the port and come back
	when it restarts.
	TEXT
	commit 'drivers/common/tph/*' drivers/meson.build <<-'TEXT'
	drivers: share TLP processing hints of PCI devices

	What drivers have in common: CPU to steering tag to queue register, queue
	context or interrupt vector, with one call to the kernel for a batch.
	TEXT
	local name page
	while read -r name; do
		page=$name
		[ "$name" != e1000 ] || page=igb
		commit "drivers/net/$name/*" "drivers/net/intel/$name/*" \
			"doc/guides/nics/features/$page*.ini" "doc/guides/nics/$page*.rst" <<-TEXT
		net/$name: support TLP processing hints

		Plug in the operations of TPH, so that queues can be bound to lcores.
		TEXT
	done < <(changed | sed -nE 's,^drivers/net/(intel/)?([^/]+)/.*,\2,p' | sort -u)
	commit 'app/test-pmd/*' 'doc/guides/testpmd_app_ug/*' <<-'TEXT'
	app/testpmd: bind queues by TLP processing hints

	Show and change the bindings of a port, and bind each queue to the lcore
	that forwards on it.
	TEXT
	commit 'usertools/*' 'doc/guides/tools/*' <<-'TEXT'
	usertools: tell what TLP processing hints lack

	Say for each function which step is missing on this machine, and bind to
	the variant driver that serves TPH.
	TEXT
	commit 'app/test/*' <<-'TEXT'
	test: check TLP processing hints

	Stand in for a driver and for the kernel, so that neither a device nor
	privileges are needed.
	TEXT
	commit doc/guides/nics/tph.rst doc/guides/nics/index.rst <<-'TEXT'
	doc: tell which NICs have TLP processing hints

	A row for each family of drivers whose hardware shows the capability, with
	what is missing where it is not used.
	TEXT
}

# With what this repository's build alone needs, the series gives what the build staged,
# where our files are links.
compare_staged() # STAGED_TREE
{
	local hook left

	cp -a "$tmp/git/." "$tmp/plain"
	rm -rf "$tmp/plain/.git"
	mv "$tmp/MAINTAINERS" "$tmp/.mailmap" "$tmp/plain"
	cp -r "$top/hooks/local/." "$tmp/plain"
	for hook in "${local_hooks[@]}"; do
		move_hook "$moved" <"$hook" >"$tmp/hook"
		apply_patch "$tmp/plain" "$tmp/hook" || die "$hook does not apply to the series"
	done
	left=$(diff -rqN "$tmp/plain" "$1" -x .staged -x tph_index.rst \
		-x __pycache__ || true)
	[ -z "$left" ] || die "the series does not give what is staged:"$'\n'"$left"
}

dpdk_series() # [STAGED_TREE]
{
	local version moved hooks local_hooks

	[ -z "$source_dir" ] || need_dpdk_source "$source_dir"
	unpack_dpdk "$top" "$tmp/plain" "$source_dir"
	version=$(cat "$tmp/plain/VERSION")
	moved=$(moved_paths "$tmp/plain")
	hooks=$(hooks_for "$version")
	mapfile -t local_hooks < <(grep '/local-' <<<"$hooks")
	mapfile -t hooks < <(grep -v '/local-' <<<"$hooks")
	mkdir "$tmp/git"
	(cd "$tmp/plain" && files_to_change | sort -u | xargs cp --parents -t "$tmp/git")
	cp -a "$tmp/git" "$tmp/complete"
	complete_tree "$tmp/complete"
	# The table of contents of this repository's guides is not DPDK's.
	rm -f "$tmp/complete/doc/guides/tph_index.rst"
	cp "$tmp/plain/MAINTAINERS" "$tmp/plain/.mailmap" "$tmp"
	add_maintainers "$tmp/complete"
	git_begin
	dpdk_commits
	write_mails
	[ -z "$1" ] || compare_staged "$1"
	echo "$(find "$dir" -name '*.patch' | wc -l) patches for DPDK $version in $dir"
}
