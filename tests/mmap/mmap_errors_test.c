/* SPDX-License-Identifier: BSD-2-Clause */

/* What arguments mmap() refuses, by which error, and what a refused call leaves as it was. */

#include <fcntl.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "file.h"
#include "mapping.h"
#include "mapping_deviations.h"

INTERFACE(mmap)

#define POSIX_ERRORS      "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS"
#define POSIX_DESCRIPTION "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION"

#define OPENBSD_SOURCE "OpenBSD sys/uvm/uvm_mmap.c sys_mmap()"

static void
no_type_is_private(int flags, int fd)
{
	static const char instead[] = "flags without a type are taken for MAP_PRIVATE";

	CHECK_INSTEAD(NETBSD | OPENBSD | DRAGONFLY, mmap(NULL, page_size(), PROT_READ, flags, fd, 0) != MAP_FAILED);
	known_defect(NETBSD, "", instead, "NetBSD sys/kern/vfs_vnops.c vn_mmap()");
	known_defect(OPENBSD, "", instead, OPENBSD_SOURCE);
	known_defect(DRAGONFLY, "", instead, "DragonFly sys/vm/vm_mmap.c kern_mmap()");
}

/* sys_mmap() of December 2017, NetBSD 8.99, takes any length; that of July 2022, before NetBSD 10, refuses 0 for a file. */
static void
file_of_length_zero_deviates(int fd)
{
	CHECK_INSTEAD(before(NETBSD, "9"), mmap(NULL, 0, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED);
	known_defect(
	    before(NETBSD, "9"), "", "a length of zero is no error", "NetBSD sys/uvm/uvm_mmap.c 1.168 sys_mmap()");
}

CASE(len_zero_einval__file, SHALL, "mmap() with a length of zero fails with EINVAL", POSIX_ERRORS, "Linux mmap(2)",
    "FreeBSD mmap(2)", "OpenBSD mmap(2)", "macOS mmap(2)", "illumos mmap(2)", COVERS("mmap.len0"))
{
	int fd = nameless_file(page_size());

	file_of_length_zero_deviates(fd);
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, 0, PROT_READ, MAP_SHARED, fd, 0));
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, 0, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
}

CASE(len_zero_einval__anonymous, SHALL, "mmap() with a length of zero fails with EINVAL", POSIX_ERRORS, "Linux mmap(2)",
    "FreeBSD mmap(2)", "OpenBSD mmap(2)", "macOS mmap(2)", "illumos mmap(2)")
{
	CHECK_INSTEAD(NETBSD, mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANON, -1, 0) != MAP_FAILED);
	known_defect(NETBSD, "", "a length of zero is no error", "NetBSD sys/uvm/uvm_mmap.c sys_mmap()");
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, 0, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, 0, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

CASE(no_sharing_type_einval__file, SHALL, "mmap() with neither MAP_SHARED nor MAP_PRIVATE fails with EINVAL",
    POSIX_ERRORS, "Linux mmap(2)", "FreeBSD mmap(2)", "macOS mmap(2)", "illumos mmap(2)", COVERS("mmap.no_share_flag"))
{
	int fd = nameless_file(page_size());

	no_type_is_private(0, fd);
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, 0, fd, 0));
}

CASE(no_sharing_type_einval__anonymous, SHALL, "mmap() with neither MAP_SHARED nor MAP_PRIVATE fails with EINVAL",
    POSIX_ERRORS, "Linux mmap(2)", "macOS mmap(2)", "illumos mmap(2)", COVERS("mmap.anon_share_forms"))
{
	CHECK_INSTEAD(FREEBSD, mmap(NULL, page_size(), PROT_READ, MAP_ANON, -1, 0) != MAP_FAILED);
	deviates(FREEBSD, "MAP_ANON alone is enough", "FreeBSD mmap(2) ERRORS");
	no_type_is_private(MAP_ANON, -1);
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_ANONYMOUS, -1, 0));
}

CASE(both_sharing_types, MAY, "mmap() with both MAP_SHARED and MAP_PRIVATE fails with EINVAL or acts as one of the two",
    POSIX_DESCRIPTION, "Linux mmap(2)", CHOICE("FreeBSD 11 mmap(2)", "shared-and-private", "EINVAL"),
    COVERS("mmap.both_share_flags"))
{
	int fd = nameless_file(page_size());
	char *shared = map_shared(fd, page_size());

	errno = 0;
	char *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_PRIVATE, fd, 0);
	int error = errno;

	if (p == MAP_FAILED) {
		CHECK_RETURNS_ERROR(EINVAL, error);
		observed("shared-and-private", "%s", errno_name(error));
		return;
	}
	CHECK_STORE_OK(p);
	*p = 'b';
	CHECK(*shared == 'b' || *shared == 0);
	observed("shared-and-private", "%s", *shared == 'b' ? "acts as MAP_SHARED" : "acts as MAP_PRIVATE");
}

CASE(enxio, MAY,
    "mmap() of a range far behind the end of a file fails with ENXIO or gives a mapping without a byte of the file",
    POSIX_ERRORS, POSIX_DESCRIPTION, "Linux mmap(2)", CHOICE("FreeBSD mmap(2)", "offset-behind-end", "maps"),
    CHOICE("illumos mmap(2)", "offset-behind-end", "maps"), COVERS("mmap.enxio mmap.offset_beyond_eof BS71"))
{
	int fd = nameless_file(page_size());
	off_t far = (off_t)page_size() * 1024;

	errno = 0;
	char *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, far);
	int error = errno;

	if (p == MAP_FAILED) {
		CHECK_RETURNS_ERROR(ENXIO, error);
	} else {
		int signals[] = { fault_of_load(p).signal, fault_of_store(p, 's').signal };

		behind_end_deviates(fd, signals, 2);
		CHECK_EQ(SIGBUS, signals[0]);
		CHECK_EQ(SIGBUS, signals[1]);
	}
	observed("offset-behind-end", "%s", p == MAP_FAILED ? errno_name(error) : "maps");
	CHECK_EQ(page_size(), size_of(fd));
}

/* Some systems can be set up so that no process runs what it can change. */
static void
refused_by_policy(void)
{
	deviates(FREEBSD, "the call fails with EACCES where kern.elf64.allow_wx is 0", "FreeBSD mitigations(7)");
	deviates(NETBSD, "the call fails with EACCES where PaX MPROTECT is on", "NetBSD security(7)");
	deviates(MACOS, "the call fails with EACCES in a hardened process", "macOS mmap(2) ERRORS");
}

CASE(enotsup_prot, SHALL,
    "mmap() supports every combination of reading and writing, and maps each with PROT_EXEC or fails with ENOTSUP",
    POSIX_ERRORS, POSIX_DESCRIPTION, COVERS("mmap.prot_combinations"))
{
	const int supported[] = { PROT_NONE, PROT_READ, PROT_WRITE, PROT_READ | PROT_WRITE };

	for (unsigned i = 0; i < 4; i++) {
		CHECK_NE(MAP_FAILED, mmap(NULL, page_size(), supported[i], MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

		errno = 0;
		void *p = mmap(NULL, page_size(), supported[i] | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		int error = errno;
		if (p == MAP_FAILED && error == EACCES)
			refused_by_policy();
		if (p == MAP_FAILED)
			CHECK_RETURNS_ERROR(ENOTSUP, error);
		if (supported[i] == (PROT_READ | PROT_WRITE))
			observed("write-and-exec", "%s", p == MAP_FAILED ? errno_name(error) : "maps");
	}
}

/* Bits that no known system gives a meaning. */
enum { SPARE_PROT = 0x40000000, SPARE_FLAG = 0x200000 };

CASE(prot_unknown_bits, OBSERVED, "mmap() ignores unknown bits of the protection, or fails with EINVAL or ENOTSUP",
    CHOICE("FreeBSD 11 mmap(2)", "unknown-protection", "EINVAL"), OPENBSD_SOURCE)
{
	int fd = nameless_file(page_size());

	errno = 0;
	char *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE | SPARE_PROT, MAP_SHARED, fd, 0);
	int error = errno;

	if (p == MAP_FAILED)
		CHECK(error == EINVAL || error == ENOTSUP);
	else
		CHECK_STORE_OK(p);
	observed("unknown-protection", "%s", p == MAP_FAILED ? errno_name(error) : "ignored");
}

CASE(flags_unknown_bits, OBSERVED, "mmap() ignores unknown flags, or fails with EINVAL, ENOTSUP or EOPNOTSUPP",
    CHOICE("Linux mmap(2)", "unknown-flag", "ignored"), CHOICE("FreeBSD 11 mmap(2)", "unknown-flag", "EINVAL"),
    CHOICE("macOS 11 mmap(2)", "unknown-flag", "EINVAL"), OPENBSD_SOURCE)
{
	int fd = nameless_file(page_size());

	errno = 0;
	char *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | SPARE_FLAG, fd, 0);
	int error = errno;

	if (p == MAP_FAILED)
		CHECK(error == EINVAL || error == ENOTSUP || error == EOPNOTSUPP);
	else
		CHECK_STORE_OK(p);
	observed("unknown-flag", "%s", p == MAP_FAILED ? errno_name(error) : "ignored");
}

static char *
pages_with_pattern(void)
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	pattern_store('o', p, 3 * page_size());
	return p;
}

CASE(einval_leaves_mappings__ebadf, SHALL, "A MAP_FIXED call that fails with EBADF leaves what is mapped in its range",
    POSIX_DESCRIPTION, "illumos mmap(2)")
{
	char *p = pages_with_pattern();
	int closed = nameless_file(page_size());
	close(closed);

	CHECK_FAILS(EBADF, MAP_FAILED, mmap(p, 3 * page_size(), PROT_READ, MAP_FIXED | MAP_SHARED, closed, 0));
	CHECK_FAILS(EBADF, MAP_FAILED, mmap(p, 3 * page_size(), PROT_READ, MAP_FIXED | MAP_PRIVATE, -1, 0));

	CHECK_PATTERN('o', p, 3 * page_size());
	for (size_t at = 0; at < 3 * page_size(); at += page_size())
		CHECK_STORE_OK(&p[at]);
}

CASE(einval_leaves_mappings__no_sharing_type, SHALL,
    "A MAP_FIXED call that fails with EINVAL leaves what is mapped in its range", POSIX_DESCRIPTION, "illumos mmap(2)")
{
	char *p = pages_with_pattern();
	int fd = nameless_file(3 * page_size());

	no_type_is_private(0, fd);
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(p, 3 * page_size(), PROT_READ, MAP_FIXED, fd, 0));

	CHECK_PATTERN('o', p, 3 * page_size());
	for (size_t at = 0; at < 3 * page_size(); at += page_size())
		CHECK_STORE_OK(&p[at]);
}

CASE(einval_leaves_mappings__len_zero, SHALL,
    "A MAP_FIXED call that fails with EINVAL leaves what is mapped in its range", POSIX_DESCRIPTION, "illumos mmap(2)")
{
	char *p = pages_with_pattern();
	int fd = nameless_file(3 * page_size());

	file_of_length_zero_deviates(fd);
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(p, 0, PROT_READ, MAP_FIXED | MAP_SHARED, fd, 0));

	CHECK_PATTERN('o', p, 3 * page_size());
	for (size_t at = 0; at < 3 * page_size(); at += page_size())
		CHECK_STORE_OK(&p[at]);
}

CASE(einval_leaves_mappings__free_range, SHALL,
    "A MAP_FIXED call that fails with EBADF or EINVAL leaves its range free where it was free", POSIX_DESCRIPTION,
    "illumos mmap(2)")
{
	char *p = free_range(3 * page_size());
	int fd = nameless_file(3 * page_size());

	CHECK_FAILS(EBADF, MAP_FAILED, mmap(p, 3 * page_size(), PROT_READ, MAP_FIXED | MAP_SHARED, -1, 0));
	file_of_length_zero_deviates(fd);
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(p, 0, PROT_READ, MAP_FIXED | MAP_SHARED, fd, 0));

	CHECK_UNMAPPED(p, 3 * page_size());
}

/* After a call that failed each page is as it was, or it is not there. */
static void
observe_kept(const char *key, char *p)
{
	unsigned kept = 0;

	for (unsigned page = 0; page < 3; page++) {
		size_t at = page * page_size();

		if (fault_of_load(&p[at]).signal != 0)
			continue;
		CHECK_PATTERN_FROM('o', at, &p[at], page_size());
		kept++;
	}
	observed(key, "%u of 3 pages kept", kept);
}

CASE(other_errors_may_unmap, MAY,
    "A MAP_FIXED call that fails with another error leaves each page of its range as it was or unmapped",
    POSIX_DESCRIPTION, "illumos mmap(2)", COVERS("mmap.fail_may_unmap"))
{
	struct file f = file_create(3 * page_size());
	int read_only = open(f.name, O_RDONLY | O_CLOEXEC);
	int directory = open(".", O_RDONLY | O_CLOEXEC);
	char *a = pages_with_pattern();
	char *b = pages_with_pattern();

	CHECK_FAILS(
	    EACCES, MAP_FAILED, mmap(a, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_FIXED | MAP_SHARED, read_only, 0));
	observe_kept("after-eacces", a);
	CHECK_FAILS_IN(
	    ENODEV, EINVAL, 0, MAP_FAILED, mmap(b, 3 * page_size(), PROT_READ, MAP_FIXED | MAP_SHARED, directory, 0));
	observe_kept("after-enodev", b);
}
