/* SPDX-License-Identifier: BSD-2-Clause */

/* shm_rmid_forced of Linux, which an administrator may set: it removes segments that nobody has attached. */

#include <unistd.h>

#include "case.h"
#include "ipc_namespace.h"
#include "process.h"
#include "segment.h"
#include "segment_limits.h"

INTERFACE(admin, NEEDS_SEGMENTS, NEEDS_IPC_LIMITS)

static void
create_with_key(void *arg)
{
	CHECK_NE(-1, shmget(*(key_t *)arg, page_size(), IPC_CREAT | IPC_EXCL | 0600));
}

static void
force_removal_of_orphans(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	key_t unattached = segment_key();
	key_t attached = segment_key();
	in_child(create_with_key, &unattached);
	in_child(create_with_key, &attached);
	char *p = segment_attach(shmget(attached, 0, 0), NULL, 0);
	p[0] = 'a';
	REQUIRE(shmget(unattached, 0, 0) != -1);

	ipc_limit_set("shm_rmid_forced", 1);

	CHECK_FAILS(ENOENT, -1, shmget(unattached, 0, 0));
	CHECK_NE(-1, shmget(attached, 0, 0));
	CHECK_EQ('a', p[0]);
}

CASE(rmid_forced_destroys_orphans, DOCUMENTED,
    "Setting shm_rmid_forced to 1 destroys each segment whose creator has ended and that no process has attached",
    "Linux 3.1 proc(5)")
{
	in_child(force_removal_of_orphans, NULL);
}

static void
detach_last(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	ipc_limit_set("shm_rmid_forced", 1);
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);
	char *first = segment_attach(id, NULL, 0);
	char *second = segment_attach(id, NULL, 0);

	segment_detach(first);
	CHECK_EQ(id, shmget(key, 0, 0));
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	segment_detach(second);

	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_DESTROYED(id);
}

CASE(rmid_forced_last_detach, DOCUMENTED,
    "With shm_rmid_forced set, the last detach destroys a segment without IPC_RMID", "Linux 3.1 proc(5)")
{
	in_child(detach_last, NULL);
}

static void
let_creator_end(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	ipc_limit_set("shm_rmid_forced", 1);
	key_t key = segment_key();
	struct child creator = child_start(create_with_key, &key);

	child_reaches_end(&creator);
	CHECK_NE(-1, shmget(key, 0, 0));
	child_exits(&creator);
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
}

CASE(rmid_forced_creator_exit, DOCUMENTED,
    "With shm_rmid_forced set, a segment that was never attached is destroyed when its creator ends",
    "Linux 3.1 proc(5)")
{
	in_child(let_creator_end, NULL);
}

static void
detect_setting(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	CHECK_EQ(0, ipc_limit("shm_rmid_forced"));
	ipc_limit_set("shm_rmid_forced", 1);
	CHECK(unattached_segments_are_destroyed());
}

CASE(suite_must_detect_rmid_forced, DOCUMENTED,
    "shm_rmid_forced is 0 by default and reads as 1 after it is set, so that a program can tell that it is set",
    "Linux 3.1 proc(5)")
{
	in_child(detect_setting, NULL);
}

static void
set_beside_creator(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);

	ipc_limit_set("shm_rmid_forced", 1);

	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_DESTROYED(id);
}

CASE(rmid_forced_destroys_orphans__of_living_creator, DOCUMENTED,
    "Setting shm_rmid_forced to 1 destroys at once each segment that "
    "no process has attached, whether its creator lives or not",
    "Linux 3.1 proc(5)")
{
	known_defect(
	    LINUX, "3.1", "a segment stays until its creator ends", "Linux ipc/shm.c shm_try_destroy_orphaned()");
	in_child(set_beside_creator, NULL);
}

static void
reset_beside_segment(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	ipc_limit_set("shm_rmid_forced", 1);
	key_t used_before = segment_key();
	key_t used_after = segment_key();
	char *p = segment_attach(segment_create_with_key(used_before, page_size(), 0600), NULL, 0);

	ipc_limit_set("shm_rmid_forced", 0);
	CHECK_EQ(0, ipc_limit("shm_rmid_forced"));

	segment_detach(p);
	CHECK_NE(-1, shmget(used_before, 0, 0));
	in_child(create_with_key, &used_after);
	CHECK_NE(-1, shmget(used_after, 0, 0));
}

CASE(rmid_forced_last_detach__reset, DOCUMENTED,
    "With shm_rmid_forced set back to 0, a segment stays after its last detach and after the end of its creator",
    "Linux 3.1 proc(5)", ALSO("admin.rmid-forced-creator-exit"))
{
	in_child(reset_beside_segment, NULL);
}
