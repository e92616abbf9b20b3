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

/* What is between an operation and its answer, and the lines of a record that are no operations: see journal.h. */
#define ANSWER_ARROW " -> "
#define ROUND_LINE   "round\n"
#define END_LINE     "end\n"

/* What came back when a script was recorded, as words; "" where nothing is known. */
enum { ANSWER_SIZE = 64 };
typedef char script_answers[SCRIPT_MAX][ANSWER_SIZE];

/*
 * Read scripts from a file, a round at a time. A plain script is one round; a record (journal.h) has many, and is whole if its
 * last line says that it has ended.
 */
struct script_reader {
	FILE *file;
	unsigned line;
	unsigned unit;     /* 0: none was named, and it is one page */
	bool is_record;    /* it has rounds */
	bool has_ended;    /* the last line of a record was read */
	bool is_cut_short; /* the last line has no end */
};

/*
 * Read the next round, and its answers unless these are null. Returns false if it can't be read: the text tells the line, and
 * what is wrong. There is none any more if the round has no operation and the file is at its end.
 */
bool script_read_round(struct script_reader *, struct script *, script_answers, char *wrong, size_t size);

#endif
