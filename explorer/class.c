/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>

#include "class.h"

enum { FACTS = 3 };

/* What an operation is about: memory that may be mapped, and three more facts that differ with the kind of operation. */
struct subject {
	uint8_t backing;
	bool facts[FACTS];
};

/* The groups of operations that have such facts in common. */
enum group { ABOUT_PROCESS, ABOUT_MMAP, ABOUT_PLACE, ABOUT_DESCRIPTOR, ABOUT_NAME, ABOUT_KEY, ABOUT_NOTHING, GROUPS };

/* The facts in words. */
static const char *const facts[GROUPS][FACTS] = {
	[ABOUT_PROCESS] = { "private stores", "descriptors", "children" },
	[ABOUT_MMAP] = { "private", "several units", "read-only" },
	[ABOUT_PLACE] = { "stored to", "private", "read-only" },
	[ABOUT_DESCRIPTOR] = { "stored to", "without a name", "read-only" },
	[ABOUT_NAME] = { "stored to", "open", "open in the process" },
	[ABOUT_KEY] = { "stored to", "removed", "attached in the process" },
	[ABOUT_NOTHING] = { "", "", "" },
};

static enum group
group_of(enum operation_kind kind)
{
	if (operation_makes_process(kind) || kind == VFORK_EXIT || kind == EXEC || kind == EXIT || kind == KILL)
		return ABOUT_PROCESS;
	if (kind == MMAP)
		return ABOUT_MMAP;
	if (operation_takes(kind, KEY))
		return ABOUT_KEY;
	if (operation_takes(kind, AT))
		return ABOUT_PLACE;
	if (operation_takes(kind, DESCRIPTOR))
		return ABOUT_DESCRIPTOR;
	return operation_takes(kind, NAME) ? ABOUT_NAME : ABOUT_NOTHING;
}

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

static bool
has_content(const struct world *w, uint8_t backing)
{
	for (unsigned unit = 0; unit < UNITS && backing != 0; unit++)
		for (unsigned spot = 0; spot < SPOTS; spot++)
			if (w->backings[backing].content[unit][spot] != ZERO)
				return true;
	return false;
}

/* Whether something was stored there, as far as the operation names a spot; else anywhere. */
static bool
is_stored(const struct world *w, const struct operation *o, uint8_t backing)
{
	if (!operation_takes(o->kind, SPOT) || !operation_takes(o->kind, FROM))
		return has_content(w, backing);
	return backing != 0 && w->backings[backing].content[o->arguments[FROM]][o->arguments[SPOT]] != ZERO;
}

static bool
has_copy(const struct view *v)
{
	for (unsigned spot = 0; spot < SPOTS; spot++)
		if ((v->copied & 1U << spot) != 0 && v->copy[spot] != ZERO)
			return true;
	return false;
}

static bool
has_name(const struct world *w, uint8_t backing)
{
	for (unsigned i = 0; i < NAMES; i++)
		if (w->objects[i] == backing || w->files[i] == backing)
			return true;
	return false;
}

static struct subject
about_process(const struct world *w, const struct process *p)
{
	struct subject s = { 0, { false } };

	for (unsigned i = 0; i < PLACES; i++)
		s.facts[0] |= has_copy(&p->views[i]);
	for (unsigned i = 0; i < DESCRIPTORS; i++)
		s.facts[1] |= p->descriptors[i].description != 0;
	for (unsigned i = 1; i < PROCESSES; i++)
		s.facts[2] |= w->processes[i].is_alive && &w->processes[w->processes[i].parent] == p;
	return s;
}

static bool
has_open(const struct world *w, const struct process *p, uint8_t backing)
{
	for (unsigned i = 0; i < DESCRIPTORS && backing != 0; i++)
		if (w->descriptions[p->descriptors[i].description].backing == backing)
			return true;
	return false;
}

static bool
is_open(const struct world *w, uint8_t backing)
{
	for (unsigned i = 0; i < PROCESSES; i++)
		if (has_open(w, &w->processes[i], backing))
			return true;
	return false;
}

static bool
has_attached(const struct process *p, uint8_t segment)
{
	for (unsigned i = 0; i < PLACES; i++)
		if (p->views[i].is_attachment && p->views[i].backing == segment)
			return true;
	return false;
}

static bool
reads_only(const struct world *w, const struct process *p, unsigned number)
{
	const struct description *d = description_of(w, p, number);

	return d != NULL && !d->can_write;
}

/* A number that is not open may be so in another process. */
static struct subject
about_descriptor(const struct world *w, const struct operation *o, const struct process *p)
{
	const unsigned number = o->arguments[DESCRIPTOR];
	const struct description *d = description_of(w, p, number);
	struct subject s = { 0, { false } };

	for (unsigned i = 0; i < PROCESSES; i++)
		s.facts[0] |= w->processes[i].descriptors[number].description != 0;
	if (d != NULL)
		s = (struct subject){ d->backing,
			{ is_stored(w, o, d->backing), !has_name(w, d->backing), reads_only(w, p, number) } };
	return s;
}

static struct subject
about_place(const struct world *w, const struct operation *o, const struct process *p)
{
	const struct view *v = &p->views[o->arguments[AT]];
	const values *there = v->is_private ? v->copy : w->backings[v->backing].content[v->unit];
	bool stored = has_copy(v) || has_content(w, v->backing);

	if (operation_takes(o->kind, SPOT))
		stored = v->is_mapped && there[o->arguments[SPOT]] != ZERO;
	return (struct subject){ v->backing, { stored, v->is_private, v->is_mapped && !v->can_be_written } };
}

static struct subject
about_mmap(const struct world *w, const struct operation *o, const struct process *p)
{
	const uint8_t *a = o->arguments;
	const struct description *d = a[OF] == 0 ? NULL : description_of(w, p, a[OF] - 1U);

	return (struct subject){ d == NULL ? p->views[a[AT]].backing : d->backing,
		{ a[SHARING] == PRIVATE, a[LONG] > 0, d != NULL && !d->can_write } };
}

static struct subject
about_key(const struct world *w, const struct operation *o, const struct process *p)
{
	const unsigned key = o->arguments[KEY];
	const uint8_t known = p->identifiers[key];
	const uint8_t segment = known == NO_IDENTIFIER || known == IDENTIFIER_OF_NOTHING ? w->keys[key] : known;

	return (struct subject){ segment,
		{ has_content(w, segment), w->backings[segment].is_removed,
		    segment != 0 && has_attached(p, segment) } };
}

static struct subject
about_name(const struct world *w, const struct operation *o, const struct process *p)
{
	const bool is_of_objects =
	    o->kind == SHM_OPEN || o->kind == SHM_UNLINK || o->kind == FIND_OBJECT || o->kind == PEEK_OBJECT;
	const uint8_t named = (is_of_objects ? w->objects : w->files)[o->arguments[NAME]];

	return (struct subject){ named, { is_stored(w, o, named), is_open(w, named), has_open(w, p, named) } };
}

static struct subject
subject_of(const struct world *w, const struct operation *o)
{
	const struct process *p = &w->processes[o->process];

	switch (group_of(o->kind)) {
	case ABOUT_PROCESS:
		return about_process(w, o->kind == KILL ? &w->processes[o->arguments[PROCESS]] : p);
	case ABOUT_MMAP:
		return about_mmap(w, o, p);
	case ABOUT_PLACE:
		return about_place(w, o, p);
	case ABOUT_DESCRIPTOR:
		return about_descriptor(w, o, p);
	case ABOUT_NAME:
		return about_name(w, o, p);
	case ABOUT_KEY:
		return about_key(w, o, p);
	default:
		return (struct subject){ 0, { false } };
	}
}

unsigned
class_of(const struct world *w, const struct operation *o)
{
	const struct subject s = subject_of(w, o);
	const bool is_kill = o->kind == KILL;
	const struct process *p = &w->processes[is_kill ? o->arguments[PROCESS] : o->process];
	const unsigned uses = group_of(o->kind) == ABOUT_PROCESS ? kinds_of(p) : users_of(w, s.backing);
	unsigned alive = 0;

	for (unsigned i = 0; i < PROCESSES; i++)
		alive += w->processes[i].is_alive;
	return ((alive - 1) * USES + uses) * 8 + s.facts[0] + 2 * s.facts[1] + 4 * s.facts[2];
}

void
class_print(enum operation_kind kind, unsigned class, char *text, size_t size)
{
	static const char *const users[USES] = { "mapped nowhere", "mapped once", "mapped twice by one",
		"mapped more often by one", "mapped by two", "mapped by two and more often", "mapped by three or four",
		"mapped by three or four and more often" };
	static const char *const kinds[USES] = { "no memory", "shared memory", "private memory",
		"shared and private memory", "attachments", "attachments and shared memory",
		"attachments and private memory", "memory of all kinds" };
	const enum group group = group_of(kind);
	const unsigned uses = class / 8 % USES;
	const unsigned alive = class / 8 / USES + 1;
	int length = snprintf(text, size, "%u process%s, %s", alive, alive == 1 ? "" : "es",
	    group == ABOUT_PROCESS ? kinds[uses] : users[uses]);

	for (unsigned i = 0; i < FACTS; i++)
		if ((class >> i & 1) != 0 && length > 0 && (size_t)length < size)
			length += snprintf(text + length, size - (size_t)length, ", %s", facts[group][i]);
}
