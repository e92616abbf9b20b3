/* SPDX-License-Identifier: BSD-2-Clause */

#ifdef __linux__
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/mount.h>
#endif

#include "matrix.h"
#include "platform/mounts.h"
#include "text.h"

#ifdef __linux__
static bool
write_line(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool is_written = fd != -1 && write(fd, line, strlen(line)) == (ssize_t)strlen(line);

	if (fd != -1)
		close(fd);
	return is_written;
}

/* An ordinary user stays who he is, and has no more rights in there once a program is executed: user_namespaces(7). */
static bool
enter_with_user_namespace(void)
{
	const uid_t user = geteuid();
	const gid_t group = getegid();
	char users[64];
	char groups[64];

	snprintf(users, sizeof(users), "%ju %ju 1", (uintmax_t)user, (uintmax_t)user);
	snprintf(groups, sizeof(groups), "%ju %ju 1", (uintmax_t)group, (uintmax_t)group);
	if (unshare(CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWNS) == -1)
		return false;
	if (!write_line("/proc/self/setgroups", "deny") || !write_line("/proc/self/uid_map", users) ||
	    !write_line("/proc/self/gid_map", groups))
		die("cannot stay user %ju in a user namespace", (uintmax_t)user);
	return true;
}

bool
enter_namespaces(void)
{
	const bool is_privileged = unshare(CLONE_NEWIPC | CLONE_NEWNS) == 0;

	if (!is_privileged && !enter_with_user_namespace())
		fputs("matrix: no namespaces here: what violations leave behind stays\n", stderr);
	else if (make_mounts_private())
		(void)mount("shmcheck", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
	return is_privileged;
}
#else
bool
enter_namespaces(void)
{
	return true;
}
#endif
