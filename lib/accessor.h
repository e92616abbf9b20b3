/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A thread that accesses a page again and again, on a processor of its own where there are two, while the case takes the page
 * away. What the processors have cached of the page tables must go from all of them before the call returns.
 *
 *	accessor_start(&a, p, LOADS);
 *	CHECK_SUCCEEDS(munmap(p, page_size()));
 *	CHECK_EQ(SIGSEGV, accessor_end(&a).signal);
 */

#ifndef SHMCHECK_ACCESSOR_H
#define SHMCHECK_ACCESSOR_H

#include <pthread.h>
#include <stdatomic.h>

#include "access.h"

enum access_kind { LOADS, STORES };

struct accessor {
	pthread_t thread;
	volatile char *page;
	enum access_kind kind;
	atomic_bool has_begun;
	atomic_bool is_over;
	volatile char byte; /* that it loaded last */
	struct fault fault;
};

/* Start it. Returns when it has accessed the first byte of the page. Skips the case where there is no further thread. */
void accessor_start(struct accessor *, volatile char *page, enum access_kind);

/* Have it access the page once more and end. Returns the fault that ended it, with signal 0 if every access worked. */
struct fault accessor_end(struct accessor *);

#endif
