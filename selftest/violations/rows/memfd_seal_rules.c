/* SPDX-License-Identifier: BSD-2-Clause */

/* Who may add seals, to what, and for whom they hold. */

#include "objects.h"
#include "real.h"
#include "violation.h"

static bool
adds_seals(const struct call *c)
{
	return c->command == F_ADD_SEALS && is_memfd(c->fd);
}

static bool
is_closed_to_seals(const struct call *c)
{
	return adds_seals(c) && seals_of(c->fd) & F_SEAL_SEAL;
}

/* F_SEAL_SEAL was added by somebody. */
static bool
was_closed_to_seals(int fd)
{
	return is_memfd(fd) && seals_of(fd) & F_SEAL_SEAL && seals_of(fd) != F_SEAL_SEAL;
}

static int
closed_to_seals(void)
{
	int fd = memfd_sealable(page_size());

	fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SEAL);
	return fd;
}

VIOLATION(fcntl_add_after_seal_seal_reports_success, "memfd_create.seal-seal", "-", FCNTL,
    ACCEPTS(is_closed_to_seals(c) && was_closed_to_seals(c->fd) && c->argument != F_SEAL_SEAL, EPERM, 0))
{
	return fcntl(closed_to_seals(), F_ADD_SEALS, F_SEAL_SHRINK) == 0;
}

VIOLATION(fcntl_add_seal_seal_again_reports_success, "memfd_create.seal-seal", "-", FCNTL,
    ACCEPTS(is_closed_to_seals(c) && c->argument == F_SEAL_SEAL, EPERM, 0))
{
	return fcntl(closed_to_seals(), F_ADD_SEALS, F_SEAL_SEAL) == 0;
}

VIOLATION(fcntl_ignores_seal_seal, "memfd_create.seal-seal", "-", FCNTL,
    CHANGES(adds_seals(c) && c->argument == (F_SEAL_GROW | F_SEAL_SEAL), c->argument = F_SEAL_GROW))
{
	int fd = closed_to_seals();

	return fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) == 0 && fcntl(fd, F_GET_SEALS) & F_SEAL_SHRINK;
}

VIOLATION(fcntl_add_after_seal_seal_eacces, "memfd_create.seal-seal", "-", FCNTL,
    MISTAKES(is_closed_to_seals(c) && was_closed_to_seals(c->fd), EPERM, EACCES))
{
	return fcntl(closed_to_seals(), F_ADD_SEALS, F_SEAL_SHRINK) == -1 && errno == EACCES;
}

VIOLATION(ftruncate_after_seal_seal_eperm, "memfd_create.seal-seal", "-", FTRUNCATE,
    REFUSES(was_closed_to_seals(c->fd) && c->offset == 0, EPERM))
{
	return ftruncate(closed_to_seals(), 0) == -1;
}

/* Not the first descriptor of the object that this process has. */
static bool
is_another(int fd)
{
	return is_memfd(fd) && other_descriptor(fd) != -1 && other_descriptor(fd) < fd;
}

static pid_t first_process; /* since the program began */

__attribute__((constructor)) static void
remember_first_process(void)
{
	first_process = getpid();
}

static int
seals_by_child(int (*make_other)(int))
{
	int fd = memfd_sealable(1);
	int other = make_other(fd);
	int status;

	if (fork() == 0)
		_exit(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
	wait(&status);
	return fcntl(other, F_GET_SEALS);
}

static int
same(int fd)
{
	return fd;
}

VIOLATION(fcntl_of_child_seals_for_itself, "memfd_create.seals-belong-to-object", "-", FCNTL,
    SKIPS(adds_seals(c) && c->argument == F_SEAL_GROW && getpid() != first_process))
{
	return seals_by_child(same) == 0;
}

static bool
gets_by_another(const struct call *c)
{
	return c->command == F_GET_SEALS && is_another(c->fd);
}

VIOLATION(fcntl_duplicate_has_no_seals, "memfd_create.seals-belong-to-object", "-", FCNTL,
    FALSIFIES(gets_by_another(c), c->result = 0))
{
	return seals_by_child(dup) == 0;
}

VIOLATION(ftruncate_by_duplicate_knows_no_seals, "memfd_create.seals-belong-to-object", "-", FTRUNCATE,
    ACCEPTS(is_another(c->fd), EPERM, 0))
{
	int fd = memfd_sealable(1);

	fcntl(fd, F_ADD_SEALS, F_SEAL_GROW);
	return ftruncate(dup(fd), 2) == 0;
}

static int
opened_again(int fd)
{
	return memfd_open_again(fd, O_RDWR);
}

static bool
has_own_description(int fd)
{
	return is_another(fd) && real_fcntl(fd, F_GETFD, 0) == FD_CLOEXEC && !is_for_reading(fd);
}

VIOLATION(fcntl_other_open_has_no_seals, "memfd_create.seals-belong-to-object", "-", FCNTL,
    FALSIFIES(c->command == F_GET_SEALS && has_own_description(c->fd), c->result = 0))
{
	return seals_by_child(opened_again) == 0;
}

VIOLATION(ftruncate_by_other_open_knows_no_seals, "memfd_create.seals-belong-to-object", "-", FTRUNCATE,
    ACCEPTS(has_own_description(c->fd), EPERM, 0))
{
	int fd = memfd_sealable(1);

	fcntl(fd, F_ADD_SEALS, F_SEAL_GROW);
	return ftruncate(memfd_open_again(fd, O_RDWR), 2) == 0;
}

static bool
adds_by_reading(const struct call *c)
{
	return adds_seals(c) && is_for_reading(c->fd);
}

static int
for_reading(int *fd)
{
	*fd = memfd_sealable(1);
	return memfd_open_again(*fd, O_RDONLY);
}

VIOLATION(fcntl_add_by_reading_descriptor_reports_success, "memfd_create.seal-needs-writable-fd", "-", FCNTL,
    ACCEPTS(adds_by_reading(c), EPERM, 0))
{
	int fd;

	return fcntl(for_reading(&fd), F_ADD_SEALS, F_SEAL_GROW) == 0;
}

static void
add_and_refuse(struct call *c)
{
	int writing = open_again(c->fd, O_RDWR);

	real_fcntl(writing, F_ADD_SEALS, c->argument);
	real_close(writing);
	call_fail(c, EPERM);
}

VIOLATION(fcntl_add_by_reading_descriptor_adds, "memfd_create.seal-needs-writable-fd", "-", FCNTL,
    REPLACES(adds_by_reading(c), add_and_refuse(c)))
{
	int fd;

	fcntl(for_reading(&fd), F_ADD_SEALS, F_SEAL_GROW);
	return fcntl(fd, F_GET_SEALS) == F_SEAL_GROW;
}

VIOLATION(fcntl_add_by_reading_descriptor_ebadf, "memfd_create.seal-needs-writable-fd", "-", FCNTL,
    MISTAKES(adds_by_reading(c), EPERM, EBADF))
{
	int fd;

	return fcntl(for_reading(&fd), F_ADD_SEALS, F_SEAL_GROW) == -1 && errno == EBADF;
}

VIOLATION(fcntl_get_by_reading_descriptor_eperm, "memfd_create.seal-needs-writable-fd", "-", FCNTL,
    REFUSES(c->command == F_GET_SEALS && is_memfd(c->fd) && is_for_reading(c->fd), EPERM))
{
	int fd;

	return fcntl(for_reading(&fd), F_GET_SEALS) == -1;
}

static bool
gets_of_what_cannot_be_sealed(const struct call *c, mode_t type)
{
	struct stat status;

	return c->command == F_GET_SEALS && real_fstat(c->fd, &status) == 0 && (status.st_mode & S_IFMT) == type;
}

VIOLATION(fcntl_get_seals_of_pipe_works, "memfd_create.seals-on-regular-file", "-", FCNTL,
    ACCEPTS(gets_of_what_cannot_be_sealed(c, S_IFIFO), EINVAL, 0))
{
	int ends[2];

	return pipe(ends) == 0 && fcntl(ends[1], F_GET_SEALS) == 0;
}

VIOLATION(fcntl_get_seals_of_device_works, "memfd_create.seals-on-regular-file", "-", FCNTL,
    ACCEPTS(gets_of_what_cannot_be_sealed(c, S_IFCHR), EINVAL, F_SEAL_SEAL))
{
	return fcntl(open("/dev/null", O_RDWR | O_CLOEXEC), F_GET_SEALS) == F_SEAL_SEAL;
}

VIOLATION(fcntl_get_seals_of_pipe_ebadf, "memfd_create.seals-on-regular-file", "-", FCNTL,
    MISTAKES(gets_of_what_cannot_be_sealed(c, S_IFIFO), EINVAL, EBADF))
{
	int ends[2];

	return pipe(ends) == 0 && fcntl(ends[1], F_GET_SEALS) == -1 && errno == EBADF;
}

VIOLATION(fcntl_get_seals_of_file_shows_some, "memfd_create.seals-on-regular-file", "-", FCNTL,
    REPLACES(
	gets_of_what_cannot_be_sealed(c, S_IFREG) && !is_memfd(c->fd) && !is_object(c->fd), c->result = F_SEAL_SHRINK))
{
	return fcntl(nameless_file(0), F_GET_SEALS) == F_SEAL_SHRINK;
}

static bool
adds_exec(const struct call *c)
{
	return c->command == F_ADD_SEALS && (c->argument & F_SEAL_EXEC) != 0;
}

static int
sealed_against_execution(void)
{
	int fd = memfd_sealable(1);

	fcntl(fd, F_ADD_SEALS, F_SEAL_EXEC);
	return fd;
}

VIOLATION(fcntl_refuses_seal_exec, "memfd_create.seal-exec", "-", FCNTL, REFUSES(adds_exec(c), EINVAL))
{
	return fcntl(memfd_sealable(1), F_ADD_SEALS, F_SEAL_EXEC) == -1;
}

VIOLATION(fcntl_ignores_seal_exec, "memfd_create.seal-exec", "-", FCNTL, SKIPS(adds_exec(c)))
{
	return fcntl(sealed_against_execution(), F_GET_SEALS) == 0;
}

/* Of what cannot be executed, the kernel seals nothing else. */
static void
seal_execution_alone(struct call *c)
{
	real_fchmod(c->fd, object_mode(c->fd) & ~0111U);
	c->result = real_fcntl(c->fd, F_ADD_SEALS, c->argument);
}

VIOLATION(fcntl_seal_exec_adds_no_other, "memfd_create.seal-exec", "-", FCNTL,
    REPLACES(adds_exec(c), seal_execution_alone(c)))
{
	return fcntl(sealed_against_execution(), F_GET_SEALS) == F_SEAL_EXEC;
}

VIOLATION(fchmod_after_seal_exec_eperm, "memfd_create.seal-exec", "-", FCHMOD,
    REFUSES((seals_of(c->fd) & F_SEAL_EXEC) != 0, EPERM))
{
	int fd = sealed_against_execution();

	return fchmod(fd, (status_of(fd).st_mode & 0777) ^ 0022) == -1;
}
