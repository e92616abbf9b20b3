/* SPDX-License-Identifier: BSD-2-Clause */

/* Where descriptors or objects run out: shm_open(), memfd_create() and sem_open(). */

#include <sys/resource.h>

#include "named_semaphore.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

/* Descriptors that are free: 0, 1, or 2 for more. */
static int
free_descriptors(void)
{
	int one = real_fcntl(0, F_DUPFD_CLOEXEC, 0);
	int two = real_fcntl(0, F_DUPFD_CLOEXEC, 0);

	if (one != -1)
		real_close(one);
	if (two != -1)
		real_close(two);
	return (one != -1) + (two != -1);
}

/* Leaves this number of descriptors free. */
static void
use_descriptors_but(int count)
{
	const struct rlimit few = { 32, 32 };

	setrlimit(RLIMIT_NOFILE, &few);
	while (dup(0) != -1)
		;
	for (int fd = 31; count > 0; fd--, count--)
		close(fd);
}

VIOLATION(shm_open_emfile_is_enfile, "shm_open.emfile", "-", SHM_OPEN, MISTAKES(true, EMFILE, ENFILE))
{
	struct object o = object_create(0);

	use_descriptors_but(0);
	return shm_open(o.name, O_RDWR, 0) == -1 && errno == ENFILE;
}

VIOLATION(shm_open_keeps_a_descriptor_free, "shm_open.emfile", "-", SHM_OPEN, REFUSES(free_descriptors() == 1, EMFILE))
{
	struct object o = object_create(0);

	use_descriptors_but(1);
	return shm_open(o.name, O_RDWR, 0) == -1;
}

static void
create_without_descriptor(struct call *c)
{
	char path[64] = "/dev/shm/";

	strncat(path, c->name, sizeof(path) - strlen(path) - 1);
	mknod(path, S_IFREG | c->mode, 0);
	call_fail(c, EMFILE);
}

VIOLATION(shm_open_emfile_leaves_object, "shm_open.emfile-creates-nothing", "-", SHM_OPEN,
    REPLACES((c->flags & O_CREAT) != 0 && free_descriptors() == 0, create_without_descriptor(c)))
{
	struct object o = object_name();

	use_descriptors_but(0);
	(void)shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	close(31);
	return shm_open(o.name, O_RDWR, 0) != -1;
}

static bool
place_is_full(bool (*look)(int))
{
	struct object one = object_name();
	struct object two = object_name();
	int status = 0;

	if (geteuid() != 0)
		return false;
	if (fork() == 0) {
		mount_private_objects("nr_inodes=2");
		(void)shm_open(one.name, O_CREAT | O_EXCL | O_RDWR, 0600);
		_exit(look(shm_open(two.name, O_CREAT | O_EXCL | O_RDWR, 0600)));
	}
	wait(&status);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static bool
is_emfile(int fd)
{
	return fd == -1 && errno == EMFILE;
}

VIOLATION(
    shm_open_enospc_is_emfile, "shm_open.enospc", "-", SHM_OPEN, MISTAKES((c->flags & O_CREAT) != 0, ENOSPC, EMFILE))
{
	return place_is_full(is_emfile);
}

static bool
is_descriptor(int fd)
{
	return fd != -1;
}

VIOLATION(shm_open_enospc_accepted, "shm_open.enospc", "-", SHM_OPEN,
    ACCEPTS((c->flags & O_CREAT) != 0, ENOSPC, real_fcntl(0, F_DUPFD_CLOEXEC, 0)))
{
	return place_is_full(is_descriptor);
}

VIOLATION(memfd_create_emfile_is_enfile, "memfd_create.emfile", "-", MEMFD_CREATE, MISTAKES(true, EMFILE, ENFILE))
{
	use_descriptors_but(0);
	return memfd_create("shmcheck", 0) == -1 && errno == ENFILE;
}

VIOLATION(memfd_create_keeps_a_descriptor_free, "memfd_create.emfile", "-", MEMFD_CREATE,
    REFUSES(free_descriptors() == 1, EMFILE))
{
	use_descriptors_but(1);
	return memfd_create("shmcheck", 0) == -1;
}

/* As in hooks_sync.c. */
#if !defined(__APPLE__) && !defined(__OpenBSD__)

static bool
makes_semaphore(const struct call *c)
{
	return (c->flags & O_CREAT) != 0;
}

static int
error_of_new_semaphore(void)
{
	struct semaphore_name name = semaphore_name();

	use_descriptors_but(0);
	return sem_open(name.text, O_CREAT | O_EXCL, 0600, 0) == SEM_FAILED ? errno : 0;
}

VIOLATION(sem_open_new_emfile_is_enfile, "sem_open.emfile", "-", SEM_OPEN, MISTAKES(makes_semaphore(c), EMFILE, ENFILE))
{
	return error_of_new_semaphore() == ENFILE;
}

VIOLATION(sem_open_emfile_is_enfile, "sem_open.emfile", "-", SEM_OPEN, MISTAKES(!makes_semaphore(c), EMFILE, ENFILE))
{
	struct semaphore_name name = semaphore_name();

	named_semaphore(&name, 0);
	use_descriptors_but(0);
	return sem_open(name.text, 0) == SEM_FAILED && errno == ENFILE;
}

VIOLATION(sem_open_keeps_a_descriptor_free, "sem_open.emfile", "-", SEM_OPEN, REFUSES(free_descriptors() == 1, EMFILE))
{
	struct semaphore_name name = semaphore_name();

	named_semaphore(&name, 0);
	use_descriptors_but(1);
	return sem_open(name.text, 0) == SEM_FAILED;
}

#endif
