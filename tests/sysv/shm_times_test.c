/* SPDX-License-Identifier: BSD-2-Clause */

/* Which event moves which time of a System V segment. The one case that waits for the clock, for all events at once. */

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "case.h"
#include "clock.h"
#include "fault.h"
#include "process.h"
#include "program.h"
#include "segment.h"

INTERFACE(shmctl, NEEDS_SEGMENTS)

/* A process of its own makes each event happen to a segment, which no other process has attached; it has so twice. */
struct holder {
	key_t key;
	int id;
	char *at;
	char *again;
	struct child heir;
};

static void
set(struct holder *h)
{
	struct shmid_ds status = segment_stat(h->id);

	CHECK_SUCCEEDS(shmctl(h->id, IPC_SET, &status));
}

static void
look(struct holder *h)
{
	segment_stat(h->id);
}

static void
find(struct holder *h)
{
	CHECK_EQ(h->id, shmget(h->key, 0, 0));
	CHECK_FAILS(EEXIST, -1, shmget(h->key, 1, IPC_CREAT | IPC_EXCL | 0600));
}

/* The owner may, within a limit. Linux says of shm_ctime that shmctl() moves it, and of these two commands nothing. */
static void
lock(struct holder *h)
{
	shmctl(h->id, SHM_LOCK, NULL);
	shmctl(h->id, SHM_UNLOCK, NULL);
}

static void
remove_it(struct holder *h)
{
	CHECK_SUCCEEDS(shmctl(h->id, IPC_RMID, NULL));
}

static void
command_nothing(struct holder *h)
{
	struct shmid_ds status = segment_stat(h->id);

	CHECK_FAILS(EINVAL, -1, shmctl(h->id, 12345, &status));
}

static void
attach(struct holder *h)
{
	CHECK_NE((void *)-1, shmat(h->id, NULL, SHM_RDONLY));
}

static void
fail_to_attach(struct holder *h)
{
	CHECK_FAILS(EINVAL, (void *)-1, shmat(h->id, h->at + 1, 0)); /* no multiple of SHMLBA */
}

static void
use(struct holder *h)
{
	CHECK_STORE_OK(h->at);
}

static void
detach(struct holder *h)
{
	CHECK_SUCCEEDS(shmdt(h->again));
}

static void
fail_to_detach(struct holder *h)
{
	CHECK_FAILS(EINVAL, -1, shmdt(h->at + 1));
}

/* Systems may do without it. */
static void
unmap_whole(struct holder *h)
{
	munmap(h->again, page_size());
}

static void
inherit(struct holder *h)
{
	h->heir = child_start(do_nothing, NULL);
	child_reaches_end(&h->heir);
}

static void
let_heir_exit(struct holder *h)
{
	inherit(h);
	child_exits(&h->heir);
	h->heir.pid = 0;
}

static void
fail_to_exec(__attribute__((unused)) struct holder *h)
{
	char *const arguments[] = { (char *)(uintptr_t) "none", NULL };

	CHECK_FAILS(ENOENT, -1, execv("./no-such-file", arguments));
}

PROGRAM(new_image)
{
	pause_for_parent();
}

static void
exec(__attribute__((unused)) struct holder *h)
{
	program_become("new_image");
}

static void
leave_by_exit(__attribute__((unused)) struct holder *h)
{
	exit(0);
}

static void
leave_at_once(__attribute__((unused)) struct holder *h)
{
	_exit(0);
}

static void
kill_itself(__attribute__((unused)) struct holder *h)
{
	raise(SIGKILL);
}

enum { ATIME = 1 << 0, DTIME = 1 << 1, CTIME = 1 << 2 };
enum end { STAYS, EXITS, IS_KILLED };

static const struct event {
	const char *name;
	void (*happens)(struct holder *);
	unsigned moves;
	unsigned may_move; /* no document tells */
	enum end end;      /* of the process, which it brings about */
} events[] = {
	{ "IPC_SET", set, CTIME, 0, STAYS },
	{ "IPC_STAT", look, 0, 0, STAYS },
	{ "a lookup by shmget()", find, 0, 0, STAYS },
	{ "SHM_LOCK and SHM_UNLOCK", lock, 0, CTIME, STAYS },
	{ "IPC_RMID", remove_it, 0, CTIME, STAYS },
	{ "an undefined command", command_nothing, 0, 0, STAYS },
	{ "an attach", attach, ATIME, 0, STAYS },
	{ "a refused attach", fail_to_attach, 0, 0, STAYS },
	{ "a load and a store", use, 0, 0, STAYS },
	{ "a detach", detach, DTIME, 0, STAYS },
	{ "a refused detach", fail_to_detach, 0, 0, STAYS },
	{ "munmap() of an attachment", unmap_whole, 0, ATIME | DTIME, STAYS },
	{ "fork()", inherit, 0, ATIME, STAYS },
	{ "the exit of an heir", let_heir_exit, 0, ATIME | DTIME, STAYS },
	{ "a failed exec", fail_to_exec, 0, 0, STAYS },
	{ "exec", exec, DTIME, 0, STAYS },
	{ "exit()", leave_by_exit, DTIME, 0, EXITS },
	{ "_exit()", leave_at_once, DTIME, 0, EXITS },
	{ "SIGKILL", kill_itself, DTIME, 0, IS_KILLED },
};

struct part {
	const struct event *event;
	key_t key;
	int id;
	struct child holder;
	struct shmid_ds before;
};

/* Attached and detached, each time is set. */
static void
hold(void *arg)
{
	const struct part *part = arg;
	struct holder h = { .key = part->key, .id = part->id };

	h.at = segment_attach(h.id, NULL, 0);
	h.again = segment_attach(h.id, NULL, 0);
	segment_detach(segment_attach(h.id, NULL, 0));
	pause_for_parent();
	part->event->happens(&h);
	pause_for_parent();
	if (h.heir.pid != 0)
		child_exits(&h.heir);
}

static void
let_happen(struct part *part)
{
	child_goes_on(&part->holder);
	if (part->event->end == STAYS)
		child_reaches_pause(&part->holder);
	else if (part->event->end == EXITS)
		child_exits(&part->holder);
	else
		child_dies(&part->holder, SIGKILL);
}

static void
check_time(const struct part *part, unsigned which, const char *name, const time_t field[2], const time_t now[2])
{
	bool moved = field[1] != field[0];

	if ((part->event->may_move & which) != 0)
		observed(part->event->name, "%s %s", moved ? "moves" : "leaves", name);
	if (((part->event->moves & which) != 0 && !moved) ||
	    (((part->event->moves | part->event->may_move) & which) == 0 && moved))
		check_failed(__FILE__, __LINE__, "%s %s %s", part->event->name, moved ? "moves" : "leaves", name);
	else if (moved)
		check_time_between(__FILE__, __LINE__, name, now[0], now[1], field[1]);
}

static void
check_times(const struct part *part, const time_t now[2])
{
	struct shmid_ds after;

	if (shmctl(part->id, IPC_STAT, &after) == -1 && part->event->happens == remove_it)
		return; /* many systems tell nothing of a segment that is removed */
	after = segment_stat(part->id);
	check_time(part, ATIME, "shm_atime", (time_t[2]){ part->before.shm_atime, after.shm_atime }, now);
	check_time(part, DTIME, "shm_dtime", (time_t[2]){ part->before.shm_dtime, after.shm_dtime }, now);
	check_time(part, CTIME, "shm_ctime", (time_t[2]){ part->before.shm_ctime, after.shm_ctime }, now);
}

CASE(set_ctime, SHALL,
    "IPC_SET sets only shm_ctime, an attach only shm_atime, a "
    "detach, exec or exit only shm_dtime, a failed call nothing",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2017 shmdt() DESCRIPTION",
    "Linux shmctl(2)", "Linux shmop(2)", ALSO("shmid_ds.ctime-not-touched-by-attach"),
    ALSO("shmctl.set-does-not-touch-atime"), ALSO("shmctl.stat-does-not-change"), ALSO("shmat.atime-set"),
    ALSO("shmat.failure-changes-nothing"), ALSO("shmdt.dtime-set"), ALSO("shmdt.failure-changes-nothing"),
    ALSO("shmid_ds.exit-counts-down"), ALSO("shmid_ds.kill-counts-down"), ALSO("shmid_ds.exec-detaches"),
    ALSO("shmid_ds.use-changes-nothing"), NEEDS_SEGMENTS_THAT_STAY, COVERS("shmctl.set_ctime shmctl.lock_keeps_ctime"))
{
	struct part parts[nitems(events)];
	time_t now[2];

	for (size_t i = 0; i < nitems(events); i++) {
		parts[i] = (struct part){ .event = &events[i], .key = segment_key() };
		parts[i].id = segment_create_with_key(parts[i].key, page_size(), 0600);
		parts[i].holder = child_start(hold, &parts[i]);
		child_reaches_pause(&parts[i].holder);
		parts[i].before = segment_stat(parts[i].id);
	}
	now[0] = next_second();
	for (size_t i = 0; i < nitems(events); i++)
		let_happen(&parts[i]);
	now[1] = coarse_time();

	for (size_t i = 0; i < nitems(events); i++) {
		check_times(&parts[i], now);
		if (events[i].end == STAYS) {
			child_goes_on(&parts[i].holder);
			child_exits(&parts[i].holder);
		}
	}
}
