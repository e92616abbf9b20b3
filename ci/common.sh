# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# The scripts of this directory and of selftest/ source this. They set $me to their name first.

: "${me:?}"

# On some systems packages put programs in directories that are not in the PATH of a CI service.
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

# make_scratch: make the directory $scratch. At the end of the script, also by a signal, the process $running is ended, if
# there is one, and the directory is removed.
make_scratch()
{
	trap end_scratch EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	scratch=$(mktemp -d "${TMPDIR:-/tmp}/shmcheck.XXXXXX" 2>/dev/null) || die "cannot write in '${TMPDIR:-/tmp}'"
}

# Print the name of GNU make on this system. Status 1 if there is none.
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

# Whether the compiler of this system is for musl.
is_musl_native()
{
	case $(cc -dumpmachine 2>/dev/null) in
	*-linux-musl*) return 0 ;;
	*) return 1 ;;
	esac
}

cores()
{
	getconf _NPROCESSORS_ONLN 2>/dev/null ||
	    getconf NPROCESSORS_ONLN 2>/dev/null ||
	    sysctl -n hw.ncpu 2>/dev/null ||
	    echo 1
}

# cases_at_once PROCESSORS: print how many cases to run at a time. With one case for each processor, a processor would be idle
# for a quarter of the time, while cases wait for their children.
cases_at_once()
{
	echo $((2 * $1))
}

# bytes FILE OFFSET COUNT: print the bytes in hexadecimal
bytes()
{
	od -An -v -tx1 -j "$2" -N "$3" "$1" 2>/dev/null | tr -d ' \n'
}

# Print the directory where downloads, and what is made of them, are kept. Several trees share it.
cache_directory()
{
	printf '%s\n' "${SHMCHECK_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/shmcheck}"
}

# print_version CI: the option --version; CI is this directory
print_version()
{
	printf '%s %s\n' "$me" "$("$1/version")"
}

# need_areas VALUE: check the value of --require
need_areas()
{
	areas_left=$1,
	while [ -n "$areas_left" ]; do
		case $areas_left in
		sysv,* | objects,* | mmap,* | sync,*) areas_left=${areas_left#*,} ;;
		*) die "--require takes sysv, objects, mmap and sync, with commas between them, not '$1'" ;;
		esac
	done
}

# need_variable VALUE: check the value of --variable
need_variable()
{
	case ${1%%=*},${1#*=} in
	seed,*[!0-9]* | operations,*[!0-9]* | depth,*[!0-9]* | volume,*[!0-9]* | *,) ;;
	seed,* | operations,* | depth,* | volume,*) return ;;
	esac
	die "--variable takes seed=N, operations=N, depth=N and volume=N, not '$1'"
}

# The meaning of the words that name cases, runner/case_words.h, in awk.
# shellcheck disable=SC2016 # for awk
case_words='
function pattern(glob, any,    i, c, end, part, made) {
	for (i = 1; i <= length(glob); i++) {
		c = substr(glob, i, 1)
		end = c == "[" ? index(substr(glob, i + 2), "]") : 0
		if (end > 0) {
			part = substr(glob, i + 1, end)
			sub(/^!/, "^", part)
			made = made "[" part "]"
			i += end + 1
		} else if (c == "*" || c == "?")
			made = made any (c == "*" ? "*" : "")
		else
			made = made (c ~ /[][.^$()|+{}\\]/ ? "\\" : "") c
	}
	return "^" made "$"
}

# Make the patterns program_of[w] and name_of[w] of the word; the latter is empty if the word names no case.
function take_word(w, word,    colon, path) {
	if (index(word "/", top "/") == 1)
		word = substr(word, length(top) + 1)
	colon = index(word, ":")
	path = colon ? substr(word, 1, colon - 1) : word
	path = "/" path "/"
	while (sub(/\/(\.?\/)+/, "/", path) && path ~ /\/\.?\//)
		;
	gsub(/^\/|\/$/, "", path)
	sub(/\.[cdo]$/, "", path)
	program_of[w] = pattern(path == "" ? "*" : path, "[^/]")
	name_of[w] = colon ? pattern(substr(word, colon + 1), ".") : ""
}

function names_program(w, program) {
	do {
		if (program ~ program_of[w])
			return 1
	} while (sub(/\/[^\/]*$/, "", program))
	return 0
}

function names_case(w, program, name) {
	return names_program(w, program) && (name_of[w] == "" || name ~ name_of[w])
}

function fail(message) {
	failed = 1
	print message | "cat >&2"
	close("cat >&2")
	exit 1
}

BEGIN {
	# The file is the first argument, the words follow.
	for (words = 0; words + 2 < ARGC; words++) {
		given[words + 1] = ARGV[words + 2]
		take_word(words + 1, ARGV[words + 2])
		ARGV[words + 2] = ""
	}
}'

# named_cases TOP LIST WORD...: print the cases of the file LIST that the words name. The file has a case on each line,
# "tests/sysv/shmget_test:key". If all cases of a program are named, its name is printed instead: Kyua refuses words that overlap.
# Status 1 and a message if a word names no case.
named_cases()
{
	named_top=$1
	shift
	awk -v top="$named_top" "$case_words"'
	{
		program = $1
		sub(/:[^:]*$/, "", program)
		name = substr($1, length(program) + 2)
		if (!(program in cases))
			order[++programs] = program
		cases[program]++
		wanted = 0
		for (w = 1; w <= words; w++)
			if (names_case(w, program, name))
				wanted = known[w] = 1
		if (wanted)
			named[program, ++count[program]] = $1
	}
	END {
		for (w = 1; w <= words; w++)
			if (!known[w])
				fail("no case is named \047" given[w] "\047")
		for (p = 1; p <= programs; p++)
			if (count[order[p]] == cases[order[p]])
				print order[p]
			else
				for (n = 1; n <= count[order[p]]; n++)
					print named[order[p], n]
	}' "$@"
}

# named_programs TOP LIST WORD...: print the lines of the file "programs" of a bundle whose programs the words name; all lines if
# there is no word. Status 1 and a message if a word names no program.
named_programs()
{
	named_top=$1
	shift
	awk -v top="$named_top" "$case_words"'
	{
		wanted = words == 0
		for (w = 1; w <= words; w++)
			if (names_program(w, $1))
				wanted = known[w] = 1
		if (wanted)
			lines[++count] = $0
	}
	END {
		for (w = 1; w <= words; w++)
			if (!known[w])
				fail("no program is named \047" given[w] "\047")
		for (n = 1; n <= count; n++)
			print lines[n]
	}' "$@"
}

# A command that takes long shows a counter on a terminal. Elsewhere, as in CI, it prints one line for each phase.
is_terminal()
{
	[ -t 2 ]
}

# counter TEXT: overwrite the counter
counter()
{
	printf '\r%-78.78s' "$1" >&2
}

end_counter()
{
	! is_terminal || printf '\r%78s\r' '' >&2
}

# count_lines PHASE TOTAL PATTERN: pass standard input through, and show how many lines match the pattern. With an empty TOTAL
# show the last line.
count_lines()
{
	counted=0
	return_=$(printf '\r')
	counter "$1"
	while IFS= read -r line; do
		printf '%s\n' "$line"
		# shellcheck disable=SC2254 # a pattern
		case $line in
		$3) counted=$((counted + 1)) ;;
		esac
		if [ -n "$2" ]; then
			counter "$1: $counted of $2"
		else
			line=${line%"$return_"}
			counter "$1: ${line##*"$return_"}"
		fi
	done
	end_counter
}

# quietly LOG PHASE TOTAL PATTERN COMMAND...: run the command and write its output to the file LOG, with count_lines on a
# terminal. Returns the status of the command.
quietly()
{
	log=$1
	phase=$2
	total=$3
	matching=$4
	shift 4
	if is_terminal; then
		{
			quiet_status=0
			"$@" 2>&1 </dev/null || quiet_status=$?
			echo "$quiet_status" >"$log.status"
		} | count_lines "$me: $phase" "$total" "$matching" >"$log"
		quiet_status=$(cat "$log.status")
		rm -f "$log.status"
		return "$quiet_status"
	fi
	printf '%s: %s%s\n' "$me" "$phase" "${total:+: $total}" >&2
	"$@" >"$log" 2>&1 </dev/null
}

# made MAKE_ARGUMENT...: run make with a counter instead of a line for each file, and show its other output afterwards: warnings
# and errors. With V=1 in the environment show everything. Needs make_scratch.
made()
{
	make=$(gnu_make) || die "GNU make is not installed: run ci/setup"
	if [ -n "${V-}" ]; then
		"$make" --no-print-directory "$@" || return
		return 0
	fi
	# If make cannot tell, it fails below and says why.
	files=$("$make" --no-print-directory -n "$@" 2>/dev/null | grep -c "printf '  %-3s ") || files=0
	made_status=0
	if [ "$files" -gt 0 ]; then
		quietly "$scratch/made" 'building files' "$files" '  [A-Z][A-Z]*' "$make" --no-print-directory -s "$@" ||
		    made_status=$?
	else
		"$make" --no-print-directory -s "$@" >"$scratch/made" 2>&1 </dev/null || made_status=$?
	fi
	grep -v '^  [A-Z][A-Z]* *[^ ]*$' "$scratch/made" >&2 || :
	return "$made_status"
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

# Print the user's name. Without an account id(1) prints the number and fails.
user_name()
{
	id -un 2>/dev/null || :
}

# A user without privileges, whom root becomes by user_command. No account is needed.
ordinary_user=65534

# Print the words that make root run a command as that user; nothing for other users.
user_command()
{
	[ "$(id -u)" -ne 0 ] ||
	    echo "setpriv --reuid=$ordinary_user --regid=$ordinary_user --clear-groups"
}

# install_copy DIR [MAKE_ARGUMENT ...]: at the top of the tree, install what an ordinary user needs who may not read this tree:
# the suite, which DIR/tests/shmcheck/ci/suite runs, and the directory DIR/user, which belongs to that user.
install_copy()
{
	copy=$1
	shift
	mkdir -p "$copy/user" &&
	    "$(gnu_make)" --no-print-directory -j "$(cores)" install DESTDIR="$copy" PREFIX= "$@" &&
	    cp -R ci "$copy/tests/shmcheck" &&
	    { [ "$(id -u)" -ne 0 ] || chown "$ordinary_user:$ordinary_user" "$copy/user"; }
}
