/* SPDX-License-Identifier: BSD-2-Clause */

/* What a case owns is removed however the case ends, and nothing else is. */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>

#include "specimen_run.h"

/* What a specimen made, as it told. */
struct made {
	key_t key;
	int id;
	char object[64];
	char file[64];
};

static struct made
made_by(struct specimen *s)
{
	const char *line = specimen_line(s);
	struct made m;
	intmax_t key;

	ATF_REQUIRE_EQ_MSG(4, sscanf(line, "%jd %d %63s %63s", &key, &m.id, m.object, m.file), "%s", line);
	m.key = (key_t)key;
	return m;
}

static bool
object_exists(const char *name)
{
	int fd = shm_open(name, O_RDONLY, 0);

	if (fd != -1)
		close(fd);
	return fd != -1 || errno != ENOENT;
}

static void
check_exists(const struct made *m)
{
	ATF_CHECK_EQ(m->id, shmget(m->key, 0, 0));
	ATF_CHECK(object_exists(m->object));
	ATF_CHECK_EQ(0, access(m->file, F_OK));
}

static void
check_gone(const struct made *m)
{
	ATF_CHECK_ERRNO(ENOENT, shmget(m->key, 0, 0) == -1);
	ATF_CHECK(shmctl(m->id, IPC_STAT, &(struct shmid_ds){ .shm_segsz = 0 }) == -1);
	ATF_CHECK(!object_exists(m->object));
	ATF_CHECK_ERRNO(ENOENT, access(m->file, F_OK) == -1);
}

static void
need_strays(void)
{
	if (!strays_can_be_awaited())
		atf_tc_skip("orphans cannot be waited for on this platform");
}

static void
check_removed_after(const atf_tc_t *tc, const char *name, int signal)
{
	struct specimen s = specimen_start(tc, name);
	struct made m = made_by(&s);

	check_exists(&m);
	if (signal == 0)
		specimen_go_on(&s);
	else
		kill(s.pid, signal);
	specimen_end(&s);
	check_gone(&m);
	if (signal != 0)
		ATF_CHECK(WIFSIGNALED(s.status) && WTERMSIG(s.status) == signal);
}

#define REMOVED_AFTER(name, description, specimen, signal) \
	ATF_TC(name); \
	ATF_TC_HEAD(name, tc) \
	{ \
		atf_tc_set_md_var(tc, "descr", description); \
	} \
	ATF_TC_BODY(name, tc) \
	{ \
		need_strays(); \
		check_removed_after(tc, specimen, signal); \
	}

REMOVED_AFTER(return_, "What a case made is gone when it has returned", "owner_returns", 0)
REMOVED_AFTER(failure, "What a case made is gone when it has failed", "owner_fails", 0)
REMOVED_AFTER(crash, "What a case made is gone when it has crashed", "owner_crashes", 0)
REMOVED_AFTER(sigkill, "What a case made is gone when it was killed", "owner_returns", SIGKILL)
REMOVED_AFTER(sigterm, "What a case made is gone when it was terminated", "owner_returns", SIGTERM)
REMOVED_AFTER(child, "What a child made is gone when the case has ended", "child_owns", 0)
REMOVED_AFTER(child_sigkill, "What a child made is gone when the case was killed", "child_owns", SIGKILL)
REMOVED_AFTER(plain_calls, "What plain calls made is gone, whatever its mode", "owner_made_by_hand", 0)
REMOVED_AFTER(
    recreated, "What a case made with a name of before is gone when it was killed", "owner_recreates", SIGKILL)

ATF_TC(untold);
ATF_TC_HEAD(untold, tc)
{
	atf_tc_set_md_var(tc, "descr", "What a case made with IPC_PRIVATE is gone when it was killed before it told");
}
ATF_TC_BODY(untold, tc)
{
	need_strays();
	if (access("/proc/sysvipc/shm", R_OK) == -1)
		atf_tc_skip("nothing lists the segments of this platform");
	struct specimen s = specimen_start(tc, "owner_tells_nothing");
	struct made m = made_by(&s);
	struct shmid_ds status;

	ATF_CHECK_EQ(0, shmctl(m.id, IPC_STAT, &status));
	kill(s.pid, SIGKILL);
	specimen_end(&s);
	ATF_CHECK(shmctl(m.id, IPC_STAT, &status) == -1);
}

ATF_TC(timeout);
ATF_TC_HEAD(timeout, tc)
{
	atf_tc_set_md_var(tc, "descr", "What a case made is gone when its runner killed its process group");
}
ATF_TC_BODY(timeout, tc)
{
	need_strays();
	struct specimen s = specimen_start(tc, "child_owns");
	/* A session of its own, as Kyua gives; the parent may come first. */
	setpgid(s.pid, s.pid);
	struct made m = made_by(&s);

	check_exists(&m);
	kill(-s.pid, SIGKILL);
	specimen_end(&s);
	check_gone(&m);
}

ATF_TC(foreign_stays);
ATF_TC_HEAD(foreign_stays, tc)
{
	atf_tc_set_md_var(tc, "descr", "A key or a name that somebody else uses by now stays, with its contents");
}
ATF_TC_BODY(foreign_stays, tc)
{
	need_strays();
	struct specimen s = specimen_start(tc, "owner_removed_all");
	struct made m = made_by(&s);
	char byte = 0;

	check_gone(&m);
	m.id = shmget(m.key, 1, IPC_CREAT | IPC_EXCL | 0600);
	int object = shm_open(m.object, O_CREAT | O_EXCL | O_RDWR, 0600);
	int file = open(m.file, O_CREAT | O_EXCL | O_RDWR, 0600);
	ATF_REQUIRE(m.id != -1 && object != -1 && file != -1);
	char *p = shmat(m.id, NULL, 0);
	ATF_REQUIRE(p != (void *)-1);
	*p = 'f';
	ATF_REQUIRE_EQ(1, write(file, "f", 1));

	specimen_go_on(&s);
	specimen_end(&s);

	check_exists(&m);
	ATF_CHECK_EQ('f', *p);
	ATF_CHECK_EQ(1, pread(file, &byte, 1, 0));
	ATF_CHECK_EQ('f', byte);
	ATF_CHECK_EQ(0, shmctl(m.id, IPC_RMID, NULL));
	ATF_CHECK_EQ(0, shm_unlink(m.object));
}

ATF_TC(child_left);
ATF_TC_HEAD(child_left, tc)
{
	atf_tc_set_md_var(tc, "descr", "A child that a case leaves running is killed, and the case fails");
}
ATF_TC_BODY(child_left, tc)
{
	struct specimen s = specimen_start(tc, "leaves_child");
	long child = 0;

	ATF_REQUIRE_EQ(1, sscanf(specimen_line(&s), "child %ld", &child));
	specimen_end(&s);
	ATF_CHECK_ERRNO(ESRCH, kill((pid_t)child, 0) == -1);
	ATF_CHECK(strstr(s.result, "left 1 children") != NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, return_);
	ATF_TP_ADD_TC(tp, failure);
	ATF_TP_ADD_TC(tp, crash);
	ATF_TP_ADD_TC(tp, sigkill);
	ATF_TP_ADD_TC(tp, sigterm);
	ATF_TP_ADD_TC(tp, child);
	ATF_TP_ADD_TC(tp, child_sigkill);
	ATF_TP_ADD_TC(tp, plain_calls);
	ATF_TP_ADD_TC(tp, recreated);
	ATF_TP_ADD_TC(tp, untold);
	ATF_TP_ADD_TC(tp, timeout);
	ATF_TP_ADD_TC(tp, foreign_stays);
	ATF_TP_ADD_TC(tp, child_left);
	return atf_no_error();
}
