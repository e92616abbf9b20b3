/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What attach, use and detach change in the status of a System V segment, as a process sees it that never attaches the
 * segment. That an event does not set a time shows only in a later second: see shm_times_test.c.
 */

#include "case.h"
#include "process.h"
#include "segment.h"
#include "segment_change.h"

INTERFACE(shmid_ds, NEEDS_SEGMENTS)

static void
to_next_pause(struct child *c)
{
	child_goes_on(c);
	child_reaches_pause(c);
}

static void
to_end(struct child *c)
{
	child_goes_on(c);
	child_reaches_end(c);
}

/* The life of another process: it attaches twice, uses that, and detaches twice. */
static void
attach_use_detach(void *arg)
{
	int id = *(int *)arg;

	pause_for_parent();
	char *p = segment_attach(id, NULL, 0);
	pause_for_parent();
	char *q = segment_attach(id, NULL, SHM_RDONLY);
	pause_for_parent();
	pattern_store(1, p, 2 * page_size());
	CHECK_PATTERN(1, q, 2 * page_size());
	pause_for_parent();
	CHECK_SUCCEEDS(shmdt(p));
	pause_for_parent();
	CHECK_SUCCEEDS(shmdt(q));
}

CASE(attach_changes, SHALL,
    "A first and a second attach raise shm_nattch by one, set shm_lpid and shm_atime, and change no other member",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", "POSIX.1-2017 <sys/shm.h>",
    "POSIX.1-2024 <sys/shm.h>", "Linux shmop(2)", COVERS("shmctl.stat_after_attach BS20"))
{
	int id = segment_create(2 * page_size());
	struct child c = child_start(attach_use_detach, &id);
	child_reaches_pause(&c);

	for (int i = 0; i < 2; i++) {
		struct status_before before = status_before(id);

		to_next_pause(&c);
		CHECK_CHANGED(before, .attachments = 1, .process = c.pid, .sets = ATIME | LPID);
	}
	child_kill(&c);
}

CASE(use_changes_nothing, SHALL, "Loads and stores through an attachment change no member of the status",
    "POSIX.1-2017 <sys/shm.h>", "POSIX.1-2024 <sys/shm.h>")
{
	int id = segment_create(2 * page_size());
	struct child c = child_start(attach_use_detach, &id);
	child_reaches_pause(&c);
	to_next_pause(&c);
	to_next_pause(&c);
	struct shmid_ds before = segment_stat(id);

	to_next_pause(&c);

	CHECK_STATUS_UNCHANGED(before, id);
	child_kill(&c);
}

/* Where a manual or a source promises it: lpid_set_on_detach of shmdt_test.c. */
static unsigned
lpid_of_detach(void)
{
	return platform_is(LINUX | ILLUMOS) ? LPID : 0;
}

CASE(detach_changes, SHALL,
    "A detach, the last one too, lowers shm_nattch by one, sets shm_dtime, and changes no other member but shm_lpid",
    "POSIX.1-2017 shmdt() RETURN VALUE", "POSIX.1-2017 <sys/shm.h>", "POSIX.1-2024 <sys/shm.h>", "Linux shmop(2)",
    NEEDS_SEGMENTS_THAT_STAY, COVERS("shmctl.stat_after_detach BS22"))
{
	int id = segment_create(2 * page_size());
	struct child c = child_start(attach_use_detach, &id);
	child_reaches_pause(&c);
	for (int i = 0; i < 3; i++)
		to_next_pause(&c);

	struct status_before attached = status_before(id);
	to_next_pause(&c);
	CHECK_CHANGED(attached, .attachments = -1, .process = c.pid, .sets = DTIME | lpid_of_detach(), .may_set = LPID);

	struct status_before once = status_before(id);
	to_end(&c);
	CHECK_CHANGED(once, .attachments = -1, .process = c.pid, .sets = DTIME | lpid_of_detach(), .may_set = LPID);
	child_exits(&c);
}

static void
attach_and_detach(void *arg)
{
	pause_for_parent();
	void *p = segment_attach(*(int *)arg, NULL, 0);
	pause_for_parent();
	CHECK_SUCCEEDS(shmdt(p));
}

CASE(attach_changes__many_processes, SHALL,
    "Each of twenty processes counts once from its attach to its detach, while others attach and detach",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", "POSIX.1-2017 shmdt() RETURN VALUE",
    ALSO("shmid_ds.detach-changes"), NEEDS_SEGMENTS_THAT_STAY, COVERS("shmat.nattch_multi_process"))
{
	struct child c[20];
	int id = segment_create(page_size());
	for (size_t i = 0; i < nitems(c); i++) {
		c[i] = child_start(attach_and_detach, &id);
		child_reaches_pause(&c[i]);
	}

	for (size_t i = 0; i < nitems(c); i++) {
		struct status_before before = status_before(id);

		to_next_pause(&c[i]);
		CHECK_CHANGED(before, .attachments = 1, .process = c[i].pid, .sets = ATIME | LPID);
	}
	for (size_t i = 0; i < nitems(c); i++) {
		struct status_before before = status_before(id);

		to_end(&c[i]);
		CHECK_CHANGED(
		    before, .attachments = -1, .process = c[i].pid, .sets = DTIME | lpid_of_detach(), .may_set = LPID);
	}
	for (size_t i = 0; i < nitems(c); i++)
		child_exits(&c[i]);
}
