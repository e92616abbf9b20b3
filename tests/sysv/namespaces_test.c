/* SPDX-License-Identifier: BSD-2-Clause */

/* System V segments and IPC namespaces of Linux. */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "case.h"
#include "ipc_namespace.h"
#include "mapping.h"
#include "object.h"
#include "process.h"
#include "segment.h"
#include "segment_limits.h"

INTERFACE(namespaces, NEEDS_SEGMENTS, NEEDS_IPC_NAMESPACE)

static void
use_same_key(void *arg)
{
	key_t key = *(key_t *)arg;

	enter_new_ipc_namespace();
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));

	int id = shmget(key, 2 * page_size(), IPC_CREAT | IPC_EXCL | 0600);
	REQUIRE(id != -1);
	char *p = segment_attach(id, NULL, 0);
	CHECK_BYTES(0, p, 2 * page_size());
	memset(p, 'b', 2 * page_size());
	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
}

CASE(key_isolated, DOCUMENTED,
    "A key of one IPC namespace finds no segment in another, until one is created there, which is a different segment",
    "Linux ipc_namespaces(7)", "Linux unshare(2)",
    COVERS("ipcns.isolation_data ipcns.unshare_hidden ipcns.parent_hidden"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 2 * page_size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	memset(p, 'a', 2 * page_size());

	in_child(use_same_key, &key);

	CHECK_EQ(id, shmget(key, 0, 0));
	CHECK_BYTES('a', p, 2 * page_size());
}

static void
use_id_of_outside(void *arg)
{
	int id = *(int *)arg;
	struct shmid_ds status = segment_stat(id);

	enter_new_ipc_namespace();
	CHECK_FAILS(EINVAL, -1, shmctl(id, IPC_STAT, &status));
	CHECK_FAILS(EINVAL, -1, shmctl(id, IPC_SET, &status));
	CHECK_FAILS(EINVAL, -1, shmctl(id, IPC_RMID, NULL));
	CHECK_FAILS(EINVAL, (void *)-1, shmat(id, NULL, 0));
}

CASE(id_isolated, DOCUMENTED, "An identifier of one IPC namespace is invalid in another", "Linux ipc_namespaces(7)")
{
	int id = segment_create(page_size());
	segment_attach(id, NULL, 0);

	in_child(use_id_of_outside, &id);

	CHECK_EQ(1, segment_stat(id).shm_nattch);
}

static void
use_attachment_of_outside(void *arg)
{
	char *p = arg;

	enter_new_ipc_namespace();
	CHECK_EQ('a', p[0]);
	p[page_size()] = 'b'; /* not touched before */
	pause_for_parent();
	CHECK_EQ('c', p[2 * page_size()]);
	CHECK_SUCCEEDS(shmdt(p));
}

CASE(attachment_survives_unshare, OBSERVED,
    "An attachment that was made before unshare() stays mapped, shared and counted", "Linux unshare(2)")
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	p[0] = 'a';
	struct child c = child_start(use_attachment_of_outside, p);
	child_reaches_pause(&c);

	CHECK_EQ('b', p[page_size()]);
	CHECK_EQ(2, segment_stat(id).shm_nattch);
	p[2 * page_size()] = 'c';
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	child_exits(&c);
	observed("attachment-after-unshare", "stays");
}

/* Each limit, as the parent sets it in its namespace and the child in its own. */
static const struct {
	const char *name;
	unsigned long of_parent;
	unsigned long of_child;
} limits[] = {
	{ "shmmax", 54321, 12345 },
	{ "shmall", 32, 23 },
	{ "shmmni", 71, 17 },
	{ "shm_rmid_forced", 0, 1 },
};

static void
change_limits(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	for (size_t i = 0; i < nitems(limits); i++)
		ipc_limit_set(limits[i].name, limits[i].of_child);
	pause_for_parent();
	for (size_t i = 0; i < nitems(limits); i++)
		CHECK_EQ(limits[i].of_child, ipc_limit(limits[i].name));
}

static void
look_at_limits(__attribute__((unused)) void *arg)
{
	/* A namespace of our own here too, so that nobody else changes what must stay. */
	enter_new_ipc_namespace();
	for (size_t i = 0; i < nitems(limits); i++)
		ipc_limit_set(limits[i].name, limits[i].of_parent);
	struct child c = child_start(change_limits, NULL);
	child_reaches_pause(&c);

	for (size_t i = 0; i < nitems(limits); i++)
		CHECK_EQ(limits[i].of_parent, ipc_limit(limits[i].name));
	ipc_limit_set("shmmax", 11111);
	child_goes_on(&c);
	child_exits(&c);
}

CASE(limits_per_namespace, DOCUMENTED, "shmmax, shmall, shmmni and shm_rmid_forced belong to the IPC namespace",
    "Linux ipc_namespaces(7)", NEEDS_IPC_LIMITS)
{
	in_child(look_at_limits, NULL);
}

/* The lines of /proc/sysvipc/shm, and whether one has this identifier in its second column. */
static int
list_segments(int id, bool *listed)
{
	FILE *file = fopen("/proc/sysvipc/shm", "r");
	char line[512];
	int lines = 0;
	int seen;

	REQUIRE(file != NULL);
	*listed = false;
	while (fgets(line, sizeof(line), file) != NULL) {
		lines++;
		if (sscanf(line, "%*s %d", &seen) == 1 && seen == id)
			*listed = true;
	}
	fclose(file);
	return lines;
}

static void
leave_segments(void *arg)
{
	enter_new_ipc_namespace();
	for (int i = 0; i < 3; i++)
		CHECK_NE(-1, shmget(i == 0 ? *(key_t *)arg : IPC_PRIVATE, page_size(), IPC_CREAT | 0600));
}

static void
outlive_namespace(__attribute__((unused)) void *arg)
{
	bool listed;

	enter_new_ipc_namespace(); /* where nobody else makes segments */
	key_t key = segment_key();
	in_child(leave_segments, &key);

	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_EQ(1, list_segments(0, &listed));
}

CASE(destroyed_with_namespace, DOCUMENTED,
    "When the last process of an IPC namespace has ended, its segments are in no other namespace",
    "Linux ipc_namespaces(7)", NEEDS_LIST_OF_SEGMENTS)
{
	in_child(outlive_namespace, NULL);
}

static void
list_in_namespace(__attribute__((unused)) void *arg)
{
	bool listed;

	enter_new_ipc_namespace();
	CHECK_EQ(1, list_segments(0, &listed)); /* the header */

	int id = segment_create(page_size());
	CHECK_EQ(2, list_segments(id, &listed));
	CHECK(listed);
	segment_remove(id);
	CHECK_EQ(1, list_segments(id, &listed));
}

CASE(sysvipc_file_per_namespace, DOCUMENTED,
    "/proc/sysvipc/shm shows the segments of the reader's namespace and no others", "Linux ipc_namespaces(7)",
    NEEDS_LIST_OF_SEGMENTS)
{
	int id = segment_create(page_size());
	bool listed;

	list_segments(id, &listed);
	CHECK(listed);
	in_child(list_in_namespace, NULL);
}

static void
use_object_of_outside(void *arg)
{
	const struct object *o = arg;

	enter_new_ipc_namespace();
	int fd = object_open(o, O_RDWR);
	char *p = map_shared(fd, page_size());
	CHECK_EQ('a', p[0]);
	p[1] = 'b';
}

CASE(posix_shm_not_isolated, DOCUMENTED,
    "The name of a POSIX shared memory object opens the same object, with its data, in another IPC namespace",
    "Linux ipc_namespaces(7)", NEEDS_OBJECTS)
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());
	p[0] = 'a';

	in_child(use_object_of_outside, &o);

	CHECK_EQ('b', p[1]);
}
