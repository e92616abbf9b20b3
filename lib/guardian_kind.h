/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * For lib/guardian*.c: the kinds of things that a guardian removes. Each kind is a source file of its own, so that a program
 * links only the calls of the kinds that it makes: a platform may lack those of the others.
 */

#ifndef SHMCHECK_GUARDIAN_KIND_H
#define SHMCHECK_GUARDIAN_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <sys/types.h>

/* Names and paths that can be guarded are shorter than this. */
enum { GUARDED_NAME_SIZE = 400 };

enum entry_kind { KEY, SEGMENT, OBJECT, REGULAR_FILE, SEMAPHORE, ENTRY_KINDS, PROCESS = ENTRY_KINDS, FINISH };

/* What the guardian is told, in one write to the pipe: it fits in _POSIX_PIPE_BUF, so that writers do not mix. */
struct entry {
	enum entry_kind kind;
	bool has_identity;
	pid_t process;
	key_t key;
	int id;
	dev_t device;
	ino_t inode;
	char name[GUARDED_NAME_SIZE];
};

/* In the case: tell the guardian, and start it first if there is none. Ends the case if that is not possible. */
void guardian_tell(const struct entry *);

/*
 * Say how the guardian removes an entry of a kind; and how it removes what a killed case made of that kind, since the guardian
 * began, and had not told yet. Both functions return whether nothing of the case's own is left. A constructor calls this before
 * main().
 */
void guardian_removes(enum entry_kind, bool (*entry)(struct entry *), bool (*not_told)(time_t since));

/* In the guardian: what it was told; whether this process is the case or a child of it; the process of the case. */
const struct entry *guardian_entries(size_t *count);
bool guardian_is_known_process(pid_t);
pid_t guardian_of_process(void);

#endif
