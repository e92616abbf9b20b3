/* SPDX-License-Identifier: BSD-2-Clause */

/* Objects of one user and calls of another: for conditions and direct checks. The checks see nothing unless root makes them. */

#ifndef SHMCHECK_USERS_H
#define SHMCHECK_USERS_H

#include "objects.h"
#include "violation.h"

/* Who the caller is to the object of this name; SAME_USER where there is no such object. */
static inline enum user
caller_to(const char *name)
{
	struct stat status;

	if (!status_of_name(name, &status))
		return SAME_USER;
	if (geteuid() == 0)
		return SUPERUSER;
	if (status.st_uid == geteuid())
		return OWNER;
	return status.st_gid == getegid() ? GROUP_MEMBER : OTHER;
}

static inline mode_t
mode_of_name(const char *name)
{
	struct stat status;

	return status_of_name(name, &status) ? status.st_mode & 0777 : 0;
}

/* A new object of one byte, that of OWNER and its group. */
static inline struct object
object_of_owner(mode_t mode)
{
	struct object o = object_create(1);

	fchmod(o.fd, mode);
	if (fchown(o.fd, user_id(OWNER), group_id(OWNER)) == -1)
		o.name[1] = '\0';
	return o;
}

/* What this user sees. */
static inline bool
is_seen_by(enum user user, bool (*look)(const struct object *), struct object o)
{
	int status = 0;

	if (geteuid() != 0)
		return false;
	if (fork() == 0) {
		user_become(user);
		_exit(look(&o));
	}
	wait(&status);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

#endif
