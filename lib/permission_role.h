/* SPDX-License-Identifier: BSD-2-Clause */

/* The roles in which a caller can be to a System V segment, and segments with each mode that tells how a role is judged. */

#ifndef SHMCHECK_PERMISSION_ROLE_H
#define SHMCHECK_PERMISSION_ROLE_H

#include <stdbool.h>

#include <sys/ipc.h>
#include <sys/shm.h>

#include "user.h"

/* Who makes the call, who created the segment, and the user and the group that it was given to. */
struct role {
	const char *name;
	enum user caller;
	enum user creator;
	enum user owner;
	int class; /* the bits of the mode that are for the caller: see mode_of_class() */
	bool is_privileged;
};

extern const struct role role_owner;
extern const struct role role_creator; /* who gave it away */
extern const struct role role_member;  /* of the owner's group */
extern const struct role role_creators_group;
extern const struct role role_third_party;
extern const struct role role_root; /* who neither made nor owns it */

/* Bits of a class, as in the mode of a file; 1 would be to execute, which no call asks for. */
enum { MAY_READ = 4, MAY_WRITE = 2, BIT_VALUES = 8 };

struct role_segment {
	key_t key;
	int id;
	int mode;
	struct shmid_ds before; /* its status, as the role finds it */
};

/* A segment for each value of the bits of the role's class: see mode_of_class(). */
struct role_segments {
	const struct role *role;
	struct role_segment with_bits[BIT_VALUES];
};

/* Of one page, which begins with 'x'. The case must run as root: see NEEDS_USERS. */
struct role_segments role_segments_create(const struct role *);

/* The call gives this error, 0 for none. Else the failure tells the mode of the segment, the role and the call. */
#define CHECK_ROLE_ERROR(segment, role, call, expected, error) \
	check_role_error(__FILE__, __LINE__, segment, role, call, expected, error)

void check_role_error(const char *file, int line, const struct role_segment *, const struct role *, const char *call,
    int expected, int error);

#endif
