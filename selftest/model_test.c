/* SPDX-License-Identifier: BSD-2-Clause */

/* The model of the explorer by itself: worlds as values, and what the rules allow. No system call is made. */

#include <errno.h>
#include <signal.h>

#include "model/model.h"
#include "model_setting.h"
#include "test.h"

static struct outcomes allowed;

/* Do this in the world: the operation, then its arguments in the order in which a script has them. */
static void
act(struct world *w, unsigned process, enum operation_kind kind, const uint8_t numbers[8])
{
	struct operation o = { .kind = (uint8_t)kind, .process = (uint8_t)process };

	for (const enum argument *a = operation_form(kind)->takes; *a != ARGUMENTS; a++)
		o.arguments[*a] = *numbers++;
	model_ask(&setting, w, &o, &allowed);
	if (allowed.count > 0)
		*w = allowed.list[0].after;
}

#define ACT(w, process, kind, ...) act(w, process, kind, (const uint8_t[8]){ __VA_ARGS__ })

/* There is one outcome, and it is this. */
#define CHECK_ALLOWED(only) \
	do { \
		ATF_CHECK_EQ(1, allowed.count); \
		ATF_CHECK(answer_matches(&allowed.list[0].answer, &(only))); \
	} while (0)

TEST(equal_worlds, "Worlds that differ in the numbers of their backings alone are equal in order")
{
	struct world a = world_at_start();
	struct world b = world_at_start();
	struct world in_order;

	ACT(&a, 0, SHM_OPEN, 0, OPENS_NEW);
	ACT(&a, 0, SHM_OPEN, 1, OPENS_NEW);
	ACT(&a, 0, SHM_UNLINK, 0);
	ACT(&a, 0, CLOSE, 0);
	ACT(&a, 0, CLOSE, 1);
	ACT(&b, 0, SHM_OPEN, 1, OPENS_NEW);
	ACT(&b, 0, CLOSE, 0);
	ATF_CHECK(!worlds_are_equal(&a, &b));
	a = world_in_order(&a);
	b = world_in_order(&b);
	ATF_CHECK(worlds_are_equal(&a, &b));
	ATF_CHECK_EQ(world_hash(&a), world_hash(&b));
	in_order = world_in_order(&a);
	ATF_CHECK(worlds_are_equal(&a, &in_order));
}

TEST(private_copies,
    "A private page shows what the object had, until the process stores there; a child has its own copy")
{
	struct world w = world_at_start();

	ACT(&w, 0, SHM_OPEN, 0, OPENS_NEW);
	ACT(&w, 0, FTRUNCATE, 0, SIZE_UNIT);
	ACT(&w, 0, MMAP, 0, 0, 1, 0, SHARED, READ_WRITE);
	ACT(&w, 0, MMAP, 1, 0, 1, 0, PRIVATE, READ_WRITE);
	ACT(&w, 0, STORE, 0, 0, 2);
	ACT(&w, 0, LOAD, 1, 0);
	ATF_CHECK_EQ(2, allowed.count); /* 0 and 3: POSIX leaves that open */
	ACT(&w, 0, STORE, 1, 0, 4);
	ACT(&w, 0, LOAD, 1, 0);
	CHECK_ALLOWED(GIVES(5));
	ACT(&w, 0, LOAD, 0, 0);
	CHECK_ALLOWED(GIVES(3));
	ACT(&w, 0, FORK, 1);
	ACT(&w, 1, STORE, 1, 0, 6);
	ACT(&w, 0, LOAD, 1, 0);
	CHECK_ALLOWED(GIVES(5));
	ACT(&w, 1, LOAD, 1, 0);
	CHECK_ALLOWED(GIVES(7));
}

TEST(removed_segment, "A removed segment goes with its last attachment, and its identifier then names nothing")
{
	struct world w = world_at_start();

	ACT(&w, 0, SHMGET, 0, SIZE_1, CREATES_IT);
	ACT(&w, 0, SHMAT, 0, 0, READ_WRITE);
	ACT(&w, 0, FORK, 1);
	ACT(&w, 0, IPC_STATUS, 0);
	CHECK_ALLOWED(GIVES_TWO(1, 2));
	ACT(&w, 0, IPC_REMOVE, 0);
	ACT(&w, 0, SHMGET, 0, SIZE_0, FINDS);
	CHECK_ALLOWED(FAILS(ENOENT));
	ACT(&w, 0, SHMDT, 0);
	ATF_CHECK_EQ(SEGMENT, w.backings[w.processes[1].identifiers[0]].kind);
	ACT(&w, 0, KILL, 1);
	ATF_CHECK_EQ(IDENTIFIER_OF_NOTHING, w.processes[0].identifiers[0]);
	ACT(&w, 0, SHMAT, 0, 0, READ_WRITE);
	CHECK_ALLOWED(FAILS(EINVAL));
}

TEST(end_of_object,
    "Behind the end the last page is zero, and whole pages raise SIGBUS; what is cut off comes back as zero")
{
	struct world w = world_at_start();

	ACT(&w, 0, SHM_OPEN, 0, OPENS_NEW);
	ACT(&w, 0, FTRUNCATE, 0, SIZE_UNIT_AND_1);
	ACT(&w, 0, MMAP, 0, 2, 1, 0, SHARED, READ_WRITE);
	ACT(&w, 0, LOAD, 1, 1);
	CHECK_ALLOWED(GIVES(0));
	ACT(&w, 0, LOAD, 2, 0);
	CHECK_ALLOWED(FAULTS(SIGBUS, ANY_CODE));
	ACT(&w, 0, STORE, 1, 0, 8);
	ACT(&w, 0, FTRUNCATE, 0, SIZE_1);
	ACT(&w, 0, LOAD, 1, 0);
	CHECK_ALLOWED(FAULTS(SIGBUS, ANY_CODE));
	ACT(&w, 0, FTRUNCATE, 0, SIZE_2_UNITS);
	ACT(&w, 0, MMAP, 1, 0, 1, 1, SHARED, READ);
	ACT(&w, 0, LOAD, 1, 0);
	CHECK_ALLOWED(GIVES(0));
}

TEST(open_file_descriptions,
    "dup() and fork() share an offset, each open() has its own, and exec closes the descriptors with FD_CLOEXEC")
{
	struct world w = world_at_start();

	ACT(&w, 0, OPEN, 0, OPENS_NEW, KEPT_ON_EXEC);
	ACT(&w, 0, WRITE_NEXT, 0, 4);
	CHECK_ALLOWED(GIVES(1));
	ACT(&w, 0, DUP, 0);
	CHECK_ALLOWED(GIVES(1));
	ACT(&w, 0, OPEN, 0, OPENS_TO_READ, CLOSED_ON_EXEC);
	ACT(&w, 0, READ_NEXT, 2);
	CHECK_ALLOWED(GIVES_TWO(1, 5));
	ACT(&w, 0, FORK, 1);
	ACT(&w, 1, LSEEK, 0, FROM_START, 1, 2);
	CHECK_ALLOWED(GIVES(2 * setting.unit - 1));
	ACT(&w, 0, LSEEK, 1, FROM_OFFSET, 0, 0);
	CHECK_ALLOWED(GIVES(2 * setting.unit - 1));
	ACT(&w, 0, LSEEK, 2, FROM_OFFSET, 0, 0);
	CHECK_ALLOWED(GIVES(1));
	ACT(&w, 0, WRITE_NEXT, 2, 0);
	ATF_CHECK_EQ(0, allowed.count); /* between spots nothing is stored */
	ACT(&w, 1, EXEC);
	ACT(&w, 1, CLOSE, 2);
	CHECK_ALLOWED(FAILS(EBADF));
	ACT(&w, 1, GETFD, 1);
	CHECK_ALLOWED(GIVES(0));
}

TEST(locks, "Locks do not add up, are not inherited, and go with what is mapped; a call that is refused changes none")
{
	struct world w = world_at_start();

	ACT(&w, 0, MMAP, 0, 2, 0, 0, SHARED, READ_WRITE);
	ACT(&w, 0, MLOCK, 0, 1);
	ACT(&w, 0, MLOCK, 1, 1);
	ACT(&w, 0, LOCKED_BYTES);
	CHECK_ALLOWED(GIVES(3 * 4096));
	ACT(&w, 0, FORK, 1);
	ACT(&w, 1, LOCKED_BYTES);
	CHECK_ALLOWED(GIVES(0));
	ACT(&w, 0, MUNLOCK, 0, 0);
	ACT(&w, 0, MUNMAP, 1, 0);
	ACT(&w, 0, MLOCK, 0, 1);
	CHECK_ALLOWED(FAILS(ENOMEM));
	ACT(&w, 0, LOCKED_BYTES);
	CHECK_ALLOWED(GIVES(4096));
	ACT(&w, 0, MSYNC, 2, 0, INVALIDATES);
	ATF_CHECK_EQ(2, allowed.count); /* POSIX speaks of files and objects */
}

TEST(modes_and_users, "The mode decides what another user gets, and only the owner changes it or removes the segment")
{
	struct world w = world_at_start();

	ACT(&w, 0, SHMGET, 0, SIZE_1, CREATES_IT, MODE_0644);
	ACT(&w, 0, SHM_OPEN, 0, OPENS_NEW, MODE_0666);
	ACT(&w, 0, FSTAT_MODE, 0);
	CHECK_ALLOWED(GIVES_TWO(0644, FIRST_USER));
	ACT(&w, 0, FORK, 1);
	ACT(&w, 1, BECOME_OTHER);
	ACT(&w, 1, SHMAT, 0, 0, READ_WRITE);
	CHECK_ALLOWED(FAILS(EACCES));
	ACT(&w, 1, SHMAT, 0, 0, READ);
	CHECK_ALLOWED(SUCCEEDS);
	ACT(&w, 1, SHMGET, 0, SIZE_0, FINDS, MODE_0644);
	ATF_CHECK_EQ(2, allowed.count); /* by all bits that is too much, by those of others it is not */
	ACT(&w, 1, IPC_REMOVE, 0);
	CHECK_ALLOWED(FAILS(EPERM));
	ACT(&w, 0, IPC_SET_MODE, 0, MODE_0400);
	ACT(&w, 1, IPC_MODE, 0);
	CHECK_ALLOWED(FAILS(EACCES));
	ACT(&w, 1, LOAD, 0, 0);
	CHECK_ALLOWED(GIVES(0));
	ACT(&w, 0, SHMAT, 0, 1, READ_WRITE);
	CHECK_ALLOWED(SUCCEEDS); /* root is not asked */
	ACT(&w, 1, FCHMOD, 0, MODE_0600);
	CHECK_ALLOWED(FAILS(EPERM));
	ACT(&w, 1, SHM_OPEN, 0, OPENS_TO_WRITE, 0);
	CHECK_ALLOWED(FAILS(EACCES));
	ACT(&w, 1, SHM_UNLINK, 0);
	CHECK_ALLOWED(FAILS(EACCES));
}

TEST(status, "IPC_STAT tells who made a segment and used it last, and which times are set; what is open is told once")
{
	struct world w = world_at_start();

	ACT(&w, 0, SHMGET, 0, SIZE_1, CREATES_IT);
	ACT(&w, 0, FORK, 1);
	ACT(&w, 0, IPC_USERS, 0);
	CHECK_ALLOWED(GIVES_TWO(0, NO_PROCESS));
	ACT(&w, 0, IPC_TIMES, 0);
	CHECK_ALLOWED(GIVES_TWO(0, 0));
	ACT(&w, 0, SHMAT, 0, 0, READ);
	ACT(&w, 1, SHMGET, 0, SIZE_0, FINDS);
	ACT(&w, 1, SHMAT, 0, 0, READ);
	ACT(&w, 1, IPC_TIMES, 0);
	CHECK_ALLOWED(GIVES_TWO(WAS_ATTACHED, 0));
	ACT(&w, 0, IPC_USERS, 0);
	CHECK_ALLOWED(GIVES_TWO(0, 1));
	ACT(&w, 0, FORK, 2);
	ACT(&w, 1, IPC_USERS, 0);
	ATF_CHECK_EQ(3, allowed.count); /* whether fork() is an attach is said nowhere */
	ACT(&w, 1, IPC_USERS, 0);
	ATF_CHECK_EQ(1, allowed.count);
	ACT(&w, 1, EXIT);
	ACT(&w, 0, IPC_TIMES, 0);
	CHECK_ALLOWED(GIVES_TWO(WAS_ATTACHED | WAS_DETACHED, 0));
}

TEST(addresses, "Places that the system has put elsewhere are a range only if they were mapped by one call")
{
	struct world w = world_at_start();

	ACT(&w, 0, MMAP, 0, 1, 0, 0, SHARED, READ_WRITE);
	ACT(&w, 0, MMAP, 2, 1, 0, 0, SHARED, READ_WRITE, ANY);
	ATF_CHECK_EQ(2, allowed.count);
	w = allowed.list[1].after;
	ACT(&w, 0, MMAP, 2, 0, 0, 0, SHARED, READ_WRITE, ANY);
	ATF_CHECK_EQ(0, allowed.count); /* something is there */
	ACT(&w, 0, MPROTECT, 1, 1, READ);
	ATF_CHECK_EQ(0, allowed.count);
	ACT(&w, 0, MPROTECT, 2, 1, READ);
	CHECK_ALLOWED(SUCCEEDS);
	ACT(&w, 0, MUNMAP, 2, 0);
	ACT(&w, 0, MUNMAP, 2, 1);
	ATF_CHECK_EQ(0, allowed.count); /* the place has its address again */
	ACT(&w, 0, MUNMAP, 3, 0);
	ACT(&w, 0, MUNMAP, 1, 2);
	CHECK_ALLOWED(SUCCEEDS);
}

TEST(attach_addresses, "SHM_RND rounds down, SHM_REMAP replaces and needs an address, and all else is refused")
{
	struct world w = world_at_start();

	ACT(&w, 0, SHMGET, 0, SIZE_UNIT, CREATES_IT);
	ACT(&w, 0, SHMAT, 0, 0, READ, UNALIGNED);
	CHECK_ALLOWED(FAILS(EINVAL));
	ACT(&w, 0, SHMAT, 0, 0, READ, ROUNDED);
	CHECK_ALLOWED(SUCCEEDS);
	ACT(&w, 0, MMAP, 1, 1, 0, 0, SHARED, READ_WRITE);
	ACT(&w, 0, STORE, 1, 0, 4);
	ACT(&w, 0, SHMAT, 0, 1, READ);
	CHECK_ALLOWED(FAILS(EINVAL));
	ACT(&w, 0, SHMAT, 0, 1, READ, REPLACING_ANY);
	CHECK_ALLOWED(FAILS(EINVAL));
	ACT(&w, 0, SHMAT, 0, 1, READ, REPLACING);
	CHECK_ALLOWED(SUCCEEDS);
	ACT(&w, 0, LOAD, 1, 0);
	CHECK_ALLOWED(GIVES(0));
	ACT(&w, 0, SHMDT, 1);
	ACT(&w, 0, LOAD, 1, 0);
	CHECK_ALLOWED(FAULTS(SIGSEGV, SEGV_MAPERR));
	ACT(&w, 0, LOAD, 2, 0);
	CHECK_ALLOWED(GIVES(0));
}

TEST(parts_of_attachments, "An attachment of which a part is unmapped may count as several, and be detached or not")
{
	struct world w = world_at_start();

	ACT(&w, 0, SHMGET, 0, SIZE_3_UNITS, CREATES_IT);
	ACT(&w, 0, SHMAT, 0, 0, READ_WRITE);
	ACT(&w, 0, MUNMAP, 0, 2);
	ATF_CHECK_EQ(0, allowed.count); /* nobody says what is left of it */
	ACT(&w, 0, MPROTECT, 2, 0, READ);
	ACT(&w, 0, IPC_STATUS, 0);
	ATF_CHECK_EQ(3, allowed.count);
	ACT(&w, 0, MUNMAP, 1, 0);
	ACT(&w, 0, IPC_STATUS, 0);
	ATF_CHECK_EQ(2, allowed.count);
	ACT(&w, 0, STORE, 2, 0, 1);
	CHECK_ALLOWED(FAULTS(SIGSEGV, SEGV_ACCERR));
	ACT(&w, 0, MMAP, 0, 0, 0, 0, SHARED, READ_WRITE);
	ACT(&w, 0, SHMDT, 0);
	ATF_CHECK_EQ(2, allowed.count);
	ACT(&w, 0, LOAD, 2, 0);
	CHECK_ALLOWED(FAULTS(SIGSEGV, SEGV_MAPERR));
	ACT(&w, 0, LOAD, 0, 0);
	CHECK_ALLOWED(GIVES(0));
}

TEST(guards, "A guard refuses each access, also of a later child, and drops what was stored in private memory")
{
	struct world w = world_at_start();

	ACT(&w, 0, MMAP, 0, 0, 0, 0, PRIVATE, READ_WRITE);
	ACT(&w, 0, MMAP, 1, 0, 0, 0, SHARED, READ_WRITE);
	ACT(&w, 0, STORE, 0, 0, 2);
	ACT(&w, 0, STORE, 1, 0, 2);
	ACT(&w, 0, GUARD, 0, 1);
	ACT(&w, 0, FORK, 1);
	ACT(&w, 1, LOAD, 1, 2);
	CHECK_ALLOWED(FAULTS(SIGSEGV, ANY_CODE));
	ACT(&w, 0, UNGUARD, 0, 1);
	ACT(&w, 0, LOAD, 0, 0);
	CHECK_ALLOWED(GIVES(0));
	ACT(&w, 0, LOAD, 1, 0);
	CHECK_ALLOWED(GIVES(3));
	ACT(&w, 1, STORE, 0, 0, 4);
	CHECK_ALLOWED(FAULTS(SIGSEGV, ANY_CODE));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, equal_worlds);
	ATF_TP_ADD_TC(tp, private_copies);
	ATF_TP_ADD_TC(tp, removed_segment);
	ATF_TP_ADD_TC(tp, end_of_object);
	ATF_TP_ADD_TC(tp, open_file_descriptions);
	ATF_TP_ADD_TC(tp, locks);
	ATF_TP_ADD_TC(tp, modes_and_users);
	ATF_TP_ADD_TC(tp, status);
	ATF_TP_ADD_TC(tp, addresses);
	ATF_TP_ADD_TC(tp, attach_addresses);
	ATF_TP_ADD_TC(tp, parts_of_attachments);
	ATF_TP_ADD_TC(tp, guards);
	return atf_no_error();
}
