/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_TEST_H
#define SHMCHECK_TEST_H

#include <atf-c.h>

/* A test of the suite itself, with what must hold as its description: TEST(name, "sentence") { body } */
#define TEST(name, sentence) \
	ATF_TC(name); \
	ATF_TC_HEAD(name, tc) \
	{ \
		atf_tc_set_md_var(tc, "descr", sentence); \
	} \
	ATF_TC_BODY(name, tc)

#endif
