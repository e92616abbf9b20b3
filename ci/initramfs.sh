# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# The files of a guest of ci/vm, which sources this: the programs, what is to be run, and the C library where that is needed.
# It sets $top, $ci, $private and $temporary, the words of its command line and those of the machine, and has run().
# shellcheck disable=SC2154 # all of these

: "${me:?}"

# make_bundle: make the bundle if it is missing or old. This machine's own compiler makes programs for it, and links them
# statically.
make_bundle()
{
	if [ -z "$bundle" ]; then
		bundle=$top/build/bundle/$triple
		if [ ! -e "$bundle/programs" ] || [ -n "$(find "$top/lib" "$top/tests" "$top/runner" "$top/guest" "$ci/bundle" \
		    -name '*.[ch]' -newer "$bundle/programs")" ]; then
			if [ "$triple" = "$native" ]; then
				run "$ci/bundle" >/dev/null || die "the bundle could not be made"
			else
				run "$ci/bundle" --target "$triple" >/dev/null || die "the bundle for $triple could not be made"
			fi
		fi
	fi
	[ -r "$bundle/programs" ] || die "no bundle '$bundle'"
	[ -x "$bundle/shmcheck-init" ] || die "the bundle '$bundle' has no shmcheck-init: it is not for Linux, or is too old"
	bundle=$(CDPATH='' cd -- "$bundle" && pwd)
}

# archive DIRECTORY: append the files that standard input names to the archive that the kernel unpacks
archive()
{
	(cd "$1" && cpio -o -H newc -R 0:0) >>"$private/initramfs" 2>"$private/log" || {
		! grep -q 'No space left' "$private/log" || die "no space left in '$temporary'"
		die "cannot make the guest's files: $(head -n 1 "$private/log")"
	}
}

# make_initramfs CASE...: make $private/initramfs, which the kernel unpacks, of the programs of $bundle that the words name
make_initramfs()
{
	# Claims are checked by a program of their own.
	areas=
	if [ -n "$require" ]; then
		grep -qx 'tests/areas_test' "$bundle/programs" || die "--require needs tests/areas_test, which the bundle '$bundle' does not have"
		[ $# -eq 0 ] || areas=tests/areas_test
	fi

	# Choose the programs that the words name.
	named_programs "$top" "$bundle/programs" "$@" ${areas:+"$areas"} >"$private/programs" 2>"$private/log" || die "$(cat "$private/log")"
	cp "$bundle/shmcheck-init" "$private/init" 2>/dev/null || die "no space left in '$temporary'"

	{
		printf '%s %s\n' "$(date +%s)" "${verbose:-quiet}"
		printf '%s\n' --jobs "${jobs:-$(cases_at_once "$processors")}" ${require:+--require "$require"}
		for variable in $variables; do
			printf '%s\n' --variable "$variable"
		done
		for case; do
			printf '%s\n' "$case"
		done
	} >"$private/arguments"

	{
		echo shmcheck-run
		awk -F '\t' 'NF == 1 {
			path = $1
			while (sub(/\/[^\/]*$/, "", path) && !seen[path]++) above[++n] = path
			file[++files] = $1
		}
		END {
			# A directory comes before what is in it.
			for (length_ = 1; length_ < 100; length_++)
				for (i = 1; i <= n; i++) if (length(above[i]) == length_) print above[i]
			for (i = 1; i <= files; i++) print file[i]
		}' "$private/programs"
	} >"$private/names"
	archive "$bundle" <"$private/names"
	printf '%s\n' init arguments programs | archive "$private"

	# If the programs are not static, add the C library.
	if [ -n "$(find "$bundle/shmcheck-init" -exec grep -l -a '/ld[-.0-9a-z_]*\.so\.[0-9]' {} +)" ]; then
		run "$ci/fetch" libc "$suite" "$architecture" >"$private/path" || exit 2
		library=$(cat "$private/path")
		mkdir "$private/root" "$private/root/lib"
		cp -RP "$library"/*.so* "$private/root/lib" 2>"$private/log" || die "no space left in '$temporary'"
		ln -s lib "$private/root/lib64"
		(cd "$private/root" && find lib lib64) | archive "$private/root"
	fi
}
