/* SPDX-License-Identifier: BSD-2-Clause */

/* What the command line of the explorer asks for. */

#ifndef SHMCHECK_EXPLORER_REQUEST_H
#define SHMCHECK_EXPLORER_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

enum { FINDINGS_MAX = 1000 };

struct request {
	const char *replay; /* a script or a record */
	const char *record; /* where all that is done is written to */
	const char *save_coverage;
	const char *c;    /* a script, to be printed as a program */
	const char *area; /* of an exhaustive search; null: all */
	const char *work; /* where files are made */
	const char *turn; /* a rule that the model turns round */
	uint64_t seed;
	unsigned machine; /* of that many */
	unsigned machines;
	unsigned operations; /* at most, of all rounds */
	unsigned length;     /* of a round */
	unsigned unit;       /* pages */
	unsigned depth;      /* of an exhaustive search; 0: random rounds */
	unsigned findings;   /* end after N findings that differ from each other */
	unsigned time;       /* seconds; 0: no limit */
	bool shows_coverage;
	bool resumes;  /* the run of the record */
	bool is_blind; /* a record is done again, and nothing is compared */
	bool syncs;    /* the record */
	bool merges;   /* the files of coverage that are named */
	char *const *words;
};

struct request request_parse(int count, char *const *arguments);

#endif
