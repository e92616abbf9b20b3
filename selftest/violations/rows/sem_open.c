/* SPDX-License-Identifier: BSD-2-Clause */

#include <limits.h>
#include <semaphore.h>
#include <stdio.h>

#include <sys/stat.h>

#include "named_semaphore.h"
#include "violation.h"

/* As in hooks_sync.c. */
#if !defined(__APPLE__) && !defined(__OpenBSD__)

static int
value_of(sem_t *s)
{
	int value = -1;

	sem_getvalue(s, &value);
	return value;
}

static bool
creates(const struct call *c)
{
	return (c->flags & O_CREAT) != 0;
}

VIOLATION(sem_open_value_ignored, "sem_open.shared-by-name", "-", SEM_OPEN, CHANGES(creates(c), c->value = 0))
{
	struct semaphore_name name = semaphore_name();

	return value_of(named_semaphore(&name, 2)) == 0;
}

VIOLATION(sem_open_ignores_excl, "sem_open.excl-eexist", "-", SEM_OPEN, CHANGES(c->flags &O_EXCL, c->flags &= ~O_EXCL))
{
	struct semaphore_name name = semaphore_name();

	named_semaphore(&name, 1);
	return sem_open(name.text, O_CREAT | O_EXCL, 0600, 1) != SEM_FAILED;
}

VIOLATION(sem_open_missing_made, "sem_open.missing-enoent", "-", SEM_OPEN,
    CHANGES(!creates(c), (c->flags |= O_CREAT, c->mode = 0600)))
{
	struct semaphore_name name = semaphore_name();

	return sem_open(name.text, 0) != SEM_FAILED;
}

VIOLATION(sem_open_missing_einval, "sem_open.missing-enoent", "-", SEM_OPEN, MISTAKES(true, ENOENT, EINVAL))
{
	struct semaphore_name name = semaphore_name();

	return sem_open(name.text, 0) == SEM_FAILED && errno == EINVAL;
}

VIOLATION(sem_unlink_missing_accepted, "sem_open.missing-enoent", "-", SEM_UNLINK, ACCEPTS(true, ENOENT, 0))
{
	struct semaphore_name name = semaphore_name();

	return sem_unlink(name.text) == 0;
}

/* Who finds a semaphore and thinks that it is new. */
static void
raise_value(void *semaphore)
{
	struct call post = { .interface = SEM_POST, .address = semaphore };

	real_call(&post);
}

VIOLATION(sem_open_raises_existing, "sem_open.existing-keeps-value", "-", SEM_OPEN,
    FALSIFIES(creates(c) && (c->flags & O_EXCL) == 0, raise_value((void *)c->result)))
{
	struct semaphore_name name = semaphore_name();
	sem_t *s = named_semaphore(&name, 1);

	sem_open(name.text, O_CREAT, 0600, 1);
	return value_of(s) == 2;
}

VIOLATION(sem_close_einval, "sem_open.close-keeps-value", "-", SEM_CLOSE, REFUSES(true, EINVAL))
{
	struct semaphore_name name = semaphore_name();

	return sem_close(named_semaphore(&name, 1)) == -1;
}

static void
give_back(struct call *c)
{
	raise_value(c->address);
	real_call(c);
}

VIOLATION(sem_close_gives_back, "sem_open.close-keeps-value", "-", SEM_CLOSE, REPLACES(true, give_back(c)))
{
	struct semaphore_name name = semaphore_name();

	sem_close(named_semaphore(&name, 1));
	return value_of(sem_open(name.text, 0)) == 2;
}

static void
leave_descriptor(struct call *c)
{
	real_call(c);
	(void)!dup(0);
}

VIOLATION(sem_close_leaves_descriptor, "sem_open.close-closes-descriptor", "-", SEM_CLOSE,
    REPLACES(true, leave_descriptor(c)))
{
	struct semaphore_name name = semaphore_name();
	sem_t *s = named_semaphore(&name, 1);
	int before = dup(0);

	close(before);
	sem_close(s);
	return dup(0) != before;
}

VIOLATION(sem_unlink_eacces, "sem_open.unlink-hides-name", "-", SEM_UNLINK, REFUSES(true, EACCES))
{
	struct semaphore_name name = semaphore_name();

	named_semaphore(&name, 1);
	return sem_unlink(name.text) == -1;
}

VIOLATION(sem_unlink_without_effect, "sem_open.unlink-hides-name", "-", SEM_UNLINK, SKIPS(true))
{
	struct semaphore_name name = semaphore_name();

	named_semaphore(&name, 1);
	return sem_unlink(name.text) == 0 && sem_open(name.text, 0) != SEM_FAILED;
}

VIOLATION(sem_open_too_large_lowered, "sem_open.value-too-large-einval", "-", SEM_OPEN,
    CHANGES(creates(c) && c->value > (unsigned)SEM_VALUE_MAX, c->value = (unsigned)SEM_VALUE_MAX))
{
	struct semaphore_name name = semaphore_name();

	return sem_open(name.text, O_CREAT, 0600, (unsigned)SEM_VALUE_MAX + 1) != SEM_FAILED;
}

VIOLATION(sem_open_slash_enoent, "sem_open.name-slash-einval", "-", SEM_OPEN, MISTAKES(true, EINVAL, ENOENT))
{
	return sem_open("/", O_CREAT, 0600, 0) == SEM_FAILED && errno == ENOENT;
}

static const char *
too_long(void)
{
	static char name[NAME_MAX];

	if (name[0] == '\0')
		semaphore_name_of_length(name, NAME_MAX - 3);
	return name;
}

VIOLATION(sem_open_too_long_einval, "sem_open.name-length", "-", SEM_OPEN, MISTAKES(true, ENAMETOOLONG, EINVAL))
{
	return sem_open(too_long(), 0) == SEM_FAILED && errno == EINVAL;
}

VIOLATION(sem_unlink_too_long_enoent, "sem_open.name-length", "-", SEM_UNLINK, MISTAKES(true, ENAMETOOLONG, ENOENT))
{
	return sem_unlink(too_long()) == -1 && errno == ENOENT;
}

/* POSIX wants no more of the longest name. */
VIOLATION(sem_open_long_enametoolong, "sem_open.name-length", "-", SEM_OPEN,
    REFUSES(strlen(c->name) > _POSIX_NAME_MAX, ENAMETOOLONG))
{
	char name[102];

	semaphore_name_of_length(name, 100);
	return sem_open(name, O_CREAT | O_EXCL, 0600, 0) == SEM_FAILED;
}

static mode_t
mode_of_new(mode_t mode)
{
	struct semaphore_name name = semaphore_name();
	char path[32];
	struct stat status = { .st_mode = 0 };

	umask(0);
	sem_open(name.text, O_CREAT | O_EXCL, mode, 0);
	snprintf(path, sizeof(path), "/dev/shm/sem.%s", name.text + 1);
	stat(path, &status);
	return status.st_mode & 0777;
}

VIOLATION(sem_open_for_all, "sem_open.eacces", "-", SEM_OPEN, CHANGES(creates(c), c->mode = 0666))
{
	return mode_of_new(0600) == 0666;
}

VIOLATION(sem_open_for_owner, "sem_open.eacces", "-", SEM_OPEN, CHANGES(creates(c), c->mode = 0600))
{
	return mode_of_new(0666) == 0600;
}

/* A file that nobody finds, or that seems to be another user's. */
static bool
is_of_semaphore(const struct call *c)
{
	return strncmp(c->name, "/dev/shm/sem.", strlen("/dev/shm/sem.")) == 0;
}

static int
status_of_new(struct stat *status)
{
	struct semaphore_name name = semaphore_name();
	char path[32];

	named_semaphore(&name, 0);
	snprintf(path, sizeof(path), "/dev/shm/sem.%s", name.text + 1);
	return stat(path, status);
}

VIOLATION(sem_open_without_file, "sem_open.file-shows-owner-and-mode", "-", STAT, REFUSES(is_of_semaphore(c), ENOENT))
{
	struct stat status;

	return status_of_new(&status) == -1;
}

VIOLATION(sem_open_file_of_other_user, "sem_open.file-shows-owner-and-mode", "-", STAT,
    FALSIFIES(is_of_semaphore(c), ((struct stat *)c->buffer)->st_uid++))
{
	struct stat status;

	return status_of_new(&status) == 0 && status.st_uid == geteuid() + 1;
}

VIOLATION(sem_open_file_of_other_group, "sem_open.file-shows-owner-and-mode", "-", STAT,
    FALSIFIES(is_of_semaphore(c), ((struct stat *)c->buffer)->st_gid++))
{
	struct stat status;

	return status_of_new(&status) == 0 && status.st_gid == getegid() + 1;
}

#endif
