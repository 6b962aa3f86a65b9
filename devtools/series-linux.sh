# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors

# shellcheck disable=SC2154 # variables of make-series.sh
# Sourced by make-series.sh, whose functions and variables this uses: the series for Linux.
: "${top:?}"

readonly MODULE=$top/kernel/linux/tph_vfio_pci LINUX_HOOKS=$top/hooks/linux
readonly DRIVER=drivers/vfio/pci/tph DOCUMENT=Documentation/driver-api/vfio-pci-tph.rst
# They stand in for what the tree has itself.
readonly SHIMS='tph_(cmdline|compat|notph|regs)\.[ch]'

# Options of unifdef: all that the Kbuild file looks for is there, and it is the kernel.
kernel_has()
{
	sed -nE 's/.*call tph-has,[^,]*,[^,]*,([A-Z_]+)\).*/-DTPH_HAVE_\1/p' "$MODULE/Kbuild"
	printf '%s\n' -DCONFIG_PCIE_TPH -D__KERNEL__ -UTPH_DROP_IN -UTPH_DRIVER_NAME
}

# The module's sources as they are in a tree of one version
driver_sources() # DIRECTORY
{
	local has file status

	mapfile -t has < <(kernel_has)
	for file in "$MODULE"/*.[ch]; do
		! grep -qxE "$SHIMS" <<<"${file##*/}" || continue
		status=0
		"$tmp/unifdef" -B "${has[@]}" "$file" >"$tmp/source" || status=$?
		[ $status -le 1 ] || die "unifdef cannot read $file"
		grep -vE "^#include \"$SHIMS\"" "$tmp/source" >"$1/${file##*/}"
	done
	! grep -nE 'TPH_HAVE|TPH_DROP_IN|LINUX_VERSION|CONFIG_PCIE_TPH$' "$1"/*.[ch] ||
		die "what is for other kernels is left"
}

driver_makefile() # DIRECTORY
{
	local objects

	mapfile -t objects < <(cd "$1" && printf '%s\n' *.c | sed 's/c$/o/')
	cat <<-TEXT
	# SPDX-License-Identifier: GPL-2.0-only
	obj-\$(CONFIG_TPH_VFIO_PCI) += tph-vfio-pci.o
	TEXT
	printf 'tph-vfio-pci-y := %s\n' "${objects[*]}" | fold -s -w 72 |
		sed '$!s/ *$/ \\/; 2,$s/^/\t/'
}

# Until the driver is complete its parts are compiled, and not linked to anything.
partial_makefile() # SOURCE...
{
	local objects=("${@/%.c/.o}")

	cat >"$tmp/git/$DRIVER/Makefile" <<-TEXT
	# SPDX-License-Identifier: GPL-2.0-only
	always-\$(CONFIG_TPH_VFIO_PCI) += ${objects[*]}
	TEXT
	in_git add "$DRIVER/Makefile"
}

# What the guide of this repository says about the ioctl holds there too.
document()
{
	cat "$LINUX_HOOKS/files/$DOCUMENT"
	awk '/^(The ioctl|Life Cycle|Security)$/ { print "\n"; on = 1 }
		on { lines[n++] = $0 }
		/^\.\. _/ { n = 0 }
		/^$/ && n > 1 && lines[n - 2] == "" { flush() }
		END { flush() }
		function flush(i) { for (i = 0; i < n; i++) print lines[i]; n = 0 }' \
		"$top/doc/guides/linux_gsg/tph_vfio_pci.rst"
}

complete_linux() # TREE
{
	local tree=$1 hook

	mkdir -p "$tree/$DRIVER" "$tree/include/uapi/linux"
	cp -r "$LINUX_HOOKS/files/." "$tree"
	driver_sources "$tree/$DRIVER"
	driver_makefile "$tree/$DRIVER" >"$tree/$DRIVER/Makefile"
	cp "$top/kernel/linux/uapi/linux/vfio_pci_tph.h" "$tree/include/uapi/linux"
	document >"$tree/$DOCUMENT"
	for hook in "$LINUX_HOOKS"/*.patch; do
		apply_patch "$tree" "$hook" || die "$hook does not apply"
	done
}

linux_commits()
{
	commit drivers/pci/tph.c include/linux/pci-tph.h <<-'TEXT'
	PCI/TPH: Tell drivers whether TPH is disabled

	With pci=notph nobody is to use TPH. The PCI core keeps this to itself,
	but drivers that offer TPH to user space have to know before somebody
	asks them to enable it.
	TEXT
	commit 'include/uapi/*' MAINTAINERS <<-'TEXT'
	vfio/pci: Define an ioctl for TLP Processing Hints

	User space that drives a device knows which CPU consumes what the device
	writes; steering tags that make the platform place the data in a cache of
	that CPU are known to the firmware only. Define five operations that let
	the owner of a device name CPUs and leave tags to the kernel.
	TEXT
	local logic=(tph_op.c tph_cap.c) access=(tph_hw.c tph_msix.c tph_acpi.c tph_policy.c)

	mkdir -p "$tmp/git/$DRIVER"
	partial_makefile "${logic[@]}"
	commit "${logic[@]/#/$DRIVER/}" "$DRIVER/tph_op.h" "$DRIVER/tph_cap.h" "$DRIVER/tph_shim.h" \
		"$DRIVER/Kconfig" drivers/vfio/pci/Kconfig drivers/vfio/pci/Makefile <<-'TEXT'
	vfio/tph: Add the logic of the ioctl

	Checks of arguments, the state machine and all-or-nothing programming of
	the ST table, apart from hardware, firmware and user memory, which it
	reaches through a table of accessors. It is compiled; the driver that it
	becomes a part of follows.
	TEXT
	partial_makefile "${logic[@]}" "${access[@]}"
	commit "${access[@]/#/$DRIVER/}" "$DRIVER/tph_vfio_pci.h" <<-'TEXT'
	vfio/tph: Add access to hardware and firmware

	The TPH Requester capability by way of the PCI core, the ST table there
	or in the MSI-X table, steering tags from the _DSM of the host bridge,
	and who may do what.
	TEXT
	commit "$DRIVER/*" <<-'TEXT'
	vfio/tph: Add a variant of vfio-pci with TPH

	A driver that does what vfio-pci does for any device that is bound to it,
	and serves the ioctl for TLP Processing Hints. TPH is off and the table
	clear when a device changes hands; resets and power states are noticed
	and the state is put back. Build it, with what it is made of.
	TEXT
	commit 'Documentation/*' <<-'TEXT'
	Documentation: Describe TPH for owners of VFIO devices

	The operations and their errors, what becomes of tags over the life of a
	device, and what is protected from whom.
	TEXT
}

linux_series()
{
	local file

	[ -f "$source_dir/include/linux/pci-tph.h" ] ||
		die "$source_dir is no Linux source tree with TPH in its PCI core"
	mkdir "$tmp/git"
	# The tree is large: take what is changed.
	while read -r file; do
		mkdir -p "$tmp/git/$(dirname "$file")"
		cp "$source_dir/$file" "$tmp/git/$file"
	done < <(cat "$LINUX_HOOKS"/*.patch | files_of_patch)
	gcc -O -o "$tmp/unifdef" "$source_dir/scripts/unifdef.c"
	cp -a "$tmp/git" "$tmp/complete"
	complete_linux "$tmp/complete"
	git_begin
	linux_commits
	write_mails
	echo "$(find "$dir" -name '*.patch' | wc -l) patches for Linux in $dir"
}
