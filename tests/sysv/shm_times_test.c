/* SPDX-License-Identifier: BSD-2-Clause */

/* Which call moves which time of a System V segment. The only case that waits for the clock, for all of them at once. */

#include "case.h"
#include "clock.h"
#include "process.h"
#include "segment.h"

INTERFACE(shmctl)

static void
attach(void *arg)
{
	segment_attach(*(int *)arg, NULL, 0);
}

CASE(set_ctime, SHALL,
    "IPC_SET moves shm_ctime alone, an attach shm_atime alone, a detach or the end of a process shm_dtime alone",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2017 shmdt() DESCRIPTION",
    "Linux shmctl(2)", "Linux shmop(2)", ALSO("shmid_ds.ctime-not-touched-by-attach"),
    ALSO("shmctl.set-does-not-touch-atime"), ALSO("shmctl.stat-does-not-change"), ALSO("shmat.atime-set"),
    ALSO("shmat.failure-changes-nothing"), ALSO("shmdt.dtime-set"), ALSO("shmid_ds.exit-counts-down"))
{
	enum { SET, ATTACHED, DETACHED, LEFT, LOOKED_AT, SEGMENTS };
	key_t key = segment_key();
	char *at[SEGMENTS];
	int id[SEGMENTS];
	struct shmid_ds before[SEGMENTS];
	struct shmid_ds after[SEGMENTS];

	for (int i = 0; i < SEGMENTS; i++)
		id[i] = i == LOOKED_AT ? segment_create_with_key(key, page_size(), 0600) : segment_create(page_size());
	struct child c = child_start(attach, &id[LEFT]); /* has no other attachment that its end would detach */
	child_reaches_end(&c);
	/* Each has all three times in an earlier second than what follows, and stays attached whatever follows. */
	for (int i = 0; i < SEGMENTS; i++) {
		at[i] = segment_attach(id[i], NULL, 0);
		if (i == DETACHED)
			segment_attach(id[i], NULL, 0);
		segment_detach(segment_attach(id[i], NULL, 0));
		before[i] = segment_stat(id[i]);
	}
	time_t start = next_second();

	CHECK_SUCCEEDS(shmctl(id[SET], IPC_SET, &before[SET]));
	CHECK_NE((void *)-1, shmat(id[ATTACHED], NULL, SHM_RDONLY));
	CHECK_SUCCEEDS(shmdt(at[DETACHED]));
	child_exits(&c);
	CHECK_EQ(id[LOOKED_AT], shmget(key, 0, 0));
	CHECK_SUCCEEDS(shmctl(id[LOOKED_AT], IPC_STAT, &after[LOOKED_AT]));
	CHECK_FAILS(EINVAL, (void *)-1, shmat(id[LOOKED_AT], at[LOOKED_AT] + 1, 0)); /* no multiple of SHMLBA */
	CHECK_FAILS(EINVAL, -1, shmdt(at[LOOKED_AT] + 1));
	time_t end = coarse_time();
	for (int i = 0; i < SEGMENTS; i++)
		after[i] = segment_stat(id[i]);

	CHECK_EQ(before[SET].shm_atime, after[SET].shm_atime);
	CHECK_EQ(before[SET].shm_dtime, after[SET].shm_dtime);
	CHECK_TIME_BETWEEN(start, end, after[SET].shm_ctime);

	CHECK_TIME_BETWEEN(start, end, after[ATTACHED].shm_atime);
	CHECK_EQ(before[ATTACHED].shm_dtime, after[ATTACHED].shm_dtime);
	CHECK_EQ(before[ATTACHED].shm_ctime, after[ATTACHED].shm_ctime);

	CHECK_EQ(before[DETACHED].shm_atime, after[DETACHED].shm_atime);
	CHECK_TIME_BETWEEN(start, end, after[DETACHED].shm_dtime);
	CHECK_EQ(before[DETACHED].shm_ctime, after[DETACHED].shm_ctime);

	CHECK_EQ(before[LEFT].shm_atime, after[LEFT].shm_atime);
	CHECK_TIME_BETWEEN(start, end, after[LEFT].shm_dtime);
	CHECK_EQ(before[LEFT].shm_ctime, after[LEFT].shm_ctime);

	CHECK_EQ(before[LOOKED_AT].shm_atime, after[LOOKED_AT].shm_atime);
	CHECK_EQ(before[LOOKED_AT].shm_dtime, after[LOOKED_AT].shm_dtime);
	CHECK_EQ(before[LOOKED_AT].shm_ctime, after[LOOKED_AT].shm_ctime);
}
