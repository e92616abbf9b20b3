/* SPDX-License-Identifier: BSD-2-Clause */

/* msync() of memory of each kind, and of ranges with several mappings. */

#include <fcntl.h>
#include <unistd.h>

#include "case.h"
#include "existing_memory.h"
#include "fault.h"
#include "interruption.h"
#include "mapping.h"
#include "process.h"

INTERFACE(msync)

/* What read() gives of the file. */
static const char *
bytes_of(const struct file *f, size_t size)
{
	int fd = open(f->name, O_RDONLY | O_CLOEXEC);

	REQUIRE(fd != -1);
	const char *bytes = content_of(fd, size);
	close(fd);
	return bytes;
}

CASE_FOR_EACH_EXISTING_MEMORY(changes_nothing, OBSERVED,
    "msync() of memory of each kind, with each flag, works or fails, and changes no byte, access or sharing",
    "POSIX.1-2017 msync() DESCRIPTION", "POSIX.1-2024 msync() DESCRIPTION",
    COVERS("msync.ok_matrix msync.async_private msync.invalidate_private msync.sync_private BS91"))
{
	const int flags[] = { MS_SYNC, MS_ASYNC, MS_SYNC | MS_INVALIDATE };
	static const char *const keys[] = { "sync", "async", "sync-with-invalidate" };
	struct existing_memory m = existing_memory_create(kind, 3 * attach_multiple());
	existing_memory_place(&m, free_range(m.memory.size));

	for (size_t i = 0; i < nitems(flags); i++) {
		errno = 0;
		int result = msync(m.at, m.memory.size, flags[i]);
		int error = errno;

		observed(keys[i], "%s", result == 0 ? "works" : errno_name(error));
		CHECK_STAYS(&m);
		CHECK_SHOWN_ELSEWHERE(&m);
	}
	CHECK_SHARED_AS_BEFORE(&m);
}

CASE(sync_completes_writes__several_mappings, SHALL,
    "msync() of a range with mappings of several files writes each of them, and of each the part that is mapped there",
    "POSIX.1-2017 msync() DESCRIPTION", "Linux msync(2)", "FreeBSD msync(2)", "NetBSD msync(2)", "OpenBSD msync(2)",
    "DragonFly msync(2)", "macOS msync(2)", "illumos msync(3C)")
{
	const size_t unit = attach_multiple();
	const int access = PROT_READ | PROT_WRITE;
	struct file one = file_create(3 * unit);
	struct file other = file_create(3 * unit);
	char *p = map_aligned(4 * unit); /* the third unit stays anonymous */
	REQUIRE(mmap(p, unit, access, MAP_FIXED | MAP_SHARED, one.fd, (off_t)unit) == p);
	REQUIRE(mmap(p + unit, unit, access, MAP_FIXED | MAP_SHARED, other.fd, (off_t)(2 * unit)) == p + unit);
	REQUIRE(mmap(p + 3 * unit, unit, access, MAP_FIXED | MAP_SHARED, one.fd, 0) == p + 3 * unit);
	pattern_store('m', p, 4 * unit);

	CHECK_SUCCEEDS(msync(p, 4 * unit, MS_SYNC));

	const char *bytes = bytes_of(&one, 3 * unit);
	CHECK_PATTERN_FROM('m', 3 * unit, bytes, unit);
	CHECK_PATTERN('m', bytes + unit, unit);
	CHECK_BYTES(0, bytes + 2 * unit, unit);
	bytes = bytes_of(&other, 3 * unit);
	CHECK_BYTES(0, bytes, 2 * unit);
	CHECK_PATTERN_FROM('m', unit, bytes + 2 * unit, unit);
	CHECK_PATTERN('m', p, 4 * unit);
}

CASE(sync_completes_writes__with_invalidate, SHALL,
    "msync() with MS_SYNC and MS_INVALIDATE writes what was stored, and the mapping and another one show it",
    "POSIX.1-2017 msync() DESCRIPTION", "Linux msync(2)", "FreeBSD msync(2)", "NetBSD msync(2)", "OpenBSD msync(2)",
    "DragonFly msync(2)", "macOS msync(2)", "illumos msync(3C)", COVERS("msync.sync_invalidate"))
{
	struct file f = file_create(3 * page_size());
	char *p = map_shared(f.fd, 3 * page_size());
	char *other = map_shared(f.fd, 3 * page_size());
	pattern_store('f', p, 3 * page_size());

	CHECK_SUCCEEDS(msync(p, 3 * page_size(), MS_SYNC | MS_INVALIDATE));

	CHECK_PATTERN('f', bytes_of(&f, 3 * page_size()), 3 * page_size());
	CHECK_PATTERN('f', p, 3 * page_size());
	CHECK_PATTERN('f', other, 3 * page_size());
}

static void
write_pattern(void *file)
{
	const struct file *f = file;
	char *bytes = map_anonymous(2 * page_size(), MAP_PRIVATE);
	int fd = open(f->name, O_WRONLY | O_CLOEXEC);

	pattern_store('w', bytes, 2 * page_size());
	REQUIRE(fd != -1);
	REQUIRE(pwrite(fd, bytes, 2 * page_size(), (off_t)page_size()) == (ssize_t)(2 * page_size()));
}

CASE(invalidate_shows_storage__of_process, SHALL,
    "After msync() with MS_INVALIDATE the mapping shows what another process has written to the file",
    "POSIX.1-2017 msync() DESCRIPTION", "Linux msync(2)", "FreeBSD msync(2)", "NetBSD msync(2)", "OpenBSD msync(2)",
    "DragonFly msync(2)", "macOS msync(2)", "illumos msync(3C)", COVERS("BS90"))
{
	struct file f = file_create(3 * page_size());
	char *p = map_shared(f.fd, 3 * page_size());
	CHECK_BYTES(0, p, 3 * page_size()); /* the old pages are here now */

	in_child(write_pattern, &f);
	CHECK_SUCCEEDS(msync(p, 3 * page_size(), MS_SYNC | MS_INVALIDATE));

	CHECK_BYTES(0, p, page_size());
	CHECK_PATTERN('w', &p[page_size()], 2 * page_size());
}

CASE(ebusy_locked__behind_range, SHALL,
    "A locked page behind the range does not make msync() with MS_INVALIDATE fail, nor does it hide that nothing is "
    "mapped",
    "POSIX.1-2017 msync() ERRORS", "Linux msync(2)", "FreeBSD msync(2)", "NetBSD msync(2)", "OpenBSD msync(2)",
    "macOS msync(2)", "illumos msync(3C)", NEEDS_LOCKABLE_PAGES(1))
{
	struct file f = file_create(3 * page_size());
	char *p = map_shared(f.fd, 3 * page_size());
	pattern_store('p', p, 3 * page_size());
	REQUIRE(mlock(&p[2 * page_size()], page_size()) == 0);

	CHECK_SUCCEEDS(msync(p, 2 * page_size(), MS_SYNC | MS_INVALIDATE));
	unmap(p, 2 * page_size());
	CHECK_FAILS(ENOMEM, -1, msync(&p[page_size()], page_size(), MS_SYNC | MS_INVALIDATE));
	CHECK_PATTERN_FROM('p', 2 * page_size(), &p[2 * page_size()], page_size());
}

CASE(side_effects, SHALL, "msync() changes neither the size of the file nor the position of its descriptor",
    "POSIX.1-2017 msync() DESCRIPTION", "POSIX.1-2024 msync() DESCRIPTION")
{
	struct file f = file_create(page_size() + 100);
	char *p = map_shared(f.fd, 2 * page_size());
	pattern_store('f', p, page_size() + 100);
	REQUIRE(lseek(f.fd, 7, SEEK_SET) == 7);

	CHECK_SUCCEEDS(msync(p, 2 * page_size(), MS_SYNC));

	CHECK_EQ(7, lseek(f.fd, 0, SEEK_CUR));
	CHECK_EQ(page_size() + 100, size_of(f.fd));
}

CASE(len_zero__unmapped, OBSERVED,
    "msync() with a length of zero where nothing is mapped succeeds or fails with ENOMEM, EINVAL or EFAULT",
    "POSIX.1-2017 msync() DESCRIPTION", "POSIX.1-2024 msync() DESCRIPTION", COVERS("msync.len0"))
{
	char *p = free_range(page_size());

	errno = 0;
	int result = msync(p, 0, MS_SYNC);
	int error = errno;

	observed("msync-of-nothing", "%s", result == 0 ? "succeeds" : errno_name(error));
	CHECK(result == 0 || error == ENOMEM || error == EINVAL || error == EFAULT);
	CHECK_UNMAPPED(p, page_size());
}

CASE(fsync_writes_stores, DOCUMENTED,
    "After fsync() the file holds what was stored by a shared mapping, and not what was stored by a private one",
    "Linux fsync(2)", COVERS("mmap.flush_by_fsync"))
{
	const size_t size = 2 * page_size() + 100;
	struct file f = file_create(size);
	char *p = map_shared(f.fd, size);
	char *private = map_private(f.fd, size);
	pattern_store('f', p, size);
	pattern_store('p', private, page_size());

	CHECK_SUCCEEDS(fsync(f.fd));

	CHECK_PATTERN('f', bytes_of(&f, size), size);
	CHECK_EQ(size, size_of(f.fd));
	CHECK_PATTERN('f', p, size);
	CHECK_PATTERN('p', private, page_size());
	CHECK_PATTERN_FROM('f', page_size(), &private[page_size()], size - page_size());
}

enum { PAGES_AMONG_SIGNALS = 256, ROUNDS_AMONG_SIGNALS = 4, TRIES_AMONG_SIGNALS = 1000 };

static void
sync_among_signals(void *file)
{
	const struct file *f = file;
	const size_t size = PAGES_AMONG_SIGNALS * page_size();
	char *p = map_shared(f->fd, size);
	bool was_interrupted = false;

	interruptions_begin();
	for (int round = 0; round < ROUNDS_AMONG_SIGNALS; round++) {
		unsigned char seed = (unsigned char)('a' + round);
		int tries = 0;
		int result;

		pattern_store(seed, p, size);
		do {
			errno = 0;
			result = msync(p, size, MS_SYNC);
			was_interrupted |= result == -1;
		} while (result == -1 && (errno == EINTR || errno == EAGAIN) && ++tries < TRIES_AMONG_SIGNALS);
		CHECK_RETURNS_ERROR(0, errno);
		CHECK_PATTERN(seed, p, size);
		CHECK_PATTERN(seed, bytes_of(f, size), size);
	}
	interruptions_end();
	observed("msync-among-signals", "%s", was_interrupted ? "is interrupted" : "works");
}

CASE(among_signals, OBSERVED,
    "msync() of 256 pages among signals works, or fails with EINTR or EAGAIN and works when repeated, and loses "
    "nothing",
    "POSIX.1-2017 msync() ERRORS", "POSIX.1-2024 msync() ERRORS", NEEDS_FILES_OF_PAGES(256))
{
	struct file f = file_create(PAGES_AMONG_SIGNALS * page_size());

	in_child(sync_among_signals, &f);
}
