/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * For lib/guardian*.c: the kinds of things that a guardian removes. Each kind is a source of its own, so that a program that
 * makes nothing of a kind has no need of its calls: where a platform lacks them, the other programs are there.
 */

#ifndef SHMCHECK_GUARDIAN_KIND_H
#define SHMCHECK_GUARDIAN_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <sys/types.h>

#include "guardian.h"

enum entry_kind { KEY, SEGMENT, OBJECT, REGULAR_FILE, ENTRY_KINDS, PROCESS = ENTRY_KINDS, FINISH };

/* One thing to know, written to the pipe at once: fits in _POSIX_PIPE_BUF, so that writers do not mix. */
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

/* The case: tell the guardian, which is started where there is none. Ends the case where that is not possible. */
void guardian_tell(const struct entry *);

/*
 * How the guardian removes an entry of a kind, and what a killed case made of it and could not tell, since the guardian
 * began. Both answer whether nothing of the case's own is left. Before main(), by a constructor.
 */
void guardian_removes(enum entry_kind, bool (*entry)(struct entry *), bool (*untold)(time_t since));

/* The guardian: what it was told, whether that is the case or a child of it, and which process it is of. */
const struct entry *guardian_entries(size_t *count);
bool guardian_is_known_process(pid_t);
pid_t guardian_of_process(void);

#endif
