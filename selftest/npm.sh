# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# shellcheck disable=SC2154 # $scratch is of make_scratch
# For checks that readers of others make, which come from npm. Sourced after ci/common.sh and make_scratch; needs $top.

# skip REASON: nothing can be checked.
skip()
{
	echo "skipped: $*"
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
}

# need_commands COMMAND...
need_commands()
{
	for command in "$@"; do
		command -v "$command" >/dev/null || skip "no $command: run ci/setup --developer"
	done
}

# install_npm NAME DIR: set $installed to a directory with what DIR/package.json names. The directory's name has what that is; it
# is complete or does not exist.
install_npm()
{
	cache=${SHMCHECK_CACHE:-$top/build/cache}
	mkdir -p "$cache" 2>/dev/null || die "cannot make the cache '$cache'"
	[ -w "$cache" ] || die "cannot write in the cache '$cache'"
	installed=$(CDPATH='' cd -- "$cache" && pwd)/$1-$(cksum <"$2/package.json" | tr ' ' -)
	[ ! -d "$installed" ] || return 0
	fetched=$(mktemp -d "$cache/.$1.XXXXXX")
	chmod 755 "$fetched"
	cp "$2/package.json" "$fetched"
	if ! npm install --loglevel error --no-audit --no-fund --no-update-notifier --ignore-scripts --cache "$scratch/npm" \
	    --prefix "$fetched" >"$scratch/npm.log" 2>&1 </dev/null; then
		rm -rf "$fetched"
		skip "npm cannot install the $1: $(sed -n 's/^npm [^ ]* //p' "$scratch/npm.log" | grep -v '^[a-z]* [^ ]*$' | head -n 1)"
	fi
	# Another run may have been faster.
	[ -d "$installed" ] || mv "$fetched" "$installed" || die "cannot write in the cache '$cache'"
}
