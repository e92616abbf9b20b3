/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * All sequences of a few operations, done by two or three processes, against the model of explorer/model. What is found
 * is printed as a script, which shmcheck-explore can replay. "-v test_suites.shmcheck.depth=N" makes the sequences
 * longer.
 */

#include "case.h"
#include "finding.h"
#include "object.h"
#include "search.h"
#include "segment.h"
#include "stage.h"

INTERFACE(explore)

#define SOURCES(calls) "POSIX.1-2017 " calls, "POSIX.1-2024 " calls

/* A case with this number of operations takes half a second. */
enum { OPERATIONS_OF_CASE = 25000, OPERATIONS_OF_LONGER = 100000000 };

/* What needs no room of a kind. */
static const bool everywhere = true;

/* "has_room" is known when the stage has begun. */
static void
explore(const char *area, unsigned depth, const bool *has_room)
{
	static struct round round;
	const unsigned asked = configured_number("depth", 0);
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
    SOURCES("shmget(), shmat(), shmdt(), shmctl(), fork(), _exit()"), NEEDS_ROOM_FOR_SEGMENTS, NEEDS_SEGMENTS_THAT_STAY)
{
	explore("segments", 4, &stage_setting()->has_segments);
}

CASE(objects, SHALL, "Whatever two processes do to an object, in any order, has an outcome that the documents allow",
    SOURCES("shm_open(), shm_unlink(), ftruncate(), mmap(), fork(), _exit()"), NEEDS_OBJECTS)
{
	explore("objects", 3, &stage_setting()->has_objects);
}

CASE(files, SHALL, "Whatever two processes do to a mapped file, in any order, has an outcome that the documents allow",
    SOURCES("open(), ftruncate(), pread(), pwrite(), mmap(), msync(), fork()"))
{
	explore("files", 3, &stage_setting()->has_files);
}

CASE(mappings, SHALL,
    "Whatever two processes map, unmap and protect, in any order, has an outcome that the documents allow",
    SOURCES("mmap(), munmap(), mprotect(), msync(), fork()"))
{
	explore("mappings", 2, &everywhere);
}

CASE(generations, SHALL,
    "Whatever a process, its child and its grandchild store in memory, in any order, has an outcome that the documents "
    "allow",
    SOURCES("mmap(), munmap(), fork(), _exit()"))
{
	explore("fork", 4, &everywhere);
}
