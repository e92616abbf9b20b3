# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Sourced: make a tree of scripts that start the programs of another tree.

# wrap_programs FROM TO SCRIPT: standard input names programs below the directory
# FROM. For each one, make an executable file of that name below TO. It runs the
# shell script SCRIPT, in which $program is the program below FROM.
wrap_programs()
{
	mkdir "$2"
	# shellcheck disable=SC2016 # the script expands them
	printf '#!/bin/sh\nprogram=%s${0#%s}\n%s\n' "$1" "$2" "$3" >"$2/wrapper"
	chmod 755 "$2/wrapper"
	while IFS= read -r program; do
		mkdir -p "$2/${program%/*}"
		ln -s "$2/wrapper" "$2/$program"
	done
}
