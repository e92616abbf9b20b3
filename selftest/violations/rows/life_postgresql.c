/* SPDX-License-Identifier: BSD-2-Clause */

/* What would fail PostgreSQL. */

#include <fcntl.h>
#include <stdio.h>

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "mapping.h"
#include "objects.h"
#include "real.h"
#include "segment.h"
#include "direct_check.h"
#include "violation.h"

VIOLATION(ftruncate_of_object_interrupted, "life_postgresql.ftruncate-repeated-after-eintr", "-", FTRUNCATE,
    REFUSES(is_object(c->fd) && !is_first_process() && is_mapped(c->fd), EINTR))
{
	int fd = object_create(1).fd;
	int status;
	pid_t child;

	map_shared(fd, 1);
	child = fork();
	if (child == 0)
		_exit(ftruncate(fd, 2) == -1 && errno == EINTR ? 0 : 1);
	return waitpid(child, &status, 0) == child && status == 0;
}

/* Every other call stops in the middle. */
static void
stop_halfway(struct call *c)
{
	static unsigned calls;

	if (calls++ % 2 == 1) {
		real_call(c);
		return;
	}
	real_ftruncate(c->fd, c->interface == FTRUNCATE ? c->offset / 2 : (off_t)c->length / 2);
	call_fail(c, EINTR);
}

VIOLATION(ftruncate_of_object_stops_halfway, "life_postgresql.ftruncate-repeated-after-eintr", "-", FTRUNCATE,
    REPLACES(is_object(c->fd) && is_mapped(c->fd), stop_halfway(c)))
{
	int fd = object_create(1).fd;

	map_shared(fd, 1);
	return ftruncate(fd, 4) == -1 && size_of(fd) == 2;
}

VIOLATION(posix_fallocate_of_mapped_object_interrupted, "life_postgresql.fallocate-repeated-after-eintr", "-",
    POSIX_FALLOCATE, REFUSES(is_object(c->fd) && is_mapped(c->fd), EINTR))
{
	int fd = object_create(1).fd;

	map_shared(fd, 1);
	return posix_fallocate(fd, 0, 2) == EINTR;
}

VIOLATION(posix_fallocate_of_mapped_object_stops_halfway, "life_postgresql.fallocate-repeated-after-eintr", "-",
    POSIX_FALLOCATE, REPLACES(is_object(c->fd) && is_mapped(c->fd), stop_halfway(c)))
{
	int fd = object_create(4).fd;

	map_shared(fd, 4);
	return posix_fallocate(fd, 0, 6) == EINTR && size_of(fd) == 3;
}

VIOLATION(posix_fallocate_of_mapped_object_clears, "life_postgresql.fallocate-repeated-after-eintr", "-",
    POSIX_FALLOCATE, FALSIFIES(is_object(c->fd) && is_mapped(c->fd), fill(c->fd, 0, (off_t)page_size(), 0)))
{
	int fd = object_create(1).fd;
	char *p = map_shared(fd, 1);

	*p = 'x';
	return posix_fallocate(fd, 0, 2) == 0 && *p == 0;
}

VIOLATION(posix_fallocate_of_mapped_object_leaves_dirt, "life_postgresql.fallocate-repeated-after-eintr", "-",
    POSIX_FALLOCATE,
    FALSIFIES(is_object(c->fd) && is_mapped(c->fd), fill(c->fd, (off_t)page_size(), 2 * (off_t)page_size(), 'd')))
{
	int fd = object_create(1).fd;

	map_shared(fd, 1);
	return posix_fallocate(fd, 0, (off_t)(2 * page_size())) == 0 &&
	    ((char *)map_shared(fd, 2 * page_size()))[page_size()] == 'd';
}

VIOLATION(posix_fallocate_of_mapped_object_one_byte_less, "life_postgresql.fallocate-repeated-after-eintr", "-",
    POSIX_FALLOCATE,
    FALSIFIES(is_object(c->fd) && is_mapped(c->fd), real_ftruncate(c->fd, c->offset + (off_t)c->length - 1)))
{
	int fd = object_create(1).fd;

	map_shared(fd, 1);
	return posix_fallocate(fd, 0, 3) == 0 && size_of(fd) == 2;
}

VIOLATION(posix_fallocate_of_mapped_object_one_page_less, "life_postgresql.fallocate-repeated-after-eintr", "-",
    POSIX_FALLOCATE,
    FALSIFIES(is_object(c->fd) && is_mapped(c->fd) && c->length > page_size(),
	real_ftruncate(c->fd, c->offset + (off_t)(c->length - page_size()))))
{
	int fd = object_create(1).fd;

	map_shared(fd, 1);
	return posix_fallocate(fd, 0, 1 + (off_t)page_size()) == 0 && size_of(fd) == 1;
}

VIOLATION(posix_fallocate_in_child_interrupted, "life_postgresql.fallocate-with-signals-blocked", "-", POSIX_FALLOCATE,
    REFUSES(is_object(c->fd) && !is_first_process(), EINTR))
{
	int fd = object_create(0).fd;
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(posix_fallocate(fd, 0, 1) == EINTR ? 0 : 1);
	return waitpid(child, &status, 0) == child && status == 0;
}

VIOLATION(posix_fallocate_in_child_half, "life_postgresql.fallocate-with-signals-blocked", "-", POSIX_FALLOCATE,
    FALSIFIES(is_object(c->fd) && !is_first_process(), real_ftruncate(c->fd, (off_t)c->length / 2)))
{
	int fd = object_create(0).fd;
	pid_t child = fork();

	if (child == 0)
		_exit(posix_fallocate(fd, 0, 4));
	return waitpid(child, NULL, 0) == child && size_of(fd) == 2;
}

VIOLATION(ftruncate_to_nothing_in_child_refused, "life_postgresql.fallocate-with-signals-blocked", "-", FTRUNCATE,
    REFUSES(is_object(c->fd) && !is_first_process() && c->offset == 0, EINVAL))
{
	int fd = object_create(1).fd;
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(ftruncate(fd, 0) == -1 ? 0 : 1);
	return waitpid(child, &status, 0) == child && status == 0;
}

VIOLATION(ftruncate_of_mapped_object_in_child_clears, "life_postgresql.ftruncate-repeated-after-eintr", "-", FTRUNCATE,
    FALSIFIES(is_object(c->fd) && is_mapped(c->fd) && !is_first_process(), fill(c->fd, 0, file_size(c->fd), 0)))
{
	int fd = object_create(2).fd;
	char *p = map_shared(fd, 2);
	pid_t child = fork();

	if (child == 0) {
		*p = 'x';
		_exit(ftruncate(fd, 1));
	}
	waitpid(child, NULL, 0);
	return *p == 0;
}

VIOLATION(attachments_of_ended_count, "life_postgresql.users-left-after-sigkill", "B007", SHMCTL,
    FALSIFIES(c->command == IPC_STAT && known_segment(c->id) == NULL, ((struct shmid_ds *)c->buffer)->shm_nattch++))
{
	int *id = map_anonymous(sizeof(*id), MAP_SHARED);
	struct shmid_ds status = { .shm_nattch = 0 };
	pid_t child;

	guard_segments();
	child = fork();
	if (child == 0) {
		*id = segment_create(1);
		_exit(0);
	}
	guardian_knows_process(child);
	waitpid(child, NULL, 0);
	return shmctl(*id, IPC_STAT, &status) == 0 && status.shm_nattch == 1;
}
