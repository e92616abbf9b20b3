# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Sourced: programs that are started by a text of the caller's.

# programs_behind FROM TO TEXT: makes the programs that standard input names, below
# TO. Each is this text of the shell, where $program is the one below FROM.
programs_behind()
{
	mkdir "$2"
	# shellcheck disable=SC2016 # for the programs
	printf '#!/bin/sh\nprogram=%s${0#%s}\n%s\n' "$1" "$2" "$3" >"$2/behind"
	chmod 755 "$2/behind"
	while IFS= read -r program; do
		mkdir -p "$2/${program%/*}"
		ln -s "$2/behind" "$2/$program"
	done
}
