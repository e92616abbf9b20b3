/* SPDX-License-Identifier: BSD-2-Clause */

#include <unistd.h>

#include "platform/capability.h"
#include "platform/grp.h"
#include "check.h"
#include "platform.h"
#include "user.h"

/*
 * No known system has accounts with these ids. They are above the ids that systemd gives to dynamic users, below "nobody", and
 * among the 65536 ids that a container usually maps.
 */
enum { FIRST_ID = 65521 };

uid_t
user_id(enum user user)
{
	switch (user) {
	case SAME_USER:
		break;
	case SUPERUSER:
		return 0;
	case OWNER:
		return FIRST_ID;
	case GROUP_MEMBER:
		return FIRST_ID + 1;
	case OTHER:
		return FIRST_ID + 2;
	}
	return geteuid();
}

gid_t
group_id(enum user user)
{
	switch (user) {
	case SAME_USER:
		break;
	case SUPERUSER:
		return 0;
	case OWNER:
	case GROUP_MEMBER:
		return FIRST_ID;
	case OTHER:
		return FIRST_ID + 2;
	}
	return getegid();
}

void
need_users(void)
{
	if (geteuid() != 0)
		end_skipped("needs root, to take the roles of several users");
	if (!CAN_SET_GROUPS)
		end_skipped("needs setgroups(), which POSIX lacks and lib/platform/has.h does not know to be here");
	need_capability(CAPABILITY_SETUID);
	need_capability(CAPABILITY_SETGID);
	if (!ids_are_known(FIRST_ID, FIRST_ID + 2))
		end_skipped("needs user ids from %d to %d, which are not known here", FIRST_ID, FIRST_ID + 2);
}

void
need_plain_user(void)
{
	if (geteuid() == 0)
		need_users();
}

void
need_ipc_privileges(void)
{
	if (!has_ipc_privileges())
		end_skipped("needs root with CAP_IPC_OWNER and CAP_SYS_ADMIN, for the segments of others");
}

enum user
plain_user(void)
{
	return geteuid() == 0 ? OWNER : SAME_USER;
}

void
user_become(enum user user)
{
	if (user == SAME_USER)
		return;
	if (setgroups(0, NULL) == -1 || setgid(group_id(user)) == -1 || setuid(user_id(user)) == -1)
		end_skipped("root cannot become user %ld here: %s", (long)user_id(user), errno_name(errno));
	if (getuid() != user_id(user) || geteuid() != user_id(user) || getegid() != group_id(user))
		end_failed("setgid() and setuid() returned 0 and the process is not user %ld", (long)user_id(user));
}

bool
done_by_some_user(bool (*attempt)(void *argument), void *argument)
{
	static const enum user users[] = { OWNER, GROUP_MEMBER, OTHER };
	bool is_done = attempt(argument);

	for (size_t i = 0; i < nitems(users) && !is_done && geteuid() == 0 && seteuid(user_id(users[i])) == 0; i++) {
		is_done = attempt(argument);
		if (seteuid(0) == -1)
			break;
	}
	return is_done;
}
