/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * read() and write() whose buffer is in a mapping: one that nobody has touched, or one that has no memory for all of it. No
 * platform kills the caller for that. POSIX does not require that EFAULT is detected; manuals promise it.
 */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "memory_cases.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap_buffers)

#define CASE_FOR_EACH_BUFFER(name, level, sentence, ...) \
	CASE_FOR_ONE_MEMORY(name, dev_zero, dev_zero_memory, level, sentence, __VA_ARGS__) \
	CASE_FOR_EACH_MEMORY(name, level, sentence, __VA_ARGS__)

/* A child that was made before the memory was touched finds zeros around what read() has stored. */
struct part {
	char *memory;
	size_t size;
	size_t from;
	size_t to;
};

static void
check_part(void *arg)
{
	const struct part *p = arg;

	pause_for_parent();
	CHECK_BYTES(0, p->memory, p->from);
	CHECK_PATTERN('f', &p->memory[p->from], p->to - p->from);
	CHECK_BYTES(0, &p->memory[p->to], p->size - p->to);
}

CASE_FOR_EACH_BUFFER(first_touch_by_read, SHALL,
    "read() stores into shared memory that nobody has touched, the rest is zero, and other processes see both",
    "POSIX.1-2017 read() DESCRIPTION", "POSIX.1-2024 read() DESCRIPTION")
{
	const size_t size = 4 * page_size();
	struct memory m = memory_create(kind, size);
	struct part p = { m.start, size, page_size() + 100, 3 * page_size() - 100 };
	int fd = nameless_file_with_pattern(2);
	struct child c = child_start(check_part, &p);
	child_reaches_pause(&c);

	CHECK_EQ(p.to - p.from, read(fd, &m.start[p.from], p.to - p.from));

	child_goes_on(&c);
	child_exits(&c);
	CHECK_BYTES(0, m.start, p.from);
	CHECK_PATTERN('f', &m.start[p.from], p.to - p.from);
	CHECK_BYTES(0, &m.start[p.to], size - p.to);
}

CASE_FOR_EACH_BUFFER(first_touch_by_write, SHALL,
    "write() from shared memory that nobody has touched writes zeros, and the memory can be stored to afterwards",
    "POSIX.1-2017 write() DESCRIPTION", "POSIX.1-2024 write() DESCRIPTION")
{
	struct memory m = memory_create(kind, 3 * page_size());
	int fd = nameless_file_with_pattern(3);

	CHECK_EQ(2 * page_size(), write(fd, &m.start[page_size() / 2], 2 * page_size()));

	const char *content = content_of(fd, 3 * page_size());
	CHECK_BYTES(0, content, 2 * page_size());
	CHECK_PATTERN_FROM('f', 2 * page_size(), &content[2 * page_size()], page_size());
	for (size_t at = 0; at < m.size; at += page_size())
		CHECK_STORE_OK(&m.start[at]);
}

/* What is written is the caller's no more: networks may send it without a copy, from the page itself. */
CASE_FOR_EACH_BUFFER(written_data_stay, SHALL,
    "A store to the buffer after write() has returned does not change what was written to a pipe or a socket",
    "POSIX.1-2017 write() DESCRIPTION", "POSIX.1-2024 write() DESCRIPTION", COVERS("mmap.loan"))
{
	enum { SENT = 4096 };
	struct memory m = memory_create(kind, SENT);
	char *received = map_anonymous(SENT, MAP_PRIVATE);
	int ends[2][2];
	REQUIRE(pipe(ends[0]) == 0);
	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends[1]) == 0);

	for (unsigned i = 0; i < nitems(ends); i++) {
		pattern_store('w', m.start, SENT);
		CHECK_EQ(SENT, write(ends[i][1], m.start, SENT));
		memset(m.start, 's', SENT);

		CHECK_EQ(SENT, read(ends[i][0], received, SENT));
		CHECK_PATTERN('w', received, SENT);
		CHECK_BYTES('s', m.start, SENT);
	}
}

#define REFUSING_MANUALS \
	"Linux read(2) ERRORS", "FreeBSD read(2) ERRORS", "NetBSD read(2) ERRORS", "OpenBSD read(2) ERRORS", \
	    "DragonFly read(2) ERRORS", "macOS read(2) ERRORS", "illumos read(2) ERRORS"

/* On amd64 the error is that of the fault. */
static void
error_deviates(void)
{
	if (machine_is_amd64())
		known_defect(NETBSD, "", "EACCES where there is a page whose protection refuses the access",
		    "NetBSD sys/arch/amd64/amd64/trap.c trap()");
}

/* The second page of three has no memory. Neither file changes, and the positions in them stay. */
static void
check_refused(char *pages)
{
	char *bad = &pages[page_size()];
	int fd = nameless_file_with_pattern(3);

	CHECK_FAILS(EFAULT, -1, read(fd, bad, page_size()));
	CHECK_FAILS(EFAULT, -1, read(fd, &bad[page_size() - 1], 1));
	CHECK_FAILS(EFAULT, -1, write(fd, bad, page_size()));
	CHECK_FAILS(EFAULT, -1, write(fd, &bad[page_size() - 1], 1));
	CHECK_FAILS(EFAULT, -1, pread(fd, bad, page_size(), (off_t)page_size()));
	CHECK_FAILS(EFAULT, -1, pwrite(fd, bad, page_size(), (off_t)page_size()));

	CHECK_EQ(0, lseek(fd, 0, SEEK_CUR));
	CHECK_EQ(3 * page_size(), size_of(fd));
	CHECK_PATTERN('f', content_of(fd, 3 * page_size()), 3 * page_size());
}

/* A pipe, which has no pages of a file. */
static void
check_refused_by_pipe(char *pages)
{
	char *bad = &pages[page_size()];
	int ends[2];
	char byte = 0;
	REQUIRE(pipe(ends) == 0);
	REQUIRE(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);

	CHECK_FAILS(EFAULT, -1, write(ends[1], bad, 16));
	REQUIRE(write(ends[1], "p", 1) == 1);
	CHECK_FAILS(EFAULT, -1, read(ends[0], bad, 1));
	CHECK_EQ(1, read(ends[0], &byte, 1));
	CHECK_EQ('p', byte);
}

CASE_FOR_EACH_BUFFER(closed_efault, DOCUMENTED,
    "read() and write() with a buffer without access fail with EFAULT and change nothing", REFUSING_MANUALS,
    COVERS("mmap.syscall_buffer_efault"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, m.size);
	REQUIRE(mprotect(m.start + page_size(), page_size(), PROT_NONE) == 0);

	error_deviates();
	check_refused(m.start);
	check_refused_by_pipe(m.start);

	REQUIRE(mprotect(m.start + page_size(), page_size(), PROT_READ) == 0);
	CHECK_PATTERN('m', m.start, m.size);
}

CASE_FOR_EACH_BUFFER(read_only_efault, DOCUMENTED,
    "read() into a buffer that is read-only fails with EFAULT and changes nothing, and write() from it works",
    REFUSING_MANUALS)
{
	struct memory m = memory_create(kind, page_size());
	int fd = nameless_file_with_pattern(1);
	pattern_store('m', m.start, page_size());
	REQUIRE(mprotect(m.start, page_size(), PROT_READ) == 0);

	error_deviates();
	CHECK_FAILS(EFAULT, -1, read(fd, m.start, page_size()));
	CHECK_PATTERN('m', m.start, page_size());

	CHECK_EQ(page_size(), pwrite(fd, m.start, page_size(), 0));
	CHECK_PATTERN('m', content_of(fd, page_size()), page_size());
}

CASE_FOR_EACH_MAPPING(unmapped_efault, DOCUMENTED,
    "read() and write() with a buffer that is not mapped fail with EFAULT and change nothing", REFUSING_MANUALS)
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, m.size);
	unmap(m.start + page_size(), page_size());

	check_refused(m.start);
	check_refused_by_pipe(m.start);

	CHECK_PATTERN('m', m.start, page_size());
	CHECK_PATTERN_FROM('m', 2 * page_size(), m.start + 2 * page_size(), page_size());
}

/* Three pages of a file, of which the last two are cut off. */
static char *
cut_off(int fd)
{
	char *p = map_shared(fd, 3 * page_size());

	pattern_store('m', p, 3 * page_size());
	set_size(fd, (off_t)page_size());
	int signal = fault_of_load(&p[page_size()]).signal;
	if (signal == 0)
		behind_end_deviates(fd, &signal, 1);
	return p;
}

CASE(behind_end_efault__file, DOCUMENTED,
    "read() and write() with a buffer behind the end of its file fail with EFAULT and change nothing", REFUSING_MANUALS,
    COVERS("mmap.syscall_sigbus_efault mmap.syscall_sigbus_efault_read"))
{
	int fd = nameless_file(3 * page_size());
	char *p = cut_off(fd);

	check_refused(p);
	check_refused_by_pipe(p);

	CHECK_PATTERN('m', p, page_size());
	CHECK_EQ(page_size(), size_of(fd));
}

CASE(behind_end_efault__object, DOCUMENTED,
    "read() and write() with a buffer behind the end of its object fail with EFAULT and change nothing",
    REFUSING_MANUALS, NEEDS_OBJECTS)
{
	int fd = object_create(3 * page_size()).fd;
	char *p = cut_off(fd);

	check_refused(p);
	check_refused_by_pipe(p);

	CHECK_PATTERN('m', p, page_size());
	CHECK_EQ(page_size(), size_of(fd));
}

/* A buffer whose first page has memory and whose second has none. */
static void
check_half(char *pages)
{
	const size_t half = page_size() / 2;
	const char *content;
	int fd = nameless_file_with_pattern(2);
	int target = nameless_file_with_pattern(2);

	errno = 0;
	ssize_t count = read(fd, &pages[half], page_size());
	observed("half-of-read", "%s", count == -1 ? errno_name(errno) : "stops at the border");
	if (count == -1)
		CHECK_EQ(EFAULT, errno);
	else {
		CHECK(count <= (ssize_t)half);
		CHECK_NE(0, count);
		CHECK_PATTERN('f', &pages[half], (size_t)count);
		CHECK_EQ(count, lseek(fd, 0, SEEK_CUR));
	}
	CHECK_PATTERN('m', pages, half);

	pattern_store('m', pages, page_size());
	errno = 0;
	count = write(target, &pages[half], page_size());
	observed("half-of-write", "%s", count == -1 ? errno_name(errno) : "stops at the border");
	content = content_of(target, 2 * page_size());
	if (count == -1)
		CHECK_EQ(EFAULT, errno);
	else {
		CHECK(count <= (ssize_t)half);
		CHECK_NE(0, count);
		CHECK_PATTERN_FROM('m', half, content, (size_t)count);
		CHECK_EQ(count, lseek(target, 0, SEEK_CUR));
		CHECK_PATTERN_FROM('f', (size_t)count, &content[count], 2 * page_size() - (size_t)count);
	}
	CHECK_EQ(2 * page_size(), size_of(target));
	CHECK_PATTERN('m', pages, page_size());
}

CASE_FOR_EACH_BUFFER(half_closed, OBSERVED,
    "read() and write() with a buffer of which a half has no access stop at the border or fail with EFAULT",
    "POSIX.1-2017 read() RETURN VALUE", "POSIX.1-2024 read() RETURN VALUE", REFUSING_MANUALS)
{
	struct memory m = memory_create(kind, 2 * page_size());
	pattern_store('m', m.start, m.size);
	REQUIRE(mprotect(m.start + page_size(), page_size(), PROT_NONE) == 0);

	error_deviates();
	check_half(m.start);

	REQUIRE(mprotect(m.start + page_size(), page_size(), PROT_READ) == 0);
	CHECK_PATTERN_FROM('m', page_size(), m.start + page_size(), page_size());
}

CASE_FOR_EACH_MAPPING(half_unmapped, OBSERVED,
    "read() and write() with a buffer of which a half is not mapped stop at the border or fail with EFAULT",
    "POSIX.1-2017 read() RETURN VALUE", "POSIX.1-2024 read() RETURN VALUE", REFUSING_MANUALS)
{
	struct memory m = memory_create(kind, 2 * page_size());
	pattern_store('m', m.start, m.size);
	unmap(m.start + page_size(), page_size());

	check_half(m.start);
}

CASE(half_behind_end__file, OBSERVED,
    "read() and write() with a buffer across the end of its file stop at the border or fail with EFAULT",
    "POSIX.1-2017 read() RETURN VALUE", "POSIX.1-2024 read() RETURN VALUE", REFUSING_MANUALS)
{
	int fd = nameless_file(3 * page_size());

	check_half(cut_off(fd));
	CHECK_EQ(page_size(), size_of(fd));
}

CASE(half_behind_end__object, OBSERVED,
    "read() and write() with a buffer across the end of its object stop at the border or fail with EFAULT",
    "POSIX.1-2017 read() RETURN VALUE", "POSIX.1-2024 read() RETURN VALUE", REFUSING_MANUALS, NEEDS_OBJECTS)
{
	int fd = object_create(3 * page_size()).fd;

	check_half(cut_off(fd));
	CHECK_EQ(page_size(), size_of(fd));
}
