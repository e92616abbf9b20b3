/* SPDX-License-Identifier: BSD-2-Clause */

/* Attached System V segments: what an attachment allows, and that all attachments of a segment show the same data. */

#include <stdint.h>
#include <unistd.h>

#include "attach_pages.h"
#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "process.h"
#include "program.h"
#include "segment.h"

INTERFACE(shmat, NEEDS_SEGMENTS)

CASE(rdonly_write_sigsegv, SHALL,
    "A store through an attachment that was made with SHM_RDONLY raises SIGSEGV and changes nothing",
    "POSIX.1-2017 shmat() DESCRIPTION", "Linux shmop(2)", NETBSD_ATTACH_PAGES, "illumos shmop(2)")
{
	int id = segment_create(3 * page_size());
	char *rw = segment_attach(id, NULL, 0);
	char *ro = segment_attach(id, NULL, SHM_RDONLY);

	protection_signal_deviates();
	for (size_t at = 0; at < 3 * page_size(); at += page_size()) {
		CHECK_LOAD_OK(&ro[at]);
		CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &ro[at]);
		CHECK_EQ(0, rw[at]);
	}
}

CASE(rdonly_write_sigsegv__after_stores_elsewhere, SHALL,
    "A store through SHM_RDONLY raises SIGSEGV also in a page that was stored to through another attachment",
    "POSIX.1-2017 shmat() DESCRIPTION", "Linux shmop(2)", NETBSD_ATTACH_PAGES, "illumos shmop(2)")
{
	int id = segment_create(3 * page_size());
	char *rw = segment_attach(id, NULL, 0);
	char *ro = segment_attach(id, NULL, SHM_RDONLY);
	pattern_store(1, rw, 3 * page_size());

	protection_signal_deviates();
	for (size_t at = page_size() - 1; at < 3 * page_size(); at += page_size())
		CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &ro[at]);

	CHECK_PATTERN(1, rw, 3 * page_size());
}

static void
store(void *address)
{
	*(volatile char *)address = 's';
}

CASE(rdonly_write_sigsegv__in_child, SHALL,
    "A child that stores through the attachment that its parent made with SHM_RDONLY is killed by SIGSEGV",
    "POSIX.1-2017 shmat() DESCRIPTION", "Linux shmop(2)", NETBSD_ATTACH_PAGES, "illumos shmop(2)",
    COVERS("shmat.rdonly_write_segv"))
{
	int id = segment_create(3 * page_size());
	char *ro = segment_attach(id, NULL, SHM_RDONLY);
	CHECK_EQ(0, ro[page_size()]);

	protection_signal_deviates();
	for (size_t at = 0; at < 3 * page_size(); at += page_size()) {
		struct child c = child_start(store, &ro[at]);
		child_dies(&c, SIGSEGV);
	}

	CHECK_BYTES(0, ro, 3 * page_size());
}

CASE(rdonly_write_sigsegv__by_system_call, SHALL,
    "A read() into an attachment made with SHM_RDONLY fails and changes nothing", "POSIX.1-2017 shmat() DESCRIPTION",
    "Linux shmop(2)", NETBSD_ATTACH_PAGES, "illumos shmop(2)")
{
	int id = segment_create(2 * page_size());
	char *ro = segment_attach(id, NULL, SHM_RDONLY);
	int ends[2];
	REQUIRE(pipe(ends) == 0);
	REQUIRE(write(ends[1], "data", 4) == 4);

	CHECK_EQ(-1, read(ends[0], ro + page_size(), 4));

	CHECK_BYTES(0, ro, 2 * page_size());
}

CASE(rdonly_and_rdwr_together, SHALL,
    "A process that has a segment attached both read-only and for writing finds the same bytes in both",
    "POSIX.1-2017 shmat() DESCRIPTION", "Linux shmop(2)")
{
	int id = segment_create(3 * page_size());
	char *ro = segment_attach(id, NULL, SHM_RDONLY);
	char *rw = segment_attach(id, NULL, 0);
	char *second_ro = segment_attach(id, NULL, SHM_RDONLY);

	for (size_t at = 0; at < 3 * page_size(); at += page_size()) {
		CHECK_EQ(0, ro[at]); /* touched for reading first */
		CHECK_STORE_OK(&rw[at]);
	}
	pattern_store(1, rw, 3 * page_size());

	CHECK_PATTERN(1, ro, 3 * page_size());
	CHECK_PATTERN(1, second_ro, 3 * page_size());
}

CASE(multiple_attach_distinct, SHALL, "Attachments of one segment in one process are at different addresses",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "Linux shmop(2)",
    COVERS("shmat.double_attach"))
{
	size_t size = 2 * page_size() + 1;
	int id = segment_create(size);
	char *p[3];

	for (int i = 0; i < 3; i++) {
		p[i] = shmat(id, NULL, 0);
		REQUIRE(p[i] != (void *)-1);
		for (int j = 0; j < i; j++)
			CHECK(p[i] >= p[j] + size || p[j] >= p[i] + size);
	}

	for (int i = 0; i < 3; i++) {
		pattern_store((unsigned char)i, p[i], size);
		for (int j = 0; j < 3; j++)
			CHECK_PATTERN(i, p[j], size);
	}
}

CASE(alias_coherent, SHALL, "A store through one of two attachments of a process is seen at once through the other",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION")
{
	int id = segment_create(3 * page_size());
	volatile char *p = segment_attach(id, NULL, 0);
	volatile char *q = segment_attach(id, NULL, 0);

	for (int i = 0; i < 100; i++)
		for (size_t at = 0; at < 3 * page_size(); at += page_size() - 1) {
			p[at] = (char)i;
			CHECK_EQ((char)i, q[at]);
			q[at] = (char)-i;
			CHECK_EQ((char)-i, p[at]);
		}
}

struct exchange {
	int id;
	char *inherited;
};

static void
answer(void *arg)
{
	const struct exchange *e = arg;
	char *own = segment_attach(e->id, NULL, 0);

	pause_for_parent();
	CHECK_PATTERN(1, own, 3 * page_size());
	CHECK_PATTERN(1, e->inherited, 3 * page_size());
	pattern_store(2, own, 3 * page_size());
	pause_for_parent();
	CHECK_PATTERN(3, own, 3 * page_size());
	pattern_store(4, e->inherited, 3 * page_size());
}

static void
exchange_with_child(bool touched)
{
	struct exchange e = { .id = segment_create(3 * page_size()) };
	e.inherited = segment_attach(e.id, NULL, 0);
	if (touched)
		pattern_store(9, e.inherited, 3 * page_size());
	struct child c = child_start(answer, &e);

	child_reaches_pause(&c);
	pattern_store(1, e.inherited, 3 * page_size());
	child_goes_on(&c);
	child_reaches_pause(&c);
	CHECK_PATTERN(2, e.inherited, 3 * page_size());
	pattern_store(3, e.inherited, 3 * page_size());
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_PATTERN(4, e.inherited, 3 * page_size());
	child_exits(&c);
}

CASE(alias_coherent__parent_and_child, SHALL,
    "Parent and child see each other's stores, through attachments inherited and made, in pages touched before fork()",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION")
{
	exchange_with_child(true);
}

CASE(alias_coherent__untouched_before_fork, SHALL,
    "Parent and child see each other's stores, through attachments inherited and made, in pages first touched later",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION")
{
	exchange_with_child(false);
}

/* A list whose links are offsets from the segment's start, one entry in each page. */
struct entry {
	size_t next; /* 0 ends the list */
	int value;
};

static struct entry *
entry_at(char *segment, size_t offset)
{
	return (struct entry *)(void *)(segment + offset);
}

PROGRAM(list_reader)
{
	REQUIRE(argc == 3);
	size_t unit = attach_multiple();
	char *used_by_other = (char *)(uintptr_t)number_from(argv[2]); /* NOLINT(performance-no-int-to-ptr) */
	char *at = free_range(8 * unit);
	if (at == used_by_other)
		at += 4 * unit;

	char *p = shmat((int)number_from(argv[1]), at, 0);
	REQUIRE(p == at);

	struct entry *e = entry_at(p, 0);
	CHECK_EQ(1, e->value);
	e = entry_at(p, e->next);
	CHECK_EQ(2, e->value);
	e->next = 2 * page_size();
	entry_at(p, e->next)->value = 3;
}

CASE(different_addresses_between_processes, SHALL,
    "Two processes that have a segment at different addresses use one list of offsets in it",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "Linux shmop(2)")
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	*entry_at(p, 0) = (struct entry){ page_size(), 1 };
	*entry_at(p, page_size()) = (struct entry){ 0, 2 };

	struct child c = program_start("list_reader", number_text(id).text, number_text((intptr_t)p).text);
	child_reaches_end(&c);

	CHECK_EQ(2 * page_size(), entry_at(p, page_size())->next);
	CHECK_EQ(3, entry_at(p, 2 * page_size())->value);
	child_exits(&c);
}

static void
call(void *address)
{
	((void (*)(void))(uintptr_t)address)();
}

CASE(exec_flag, DOCUMENTED, "An attachment with SHM_EXEC can be executed, and executing one without it raises SIGSEGV",
    "Linux 2.6.9 shmop(2)", NEEDS_KNOWN_MACHINE)
{
	int id = segment_create_with_key(segment_key(), page_size(), 0700);
	char *rw = segment_attach(id, NULL, 0);
	REQUIRE(store_function(rw));

	struct child c = child_start(call, rw);
	child_dies(&c, SIGSEGV);

	char *executable = segment_attach(id, NULL, SHM_EXEC);
	c = child_start(call, executable);
	child_exits(&c);

	executable = segment_attach(id, NULL, SHM_EXEC | SHM_RDONLY);
	CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, executable);
	in_child(call, executable);
}

CASE(rdonly_mprotect_write_refused, DOCUMENTED,
    "mprotect() with PROT_WRITE of an attachment made with SHM_RDONLY fails with EACCES and changes nothing",
    "Linux mprotect(2)", "FreeBSD mprotect(2) ERRORS", "NetBSD mprotect(2) ERRORS", "OpenBSD mprotect(2) ERRORS",
    "DragonFly mprotect(2) ERRORS", "macOS mprotect(2) ERRORS", "illumos mprotect(2) ERRORS",
    COVERS("mprotect.shm_rdonly_eacces"))
{
	int id = segment_create(3 * page_size());
	char *ro = segment_attach(id, NULL, SHM_RDONLY);

	CHECK_FAILS(EACCES, -1, mprotect(ro, 3 * page_size(), PROT_READ | PROT_WRITE));
	CHECK_FAILS(EACCES, -1, mprotect(ro + page_size(), page_size(), PROT_WRITE));

	for (size_t at = 0; at < 3 * page_size(); at += page_size())
		CHECK(store_is_refused(&ro[at]));
	CHECK_BYTES(0, ro, 3 * page_size());
}
