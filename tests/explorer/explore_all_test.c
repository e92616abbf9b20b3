/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * All sequences of a few operations, done by two or three processes, against the model of explorer/model. What is found
 * is printed as a script, which shmcheck-explore can replay. "-v test_suites.shmcheck.depth=N" makes the sequences
 * longer.
 */

#include <limits.h>

#include "case.h"
#include "finding.h"
#include "mapping.h"
#include "object.h"
#include "search.h"
#include "segment.h"
#include "stage.h"

INTERFACE(explore)

/* A case with this number of operations takes a fifth of a second, and on an emulator half a minute. */
enum { OPERATIONS_OF_CASE = 8000, OPERATIONS_OF_LONGER = 100000000 };

/* What needs no room of a kind. */
static const bool everywhere = true;

/* What the operations make. */
#define ROOM ((size_t)BACKINGS * UNITS * attach_multiple())

/* "has_room" is known when the stage has begun. */
static void
explore(const char *area, unsigned depth, const bool *has_room)
{
	static struct round round;
	const unsigned asked = configured_number("depth", 0, UINT_MAX);
	struct found found;

	stage_begin(1);
	need(*has_room, "needs room for a dozen of what the operations make");
	if (search(area_find(area), asked != 0 ? asked : depth, asked != 0 ? OPERATIONS_OF_LONGER : OPERATIONS_OF_CASE,
		&round, &found) == DIFFERS) {
		finding_write(stdout, &round);
		end_failed("%s: see the script", finding_in_a_line(&round));
	}
	printf("%lu worlds, %lu operations%s\n", found.worlds, found.operations, found.is_whole ? "" : ", not all");
}

CASE(segments, SHALL, "Whatever two processes do to a segment, in any order, has an outcome that the documents allow",
    "POSIX.1-2017 shmget()", "POSIX.1-2017 shmat()", "POSIX.1-2017 shmdt()", "POSIX.1-2017 shmctl()",
    "POSIX.1-2017 fork()", "POSIX.1-2017 _exit()", NEEDS_ROOM_FOR_SEGMENTS, NEEDS_SEGMENTS_THAT_STAY)
{
	explore("segments", 4, &stage_setting()->has_segments);
}

CASE(objects, SHALL, "Whatever two processes do to an object, in any order, has an outcome that the documents allow",
    "POSIX.1-2017 shm_open()", "POSIX.1-2017 shm_unlink()", "POSIX.1-2017 ftruncate()", "POSIX.1-2017 mmap()",
    "POSIX.1-2017 fork()", "POSIX.1-2017 _exit()", NEEDS_OBJECTS)
{
	object_create(ROOM); /* skips the case where there is none */
	explore("objects", 3, &stage_setting()->has_objects);
}

CASE(files, SHALL, "Whatever two processes do to a mapped file, in any order, has an outcome that the documents allow",
    "POSIX.1-2017 open()", "POSIX.1-2017 ftruncate()", "POSIX.1-2017 pread()", "POSIX.1-2017 pwrite()",
    "POSIX.1-2017 mmap()", "POSIX.1-2017 msync()", "POSIX.1-2017 fork()")
{
	nameless_file(ROOM);
	explore("files", 3, &stage_setting()->has_files);
}

CASE(descriptors, SHALL,
    "Whatever two processes do by the descriptors of a file, in any order, has an outcome that the documents allow",
    "POSIX.1-2017 open()", "POSIX.1-2017 dup()", "POSIX.1-2017 fcntl()", "POSIX.1-2017 lseek()", "POSIX.1-2017 read()",
    "POSIX.1-2017 write()", "POSIX.1-2017 fork()")
{
	nameless_file(ROOM);
	explore("descriptors", 3, &stage_setting()->has_files);
}

CASE(permissions, SHALL,
    "Whatever one or two users do to the modes of a segment and an object, in any order, has an outcome that the "
    "documents "
    "allow",
    "POSIX.1-2017 shmget()", "POSIX.1-2017 shmat()", "POSIX.1-2017 shmctl()", "POSIX.1-2017 shm_open()",
    "POSIX.1-2017 shm_unlink()", "POSIX.1-2017 fchmod()", "POSIX.1-2017 seteuid()", NEEDS_ROOM_FOR_SEGMENTS,
    NEEDS_SEGMENTS_THAT_STAY)
{
	explore("permissions", 3, &stage_setting()->has_segments);
}

CASE(mappings, SHALL,
    "Whatever two processes map, unmap and protect, in any order, has an outcome that the documents allow",
    "POSIX.1-2017 mmap()", "POSIX.1-2017 munmap()", "POSIX.1-2017 mprotect()", "POSIX.1-2017 msync()",
    "POSIX.1-2017 fork()")
{
	explore("mappings", 2, &everywhere);
}

/* A page for each place. */
CASE(locks, SHALL,
    "Whatever two processes lock, unlock, map and protect, in any order, has an outcome that the documents allow",
    "POSIX.1-2017 mlock()", "POSIX.1-2017 munlock()", "POSIX.1-2017 mmap()", "POSIX.1-2017 munmap()",
    "POSIX.1-2017 mprotect()", "POSIX.1-2017 msync()", "POSIX.1-2017 fork()", NEEDS_LOCKABLE_PAGES(6))
{
	explore("locks", 3, &everywhere);
}

CASE(generations, SHALL,
    "Whatever a process, its child and its grandchild store in memory, in any order, has an outcome that the documents "
    "allow",
    "POSIX.1-2017 mmap()", "POSIX.1-2017 munmap()", "POSIX.1-2017 fork()", "POSIX.1-2017 _exit()")
{
	explore("fork", 4, &everywhere);
}

CASE(advice, DOCUMENTED,
    "Whatever is said of the memory that children of a process and of its child shall have, or that is dropped, in any "
    "order, "
    "has an outcome that the documents allow",
    "Linux 4.14 madvise(2)")
{
	explore("advice", 4, &everywhere);
}
