/* SPDX-License-Identifier: BSD-2-Clause */

/* Writing shared mappings back: what the file holds afterwards, the flags, and ranges with holes or locks. */

#include <fcntl.h>
#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "mapping.h"
#include "object.h"
#include "program.h"

INTERFACE(msync)

#define FREEBSD_SOURCE   "FreeBSD sys/vm/vm_mmap.c kern_msync()"
#define NETBSD_SOURCE    "NetBSD sys/uvm/uvm_mmap.c sys___msync13()"
#define NETBSD_RANGE     "NetBSD sys/uvm/uvm_map.c uvm_map_clean()"
#define OPENBSD_SOURCE   "OpenBSD sys/uvm/uvm_mmap.c sys_msync()"
#define OPENBSD_RANGE    "OpenBSD sys/uvm/uvm_map.c uvm_map_clean()"
#define DRAGONFLY_SOURCE "DragonFly sys/vm/vm_mmap.c sys_msync()"
#define MACOS_SOURCE     "macOS bsd/kern/kern_mman.c msync_nocancel()"

/* What a read() of the file gives from this offset on. */
static char *
contents(const char *name, size_t from, size_t size)
{
	char *bytes = map_anonymous(size, MAP_PRIVATE);
	int fd = open(name, O_RDONLY);

	REQUIRE(fd != -1);
	REQUIRE(pread(fd, bytes, size, (off_t)from) == (ssize_t)size);
	close(fd);
	return bytes;
}

PROGRAM(file_has_pattern)
{
	size_t size = (size_t)number_from(argv[2]);
	int fd = open(argv[1], O_RDONLY);

	REQUIRE(fd != -1);
	CHECK_EQ(size, size_of(fd));
	CHECK_PATTERN('f', contents(argv[1], 0, size), size);
}

CASE(sync_completes_writes, SHALL,
    "After msync() with MS_SYNC the file holds every byte stored through the mapping and is no longer than before",
    "POSIX.1-2017 msync() DESCRIPTION", "Linux msync(2)", "FreeBSD msync(2)", "NetBSD msync(2)", "OpenBSD msync(2)",
    "DragonFly msync(2)", "macOS msync(2)", "illumos msync(3C)", COVERS("msync.odd_len"))
{
	size_t size = 2 * page_size() + 100; /* its last page has a tail behind the end */
	struct file f = file_create(size);
	char *p = map_shared(f.fd, size);

	pattern_store('f', p, size);
	p[size] = 'x';
	CHECK_SUCCEEDS(msync(p, size, MS_SYNC));

	struct child reader = program_start("file_has_pattern", f.name, number_text((long long)size).text);
	child_exits(&reader);
}

CASE(sync_completes_writes__one_page_of_four, SHALL,
    "msync() of one page of a mapping writes that page, and writes it again after another store",
    "POSIX.1-2017 msync() DESCRIPTION", "Linux msync(2)", "FreeBSD msync(2)", "NetBSD msync(2)", "OpenBSD msync(2)",
    "DragonFly msync(2)", "macOS msync(2)", "illumos msync(3C)")
{
	struct file f = file_create(4 * page_size());
	char *p = map_shared(f.fd, 4 * page_size());
	char *third = &p[2 * page_size()];

	for (int round = 0; round < 2; round++) {
		unsigned char seed = (unsigned char)('a' + round);

		pattern_store(seed, p, 4 * page_size());
		CHECK_SUCCEEDS(msync(third, page_size(), MS_SYNC));

		CHECK_PATTERN_FROM(seed, 2 * page_size(), contents(f.name, 2 * page_size(), page_size()), page_size());
		CHECK_PATTERN(seed, p, 4 * page_size());
	}
}

CASE(sync_completes_writes__after_close, SHALL,
    "msync() writes to the file that was mapped, also after the number of its descriptor became that of another file",
    "POSIX.1-2017 msync() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION")
{
	struct file mapped = file_create(2 * page_size());
	struct file other = file_create(2 * page_size());
	char *p = map_shared(mapped.fd, 2 * page_size());
	REQUIRE(dup2(other.fd, mapped.fd) == mapped.fd); /* closes the mapped file */

	pattern_store('m', p, 2 * page_size());
	CHECK_SUCCEEDS(msync(p, 2 * page_size(), MS_SYNC));

	CHECK_PATTERN('m', contents(mapped.name, 0, 2 * page_size()), 2 * page_size());
	CHECK_BYTES(0, contents(other.name, 0, 2 * page_size()), 2 * page_size());
}

CASE(async_returns, SHALL, "msync() with MS_ASYNC succeeds and loses nothing that was stored",
    "POSIX.1-2017 msync() DESCRIPTION", "Linux msync(2)", "FreeBSD msync(2)", "NetBSD msync(2)", "OpenBSD msync(2)",
    "DragonFly msync(2)", "macOS msync(2)", "illumos msync(3C)", COVERS("msync.async"))
{
	struct file f = file_create(3 * page_size());
	char *p = map_shared(f.fd, 3 * page_size());

	pattern_store('f', p, 3 * page_size());
	CHECK_SUCCEEDS(msync(p, 3 * page_size(), MS_ASYNC));
	CHECK_PATTERN('f', p, 3 * page_size());

	CHECK_SUCCEEDS(msync(p, 3 * page_size(), MS_SYNC));
	CHECK_PATTERN('f', contents(f.name, 0, 3 * page_size()), 3 * page_size());
}

CASE(invalidate_shows_storage, SHALL,
    "After msync() with MS_INVALIDATE the mapping shows what was written to the file by another descriptor",
    "POSIX.1-2017 msync() DESCRIPTION", "Linux msync(2)", "FreeBSD msync(2)", "NetBSD msync(2)", "OpenBSD msync(2)",
    "DragonFly msync(2)", "macOS msync(2)", "illumos msync(3C)", COVERS("msync.invalidate stress.msync"))
{
	struct file f = file_create(3 * page_size());
	char *p = map_shared(f.fd, 3 * page_size());
	CHECK_BYTES(0, p, 3 * page_size()); /* the old pages are here now */
	char *bytes = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('w', bytes, 2 * page_size());

	int fd = open(f.name, O_WRONLY);
	REQUIRE(pwrite(fd, bytes, 2 * page_size(), (off_t)page_size()) == (ssize_t)(2 * page_size()));
	CHECK_SUCCEEDS(msync(p, 3 * page_size(), MS_SYNC | MS_INVALIDATE));

	CHECK_BYTES(0, p, page_size());
	CHECK_PATTERN('w', &p[page_size()], 2 * page_size());
}

CASE(both_einval, SHALL, "msync() with MS_SYNC and MS_ASYNC together fails with EINVAL",
    "POSIX.1-2017 msync() DESCRIPTION", "Linux msync(2)", "NetBSD msync(2)", "OpenBSD msync(2)", "macOS msync(2)",
    "illumos msync(3C)", COVERS("msync.both_flags"))
{
	struct file f = file_create(page_size());
	char *p = map_shared(f.fd, page_size());

	CHECK_INSTEAD(FREEBSD | DRAGONFLY, msync(p, page_size(), MS_SYNC | MS_ASYNC) == 0);
	known_defect(FREEBSD | DRAGONFLY, "", "MS_SYNC is 0, so that both together are MS_ASYNC", "<sys/mman.h>");
	CHECK_FAILS(EINVAL, -1, msync(p, page_size(), MS_SYNC | MS_ASYNC));
	CHECK_FAILS(EINVAL, -1, msync(p, page_size(), MS_SYNC | MS_ASYNC | MS_INVALIDATE));
}

CASE(neither_einval, SHALL, "msync() with neither MS_SYNC nor MS_ASYNC fails with EINVAL",
    "POSIX.1-2017 msync() ERRORS", "NetBSD msync(2)", OPENBSD_SOURCE)
{
	struct file f = file_create(page_size());
	char *p = map_shared(f.fd, page_size());
	static const char taken_for_sync[] = "flags with neither are taken for MS_SYNC";

	CHECK_INSTEAD(LINUX | FREEBSD | DRAGONFLY | MACOS | ILLUMOS, msync(p, page_size(), 0) == 0);
	deviates(LINUX, "flags with neither are taken for MS_ASYNC", "Linux msync(2) NOTES");
	known_defect(FREEBSD | DRAGONFLY, "", "MS_SYNC is 0, so that flags with neither are MS_SYNC", "<sys/mman.h>");
	known_defect(MACOS, "", taken_for_sync, MACOS_SOURCE);
	known_defect(ILLUMOS, "", taken_for_sync, "illumos usr/src/uts/common/syscall/memcntl.c memcntl()");
	CHECK_FAILS(EINVAL, -1, msync(p, page_size(), 0));
}

CASE(async_with_invalidate, MAY,
    "msync() with MS_ASYNC and MS_INVALIDATE works or fails with EINVAL, and loses nothing that was stored",
    "POSIX.1-2017 msync() DESCRIPTION", CHOICE("Linux msync(2)", "async-with-invalidate", "works"),
    CHOICE("FreeBSD msync(2)", "async-with-invalidate", "EINVAL"),
    CHOICE("NetBSD msync(2)", "async-with-invalidate", "works"),
    CHOICE("OpenBSD msync(2)", "async-with-invalidate", "works"),
    CHOICE("DragonFly msync(2)", "async-with-invalidate", "EINVAL"),
    CHOICE("macOS msync(2)", "async-with-invalidate", "EINVAL"),
    CHOICE("illumos msync(3C)", "async-with-invalidate", "works"))
{
	struct file f = file_create(2 * page_size());
	char *p = map_shared(f.fd, 2 * page_size());
	pattern_store('f', p, 2 * page_size());

	errno = 0;
	int result = msync(p, 2 * page_size(), MS_ASYNC | MS_INVALIDATE);
	int error = errno;

	if (result != 0)
		CHECK_RETURNS_ERROR(EINVAL, error);
	CHECK_PATTERN('f', p, 2 * page_size());
	CHECK_SUCCEEDS(msync(p, 2 * page_size(), MS_SYNC));
	CHECK_PATTERN('f', contents(f.name, 0, 2 * page_size()), 2 * page_size());
	CHECK_INSTEAD(MACOS, result == 0);
	known_defect(MACOS, "", "the call works", MACOS_SOURCE);
	observed("async-with-invalidate", "%s", result == 0 ? "works" : errno_name(error));
}

CASE(unknown_flag_einval, SHALL, "msync() with a flag that does not exist fails with EINVAL",
    "POSIX.1-2017 msync() ERRORS", "Linux msync(2)", "NetBSD msync(2)", "OpenBSD msync(2)", "macOS msync(2)",
    "illumos msync(3C)", COVERS("msync.bad_flag"))
{
	static const char ignored[] = "flags that do not exist are ignored";
	struct file f = file_create(page_size());
	char *p = map_shared(f.fd, page_size());

	CHECK_INSTEAD(FREEBSD | DRAGONFLY | MACOS, msync(p, page_size(), MS_SYNC | 1 << 24) == 0);
	known_defect(FREEBSD, "", ignored, FREEBSD_SOURCE);
	known_defect(DRAGONFLY, "", ignored, DRAGONFLY_SOURCE);
	known_defect(MACOS, "", ignored, MACOS_SOURCE);
	CHECK_FAILS(EINVAL, -1, msync(p, page_size(), MS_SYNC | 1 << 24));
	CHECK_FAILS(EINVAL, -1, msync(p, page_size(), MS_ASYNC | 1 << 30));
}

CASE(enomem_unmapped, SHALL, "msync() of a range with a page that is not mapped fails with ENOMEM",
    "POSIX.1-2017 msync() ERRORS", "Linux msync(2)", "FreeBSD msync(2)", "NetBSD msync(2)", "OpenBSD msync(2)",
    "macOS msync(2)", "illumos msync(3C)", COVERS("msync.unmapped msync.unmapped_efault"))
{
	struct file f = file_create(3 * page_size());

	known_defect(NETBSD, "", "the call fails with EFAULT, not ENOMEM", NETBSD_RANGE);
	known_defect(OPENBSD, "", "the call fails with EFAULT, not ENOMEM", OPENBSD_RANGE);
	known_defect(DRAGONFLY, "", "the call fails with EINVAL, not ENOMEM", DRAGONFLY_SOURCE);
	for (size_t hole = 0; hole < 3; hole++) {
		char *p = map_shared(f.fd, 3 * page_size());
		pattern_store('p', p, 3 * page_size());
		unmap(&p[hole * page_size()], page_size());

		CHECK_FAILS(ENOMEM, -1, msync(p, 3 * page_size(), MS_SYNC));
		CHECK_FAILS(ENOMEM, -1, msync(p, 3 * page_size(), MS_ASYNC));

		for (size_t i = 0; i < 3; i++)
			if (i != hole)
				CHECK_PATTERN_FROM('p', i * page_size(), &p[i * page_size()], page_size());
	}
}

CASE(ebusy_locked, SHALL, "msync() with MS_INVALIDATE fails with EBUSY while a page of the range is locked",
    "POSIX.1-2017 msync() ERRORS", "Linux msync(2)", "FreeBSD msync(2)", "NetBSD msync(2)", "OpenBSD msync(2)",
    "macOS msync(2)", "illumos msync(3C)", NEEDS_LOCKABLE_PAGES(1), COVERS("msync.ebusy BS92"))
{
	static const char no_look[] = "msync() does not look at locks";
	struct file f = file_create(3 * page_size());
	char *p = map_shared(f.fd, 3 * page_size());
	pattern_store('p', p, 3 * page_size());

	REQUIRE(mlock(&p[page_size()], page_size()) == 0);
	CHECK_INSTEAD(NETBSD | OPENBSD | DRAGONFLY | MACOS, msync(p, 3 * page_size(), MS_SYNC | MS_INVALIDATE) == 0);
	known_defect(NETBSD, "", "msync() looks only at the locks of the first of several regions", NETBSD_RANGE);
	known_defect(OPENBSD, "", no_look, OPENBSD_RANGE);
	known_defect(DRAGONFLY, "", no_look, DRAGONFLY_SOURCE);
	known_defect(MACOS, "", no_look, MACOS_SOURCE);
	CHECK_FAILS(EBUSY, -1, msync(p, 3 * page_size(), MS_SYNC | MS_INVALIDATE));
	CHECK_SUCCEEDS(msync(p, 3 * page_size(), MS_SYNC));

	REQUIRE(munlock(&p[page_size()], page_size()) == 0);
	CHECK_SUCCEEDS(msync(p, 3 * page_size(), MS_SYNC | MS_INVALIDATE));
	CHECK_PATTERN('p', p, 3 * page_size());
}

CASE(private_not_written, SHALL,
    "What was stored through a private mapping is not written to the file by msync() and stays in the mapping",
    "POSIX.1-2017 msync() DESCRIPTION", "illumos msync(3C)")
{
	struct file f = file_create(3 * page_size());
	char *shared = map_shared(f.fd, 3 * page_size());
	pattern_store('f', shared, 3 * page_size());
	REQUIRE(msync(shared, 3 * page_size(), MS_SYNC) == 0);
	char *private = map_private(f.fd, 3 * page_size());

	pattern_store('p', private, 3 * page_size());
	msync(private, 3 * page_size(), MS_SYNC); /* no document says whether it may fail */

	CHECK_PATTERN('f', contents(f.name, 0, 3 * page_size()), 3 * page_size());
	CHECK_PATTERN('f', shared, 3 * page_size());
	CHECK_PATTERN('p', private, 3 * page_size());
}

CASE(unaligned, MAY, "msync() at an address that is no multiple of the page size works or fails with EINVAL",
    "POSIX.1-2017 msync() ERRORS", CHOICE("Linux msync(2)", "unaligned-msync", "EINVAL"),
    CHOICE("FreeBSD msync(2)", "unaligned-msync", "EINVAL"), CHOICE("NetBSD msync(2)", "unaligned-msync", "EINVAL"),
    CHOICE("OpenBSD msync(2)", "unaligned-msync", "EINVAL"), CHOICE("DragonFly msync(2)", "unaligned-msync", "EINVAL"),
    CHOICE("macOS msync(2)", "unaligned-msync", "EINVAL"), CHOICE("illumos msync(3C)", "unaligned-msync", "EINVAL"),
    COVERS("msync.unaligned"))
{
	static const char rounds_down[] = "the address is rounded down";
	struct file f = file_create(2 * page_size());
	char *p = map_shared(f.fd, 2 * page_size());
	pattern_store('f', p, 2 * page_size());

	errno = 0;
	int result = msync(p + 1, page_size(), MS_SYNC);
	int error = errno;

	if (result == 0)
		CHECK_PATTERN('f', contents(f.name, 0, page_size() + 1), page_size() + 1);
	else
		CHECK_RETURNS_ERROR(EINVAL, error);
	CHECK_INSTEAD(FREEBSD | NETBSD | OPENBSD | DRAGONFLY, result == 0);
	known_defect(FREEBSD, "", rounds_down, FREEBSD_SOURCE);
	known_defect(NETBSD, "", rounds_down, NETBSD_SOURCE);
	known_defect(OPENBSD, "", rounds_down, OPENBSD_SOURCE);
	known_defect(DRAGONFLY, "", rounds_down, DRAGONFLY_SOURCE);
	observed("unaligned-msync", "%s", result == 0 ? "works" : errno_name(error));
}

CASE(len_zero, OBSERVED,
    "msync() with a length of zero, which POSIX does not mention, succeeds or fails and changes no byte of the mapping",
    "POSIX.1-2017 msync() DESCRIPTION", CHOICE("FreeBSD msync(2)", "length-zero", "succeeds"),
    CHOICE("NetBSD msync(2)", "length-zero", "succeeds"), CHOICE("DragonFly msync(2)", "length-zero", "succeeds"),
    CHOICE("macOS msync(2)", "length-zero", "EINVAL"))
{
	struct file f = file_create(2 * page_size());
	char *p = map_shared(f.fd, 2 * page_size());
	pattern_store('f', p, 2 * page_size());

	errno = 0;
	int result = msync(p, 0, MS_SYNC);
	int error = errno;

	observed("length-zero", "%s", result == 0 ? "succeeds" : errno_name(error));
	CHECK(result == 0 || result == -1);
	CHECK_PATTERN('f', p, 2 * page_size());
}

CASE(len_zero_writes_region, DOCUMENTED, "msync() with a length of zero writes all modified pages of the region",
    "FreeBSD msync(2)", "NetBSD msync(2)", "DragonFly msync(2)")
{
	struct file f = file_create(3 * page_size());
	char *p = map_shared(f.fd, 3 * page_size());
	pattern_store('f', p, 3 * page_size());

	CHECK_SUCCEEDS(msync(&p[page_size()], 0, MS_SYNC));

	CHECK_PATTERN('f', contents(f.name, 0, 3 * page_size()), 3 * page_size());
}
