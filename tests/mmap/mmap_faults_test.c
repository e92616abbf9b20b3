/* SPDX-License-Identifier: BSD-2-Clause */

/* Accesses behind the end of a file, and accesses that the protection refuses: zeros, SIGBUS and SIGSEGV. */

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "object.h"
#include "platform/object_place.h"
#include "process.h"

INTERFACE(mmap)

static void
one_code_for_all(void)
{
	if (!fault_codes_tell())
		known_defect(MACOS, "", "on arm64 every SIGSEGV has SEGV_ACCERR and every SIGBUS has BUS_ADRALN",
		    "macOS bsd/dev/arm/unix_signal.c sendsig()");
}

CASE(tail_zero_filled__shared, SHALL, "The part of the last page behind the end of the file reads as zero",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "FreeBSD mmap(2)",
    "NetBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", "illumos mmap(2)",
    COVERS("mmap.tail_zero mmap.eof_page_ok"))
{
	const size_t sizes[] = { 1, 12, page_size() - 1, page_size() + 100 };

	for (unsigned i = 0; i < 4; i++) {
		size_t pages = sizes[i] / page_size() + 1;
		int fd = file_with_bytes(sizes[i]).fd;
		char *p = mmap(NULL, sizes[i], PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

		REQUIRE(p != MAP_FAILED);
		CHECK_PATTERN('f', p, sizes[i]);
		CHECK_BYTES(0, &p[sizes[i]], pages * page_size() - sizes[i]);
		CHECK_STORE_OK(&p[pages * page_size() - 1]);
		CHECK_EQ(sizes[i], size_of(fd));
	}
}

CASE(tail_zero_filled__private, SHALL, "The part of the last page behind the end of the file reads as zero",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "FreeBSD mmap(2)",
    "NetBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", "illumos mmap(2)")
{
	int fd = file_with_bytes(page_size() + 100).fd;
	char *p = mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_PATTERN('f', p, page_size() + 100);
	CHECK_BYTES(0, &p[page_size() + 100], page_size() - 100);
	CHECK_STORE_OK(&p[2 * page_size() - 1]);
}

CASE(tail_never_written, SHALL, "Bytes stored behind the end of the file in its last page are never written to it",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "NetBSD 8 mmap(2)",
    "illumos mmap(2)", COVERS("mmap.tail_not_written"))
{
	int fd = file_with_bytes(100).fd;
	char *p = map_shared(fd, page_size());
	char bytes[200];

	p[0] = 's';
	memset(&p[100], 't', page_size() - 100);
	CHECK_SUCCEEDS(msync(p, page_size(), MS_SYNC));
	CHECK_EQ(100, size_of(fd));
	CHECK_SUCCEEDS(munmap(p, page_size()));

	CHECK_EQ(100, size_of(fd));
	CHECK_EQ(100, pread(fd, bytes, sizeof(bytes), 0));
	CHECK_EQ('s', bytes[0]);
	CHECK_PATTERN_FROM('f', 1, &bytes[1], 99);
}

/* When the file grows, it shows what was stored behind its end. */
static void
grown_tail_deviates(int fd)
{
	if (is_on_tmpfs(fd)) {
		deviates(LINUX, "tmpfs keeps the bytes in its page", "Linux mmap(2) BUGS");
		known_defect(FREEBSD, "", "tmpfs keeps the bytes in its page",
		    "FreeBSD sys/fs/tmpfs/tmpfs_subr.c tmpfs_reg_resize()");
		known_defect(DRAGONFLY, "", "tmpfs keeps the bytes in its page",
		    "DragonFly sys/vfs/tmpfs/tmpfs_subr.c tmpfs_reg_resize()");
	} else if (is_on_ufs(fd))
		known_defect(FREEBSD, "", "UFS keeps the bytes in the page",
		    "FreeBSD sys/vm/vnode_pager.c vnode_pager_setsize()");
	known_defect(
	    NETBSD, "", "tmpfs and FFS keep the bytes in the page", "NetBSD sys/ufs/ffs/ffs_inode.c ffs_truncate()");
}

CASE(tail_never_written__then_grown, SHALL,
    "A file that grows after msync() and munmap() does not show the bytes that were stored behind its end",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "POSIX.1-2017 ftruncate() DESCRIPTION")
{
	int fd = file_with_bytes(100).fd;
	char *p = map_shared(fd, page_size());
	char bytes[200];

	memset(&p[100], 't', page_size() - 100);
	CHECK_SUCCEEDS(msync(p, page_size(), MS_SYNC));
	CHECK_SUCCEEDS(munmap(p, page_size()));
	set_size(fd, sizeof(bytes));

	grown_tail_deviates(fd);
	CHECK_EQ(sizeof(bytes), pread(fd, bytes, sizeof(bytes), 0));
	CHECK_PATTERN('f', bytes, 100);
	CHECK_BYTES(0, &bytes[100], 100);
}

/* Whole pages behind the end of the file, first and last byte of each. */
static void
check_sigbus(int fd, char *pages, size_t count)
{
	enum { ACCESSES = 4, PAGES = 3 };
	int signals[ACCESSES * PAGES];

	for (size_t i = 0; i < count; i++) {
		char *page = &pages[i * page_size()];

		signals[ACCESSES * i] = fault_of_load(&page[0]).signal;
		signals[ACCESSES * i + 1] = fault_of_store(&page[0], 's').signal;
		signals[ACCESSES * i + 2] = fault_of_store(&page[page_size() - 1], 's').signal;
		signals[ACCESSES * i + 3] = fault_of_load(&page[page_size() - 1]).signal;
	}
	behind_end_deviates(fd, signals, ACCESSES * count);
	for (size_t i = 0; i < ACCESSES * count; i++)
		CHECK_EQ(SIGBUS, signals[i]);
}

CASE(sigbus_beyond_last_page__short_file, SHALL, "An access to a whole page behind the end of the file raises SIGBUS",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "NetBSD 8 mmap(2)",
    COVERS("mmap.sigbus_beyond_eof"))
{
	int fd = file_with_bytes(12).fd;
	char *p = map_shared(fd, 4 * page_size());

	check_sigbus(fd, &p[page_size()], 3);
	CHECK_STORE_OK(&p[page_size() - 1]);
	CHECK_EQ(12, size_of(fd));
}

CASE(sigbus_beyond_last_page__whole_pages, SHALL, "An access to a whole page behind the end of the file raises SIGBUS",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "NetBSD 8 mmap(2)")
{
	int fd = file_with_bytes(2 * page_size()).fd;
	char *p = map_shared(fd, 4 * page_size());

	check_sigbus(fd, &p[2 * page_size()], 2);
	CHECK_PATTERN('f', p, 2 * page_size());
	CHECK_EQ(2 * page_size(), size_of(fd));
}

CASE(sigbus_beyond_last_page__empty_file, SHALL, "An access to a whole page behind the end of the file raises SIGBUS",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "NetBSD 8 mmap(2)")
{
	int fd = nameless_file(0);

	check_sigbus(fd, map_shared(fd, 2 * page_size()), 2);
	CHECK_EQ(0, size_of(fd));
}

CASE(sigbus_beyond_last_page__private, SHALL, "An access to a whole page behind the end of the file raises SIGBUS",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "NetBSD 8 mmap(2)",
    COVERS("mmap.sigbus_handler"))
{
	int fd = file_with_bytes(12).fd;
	char *p = map_private(fd, 3 * page_size());

	check_sigbus(fd, &p[page_size()], 2);
	CHECK_STORE_OK(&p[page_size() - 1]);
	CHECK_EQ(12, size_of(fd));
}

CASE(sigbus_beyond_last_page__object, SHALL, "An access to a whole page behind the end of the object raises SIGBUS",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)",
    COVERS("mmap.sigbus_beyond_shm"))
{
	int fd = object_create(page_size()).fd;

	known_defect(MACOS, "", "a range that is larger than the object fails with EINVAL",
	    "macOS bsd/kern/posix_shm.c pshm_mmap()");
	char *p = mmap(NULL, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK_NE(MAP_FAILED, p);
	if (p == MAP_FAILED)
		return;

	check_sigbus(fd, &p[page_size()], 2);
	CHECK_STORE_OK(&p[page_size() - 1]);
	CHECK_EQ(page_size(), size_of(fd));
}

static void
truncate_to_one_page(void *fd)
{
	CHECK_SUCCEEDS(ftruncate(*(int *)fd, (off_t)page_size()));
}

CASE(sigbus_after_truncate, SHALL, "An access to a page that a later truncation cut off raises SIGBUS",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "FreeBSD mmap(2)", COVERS("ftruncate.mapped_shrink"))
{
	int fd = file_with_bytes(4 * page_size()).fd;
	char *p = map_shared(fd, 4 * page_size());
	CHECK_LOAD_OK(&p[page_size()]);
	CHECK_STORE_OK(&p[2 * page_size()]); /* one page was loaded, one stored to, the last not touched */

	in_child(truncate_to_one_page, &fd);

	check_sigbus(fd, &p[page_size()], 3);
	CHECK_PATTERN('f', p, page_size());
	CHECK_EQ(page_size(), size_of(fd));
}

CASE(growth_visible, MAY,
    "After a file has grown, an older mapping shows its new pages, or an access to them still raises SIGBUS",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)",
    COVERS("ftruncate.mapped_grow"))
{
	int fd = file_with_bytes(page_size()).fd;
	char *p = map_shared(fd, 3 * page_size());
	int signal = fault_of_load(&p[page_size()]).signal;
	behind_end_deviates(fd, &signal, 1);
	CHECK_EQ(SIGBUS, signal);

	set_size(fd, (off_t)(3 * page_size()));
	char *grown = map_shared(fd, 3 * page_size());

	for (unsigned page = 1; page < 3; page++) {
		char *at = &p[page * page_size()];
		struct fault f = fault_of_load(at);

		observed(page == 1 ? "page-that-faulted" : "other-page", "%s", f.signal == 0 ? "shows" : "SIGBUS");
		if (f.signal != 0) {
			CHECK_EQ(SIGBUS, f.signal);
			continue;
		}
		CHECK_BYTES(0, at, page_size());
		pattern_store('g', at, page_size());
		CHECK_PATTERN('g', &grown[page * page_size()], page_size());
	}
	CHECK_PATTERN('f', p, page_size());
}

CASE(siginfo_codes__protection, SHALL,
    "An access that the protection refuses raises SIGSEGV with SEGV_ACCERR, and si_addr is the address of the access",
    "POSIX.1-2017 <signal.h> si_code", COVERS("mmap.write_ro_accerr mmap.prot_none_accerr mmap.segv_handler"))
{
	char *none = mmap(NULL, 2 * page_size(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *read = mmap(NULL, 2 * page_size(), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(none != MAP_FAILED);
	REQUIRE(read != MAP_FAILED);

	protection_signal_deviates();
	CHECK_LOAD_FAULTS(SIGSEGV, SEGV_ACCERR, &none[0]);
	CHECK_LOAD_FAULTS(SIGSEGV, SEGV_ACCERR, &none[2 * page_size() - 1]);
	CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &none[page_size()]);
	CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &read[0]);
	CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &read[2 * page_size() - 1]);
}

CASE(siginfo_codes__unmapped, SHALL,
    "An access where nothing is mapped raises SIGSEGV with SEGV_MAPERR, and si_addr is the address of the access",
    "POSIX.1-2017 <signal.h> si_code")
{
	char *free = free_range(2 * page_size());

	CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, &free[0]);
	CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, &free[2 * page_size() - 1]);
	CHECK_STORE_FAULTS(SIGSEGV, SEGV_MAPERR, &free[page_size() - 1]);
	CHECK_STORE_FAULTS(SIGSEGV, SEGV_MAPERR, &free[page_size()]);
	one_code_for_all();
	CHECK_EQ(SEGV_MAPERR, fault_of_load(&free[0]).code);
}

CASE(siginfo_codes__behind_end, MAY,
    "An access behind the end of a file raises SIGBUS with BUS_ADRERR or BUS_OBJERR, and si_addr is the address",
    "POSIX.1-2017 <signal.h> si_code", COVERS("mmap.sigbus_si_addr"))
{
	int fd = file_with_bytes(page_size()).fd;
	char *p = map_shared(fd, 3 * page_size());

	struct fault f = fault_of_load(&p[2 * page_size() - 1]);

	behind_end_deviates(fd, &f.signal, 1);
	CHECK_EQ(SIGBUS, f.signal);
	one_code_for_all();
	CHECK(f.code == BUS_ADRERR || f.code == BUS_OBJERR);
	CHECK(is_address_of_fault(f, &p[2 * page_size() - 1]));
	observed("behind-end", "%s", signal_code_name(f.signal, f.code));
}

CASE(prot_none_no_access, SHALL, "With PROT_NONE every access raises SIGSEGV and changes nothing",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "FreeBSD mmap(2)",
    "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", "illumos mmap(2)",
    COVERS("mmap.prot_none_read_segv mmap.prot_none_write_segv"))
{
	int fd = file_with_bytes(2 * page_size()).fd;
	char *shared = mmap(NULL, 2 * page_size(), PROT_NONE, MAP_SHARED, fd, 0);
	char *private = mmap(NULL, 2 * page_size(), PROT_NONE, MAP_PRIVATE, fd, 0);
	REQUIRE(shared != MAP_FAILED);
	REQUIRE(private != MAP_FAILED);

	protection_signal_deviates();
	for (size_t at = 0; at < 2 * page_size(); at += page_size() - 1) {
		CHECK_LOAD_FAULTS(SIGSEGV, SEGV_ACCERR, &shared[at]);
		CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &shared[at]);
		CHECK_LOAD_FAULTS(SIGSEGV, SEGV_ACCERR, &private[at]);
		CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &private[at]);
	}
	CHECK_PATTERN('f', map_shared(fd, 2 * page_size()), 2 * page_size());
}

static void
refuse_stores(int fd, int sharing)
{
	const size_t size = 2 * page_size();
	char *writable = map_shared(fd, size);
	pattern_store('f', writable, size);
	char *p = mmap(NULL, size, PROT_READ, sharing, fd, 0);
	REQUIRE(p != MAP_FAILED);

	protection_signal_deviates();
	CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &p[0]); /* before the page was loaded, and after */
	CHECK_PATTERN('f', p, size);
	for (size_t at = 0; at < size; at += page_size() - 1)
		CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &p[at]);
	CHECK_PATTERN('f', p, size);
	CHECK_PATTERN('f', writable, size);
}

CASE(prot_read_refuses_write__file, SHALL, "Without PROT_WRITE a store is refused by SIGSEGV and changes nothing",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)",
    COVERS("mmap.write_ro_segv"))
{
	refuse_stores(nameless_file(2 * page_size()), MAP_SHARED);
}

CASE(prot_read_refuses_write__object, SHALL, "Without PROT_WRITE a store is refused by SIGSEGV and changes nothing",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)")
{
	refuse_stores(object_create(2 * page_size()).fd, MAP_SHARED);
}

CASE(prot_read_refuses_write__private, SHALL, "Without PROT_WRITE a store is refused by SIGSEGV and changes nothing",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)")
{
	refuse_stores(nameless_file(2 * page_size()), MAP_PRIVATE);
}

CASE(prot_write_only, SHALL, "PROT_WRITE alone allows stores, which other mappings see",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "FreeBSD mmap(2)",
    "NetBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", "illumos mmap(2)", COVERS("mmap.write_only"))
{
	int fd = object_create(page_size()).fd;
	char *other = map_shared(fd, page_size());

	char *p = mmap(NULL, page_size(), PROT_WRITE, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_EQ(0, fault_of_store(&p[0], 'w').signal);
	CHECK_EQ(0, fault_of_store(&p[page_size() - 1], 'w').signal);
	CHECK_EQ('w', other[0]);
	CHECK_EQ('w', other[page_size() - 1]);
}

CASE(prot_write_only_read, OBSERVED, "PROT_WRITE alone allows loads or refuses them", "POSIX.1-2017 mmap() DESCRIPTION",
    "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "NetBSD mmap(2)", "OpenBSD mmap(2)", "macOS mmap(2)",
    "illumos mmap(2)", COVERS("mmap.write_only_readable mmap.write_only_readable_first"))
{
	int fd = file_with_bytes(page_size()).fd;
	char *p = mmap(NULL, page_size(), PROT_WRITE, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);

	struct fault f = fault_of_load(p);

	if (f.signal == 0)
		CHECK_PATTERN('f', p, page_size());
	observed("load-with-prot-write", "%s", f.signal == 0 ? "works" : signal_name(f.signal));
}
