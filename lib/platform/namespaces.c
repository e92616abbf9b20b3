/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "platform/namespaces.h"

static bool
write_line(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool is_written = fd != -1 && write(fd, line, strlen(line)) == (ssize_t)strlen(line);
	int error = errno;

	if (fd != -1)
		close(fd);
	errno = error;
	return is_written;
}

static bool
map_id(const char *path, uintmax_t inside, uintmax_t outside)
{
	char line[64];

	snprintf(line, sizeof(line), "%ju %ju 1", inside, outside);
	return write_line(path, line);
}

/* In a new user namespace: have these ids, or be root instead. */
static bool
map_ids(uid_t user, gid_t group, bool as_root)
{
	/* Linux before 3.19 has no such file. Later versions need it before gid_map is written. */
	return (write_line("/proc/self/setgroups", "deny") || errno == ENOENT) &&
	    map_id("/proc/self/uid_map", as_root ? 0 : user, user) &&
	    map_id("/proc/self/gid_map", as_root ? 0 : group, group);
}

bool
unshare_with_user_namespace(int kinds, bool as_root)
{
	const uid_t user = geteuid();
	const gid_t group = getegid();

	return unshare(CLONE_NEWUSER | kinds) == 0 && map_ids(user, group, as_root);
}

bool
unshare_as_any_user(int kinds)
{
	const uid_t user = geteuid();
	const gid_t group = getegid();

	if (unshare(kinds) == 0)
		return true;
	if (errno != EPERM)
		return false;
	if (unshare(CLONE_NEWUSER | kinds) == -1) {
		errno = EPERM; /* of the first call: that right is missing */
		return false;
	}
	return map_ids(user, group, true);
}
