/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>

#include "class.h"

/* By how many processes, and how often, the backing is mapped: the numbers from 0 to 7. */
static unsigned
users_of(const struct world *w, uint8_t backing)
{
	unsigned users = 0;
	unsigned views = 0;

	for (unsigned p = 0; p < PROCESSES && backing != 0; p++) {
		const unsigned before = views;

		for (unsigned i = 0; i < PLACES; i++)
			views += w->processes[p].views[i].backing == backing;
		users += views > before;
	}
	if (users < 2)
		return views > 2 ? 3 : views;
	return users == 2 ? 4 + (views > 2) : 6 + (views > 3);
}

/* Which kinds of memory the process has. */
static unsigned
kinds_of(const struct process *p)
{
	unsigned kinds = 0;

	for (unsigned i = 0; i < PLACES; i++) {
		const struct view *v = &p->views[i];

		if (v->is_mapped)
			kinds |= v->is_attachment ? 4 : v->is_private ? 2 : 1;
	}
	return kinds;
}

static unsigned
subject_of(const struct world *w, const struct operation *o)
{
	const struct process *p = &w->processes[o->process];

	switch (o->kind) {
	case FORK:
	case EXEC:
	case EXIT:
		return kinds_of(p);
	case KILL:
		return kinds_of(&w->processes[o->arguments[PROCESS]]);
	case SHM_UNLINK:
		return users_of(w, w->objects[o->arguments[NAME]]);
	case UNLINK:
		return users_of(w, w->files[o->arguments[NAME]]);
	default:
		break;
	}
	if (operation_takes(o->kind, AT))
		return users_of(w, p->views[o->arguments[AT]].backing);
	if (operation_takes(o->kind, DESCRIPTOR))
		return users_of(w, w->descriptions[p->descriptors[o->arguments[DESCRIPTOR]].description].backing);
	return operation_takes(o->kind, KEY) ? users_of(w, w->keys[o->arguments[KEY]]) : 0;
}

unsigned
class_of(const struct world *w, const struct operation *o)
{
	unsigned alive = 0;

	for (unsigned i = 0; i < PROCESSES; i++)
		alive += w->processes[i].is_alive;
	return (alive - 1) * SUBJECTS + subject_of(w, o);
}

static bool
is_about_process(enum operation_kind kind)
{
	return kind == FORK || kind == EXEC || kind == EXIT || kind == KILL;
}

void
class_print(enum operation_kind kind, unsigned class, char *text, size_t size)
{
	static const char *const users[SUBJECTS] = { "mapped nowhere", "mapped once", "mapped twice by one",
		"mapped more often by one", "mapped by two", "mapped by two and more often", "mapped by three or four",
		"mapped by three or four and more often" };
	static const char *const kinds[SUBJECTS] = { "no memory", "shared memory", "private memory",
		"shared and private memory", "attachments", "attachments and shared memory",
		"attachments and private memory", "memory of all kinds" };
	const unsigned subject = class % SUBJECTS;

	snprintf(text, size, "%u processes, %s", class / SUBJECTS + 1,
	    is_about_process(kind) ? kinds[subject] : users[subject]);
}
