/* SPDX-License-Identifier: BSD-2-Clause */

/* Entering an existing IPC namespace of Linux, and what stays when a namespace ends. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "ipc_namespace.h"
#include "platform/namespaces.h"
#include "process.h"
#include "segment.h"

INTERFACE(namespaces, NEEDS_SEGMENTS, NEEDS_IPC_NAMESPACE)

/* The namespace of this process or of another, as a descriptor that leads to it. */
static int
namespace_of(pid_t process)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/ns/ipc", (long)process);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	need(fd != -1, "needs the IPC namespace of a process: opening %s gives %s", path, errno_name(errno));
	return fd;
}

static void
go_to(int namespace)
{
	bool is_entered = setns(namespace, CLONE_NEWIPC) == 0;

	need(is_entered || errno != EPERM, "needs the right to enter an IPC namespace: setns() gives EPERM");
	REQUIRE(is_entered);
}

static void
make_segment_inside(void *arg)
{
	enter_new_ipc_namespace();
	int id = segment_create_with_key(*(key_t *)arg, 2 * page_size(), 0600);

	memset(segment_attach(id, NULL, 0), 'i', 2 * page_size());
	pause_for_parent();
	CHECK_BYTES('j', segment_attach(id, NULL, SHM_RDONLY), 2 * page_size());
	CHECK_EQ(2, segment_stat(id).shm_nattch);
}

static void
join(void *arg)
{
	key_t key = *(key_t *)arg;
	enter_new_ipc_namespace(); /* of its own user namespace, where it has to be one: so that it may come back */
	int id = segment_create_with_key(key, page_size(), 0600);
	memset(segment_attach(id, NULL, 0), 'o', page_size());
	struct child c = child_start(make_segment_inside, &key);
	child_reaches_pause(&c);
	int before = namespace_of(getpid());

	go_to(namespace_of(c.pid));
	char *p = segment_attach(shmget(key, 0, 0), NULL, 0);
	CHECK_BYTES('i', p, 2 * page_size());
	memset(p, 'j', 2 * page_size());
	CHECK_SUCCEEDS(shmdt(p));

	go_to(before);
	REQUIRE(shmget(key, 0, 0) == id);
	CHECK_EQ(page_size(), segment_stat(id).shm_segsz);
	CHECK_BYTES('o', segment_attach(id, NULL, SHM_RDONLY), page_size());
	child_goes_on(&c);
	child_exits(&c);
}

CASE(joined_by_setns, DOCUMENTED,
    "A process that joins an IPC namespace by setns() finds the segments there, and finds its old ones when it returns",
    "Linux setns(2)", "Linux ipc_namespaces(7)")
{
	key_t key = segment_key();

	in_child(join, &key);
}

static void
be_refused(void *arg)
{
	key_t key = *(key_t *)arg;
	int id = shmget(key, 0, 0);

	CHECK_FAILS(EPERM, -1, unshare(CLONE_NEWIPC));
	CHECK_EQ(id, shmget(key, 0, 0));
	CHECK_FAILS(EPERM, -1, setns(namespace_of(getpid()), CLONE_NEWIPC));
	CHECK_EQ(id, shmget(key, 0, 0));
}

CASE(eperm, DOCUMENTED,
    "Without CAP_SYS_ADMIN unshare() and setns() of an IPC namespace fail with EPERM, and the segments stay the same",
    "Linux unshare(2) ERRORS", "Linux clone(2)", "Linux setns(2) ERRORS", NEEDS_PLAIN_USER)
{
	key_t key = segment_key();
	segment_create_with_key(key, page_size(), 0600);

	as_user(plain_user(), be_refused, &key);
}

static void
go_with_wrong_kind(void *arg)
{
	key_t key = *(key_t *)arg;
	enter_new_ipc_namespace();
	int inside = segment_create_with_key(key, page_size(), 0600);

	CHECK_FAILS(EINVAL, -1, setns(namespace_of(getpid()), CLONE_NEWNS));
	CHECK_FAILS(EBADF, -1, setns(-1, CLONE_NEWIPC));
	CHECK_EQ(inside, shmget(key, 0, 0));
}

CASE(einval_kind, DOCUMENTED,
    "setns() of an IPC namespace as one of another kind fails with EINVAL, and of no descriptor with EBADF",
    "Linux setns(2) ERRORS")
{
	key_t key = segment_key();

	in_child(go_with_wrong_kind, &key);
}

static void
leave_segment(void *arg)
{
	enter_new_ipc_namespace();
	int id = segment_create_with_key(*(key_t *)arg, page_size(), 0600);

	memset(segment_attach(id, NULL, 0), 'l', page_size());
	pause_for_parent();
}

static void
hold_by_descriptor(void *arg)
{
	key_t key = *(key_t *)arg;
	enter_new_ipc_namespace();
	struct child c = child_start(leave_segment, &key);
	child_reaches_pause(&c);
	int namespace = namespace_of(c.pid);
	child_goes_on(&c);
	child_exits(&c);

	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	go_to(namespace);
	int id = shmget(key, 0, 0);
	CHECK_NE(-1, id);
	CHECK_EQ(0, segment_stat(id).shm_nattch);
	CHECK_BYTES('l', segment_attach(id, NULL, 0), page_size());
}

CASE(kept_by_descriptor, DOCUMENTED,
    "An open descriptor of an IPC namespace keeps the namespace and its segments after its last process has ended",
    "Linux namespaces(7)")
{
	key_t key = segment_key();

	in_child(hold_by_descriptor, &key);
}

static void
outlive_namespace(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 2 * page_size());

	enter_new_ipc_namespace(); /* the one before has no process now */
	CHECK_PATTERN(1, p, 2 * page_size());
	pattern_store(2, p, 3 * page_size());
	CHECK_PATTERN(2, p, 3 * page_size());
	CHECK_SUCCEEDS(shmdt(p));
	CHECK(shmat(id, NULL, 0) == (void *)-1);
}

CASE(attachment_outlives_namespace, OBSERVED,
    "An attachment stays until it is detached, even after the IPC namespace of its segment has ended",
    "Linux ipc_namespaces(7)")
{
	in_child(outlive_namespace, NULL);
	observed("attachment-after-end-of-namespace", "stays");
}
