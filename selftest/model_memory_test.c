/* SPDX-License-Identifier: BSD-2-Clause */

/* The model of the explorer by itself: what the rules allow of memory. No system call is made. */

#include <errno.h>
#include <signal.h>

#include "model_act.h"

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

TEST(synchronization,
    "msync() changes nothing, of attachments neither; MS_INVALIDATE may drop what was stored in private pages of a "
    "file")
{
	struct world w = world_at_start();

	ACT(&w, 0, SHMGET, 0, SIZE_UNIT, CREATES_IT);
	ACT(&w, 0, SHMAT, 0, 0, READ_WRITE);
	ACT(&w, 0, STORE, 0, 0, 4);
	for (unsigned flags = 0; flags < WAYS_TO_SYNC; flags++) {
		ACT(&w, 0, MSYNC, 0, 0, (uint8_t)flags);
		CHECK_ALLOWED(SUCCEEDS);
	}
	ACT(&w, 0, MSYNC, 0, 1);
	CHECK_ALLOWED(FAILS(ENOMEM));
	ACT(&w, 0, LOAD, 0, 0);
	CHECK_ALLOWED(GIVES(5));
	ACT(&w, 0, OPEN, 0, OPENS_NEW);
	ACT(&w, 0, PWRITE, 0, 0, 0, 6);
	ACT(&w, 0, MMAP, 1, 0, 1, 0, PRIVATE, READ_WRITE);
	ACT(&w, 0, MMAP, 2, 0, 0, 0, PRIVATE, READ_WRITE);
	ACT(&w, 0, STORE, 1, 0, 7);
	ACT(&w, 0, STORE, 2, 0, 7);
	ACT(&w, 0, MSYNC, 1, 1, SCHEDULES);
	CHECK_ALLOWED(SUCCEEDS);
	ACT(&w, 0, LOAD, 1, 0);
	CHECK_ALLOWED(GIVES(8));
	ACT(&w, 0, MSYNC, 1, 1, INVALIDATES);
	CHECK_ALLOWED(SUCCEEDS);
	ACT(&w, 0, LOAD, 1, 0);
	ATF_CHECK_EQ(2, allowed.count); /* 7, as the file has it, and 8 */
	ACT(&w, 0, LOAD, 2, 0);
	CHECK_ALLOWED(GIVES(8));
	ACT(&w, 0, STORE, 1, 0, 8);
	ACT(&w, 0, LOAD, 1, 0);
	CHECK_ALLOWED(GIVES(9));
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

TEST(advice,
    "Advice drops private pages, keeps a range out of children or has them find zero, and refuses what it cannot do")
{
	struct world w = world_at_start();

	ACT(&w, 0, MEMFD_CREATE, KEPT_ON_EXEC);
	CHECK_ALLOWED(GIVES(0));
	ACT(&w, 0, FTRUNCATE, 0, SIZE_UNIT);
	ACT(&w, 0, PWRITE, 0, 0, 0, 2);
	ACT(&w, 0, MMAP, 0, 0, 1, 0, PRIVATE, READ_WRITE);
	ACT(&w, 0, MMAP, 1, 1, 0, 0, PRIVATE, READ_WRITE);
	for (uint8_t at = 0; at < 3; at++)
		ACT(&w, 0, STORE, at, 0, 4);
	ACT(&w, 0, ADVISE, 0, 0, WIPEONFORK);
	CHECK_ALLOWED(FAILS(EINVAL));
	ACT(&w, 0, ADVISE, 0, 1, WIPEONFORK);
	ATF_CHECK_EQ(0, allowed.count); /* how far it comes is not said */
	ACT(&w, 0, ADVISE, 1, 0, WIPEONFORK);
	ACT(&w, 0, ADVISE, 2, 0, DONTFORK);
	ACT(&w, 0, FORK, 1);
	ACT(&w, 1, LOAD, 0, 0);
	CHECK_ALLOWED(GIVES(5));
	ACT(&w, 1, LOAD, 1, 0);
	CHECK_ALLOWED(GIVES(0));
	ACT(&w, 1, LOAD, 2, 0);
	CHECK_ALLOWED(FAULTS(SIGSEGV, SEGV_MAPERR));
	ACT(&w, 0, LOAD, 1, 0);
	CHECK_ALLOWED(GIVES(5));
	ACT(&w, 0, ADVISE, 2, 0, DOFORK);
	ACT(&w, 0, FORK, 2);
	ACT(&w, 2, LOAD, 2, 0);
	CHECK_ALLOWED(GIVES(5));
	ACT(&w, 0, ADVISE, 0, 0, DONTNEED);
	ACT(&w, 0, LOAD, 0, 0);
	CHECK_ALLOWED(GIVES(3));
	ACT(&w, 0, MLOCK, 0, 0);
	ACT(&w, 0, ADVISE, 0, 0, DONTNEED);
	CHECK_ALLOWED(FAILS(EINVAL));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, private_copies);
	ATF_TP_ADD_TC(tp, end_of_object);
	ATF_TP_ADD_TC(tp, locks);
	ATF_TP_ADD_TC(tp, addresses);
	ATF_TP_ADD_TC(tp, attach_addresses);
	ATF_TP_ADD_TC(tp, parts_of_attachments);
	ATF_TP_ADD_TC(tp, synchronization);
	ATF_TP_ADD_TC(tp, guards);
	ATF_TP_ADD_TC(tp, advice);
	return atf_no_error();
}
