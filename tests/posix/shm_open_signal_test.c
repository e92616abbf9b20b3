/* SPDX-License-Identifier: BSD-2-Clause */

/* shm_open() and shm_unlink() in a process that gets signals, and in a thread that is to be cancelled. */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "case.h"
#include "interruption.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(shm_open, NEEDS_OBJECTS)

enum { LIVES = 200, TRIES = 1000 };

/* Repeats the call while a signal interrupts it. */
static int
open_again_after_signal(const struct object *o, int flags)
{
	int fd = -1;

	for (int i = 0; i < TRIES && fd == -1; i++) {
		fd = shm_open(o->name, flags, 0600);
		if (fd == -1 && !CHECK_EQ(EINTR, errno))
			break;
	}
	return fd;
}

static void
live_among_signals(void *object)
{
	const struct object *o = object;

	interruptions_begin();
	for (int i = 0; i < LIVES; i++) {
		int fd = open_again_after_signal(o, O_CREAT | O_RDWR);
		int other = open_again_after_signal(o, O_RDONLY);

		REQUIRE(fd != -1);
		REQUIRE(other != -1);
		CHECK_EQ(0, size_of(fd)); /* the one before is gone */
		REQUIRE(ftruncate(fd, 1) == 0 || errno == EINTR);
		CHECK_EQ(size_of(fd), size_of(other));
		CHECK_SUCCEEDS(shm_unlink(o->name));
		close(fd);
		close(other);
	}
	interruptions_end();
	CHECK_FAILS(ENOENT, -1, shm_open(o->name, O_RDWR, 0));
}

CASE(eintr, SHALL,
    "A shm_open() that gets a signal works, or fails with EINTR and works when it is repeated, and shm_unlink() works",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "macOS shm_open(2)", "illumos shm_open(3C)",
    COVERS("shm_open.eintr BS47"))
{
	struct object o = object_name();

	in_child(live_among_signals, &o);
}

struct cancelled {
	struct object created;
	struct object unlinked;
	int fd;
	int result;
	int calls; /* that have returned */
};

/* Is asked to end while that is disabled, so that the request is there before the calls begin. */
static void *
call_when_cancelled(void *cancelled)
{
	struct cancelled *c = cancelled;
	int state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	pthread_cancel(pthread_self());
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
	c->fd = shm_open(c->created.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	c->calls++;
	c->result = shm_unlink(c->unlinked.name);
	c->calls++;
	pthread_testcancel();
	return NULL;
}

CASE(no_cancellation_point, SHALL,
    "A request to cancel a thread has no effect in shm_open() and shm_unlink(), which return as ever",
    "POSIX.1-2017 XSH 2.9.5.2 Cancellation Points", COVERS("shm_open.not_cancelled"))
{
	struct cancelled c = { object_name(), object_create(1), -1, -1, 0 };
	pthread_t thread;
	void *returned;

	known_race(NETBSD | DRAGONFLY, "", "the call is one of open(), which is a cancellation point",
	    "NetBSD lib/librt/shm.c shm_open()");
	thread_start(&thread, call_when_cancelled, &c);
	REQUIRE_SUCCEEDS(pthread_join(thread, &returned));

	REQUIRE(returned == PTHREAD_CANCELED);
	CHECK_EQ(2, c.calls);
	CHECK_NE(-1, c.fd);
	CHECK_EQ(0, c.result);
	CHECK_NE(-1, shm_open(c.created.name, O_RDWR, 0));
	CHECK_FAILS(ENOENT, -1, shm_open(c.unlinked.name, O_RDWR, 0));
}
