/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What the documents promise of shared memory. One function for each operation answers the question; the files are
 * about an interface each.
 */

#ifndef SHMCHECK_MODEL_H
#define SHMCHECK_MODEL_H

#include <stddef.h>

#include "question.h"

/*
 * What may come back from this operation in this world. There is no outcome if the operation cannot be done there, or
 * if nobody promises anything.
 */
void model_ask(const struct setting *, const struct world *before, const struct operation *, struct outcomes *);

/* The outcome that this answer is, or null if it is none. */
const struct outcome *model_judge(const struct outcomes *, const struct answer *seen);

/* What a byte of a backing that is not mapped may be: pages.c. Behind its end nothing is promised. */
void model_peek(struct question *, uint8_t backing);

/* The size of an object or a file: descriptors.c. */
void model_tell_size(struct question *, uint8_t backing);

/*
 * The open file description of the descriptor that the operation names. If it is not open, that is refused, and null is
 * returned: descriptors.c.
 */
const struct description *open_description(struct question *);

/* The descriptor of a process with the lowest number that is not open, or -1: descriptors.c. */
int free_descriptor(const struct process *);

/* What the user of the process may do by the mode, in permissions.c: a set of these, and whether it may read and also write. */
enum { RIGHT_TO_READ = 4, RIGHT_TO_WRITE = 2 };
unsigned rights_by_mode(const struct question *, uint8_t backing);
bool may_use(const struct question *, uint8_t backing, bool writes);

/* Whether the user is the owner, or has made the segment, which gives the same rights. */
bool is_owner(const struct question *, uint8_t backing);

/* Whether the user may change the mode, or remove the segment. */
bool may_change(const struct question *, uint8_t backing);

/* What the mask of actors, 022, leaves of a mode. */
enum mode mode_behind_mask(enum mode);

/* Whether all modes can be asked for, and changed. */
bool has_modes(const struct question *, enum backing_kind);

/*
 * In a world after an operation a segment was attached, or detached, by a process; handed on or detached by fork and the
 * like, of which less is promised; or the process loses all its attachments: status.c.
 */
void segment_is_attached(struct world *, uint8_t segment, unsigned process);
void segment_is_detached(struct world *, const struct setting *, uint8_t segment, unsigned process);
void segment_is_handed_on(struct world *, uint8_t segment, unsigned process);
void segment_may_be_detached(struct world *, uint8_t segment, unsigned process);
void process_leaves_segments(struct world *, unsigned process);

/* The second value of IPC_MODE: the owner, and this number times the creator. */
enum { USERS_AND_NOBODY = USERS + 1 };

/* The second value of IPC_USERS if shm_lpid is 0, and if it is none of the round. */
enum { NO_PROCESS = PROCESSES, UNKNOWN_PROCESS };

/* The first value of IPC_TIMES: which times are not 0. The second is a set of those that are not of this round. */
enum { WAS_ATTACHED = 1, WAS_DETACHED = 2 };

/* status.c */
void model_ipc_stat(struct question *);
void model_ipc_mode(struct question *);
void model_ipc_users(struct question *);
void model_ipc_times(struct question *);
void model_fstat_times(struct question *);

/* advice.c: also what becomes of the memory of a child that fork() has made as its parent is */
void model_guard(struct question *);
void model_unguard(struct question *);
void model_advise(struct question *);
void advice_at_fork(struct process *child);

/* permissions.c */
void model_ipc_set(struct question *);
void model_fstat_mode(struct question *);
void model_fchmod(struct question *);
void model_become(struct question *);

/* segments.c */
void model_shmget(struct question *);
void model_shmat(struct question *);
void model_shmdt(struct question *);
void model_ipc_rmid(struct question *);
void model_find_segment(struct question *);
void model_peek_segment(struct question *);

/* objects.c */
void model_shm_open(struct question *);
void model_shm_unlink(struct question *);
void model_find_object(struct question *);
void model_peek_object(struct question *);
void model_open(struct question *);
void model_memfd_create(struct question *);
void model_unlink(struct question *);
void model_find_file(struct question *);
void model_peek_file(struct question *);

/* descriptors.c */
void model_ftruncate(struct question *);
void model_fstat(struct question *);
void model_close(struct question *);
void model_dup(struct question *);
void model_getfd(struct question *);
void model_setfd(struct question *);
void model_lseek(struct question *);
void model_read(struct question *);
void model_write(struct question *);
void model_pread(struct question *);
void model_pwrite(struct question *);

/* mappings.c */
void model_mmap(struct question *);
void model_munmap(struct question *);
void model_mprotect(struct question *);
void model_msync(struct question *);

/* signals.c: what else may come back where signals arrive during the call */
void model_interrupted(struct question *);

/* locks.c */
void model_lock_interrupted(struct question *);
void model_mlock(struct question *);
void model_munlock(struct question *);
void model_locked_bytes(struct question *);

/* pages.c */
void model_load(struct question *);
void model_store(struct question *);

/* processes.c */
void model_fork(struct question *);
void model_spawn(struct question *);
void model_vfork_exit(struct question *);
void model_exec(struct question *);
void model_exit(struct question *);
void model_kill(struct question *);

#endif
