/* SPDX-License-Identifier: BSD-2-Clause */

/* Signals from another process, which end the waits of this one. */

#ifndef SHMCHECK_INTERRUPTION_H
#define SHMCHECK_INTERRUPTION_H

/*
 * In a child: from now on another process sends this one SIGUSR1, again and again, and the handler does nothing. However
 * late this process begins to wait, a signal comes while it does.
 */
void interruptions_begin(void);

void interruptions_end(void);

#endif
