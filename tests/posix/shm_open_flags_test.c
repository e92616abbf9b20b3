/* SPDX-License-Identifier: BSD-2-Clause */

/* Opening POSIX shared memory objects: O_EXCL, O_TRUNC, O_RDONLY and flags that POSIX does not name. */

#include <fcntl.h>
#include <stdatomic.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "object.h"
#include "process.h"

INTERFACE(shm_open, NEEDS_OBJECTS)

CASE(excl_existing, SHALL,
    "O_CREAT with O_EXCL fails with EEXIST for a name in use, and the object keeps its size and data",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "Linux shm_open(3)", "FreeBSD shm_open(2)",
    "NetBSD shm_open(3)", "macOS shm_open(2)", "illumos shm_open(3C)", "DragonFly shm_open(3)",
    COVERS("shm_open.eexist"))
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	pattern_store(1, p, 2 * page_size());

	CHECK_FAILS(EEXIST, -1, shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600));
	CHECK_FAILS(EEXIST, -1, shm_open(o.name, O_CREAT | O_EXCL | O_RDONLY, 0600));
	CHECK_FAILS(EEXIST, -1, shm_open(o.name, O_CREAT | O_EXCL | O_TRUNC | O_RDWR, 0600));

	if (CHECK_EQ(2 * page_size(), size_of(o.fd)))
		CHECK_PATTERN(1, p, 2 * page_size());
}

CASE(excl_existing__closed, SHALL,
    "O_CREAT with O_EXCL fails with EEXIST for an object that no process has open or mapped",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "Linux shm_open(3)", "FreeBSD shm_open(2)",
    "NetBSD shm_open(3)", "macOS shm_open(2)", "illumos shm_open(3C)", "DragonFly shm_open(3)")
{
	struct object o = object_create(0);
	close(o.fd);

	CHECK_FAILS(EEXIST, -1, shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600));
}

enum { CREATORS = 8, NAMES = 32 };

struct race {
	struct object objects[NAMES];
	atomic_int winners[NAMES];
	atomic_int losers[NAMES];
};

static void
create_each(void *race)
{
	struct race *r = race;

	pause_for_parent();
	for (int i = 0; i < NAMES; i++)
		if (shm_open(r->objects[i].name, O_CREAT | O_EXCL | O_RDWR, 0600) != -1)
			atomic_fetch_add(&r->winners[i], 1);
		else if (errno == EEXIST)
			atomic_fetch_add(&r->losers[i], 1);
}

CASE(excl_atomic, SHALL,
    "Of processes that create an object of one name with O_EXCL at once, one succeeds and the others get EEXIST",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "macOS shm_open(2)", "illumos shm_open(3C)", COVERS("shm_open.excl_atomic"))
{
	struct race *r = map_anonymous(sizeof(*r), MAP_SHARED);
	struct child creators[CREATORS];
	for (int i = 0; i < NAMES; i++)
		r->objects[i] = object_name();
	for (int i = 0; i < CREATORS; i++) {
		creators[i] = child_start(create_each, r);
		child_reaches_pause(&creators[i]);
	}

	for (int i = 0; i < CREATORS; i++)
		child_goes_on(&creators[i]);
	for (int i = 0; i < CREATORS; i++)
		child_exits(&creators[i]);

	for (int i = 0; i < NAMES; i++) {
		CHECK_EQ(1, atomic_load(&r->winners[i]));
		CHECK_EQ(CREATORS - 1, atomic_load(&r->losers[i]));
	}
}

CASE(excl_without_creat_undefined, OBSERVED,
    "O_EXCL without O_CREAT is undefined, and leaves size and data of the object",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", COVERS("shm_open.excl_no_creat"))
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	pattern_store(1, p, 2 * page_size());

	int fd = shm_open(o.name, O_EXCL | O_RDWR, 0);

	observed("excl-without-creat", "%s", fd != -1 ? "opens the object" : errno_name(errno));
	CHECK_EQ(2 * page_size(), size_of(o.fd));
	CHECK_PATTERN(1, p, 2 * page_size());
}

#define MACOS_TRUNC  "O_TRUNC of an object that has a size fails with EINVAL"
#define MACOS_SOURCE "macOS bsd/kern/posix_shm.c shm_open()"

CASE(trunc_rdwr, SHALL, "O_TRUNC with O_RDWR sets the size of an object to zero, and its mode, owner and group stay",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "FreeBSD shm_open(2)", "NetBSD shm_open(3)", "macOS shm_open(2)", "illumos shm_open(3C)", "DragonFly shm_open(3)",
    COVERS("shm_open.trunc shm_open.trunc_keeps_mode"))
{
	struct object o = object_create(2 * page_size() + 1);
	struct stat before;
	struct stat after;
	REQUIRE(fstat(o.fd, &before) == 0);

	known_defect(MACOS, "", MACOS_TRUNC, MACOS_SOURCE);
	CHECK_NE(-1, shm_open(o.name, O_RDWR | O_TRUNC, 0644));

	REQUIRE(fstat(o.fd, &after) == 0);
	CHECK_EQ(0, after.st_size);
	CHECK_EQ(before.st_mode, after.st_mode);
	CHECK_EQ(before.st_uid, after.st_uid);
	CHECK_EQ(before.st_gid, after.st_gid);
}

CASE(trunc_rdwr__creat, SHALL, "O_CREAT with O_TRUNC and O_RDWR sets the size of an existing object to zero",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "FreeBSD shm_open(2)", "NetBSD shm_open(3)", "macOS shm_open(2)", "illumos shm_open(3C)", "DragonFly shm_open(3)")
{
	struct object o = object_create(2 * page_size());

	known_defect(MACOS, "", MACOS_TRUNC, MACOS_SOURCE);
	CHECK_NE(-1, shm_open(o.name, O_RDWR | O_CREAT | O_TRUNC, 0600));

	CHECK_EQ(0, size_of(o.fd));
}

CASE(trunc_discards_content, SHALL, "O_TRUNC discards the data of an object, which reads as zero when it grows again",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "Linux shm_open(3)")
{
	const size_t size = 3 * page_size();
	struct object o = object_create(size);
	char *p = map_shared(o.fd, size);
	pattern_store(1, p, size);

	known_defect(MACOS, "", MACOS_TRUNC, MACOS_SOURCE);
	CHECK_NE(-1, shm_open(o.name, O_RDWR | O_TRUNC, 0));
	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)size));

	CHECK_BYTES(0, map_shared(o.fd, size), size);
	CHECK_BYTES(0, p, size);
}

static void
touch_before_and_after(void *object)
{
	const size_t size = 3 * page_size();
	int fd = ((struct object *)object)->fd;
	char *p = map_shared(fd, size);
	int signals[6];
	pattern_store(1, p, size);

	pause_for_parent();
	for (size_t page = 0; page < 3; page++) {
		signals[2 * page] = fault_of_load(&p[page * page_size()]).signal;
		signals[2 * page + 1] = fault_of_store(&p[(page + 1) * page_size() - 1], 'x').signal;
	}
	behind_end_deviates(fd, signals, 6);
	for (size_t i = 0; i < 6; i++)
		CHECK_EQ(SIGBUS, signals[i]);
}

CASE(trunc_with_mapping_sigbus, SHALL,
    "After O_TRUNC an access to the pages raises SIGBUS in a process that mapped them before",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION",
    COVERS("BS52"))
{
	struct object o = object_create(3 * page_size());
	struct child c = child_start(touch_before_and_after, &o);
	child_reaches_pause(&c);

	known_defect(MACOS, "", MACOS_TRUNC, MACOS_SOURCE);
	CHECK_NE(-1, shm_open(o.name, O_RDWR | O_TRUNC, 0));

	child_goes_on(&c);
	child_exits(&c);
}

CASE(trunc_rdonly_undefined, OBSERVED,
    "O_TRUNC with O_RDONLY is undefined: the object becomes empty, or keeps its size and data",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    CHOICE("Linux shm_open(3)", "rdonly-trunc", "opens and truncates"),
    CHOICE("macOS shm_open(2)", "rdonly-trunc", "opens and truncates"), COVERS("shm_open.trunc_rdonly"))
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	pattern_store(1, p, 2 * page_size());

	int fd = shm_open(o.name, O_RDONLY | O_TRUNC, 0);

	const char *opens = size_of(o.fd) == 0 ? "opens and truncates" : "opens and keeps the size";
	known_defect(MACOS, "", MACOS_TRUNC, MACOS_SOURCE);
	observed("rdonly-trunc", "%s", fd != -1 ? opens : errno_name(errno));
	if (size_of(o.fd) != 0) {
		CHECK_EQ(2 * page_size(), size_of(o.fd));
		CHECK_PATTERN(1, p, 2 * page_size());
	}
}

CASE(rdonly_maps_read_only, SHALL,
    "A descriptor opened with O_RDONLY can be mapped for reading, and a shared mapping for writing fails with EACCES",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "POSIX.1-2017 mmap() ERRORS",
    "POSIX.1-2024 mmap() ERRORS", "Linux shm_open(3)")
{
	const size_t size = 2 * page_size();
	struct object o = object_create(size);
	char *rw = map_shared(o.fd, size);
	pattern_store(1, rw, size);

	int fd = shm_open(o.name, O_RDONLY, 0);

	REQUIRE(fd != -1);
	char *p = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_PATTERN(1, p, size);
	CHECK_NE(0, fault_of_store(p, 'x').signal);
	CHECK_PATTERN(1, rw, size);
	known_defect(MACOS, "", "EPERM instead of EACCES", "macOS bsd/kern/posix_shm.c pshm_mmap()");
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, size, PROT_WRITE, MAP_SHARED, fd, 0));
}

CASE(rdonly_maps_read_only__mprotect, SHALL,
    "mprotect() fails with EACCES to make a shared mapping writable whose descriptor was opened with O_RDONLY",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "POSIX.1-2017 mprotect() ERRORS")
{
	struct object o = object_create(2 * page_size());
	int fd = shm_open(o.name, O_RDONLY, 0);
	REQUIRE(fd != -1);
	char *p = mmap(NULL, 2 * page_size(), PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_FAILS(EACCES, -1, mprotect(p, 2 * page_size(), PROT_READ | PROT_WRITE));
	CHECK_FAILS(EACCES, -1, mprotect(&p[page_size()], page_size(), PROT_WRITE));

	CHECK_NE(0, fault_of_store(&p[page_size()], 'x').signal);
	CHECK_EQ(0, p[page_size()]);
}

CASE(rdonly_with_creat, SHALL, "O_RDONLY with O_CREAT creates an empty object, which can be opened for writing as well",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION")
{
	struct object o = object_name();

	int reading = shm_open(o.name, O_RDONLY | O_CREAT | O_EXCL, 0600);

	REQUIRE(reading != -1);
	CHECK_EQ(0, size_of(reading));
	int writing = object_open(&o, O_RDWR);
	set_size(writing, (off_t)page_size());
	char *rw = map_shared(writing, page_size());
	rw[page_size() - 1] = 'x';
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, reading, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_EQ('x', p[page_size() - 1]);
}

#define NETBSD_FLAGS  "all flags of open() are passed on"
#define NETBSD_SOURCE "NetBSD lib/librt/shm.c shm_open()"

CASE(wronly_not_allowed, OBSERVED,
    "O_WRONLY is not defined for objects: it fails, or gives a descriptor that cannot be mapped for reading",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    CHOICE("FreeBSD shm_open(2)", "o-wronly", "EINVAL"), CHOICE("NetBSD shm_open(3)", "o-wronly", "EINVAL"),
    CHOICE("DragonFly shm_open(3)", "o-wronly", "EINVAL"), COVERS("shm_open.access_mode shm_open.wronly"))
{
	struct object o = object_create(page_size());

	int fd = shm_open(o.name, O_WRONLY, 0);

	known_defect(NETBSD, "", NETBSD_FLAGS, NETBSD_SOURCE);
	observed("o-wronly", "%s", fd != -1 ? "opens the object" : errno_name(errno));
	known_defect(MACOS, "", "a descriptor opened with O_WRONLY can be mapped for reading",
	    "macOS bsd/kern/posix_shm.c pshm_mmap()");
	if (fd != -1)
		CHECK_EQ(MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0));
}

/* What FreeBSD and NetBSD promise for a flag that is not among those of POSIX. */
#define REFUSED_BY(source, flag) CHOICE(source, flag, "EINVAL")

CASE(other_flags, OBSERVED,
    "With flags of open() that POSIX does not name shm_open() opens the object or fails with EINVAL",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    REFUSED_BY("FreeBSD shm_open(2)", "o-nonblock"), REFUSED_BY("FreeBSD shm_open(2)", "o-append"),
    REFUSED_BY("FreeBSD shm_open(2)", "o-nofollow"), REFUSED_BY("FreeBSD shm_open(2)", "o-sync"),
    REFUSED_BY("NetBSD shm_open(3)", "o-nonblock"), REFUSED_BY("NetBSD shm_open(3)", "o-append"),
    REFUSED_BY("NetBSD shm_open(3)", "o-nofollow"), REFUSED_BY("NetBSD shm_open(3)", "o-sync"),
    COVERS("shm_open.extra_flags"))
{
	static const struct {
		int flag;
		const char *key;
	} rows[] = {
		{ O_NONBLOCK, "o-nonblock" },
		{ O_APPEND, "o-append" },
		{ O_NOFOLLOW, "o-nofollow" },
		{ O_SYNC, "o-sync" },
	};
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());
	p[0] = 'x';

	known_defect(NETBSD, "", NETBSD_FLAGS, NETBSD_SOURCE);
	for (size_t i = 0; i < nitems(rows); i++) {
		errno = 0;
		int fd = shm_open(o.name, O_RDWR | rows[i].flag, 0);

		observed(rows[i].key, "%s", fd != -1 ? "opens the object" : errno_name(errno));
		if (fd != -1)
			CHECK_EQ('x', *(char *)map_shared(fd, page_size()));
		else
			CHECK_EQ(EINVAL, errno);
	}
}

/* O_CLOEXEC asks for what shm_open() does anyway: the manuals of FreeBSD and NetBSD forbid it, and their code takes it. */
CASE(other_flags__cloexec, OBSERVED,
    "With O_CLOEXEC shm_open() opens the object with FD_CLOEXEC set, or fails with EINVAL",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    REFUSED_BY("FreeBSD shm_open(2)", "o-cloexec"), REFUSED_BY("NetBSD shm_open(3)", "o-cloexec"))
{
	struct object o = object_create(page_size());
	*(char *)map_shared(o.fd, page_size()) = 'x';

	errno = 0;
	int fd = shm_open(o.name, O_RDWR | O_CLOEXEC, 0);

	known_defect(FREEBSD, "", "O_CLOEXEC is taken", "FreeBSD sys/kern/uipc_shm.c kern_shm_open2()");
	known_defect(NETBSD, "", NETBSD_FLAGS, NETBSD_SOURCE);
	observed("o-cloexec", "%s", fd != -1 ? "opens the object" : errno_name(errno));
	if (fd != -1) {
		CHECK_EQ('x', *(char *)map_shared(fd, page_size()));
		CHECK_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD) & FD_CLOEXEC);
	} else
		CHECK_EQ(EINVAL, errno);
}

static void
descriptor_is_closed(void *descriptor)
{
	CHECK_FAILS(EBADF, -1, fcntl(*(int *)descriptor, F_GETFD));
}

CASE(clofork_set, DOCUMENTED, "With O_CLOFORK a forked child does not inherit the new descriptor",
    "FreeBSD 15.0 shm_open(2)")
{
	struct object o = object_create(page_size());

	int fd = shm_open(o.name, O_RDWR | O_CLOFORK, 0);

	REQUIRE(fd != -1);
	CHECK_NE(0, fcntl(fd, F_GETFD) & FD_CLOFORK);
	CHECK_EQ(page_size(), size_of(fd));
	in_child(descriptor_is_closed, &fd);
}
