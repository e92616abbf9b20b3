/* SPDX-License-Identifier: BSD-2-Clause */

/* Memory without a file: it is zero at first, and fork shares or copies it. */

#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap_anonymous)

CASE(constants_equal, SHALL, "MAP_ANON and MAP_ANONYMOUS are both defined and mean the same",
    "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "FreeBSD mmap(2)", "NetBSD 10 mmap(2)", "DragonFly mmap(2)",
    "macOS mmap(2)")
{
	CHECK(HAS_MAP_ANON_AND_MAP_ANONYMOUS);
	CHECK_EQ(MAP_ANON, MAP_ANONYMOUS);
}

CASE(zero_filled__private, SHALL, "Anonymous memory is filled with zeros", "POSIX.1-2024 mmap() DESCRIPTION",
    "Linux mmap(2)", "NetBSD mmap(2)", NEEDS_WRITABLE_PAGES(64))
{
	char *p = mmap(NULL, 64 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_BYTES(0, p, 64 * page_size());
	CHECK_STORE_OK(&p[64 * page_size() - 1]);
}

CASE(zero_filled__shared, SHALL, "Anonymous memory is filled with zeros", "POSIX.1-2024 mmap() DESCRIPTION",
    "Linux mmap(2)", "NetBSD mmap(2)", NEEDS_WRITABLE_PAGES(64))
{
	char *p = mmap(NULL, 64 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_BYTES(0, p, 64 * page_size());
	CHECK_STORE_OK(&p[64 * page_size() - 1]);
}

CASE(zero_filled__after_use, SHALL,
    "Anonymous memory is filled with zeros, whatever was in the memory that it is made of",
    "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "NetBSD mmap(2)", NEEDS_WRITABLE_PAGES(1024))
{
	const int sharing[] = { MAP_PRIVATE, MAP_SHARED };
	const size_t size = 256 * page_size();

	for (unsigned i = 0; i < 4; i++) { /* each kind after each */
		char *used = map_anonymous(size, sharing[i / 2]);
		memset(used, 0xa5, size);
		unmap(used, size);

		char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, sharing[i % 2] | MAP_ANONYMOUS, -1, 0);
		REQUIRE(p != MAP_FAILED);
		CHECK_BYTES(0, p, size);
		unmap(p, size);

		for (unsigned pages = 1; pages <= 16; pages *= 4) { /* other sizes, other ways to find memory */
			char *q = mmap(
			    NULL, pages * page_size(), PROT_READ | PROT_WRITE, sharing[i % 2] | MAP_ANONYMOUS, -1, 0);
			REQUIRE(q != MAP_FAILED);
			CHECK_BYTES(0, q, pages * page_size());
		}
	}
}

static void
fill_and_exit(void *unused)
{
	(void)unused;
	memset(map_anonymous(256 * page_size(), MAP_PRIVATE), 0xa5, 256 * page_size());
}

CASE(zero_filled__after_exit_of_user, SHALL,
    "Anonymous memory is filled with zeros, whatever another process had in the memory that it is made of",
    "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "NetBSD mmap(2)", NEEDS_WRITABLE_PAGES(512))
{
	in_child(fill_and_exit, NULL);

	char *p = mmap(NULL, 256 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_BYTES(0, p, 256 * page_size());
}

CASE(zero_filled__in_place_of_data, SHALL,
    "Anonymous memory that replaces other memory by MAP_FIXED is filled with zeros", "POSIX.1-2024 mmap() DESCRIPTION",
    "Linux mmap(2)", "NetBSD mmap(2)")
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	memset(p, 0xa5, 3 * page_size());

	CHECK_EQ(&p[page_size()],
	    mmap(&p[page_size()], page_size(), PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	CHECK_BYTES(0xa5, p, page_size());
	CHECK_BYTES(0, &p[page_size()], page_size());
	CHECK_BYTES(0xa5, &p[2 * page_size()], page_size());
}

CASE(zero_filled__opened_later, SHALL,
    "Anonymous memory with PROT_NONE is filled with zeros when mprotect() gives access to it",
    "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "NetBSD mmap(2)", COVERS("mmap.anon mprotect.none_to_rw"))
{
	const int sharing[] = { MAP_PRIVATE, MAP_SHARED };

	raised_protection_deviates();
	for (unsigned i = 0; i < 2; i++) {
		char *p = mmap(NULL, 3 * page_size(), PROT_NONE, sharing[i] | MAP_ANONYMOUS, -1, 0);
		REQUIRE(p != MAP_FAILED);
		CHECK_SUCCEEDS(mprotect(p, 3 * page_size(), PROT_READ | PROT_WRITE));

		CHECK_BYTES(0, p, 3 * page_size());
		CHECK_STORE_OK(&p[3 * page_size() - 1]);
	}
}

static void
answer(void *arg)
{
	char *p = arg;

	pause_for_parent();
	CHECK_PATTERN('p', p, 3 * page_size());
	pattern_store('c', p, 3 * page_size());
}

CASE(shared_across_fork__touched, SHALL, "Shared anonymous memory is shared with the children made by fork",
    "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)")
{
	char *p = mmap(NULL, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);
	pattern_store('o', p, 3 * page_size());
	struct child c = child_start(answer, p);

	child_reaches_pause(&c);
	pattern_store('p', p, 3 * page_size());
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_PATTERN('c', p, 3 * page_size());
	child_exits(&c);
	CHECK_PATTERN('c', p, 3 * page_size());
}

static void
store(void *arg)
{
	pattern_store('c', arg, 3 * page_size());
}

CASE(shared_across_fork__untouched, SHALL, "Shared anonymous memory is shared with the children made by fork",
    "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)")
{
	char *p = mmap(NULL, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);
	struct child c = child_start(store, p); /* the first to touch it */

	child_reaches_end(&c);
	CHECK_PATTERN('c', p, 3 * page_size());
	child_exits(&c);
	CHECK_PATTERN('c', p, 3 * page_size());
}

CASE(shared_across_fork__two_children, SHALL, "Shared anonymous memory is shared by all children made by fork",
    "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)", COVERS("stress.mmap_anon_shared"))
{
	char *p = mmap(NULL, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);
	struct child reader = child_start(answer, p);
	child_reaches_pause(&reader);
	struct child writer = child_start(store, p);
	child_reaches_end(&writer);

	CHECK_PATTERN('c', p, 3 * page_size());
	pattern_store('p', p, 3 * page_size());
	child_goes_on(&reader);
	child_exits(&reader);
	child_exits(&writer);
	CHECK_PATTERN('c', p, 3 * page_size());
}

/* The child finds what was there at fork, whatever the parent has stored since. */
static void
find_old_and_store(void *arg)
{
	char *p = arg;

	pause_for_parent();
	CHECK_PATTERN('o', p, 3 * page_size());
	pattern_store('c', p, 3 * page_size());
}

CASE(private_across_fork__touched, SHALL,
    "Private anonymous memory is the child's own after fork, with what was in it at fork",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux fork(2)", "illumos fork(2)", COVERS("fork.map_inherit_private"))
{
	char *p = mmap(NULL, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);
	pattern_store('o', p, 3 * page_size());
	struct child c = child_start(find_old_and_store, p);

	child_reaches_pause(&c);
	pattern_store('p', p, 3 * page_size());
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_PATTERN('p', p, 3 * page_size());
	child_exits(&c);
	CHECK_PATTERN('p', p, 3 * page_size());
}

static void
find_zeros_and_store(void *arg)
{
	char *p = arg;

	pause_for_parent();
	CHECK_BYTES(0, p, 3 * page_size());
	pattern_store('c', p, 3 * page_size());
}

CASE(private_across_fork__untouched, SHALL,
    "Private anonymous memory is the child's own after fork, with what was in it at fork",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux fork(2)", "illumos fork(2)")
{
	char *p = mmap(NULL, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);
	struct child c = child_start(find_zeros_and_store, p);

	child_reaches_pause(&c);
	pattern_store('p', p, 2 * page_size()); /* the third page is untouched by the parent even then */
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_PATTERN('p', p, 2 * page_size());
	CHECK_BYTES(0, &p[2 * page_size()], page_size());
	child_exits(&c);
}

static void
find_old_in_grandchild(void *arg)
{
	struct child c = child_start(find_old_and_store, arg);

	child_reaches_pause(&c);
	pause_for_parent();
	CHECK_PATTERN('o', arg, 3 * page_size());
	pattern_store('m', arg, 3 * page_size());
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_PATTERN('m', arg, 3 * page_size());
	child_exits(&c);
}

CASE(private_across_fork__grandchild, SHALL,
    "Private anonymous memory is each descendant's own after fork, with what was in it at fork",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux fork(2)", "illumos fork(2)", COVERS("fork.private_memory"))
{
	char *p = mmap(NULL, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);
	pattern_store('o', p, 3 * page_size());
	struct child c = child_start(find_old_in_grandchild, p);

	child_reaches_pause(&c);
	pattern_store('p', p, 3 * page_size());
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_PATTERN('p', p, 3 * page_size());
	child_exits(&c);
}

static void
store_in_child(void *arg)
{
	struct child c = child_start(store, arg);

	child_exits(&c);
	CHECK_PATTERN('c', arg, 3 * page_size());
}

CASE(grandchild_shares, SHALL, "Shared anonymous memory is shared with a child and a child of the child",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)")
{
	char *p = mmap(NULL, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);
	struct child c = child_start(store_in_child, p);

	child_reaches_end(&c);
	CHECK_PATTERN('c', p, 3 * page_size());
	child_exits(&c);
	CHECK_PATTERN('c', p, 3 * page_size());
}

static void
map_with_descriptor(int sharing)
{
	int file = nameless_file(page_size());
	char *content = map_shared(file, page_size());
	int closed = nameless_file(0);
	const int fds[] = { file, closed };
	const char *const keys[] = { "open-descriptor", "closed-descriptor" };
	memset(content, 'f', page_size());
	close(closed);

	for (unsigned i = 0; i < 2; i++) {
		errno = 0;
		char *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, fds[i], 0);

		observed(keys[i], "%s", p == MAP_FAILED ? errno_name(errno) : "ignored");
		if (p == MAP_FAILED) {
			CHECK(errno == EINVAL || errno == EBADF);
			continue;
		}
		CHECK_BYTES(0, p, page_size());
		memset(p, 's', page_size());
		CHECK_BYTES('f', content, page_size());
	}
}

#define CHOICES_OF_DESCRIPTORS \
	CHOICE("Linux mmap(2)", "open-descriptor", "ignored"), \
	    CHOICE("Linux mmap(2)", "closed-descriptor", "ignored"), \
	    CHOICE("FreeBSD mmap(2)", "open-descriptor", "EINVAL"), \
	    CHOICE("FreeBSD mmap(2)", "closed-descriptor", "EINVAL"), \
	    CHOICE("NetBSD mmap(2)", "open-descriptor", "EINVAL"), \
	    CHOICE("NetBSD mmap(2)", "closed-descriptor", "EINVAL"), \
	    CHOICE("DragonFly mmap(2)", "open-descriptor", "EINVAL"), \
	    CHOICE("DragonFly mmap(2)", "closed-descriptor", "EINVAL"), \
	    CHOICE("illumos mmap(2)", "open-descriptor", "EINVAL"), \
	    CHOICE("illumos mmap(2)", "closed-descriptor", "EINVAL")

CASE(fd_must_be_minus_one, MAY,
    "Anonymous memory with a descriptor other than -1 fails with EINVAL or EBADF, or the descriptor is ignored",
    "POSIX.1-2024 mmap() DESCRIPTION", CHOICES_OF_DESCRIPTORS, "OpenBSD mmap(2)", COVERS("BS82 mmap.anon_fd_einval"))
{
	map_with_descriptor(MAP_PRIVATE);
}

CASE(fd_must_be_minus_one__shared, MAY,
    "Anonymous memory with a descriptor other than -1 fails with EINVAL or EBADF, or the descriptor is ignored",
    "POSIX.1-2024 mmap() DESCRIPTION", CHOICES_OF_DESCRIPTORS, "OpenBSD mmap(2)", COVERS("mmap.anon_fd_einval"))
{
	map_with_descriptor(MAP_SHARED);
}

CASE(offset_must_be_zero, MAY,
    "Anonymous memory with an offset other than zero fails with EINVAL, or the offset is ignored",
    "POSIX.1-2024 mmap() DESCRIPTION", CHOICE("Linux mmap(2)", "offset-of-a-byte", "EINVAL"),
    CHOICE("FreeBSD mmap(2)", "offset-of-a-page", "EINVAL"), CHOICE("FreeBSD mmap(2)", "offset-of-a-byte", "EINVAL"),
    CHOICE("DragonFly mmap(2)", "offset-of-a-page", "ignored"), CHOICE("macOS mmap(2)", "offset-of-a-page", "ignored"),
    CHOICE("macOS mmap(2)", "offset-of-a-byte", "EINVAL"), CHOICE("illumos mmap(2)", "offset-of-a-byte", "EINVAL"))
{
	const off_t offsets[] = { (off_t)page_size(), 1 };
	const char *const keys[] = { "offset-of-a-page", "offset-of-a-byte" };

	known_defect(DRAGONFLY, "", "the call fails with EINVAL, though mmap(2) says that the offset is ignored",
	    "DragonFly sys/vm/vm_mmap.c kern_mmap()");
	for (unsigned i = 0; i < 2; i++) {
		errno = 0;
		char *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, offsets[i]);

		observed(keys[i], "%s", p == MAP_FAILED ? errno_name(errno) : "ignored");
		if (p == MAP_FAILED) {
			CHECK_EQ(EINVAL, errno);
			continue;
		}
		CHECK_BYTES(0, p, page_size());
		CHECK_STORE_OK(&p[page_size() - 1]);
	}
}

CASE(shared_grown_by_mremap, OBSERVED,
    "Pages that mremap() adds to shared anonymous memory raise SIGBUS or are zero, and the old ones keep their bytes",
    "Linux mremap(2)", NEEDS_PLATFORM(LINUX), COVERS("mremap.shared_anon_sigbus"))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	pattern_store('o', p, 2 * page_size());

	char *q = mremap(p, 2 * page_size(), 3 * page_size(), MREMAP_MAYMOVE);
	REQUIRE(q != MAP_FAILED);

	CHECK_PATTERN('o', q, 2 * page_size());
	struct fault f = fault_of_load(&q[2 * page_size()]);
	if (f.signal == 0)
		CHECK_BYTES(0, &q[2 * page_size()], page_size());
	else
		CHECK_EQ(SIGBUS, f.signal);
	observed("added-page", "%s", f.signal == 0 ? "is there" : signal_name(f.signal));
}
