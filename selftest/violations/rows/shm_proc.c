/* SPDX-License-Identifier: BSD-2-Clause */

/* SHM_INFO beside /proc, the charge of locks, the identifier that a checkpoint asks for, namespaces that are joined. */

#ifdef __linux__

#include <limits.h>
#include <sched.h>
#include <stdio.h>

#include <sys/resource.h>

#include "ipc.h"
#include "direct_check.h"
#include "segments.h"
#include "shmget.h"

VIOLATION(shm_info_counts_resident_twice, "shmctl.shm-info", "-", SHMCTL,
    FALSIFIES(c->command == SHM_INFO, ((struct shm_info *)c->buffer)->shm_rss *= 2))
{
	struct shm_info info;

	if (!can_enter_namespace())
		return false;
	*(char *)segment_attach(segment_create(1), NULL, 0) = 'x';
	return shmctl(0, SHM_INFO, (void *)&info) != -1 && info.shm_rss == 2;
}

/* Bytes that were locked by plain users of this process and its children together, as if none was given back. */
static bool
is_beyond_all_charges(const struct call *c)
{
	static size_t charged;
	struct rlimit limit;

	if (c->command != SHM_LOCK || geteuid() == 0 || getrlimit(RLIMIT_MEMLOCK, &limit) == -1)
		return false;
	charged += size_for(c);
	return limit.rlim_cur > 0 && charged > size_for(c) && charged > limit.rlim_cur;
}

VIOLATION(shm_lock_charge_stays, "shmctl.lock-charge-released", "-", SHMCTL, REFUSES(is_beyond_all_charges(c), ENOMEM))
{
	int status;
	pid_t child = fork_creator();

	if (child == 0) {
		const struct rlimit two_pages = { 2 * page_size(), 2 * page_size() };
		int error = 0;

		if (setrlimit(RLIMIT_MEMLOCK, &two_pages) == -1)
			_exit(2);
		user_become(plain_user());
		for (int i = 0; i < 3; i++) {
			int id = segment_create(page_size());

			error = error_of_control(id, SHM_LOCK);
			segment_remove(id);
		}
		_exit(error == ENOMEM ? 0 : 1);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

static const char next_id[] = "shm_next_id";

/* It reads as -1, and a segment was made. */
static bool
was_used_up(void)
{
	size_t count;

	known_segments(&count);
	return count > 1 && limit_now(next_id) == ULONG_MAX;
}

/* In a new namespace that has a segment, ask for this identifier, counted from its own. Returns its own, or -1. */
static int
ask_for_id(int beyond)
{
	if (!can_enter_namespace() || access("/proc/sys/kernel/shm_next_id", F_OK) == -1)
		return -1;
	int id = segment_create(1);
	ipc_limit_set(next_id, (unsigned long)id + (unsigned long)beyond);
	return id;
}

VIOLATION(next_id_is_not_reset, "admin.shm-next-id-reset", "-", FOPEN,
    FALSIFIES(opens_limit(c, next_id, "r") && was_used_up(), content_set_number(c, 5)))
{
	if (ask_for_id(5) == -1)
		return false;
	segment_create(1);
	return ipc_limit(next_id) == 5;
}

VIOLATION(next_id_busy_eexist, "admin.shm-next-id-busy", "-", SHMGET,
    REFUSES((c->flags & IPC_CREAT) != 0 && known_ipc_namespaces() > 0 && limit_now(next_id) <= INT_MAX &&
	    known_segment((int)limit_now(next_id)) != NULL,
	EEXIST))
{
	return ask_for_id(0) != -1 && shmget(segment_key(), 1, IPC_CREAT | 0600) == -1;
}

static void
give_busy_id(struct call *c)
{
	c->result = (int)limit_now(next_id);
}

VIOLATION(next_id_busy_given, "admin.shm-next-id-busy", "-", SHMGET,
    REPLACES((c->flags & IPC_CREAT) != 0 && known_ipc_namespaces() > 0 && limit_now(next_id) <= INT_MAX &&
	    known_segment((int)limit_now(next_id)) != NULL,
	give_busy_id(c)))
{
	int id = ask_for_id(0);

	return id != -1 && shmget(segment_key(), 1, IPC_CREAT | 0600) == id;
}

static void
lose_what_is_written(struct call *c)
{
	c->name = "/dev/null";
}

VIOLATION(next_id_takes_all, "admin.shm-next-id-range", "-", FOPEN,
    CHANGES(opens_limit(c, next_id, "w"), lose_what_is_written(c)))
{
	return ask_for_id(5) != -1 && ipc_limit(next_id) != 5;
}

/* This process is in another namespace than when it looked before, and has made none since: it went there. */
static bool
has_joined(void)
{
	static ino_t home;
	static unsigned made;
	struct stat now;

	if (real_stat("/proc/self/ns/ipc", &now) == -1)
		return false;
	if (home == 0 || made != known_ipc_namespaces())
		home = now.st_ino;
	made = known_ipc_namespaces();
	return now.st_ino != home;
}

static bool
is_attached(const struct call *c)
{
	struct shmid_ds status;

	return real_shmctl(real_shmget(c->key, 0, 0), IPC_STAT, &status) == 0 && status.shm_nattch > 0;
}

/* Whether a process that joins the namespace of a child, which has ended by then or not, cannot find its segment. */
static bool
cannot_find_after_joining(bool has_ended)
{
	key_t key = segment_key();
	int status;
	pid_t outer = geteuid() == 0 && has_ipc_privileges() ? fork() : -1;

	if (outer == 0) {
		struct child c;
		int is_made[2];
		int may_end[2];
		char path[64];
		char byte = 0;

		if (pipe(is_made) == -1 || pipe(may_end) == -1)
			_exit(1);
		c.pid = fork();
		if (c.pid == 0) {
			if (unshare(CLONE_NEWIPC) == -1 ||
			    shmat(shmget(key, 1, IPC_CREAT | 0600), NULL, 0) == (void *)-1)
				_exit(1);
			if (write(is_made[1], &byte, 1) == 1 && read(may_end[0], &byte, 1) == 1)
				_exit(0);
			_exit(1);
		}
		if (read(is_made[0], &byte, 1) != 1)
			_exit(1);
		snprintf(path, sizeof(path), "/proc/%ld/ns/ipc", (long)c.pid);
		int fd = open(path, O_RDONLY);
		if (has_ended && (write(may_end[1], &byte, 1) != 1 || waitpid(c.pid, NULL, 0) != c.pid))
			_exit(1);
		if (setns(fd, CLONE_NEWIPC) == -1)
			_exit(1);
		bool is_found = shmget(key, 0, 0) != -1;
		if (!has_ended && (write(may_end[1], &byte, 1) != 1 || waitpid(c.pid, NULL, 0) != c.pid))
			_exit(1);
		_exit(is_found ? 1 : 0);
	}
	return outer != -1 && waitpid(outer, &status, 0) == outer && status == 0;
}

VIOLATION(setns_finds_nothing, "namespaces.joined-by-setns", "-", SHMGET,
    REFUSES(has_joined() && is_lookup(c) && is_attached(c), ENOENT))
{
	return cannot_find_after_joining(false);
}

VIOLATION(namespace_held_is_empty, "namespaces.kept-by-descriptor", "-", SHMGET,
    REFUSES(has_joined() && is_lookup(c) && !is_attached(c), ENOENT))
{
	return cannot_find_after_joining(true);
}

#endif
