/* SPDX-License-Identifier: BSD-2-Clause */

/* Named semaphores: memory that processes share by a name, without a mapping of their own. */

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "interruption.h"
#include "named_semaphore.h"
#include "process.h"
#include "program.h"

INTERFACE(sem_open, NEEDS_NAMED_SEMAPHORES)

#define MANUALS \
	"FreeBSD sem_open(3)", "NetBSD sem_open(3)", "OpenBSD sem_open(3)", "DragonFly sem_open(3)", \
	    "macOS sem_open(2)", "illumos sem_open(3C)"

/* It can be taken as often, and not more. macOS has no sem_getvalue(). */
static void
check_value(sem_t *s, unsigned value)
{
	for (unsigned i = 0; i < value; i++)
		CHECK_SUCCEEDS(sem_trywait(s));
	CHECK_FAILS(EAGAIN, -1, sem_trywait(s));
}

PROGRAM(finds_two)
{
	sem_t *s = sem_open(argv[1], 0);

	REQUIRE(s != SEM_FAILED);
	check_value(s, 2);
	CHECK_SUCCEEDS(sem_post(s));
}

CASE(shared_by_name, SHALL,
    "A semaphore that O_CREAT makes has the value given, and unrelated processes open the same one by its name",
    "POSIX.1-2017 sem_open() DESCRIPTION", "POSIX.1-2024 sem_open() DESCRIPTION", "Linux sem_open(3)", MANUALS)
{
	struct semaphore_name name = semaphore_name();
	sem_t *s = sem_open(name.text, O_CREAT, 0600, 2);
	REQUIRE(s != SEM_FAILED);

	struct child c = program_start("finds_two", name.text);
	child_exits(&c);

	check_value(s, 1);
}

PROGRAM(answers)
{
	sem_t *question = sem_open(argv[1], 0);
	sem_t *answer = sem_open(argv[2], 0);

	REQUIRE(question != SEM_FAILED);
	REQUIRE(answer != SEM_FAILED);
	CHECK_SUCCEEDS(sem_wait(question));
	CHECK_SUCCEEDS(sem_post(answer));
}

PROGRAM(listens)
{
	sem_t *answer = sem_open(argv[1], 0);

	REQUIRE(answer != SEM_FAILED);
	CHECK_SUCCEEDS(sem_wait(answer));
}

CASE(wakes_others, SHALL, "sem_post() of a named semaphore lets sem_wait() in an unrelated process return",
    "POSIX.1-2017 sem_open() DESCRIPTION", "POSIX.1-2024 sem_open() DESCRIPTION", "Linux sem_overview(7)", MANUALS,
    "macOS sem_wait(2)", "macOS sem_post(2)", NEEDS_WAKES_OF_OTHERS)
{
	struct semaphore_name names[] = { semaphore_name(), semaphore_name() };
	sem_t *question = named_semaphore(&names[0], 0);
	sem_t *answer = named_semaphore(&names[1], 0);

	struct child listener = program_start("listens", names[1].text);
	struct child c = program_start("answers", names[0].text, names[1].text);
	CHECK_SUCCEEDS(sem_post(question));
	child_exits(&c);
	child_exits(&listener);

	check_value(question, 0);
	check_value(answer, 0);
}

static void
wait_is_interrupted(void *semaphore)
{
	interruptions_begin();
	CHECK_FAILS(EINTR, -1, sem_wait(semaphore));
	interruptions_end();
}

CASE(wait_eintr, SHALL,
    "A signal whose handler returns ends sem_wait() for a named semaphore with EINTR, and the semaphore stays as it is",
    "POSIX.1-2017 sem_wait() DESCRIPTION", "POSIX.1-2024 sem_wait() DESCRIPTION", "Linux sem_wait(3)",
    "FreeBSD sem_wait(3)", "OpenBSD sem_wait(3)", "macOS sem_wait(2)", "illumos sem_wait(3C)")
{
	struct semaphore_name name = semaphore_name();
	sem_t *s = named_semaphore(&name, 0);

	in_child(wait_is_interrupted, s);

	check_value(s, 0);
}

CASE(excl_eexist, SHALL, "O_CREAT with O_EXCL fails with EEXIST when the name has a semaphore, which stays as it is",
    "POSIX.1-2017 sem_open() ERRORS", "POSIX.1-2024 sem_open() ERRORS", "Linux sem_open(3)", "FreeBSD sem_open(3)",
    "NetBSD sem_open(3)", "DragonFly sem_open(3)", "macOS sem_open(2)", "illumos sem_open(3C)")
{
	struct semaphore_name name = semaphore_name();
	sem_t *s = named_semaphore(&name, 1);

	CHECK_FAILS(EEXIST, SEM_FAILED, sem_open(name.text, O_CREAT | O_EXCL, 0600, 7));

	check_value(s, 1);
}

CASE(missing_enoent, SHALL, "Without O_CREAT a name that no semaphore has gives ENOENT, and so does sem_unlink()",
    "POSIX.1-2017 sem_open() ERRORS", "POSIX.1-2024 sem_open() ERRORS", "POSIX.1-2017 sem_unlink() ERRORS",
    "POSIX.1-2024 sem_unlink() ERRORS", "Linux sem_open(3)", "Linux sem_unlink(3)", "FreeBSD sem_open(3)",
    "NetBSD sem_open(3)", "DragonFly sem_open(3)", "macOS sem_open(2)", "macOS sem_unlink(2)", "illumos sem_open(3C)",
    "illumos sem_unlink(3C)")
{
	struct semaphore_name name = semaphore_name();

	CHECK_FAILS(ENOENT, SEM_FAILED, sem_open(name.text, 0));
	CHECK_FAILS(ENOENT, -1, sem_unlink(name.text));
}

static void
opens_with_seven(void *name)
{
	const struct semaphore_name *n = name;
	sem_t *s = sem_open(n->text, O_CREAT, 0600, 7);

	REQUIRE(s != SEM_FAILED);
	check_value(s, 1);
}

CASE(existing_keeps_value, SHALL, "O_CREAT opens an existing semaphore as it is: the value given is not used",
    "POSIX.1-2017 sem_open() DESCRIPTION", "POSIX.1-2024 sem_open() DESCRIPTION", "Linux sem_open(3)",
    "illumos sem_open(3C)")
{
	struct semaphore_name name = semaphore_name();
	sem_t *s = named_semaphore(&name, 1);

	in_child(opens_with_seven, &name);

	check_value(s, 0);
}

/* POSIX.1-2017 requires the same address, POSIX.1-2024 leaves it open. */
CASE(address_of_second_open, MAY,
    "A process that opens a semaphore twice gets the same address twice, or another one of the same semaphore",
    "POSIX.1-2024 sem_open() DESCRIPTION", CHOICE("FreeBSD sem_open(3)", "address-of-second-open", "the same"),
    CHOICE("NetBSD sem_open(3)", "address-of-second-open", "the same"),
    CHOICE("DragonFly sem_open(3)", "address-of-second-open", "the same"),
    CHOICE("macOS sem_open(2)", "address-of-second-open", "the same"),
    CHOICE("illumos sem_open(3C)", "address-of-second-open", "the same"))
{
	struct semaphore_name name = semaphore_name();
	sem_t *first = named_semaphore(&name, 0);

	sem_t *second = sem_open(name.text, 0);

	REQUIRE(second != SEM_FAILED);
	observed("address-of-second-open", "%s", second == first ? "the same" : "another");
	CHECK_SUCCEEDS(sem_post(second));
	check_value(first, 1);
}

static void
makes_and_is_killed(void *name)
{
	named_semaphore(name, 3);
	raise(SIGKILL);
}

CASE(outlives_creator, SHALL, "A named semaphore stays, with its value, when the process that made it is killed",
    "POSIX.1-2017 sem_open() DESCRIPTION", "POSIX.1-2024 sem_open() DESCRIPTION", "Linux sem_overview(7)")
{
	struct semaphore_name name = semaphore_name();

	struct child c = child_start(makes_and_is_killed, &name);
	child_dies(&c, SIGKILL);

	sem_t *s = sem_open(name.text, 0);
	REQUIRE(s != SEM_FAILED);
	check_value(s, 3);
}

CASE(close_keeps_value, SHALL, "sem_close() leaves the value of the semaphore, which the next sem_open() finds",
    "POSIX.1-2017 sem_close() DESCRIPTION", "POSIX.1-2024 sem_close() DESCRIPTION", "Linux sem_close(3)", MANUALS,
    "macOS sem_close(2)", "illumos sem_close(3C)")
{
	struct semaphore_name name = semaphore_name();
	sem_t *s = named_semaphore(&name, 3);
	REQUIRE_SUCCEEDS(sem_trywait(s));

	CHECK_SUCCEEDS(sem_close(s));

	s = sem_open(name.text, 0);
	REQUIRE(s != SEM_FAILED);
	check_value(s, 2);
}

CASE(close_closes_descriptor, SHALL,
    "Where a named semaphore takes a descriptor of the process, "
    "sem_close() closes it: none is open that was not before",
    "POSIX.1-2024 sem_close() DESCRIPTION")
{
	struct semaphore_name name = semaphore_name();
	CHECK_SUCCEEDS(sem_close(named_semaphore(&name, 1)));
	int before = next_descriptor();

	sem_t *s = sem_open(name.text, 0);
	REQUIRE(s != SEM_FAILED);
	CHECK_SUCCEEDS(sem_close(s));

	CHECK_EQ(before, next_descriptor());
}

static void
shares_it(void *semaphore)
{
	pause_for_parent();
	check_value(semaphore, 1);
}

CASE(unlink_hides_name, SHALL,
    "sem_unlink() takes the name at once: another semaphore can "
    "have it, and who has the first one open shares that still",
    "POSIX.1-2017 sem_unlink() DESCRIPTION", "POSIX.1-2024 sem_unlink() DESCRIPTION", "Linux sem_unlink(3)", MANUALS,
    "macOS sem_unlink(2)", "illumos sem_unlink(3C)")
{
	struct semaphore_name name = semaphore_name();
	sem_t *first = named_semaphore(&name, 0);
	struct child c = child_start(shares_it, first);
	child_reaches_pause(&c);

	CHECK_SUCCEEDS(sem_unlink(name.text));
	CHECK_FAILS(ENOENT, SEM_FAILED, sem_open(name.text, 0));
	sem_t *second = named_semaphore(&name, 5);

	CHECK_SUCCEEDS(sem_post(first));
	child_goes_on(&c);
	child_exits(&c);
	check_value(first, 0);
	check_value(second, 5);
}

CASE(file_shows_owner_and_mode, DOCUMENTED,
    "A file /dev/shm/sem.NAME shows the semaphore, with the effective ids of its creator and the mode less the umask",
    "Linux sem_overview(7)", "Linux sem_open(3)")
{
	struct semaphore_name name = semaphore_name();
	char path[PATH_MAX];
	struct stat status;

	umask(0057);
	sem_t *s = sem_open(name.text, O_CREAT | O_EXCL, 0666, 0);
	REQUIRE(s != SEM_FAILED);

	snprintf(path, sizeof(path), "/dev/shm/sem.%s", name.text + 1);
	known_defect(MUSL, "", "the file is /dev/shm/NAME", "musl src/mman/shm_open.c __shm_mapname()");
	if (!CHECK_SUCCEEDS(stat(path, &status)))
		return;
	CHECK_EQ(S_IFREG | 0620, status.st_mode);
	CHECK_EQ(geteuid(), status.st_uid);
	CHECK_EQ(getegid(), status.st_gid);
}

struct grant {
	struct semaphore_name name;
	mode_t mode;
};

static void
makes_for_others(void *grant)
{
	const struct grant *g = grant;

	umask(0);
	sem_t *s = sem_open(g->name.text, O_CREAT | O_EXCL, g->mode, 1);
	need(s != SEM_FAILED || errno != EACCES, "not all users can make semaphores");
	REQUIRE(s != SEM_FAILED);
}

static void
is_refused(void *grant)
{
	const struct grant *g = grant;

	CHECK_FAILS(EACCES, SEM_FAILED, sem_open(g->name.text, 0));
}

static void
is_granted(void *grant)
{
	const struct grant *g = grant;
	sem_t *s = sem_open(g->name.text, 0);

	if (CHECK_NE(SEM_FAILED, s))
		check_value(s, 1);
}

CASE(eacces, SHALL, "A semaphore that its mode keeps from a user is refused to that user with EACCES",
    "POSIX.1-2017 sem_open() ERRORS", "POSIX.1-2024 sem_open() ERRORS", "Linux sem_open(3)", "FreeBSD sem_open(3)",
    "NetBSD sem_open(3)", "DragonFly sem_open(3)", "macOS sem_open(2)", "illumos sem_open(3C)", NEEDS_USERS)
{
	struct grant g = { .name = semaphore_name(), .mode = 0600 };

	as_user(OWNER, makes_for_others, &g);
	as_user(OTHER, is_refused, &g);
}

CASE(eacces__granted, SHALL, "A semaphore whose mode lets all users read and write is opened by another user",
    "POSIX.1-2017 sem_open() DESCRIPTION", "POSIX.1-2024 sem_open() DESCRIPTION", "Linux sem_open(3)",
    "FreeBSD sem_open(3)", "NetBSD sem_open(3)", "DragonFly sem_open(3)", "macOS sem_open(2)", "illumos sem_open(3C)",
    NEEDS_USERS)
{
	struct grant g = { .name = semaphore_name(), .mode = 0666 };

	deviates(OPENBSD, "users do not share semaphores", "OpenBSD sem_open(3)");
	as_user(OWNER, makes_for_others, &g);
	as_user(OTHER, is_granted, &g);
}
