/* SPDX-License-Identifier: BSD-2-Clause */

/* What holds in a child, and what a byte is when a child has used its page, for the direct checks of rows. */

#ifndef SHMCHECK_ROWS_CHILD_H
#define SHMCHECK_ROWS_CHILD_H

#include <stdbool.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/wait.h>

#include "platform.h"

/* Whether the body holds in a new child, whose locks and settings go with it. */
static inline bool
holds_in_child(bool (*body)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(body());
	waitpid(child, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

/* What is in the byte after a new child has stored "c" there. */
static inline char
byte_after_child(char *p)
{
	pid_t child = fork();

	if (child == 0) {
		*p = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p;
}

/* What is in the first byte of the page after a new child has unmapped the page. */
static inline char
byte_after_unmapping_child(char *page)
{
	pid_t child = fork();

	if (child == 0) {
		munmap(page, page_size());
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *page;
}

#endif
