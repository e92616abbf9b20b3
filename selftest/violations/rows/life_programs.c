/* SPDX-License-Identifier: BSD-2-Clause */

/* What would fail PostgreSQL, CPython, UCX and Open MPI. */

#include <fcntl.h>
#include <stdio.h>

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "real.h"
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
