/* SPDX-License-Identifier: BSD-2-Clause */

/* /proc/sys/kernel/shm_next_id of Linux, by which a checkpoint asks for an identifier. Each case has its own IPC namespace. */

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "case.h"
#include "ipc_namespace.h"
#include "process.h"
#include "segment.h"

static const char setting[] = "/proc/sys/kernel/shm_next_id";

static void
need_next_id(void)
{
	bool is_there = access(setting, F_OK) == 0;

	need(is_there, "needs %s: %s", setting, errno_name(errno));
}

#define NEEDS_NEXT_ID NEED("/proc/sys/kernel/shm_next_id", .ask = need_next_id)

INTERFACE(admin, NEEDS_SEGMENTS, NEEDS_NEXT_ID, NEEDS_IPC_LIMITS)

/* The identifier is an int, and -1 for none: not one of the limits of lib/ipc_namespace.h. */
static int
next_id(void)
{
	FILE *file = fopen(setting, "r");
	int id = -2;

	need(file != NULL, "needs to read %s: %s", setting, errno_name(errno));
	CHECK_EQ(1, fscanf(file, "%d", &id));
	fclose(file);
	return id;
}

static bool
set_next_id(int id)
{
	FILE *file = fopen(setting, "w");
	bool is_set;

	need(file != NULL, "needs to write %s: %s", setting, errno_name(errno));
	is_set = fprintf(file, "%d\n", id) > 0;
	return fclose(file) == 0 && is_set; /* what the kernel says to it */
}

static void
ask_for_free_id(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	CHECK_EQ(-1, next_id());
	int wanted = segment_create(page_size()) + 5;

	REQUIRE(set_next_id(wanted));
	CHECK_EQ(wanted, next_id());
	key_t key = segment_key();
	int id = shmget(key, page_size(), IPC_CREAT | IPC_EXCL | 0600);
	CHECK_NE(-1, id);
	CHECK_EQ(id, shmget(key, 0, 0));
	CHECK_EQ(page_size(), segment_stat(id).shm_segsz);
	observed("free-id-that-is-asked-for", "%s", id == wanted ? "given" : "not given");
}

CASE(shm_next_id, OBSERVED,
    "The next segment gets the identifier that was written to shm_next_id, or another: no document promises it",
    "Linux Documentation/admin-guide/sysctl/kernel.rst", COVERS("shmget.next_id"))
{
	in_child(ask_for_free_id, NULL);
}

static void
ask_once(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	int first = segment_create(page_size());

	REQUIRE(set_next_id(first + 5));
	CHECK_NE(-1, shmget(segment_key(), page_size(), IPC_CREAT | 0600));
	CHECK_EQ(-1, next_id());
	CHECK_NE(-1, shmget(segment_key(), page_size(), IPC_CREAT | 0600));
	CHECK_EQ(-1, next_id());
}

CASE(shm_next_id_reset, DOCUMENTED, "shm_next_id reads as -1 again once the next segment is created",
    "Linux Documentation/admin-guide/sysctl/kernel.rst", COVERS("shmget.next_id_reset"))
{
	in_child(ask_once, NULL);
}

static void
ask_for_busy_id(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	int taken = segment_create(page_size());

	REQUIRE(set_next_id(taken));
	key_t key = segment_key();
	int id = shmget(key, 2 * page_size(), IPC_CREAT | IPC_EXCL | 0600);
	CHECK_NE(-1, id);
	CHECK_NE(taken, id);
	CHECK_EQ(id, shmget(key, 0, 0));
	CHECK_EQ(2 * page_size(), segment_stat(id).shm_segsz);
	CHECK_EQ(page_size(), segment_stat(taken).shm_segsz);
	CHECK_EQ(-1, next_id());
}

CASE(shm_next_id_busy, DOCUMENTED, "Where a segment has the identifier in shm_next_id, the new segment gets another",
    "Linux Documentation/admin-guide/sysctl/kernel.rst", COVERS("shmget.next_id_busy"))
{
	in_child(ask_for_busy_id, NULL);
}

static void
set_outside_range(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	REQUIRE(set_next_id(7));
	CHECK(!set_next_id(-2));
	CHECK(!set_next_id(-1)); /* the kernel's own to set */
	CHECK_EQ(7, next_id());
	REQUIRE(set_next_id(0));
	CHECK_EQ(0, next_id());
	REQUIRE(set_next_id(INT_MAX));
	CHECK_EQ(INT_MAX, next_id());
}

CASE(shm_next_id_range, DOCUMENTED, "shm_next_id takes the numbers from 0 to INT_MAX and no others",
    "Linux Documentation/admin-guide/sysctl/kernel.rst")
{
	in_child(set_outside_range, NULL);
}
