/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "check.h"
#include "ipc_namespace.h"
#include "platform.h"
#include "platform/namespaces.h"
#include "segment.h"

static const char directory[] = "/proc/sys/kernel";

/* Returns 0, or the errno of the call that failed. */
static int
make_namespace(void)
{
	return unshare_as_any_user(CLONE_NEWIPC) ? 0 : errno;
}

/* In a namespace of its own, which ends with the process: write the limit that is there. A kernel may let it be opened only. */
static int
make_namespace_and_set_limit(void)
{
	char path[64];
	char value[32];
	int error = make_namespace();
	int fd;

	if (error != 0)
		return error;
	snprintf(path, sizeof(path), "%s/shmmax", directory);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd == -1)
		return errno;
	ssize_t size = read(fd, value, sizeof(value));
	return size == -1 || pwrite(fd, value, (size_t)size, 0) == -1 ? errno : 0;
}

/* The result of the function in a child. */
static int
error_in_child(int (*function)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(function());
	if (pid == -1)
		end_skipped("needs more processes: cannot fork: %s", errno_name(errno));
	if (waitpid(pid, &status, 0) != pid)
		end_failed("cannot wait for a child: %s", errno_name(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

void
need_ipc_namespace(void)
{
	int error = error_in_child(make_namespace);

	if (error == ENOSYS)
		end_skipped("needs an IPC namespace, which this system does not know");
	if (error != 0)
		end_skipped("needs an IPC namespace: unshare() gives %s", errno_name(error));
}

void
need_ipc_limits(void)
{
	need_ipc_namespace();
	int error = error_in_child(make_namespace_and_set_limit);

	if (error != 0)
		end_skipped("needs limits that can be set: setting %s/shmmax gives %s", directory, errno_name(error));
}

/* 0 if /proc does not show it. */
static ino_t
namespace_number(void)
{
	struct stat status;

	return stat("/proc/self/ns/ipc", &status) == 0 ? status.st_ino : 0;
}

static bool
segment_is_there(int id)
{
	struct shmid_ds status;

	return shmctl(id, IPC_STAT, &status) == 0;
}

static bool is_private;

void
enter_new_ipc_namespace(void)
{
	ino_t outer = namespace_number();
	int outside = outer == 0 ? segment_create(page_size()) : -1;
	int error = make_namespace();

	if (error != 0)
		end_skipped("needs an IPC namespace: unshare() gives %s", errno_name(error));
	if (outer == 0 ? segment_is_there(outside) : namespace_number() == outer)
		end_failed("unshare(CLONE_NEWIPC) succeeds and makes no IPC namespace");
	is_private = true;
	need_room_for_segments(); /* a filter of system calls refuses them here, too */
}

static FILE *
open_limit(const char *name, const char *mode)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, mode);
	if (file == NULL)
		end_skipped("needs limits that can be set: opening %s gives %s", path, errno_name(errno));
	return file;
}

unsigned long
ipc_limit(const char *name)
{
	unsigned long value = 0;
	FILE *file = open_limit(name, "r");
	int got = fscanf(file, "%lu", &value);

	fclose(file);
	if (got != 1)
		end_failed("cannot read the limit %s", name);
	return value;
}

void
ipc_limit_set(const char *name, unsigned long value)
{
	FILE *file;

	if (!is_private)
		end_failed("%s of the whole system is not ours to set", name);
	file = open_limit(name, "w");
	if (fprintf(file, "%lu\n", value) < 0 || fclose(file) != 0)
		end_failed("cannot set the limit %s to %lu: %s", name, value, errno_name(errno));
}
