# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Packages of Debian, for ci/fetch, which sources this: their mirror, their index and what is in them. It sets $cache and
# $private, and has fail(), begin_fetching() and end_fetching().
# shellcheck disable=SC2154 # cache and private

: "${me:?}"

# Print the mirror of Debian that this machine's own apt uses.
debian_mirror()
{
	# shellcheck disable=SC2016 # apt expands it
	apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(SITE)' 2>/dev/null |
	    sed -n 's/^Debian|Debian|//p' | head -n 1
}

# use_apt SUITE ARCHITECTURE: make a separate root of apt for these, with this machine's network settings and without its hooks
use_apt()
{
	suite=$1
	architecture=$2
	case $suite in
	'' | *[!a-z0-9-]*) die "no suite of Debian: '$suite'" ;;
	esac
	case $architecture in
	'' | *[!a-z0-9]*) die "no architecture of Debian: '$architecture'" ;;
	esac
	for command in apt-get apt-cache apt-config dpkg-deb tar flock; do
		need_command "$command" "that needs a Debian or a relative of it"
	done
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -r "$keyring" ] || die "no keys of Debian: install the package debian-archive-keyring"
	root=$cache/apt/$suite-$architecture
	mkdir -p "$root/lists" "$root/archives" 2>"$private/errors" || fail "cannot make '$root'"

	# The machine's settings of proxies and certificates.
	apt-config dump 2>/dev/null | grep '^Acquire::' >"$private/network" || :
	{
		cat "$private/network"
		cat <<EOT
Dir::Etc "$private";
Dir::Etc::main "none";
Dir::Etc::parts "none";
Dir::Etc::sourcelist "$private/sources";
Dir::Etc::sourceparts "none";
Dir::Etc::preferences "none";
Dir::Etc::preferencesparts "none";
Dir::Etc::netrc "/etc/apt/auth.conf";
Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
Dir::State "$root";
Dir::State::lists "$root/lists";
Dir::State::status "/dev/null";
Dir::Cache "$root";
Dir::Cache::archives "$root/archives";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::GzipIndexes "true";
Acquire::Retries "3";
// A mirror may be a copy of an earlier day; signatures are still checked.
Acquire::Check-Valid-Until "false";
Acquire::Check-Date "false";
EOT
	} >"$private/apt.conf"
	mirror=${SHMCHECK_MIRROR:-$(debian_mirror)}
	[ -n "$mirror" ] ||
	    die "no mirror of Debian in this machine's apt: set SHMCHECK_MIRROR to the address of one"
	[ "$suite" = source ] || echo "deb [signed-by=$keyring] $mirror $suite main" >"$private/sources"
	export APT_CONFIG="$private/apt.conf"

	# One process at a time; the lock ends with it.
	exec 9>"$root/in-use"
	flock 9
	if [ -z "$(find "$root" -name updated -mtime -1)" ]; then
		update
	fi
}

update()
{
	begin_fetching "reading the index of Debian $suite for $architecture"
	apt-get -q -q update >/dev/null 2>"$private/errors" ||
	    fail "cannot read the index of Debian $suite for $architecture"
	end_fetching
	: >"$root/updated"
}

# follow PACKAGE: print the package that has the kernel. linux-image-cloud-amd64 depends on a package with a version in its
# name, and that, in newer suites, on another one with the image.
follow()
{
	package=$1
	while :; do
		next=$(apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
		    --no-enhances "$package" 2>/dev/null |
		    sed -n 's/^ *|*Depends: \(linux-\(image\|binary\)-.*\)$/\1/p' | head -n 1)
		[ -n "$next" ] || break
		package=$next
	done
	printf '%s\n' "$package"
}

# download PACKAGE: fetch it as $private/PACKAGE_VERSION_ARCHITECTURE.deb, which becomes $deb
download()
{
	apt-cache show "$1" >/dev/null 2>&1 || die "Debian $suite for $architecture has no package '$1'"
	begin_fetching "downloading $1 of Debian $suite for $architecture"
	(cd "$private" && apt-get -q -q download "$1") >/dev/null 2>"$private/errors" || {
		end_fetching
		# The mirror may have a newer version than the index.
		update
		begin_fetching "downloading $1 of Debian $suite for $architecture"
		(cd "$private" && apt-get -q -q download "$1") >/dev/null 2>"$private/errors"
	} || fail "cannot download '$1' of Debian $suite for $architecture"
	end_fetching
	for deb in "$private/$1"_*.deb; do
		[ -r "$deb" ] || die "'$1' was not downloaded"
	done
}

# unpack DIR PATTERN...: unpack the files of $deb that match
unpack()
{
	to=$1
	shift
	mkdir -p "$to"
	dpkg-deb --fsys-tarfile "$deb" 2>"$private/errors.deb" |
	    tar -x -C "$to" --no-same-owner --wildcards "$@" 2>"$private/errors" || {
		grep -v 'Not found in archive\|previous errors' "$private/errors" >"$private/errors.tar" || :
		cat "$private/errors.deb" "$private/errors.tar" >"$private/errors"
		[ ! -s "$private/errors" ] || fail "cannot unpack '${deb##*/}'"
	}
	rm -f "$deb"
}
