/* SPDX-License-Identifier: BSD-2-Clause */

/* Mappings at the end of a process or of its image: exec and exit remove them, and what was stored stays. */

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "memfd.h"
#include "memory_cases.h"
#include "object.h"
#include "process.h"
#include "program.h"
#include "random.h"

INTERFACE(mmap_process)

/* The arguments: an address, a number of pages, and the number that was at the start of each page before exec. */
PROGRAM(look_for_memory)
{
	const char *start = (const char *)(uintptr_t)number_from(argv[1]); /* NOLINT(performance-no-int-to-ptr) */
	size_t pages = (size_t)number_from(argv[2]);

	for (size_t i = 0; i < pages; i++) {
		const char *page = &start[i * page_size()];
		long long there;

		if (fault_of_load(page).signal != 0)
			continue;
		memcpy(&there, page, sizeof(there)); /* by chance something of the new image may be here */
		CHECK_NE(number_from(argv[3]), there);
	}
}

static void
store_number_and_exec(void *arg)
{
	struct memory *m = arg;
	long long number;

	random_bytes(&number, sizeof(number));
	for (size_t at = 0; at < m->size; at += page_size())
		memcpy(&m->start[at], &number, sizeof(number));
	program_become("look_for_memory", number_text((long long)(uintptr_t)m->start).text,
	    number_text((long long)(m->size / page_size())).text, number_text(number).text);
}

CASE_FOR_EACH_MEMORY(exec_unmaps, SHALL, "exec removes what was mapped", "POSIX.1-2017 exec DESCRIPTION",
    "Linux execve(2)", "illumos exec(2)")
{
	struct memory m = memory_create(kind, 3 * page_size());

	in_child(store_number_and_exec, &m);
}

CASE(exec_unmaps__private, SHALL, "exec removes what was mapped", "POSIX.1-2017 exec DESCRIPTION", "Linux execve(2)",
    "illumos exec(2)")
{
	struct memory m = { .start = map_anonymous(3 * page_size(), MAP_PRIVATE), .size = 3 * page_size() };

	in_child(store_number_and_exec, &m);
}

PROGRAM(compare_file)
{
	int fd = open(argv[1], O_RDWR);
	REQUIRE(fd != -1);

	const char *bytes = reads_see_mappings() ? content_of(fd, 3 * page_size()) : map_shared(fd, 3 * page_size());
	CHECK_PATTERN('e', bytes, 3 * page_size());
}

static void
store_in_file_and_exec(void *arg)
{
	struct file *f = arg;

	pattern_store('e', map_shared(f->fd, 3 * page_size()), 3 * page_size());
	program_become("compare_file", f->name);
}

CASE(exec_object_data_stay__file, SHALL,
    "What a process stores through a shared mapping before exec is in the file after exec",
    "POSIX.1-2017 exec DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION")
{
	struct file f = file_create(3 * page_size());
	char *p = map_shared(f.fd, 3 * page_size());

	in_child(store_in_file_and_exec, &f);

	CHECK_PATTERN('e', p, 3 * page_size());
}

PROGRAM(compare_object)
{
	int fd = shm_open(argv[1], O_RDWR, 0);
	REQUIRE(fd != -1);

	CHECK_PATTERN('e', map_shared(fd, 3 * page_size()), 3 * page_size());
}

static void
store_in_object_and_exec(void *arg)
{
	struct object *o = arg;

	pattern_store('e', map_shared(o->fd, 3 * page_size()), 3 * page_size());
	program_become("compare_object", o->name);
}

CASE(exec_object_data_stay__object, SHALL,
    "What a process stores through a shared mapping before exec is in the object after exec",
    "POSIX.1-2017 exec DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION",
    NEEDS_OBJECTS, COVERS("BS37"))
{
	struct object o = object_create(3 * page_size());
	char *p = map_shared(o.fd, 3 * page_size());

	in_child(store_in_object_and_exec, &o);

	CHECK_PATTERN('e', p, 3 * page_size());
}

static void
exec_in_vain(void *arg)
{
	struct memory *m = arg;
	struct file text = file_create(page_size()); /* which nobody may execute */
	char *const arguments[] = { text.name, NULL };

	pattern_store('o', m->start, m->size);
	CHECK_FAILS(ENOENT, -1, execv("./no-such-file", arguments));
	CHECK_FAILS(EACCES, -1, execv(text.name, arguments));

	CHECK_PATTERN('o', m->start, m->size);
	pattern_store('k', m->start, m->size);
}

CASE_FOR_EACH_MEMORY(
    failed_exec_keeps, SHALL, "An exec that fails keeps what is mapped", "POSIX.1-2017 exec RETURN VALUE")
{
	struct memory m = memory_create(kind, 3 * page_size());

	in_child(exec_in_vain, &m);

	CHECK_PATTERN('k', m.start, m.size);
}

static void
map_for_writing(void *arg)
{
	char *p = map_shared(*(int *)arg, 2 * page_size());

	p[page_size()] = 'x';
}

CASE(exit_unmaps, SHALL, "Exit removes what the process has mapped", "POSIX.1-2017 _Exit() DESCRIPTION",
    "Linux mmap(2)", NEEDS_SEALS)
{
	int fd = memfd_sealable(2 * page_size());
	struct child c = child_start(map_for_writing, &fd);

	child_reaches_end(&c);
	CHECK_FAILS(EBUSY, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE)); /* it is mapped for writing */
	child_exits(&c);
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
}

CASE(exit_unmaps__killed, SHALL, "A signal that ends the process removes what it has mapped",
    "POSIX.1-2017 _Exit() DESCRIPTION", "Linux mmap(2)", NEEDS_SEALS)
{
	int fd = memfd_sealable(2 * page_size());
	struct child c = child_start(map_for_writing, &fd);

	child_reaches_end(&c);
	CHECK_FAILS(EBUSY, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	child_kill(&c);
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
}

static void
store_in_file(void *arg)
{
	pattern_store('x', map_shared(*(int *)arg, 3 * page_size()), 3 * page_size());
}

CASE(exit_flushes_shared, SHALL, "What a process stored through a shared mapping is in the file after its exit",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION")
{
	int fd = nameless_file(3 * page_size());

	in_child(store_in_file, &fd);

	CHECK_PATTERN('x', content_of(fd, 3 * page_size()), 3 * page_size());
}

CASE(exit_flushes_shared__killed, SHALL,
    "What a process stored through a shared mapping is in the file after a signal has ended it",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION")
{
	int fd = nameless_file(3 * page_size());
	struct child c = child_start(store_in_file, &fd);

	child_reaches_end(&c);
	child_kill(&c);

	CHECK_PATTERN('x', content_of(fd, 3 * page_size()), 3 * page_size());
}
