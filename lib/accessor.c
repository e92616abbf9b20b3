/* SPDX-License-Identifier: BSD-2-Clause */

#include <sched.h>

#include "accessor.h"
#include "check.h"
#include "process.h"

static void
access_again_and_again(void *argument)
{
	struct accessor *a = argument;
	bool is_last;

	do {
		is_last = atomic_load(&a->is_over);
		if (a->kind == STORES)
			*a->page = 's';
		else
			a->byte = *a->page;
		atomic_store(&a->has_begun, true);
	} while (!is_last);
}

static void *
run(void *argument)
{
	struct accessor *a = argument;

	a->fault = fault_of_body(access_again_and_again, a);
	atomic_store(&a->has_begun, true);
	return NULL;
}

void
accessor_start(struct accessor *a, volatile char *page, enum access_kind kind)
{
	a->page = page;
	a->kind = kind;
	atomic_init(&a->has_begun, false);
	atomic_init(&a->is_over, false);
	thread_start(&a->thread, run, a);
	while (!atomic_load(&a->has_begun))
		sched_yield();
}

struct fault
accessor_end(struct accessor *a)
{
	atomic_store(&a->is_over, true);
	REQUIRE_SUCCEEDS(pthread_join(a->thread, NULL));
	return a->fault;
}
