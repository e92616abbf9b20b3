/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Tools that check the suite itself while it runs. Each takes something for itself that a few cases are about: those ask
 * which tool is there, and are skipped.
 */

#ifndef SHMCHECK_CHECKER_H
#define SHMCHECK_CHECKER_H

#include <stdbool.h>

/* Or-ed to name several. */
enum checker {
	ADDRESS_SANITIZER = 1 << 0, /* has mlock() and its relatives do nothing */
	THREAD_SANITIZER = 1 << 1,  /* that too; owns most addresses, shadows each mapping, adds a thread */
	VALGRIND = 1 << 2           /* runs the program's code itself, and answers some system calls */
};

bool checked_by(unsigned checkers);

#endif
