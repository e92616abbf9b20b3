/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A script: operations as text, one in a line.
 *
 *	unit 1
 *	p0 shm_open name=0 flags=create
 *	p0 ftruncate descriptor=0 size=unit
 *	p0 mmap at=0 units=1 of=0 from=0 sharing=shared access=read-write
 *
 * Behind "#" is a comment. The line "unit" tells the pages of a unit; without it that is one.
 */

#ifndef SHMCHECK_SCRIPT_H
#define SHMCHECK_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "model/operation.h"

enum { SCRIPT_MAX = 4000, UNIT_MAX = 4096, LINE_SIZE = 160 };

struct script {
	unsigned unit; /* pages */
	unsigned count;
	struct operation operations[SCRIPT_MAX];
};

/* The operation as a line, without its end. */
void operation_print(const struct operation *, char *line, size_t size);

void script_write(FILE *, const struct script *);

/* Read a script. If that is not one, returns false, and the text tells the line and what is wrong. */
bool script_read(FILE *, struct script *, char *wrong, size_t size);

#endif
