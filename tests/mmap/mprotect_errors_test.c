/* SPDX-License-Identifier: BSD-2-Clause */

/* What mprotect() refuses or may refuse: more access than the descriptor has, holes, and arguments that are not valid. */

#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "fault.h"
#include "instrument.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "mapping_limit.h"
#include "object.h"
#include "process.h"
#include "segment.h"

INTERFACE(mprotect)

static void
raise_beyond_open_mode(int read_only, char *writable)
{
	char *p = mmap(NULL, 2 * page_size(), PROT_READ, MAP_SHARED, read_only, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_FAILS(EACCES, -1, mprotect(p, 2 * page_size(), PROT_READ | PROT_WRITE));
	CHECK_FAILS(EACCES, -1, mprotect(p, 2 * page_size(), PROT_WRITE));
	CHECK_SUCCEEDS(close(read_only));
	CHECK_FAILS(EACCES, -1, mprotect(p, 2 * page_size(), PROT_READ | PROT_WRITE));

	CHECK(store_is_refused(p));
	CHECK(store_is_refused(&p[page_size()]));
	pattern_store('w', writable, 2 * page_size());
	CHECK_PATTERN('w', p, 2 * page_size());
	CHECK_SUCCEEDS(mprotect(p, 2 * page_size(), PROT_NONE)); /* less is allowed */
	CHECK_SUCCEEDS(mprotect(p, 2 * page_size(), PROT_READ));
	CHECK_PATTERN('w', p, 2 * page_size());
}

CASE(eacces_beyond_open_mode__file, SHALL,
    "mprotect() to PROT_WRITE of a shared mapping of a read-only descriptor fails with EACCES, also after close()",
    "POSIX.1-2017 mprotect() ERRORS", "Linux mprotect(2)", "FreeBSD mprotect(2)", "NetBSD mprotect(2)",
    "OpenBSD mprotect(2)", "DragonFly mprotect(2)", "macOS mprotect(2)", "illumos mprotect(2)",
    COVERS("mprotect.eacces"))
{
	struct file f = file_create(2 * page_size());
	int fd = open(f.name, O_RDONLY);
	REQUIRE(fd != -1);

	raise_beyond_open_mode(fd, map_shared(f.fd, 2 * page_size()));
}

CASE(eacces_beyond_open_mode__object, SHALL,
    "mprotect() to PROT_WRITE of a shared mapping of a read-only descriptor fails with EACCES, also after close()",
    "POSIX.1-2017 mprotect() ERRORS", "Linux mprotect(2)", "FreeBSD mprotect(2)", "NetBSD mprotect(2)",
    "OpenBSD mprotect(2)", "DragonFly mprotect(2)", "macOS mprotect(2)", "illumos mprotect(2)", NEEDS_OBJECTS)
{
	struct object o = object_create(2 * page_size());

	raise_beyond_open_mode(object_open(&o, O_RDONLY), map_shared(o.fd, 2 * page_size()));
}

CASE(private_rdonly_may_write, SHALL, "mprotect() can make a private mapping of a read-only descriptor writable",
    "POSIX.1-2017 mprotect() ERRORS")
{
	struct file f = file_create(2 * page_size());
	int fd = open(f.name, O_RDONLY);
	REQUIRE(fd != -1);
	char *p = mmap(NULL, 2 * page_size(), PROT_READ, MAP_PRIVATE, fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_LOAD_OK(p); /* the first page is there already, the second is not */

	raised_protection_deviates();
	CHECK_SUCCEEDS(mprotect(p, 2 * page_size(), PROT_READ | PROT_WRITE));
	pattern_store('p', p, 2 * page_size());

	CHECK_PATTERN('p', p, 2 * page_size());
	CHECK_BYTES(0, map_shared(f.fd, 2 * page_size()), 2 * page_size());
}

static char *
four_pages_with_hole(size_t hole)
{
	char *p = map_anonymous(4 * page_size(), MAP_PRIVATE);

	unmap(&p[hole * page_size()], page_size());
	return p;
}

static void
protect_with_hole(size_t hole)
{
	static const char no_error[] = "a hole is no error";
	char *p = four_pages_with_hole(hole);

	CHECK_INSTEAD(FREEBSD | NETBSD | OPENBSD | DRAGONFLY, mprotect(p, 4 * page_size(), PROT_READ) == 0);
	known_defect(FREEBSD, "", no_error, "FreeBSD sys/vm/vm_map.c vm_map_protect()");
	known_defect(NETBSD, "", no_error, "NetBSD sys/uvm/uvm_map.c uvm_map_protect()");
	known_defect(OPENBSD, "", no_error, "OpenBSD sys/uvm/uvm_map.c uvm_map_protect()");
	known_defect(DRAGONFLY, "", no_error, "DragonFly sys/vm/vm_map.c vm_map_protect()");
	CHECK_FAILS(ENOMEM, -1, mprotect(p, 4 * page_size(), PROT_READ));
	CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, &p[hole * page_size()]);
}

CASE(enomem_unmapped__first_page, SHALL, "mprotect() of a range with a page that is not mapped fails with ENOMEM",
    "POSIX.1-2017 mprotect() ERRORS", "Linux mprotect(2)", "illumos mprotect(2)", COVERS("mprotect.unmapped"))
{
	protect_with_hole(0);
}

CASE(enomem_unmapped__middle_page, SHALL, "mprotect() of a range with a page that is not mapped fails with ENOMEM",
    "POSIX.1-2017 mprotect() ERRORS", "Linux mprotect(2)", "illumos mprotect(2)")
{
	protect_with_hole(1);
}

CASE(enomem_unmapped__last_page, SHALL, "mprotect() of a range with a page that is not mapped fails with ENOMEM",
    "POSIX.1-2017 mprotect() ERRORS", "Linux mprotect(2)", "illumos mprotect(2)")
{
	protect_with_hole(3);
}

CASE(enomem_unmapped__outside_space, SHALL, "mprotect() of a range outside the address space fails with ENOMEM",
    "POSIX.1-2017 mprotect() ERRORS", "Linux mprotect(2)", "illumos mprotect(2)", COVERS("mprotect.huge_len"))
{
	static const char not_valid[] = "a range that is not valid fails with EINVAL";
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	/* Nobody has the last page, not even where (s390x) the kernel's addresses are apart from those of processes. */
	char *last_page = (char *)(UINTPTR_MAX - page_size() + 1); /* NOLINT(performance-no-int-to-ptr) */

	deviates(FREEBSD | NETBSD | OPENBSD | DRAGONFLY, not_valid, "mprotect(2) ERRORS");
	known_defect(MACOS, "", not_valid, "macOS bsd/kern/kern_mman.c mprotect()");
	CHECK_FAILS(ENOMEM, -1, mprotect(last_page, page_size(), PROT_READ));
	/* The end wraps around; not so in a kernel of wider words, which would protect this very program. */
	if (sizeof(size_t) == 8)
		CHECK_FAILS(ENOMEM, -1, mprotect(p, SIZE_MAX - page_size() + 1, PROT_READ));
}

CASE(enomem_unmapped__segment, DOCUMENTED,
    "mprotect() and madvise() over a page that is unmapped of an attachment fail with ENOMEM, and the segment keeps "
    "its data",
    "Linux mprotect(2)", "Linux madvise(2)", NEEDS_SEGMENTS, COVERS("mprotect.hole_enomem"))
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	char *whole = segment_attach(id, NULL, 0);
	pattern_store('s', p, 3 * page_size());
	unmap(&p[page_size()], page_size());

	CHECK_FAILS(ENOMEM, -1, mprotect(p, 3 * page_size(), PROT_READ));
	CHECK_FAILS(ENOMEM, -1, madvise(p, 3 * page_size(), MADV_DONTNEED));

	CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, &p[page_size()]);
	CHECK_PATTERN('s', p, page_size());
	CHECK_PATTERN_FROM('s', 2 * page_size(), &p[2 * page_size()], page_size());
	CHECK_PATTERN('s', whole, 3 * page_size());
}

CASE(partial_change_on_failure, MAY,
    "mprotect() of a range with a hole changes the protection of each page before and behind the hole, or leaves it",
    "POSIX.1-2017 mprotect() DESCRIPTION", CHOICE("Linux mprotect(2)", "range-with-hole", "ENOMEM"),
    CHOICE("illumos mprotect(2)", "range-with-hole", "ENOMEM"), CHOICE("illumos mprotect(2)", "before-hole", "changed"),
    COVERS("mprotect.hole_partial_effect"))
{
	char *p = four_pages_with_hole(2);
	p[0] = 'm';
	p[3 * page_size()] = 'm';

	errno = 0;
	int result = mprotect(p, 4 * page_size(), PROT_READ);
	int error = errno;
	bool before_changed = store_is_refused(p);
	bool behind_changed = store_is_refused(&p[3 * page_size()]);

	observed("range-with-hole", "%s", result == 0 ? "no error" : errno_name(error));
	observed("before-hole", "%s", before_changed ? "changed" : "unchanged");
	observed("behind-hole", "%s", behind_changed ? "changed" : "unchanged");
	CHECK(result == -1 || (before_changed && behind_changed));
	CHECK_EQ('m', p[0]);
	CHECK_EQ('m', p[3 * page_size()]);
}

CASE(unaligned, MAY,
    "mprotect() at an address that is no multiple of the page size fails with EINVAL or rounds the address down",
    "POSIX.1-2017 mprotect() ERRORS", CHOICE("Linux mprotect(2)", "unaligned-address", "EINVAL"),
    CHOICE("OpenBSD mprotect(2)", "unaligned-address", "rounded down"),
    CHOICE("macOS mprotect(2)", "unaligned-address", "EINVAL"),
    CHOICE("illumos mprotect(2)", "unaligned-address", "EINVAL"), COVERS("mprotect.unaligned"))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	known_defect(MUSL, "", "the C library rounds the address down", "musl src/mman/mprotect.c __mprotect()");
	errno = 0;
	int result = mprotect(&p[page_size() + 1], page_size() - 1, PROT_READ);
	int error = errno;

	if (result != 0)
		CHECK_RETURNS_ERROR(EINVAL, error);
	CHECK_EQ(result == 0, store_is_refused(&p[page_size()]));
	CHECK_STORE_OK(&p[page_size() - 1]);
	CHECK_STORE_OK(&p[2 * page_size()]);
	observed("unaligned-address", "%s", result == 0 ? "rounded down" : errno_name(error));
}

CASE(len_zero, OBSERVED,
    "mprotect() with a length of zero, which POSIX does not mention, succeeds or fails and changes no page",
    "POSIX.1-2017 mprotect() DESCRIPTION", CHOICE("OpenBSD mprotect(2)", "length-zero", "succeeds"),
    CHOICE("illumos mprotect(2)", "length-zero", "EINVAL"),
    CHOICE("illumos mprotect(2)", "length-zero-unmapped", "EINVAL"), COVERS("mprotect.len0"))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	unmap(&p[page_size()], page_size());

	errno = 0;
	observed("length-zero", "%s", mprotect(p, 0, PROT_NONE) == 0 ? "succeeds" : errno_name(errno));
	errno = 0;
	observed("length-zero-unmapped", "%s",
	    mprotect(&p[page_size()], 0, PROT_READ) == 0 ? "succeeds" : errno_name(errno));

	CHECK_STORE_OK(&p[0]);
	CHECK_STORE_OK(&p[page_size() - 1]);
}

/* A bit that no known system gives a meaning. */
enum { SPARE_PROT = 0x40000000 };

CASE(bad_prot, OBSERVED, "mprotect() ignores unknown bits of the protection, or fails with EINVAL, ENOTSUP or EACCES",
    CHOICE("Linux mprotect(2)", "unknown-protection", "EINVAL"),
    CHOICE("FreeBSD 13 mprotect(2)", "unknown-protection", "EINVAL"),
    CHOICE("NetBSD mprotect(2)", "unknown-protection", "EINVAL"),
    CHOICE("OpenBSD mprotect(2)", "unknown-protection", "EINVAL"), COVERS("mprotect.bad_prot"))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	errno = 0;
	int result = mprotect(p, page_size(), PROT_READ | SPARE_PROT);
	int error = errno;

	if (result != 0)
		CHECK(error == EINVAL || error == ENOTSUP || error == EACCES); /* EACCES: as of illumos' as_setprot() */
	CHECK_EQ(result == 0, store_is_refused(p));
	CHECK_INSTEAD(NETBSD, result == 0);
	known_defect(NETBSD, "", "unknown bits are ignored", "NetBSD sys/uvm/uvm_mmap.c sys_mprotect()");
	observed("unknown-protection", "%s", result == 0 ? "ignored" : errno_name(error));
}

CASE(grows_both_einval, DOCUMENTED,
    "mprotect() with PROT_GROWSUP and PROT_GROWSDOWN together fails with EINVAL and changes nothing",
    "Linux mprotect(2)", COVERS("mprotect.grows_both"))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	pattern_store('p', p, page_size());

	CHECK_FAILS(EINVAL, -1, mprotect(p, page_size(), PROT_READ | PROT_GROWSUP | PROT_GROWSDOWN));

	CHECK_PATTERN('p', p, page_size());
	CHECK_STORE_OK(p);
}

CASE(enotsup_write_exec, SHALL, "mprotect() to PROT_WRITE with PROT_EXEC works or fails with ENOTSUP",
    "POSIX.1-2017 mprotect() ERRORS", "macOS mprotect(2)",
    CHOICE("OpenBSD 6.0 mprotect(2)", "write-and-exec", "ENOTSUP"), COVERS("BS85"))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	errno = 0;
	int result = mprotect(p, page_size(), PROT_READ | PROT_WRITE | PROT_EXEC);
	int error = errno;

	if (result == -1 && error == EACCES) { /* where no process may run what it can change */
		deviates(
		    FREEBSD, "the call fails with EACCES where kern.elf64.allow_wx is 0", "FreeBSD mitigations(7)");
		deviates(NETBSD, "the call fails with EACCES where PaX MPROTECT is on", "NetBSD security(7)");
		deviates(MACOS, "the call fails with EACCES in a hardened process", "macOS mmap(2) ERRORS");
	}
	if (result != 0)
		CHECK_RETURNS_ERROR(ENOTSUP, error);
	observed("write-and-exec", "%s", result == 0 ? "works" : errno_name(error));
}

CASE(syscall_efault, DOCUMENTED,
    "A read() into a page that the protection closes fails with EFAULT and changes nothing", "Linux read(2)",
    "FreeBSD read(2)", "NetBSD read(2)", "OpenBSD read(2)", "DragonFly read(2)", "macOS read(2)", "illumos read(2)")
{
	if (machine_is_amd64())
		known_defect(NETBSD, "", "EACCES where there is a page whose protection refuses the access",
		    "NetBSD sys/arch/amd64/amd64/trap.c trap()");
	int fd = nameless_file(page_size());
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('m', p, 2 * page_size());
	REQUIRE(mprotect(p, page_size(), PROT_READ) == 0);
	REQUIRE(mprotect(&p[page_size()], page_size(), PROT_NONE) == 0);

	CHECK_FAILS(EFAULT, -1, pread(fd, p, page_size(), 0));
	CHECK_FAILS(EFAULT, -1, pread(fd, &p[page_size()], page_size(), 0));

	REQUIRE(mprotect(p, 2 * page_size(), PROT_READ) == 0);
	CHECK_PATTERN('m', p, 2 * page_size());
}

CASE(enomem_too_many_parts, DOCUMENTED,
    "mprotect() inside a mapping fails with ENOMEM when its parts would be too many mappings", "Linux mprotect(2)",
    NEEDS_NO_INSTRUMENT(THREAD_SANITIZER | VALGRIND))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('m', p, 3 * page_size());
	struct mappings m = map_up_to_limit();

	CHECK_FAILS(ENOMEM, -1, mprotect(&p[page_size()], page_size(), PROT_READ));

	unmap(m.start, m.size);
	CHECK_PATTERN('m', p, 3 * page_size());
	CHECK_SUCCEEDS(mprotect(&p[page_size()], page_size(), PROT_READ));
	CHECK(store_is_refused(&p[page_size()]));
}

enum { MIB = 1024 * 1024 };

static void
make_writable_above_data_limit(void *file)
{
	char *p = mmap(NULL, 16 * MIB, PROT_READ, MAP_PRIVATE, *(int *)file, 0);
	need(p != MAP_FAILED || errno != ENOMEM, "needs 16 MiB of addresses");
	REQUIRE(p != MAP_FAILED);
	limit_to(RLIMIT_DATA, 8 * MIB);

	raised_protection_deviates();
	errno = 0;
	int result = mprotect(p, 16 * MIB, PROT_READ | PROT_WRITE);
	int error = errno;

	limit_to(RLIMIT_DATA, RLIM_INFINITY);
	observed("writable-above-data-limit", "%s", result == 0 ? "works" : errno_name(error));
	if (result != 0) {
		CHECK_RETURNS_ERROR(ENOMEM, error);
		CHECK(store_is_refused(p));
		CHECK_SUCCEEDS(mprotect(p, 16 * MIB, PROT_READ | PROT_WRITE));
	}
	CHECK_PATTERN('f', p, page_size());
	CHECK_STORE_OK(p);
}

CASE(enomem_private_writable, MAY,
    "mprotect() that makes more private memory writable than RLIMIT_DATA allows works or fails with ENOMEM, and then "
    "changes nothing",
    "POSIX.1-2017 mprotect() ERRORS", NEEDS_NO_INSTRUMENT(THREAD_SANITIZER), COVERS("BS87"))
{
	int fd = nameless_file_with_pattern(1);

	in_child(make_writable_above_data_limit, &fd);
}
