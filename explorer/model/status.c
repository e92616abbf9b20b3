/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What IPC_STAT tells of a segment. Of times the model knows no more than that they are zero, or were set in this round: it
 * has no clock.
 */

#include <errno.h>

#include "model.h"

RULE(stat_tells, "IPC_STAT tells the size and the number of attachments", "POSIX.1-2017 <sys/shm.h>");
RULE(stat_removed, "IPC_STAT works while a removed segment is attached", "Linux shmctl(2)");
RULE(stat_divided, "An attachment that a call was about in part may count as several", "nothing is promised");
RULE(stat_users,
    "shm_cpid is the process that made the segment, shm_lpid that of the last shmat() or shmdt(), at first 0",
    "POSIX.1-2017 shmget(), shmat() DESCRIPTION, <sys/shm.h>; Linux shmop(2)");
RULE(stat_users_other, "After fork, exec, the end of a process, or munmap() shm_lpid is as before, or that process",
    "POSIX.1-2017 <sys/shm.h>");
RULE(stat_times,
    "shm_atime is set by shmat(), shm_dtime by shmdt(), exec and the end of a process, shm_ctime from the start",
    "POSIX.1-2017 shmget(), shmat(), shmdt(), exec, _exit() DESCRIPTION");
RULE(stat_times_divided, "munmap() and what else is about a part of an attachment may set shm_dtime",
    "nothing is promised");
RULE(stat_mode,
    "IPC_STAT tells the mode, the owner that was set last, and the user that made the segment, at first its owner",
    "POSIX.1-2017 shmget() DESCRIPTION, <sys/ipc.h>");
RULE(stat_mode_removed, "While a removed segment is attached, IPC_STAT tells SHM_DEST in its mode", "Linux shmctl(2)");
RULE(status_refused, "IPC_STAT needs the right to read", "POSIX.1-2017 shmctl() ERRORS");
RULE(status_destroyed, "The identifier of a destroyed segment names none", "POSIX.1-2017 shmctl() ERRORS");
RULE(status_destroyed_linux, "The identifier of a removed segment names none", "Linux shmctl(2)");
RULE(fstat_times, "The times of what was made since the round began are not before that, and not to come",
    "POSIX.1-2017 fstat(), shm_open(), open(), XBD 4.9 DESCRIPTION");

void
segment_is_attached(struct world *after, uint8_t segment, unsigned process)
{
	after->backings[segment].last_users = (uint8_t)(1U << process);
	after->backings[segment].was_attached = true;
}

void
segment_is_detached(struct world *after, const struct setting *s, uint8_t segment, unsigned process)
{
	struct backing *b = &after->backings[segment];

	b->last_users = (uint8_t)(1U << process | (s->detach_sets_last_user ? 0 : b->last_users));
	b->was_detached = SURELY;
}

void
segment_is_handed_on(struct world *after, uint8_t segment, unsigned process)
{
	after->backings[segment].last_users |= (uint8_t)(1U << process);
}

void
segment_may_be_detached(struct world *after, uint8_t segment, unsigned process)
{
	segment_is_handed_on(after, segment, process);
	if (after->backings[segment].was_detached == NEVER)
		after->backings[segment].was_detached = PERHAPS;
}

void
process_leaves_segments(struct world *after, unsigned process)
{
	const struct process *p = &after->processes[process];

	for (unsigned i = 0; i < PLACES; i++)
		if (p->views[i].is_attachment) {
			segment_is_handed_on(after, p->views[i].backing, process);
			after->backings[p->views[i].backing].was_detached = SURELY;
		}
}

/* The segment that may be asked for its status, or 0: what is refused is. */
static uint8_t
segment_to_ask(struct question *q)
{
	const uint8_t segment = process_before(q)->identifiers[argument(q, KEY)];

	if (segment == NO_IDENTIFIER)
		return 0;
	if (segment == IDENTIFIER_OF_NOTHING) {
		allow(q, &status_destroyed, FAILS(EINVAL));
		if (q->setting->removed_have_other_error)
			allow(q, &status_destroyed_linux, FAILS(EIDRM));
		return 0;
	}
	if (q->before->backings[segment].is_removed && !q->setting->removed_segments_stay)
		allow(q, &status_destroyed, FAILS(EINVAL));
	if (may_use(q, segment, false))
		return segment;
	allow(q, &status_refused, FAILS(EACCES));
	return 0;
}

void
model_ipc_stat(struct question *q)
{
	const uint8_t segment = segment_to_ask(q);
	const struct backing *b = &q->before->backings[segment];
	unsigned attachments;

	if (segment == 0)
		return;
	attachments = attachments_of(q->before, segment);
	allow(q, b->is_removed ? &stat_removed : &stat_tells, GIVES_TWO(b->size, attachments));
	for (unsigned pieces = attachments + 1; pieces <= pieces_of(q->before, segment); pieces++)
		allow(q, &stat_divided, GIVES_TWO(b->size, pieces));
}

void
model_ipc_mode(struct question *q)
{
	const uint8_t segment = segment_to_ask(q);
	const struct backing *b = &q->before->backings[segment];
	const bool shows = b->is_removed && q->setting->removed_segments_show;

	if (segment != 0)
		allow(q, shows ? &stat_mode_removed : &stat_mode,
		    GIVES_TWO(mode_bits(b->mode) | (shows ? REMOVED_BIT : 0),
			b->owner + b->user_of_creator * USERS_AND_NOBODY));
}

void
model_ipc_users(struct question *q)
{
	const uint8_t segment = segment_to_ask(q);
	const struct backing *b = &q->before->backings[segment];

	if (segment == 0)
		return;
	if (b->last_users == 0)
		allow(q, &stat_users, GIVES_TWO(b->creator, NO_PROCESS));
	for (unsigned i = 0; i < PROCESSES; i++)
		if (b->last_users & 1U << i)
			allow(q, b->last_users == 1U << i ? &stat_users : &stat_users_other, GIVES_TWO(b->creator, i))
			    ->backings[segment]
			    .last_users = (uint8_t)(1U << i);
}

void
model_ipc_times(struct question *q)
{
	const uint8_t segment = segment_to_ask(q);
	const struct backing *b = &q->before->backings[segment];
	const unsigned attached = b->was_attached ? WAS_ATTACHED : 0;

	if (segment == 0)
		return;
	if (b->was_detached != SURELY)
		allow(q, b->was_detached == NEVER ? &stat_times : &stat_times_divided, GIVES_TWO(attached, 0))
		    ->backings[segment]
		    .was_detached = NEVER;
	if (b->was_detached != NEVER)
		allow(q, b->was_detached == SURELY ? &stat_times : &stat_times_divided,
		    GIVES_TWO(attached | WAS_DETACHED, 0))
		    ->backings[segment]
		    .was_detached = SURELY;
}

void
model_fstat_times(struct question *q)
{
	const struct description *d = open_description(q);
	const struct setting *s = q->setting;

	if (d != NULL && (q->before->backings[d->backing].kind == OBJECT ? s->objects_have_times : s->file_times_agree))
		allow(q, &fstat_times, GIVES(0));
}
