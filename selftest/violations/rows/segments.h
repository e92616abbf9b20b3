/* SPDX-License-Identifier: BSD-2-Clause */

/* What rows about System V segments share: what a call is about, whose rights it has, and direct checks as several users. */

#ifndef SHMCHECK_SEGMENTS_H
#define SHMCHECK_SEGMENTS_H

#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "effects.h"
#include "guardian.h"
#include "known.h"
#include "real.h"
#include "violation.h"

#ifdef __linux__
#define KEY_MEMBER __key
#else
#define KEY_MEMBER mode /* the rows about it are for Linux */
#endif

/* No platform has a command of shmctl() beyond it. */
enum { LAST_COMMAND = 100 };

static inline bool
is_stat(const struct call *c)
{
	return c->command == IPC_STAT;
}

static inline struct shmid_ds *
told_by(const struct call *c)
{
	return c->buffer;
}

/* The status of the segment as it is, or all zero where the system does not tell. */
static inline struct shmid_ds
real_status(int id)
{
	struct shmid_ds status;

	if (real_shmctl(id, IPC_STAT, &status) == -1)
		memset(&status, 0, sizeof(status));
	return status;
}

/* Bytes of a segment that this process knows, or 0. */
static inline size_t
size_for(const struct call *c)
{
	const struct known_segment *segment = known_segment(c->id);

	return segment == NULL ? 0 : segment->size;
}

static inline bool
is_removed(int id)
{
	return known_segment(id) != NULL && known_segment(id)->was_removed;
}

/* The attachment that has this address, or a null pointer. */
static inline struct known_range *
attachment_at(const volatile void *address)
{
	struct known_range *range = known_range_at(address);

	return range == NULL || range->id == -1 ? NULL : range;
}

/* One with these flags among SHM_RDONLY, of this segment, or a null pointer. */
static inline struct known_range *
attachment_of(int id, int flags)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id == id && (ranges[i].flags & SHM_RDONLY) == flags)
			return &ranges[i];
	return NULL;
}

/* What an attach that is admitted by mistake gives: the process has no right to the real one. */
static inline void *
memory_of_its_own(void)
{
	return real_mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
}

/* Which bits of the mode count for this process; the values are how far they are from the lowest. */
enum class { OTHER_CLASS = 0, GROUP_CLASS = 3, USER_CLASS = 6, NO_CLASS = -1 };

static inline enum class class_for(int id) {
	const struct ipc_perm *p = known_permissions(id);

	if (p == NULL) return NO_CLASS;
	if (geteuid() == p->uid || geteuid() == p->cuid) return USER_CLASS;
	return getegid() == p->gid || getegid() == p->cgid ? GROUP_CLASS : OTHER_CLASS;
}

enum { MAY_READ = 4, MAY_WRITE = 2, MAY_BOTH = 6 };

/* What the mode gives to a class. */
static inline int
rights_of(int id, enum class class)
{
	const struct ipc_perm *p = known_permissions(id);

	return p == NULL || class == NO_CLASS ? 0 : p->mode >> class & MAY_BOTH;
}

/* The caller is not root, is judged by this class, and has these rights and no other. */
static inline bool
has_rights(const struct call *c, enum class class, int rights)
{
	return geteuid() != 0 && class_for(c->id) == class && class != NO_CLASS && rights_of(c->id, class) == rights;
}

/* The same, when the mode gives another class all rights that are wanted. */
static inline bool
has_rights_by(const struct call *c, enum class class, enum class other, int wanted)
{
	return geteuid() != 0 && class_for(c->id) == class && (rights_of(c->id, class) & wanted) != wanted &&
	    (rights_of(c->id, other) & wanted) == wanted;
}

static inline int
wanted_by_attach(const struct call *c)
{
	return c->flags & SHM_RDONLY ? MAY_READ : MAY_BOTH;
}

/* For direct checks: fork() of a child that makes segments of its own, which are removed like those of its parent. */
static inline pid_t
fork_creator(void)
{
	segment_key(); /* so that there is a guardian already, with all rights that the process has */
	pid_t child = fork();

	if (child > 0)
		guardian_knows_process(child);
	return child;
}

/* For direct checks: the error of a call that this user makes, 0 for none. -1: only root can take the role of users. */
static inline int
error_for(enum user user, int (*error_of)(int id, int argument), int id, int argument)
{
	int status;
	pid_t child = geteuid() == 0 ? fork() : -1;

	if (child == 0) {
		user_become(user);
		_exit(error_of(id, argument));
	}
	if (child == -1 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static inline int
error_of_attach(int id, int flags)
{
	return shmat(id, NULL, flags) == (void *)-1 ? errno : 0;
}

static inline int
error_of_control(int id, int command)
{
	struct shmid_ds status = { .shm_perm = { .uid = user_id(OWNER), .gid = group_id(OWNER), .mode = 0600 } };

	return shmctl(id, command, &status) == -1 ? errno : 0;
}

/* A segment of OWNER and the group of OWNER, made by root. */
static inline int
segment_of_owner(int mode)
{
	int id = segment_create(page_size());

	segment_attach(id, NULL, 0);
	if (geteuid() == 0)
		segment_give(id, OWNER, OWNER, mode);
	return id;
}

/* For direct checks: the error of a call by a process with these user IDs, in no group of theirs, on a segment of OWNER. */
static inline int
error_with_users(enum user real, enum user effective, int (*error_of)(int id, int argument), int argument)
{
	int id = segment_of_owner(0600);
	int status;
	pid_t child = geteuid() == 0 ? fork() : -1;

	if (child == 0) {
		if (setgid(group_id(OTHER)) == -1 || setreuid(user_id(real), user_id(effective)) == -1)
			_exit(-1);
		_exit(error_of(id, argument));
	}
	return child == -1 || waitpid(child, &status, 0) != child ? -1 : WEXITSTATUS(status);
}

static inline int
attach_error(enum user user, int mode, int flags)
{
	return error_for(user, error_of_attach, segment_of_owner(mode), flags);
}

static inline int
control_error(enum user user, int mode, int command)
{
	return error_for(user, error_of_control, segment_of_owner(mode), command);
}

#endif
