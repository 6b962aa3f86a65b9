# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The dpdk-tph authors
#
# Take the blocks of C out of a page of the guides, lines where they are in the page: each
# to a file of its own, PREFIX1.c and so on, or with -v names=REGEX, those that match, to
# standard output.
#
# usage: awk -v prefix=PREFIX -f guide-code.awk PAGE
#        awk -v names=REGEX -f guide-code.awk PAGE

function finish()
{
	if (text == "")
		return
	if (names == "") {
		file = prefix (++nb) ".c"
		printf "%s", text >file
		close(file)
	} else if (text ~ names) {
		printf "%s", text
	}
	text = ""
}

/^\.\. code-block:: c$/ {
	finish()
	text = sprintf("#line %d \"%s\"\n", NR + 1, FILENAME)
	next
}
text == "" { next }
/^[^ \t]/ { finish(); next }
{
	sub(/^   /, "")
	text = text $0 "\n"
}
END { finish() }
