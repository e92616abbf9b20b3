# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Sourced by the scripts beside it, each of which has set $me to its name.

: "${me:?}"

# Where packages put programs on some systems, outside the PATH that a CI service gives.
PATH=$PATH:/usr/local/bin:/usr/pkg/bin:/usr/pkg/sbin:/opt/homebrew/bin

die()
{
	printf '%s: %s\n' "$me" "$*" >&2
	exit 2
}

scratch=
running=
# shellcheck disable=SC2317 # a trap calls it
end_scratch()
{
	trap '' HUP INT TERM
	if [ -n "$running" ]; then
		kill "$running" 2>/dev/null || :
		wait "$running" 2>/dev/null || :
	fi
	[ -z "$scratch" ] || rm -rf "$scratch"
}

# make_scratch: the directory $scratch, which goes when the script ends, and before it the process $running if there is one;
# a signal ends the script too.
make_scratch()
{
	trap end_scratch EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	scratch=$(mktemp -d "${TMPDIR:-/tmp}/shmcheck.XXXXXX" 2>/dev/null) || die "cannot write in '${TMPDIR:-/tmp}'"
}

# The name of GNU make on this system; nothing and status 1 if there is none.
gnu_make()
{
	for make in gmake make; do
		case $("$make" --version 2>/dev/null) in
		'GNU Make'*)
			printf '%s\n' "$make"
			return 0
			;;
		esac
	done
	return 1
}

cores()
{
	getconf _NPROCESSORS_ONLN 2>/dev/null ||
	    getconf NPROCESSORS_ONLN 2>/dev/null ||
	    sysctl -n hw.ncpu 2>/dev/null ||
	    echo 1
}

# cases_at_once PROCESSORS: so many cases are run at a time; with one a processor, these have nothing to do for a quarter of
# the time, while cases wait for their children.
cases_at_once()
{
	echo $((2 * $1))
}

# bytes FILE OFFSET COUNT: in hexadecimal digits
bytes()
{
	od -An -v -tx1 -j "$2" -N "$3" "$1" 2>/dev/null | tr -d ' \n'
}

# Where downloads and what is made of them once are kept, outside of the tree: several trees share it.
cache_directory()
{
	printf '%s\n' "${SHMCHECK_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/shmcheck}"
}

# need_value OPTION NUMBER_OF_ARGUMENTS_LEFT
need_value()
{
	[ "$2" -ge 2 ] || die "$1 needs a value"
}

# need_number OPTION VALUE
need_number()
{
	case $2 in
	'' | *[!0-9]* | 0*) die "$1 must be a positive number, not '$2'" ;;
	esac
}

# The name of who runs this; where no account has it, id(1) prints the number and fails.
user_name()
{
	id -un 2>/dev/null || :
}

# Somebody without privileges whom root can become, by user_command; no account is needed.
ordinary_user=65534

# The words that make root run a command as that user; none for others.
user_command()
{
	[ "$(id -u)" -ne 0 ] ||
	    echo "setpriv --reuid=$ordinary_user --regid=$ordinary_user --clear-groups"
}

# install_copy DIR [MAKE_ARGUMENT ...]: from the top of the tree, install what an ordinary user needs, who may not be able
# to read this tree: the suite, run by DIR/tests/shmcheck/ci/suite, and a directory of that user's own, DIR/user.
install_copy()
{
	copy=$1
	shift
	mkdir -p "$copy/user" &&
	    "$(gnu_make)" --no-print-directory -j "$(cores)" install DESTDIR="$copy" PREFIX= "$@" &&
	    cp -R ci "$copy/tests/shmcheck" &&
	    { [ "$(id -u)" -ne 0 ] || chown "$ordinary_user:$ordinary_user" "$copy/user"; }
}
