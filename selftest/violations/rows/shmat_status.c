/* SPDX-License-Identifier: BSD-2-Clause */

/* What shmat() leaves in the status of the segment, as IPC_STAT shows it. */

#include <time.h>

#include "clock.h"
#include "segments.h"

/* How many attachments with SHM_RDONLY this process has of the segment. */
static unsigned
rdonly_attachments(int id)
{
	size_t all;
	unsigned count = 0;
	struct known_range *ranges = known_ranges(&all);

	for (size_t i = 0; i < all; i++)
		count += ranges[i].id == id && ranges[i].flags & SHM_RDONLY;
	return count;
}

static unsigned long
count_after_attaches(int count, int flags)
{
	int id = segment_create(1);

	for (int i = 0; i < count; i++)
		segment_attach(id, NULL, flags);
	return (unsigned long)segment_stat(id).shm_nattch;
}

VIOLATION(shmat_rdonly_not_counted, "shmat.nattch-incremented", "-", SHMCTL,
    FALSIFIES(is_stat(c) && (unsigned)told_by(c)->shm_nattch > known_attachments(c->id) - rdonly_attachments(c->id) &&
	    rdonly_attachments(c->id) > 0,
	told_by(c)->shm_nattch -= rdonly_attachments(c->id)))
{
	return count_after_attaches(1, SHM_RDONLY) == 0;
}

VIOLATION(shmat_counted_once_for_a_process, "shmat.nattch-incremented", "-", SHMCTL,
    FALSIFIES(
	is_stat(c) && known_attachments(c->id) > 1 && known_attachments(c->id) == (unsigned)told_by(c)->shm_nattch,
	told_by(c)->shm_nattch = 1))
{
	return count_after_attaches(3, 0) == 1;
}

VIOLATION(shmat_first_not_counted, "shmat.nattch-incremented", "-", SHMCTL,
    FALSIFIES(is_stat(c) && told_by(c)->shm_nattch == 1 && known_attachments(c->id) == 1 &&
	    told_by(c)->shm_dtime == 0 && !is_removed(c->id),
	told_by(c)->shm_nattch = 0))
{
	return count_after_attaches(1, 0) == 0;
}

static bool
has_attachment_elsewhere(int id)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id != -1 && ranges[i].id != id)
			return true;
	return false;
}

VIOLATION(shmat_counted_for_other_segment, "shmat.nattch-incremented", "-", SHMCTL,
    FALSIFIES(
	is_stat(c) && told_by(c)->shm_nattch == 0 && told_by(c)->shm_atime == 0 && has_attachment_elsewhere(c->id),
	told_by(c)->shm_nattch = 1))
{
	int other = segment_create(1);

	segment_attach(segment_create(1), NULL, 0);
	return segment_stat(other).shm_nattch == 1;
}

VIOLATION(shmat_by_another_process_not_counted, "shmat.nattch-incremented", "-", SHMCTL,
    FALSIFIES(is_stat(c) && known_attachments(c->id) > 0 &&
	    (unsigned)told_by(c)->shm_nattch > known_attachments(c->id) && told_by(c)->shm_lpid != getpid(),
	told_by(c)->shm_nattch = known_attachments(c->id)))
{
	int id = segment_create(1);
	segment_attach(id, NULL, 0);
	int ends[2];
	pid_t child = pipe(ends) == 0 ? fork() : -1;

	if (child == 0) {
		segment_attach(id, NULL, 0);
		_exit(write(ends[1], "a", 1) == 1 && pause() == 0);
	}
	char byte;
	bool is_attached = read(ends[0], &byte, 1) == 1;
	bool is_seen = is_attached && segment_stat(id).shm_nattch == 1;
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return is_seen;
}

/* A count that is kept in too few bits, or that stops. */
static unsigned long
count_after_many_attaches(void)
{
	return count_after_attaches(300, SHM_RDONLY);
}

VIOLATION(shm_nattch_has_eight_bits, "shmid_ds.nattch-type-capacity", "B221", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_nattch &= 0xff))
{
	return count_after_many_attaches() == (300 & 0xff);
}

VIOLATION(shm_nattch_stops_at_128, "shmid_ds.nattch-type-capacity", "-", SHMCTL,
    FALSIFIES(is_stat(c) && told_by(c)->shm_nattch > 128, told_by(c)->shm_nattch = 128))
{
	return count_after_many_attaches() == 128;
}

/* The status after one attach. */
static struct shmid_ds
status_of_attached(void)
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	return segment_stat(id);
}

static bool
was_only_attached(const struct call *c)
{
	return is_stat(c) && told_by(c)->shm_nattch > 0 && told_by(c)->shm_dtime == 0;
}

VIOLATION(
    shmat_leaves_atime, "shmat.atime-set", "-", SHMCTL, FALSIFIES(was_only_attached(c), told_by(c)->shm_atime = 0))
{
	return status_of_attached().shm_atime == 0;
}

VIOLATION(shmat_sets_atime_in_milliseconds, "shmat.atime-set", "B008", SHMCTL,
    FALSIFIES(was_only_attached(c), told_by(c)->shm_atime *= 1000))
{
	time_t now = coarse_time();

	return status_of_attached().shm_atime >= now * 1000;
}

VIOLATION(shmat_sets_dtime, "shmat.atime-set", "-", SHMCTL,
    FALSIFIES(was_only_attached(c) && known_attachments(c->id) == 1, told_by(c)->shm_dtime = told_by(c)->shm_atime))
{
	return status_of_attached().shm_dtime != 0;
}

/* The status of a segment that was attached again, and detached if so wished, in this second or later, all else before. */
static struct shmid_ds
status_later(bool is_attached, bool is_detached, time_t *second)
{
	int id = segment_create(1);
	segment_attach(id, NULL, 0);
	char *p = segment_attach(id, NULL, 0);
	segment_detach(segment_attach(id, NULL, 0));

	*second = next_second();
	if (is_attached)
		segment_attach(id, NULL, 0);
	if (is_detached)
		segment_detach(p);
	return segment_stat(id);
}

VIOLATION(shmat_again_leaves_atime, "shmat.atime-set", "-", SHMCTL,
    FALSIFIES(
	is_stat(c) && told_by(c)->shm_atime > told_by(c)->shm_ctime, told_by(c)->shm_atime = told_by(c)->shm_ctime))
{
	time_t second;
	struct shmid_ds status = status_later(true, false, &second);

	return status.shm_atime < second;
}

VIOLATION(shmat_sets_ctime, "shmid_ds.ctime-not-touched-by-attach", "-", SHMCTL,
    FALSIFIES(
	is_stat(c) && told_by(c)->shm_ctime < told_by(c)->shm_atime, told_by(c)->shm_ctime = told_by(c)->shm_atime))
{
	time_t second;
	struct shmid_ds status = status_later(true, false, &second);

	return status.shm_ctime >= second;
}

VIOLATION(shmdt_sets_ctime, "shmdt.dtime-set", "-", SHMCTL,
    FALSIFIES(
	is_stat(c) && told_by(c)->shm_ctime < told_by(c)->shm_dtime, told_by(c)->shm_ctime = told_by(c)->shm_dtime))
{
	time_t second;
	struct shmid_ds status = status_later(false, true, &second);

	return status.shm_ctime >= second;
}

VIOLATION(shmdt_sets_atime, "shmdt.dtime-set", "-", SHMCTL,
    FALSIFIES(
	is_stat(c) && told_by(c)->shm_atime < told_by(c)->shm_dtime, told_by(c)->shm_atime = told_by(c)->shm_dtime))
{
	time_t second;
	struct shmid_ds status = status_later(false, true, &second);

	return status.shm_atime >= second;
}

/* By a process that is still there: its end is another matter. */
VIOLATION(shmdt_again_leaves_dtime, "shmdt.dtime-set", "-", SHMCTL,
    FALSIFIES(is_stat(c) && told_by(c)->shm_dtime > told_by(c)->shm_ctime && kill(told_by(c)->shm_lpid, 0) == 0,
	told_by(c)->shm_dtime = told_by(c)->shm_ctime))
{
	time_t second;
	struct shmid_ds status = status_later(true, true, &second);

	return status.shm_dtime < second;
}

VIOLATION(shmat_leaves_lpid, "shmat.lpid-set", "-", SHMCTL, FALSIFIES(was_only_attached(c), told_by(c)->shm_lpid = 0))
{
	return status_of_attached().shm_lpid == 0;
}

VIOLATION(shmat_sets_lpid_to_creator, "shmat.lpid-set", "-", SHMCTL,
    FALSIFIES(was_only_attached(c) && told_by(c)->shm_lpid != 0, told_by(c)->shm_lpid = told_by(c)->shm_cpid))
{
	int id = segment_create(1);
	pid_t child = fork();
	int status;

	if (child == 0) {
		segment_attach(id, NULL, 0);
		_exit(segment_stat(id).shm_lpid == getppid() ? 0 : 1);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

VIOLATION(shmat_sets_cpid, "shmat.lpid-set", "-", SHMCTL,
    FALSIFIES(was_only_attached(c) && told_by(c)->shm_lpid != 0, told_by(c)->shm_cpid = told_by(c)->shm_lpid))
{
	int id = segment_create(1);
	pid_t child = fork();
	int status;

	if (child == 0) {
		segment_attach(id, NULL, 0);
		_exit(segment_stat(id).shm_cpid == getpid() ? 0 : 1);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

/* An attach of a segment that nobody has attached has failed. */
static bool
has_failed_attach(const struct call *c)
{
	return is_stat(c) && known_segment(c->id) != NULL && known_segment(c->id)->failed_attaches > 0 &&
	    told_by(c)->shm_atime == 0;
}

static struct shmid_ds
status_after_failure(void)
{
	int id = segment_create(1);

	shmat(id, map_anonymous(1, MAP_PRIVATE), 0);
	return segment_stat(id);
}

VIOLATION(shmat_failed_is_counted, "shmat.failure-changes-nothing", "-", SHMCTL,
    FALSIFIES(has_failed_attach(c), told_by(c)->shm_nattch++))
{
	return status_after_failure().shm_nattch == 1;
}

VIOLATION(shmat_failed_sets_atime, "shmat.failure-changes-nothing", "-", SHMCTL,
    FALSIFIES(has_failed_attach(c), told_by(c)->shm_atime = told_by(c)->shm_ctime))
{
	return status_after_failure().shm_atime != 0;
}

VIOLATION(shmat_failed_sets_lpid, "shmat.failure-changes-nothing", "-", SHMCTL,
    FALSIFIES(has_failed_attach(c), told_by(c)->shm_lpid = getpid()))
{
	return status_after_failure().shm_lpid != 0;
}
