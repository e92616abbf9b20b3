/* SPDX-License-Identifier: BSD-2-Clause */

/* Loads and stores: what the pages of a mapping show, and when an access raises a signal. */

#include <signal.h>

#include "model.h"

RULE(access_unmapped, "Where nothing is mapped an access raises SIGSEGV", "POSIX.1-2017 <signal.h> si_code");
RULE(access_protected, "An access that the protection refuses raises a signal",
    "POSIX.1-2017 mmap(), mprotect() DESCRIPTION");
RULE(access_guarded, "An access to a page with a guard raises SIGSEGV", "Linux 6.13 madvise(2)");
RULE(access_behind_end, "An access to a whole page behind the end raises SIGBUS",
    "POSIX.1-2017 mmap(), ftruncate() DESCRIPTION");
RULE(access_added, "What was added since the mapping was made may still raise SIGBUS",
    "POSIX.1-2017 mmap() DESCRIPTION");
RULE(access_copy_cut_off, "A private copy of what is cut off is there, or raises SIGBUS",
    "POSIX.1-2017 mmap() DESCRIPTION");
RULE(load_anonymous, "A load gives what was stored last", "POSIX.1-2024 mmap() DESCRIPTION");
RULE(load_shared, "A load of a shared mapping gives what any process has stored last",
    "POSIX.1-2017 mmap(), fork() DESCRIPTION");
RULE(load_attached, "A load of an attachment gives what any process has stored last",
    "POSIX.1-2017 shmat() DESCRIPTION");
RULE(load_private, "A load of a private mapping gives what the object had since, until the process has stored there",
    "POSIX.1-2017 mmap() DESCRIPTION");
RULE(load_copy, "What a process stored in a private mapping is seen by it alone, and by children of a later fork",
    "POSIX.1-2017 mmap(), fork() DESCRIPTION");
RULE(load_tail, "The last page is zero behind the end, until something is stored there",
    "POSIX.1-2017 mmap() DESCRIPTION");
RULE(peek_keeps, "A segment, an object or a file keeps what is stored in it, whether it is mapped or not",
    "POSIX.1-2017 shmat(), mmap(), munmap() DESCRIPTION");
RULE(store_shared, "A store to a shared mapping is seen by all processes that map it",
    "POSIX.1-2017 mmap() DESCRIPTION");
RULE(store_attached, "A store to an attachment is seen by all processes that attach the segment",
    "POSIX.1-2017 shmat() DESCRIPTION");
RULE(store_private, "A store to a private mapping is seen by the process alone", "POSIX.1-2017 mmap() DESCRIPTION");
RULE(store_tail, "A store behind the end in the last page does not change the object",
    "POSIX.1-2017 mmap() DESCRIPTION");

/* The access that an operation makes. */
struct spot {
	const struct view *view;
	const struct backing *backing;
	unsigned number;
	bool is_behind_pages; /* the whole page is behind the end */
	bool is_in_tail;      /* it is behind the end, in the last page */
	bool is_copied;       /* it is in a private copy of the page */
	bool is_lost;         /* it is in one, or was until that was cut off */
};

static struct spot
spot_of(const struct question *q)
{
	struct spot s = { .view = &process_before(q)->views[argument(q, AT)], .number = argument(q, SPOT) };
	uint32_t offset;

	s.is_copied = s.view->copied & 1U << s.number;
	s.is_lost = s.view->lost & 1U << s.number;
	s.backing = &q->before->backings[s.view->backing];
	if (s.view->backing == 0)
		return s;
	offset = offset_of(q->setting, s.view->unit, s.number);
	s.is_behind_pages = offset >= end_of_pages(q->setting, s.backing);
	s.is_in_tail = offset >= s.backing->size && !s.is_behind_pages;
	return s;
}

static void
allow_fault(struct question *q, const struct rule *rule, int signal, int code)
{
	allow(q, rule, FAULTS(signal, q->setting->codes_tell ? code : ANY_CODE));
}

/*
 * Allow the signals that the access may raise. Returns whether it may also be done. What is behind an attachment that the system
 * has put elsewhere is not known.
 */
static bool
may_be_done(struct question *q, struct spot s, enum access needed)
{
	if (s.view->is_attachment && s.is_behind_pages && s.view->location != AT_ITS_PLACE)
		return false;
	if (!s.view->is_mapped || (s.view->is_attachment && s.is_behind_pages)) {
		allow_fault(q, &access_unmapped, SIGSEGV, SEGV_MAPERR);
		return false;
	}
	if (s.is_behind_pages && q->setting->end_is_open)
		return false;
	if (s.view->advised == GUARDED) {
		/* Whether a guard stays where its page is cut off is said nowhere. */
		if (!s.is_behind_pages && !s.view->may_fault)
			allow_fault(q, &access_guarded, SIGSEGV, ANY_CODE);
		return false;
	}
	if (s.view->access < needed)
		allow_fault(q, &access_protected, q->setting->signal_of_protection, SEGV_ACCERR);
	if (s.is_behind_pages)
		allow_fault(q, s.is_lost ? &access_copy_cut_off : &access_behind_end, SIGBUS, ANY_CODE);
	else if (s.view->may_fault && s.view->access >= needed)
		allow_fault(q, &access_added, SIGBUS, ANY_CODE);
	return s.view->access >= needed && (!s.is_behind_pages || s.is_lost);
}

static const struct rule *
rule_of_load(struct spot s)
{
	if (s.is_in_tail && !s.view->is_attachment)
		return &load_tail;
	if (s.view->is_private)
		return s.is_copied ? &load_copy : &load_private;
	if (s.view->is_attachment)
		return &load_attached;
	return s.backing->kind == ANONYMOUS ? &load_anonymous : &load_shared;
}

void
model_load(struct question *q)
{
	const struct spot s = spot_of(q);
	values may_be;

	if (!may_be_done(q, s, READ))
		return;
	may_be = s.view->is_private ? s.view->copy[s.number] : s.backing->content[s.view->unit][s.number];
	for (unsigned value = 0; value < VALUES; value++) {
		struct world *after;

		if (!(may_be & 1U << value))
			continue;
		after = allow(q, rule_of_load(s), GIVES(value));
		/* What was open is known now, if it cannot change by itself. */
		if (s.is_copied)
			process_after(q, after)->views[argument(q, AT)].copy[s.number] = (values)(1U << value);
		else if (!s.view->is_private && !s.is_in_tail && !s.view->may_fault)
			after->backings[s.view->backing].content[s.view->unit][s.number] = (values)(1U << value);
	}
}

void
model_store(struct question *q)
{
	const struct spot s = spot_of(q);
	const unsigned value = argument(q, VALUE) + 1;
	struct world *after;
	struct view *v;

	if (!may_be_done(q, s, READ_WRITE))
		return;
	if (!s.view->is_private) {
		const struct rule *rule = s.view->is_attachment ? &store_attached : &store_shared;

		after = allow(q, s.is_in_tail && !s.view->is_attachment ? &store_tail : rule, SUCCEEDS);
		backing_store(after, q->setting, s.view->backing, s.view->unit, s.number, value);
		return;
	}
	after = allow(q, &store_private, SUCCEEDS);
	v = &process_after(q, after)->views[argument(q, AT)];
	v->copied |= spots_of_page(q->setting, s.number);
	v->lost &= (uint8_t)~spots_of_page(q->setting, s.number);
	v->copy[s.number] = (values)(1U << value);
}

void
model_peek(struct question *q, uint8_t backing)
{
	const struct backing *b = &q->before->backings[backing];
	const unsigned unit = argument(q, FROM);
	const unsigned spot = argument(q, SPOT);

	if (backing == 0 || offset_of(q->setting, unit, spot) >= b->size)
		return;
	for (unsigned value = 0; value < VALUES; value++)
		if (b->content[unit][spot] & 1U << value)
			allow(q, &peek_keeps, GIVES(value))->backings[backing].content[unit][spot] =
			    (values)(1U << value);
}
