/* SPDX-License-Identifier: BSD-2-Clause */

/* Cases that do the same thousands of times, or let threads race. Half a second is enough, unless somebody asks for more. */

#ifndef SHMCHECK_VOLUME_H
#define SHMCHECK_VOLUME_H

/*
 * How often to do it: this number, times the configuration variable "volume" of ATF, as in
 * kyua -v test_suites.shmcheck.volume=100 test.
 */
unsigned volume(unsigned rounds);

/* For lib/case.c: what the variable says, up to this. */
enum { VOLUME_MAX = 10000 };
void volume_begin(unsigned variable);

#endif
