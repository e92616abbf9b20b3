/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Cases that go wrong in every way that a case can, for the tests of lib/: they are run one at a time by specimen_run.h,
 * never as part of the suite. Those that talk to their test do so in lines on standard input and output.
 */

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "object.h"
#include "process.h"
#include "program.h"
#include "segment.h"

static void
need_nothing(void)
{
}

static void
need_the_moon(void)
{
	end_skipped("no moon today");
}

INTERFACE(specimen, NEED("nothing", .ask = need_nothing))

CASE(holds, SHALL, "One is one", "POSIX.1-2017 one()")
{
	CHECK_EQ(1, 1);
}

CASE(fails__once, SHALL, "One is two", "POSIX.1-2017 one()", ALSO("specimen.other"), "Linux one(2)")
{
	CHECK_EQ(2, 1);
}

CASE(fails__twice, SHALL, "One is two and three", "POSIX.1-2017 one()")
{
	CHECK_EQ(2, 1);
	CHECK_EQ(3, 1);
}

CASE(lacks_something, SHALL, "The moon is there", "POSIX.1-2017 moon()")
{
	need(false, "no moon today");
}

CASE(needs_what_is_there, SHALL, "One is one", "POSIX.1-2017 one()", NEED("nothing", .ask = need_nothing))
{
	CHECK_EQ(1, 1);
}

CASE(needs_what_is_missing, SHALL, "One is two", "POSIX.1-2017 one()", NEED("the moon", .ask = need_the_moon))
{
	CHECK_EQ(2, 1);
}

CASE(needs_another_platform, SHALL, "One is two", "POSIX.1-2017 one()", NEEDS_PLATFORM(OTHER_PLATFORM))
{
	CHECK_EQ(2, 1);
}

CASE(needs_root, SHALL, "One is two for root", ALSO("specimen.other"), "POSIX.1-2017 one()", NEEDS_ROOT, "Linux one(2)")
{
	CHECK_EQ(2, 1);
}

/* Every system. */
#define ALL_SINCE(version) \
	"Linux " version, "FreeBSD " version, "NetBSD " version, "OpenBSD " version, "DragonFly " version, \
	    "macOS " version, "illumos " version

CASE(promised_since_old_version, DOCUMENTED, "One is two", ALL_SINCE("0.1 one(2)"))
{
	CHECK_EQ(2, 1);
}

CASE(promised_since_new_version, DOCUMENTED, "One is two", ALL_SINCE("9999.1 one(2)"))
{
	CHECK_EQ(2, 1);
}

CASE(fails_then_lacks, SHALL, "One is two under the moon", "POSIX.1-2017 moon()")
{
	CHECK_EQ(2, 1);
	need(false, "no moon today");
}

CASE(promised_elsewhere, DOCUMENTED, "Elsewhere one is two", "Atlantis one(2)")
{
	CHECK_EQ(2, 1);
}

CASE(promised_by_iso, DOCUMENTED, "One is two in C", "Atlantis one(2)", "ISO C11 1.1")
{
	CHECK_EQ(2, 1);
}

static void
fail(void *nothing)
{
	(void)nothing;
	CHECK_EQ(2, 1);
}

CASE(child_fails, SHALL, "One is two in a child", "POSIX.1-2017 one()")
{
	in_child(fail, NULL);
}

static void
child_of_child_fails(void *nothing)
{
	in_child(fail, nothing);
}

CASE(grandchild_fails, SHALL, "One is two in a child of a child", "POSIX.1-2017 one()")
{
	in_child(child_of_child_fails, NULL);
}

static void
fail_much(void *nothing)
{
	(void)nothing;
	for (int i = 0; i < 10000; i++)
		CHECK_EQ(-1, i);
}

CASE(child_fails_much, SHALL, "No number is a number, 10,000 times", "POSIX.1-2017 one()")
{
	in_child(fail_much, NULL);
}

static void
lack(void *nothing)
{
	(void)nothing;
	need(false, "no moon in a child");
}

CASE(child_lacks_something, SHALL, "The moon is there for children", "POSIX.1-2017 moon()")
{
	in_child(lack, NULL);
}

static void
crash(void *nothing)
{
	(void)nothing;
	raise(SIGSEGV);
}

CASE(child_crashes, SHALL, "A child lives", "POSIX.1-2017 one()")
{
	in_child(crash, NULL);
}

CASE(child_dies_otherwise, SHALL, "A child dies by SIGBUS", "POSIX.1-2017 one()")
{
	struct child c = child_start(crash, NULL);

	child_dies(&c, SIGBUS);
}

CASE(child_crashes_before_pause, SHALL, "A child comes to its pause", "POSIX.1-2017 one()")
{
	struct child c = child_start(crash, NULL);

	child_reaches_pause(&c);
}

static void
wait_for_ever(void *nothing)
{
	(void)nothing;
	pause_for_parent();
}

CASE(leaves_child, SHALL, "Children are waited for", "POSIX.1-2017 wait()")
{
	struct child c = child_start(wait_for_ever, NULL);

	child_reaches_pause(&c);
	printf("child %ld\n", (long)c.pid);
}

/* A process that no module of lib/ knows of. */
static void
leave_stray(void)
{
	pid_t stray = fork();

	REQUIRE(stray != -1);
	if (stray == 0) {
		pause();
		_exit(0);
	}
}

CASE(leaves_stray, SHALL, "Nothing is forked behind the back of lib/", "POSIX.1-2017 fork()")
{
	leave_stray();
}

CASE(hangs, SHALL, "A case ends", "POSIX.1-2017 pause()")
{
	leave_stray();
	pause();
}

CASE(exits, SHALL, "A case returns", "POSIX.1-2017 _exit()")
{
	puts("no result of this");
	fflush(stdout);
	_exit(0);
}

PROGRAM(failing_program)
{
	CHECK_EQ(2, argc);
	CHECK_EQ(8, number_from(argv[1]));
}

CASE(program_fails, SHALL, "Seven is eight in an unrelated process", "POSIX.1-2017 one()")
{
	struct child c = program_start("failing_program", number_text(7).text);

	child_exits(&c);
}

/* A process does not see by which file it is executed where an emulator hides itself; its child does. */
PROGRAM(telling_program)
{
	char link[64];
	char file[1024];
	ssize_t length;
	int done[2];
	char byte;

	REQUIRE(pipe(done) == 0);
	snprintf(link, sizeof(link), "/proc/%ld/exe", (long)getpid());
	const pid_t child = fork();
	REQUIRE(child != -1);
	if (child == 0) {
		length = readlink(link, file, sizeof(file) - 1);
		file[length == -1 ? 0 : length] = '\0';
		observed("file", "%s", file);
		_exit(0);
	}
	close(done[1]);
	CHECK_EQ(0, read(done[0], &byte, 1));
}

CASE(program_tells_wrapper, OBSERVED, "An unrelated process is executed by some file", "POSIX.1-2017 one()")
{
	struct child c = program_start("telling_program");

	child_exits(&c);
}

CASE(program_is_missing, SHALL, "There is such a program", "POSIX.1-2017 one()")
{
	struct child c = program_start("no_such_program");

	child_exits(&c);
}

/* Tell what was made, then wait for a line: the test chooses what happens meanwhile. */
static void
tell_and_wait(key_t key, int id, const struct object *o, const struct file *f)
{
	char line[16];

	printf("%jd %d %s %s\n", (intmax_t)key, id, o->name, f->name);
	fflush(stdout);
	if (read(STDIN_FILENO, line, sizeof(line)) == -1)
		_exit(1);
}

/* Whatever follows in the caller, these must be removed. */
static void
make_and_tell(void)
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);
	struct object o = object_create(1);
	struct file f = file_create(1);

	tell_and_wait(key, id, &o, &f);
}

CASE(owner_returns, SHALL, "What a case made is removed when it returns", "POSIX.1-2017 one()")
{
	make_and_tell();
}

CASE(owner_fails, SHALL, "What a case made is removed when it fails", "POSIX.1-2017 one()")
{
	make_and_tell();
	REQUIRE(1 == 2);
}

CASE(owner_crashes, SHALL, "What a case made is removed when it crashes", "POSIX.1-2017 one()")
{
	make_and_tell();
	abort();
}

static void
make_in_child(void *nothing)
{
	(void)nothing;
	make_and_tell();
}

CASE(child_owns, SHALL, "What a child made is removed when the case ends", "POSIX.1-2017 one()")
{
	in_child(make_in_child, NULL);
}

CASE(owner_made_by_hand, SHALL, "What was made by plain calls with names from lib/ is removed", "POSIX.1-2017 one()")
{
	key_t key = segment_key();
	int id = shmget(key, 1, IPC_CREAT | IPC_EXCL | 0);
	struct object o = object_name();
	struct file f = file_create(0);

	o.fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0);
	REQUIRE(id != -1 && o.fd != -1);
	tell_and_wait(key, id, &o, &f);
	abort();
}

/* Nothing of what it made is left; the test makes its own of the same key and names. */
CASE(owner_removed_all, SHALL, "What somebody else made of the same name stays", "POSIX.1-2017 one()")
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);
	struct object o = object_create(1);
	struct file f = file_create(1);

	segment_remove(id);
	object_unlink(&o);
	REQUIRE(unlink(f.name) == 0);
	tell_and_wait(key, id, &o, &f);
	abort();
}

/* The second object of that name is not told of before the case is killed. */
CASE(owner_recreates, SHALL, "What a case made with a name of before is removed", "POSIX.1-2017 one()")
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);
	struct object o = object_create(1);
	struct file f = file_create(1);

	object_unlink(&o);
	object_name_again(&o);
	REQUIRE(shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600) != -1);
	tell_and_wait(key, id, &o, &f);
}

CASE(owner_tells_nothing, SHALL, "What a case made with IPC_PRIVATE is removed when it is killed at once",
    "POSIX.1-2017 one()")
{
	struct file f = file_create(1);
	int id = shmget(IPC_PRIVATE, 1, 0600);

	tell_and_wait(IPC_PRIVATE, id, &(struct object){ .name = "-" }, &f);
	segment_own(id);
}
