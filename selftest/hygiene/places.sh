# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Sourced by selftest/hygiene/place: what makes each place what it is.
# shellcheck disable=SC2034,SC2154 # $name, $dir, $scratch, $suite and $plain_user are of that script

# What the machine lacks to make this place.
cannot()
{
	printf '%s\n' "$*" >"$dir/cannot"
	exit 0
}

objects_at()
{
	mount -t tmpfs -o "$1" tmpfs /dev/shm 2>/dev/null || cannot "cannot mount a /dev/shm with $1"
}

# temporary_files_at DIR OPTION
temporary_files_at()
{
	mount -t tmpfs -o "mode=755,$2" tmpfs "$1" || cannot "cannot mount a tmpfs with $2"
}

# The real /dev is everybody's: in this namespace another takes its place.
hide_objects()
{
	mkdir "$dir/dev"
	mount -t tmpfs -o mode=755 tmpfs "$dir/dev" 2>/dev/null || cannot 'cannot mount another /dev'
	for node in null zero full random urandom tty; do
		: >"$dir/dev/$node"
		mount --bind "/dev/$node" "$dir/dev/$node" || cannot "cannot give another /dev its $node"
	done
	ln -s /proc/self/fd "$dir/dev/fd"
	mount --move "$dir/dev" /dev || cannot 'cannot put another /dev in place'
}

# kernel VARIABLE VALUE: of this IPC namespace
kernel()
{
	{ echo "$2" >"/proc/sys/kernel/$1"; } 2>/dev/null || cannot "cannot set kernel.$1 to $2"
}

# limit_programs TEXT: a limit must not be Kyua's, which writes a database.
limit_programs()
{
	(cd "$suite" && find tests -name '*_test' -type f) | programs_behind "$suite" "$dir/programs" "$1"
	programs=$dir/programs
}

# With no byte allowed in files all that a program writes must go through pipes.
# Descriptor 3 has cat see its end although nothing was written.
limit_file_size()
{
	# shellcheck disable=SC2016 # for the programs
	limit_programs '
case $1 in
-r*) result=${1#-r} ;;
*)
	(ulimit -f 0; exec "$program" "$@") | cat
	exit
	;;
esac
shift
mkfifo "$result.result" "$result.output"
cat "$result.result" >"$result" &
cat "$result.output" >&2 &
status=0
(ulimit -f 0; exec "$program" -r"$result.result" "$@") >"$result.output" 2>&1 3>"$result.result" || status=$?
wait
exit "$status"'
}

as_plain_user()
{
	chown "$plain_user" "$dir/tmp" "$dir/results" 2>/dev/null || cannot 'needs root, to become another user'
	before="$before setpriv --reuid=$plain_user --regid=$plain_user --clear-groups"
	baseline=ordinary-user
}

# What Docker leaves to root in a container, and what a skip says of the lack of the others.
docker_capabilities='-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw'
docker_capabilities=$docker_capabilities,+sys_chroot,+mknod,+audit_write,+setfcap
without_namespaces='an IPC namespace|limits that can be set|a private /dev/shm|another IPC namespace'

# capabilities LIST: those that root can have, see setpriv(1)
capabilities()
{
	before="$before setpriv --bounding-set=$1 --inh-caps=-all"
	$before true 2>/dev/null || cannot "cannot start the suite by $before"
}

# filter NAME: of system calls
filter()
{
	before="$before $scratch/filtered $1"
	$before true 2>/dev/null || cannot 'the kernel has no filters of system calls'
}

# The directory of a cgroup for this place, that of memory where each resource has a hierarchy of its own: cgroups(7).
cgroup_of_place()
{
	sed -n 's,^[0-9]*:\(.*\):/\{0\,1\}\(.*\),\1 \2,p' /proc/self/cgroup | while read -r controllers path; do
		case ,$controllers, in
		*,memory,*) echo "/sys/fs/cgroup/memory/$path" ;;
		,,) [ ! -f "/sys/fs/cgroup/$path/cgroup.controllers" ] || echo "/sys/fs/cgroup/$path" ;;
		esac
	done | sed -n "1s,/*\$,/${scratch##*/},p"
}

enter_cgroup()
{
	cgroup=$(cgroup_of_place)
	if [ -z "$cgroup" ] || ! mkdir "$cgroup" 2>/dev/null; then
		cannot 'no cgroup can be made here'
	fi
	for limit in memory.max memory.limit_in_bytes; do
		[ ! -f "$cgroup/$limit" ] || { echo 64m >"$cgroup/$limit"; } 2>/dev/null || cannot "cannot set $limit"
	done
	[ -f "$cgroup/memory.max" ] || [ -f "$cgroup/memory.limit_in_bytes" ] || cannot 'this cgroup has no limit on memory'
	echo $$ >"$cgroup/cgroup.procs" || cannot 'cannot enter a cgroup'
}

# Outside of the place, when all that was in it has ended.
remove_cgroup()
{
	[ "$name" != cgroup-memory ] || rmdir "$(cgroup_of_place)" 2>/dev/null || :
}

# All but the place for objects and, where that is small, the one for temporary files.
make_read_only()
{
	mount --bind "$dir" "$dir" || cannot 'cannot bind a directory'
	temporary_files_at "$TMPDIR" size=1m
	cut -d ' ' -f 2 /proc/self/mounts >"$dir/mounts"
	while read -r mounted; do
		case $mounted in
		"$dir" | "$TMPDIR" | /dev/shm) ;;
		*) mount -o remount,bind,ro "$mounted" 2>/dev/null || : ;;
		esac
	done <"$dir/mounts"
	if mkdir "/${scratch##*/}" 2>/dev/null; then
		rmdir "/${scratch##*/}"
		cannot 'cannot make / read-only'
	fi
}

# Cases take turns with the machine's huge pages by a lock on this setting, which each /proc has a file of its own for: all
# places get the same.
mount_proc()
{
	turns=/proc/sys/vm/nr_overcommit_hugepages
	[ ! -e "$turns" ] || {
		: >"$dir/turns"
		mount --bind "$turns" "$dir/turns" 2>/dev/null || cannot "cannot bind $turns"
	}
	mount -t proc proc /proc 2>/dev/null || cannot 'cannot mount /proc'
	[ ! -e "$dir/turns" ] || mount --bind "$dir/turns" "$turns" 2>/dev/null || cannot "cannot bind $turns"
}

# In the namespaces: make the place. Sets what differs from the usual:
#   reasons   what a skip must say that the machine without the place does not have
#   baseline  that machine
#   before    a command that the suite is started by
#   programs  the tree that has the programs
make_place()
{
	mount_proc
	case $name in
	no-dev-shm)
		hide_objects
		reasons='shm_open\(\) gives ENOENT|other users cannot make shared memory objects|a private /dev/shm: ENOENT'
		;;
	dev-shm-read-only)
		objects_at mode=1777,ro
		reasons='shm_open\(\) gives EROFS'
		;;
	dev-shm-64k)
		objects_at mode=1777,size=64k
		reasons='no room for an object'
		;;
	dev-shm-full)
		objects_at mode=1777,size=64k
		cat /dev/zero >/dev/shm/foreign 2>/dev/null || :
		reasons='no room for an object'
		;;
	dev-shm-no-inodes)
		objects_at mode=1777,nr_inodes=1
		reasons='no room for an object: shm_open\(\) gives ENOSPC'
		;;
	*) objects_at mode=1777 ;;
	esac

	# shellcheck disable=SC2016 # for the programs
	case $name in
	shmmni-huge) kernel shmmni 32768 ;; # more need a parameter of the kernel at boot
	shmmax-huge)
		kernel shmmax 18446744073709551615
		reasons="maximum is above all numbers"
		;;
	shm*-huge) kernel "${name%-huge}" 18446744073709551615 ;;
	shm*-0 | shm*-1)
		kernel "${name%-*}" "${name##*-}"
		reasons="no room for a segment of|kernel.${name%-*} is ${name##*-}|(limit|maximum) .*is below .*memory"
		;;
	shm-rmid-forced)
		kernel shm_rmid_forced 1
		reasons='kernel.shm_rmid_forced is set'
		;;
	rlimit-as)
		limit_programs 'ulimit -v 16384; exec "$program" "$@"'
		reasons='addresses|needs a limit of'
		;;
	rlimit-nofile)
		limit_programs 'ulimit -n 16; exec "$program" "$@"'
		reasons='needs more descriptors|needs a limit of'
		;;
	rlimit-memlock*)
		limit_programs 'ulimit -l 0; exec "$program" "$@"'
		reasons='lock|LOCK|needs a limit of'
		;;
	rlimit-nproc-*)
		limit_programs "ulimit -p ${name##*-}"'; exec "$program" "$@"'
		reasons='needs more processes|ipcs'
		;;
	rlimit-fsize)
		limit_file_size
		reasons='where RLIMIT_FSIZE is 0'
		;;
	seccomp-enosys | seccomp-eperm)
		error=$(echo "${name#*-}" | tr '[:lower:]' '[:upper:]')
		filter "sysv-$error"
		reasons="shmget\(\) gives $error|strict mode"
		;;
	seccomp-docker)
		filter docker
		reasons="$without_namespaces|strict mode"
		;;
	docker-caps)
		capabilities "$docker_capabilities"
		reasons="CAP_|$without_namespaces"
		;;
	docker)
		capabilities "$docker_capabilities"
		filter docker
		reasons="CAP_|$without_namespaces|strict mode"
		;;
	docker-user)
		as_plain_user
		filter docker
		reasons="$without_namespaces|strict mode"
		;;
	no-caps)
		capabilities -all
		reasons="CAP_|root cannot become user|$without_namespaces"
		;;
	no-cap-*)
		capability=$(echo "${name#no-cap-}" | tr - _)
		capabilities "-$capability"
		reasons="CAP_|root cannot become user|$without_namespaces"
		;;
	no-new-privs) before='setpriv --no-new-privs' ;;
	cgroup-memory)
		enter_cgroup
		reasons=memory
		;;
	read-only-root)
		make_read_only
		reasons='EROFS'
		;;
	tmpdir-64k)
		temporary_files_at "$TMPDIR" size=64k
		reasons='no room for a file'
		;;
	tmpdir-8k) # too small for Kyua: for the cases
		mkdir "$TMPDIR/small"
		temporary_files_at "$TMPDIR/small" size=8k
		limit_programs "cd $TMPDIR/small || exit 2"'; exec "$program" "$@"'
		reasons='no room for a file'
		;;
	user-namespace | rootless-*) reasons='needs user ids|root cannot become user|the right to|cannot' ;;
	clock-that-jumps) cannot 'the clock of time fields is the whole machine'\''s, and no namespace has one of its own' ;;
	no-proc)
		mount -t tmpfs -o ro tmpfs /proc
		reasons='/proc|an IPC namespace|memory is locked|huge pages|maximum is below the memory'
		;;
	tmpdir-on-disk)
		[ -n "$SHMCHECK_DISK" ] || cannot 'needs a directory for temporary files that is not on a tmpfs'
		TMPDIR=$SHMCHECK_DISK
		;;
	esac
	case $name in
	ordinary-user | rlimit-memlock-user | rlimit-nproc-*) as_plain_user ;;
	*dev-shm* | rlimit-fsize) reasons="$reasons|the platform lacks objects" ;;
	shm*-[01] | seccomp-e*) reasons="$reasons|the platform lacks sysv" ;;
	esac
}

