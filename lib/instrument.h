/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Instruments: tools that look for errors of the suite itself while it runs. Each changes something that a few cases
 * check: these cases are skipped under it, by NEEDS_NO_INSTRUMENT() of need.h.
 */

#ifndef SHMCHECK_INSTRUMENT_H
#define SHMCHECK_INSTRUMENT_H

#include <stdbool.h>

/* Or-ed to name several. */
enum instrument {
	ADDRESS_SANITIZER = 1 << 0, /* makes mlock() and its relatives do nothing */
	THREAD_SANITIZER = 1 << 1,  /* that too; owns most addresses, shadows each mapping, adds a thread */
	VALGRIND = 1 << 2           /* runs the program's code itself, and answers some system calls */
};

/* Whether one of these runs the program. */
bool instrumented_by(unsigned instruments);

/* "Valgrind". Static memory. */
const char *instrument_name(unsigned instrument);

#endif
