/* SPDX-License-Identifier: BSD-2-Clause */

/* In an actor: signals that arrive while an operation is done. Their handler does nothing, and they end a call that can be ended. */

#ifndef SHMCHECK_SIGNALS_H
#define SHMCHECK_SIGNALS_H

/* From now on they do no harm. */
void signals_take(void);

/* Some arrive between these two, sooner and later. */
void signals_begin(void);
void signals_end(void);

#endif
