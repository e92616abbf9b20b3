/* SPDX-License-Identifier: BSD-2-Clause */

/* Descriptors of POSIX shared memory objects that are duplicated, sent to another process, and inherited. */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include "case.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(shm_object, NEEDS_OBJECTS)

CASE(dup_shares, SHALL,
    "A duplicate of a descriptor is of the same object, and keeps it when the original is closed and the name unlinked",
    "POSIX.1-2017 dup() DESCRIPTION", "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION")
{
	struct object o = object_create(2 * page_size());
	char *original = map_shared(o.fd, 2 * page_size());
	pattern_store(1, original, 2 * page_size());

	int duplicate = dup(o.fd);
	REQUIRE(duplicate != -1);
	close(o.fd);
	object_unlink(&o);

	char *p = map_shared(duplicate, 2 * page_size());
	CHECK_PATTERN(1, p, 2 * page_size());
	p[2 * page_size() - 1] = 'd';
	CHECK_EQ('d', original[2 * page_size() - 1]);
}

struct message {
	int ends[2];
};

/* The control part of a message with one descriptor, aligned as its header wants. */
union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static void
send_descriptor(int to, int fd)
{
	char byte = 'd';
	struct iovec data = { &byte, 1 };
	union control control = { .bytes = { 0 } };
	struct msghdr m = { .msg_iov = &data, .msg_iovlen = 1 };

	m.msg_control = control.bytes;
	m.msg_controllen = sizeof(control.bytes);
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	REQUIRE(sendmsg(to, &m, 0) == 1);
}

static int
receive_descriptor(int from)
{
	char byte;
	struct iovec data = { &byte, 1 };
	union control control = { .bytes = { 0 } };
	struct msghdr m = { .msg_iov = &data, .msg_iovlen = 1 };
	int fd = -1;

	m.msg_control = control.bytes;
	m.msg_controllen = sizeof(control.bytes);
	REQUIRE(recvmsg(from, &m, 0) == 1);
	REQUIRE(CMSG_FIRSTHDR(&m) != NULL);
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	return fd;
}

static void
map_what_is_received(void *message)
{
	struct message *m = message;
	int fd = receive_descriptor(m->ends[1]);

	char *p = map_shared(fd, 2 * page_size());
	CHECK_PATTERN(1, p, 2 * page_size());
	p[page_size()] = 'r';
}

CASE(pass_by_socket, DOCUMENTED,
    "A process that receives a descriptor by SCM_RIGHTS maps the same object, which has no name by then",
    "FreeBSD shm_open(2)", "Linux unix(7)", COVERS("BS55"))
{
	struct message m;
	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, m.ends) == 0);
	struct child c = child_start(map_what_is_received, &m); /* before the object exists */
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	pattern_store(1, p, 2 * page_size());
	object_unlink(&o);

	send_descriptor(m.ends[0], o.fd);
	close(o.fd);
	child_reaches_end(&c);

	CHECK_EQ('r', p[page_size()]);
	child_exits(&c);
}

static void
map_inherited(void *descriptor)
{
	char *p = map_shared(*(int *)descriptor, 2 * page_size());

	CHECK_PATTERN(1, p, page_size());
	p[page_size()]++;
}

CASE(fork_inherits_descriptor, SHALL,
    "A forked child maps the object by a descriptor that it inherits, with FD_CLOEXEC and without",
    "POSIX.1-2017 fork() DESCRIPTION", "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    COVERS("fork.child_mmap"))
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	pattern_store(1, p, page_size());
	object_unlink(&o);
	int without = dup(o.fd);
	REQUIRE(without != -1);
	REQUIRE_SUCCEEDS(fcntl(o.fd, F_SETFD, FD_CLOEXEC));

	in_child(map_inherited, &o.fd);
	CHECK_EQ(1, p[page_size()]);

	in_child(map_inherited, &without);
	CHECK_EQ(2, p[page_size()]);
}
