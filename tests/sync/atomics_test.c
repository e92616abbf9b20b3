/* SPDX-License-Identifier: BSD-2-Clause */

/* Atomic operations of C on memory that processes share. */

#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "object.h"
#include "process.h"

#define NEEDS_LOCK_FREE_NUMBERS NEED("atomic_int that is always lock-free", .ask = need_lock_free_numbers)

static void
need_lock_free_numbers(void)
{
	need(ATOMIC_INT_LOCK_FREE == 2, "atomic_int is not always lock-free here");
}

INTERFACE(atomics, NEEDS_LOCK_FREE_NUMBERS)

enum { PROCESSES = 3, ADDITIONS = 5000 };

/* Let several processes do this at once. */
static void
all_do(void (*body)(void *), void *argument)
{
	struct child c[PROCESSES];

	for (int i = 0; i < PROCESSES; i++) {
		c[i] = child_start(body, argument);
		child_reaches_pause(&c[i]);
	}
	for (int i = 0; i < PROCESSES; i++)
		child_goes_on(&c[i]);
	for (int i = 0; i < PROCESSES; i++)
		child_exits(&c[i]);
}

static void
add(void *sum)
{
	atomic_uint *s = sum;

	pause_for_parent();
	for (int i = 0; i < ADDITIONS; i++)
		atomic_fetch_add_explicit(s, 1, memory_order_relaxed);
}

CASE_FOR_EACH_MEMORY(lock_free_int, SHALL,
    "Three processes add to one lock-free atomic number in shared memory, and no addition is lost",
    "ISO C11 7.17.1 ATOMIC_INT_LOCK_FREE", "ISO C11 7.17.5 lock-free property")
{
	struct memory m = memory_create(kind, page_size());
	atomic_uint *sum = (void *)&m.start[page_size() - sizeof(*sum)];
	atomic_init(sum, 0);

	all_do(add, (void *)sum);

	CHECK_EQ(PROCESSES * ADDITIONS, atomic_load(sum));
}

static void
add_by_new_mapping(void *object)
{
	const struct object *o = object;

	add(map_shared(o->fd, page_size())); /* at another address in each process */
}

CASE(address_free, SHALL,
    "Processes add to one lock-free atomic number by mappings at different addresses, and no addition is lost",
    "ISO C11 7.17.5 lock-free property", NEEDS_OBJECTS)
{
	struct object o = object_create(page_size());
	atomic_uint *one = map_shared(o.fd, page_size());
	atomic_uint *other = map_shared(o.fd, page_size());
	for (int i = 0; i < ADDITIONS; i++)
		atomic_fetch_add(i % 2 == 0 ? one : other, 1);

	all_do(add_by_new_mapping, &o);

	CHECK_EQ((1 + PROCESSES) * ADDITIONS, atomic_load(other));
}

enum { MESSAGES = 5000 }; /* several pages of them */

struct messages {
	atomic_uint published;
	unsigned text[MESSAGES];
};

static void
read_messages(void *messages)
{
	struct messages *m = messages;
	unsigned read = 0;

	pause_for_parent();
	while (read < MESSAGES) {
		unsigned published = atomic_load_explicit(&m->published, memory_order_acquire);
		if (published == read)
			sched_yield();
		for (; read < published; read++)
			CHECK_EQ(~read, m->text[read]);
	}
}

CASE(release_acquire_publishes, SHALL,
    "What a process stores before a release store is seen by another after an acquire load that reads that store",
    "ISO C11 7.17.3 order and consistency")
{
	struct messages *m = map_anonymous(sizeof(*m), MAP_SHARED);
	struct child reader = child_start(read_messages, m);
	child_reaches_pause(&reader);

	child_goes_on(&reader);
	for (unsigned i = 0; i < MESSAGES; i++) {
		m->text[i] = ~i;
		atomic_store_explicit(&m->published, i + 1, memory_order_release);
		if (i % 100 == 0)
			sched_yield(); /* so that it reads while this writes, on one processor too */
	}

	child_exits(&reader);
}

static void
increment_by_exchange(void *sum)
{
	atomic_uint *s = sum;

	pause_for_parent();
	for (int i = 0; i < ADDITIONS; i++) {
		unsigned old = atomic_load(s);
		if (i % 256 == 0)
			sched_yield(); /* let others come between */
		while (!atomic_compare_exchange_weak(s, &old, old + 1))
			;
	}
}

CASE(cas_no_lost_update, SHALL,
    "Three processes increment one number by compare and exchange, and no increment is lost",
    "ISO C11 7.17.7.4 atomic_compare_exchange")
{
	char *pages = map_anonymous(2 * page_size(), MAP_SHARED);
	atomic_uint *sum = (void *)&pages[2 * page_size() - sizeof(*sum)];

	all_do(increment_by_exchange, (void *)sum);

	CHECK_EQ(PROCESSES * ADDITIONS, atomic_load(sum));
}
