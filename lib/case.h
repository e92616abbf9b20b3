/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A case declares one sentence of a document, how binding it is and where it stands. The code that checks it follows.
 *
 *	INTERFACE(shmget)
 *
 *	CASE(excl_existing_key, SHALL,
 *	    "With IPC_CREAT and IPC_EXCL set, shmget() fails with EEXIST when the key already has a segment",
 *	    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)")
 *	{
 *		...
 *	}
 *
 * The requirement's id is made of the interface and the case's name up to a double underscore: shmget.excl-existing-key.
 * The first word of a source is the platform that promises the sentence, or POSIX or ISO for all of them. A number behind
 * the name of a platform is the version since which it does: "Linux 5.14 madvise(2)". A case of level DOCUMENTED is skipped
 * where no source is of the running platform and its version. What the case needs stands among the sources, see need.h, and
 * which of several outcomes a manual documents, see choice.h. Where a platform differs, the body says so, see deviation.h.
 */

#ifndef SHMCHECK_CASE_H
#define SHMCHECK_CASE_H

#include <stdbool.h>

#include "check.h"
#include "choice.h"
#include "deviation.h"
#include "need.h"
#include "platform.h"
#include "test_case.h"

void case_register(struct test_case *);

/*
 * The interface that a program checks: the first half of the requirement's id. It stands once, before the first CASE. The
 * needs behind the name are those of all cases of the program: INTERFACE(shmget, NEEDS_SEGMENTS).
 */
#define INTERFACE(name, ...) \
	static const char case_interface[] = #name; \
	static const char *const case_interface_needs[8] = { #name, __VA_ARGS__ };

/* Among the sources of a CASE: the case checks this requirement as well. */
#define ALSO(id) "also " id

/*
 * Among the sources of a CASE: these behaviours, which other test suites check, are checked by it. The keys are those of
 * docs/peers/behaviours.tsv, with blanks between them: COVERS("mmap.opath mmap.ebadf"). docs/peers.md is made of them.
 */
#define COVERS(keys) "covers " keys

#define CASE(name, level, sentence, ...) \
	static void name##_body(void); \
	static const char *const name##_sources[] = { __VA_ARGS__, NULL }; \
	static struct test_case name##_case = { { NULL }, case_interface, case_interface_needs + 1, #name, level, \
		sentence, name##_sources, name##_body, NULL }; \
	__attribute__((constructor)) static void name##_register(void) \
	{ \
		case_register(&name##_case); \
	} \
	static void name##_body(void)

/*
 * Whether the platform is claimed to have this area, "sysv": ATF's configuration variable "require" names it, as in
 * kyua -v test_suites.shmcheck.require=sysv,objects test.
 */
bool area_is_claimed(const char *area);

/*
 * The number that ATF's configuration variable of this name has, "otherwise" where it is not set. Ends the case as failed if it
 * is no number from 1 to "most".
 */
unsigned configured_number(const char *name, unsigned otherwise, unsigned most);

#endif
