/* SPDX-License-Identifier: BSD-2-Clause */

/* What shmdt() returns, and leaves in the status of the segment. */

#include "segments.h"

static bool
is_start(const struct call *c)
{
	return attachment_at(c->address) != NULL && attachment_at(c->address)->start == c->address;
}

/* The status after the attaches, then one detach. */
static struct shmid_ds
status_of_detached(int attaches)
{
	int id = segment_create(1);
	char *p = NULL;

	for (int i = 0; i < attaches; i++)
		p = segment_attach(id, NULL, 0);
	segment_detach(p);
	return segment_stat(id);
}

VIOLATION(shmdt_keeps_count, "shmdt.nattch-decremented", "B010", SHMDT,
    FALSIFIES(is_start(c) && known_attachments(attachment_at(c->address)->id) > 1 &&
	    !is_removed(attachment_at(c->address)->id),
	real_shmat(attachment_at(c->address)->id, NULL, 0)))
{
	return status_of_detached(2).shm_nattch == 2;
}

VIOLATION(shmdt_by_child_keeps_count, "shmdt.nattch-decremented", "-", SHMDT,
    FALSIFIES(
	is_start(c) && attachment_at(c->address)->is_inherited, real_shmat(attachment_at(c->address)->id, NULL, 0)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(shmdt(p) == 0 && segment_stat(id).shm_nattch == 2 ? 0 : 1);
	return waitpid(child, &status, 0) == child && status == 0;
}

static bool
was_detached_by_caller(const struct call *c)
{
	return is_stat(c) && told_by(c)->shm_dtime != 0 && told_by(c)->shm_lpid == getpid();
}

VIOLATION(shmdt_counts_twice, "shmdt.nattch-decremented", "-", SHMCTL,
    FALSIFIES(was_detached_by_caller(c) && told_by(c)->shm_nattch > 1, told_by(c)->shm_nattch--))
{
	return status_of_detached(3).shm_nattch == 1;
}

VIOLATION(shmdt_leaves_dtime, "shmdt.dtime-set", "-", SHMCTL,
    FALSIFIES(was_detached_by_caller(c) && told_by(c)->shm_nattch == 0, told_by(c)->shm_dtime = 0))
{
	return status_of_detached(1).shm_dtime == 0;
}

VIOLATION(shmdt_leaves_lpid, "shmdt.lpid-set-on-detach", "-", SHMCTL,
    FALSIFIES(is_stat(c) && told_by(c)->shm_dtime != 0 && told_by(c)->shm_nattch > 0,
	told_by(c)->shm_lpid = told_by(c)->shm_cpid))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);
	int status;
	pid_t child = fork();

	if (child == 0) {
		segment_attach(id, NULL, 0);
		_exit(shmdt(p) == 0 && segment_stat(id).shm_lpid == getppid() ? 0 : 1);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

VIOLATION(shmdt_clears_lpid, "shmdt.lpid-set-on-detach", "-", SHMCTL,
    FALSIFIES(was_detached_by_caller(c), told_by(c)->shm_lpid = 0))
{
	return status_of_detached(1).shm_lpid == 0;
}

VIOLATION(shmdt_returns_identifier, "shmdt.nattch-decremented", "B154", SHMDT,
    FALSIFIES(is_start(c) && known_attachments(attachment_at(c->address)->id) > 1,
	c->result = attachment_at(c->address)->id + 1))
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	segment_attach(id, NULL, 0);
	return shmdt(segment_attach(id, NULL, 0)) > 0;
}

/* A detach has failed that was of this segment, which is attached. */
static bool
has_failed_detach(const struct call *c)
{
	return is_stat(c) && known_segment(c->id) != NULL && known_segment(c->id)->failed_detaches > 0 &&
	    told_by(c)->shm_dtime == 0;
}

static struct shmid_ds
status_after_failure(void)
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	return shmdt(p + 1) == -1 ? segment_stat(id) : (struct shmid_ds){ .shm_nattch = 1 };
}

VIOLATION(shmdt_failed_is_counted, "shmdt.failure-changes-nothing", "-", SHMCTL,
    FALSIFIES(has_failed_detach(c), told_by(c)->shm_nattch--))
{
	return status_after_failure().shm_nattch == 0;
}

VIOLATION(shmdt_failed_sets_dtime, "shmdt.failure-changes-nothing", "-", SHMCTL,
    FALSIFIES(has_failed_detach(c), told_by(c)->shm_dtime = told_by(c)->shm_atime))
{
	return status_after_failure().shm_dtime != 0;
}

VIOLATION(shmdt_failed_clears_lpid, "shmdt.failure-changes-nothing", "-", SHMCTL,
    FALSIFIES(has_failed_detach(c), told_by(c)->shm_lpid = 0))
{
	return status_after_failure().shm_lpid == 0;
}
