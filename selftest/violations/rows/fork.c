/* SPDX-License-Identifier: BSD-2-Clause */

/* What a child of fork() has of its parent's memory. */

#include <sys/mman.h>
#include <sys/shm.h>

#include "effects.h"
#include "violation.h"

VIOLATION(fork_makes_attachments_private, "shm_process.fork-shares-writes", "-", FORK,
    FALSIFIES(c->result == 0, make_attachments_private()))
{
	char *p = segment_attach(segment_create(1), NULL, 0);
	pid_t child = fork();

	if (child == 0) {
		*p = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p == 0;
}
