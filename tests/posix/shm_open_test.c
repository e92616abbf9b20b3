/* SPDX-License-Identifier: BSD-2-Clause */

/* Creating and opening POSIX shared memory objects: what is made, the descriptor, failures. */

#include <fcntl.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "process.h"
#include "program.h"

INTERFACE(shm_open, NEEDS_OBJECTS)

#define DRAGONFLY_SOURCE "DragonFly lib/libc/gen/posixshm.c shm_open()"
#define DRAGONFLY_TWO    "shm_open() takes a descriptor for the directory of objects meanwhile"
#define DRAGONFLY_LIMIT  "RLIMIT_NOFILE is not enforced exactly: a process gets descriptors beyond it"
#define DRAGONFLY_ALLOC  "DragonFly sys/kern/kern_descrip.c fdalloc_locked()"

CASE(creates_new, SHALL,
    "O_CREAT with an unused name creates an object and returns a descriptor of it for reading and writing",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "FreeBSD shm_open(2)", "NetBSD shm_open(3)", "OpenBSD shm_open(3)", "DragonFly shm_open(3)", "macOS shm_open(2)",
    "illumos shm_open(3C)", COVERS("shm_open.rdwr shm_open.creat mmap.map_shm"))
{
	struct object o = object_name();

	int fd = shm_open(o.name, O_CREAT | O_RDWR, 0600);

	REQUIRE(fd >= 0);
	set_size(fd, (off_t)page_size());
	char *p = map_shared(fd, page_size());
	CHECK_STORE_OK(&p[0]);
	CHECK_STORE_OK(&p[page_size() - 1]);
	CHECK_EQ(page_size(), size_of(object_open(&o, O_RDONLY))); /* the name is of this object */
}

CASE(creates_new__excl, SHALL, "O_CREAT with O_EXCL and an unused name creates an object",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "FreeBSD shm_open(2)", "NetBSD shm_open(3)", "macOS shm_open(2)", "illumos shm_open(3C)", "DragonFly shm_open(3)")
{
	struct object o = object_name();

	int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);

	REQUIRE(fd >= 0);
	set_size(fd, (off_t)page_size());
	CHECK_EQ(page_size(), size_of(object_open(&o, O_RDONLY)));
}

CASE(new_object_size_zero, SHALL, "A new object has size zero, whatever flags are set beside O_CREAT",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "FreeBSD shm_open(2)", "NetBSD shm_open(3)", "illumos shm_open(3C)", COVERS("shm_open.size0"))
{
	static const int flags[] = { O_RDWR, O_RDONLY, O_RDWR | O_EXCL, O_RDWR | O_TRUNC, O_RDWR | O_EXCL | O_TRUNC };

	for (size_t i = 0; i < nitems(flags); i++) {
		struct object o = object_name();

		int fd = shm_open(o.name, O_CREAT | flags[i], 0600);

		REQUIRE(fd != -1);
		CHECK_EQ(0, size_of(fd));
		CHECK_EQ(0, size_of(object_open(&o, O_RDONLY)));
	}
}

CASE(new_file_description, SHALL, "Each open of an object has its own file offset and status flags",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "macOS shm_open(2)",
    "illumos shm_open(3C)", COVERS("shm_open.new_ofd BS44"))
{
	struct object o = object_create(page_size());
	int duplicate = dup(o.fd);
	int fd = shm_open(o.name, O_RDWR, 0);
	REQUIRE(fd != -1);
	off_t offset = lseek(fd, 0, SEEK_CUR);
	int flags = fcntl(fd, F_GETFL);
	int other_flags = fcntl(o.fd, F_GETFL) ^ O_NONBLOCK; /* which some libraries set at once */

	lseek(o.fd, offset + 7, SEEK_SET);
	fcntl(o.fd, F_SETFL, other_flags);

	/* POSIX leaves it open whether objects have offsets and flags: what a duplicate shares exists. */
	bool has_offset = lseek(duplicate, 0, SEEK_CUR) == offset + 7;
	bool has_flags = fcntl(duplicate, F_GETFL) == other_flags;
	need(has_offset || has_flags, "no offset and no status flags of objects can be set here");
	if (has_offset)
		CHECK_EQ(offset, lseek(fd, 0, SEEK_CUR));
	if (has_flags)
		CHECK_EQ(flags, fcntl(fd, F_GETFL));
}

CASE(lowest_fd, SHALL, "The new descriptor is the lowest one that the process does not have open",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "macOS shm_open(2)", "illumos shm_open(3C)", COVERS("shm_open.lowest_fd"))
{
	struct object o = object_create(0);
	struct object other = object_name();
	int low = dup(o.fd);
	int middle = dup(o.fd);
	int high = dup(o.fd);
	REQUIRE(low != -1);
	REQUIRE(middle > low);
	REQUIRE(high > middle);

	close(middle);
	close(low);

	known_defect(DRAGONFLY, "", DRAGONFLY_TWO, DRAGONFLY_SOURCE);
	CHECK_EQ(low, shm_open(o.name, O_RDWR, 0));
	CHECK_EQ(middle, shm_open(other.name, O_CREAT | O_RDWR, 0600));
	CHECK(shm_open(o.name, O_RDWR, 0) > high);
}

static void
open_as_standard_input(void *object)
{
	const struct object *o = object;

	close(STDIN_FILENO);

	CHECK_EQ(STDIN_FILENO, shm_open(o->name, O_RDWR, 0));

	char *p = map_shared(STDIN_FILENO, page_size());
	p[0] = 'c';
}

CASE(lowest_fd__zero, SHALL, "A process without standard input gets descriptor 0, which can be mapped",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "macOS shm_open(2)", "illumos shm_open(3C)")
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());

	known_defect(DRAGONFLY, "", DRAGONFLY_TWO, DRAGONFLY_SOURCE);
	in_child(open_as_standard_input, &o);

	CHECK_EQ('c', p[0]);
}

CASE(cloexec_set, SHALL, "FD_CLOEXEC is set on the new descriptor, for a new object and for an existing one",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "FreeBSD shm_open(2)", "NetBSD shm_open(3)", "macOS shm_open(2)", "illumos shm_open(3C)",
    COVERS("shm_open.cloexec"))
{
	struct object o = object_name();

	int creating = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	int opening = shm_open(o.name, O_RDWR, 0);
	int reading = shm_open(o.name, O_RDONLY, 0);

	REQUIRE(creating != -1);
	REQUIRE(opening != -1);
	REQUIRE(reading != -1);
	CHECK_EQ(FD_CLOEXEC, fcntl(creating, F_GETFD) & FD_CLOEXEC);
	CHECK_EQ(FD_CLOEXEC, fcntl(opening, F_GETFD) & FD_CLOEXEC);
	CHECK_EQ(FD_CLOEXEC, fcntl(reading, F_GETFD) & FD_CLOEXEC);
}

PROGRAM(descriptor_is_closed)
{
	CHECK_FAILS(EBADF, -1, fcntl((int)number_from(argv[1]), F_GETFD));
}

static void
open_and_exec(void *object)
{
	const struct object *o = object;
	int fd = shm_open(o->name, O_RDWR, 0);
	REQUIRE(fd != -1);
	struct number number = number_text(fd);

	program_become("descriptor_is_closed", number.text);
}

CASE(cloexec_set__exec, SHALL, "exec closes a descriptor of shm_open()", "POSIX.1-2017 shm_open() DESCRIPTION",
    "POSIX.1-2024 shm_open() DESCRIPTION", "POSIX.1-2017 exec DESCRIPTION", "FreeBSD shm_open(2)", "NetBSD shm_open(3)",
    COVERS("BS38"))
{
	struct object o = object_create(page_size());

	in_child(open_and_exec, &o);
}

static void
store_by_descriptor(void *descriptor)
{
	char *p = map_shared(*(int *)descriptor, page_size());

	p[page_size() - 1] = 'c';
}

/* POSIX.1-2024 has the flag, and shm_open() there does not name it. */
CASE(clofork_clear, SHALL, "FD_CLOFORK is clear on the new descriptor, so that a forked child inherits it",
    "POSIX.1-2017 fork() DESCRIPTION")
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());

	int fd = shm_open(o.name, O_RDWR, 0);

	REQUIRE(fd != -1);
	CHECK_EQ(0, fcntl(fd, F_GETFD) & FD_CLOFORK & ~FD_CLOEXEC);
	in_child(store_by_descriptor, &fd);
	CHECK_EQ('c', p[page_size() - 1]);
}

CASE(enoent, SHALL, "Without O_CREAT an unused name fails with ENOENT and stays unused",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "Linux shm_open(3)", "FreeBSD shm_open(2)",
    "NetBSD shm_open(3)", "macOS shm_open(2)", "illumos shm_open(3C)", "DragonFly shm_open(3)",
    COVERS("shm_open.fail_minus1 shm_open.enoent"))
{
	struct object o = object_name();

	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0600));
	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDONLY, 0600));
	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR | O_TRUNC, 0600));
	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0600));
}

struct two_objects {
	struct object existing;
	struct object missing;
};

static void
open_without_free_descriptor(void *objects)
{
	struct two_objects *o = objects;
	int last = o->existing.fd;
	int spare = -1;

	limit_to(RLIMIT_NOFILE, 32);
	for (int next; (next = dup(o->existing.fd)) != -1; last = next)
		spare = last;
	REQUIRE(errno == EMFILE);
	if (platform_is(DRAGONFLY)) /* for the directory of objects: else their names are those of files in / */
		close(spare);

	CHECK_FAILS(EMFILE, -1, shm_open(o->existing.name, O_RDWR, 0));
	CHECK_FAILS(EMFILE, -1, shm_open(o->missing.name, O_CREAT | O_EXCL | O_RDWR, 0600));

	close(last);
	CHECK_EQ(last, shm_open(o->existing.name, O_RDWR, 0));
}

CASE(emfile, SHALL, "A process without a free descriptor gets EMFILE, and can open the object when one is free",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "Linux shm_open(3)", "FreeBSD shm_open(2)",
    "NetBSD shm_open(3)", "macOS shm_open(2)", "illumos shm_open(3C)", "DragonFly shm_open(3)",
    COVERS("shm_open.emfile"))
{
	struct two_objects o = { object_create(page_size()), object_name() };

	known_defect(DRAGONFLY, "", DRAGONFLY_LIMIT, DRAGONFLY_ALLOC);
	in_child(open_without_free_descriptor, &o);
}

CASE(emfile_creates_nothing, SHALL, "Where creating an object fails with EMFILE, there is no object afterwards",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "POSIX.1-2017 shm_open() RETURN VALUE",
    "POSIX.1-2024 shm_open() RETURN VALUE")
{
	struct two_objects o = { object_create(page_size()), object_name() };

	known_defect(DRAGONFLY, "", DRAGONFLY_LIMIT, DRAGONFLY_ALLOC);
	in_child(open_without_free_descriptor, &o);

	known_defect(DRAGONFLY, "", "open() creates a file before it looks for a descriptor",
	    "DragonFly sys/kern/vfs_syscalls.c kern_open()");
	CHECK_FAILS(ENOENT, -1, shm_open(o.missing.name, O_RDONLY, 0));
	CHECK_NE(-1, shm_open(o.missing.name, O_CREAT | O_EXCL | O_RDWR, 0600));
}

static void
create_more_than_fit(void *objects)
{
	const struct two_objects *o = objects;

	mount_private_objects("nr_inodes=2"); /* one of them is the directory */

	REQUIRE(shm_open(o->existing.name, O_CREAT | O_EXCL | O_RDWR, 0600) != -1);
	CHECK_FAILS(ENOSPC, -1, shm_open(o->missing.name, O_CREAT | O_EXCL | O_RDWR, 0600));

	CHECK_FAILS(ENOENT, -1, shm_open(o->missing.name, O_RDWR, 0));
	object_unlink(&o->existing);
	CHECK_FAILS(ENOSPC, -1, shm_open(o->missing.name, O_CREAT | O_EXCL | O_RDWR, 0600)); /* it is still open */
}

CASE(enospc, SHALL,
    "Where there is no space for another object, creating one fails with ENOSPC, and there is none afterwards",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "Linux tmpfs(5)", "macOS shm_open(2)",
    "illumos shm_open(3C)", NEEDS_PRIVATE_OBJECTS, COVERS("shm_open.enospc BS49"))
{
	struct two_objects o = { object_name(), object_name() };

	in_child(create_more_than_fit, &o);
}
