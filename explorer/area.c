/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "search.h"

#define ONLY(number)  (UINT64_C(1) << (number))
#define FIRST(number) (ONLY(number) - 1)

#define PROCESS_OPERATIONS (ONLY(FORK) | ONLY(EXIT) | ONLY(KILL))
#define ACCESSES           (ONLY(LOAD) | ONLY(STORE))

static const struct area areas[] = {
	{ .name = "segments",
	    .processes = 2,
	    .operations = ONLY(SHMGET) | ONLY(SHMAT) | ONLY(SHMDT) | ONLY(IPC_STATUS) | ONLY(IPC_REMOVE) | ACCESSES |
		PROCESS_OPERATIONS,
	    .arguments = { [KEY] = FIRST(1),
		[SIZE] = ONLY(SIZE_0) | ONLY(SIZE_1) | ONLY(SIZE_UNIT_AND_1),
		[CREATES] = FIRST(CREATES_PRIVATE),
		[AT] = ONLY(0) | ONLY(1),
		[ACCESS] = ONLY(READ) | ONLY(READ_WRITE),
		[SPOT] = ONLY(0),
		[VALUE] = FIRST(1),
		[PROCESS] = FIRST(2) } },
	{ .name = "objects",
	    .processes = 2,
	    .operations = ONLY(SHM_OPEN) | ONLY(SHM_UNLINK) | ONLY(FTRUNCATE) | ONLY(FSTAT) | ONLY(CLOSE) | ONLY(MMAP) |
		ONLY(MUNMAP) | ACCESSES | PROCESS_OPERATIONS,
	    .arguments = { [NAME] = FIRST(1),
		[OPENS] = FIRST(WAYS_TO_OPEN),
		[DESCRIPTOR] = FIRST(2),
		[SIZE] = ONLY(SIZE_0) | ONLY(SIZE_1) | ONLY(SIZE_2_UNITS),
		[AT] = FIRST(1),
		[LONG] = FIRST(1),
		[OF] = ONLY(1) | ONLY(2),
		[FROM] = FIRST(2),
		[SHARING] = FIRST(WAYS_TO_SHARE),
		[ACCESS] = ONLY(READ_WRITE),
		[SPOT] = ONLY(0),
		[VALUE] = FIRST(1),
		[PROCESS] = FIRST(2) } },
	{ .name = "files",
	    .processes = 2,
	    .operations = ONLY(OPEN) | ONLY(UNLINK) | ONLY(FTRUNCATE) | ONLY(FSTAT) | ONLY(CLOSE) | ONLY(PREAD) |
		ONLY(PWRITE) | ONLY(MMAP) | ONLY(MSYNC) | ACCESSES | PROCESS_OPERATIONS,
	    .arguments = { [NAME] = FIRST(1),
		[OPENS] = ONLY(OPENS_TO_READ) | ONLY(OPENS_NEW),
		[DESCRIPTOR] = FIRST(1),
		[SIZE] = ONLY(SIZE_1) | ONLY(SIZE_UNIT),
		[AT] = FIRST(1),
		[LONG] = FIRST(1),
		[OF] = ONLY(1),
		[FROM] = FIRST(1),
		[SHARING] = FIRST(WAYS_TO_SHARE),
		[ACCESS] = ONLY(READ_WRITE),
		[SPOT] = ONLY(0) | ONLY(2),
		[VALUE] = FIRST(2),
		[PROCESS] = FIRST(2) } },
	{ .name = "descriptors",
	    .processes = 2,
	    .operations = ONLY(OPEN) | ONLY(DUP) | ONLY(CLOSE) | ONLY(GETFD) | ONLY(SETFD) | ONLY(LSEEK) |
		ONLY(READ_NEXT) | ONLY(WRITE_NEXT) | ONLY(PREAD) | PROCESS_OPERATIONS,
	    .arguments = { [NAME] = FIRST(1),
		[OPENS] = ONLY(OPENS_TO_READ) | ONLY(OPENS_NEW) | ONLY(OPENS_TO_APPEND),
		[ON_EXEC] = FIRST(FATES_ON_EXEC),
		[DESCRIPTOR] = FIRST(2),
		[WHERE] = FIRST(BASES),
		[FROM] = FIRST(1),
		[SPOT] = ONLY(0) | ONLY(2),
		[VALUE] = FIRST(1),
		[PROCESS] = FIRST(2) } },
	{ .name = "permissions",
	    .processes = 2,
	    .operations = ONLY(SHMGET) | ONLY(SHMAT) | ONLY(IPC_SET_MODE) | ONLY(IPC_MODE) | ONLY(IPC_REMOVE) |
		ONLY(SHM_OPEN) | ONLY(SHM_UNLINK) | ONLY(FCHMOD) | ONLY(FSTAT_MODE) | ONLY(BECOME_OTHER) | ONLY(FORK),
	    .arguments = { [KEY] = FIRST(1),
		[SIZE] = ONLY(SIZE_1),
		[CREATES] = FIRST(2),
		[NAME] = FIRST(1),
		[OPENS] = ONLY(OPENS_TO_READ) | ONLY(OPENS_NEW),
		[DESCRIPTOR] = FIRST(1),
		[MODE] = ONLY(MODE_0600) | ONLY(MODE_0400) | ONLY(MODE_0644),
		[GIVE_TO] = ONLY(SAME_OWNER) | ONLY(OTHER_AS_OWNER),
		[AT] = FIRST(1),
		[ACCESS] = ONLY(READ) | ONLY(READ_WRITE),
		[PROCESS] = FIRST(2) } },
	{ .name = "mappings",
	    .processes = 2,
	    .operations = ONLY(MMAP) | ONLY(MUNMAP) | ONLY(MPROTECT) | ONLY(MSYNC) | ACCESSES | PROCESS_OPERATIONS,
	    .arguments = { [AT] = FIRST(3),
		[LONG] = FIRST(3),
		[OF] = ONLY(0),
		[FROM] = FIRST(1),
		[SHARING] = FIRST(WAYS_TO_SHARE),
		[ACCESS] = ONLY(READ) | ONLY(READ_WRITE),
		[SPOT] = ONLY(1),
		[VALUE] = FIRST(1),
		[PROCESS] = FIRST(2) } },
	{ .name = "locks",
	    .processes = 2,
	    .operations = ONLY(MMAP) | ONLY(MUNMAP) | ONLY(MPROTECT) | ONLY(MSYNC) | ONLY(MLOCK) | ONLY(MUNLOCK) |
		ONLY(LOCKED_BYTES) | PROCESS_OPERATIONS,
	    .arguments = { [AT] = FIRST(2),
		[LONG] = FIRST(2),
		[OF] = ONLY(0),
		[FROM] = FIRST(1),
		[SHARING] = ONLY(SHARED),
		[ACCESS] = ONLY(NO_ACCESS) | ONLY(READ_WRITE),
		[PROCESS] = FIRST(2),
		[SYNC] = FIRST(WAYS_TO_SYNC) } },
	{ .name = "advice",
	    .processes = 3,
	    .operations = ONLY(MMAP) | ONLY(ADVISE) | ACCESSES | PROCESS_OPERATIONS,
	    .arguments = { [AT] = FIRST(1),
		[LONG] = FIRST(1),
		[OF] = ONLY(0),
		[FROM] = FIRST(1),
		[SHARING] = FIRST(WAYS_TO_SHARE),
		[ACCESS] = ONLY(READ_WRITE),
		[SPOT] = ONLY(0),
		[VALUE] = FIRST(1),
		[ADVICE] = FIRST(ADVICES),
		[PROCESS] = FIRST(3) } },
	{ .name = "programs",
	    .processes = 2,
	    .operations = ONLY(SHMGET) | ONLY(SHMAT) | ONLY(IPC_STATUS) | ONLY(OPEN) | ONLY(SETFD) | ONLY(MMAP) |
		ONLY(STORE) | ONLY(SPAWN) | ONLY(VFORK) | ONLY(VFORK_EXIT) | ONLY(EXEC) | PROCESS_OPERATIONS,
	    .arguments = { [KEY] = FIRST(1),
		[SIZE] = ONLY(SIZE_1),
		[CREATES] = ONLY(CREATES_IT),
		[NAME] = FIRST(1),
		[OPENS] = ONLY(OPENS_NEW),
		[ON_EXEC] = FIRST(FATES_ON_EXEC),
		[DESCRIPTOR] = FIRST(1),
		[AT] = FIRST(2),
		[LONG] = FIRST(1),
		[OF] = ONLY(0),
		[FROM] = FIRST(1),
		[SHARING] = ONLY(SHARED),
		[ACCESS] = ONLY(READ_WRITE),
		[SPOT] = ONLY(0),
		[VALUE] = FIRST(1),
		[PROCESS] = FIRST(2) } },
	{ .name = "fork",
	    .processes = 3,
	    .operations = ONLY(MMAP) | ONLY(MUNMAP) | ACCESSES | PROCESS_OPERATIONS,
	    .arguments = { [AT] = FIRST(1),
		[LONG] = FIRST(1),
		[OF] = ONLY(0),
		[FROM] = FIRST(1),
		[SHARING] = FIRST(WAYS_TO_SHARE),
		[ACCESS] = ONLY(READ_WRITE),
		[SPOT] = ONLY(0),
		[VALUE] = FIRST(2),
		[PROCESS] = FIRST(3) } },
};

enum { AREAS = sizeof(areas) / sizeof(areas[0]) };

const struct area *
area_find(const char *name)
{
	for (unsigned i = 0; i < AREAS; i++)
		if (strcmp(areas[i].name, name) == 0)
			return &areas[i];
	return NULL;
}

const struct area *
area_next(const struct area *a)
{
	if (a == NULL)
		return &areas[0];
	return a == &areas[AREAS - 1] ? NULL : a + 1;
}
