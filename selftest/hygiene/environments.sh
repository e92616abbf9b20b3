# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
# Sourced by selftest/hygiene/environment: the environments.
# shellcheck disable=SC2034,SC2154 # that script has $name, $dir, $scratch, $suite and $plain_user

# cannot REASON: this machine cannot make the environment
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

# All processes share /dev. Another directory takes its place in this namespace.
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

# limit_programs SCRIPT: the script limits each program. Kyua is not limited: it
# writes a database.
limit_programs()
{
	(cd "$suite" && find tests -name '*_test' -type f) | wrap_programs "$suite" "$dir/programs" "$1"
	programs=$dir/programs
}

# A program that may write no byte to files writes to pipes. Descriptor 3 keeps the
# first one open, so that cat sees its end although nothing is written.
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

# The capabilities that root has in a container of Docker, and what the reasons of skips say where others are needed.
docker_capabilities='-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw'
docker_capabilities=$docker_capabilities,+sys_chroot,+mknod,+audit_write,+setfcap
without_namespaces='an IPC namespace|limits that can be set|a private /dev/shm|a private hugetlbfs|another IPC namespace'

# capabilities LIST: root has these capabilities, in the notation of setpriv(1)
capabilities()
{
	before="$before setpriv --bounding-set=$1 --inh-caps=-all"
	$before true 2>/dev/null || cannot "cannot start the suite by $before"
}

# filter NAME: a filter of system calls, see filtered.c
filter()
{
	before="$before $scratch/filtered $1"
	$before true 2>/dev/null || cannot 'the kernel has no filters of system calls'
}

# The directory of a new cgroup; of the hierarchy for memory, where each resource has its own: cgroups(7).
cgroup_directory()
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
	cgroup=$(cgroup_directory)
	if [ -z "$cgroup" ] || ! mkdir "$cgroup" 2>/dev/null; then
		cannot 'no cgroup can be made here'
	fi
	for limit in memory.max memory.limit_in_bytes; do
		[ ! -f "$cgroup/$limit" ] || { echo 128m >"$cgroup/$limit"; } 2>/dev/null || cannot "cannot set $limit"
	done
	[ -f "$cgroup/memory.max" ] || [ -f "$cgroup/memory.limit_in_bytes" ] || cannot 'this cgroup has no limit on memory'
	echo $$ >"$cgroup/cgroup.procs" || cannot 'cannot enter a cgroup'
}

# Outside of the environment, when all its processes have ended.
remove_cgroup()
{
	[ "$name" != cgroup-memory ] || rmdir "$(cgroup_directory)" 2>/dev/null || :
}

# Everything but /dev/shm and a small TMPDIR.
make_read_only()
{
	mount --bind "$dir" "$dir" || cannot 'cannot bind a directory'
	temporary_files_at "$TMPDIR" size=32m
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

# Cases take turns with the huge pages of the machine by a lock on this file. Each mount of /proc has a file of its own: all
# environments get the same one.
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

# In the namespaces: make the environment. Sets these variables:
#   failures  cases fail here, and all of them for a reason that matches this; "" if none may fail
#   reasons   the cases that are skipped here, and not in the baseline, are skipped for a reason that matches this
#   baseline  the environment to compare with
#   before    the command that starts the suite
#   programs  the tree of the programs
make_environment()
{
	mount_proc
	case $name in
	no-dev-shm)
		hide_objects
		reasons='(shm|sem)_open\(\) fails with ENOENT|other users cannot make shared memory objects|a private /dev/shm: .*ENOENT|objects do not show as files here'
		;;
	dev-shm-read-only)
		objects_at mode=1777,ro
		reasons='(shm|sem)_open\(\) fails with EROFS'
		;;
	dev-shm-64k)
		objects_at mode=1777,size=64k
		reasons='no room for an object'
		;;
	dev-shm-full)
		objects_at mode=1777,size=64k
		cat /dev/zero >/dev/shm/foreign 2>/dev/null || :
		reasons='no room for (an object|a named semaphore)'
		;;
	dev-shm-no-inodes)
		objects_at mode=1777,nr_inodes=1
		reasons='no room for (an object: shm|a named semaphore: sem)_open\(\) fails with ENOSPC'
		;;
	*) objects_at mode=1777 ;;
	esac

	# shellcheck disable=SC2016 # for the programs
	case $name in
	shmmni-huge) kernel shmmni 32768 ;; # the most without a parameter at boot
	shmmax-huge)
		kernel shmmax 18446744073709551615
		reasons='needs a shmmax below'
		;;
	shm*-huge) kernel "${name%-huge}" 18446744073709551615 ;;
	shm*-0 | shm*-1)
		kernel "${name%-*}" "${name##*-}"
		reasons="room for a segment of|kernel.${name%-*} is ${name##*-}|needs a shm(max|all) above"
		;;
	shm-rmid-forced)
		kernel shm_rmid_forced 1
		reasons='kernel.shm_rmid_forced is set'
		;;
	rlimit-as)
		limit_programs 'ulimit -v 16384; exec "$program" "$@"'
		reasons='addresses|needs a limit of|RLIMIT_AS|writable memory'
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
		reasons='more processes|ipcs|ipcrm'
		;;
	rlimit-fsize)
		limit_file_size
		reasons='where RLIMIT_FSIZE is 0|sem_open\(\) fails with EFBIG'
		;;
	seccomp-enosys | seccomp-eperm)
		error=$(echo "${name#*-}" | tr '[:lower:]' '[:upper:]')
		filter "sysv-$error"
		reasons="shmget\(\) gives $error|strict mode"
		;;
	unshare-does-nothing)
		filter unshare-does-nothing
		failures='returned 0 and did nothing|succeeds and makes no IPC namespace|unshare\(CLONE_NEWIPC\) gave 0'
		reasons='strict mode'
		;;
	seccomp-docker)
		filter docker
		reasons="$without_namespaces|strict mode|no mseal\(\)"
		;;
	docker-caps)
		capabilities "$docker_capabilities"
		reasons="CAP_|$without_namespaces"
		;;
	docker)
		capabilities "$docker_capabilities"
		filter docker
		reasons="CAP_|$without_namespaces|strict mode|no mseal\(\)"
		;;
	docker-user)
		as_plain_user
		filter docker
		reasons="$without_namespaces|strict mode|no mseal\(\)"
		;;
	no-caps)
		capabilities -all
		reasons="CAP_|$without_namespaces"
		;;
	no-cap-*)
		capability=$(echo "${name#no-cap-}" | tr - _)
		capabilities "-$capability"
		reasons=CAP_$(echo "$capability" | tr '[:lower:]' '[:upper:]')
		[ "$capability" != sys_admin ] || reasons="$reasons|$without_namespaces"
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
	tmpdir-8k) # for the cases alone: Kyua needs more
		mkdir "$TMPDIR/small"
		temporary_files_at "$TMPDIR/small" size=8k
		limit_programs "cd $TMPDIR/small || exit 2"'; exec "$program" "$@"'
		reasons='no room for a file'
		;;
	user-namespace | rootless-*) reasons='needs user ids|CAP_' ;;
	clock-that-jumps) cannot 'all namespaces share the clock of time fields' ;;
	no-proc)
		mount -t tmpfs -o ro tmpfs /proc
		reasons='/proc|an IPC namespace|locked memory|huge pages|needs a shm(max|all) above'
		;;
	tmpdir-on-disk)
		[ -n "$SHMCHECK_DISK" ] || cannot 'needs a directory for temporary files that is not on a tmpfs'
		TMPDIR=$SHMCHECK_DISK
		;;
	esac
	case $name in
	ordinary-user | rlimit-memlock-user | rlimit-nproc-*) as_plain_user ;;
	*dev-shm* | rlimit-fsize) reasons="$reasons|the platform lacks POSIX shared memory objects" ;;
	shm*-[01] | seccomp-e*) reasons="$reasons|the platform lacks System V segments" ;;
	esac
}

