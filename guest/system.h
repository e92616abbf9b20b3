/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What the first process does in its system's own way: linux.c, freebsd.c, netbsd.c and openbsd.c have these
 * functions, and the program is linked with one of them; bsd.c has what is the same on all BSDs.
 */

#ifndef SYSTEM_H
#define SYSTEM_H

#include <stdbool.h>

/*
 * Make a writable /tmp, and the place where the system has shared memory objects, with mode 1777; and whatever else the cases
 * need, such as /dev. What the system lacks is told on standard error: the cases that do not need it run all the same. Comes
 * before anything else, when no descriptor is open.
 */
void system_mount(void);

/*
 * Change settings of the machine for a run, once the console is open. If it is to be quiet, keep the kernel from writing there,
 * where the system can.
 */
void system_prepare(bool quiet);

/* Have this process go before those of the cases, where the system can. */
void system_go_first(void);

/* End the machine. Returns if that fails. */
void system_power_off(void);

#endif
