/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls of mmap() that are refused, and the memory of each kind that is mapped or attached where they were to map. */

#include <fcntl.h>
#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "existing_memory.h"
#include "fault.h"
#include "instrument.h"
#include "mapping.h"
#include "object.h"
#include "platform/resource.h"
#include "process.h"
#include "segment.h"

INTERFACE(mmap_refused)

#define POSIX_DESCRIPTION "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION"

enum { READ_WRITE = PROT_READ | PROT_WRITE, PAGES = 3 };

/* Three pages of this kind at the start of a range of this size, where nothing else is. */
static struct existing_memory
placed(enum existing_kind kind, size_t range)
{
	struct existing_memory m = existing_memory_create(kind, PAGES * page_size());

	existing_memory_place(&m, free_range(range));
	return m;
}

/* How often the segment is attached that the memory is of; 0 for other memory. */
static unsigned long
attachments(const struct existing_memory *m)
{
	return m->kind == SEGMENT ? (unsigned long)segment_stat(m->memory.id).shm_nattch : 0;
}

static int
read_only_file(void)
{
	struct file f = file_create(PAGES * page_size());
	int fd = open(f.name, O_RDONLY | O_CLOEXEC);

	REQUIRE(fd != -1);
	return fd;
}

/* No descriptor may be made after it. */
static int
closed_descriptor(void)
{
	int fd = nameless_file(page_size());

	close(fd);
	return fd;
}

CASE_FOR_EACH_EXISTING_MEMORY(fixed_keeps, SHALL,
    "A MAP_FIXED call that fails with EBADF or EINVAL leaves what is mapped or attached in its range",
    ALSO("mmap.einval-leaves-mappings"), POSIX_DESCRIPTION, "illumos mmap(2)")
{
	struct existing_memory m = placed(kind, PAGES * page_size());
	unsigned long attached = attachments(&m);
	int fd = nameless_file(PAGES * page_size());
	int closed = closed_descriptor();

	CHECK_FAILS(EBADF, MAP_FAILED, mmap(m.at, m.memory.size, READ_WRITE, MAP_FIXED | MAP_SHARED, closed, 0));
	CHECK_FAILS(EBADF, MAP_FAILED, mmap(m.at, m.memory.size, PROT_NONE, MAP_FIXED | MAP_PRIVATE, closed, 0));
	known_defect(before(NETBSD, "9"), "", "a length of zero is no error", "NetBSD sys/uvm/uvm_mmap.c sys_mmap()");
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(m.at, 0, READ_WRITE, MAP_FIXED | MAP_SHARED, fd, 0));

	CHECK_STAYS(&m);
	CHECK_SHOWN_ELSEWHERE(&m);
	CHECK_EQ(attached, attachments(&m));
}

/* After a call that failed each page is as it was, or it is not there. Returns whether any is there. */
static bool
is_kept(const struct existing_memory *m, const char *key)
{
	unsigned kept = 0;

	for (size_t at = 0; at < m->memory.size; at += page_size())
		if (!says_unmapped(fault_of_load(m->at + at))) {
			CHECK_STAYS_FROM_TO(m, at, at + page_size());
			kept++;
		}
	observed(key, "%u of %u pages kept", kept, PAGES);
	CHECK_SHOWN_ELSEWHERE(m);
	return kept > 0;
}

CASE_FOR_EACH_EXISTING_MEMORY(fixed_by_other_error, MAY,
    "A MAP_FIXED call that fails with another error leaves each page of its range as it was or unmapped",
    POSIX_DESCRIPTION, "illumos mmap(2)")
{
	struct existing_memory m = placed(kind, PAGES * page_size());
	unsigned long attached = attachments(&m);
	int read_only = read_only_file();
	int directory = open(".", O_RDONLY | O_CLOEXEC);

	CHECK_FAILS(EACCES, MAP_FAILED, mmap(m.at, m.memory.size, READ_WRITE, MAP_FIXED | MAP_SHARED, read_only, 0));
	CHECK_FAILS_IN(
	    ENODEV, EINVAL, 0, MAP_FAILED, mmap(m.at, m.memory.size, PROT_READ, MAP_FIXED | MAP_SHARED, directory, 0));

	if (is_kept(&m, "after-eacces-and-enodev"))
		CHECK_EQ(attached, attachments(&m));
}

enum { MIB = 1024 * 1024 };

static void
need_limit_of_addresses(void)
{
	need(RLIMIT_AS != -1, "needs RLIMIT_AS");
}

#define NEEDS_LIMIT_OF_ADDRESSES NEED("RLIMIT_AS", .ask = need_limit_of_addresses)

static void
map_above_address_limit(void *arg)
{
	struct existing_memory *m = arg;
	unsigned long attached = attachments(m);
	int fd = nameless_file(page_size());
	limit_to(RLIMIT_AS, 64 * MIB);

	CHECK_FAILS(
	    ENOMEM, MAP_FAILED, mmap(m->at, 128 * MIB, READ_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(m->at, 128 * MIB, PROT_READ, MAP_FIXED | MAP_SHARED, fd, 0));

	if (is_kept(m, "after-enomem"))
		CHECK_EQ(attached, attachments(m));
	CHECK_UNMAPPED(m->at + m->memory.size, page_size());
}

CASE_FOR_EACH_EXISTING_MEMORY(fixed_by_address_limit, MAY,
    "A MAP_FIXED call that RLIMIT_AS refuses leaves each page of its range as it was or unmapped", POSIX_DESCRIPTION,
    "POSIX.1-2017 getrlimit() RLIMIT_AS", NEEDS_LIMIT_OF_ADDRESSES, NEEDS_ADDRESSES(256 * (uintmax_t)MIB),
    COVERS("mmap.fail_keeps_attach_as mmap.fail_keeps_attach_as_file"),
    NEEDS_NO_INSTRUMENT(THREAD_SANITIZER | ADDRESS_SANITIZER))
{
	struct existing_memory m = placed(kind, 128 * MIB);

	in_child(map_above_address_limit, &m);
	CHECK_STAYS(&m);
}

static void
replace_at_address_limit(void *arg)
{
	struct existing_memory *m = arg;
	unsigned long attached = attachments(m);
	limit_to(RLIMIT_AS, 256 * MIB);
	for (size_t size = 128 * MIB; size >= page_size(); size /= 2)
		while (mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
			continue;

	void *p = mmap(m->at, m->memory.size, READ_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int error = errno;
	limit_to(RLIMIT_AS, RLIM_INFINITY);
	observed("same-size-at-limit", "%s", p == MAP_FAILED ? errno_name(error) : "replaced");
	if (p == MAP_FAILED) {
		CHECK_RETURNS_ERROR(ENOMEM, error);
		is_kept(m, "same-size-at-limit-kept");
		return;
	}
	CHECK_EQ(m->at, p);
	CHECK_BYTES(0, m->at, m->memory.size);
	CHECK_STORE_OK(&m->at[m->memory.size - 1]);
	CHECK_SHOWN_ELSEWHERE(m);
	CHECK_EQ(m->kind == SEGMENT ? attached - 1 : 0, attachments(m));
}

CASE_FOR_EACH_EXISTING_MEMORY(fixed_of_same_size_at_address_limit, OBSERVED,
    "Where RLIMIT_AS allows nothing more, MAP_FIXED replaces memory of the same size, or fails with ENOMEM",
    POSIX_DESCRIPTION, "Linux getrlimit(2)", NEEDS_LIMIT_OF_ADDRESSES, NEEDS_ADDRESSES(256 * (uintmax_t)MIB),
    COVERS("mmap.fixed_net_rlimit_as"))
{
	struct existing_memory m = placed(kind, PAGES * page_size());

	in_child(replace_at_address_limit, &m);
	CHECK_STAYS(&m);
}

static void
need_locked_mappings(void)
{
	need(MAP_LOCKED != 0, "needs MAP_LOCKED");
}

#define NEEDS_LOCKED_MAPPINGS NEED("MAP_LOCKED", .ask = need_locked_mappings)

struct place {
	struct existing_memory memory;
	int fd; /* of a file that is to be mapped there */
};

static void
map_locked_above_limit(void *arg)
{
	const struct place *place = arg;
	const struct existing_memory *m = &place->memory;
	const int flags = MAP_FIXED | MAP_LOCKED;

	for (rlim_t pages = 0; pages < 2; pages++) {
		limit_to(RLIMIT_MEMLOCK, (1 - pages) * page_size());
		CHECK_FAILS_IN(EAGAIN, EPERM, ENOMEM, MAP_FAILED,
		    mmap(m->at, m->memory.size, READ_WRITE, flags | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
		CHECK_FAILS_IN(EAGAIN, EPERM, ENOMEM, MAP_FAILED,
		    mmap(m->at, m->memory.size, PROT_READ, flags | MAP_SHARED, place->fd, 0));
		is_kept(m, pages == 0 ? "after-locked-above-limit" : "after-locked-without-limit");
	}
}

CASE_FOR_EACH_EXISTING_MEMORY(fixed_and_locked, MAY,
    "A MAP_FIXED call with MAP_LOCKED that RLIMIT_MEMLOCK refuses leaves each page as it was or unmapped",
    POSIX_DESCRIPTION, "Linux 2.5.37 mmap(2)", NEEDS_LOCKED_MAPPINGS, NEEDS_LOCKS, NEEDS_PLAIN_USER,
    COVERS("mmap.fail_keeps_attach_locked mmap.fail_keeps_attach_locked_file mmap.map_locked_eperm"))
{
	struct place p = { placed(kind, PAGES * page_size()), nameless_file(PAGES * page_size()) };

	as_user(plain_user(), map_locked_above_limit, &p);
	CHECK_STAYS(&p.memory);
}

CASE_FOR_EACH_EXISTING_MEMORY(without_fixed_keeps, SHALL,
    "A call without MAP_FIXED that fails leaves all that is mapped or attached", POSIX_DESCRIPTION, COVERS("BS75"))
{
	struct existing_memory m = placed(kind, PAGES * page_size());
	unsigned long attached = attachments(&m);
	int read_only = read_only_file();
	int fd = nameless_file(page_size());
	int closed = closed_descriptor();
	char *const hints[] = { NULL, m.at };

	for (unsigned i = 0; i < nitems(hints); i++) {
		CHECK_FAILS(EBADF, MAP_FAILED, mmap(hints[i], m.memory.size, PROT_READ, MAP_SHARED, closed, 0));
		CHECK_FAILS(EACCES, MAP_FAILED, mmap(hints[i], m.memory.size, READ_WRITE, MAP_SHARED, read_only, 0));
		CHECK_FAILS_IN(ENOMEM, EOVERFLOW, EINVAL, MAP_FAILED,
		    mmap(hints[i], SIZE_MAX - 16 * page_size() + 1, PROT_READ, MAP_SHARED, fd, 0));
	}

	CHECK_STAYS(&m);
	CHECK_SHOWN_ELSEWHERE(&m);
	CHECK_EQ(attached, attachments(&m));
}
