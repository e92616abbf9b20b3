/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Random operations of up to four processes against the model of explorer/model. The seed is fixed, so that verdicts
 * repeat. "-v test_suites.shmcheck.seed=N" and "operations=N" choose others.
 */

#include <limits.h>

#include "case.h"
#include "finding.h"
#include "stage.h"
#include "walk.h"

INTERFACE(explore)

#define SOURCES \
	"POSIX.1-2017 shmget()", "POSIX.1-2017 shmat()", "POSIX.1-2017 shmdt()", "POSIX.1-2017 shmctl()", \
	    "POSIX.1-2017 shm_open()", "POSIX.1-2017 shm_unlink()", "POSIX.1-2017 ftruncate()", "POSIX.1-2017 mmap()", \
	    "POSIX.1-2017 munmap()", "POSIX.1-2017 mprotect()", "POSIX.1-2017 msync()", "POSIX.1-2017 fork()", \
	    "POSIX.1-2017 _exit()", "POSIX.1-2017 kill()"

enum { OPERATIONS_OF_CASE = 8000, LENGTH = 40 };

static void
explore(unsigned pages_of_unit)
{
	static struct round round;
	const unsigned operations = configured_number("operations", OPERATIONS_OF_CASE, UINT_MAX);
	enum verdict verdict = HOLDS;
	struct walk w;

	stage_begin(pages_of_unit);
	w = walk_begin(configured_number("seed", 1, UINT_MAX), stage_setting());
	while (verdict != DIFFERS && w.operations < operations)
		verdict = walk_round(&w, &round, LENGTH);
	if (verdict == DIFFERS) {
		finding_write(stdout, &round);
		end_failed("%s: see the script", finding_in_a_line(&round));
	}
	printf("%lu operations in %lu rounds\n", w.operations, w.rounds);
}

CASE(random__pages, SHALL,
    "What up to four processes do to pages, in random order, has an outcome that the documents allow", SOURCES)
{
	explore(1);
}

CASE(random__large, SHALL,
    "What up to four processes do to ranges of two MiB, in random order, has an outcome that the documents allow",
    SOURCES)
{
	explore(((2U << 20) + (unsigned)page_size() - 1) / (unsigned)page_size());
}

CASE(random__large_unaligned, SHALL,
    "What up to four processes do to ranges of two MiB and a page, in random order, has an outcome that the documents "
    "allow",
    SOURCES)
{
	explore((2U << 20) / (unsigned)page_size() + 1);
}
