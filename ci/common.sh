# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Sourced by the scripts beside it, each of which has set $me to its name.

: "${me:?}"

die()
{
	printf '%s: %s\n' "$me" "$*" >&2
	exit 2
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
