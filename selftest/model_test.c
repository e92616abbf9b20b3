/* SPDX-License-Identifier: BSD-2-Clause */

/* The model of the explorer by itself: worlds as values, and what the rules allow. No system call is made. */

#include <errno.h>
#include <signal.h>

#include "model_act.h"

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

TEST(private_segments,
    "IPC_PRIVATE makes another segment each time, which stays until it is removed, though no key finds it")
{
	struct world w = world_at_start();
	struct world in_order;
	uint8_t first;

	ACT(&w, 0, SHMGET, 0, SIZE_1, CREATES_PRIVATE);
	CHECK_ALLOWED(SUCCEEDS);
	first = w.processes[0].identifiers[0];
	ACT(&w, 0, SHMGET, 0, SIZE_0, FINDS);
	CHECK_ALLOWED(FAILS(ENOENT));
	ACT(&w, 0, FORK, 1);
	ACT(&w, 0, SHMGET, 0, SIZE_1, CREATES_PRIVATE);
	CHECK_ALLOWED(SUCCEEDS);
	ATF_CHECK(w.processes[0].identifiers[0] != first);
	ACT(&w, 0, SHMAT, 0, 0, READ_WRITE);
	ACT(&w, 0, STORE, 0, 0, 4);
	ACT(&w, 1, SHMAT, 0, 0, READ_WRITE);
	ACT(&w, 1, LOAD, 0, 0);
	CHECK_ALLOWED(GIVES(0));
	ACT(&w, 1, SHMDT, 0);
	ATF_CHECK_EQ(SEGMENT, w.backings[first].kind);
	in_order = world_in_order(&w);
	ATF_CHECK_EQ(SEGMENT, in_order.backings[in_order.processes[1].identifiers[0]].kind);
	ACT(&w, 1, IPC_REMOVE, 0);
	ATF_CHECK_EQ(IDENTIFIER_OF_NOTHING, w.processes[1].identifiers[0]);
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

TEST(owners, "Who is given a segment has the rights of the owner, and so has who made it")
{
	struct world w = world_at_start();

	ACT(&w, 0, FORK, 1);
	ACT(&w, 1, BECOME_OTHER);
	ACT(&w, 0, SHMGET, 0, SIZE_1, CREATES_IT);
	ACT(&w, 1, SHMGET, 0, SIZE_0, FINDS, MODE_0000);
	ACT(&w, 1, IPC_SET_MODE, 0, MODE_0600, OTHER_AS_OWNER);
	CHECK_ALLOWED(FAILS(EPERM));
	ACT(&w, 0, IPC_SET_MODE, 0, MODE_0600, OTHER_AS_OWNER);
	CHECK_ALLOWED(SUCCEEDS);
	ACT(&w, 1, SHMAT, 0, 0, READ_WRITE);
	CHECK_ALLOWED(SUCCEEDS);
	ACT(&w, 1, IPC_MODE, 0);
	CHECK_ALLOWED(GIVES_TWO(0600, OTHER_USER + FIRST_USER * USERS_AND_NOBODY));
	ACT(&w, 1, SHMGET, 1, SIZE_1, CREATES_IT);
	ACT(&w, 1, IPC_SET_MODE, 1, MODE_0600, FIRST_AS_OWNER);
	ACT(&w, 1, IPC_SET_MODE, 1, MODE_0000);
	CHECK_ALLOWED(SUCCEEDS);
	ACT(&w, 1, IPC_SET_MODE, 1, MODE_0000);
	ATF_CHECK_EQ(0, allowed.count); /* it may not ask who the owner is */
	ACT(&w, 1, IPC_REMOVE, 1);
	CHECK_ALLOWED(SUCCEEDS);
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

TEST(started_programs,
    "What posix_spawn() or vfork() and exec start has the descriptors that exec keeps and no memory, and its parent "
    "keeps all")
{
	static const enum operation_kind ways[] = { SPAWN, VFORK };

	for (unsigned i = 0; i < 2; i++) {
		struct world w = world_at_start();

		ACT(&w, 0, SHMGET, 0, SIZE_1, CREATES_IT);
		ACT(&w, 0, SHMAT, 0, 0, READ_WRITE);
		ACT(&w, 0, OPEN, 0, OPENS_NEW, KEPT_ON_EXEC);
		ACT(&w, 0, OPEN, 0, OPENS_NEW, CLOSED_ON_EXEC);
		ACT(&w, 0, ways[i], 2);
		ATF_CHECK_EQ(0, allowed.count); /* the next process is the first */
		ACT(&w, 0, ways[i], 1);
		ATF_CHECK_EQ(2, allowed.count); /* or there is no room */
		ACT(&w, 1, LOAD, 0, 0);
		CHECK_ALLOWED(FAULTS(SIGSEGV, SEGV_MAPERR));
		ACT(&w, 1, FSTAT, 0);
		CHECK_ALLOWED(GIVES(0));
		ACT(&w, 1, FSTAT, 1);
		CHECK_ALLOWED(FAILS(EBADF));
		ACT(&w, 0, IPC_STATUS, 0);
		CHECK_ALLOWED(GIVES_TWO(1, 1));
		ACT(&w, 1, SHMAT, 0, 0, READ_WRITE);
		ACT(&w, 1, STORE, 0, 0, 4);
		ACT(&w, 0, VFORK_EXIT);
		ACT(&w, 0, LOAD, 0, 0);
		CHECK_ALLOWED(GIVES(5));
		ACT(&w, 0, IPC_STATUS, 0);
		CHECK_ALLOWED(GIVES_TWO(1, 2));
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, equal_worlds);
	ATF_TP_ADD_TC(tp, removed_segment);
	ATF_TP_ADD_TC(tp, private_segments);
	ATF_TP_ADD_TC(tp, open_file_descriptions);
	ATF_TP_ADD_TC(tp, modes_and_users);
	ATF_TP_ADD_TC(tp, owners);
	ATF_TP_ADD_TC(tp, status);
	ATF_TP_ADD_TC(tp, started_programs);
	return atf_no_error();
}
