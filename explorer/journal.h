/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A journal of rounds: the scripts of all that was done, each operation with what came back.
 *
 *	round
 *	p0 shmget key=0 size=1 flags=create -> gives another identifier
 *	end
 *
 * An operation is in the file before it is done, and its answer afterwards: if the platform goes down, the last line tells at
 * what. --replay compares the answers on another platform.
 */

#ifndef SHMCHECK_JOURNAL_H
#define SHMCHECK_JOURNAL_H

#include <stdbool.h>
#include <stdio.h>

#include "model/question.h"
#include "script.h"

/*
 * Write to this file from now on: a new one, or behind what is there. "sync": by fsync(), so that it survives a crash. A unit
 * has this number of pages.
 */
void journal_begin(const char *path, bool append, bool sync, unsigned unit);

/* Whether there is one. Without one the functions below do nothing. */
bool journal_is_kept(void);

void journal_round(void);
void journal_operation(const struct operation *);
void journal_answer(const struct operation *, const struct answer *);

/* What the platform chose of what an operation may do, as a comment. */
void journal_choice(const char *operation, const char *text);

/* All rounds are over. */
void journal_end(void);

/*
 * How many rounds a journal has that was cut short, and the operations of the last one, which was not finished. Returns false if
 * the journal has come to its end, or is none: the text says so.
 */
bool journal_unfinished(FILE *, unsigned long *rounds, struct script *, char *wrong, size_t size);

#endif
