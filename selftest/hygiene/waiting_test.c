/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A case that owns a segment, an object and a file and never ends. killer.c waits for it, to send a signal in the middle of a
 * run.
 */

#include <unistd.h>

#include "case.h"
#include "object.h"
#include "process.h"
#include "segment.h"

INTERFACE(waiting)

static void
wait_for_parent(void *id)
{
	segment_attach(*(int *)id, NULL, 0);
	pause_for_parent();
}

CASE(waits_for_ever, OBSERVED, "Only its runner can end this case", "POSIX.1-2017 pause()")
{
	int id = segment_create(page_size());
	struct child c = child_start(wait_for_parent, &id);

	object_create(page_size());
	file_create(page_size());
	child_reaches_pause(&c);
	for (;;)
		pause();
}
