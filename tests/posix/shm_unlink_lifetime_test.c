/* SPDX-License-Identifier: BSD-2-Clause */

/* How long an unlinked POSIX shared memory object lasts, and the next use of its name. */

#include <fcntl.h>
#include <unistd.h>

#include <sys/statvfs.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "process.h"
#include "program.h"

INTERFACE(shm_unlink, NEEDS_OBJECTS)

/* Has the object mapped before the name goes, and uses its own mapping and the descriptor after that. */
static void
use_before_and_after(void *object)
{
	const struct object *o = object;
	char *p = map_shared(o->fd, 2 * page_size());

	pause_for_parent();
	CHECK_EQ('p', p[0]);
	p[page_size()] = 'c';
	*((char *)map_shared(o->fd, 2 * page_size()) + 1) = 'd';
}

CASE(object_lives_until_unreferenced, SHALL,
    "Descriptors and mappings of an unlinked object stay usable in all processes",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION", "Linux shm_open(3)",
    "OpenBSD shm_open(3)", "macOS shm_unlink(2)", "illumos shm_unlink(3C)")
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	struct child c = child_start(use_before_and_after, &o);
	child_reaches_pause(&c);

	CHECK_SUCCEEDS(shm_unlink(o.name));

	CHECK_EQ(2 * page_size(), size_of(o.fd));
	p[0] = 'p';
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_EQ('c', p[page_size()]);
	CHECK_EQ('d', p[1]);
	CHECK_EQ('c', *((char *)map_shared(o.fd, 2 * page_size()) + page_size()));
	child_exits(&c);
}

PROGRAM(keeps_mapping_alone)
{
	int fd = shm_open(argv[1], O_RDWR, 0);
	REQUIRE(fd != -1);
	char *p = map_shared(fd, 2 * page_size());
	close(fd);

	pause_for_parent(); /* the name goes, and all other mappings but the next process's */
	CHECK_PATTERN(1, p, 2 * page_size());
	p[page_size()] = 'm';
	pause_for_parent();
	CHECK_EQ('n', p[page_size()]);
}

CASE(object_lives_until_unreferenced__last_unmap, SHALL,
    "An unlinked object exists until the last process that maps it has unmapped it",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION", "Linux shm_open(3)",
    "OpenBSD shm_open(3)", "macOS shm_unlink(2)", "illumos shm_unlink(3C)",
    COVERS("shm_unlink.contents_until_last_ref"))
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	pattern_store(1, p, 2 * page_size());
	struct child first = program_start("keeps_mapping_alone", o.name);
	child_reaches_pause(&first);

	close(o.fd);
	CHECK_SUCCEEDS(shm_unlink(o.name));
	CHECK_PATTERN(1, p, 2 * page_size());
	child_goes_on(&first);
	child_reaches_pause(&first);
	CHECK_EQ('m', p[page_size()]);
	p[page_size()] = 'n';
	unmap(p, 2 * page_size());

	child_goes_on(&first); /* its mapping is the last */
	child_exits(&first);
}

static void
use_and_drop_objects(void *object)
{
	const struct object *o = object;
	struct statvfs before;
	struct statvfs during;
	struct statvfs after;

	mount_private_objects("size=64m,nr_inodes=100");
	REQUIRE(statvfs("/dev/shm", &before) == 0);
	for (int i = 0; i < 50; i++) {
		int fd = shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600);
		REQUIRE(fd != -1);
		if (i % 2 == 0)
			object_unlink(o); /* before it has a size */
		set_size(fd, 1024 * 1024);
		char *p = map_shared(fd, 1024 * 1024);
		p[0] = p[1024 * 1024 - 1] = 'x';
		if (i % 2 == 1)
			object_unlink(o);
		if (i % 3 == 0)
			close(fd);
		else
			unmap(p, 1024 * 1024);
		REQUIRE(statvfs("/dev/shm", &during) == 0);
		CHECK(during.f_bfree < before.f_bfree); /* it is still mapped, or still open */
		if (i % 3 == 0)
			unmap(p, 1024 * 1024);
		else
			close(fd);
	}
	REQUIRE(statvfs("/dev/shm", &after) == 0);
	CHECK_EQ(before.f_bfree, after.f_bfree);
	CHECK_EQ(before.f_ffree, after.f_ffree);
}

CASE(object_lives_until_unreferenced__space_returns, DOCUMENTED,
    "The memory of an unlinked object is in use while it is mapped or open, and free when it is closed and unmapped",
    "Linux shm_open(3)", "Linux shm_overview(7)", NEEDS_PRIVATE_OBJECTS, COVERS("BS61"))
{
	struct object o = object_name();

	in_child(use_and_drop_objects, &o);
}

static void
map_close_and_exchange(void *object)
{
	struct object *o = object;
	char *p = map_shared(o->fd, 2 * page_size());
	close(o->fd);

	pause_for_parent();
	CHECK_EQ('p', p[2 * page_size() - 1]);
	p[page_size()] = 'c';
}

CASE(mapping_alone_keeps, SHALL, "Mappings alone keep an unlinked object, and stay shared, when no descriptor is left",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION", "Linux shm_open(3)",
    "macOS shm_unlink(2)", "illumos shm_unlink(3C)", COVERS("shm_open.persist_mapping"))
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	struct child c = child_start(map_close_and_exchange, &o);
	child_reaches_pause(&c);

	close(o.fd);
	CHECK_SUCCEEDS(shm_unlink(o.name));

	p[2 * page_size() - 1] = 'p'; /* a page that nobody has touched yet */
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_EQ('c', p[page_size()]);
	child_exits(&c);
}

CASE(descriptor_alone_keeps, SHALL, "A descriptor alone keeps the data of an unlinked object that nobody maps",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION", "OpenBSD shm_open(3)",
    "macOS shm_unlink(2)", "illumos shm_unlink(3C)", COVERS("shm_open.persist_fd"))
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	pattern_store(1, p, 2 * page_size());
	unmap(p, 2 * page_size());

	CHECK_SUCCEEDS(shm_unlink(o.name));

	CHECK_PATTERN(1, map_shared(o.fd, 2 * page_size()), 2 * page_size());
}

CASE(ftruncate_after_unlink, SHALL, "ftruncate() of a descriptor changes the size of an unlinked object",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION",
    "POSIX.1-2017 ftruncate() DESCRIPTION")
{
	struct object o = object_create(page_size());
	pattern_store(1, map_shared(o.fd, page_size()), page_size());

	CHECK_SUCCEEDS(shm_unlink(o.name));
	known_defect(
	    MACOS, "", "an object can be given a size once only", "macOS bsd/kern/posix_shm.c pshm_truncate()");
	REQUIRE(ftruncate(o.fd, (off_t)(3 * page_size())) == 0);

	CHECK_EQ(3 * page_size(), size_of(o.fd));
	char *p = map_shared(o.fd, 3 * page_size());
	CHECK_PATTERN(1, p, page_size());
	CHECK_BYTES(0, &p[page_size()], 2 * page_size());
	CHECK_STORE_OK(&p[3 * page_size() - 1]);
}

CASE(ftruncate_after_unlink__first_size, SHALL,
    "An object that is unlinked before it has a size can get one and be mapped",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION",
    "POSIX.1-2017 ftruncate() DESCRIPTION")
{
	struct object o = object_create(0);

	CHECK_SUCCEEDS(shm_unlink(o.name));
	REQUIRE(ftruncate(o.fd, (off_t)(2 * page_size())) == 0);

	char *p = map_shared(o.fd, 2 * page_size());
	CHECK_BYTES(0, p, 2 * page_size());
	pattern_store(1, p, 2 * page_size());
	CHECK_PATTERN(1, map_shared(o.fd, 2 * page_size()), 2 * page_size());
}

CASE(recreate_gives_new_object, SHALL,
    "Creating a name again after shm_unlink() gives a new, empty object, and the old one exists beside it",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION", "Linux shm_open(3)",
    "macOS shm_unlink(2)", COVERS("shm_unlink.recreate_new BS57"))
{
	struct object o = object_create(2 * page_size());
	char *old = map_shared(o.fd, 2 * page_size());
	pattern_store(1, old, 2 * page_size());
	CHECK_SUCCEEDS(shm_unlink(o.name));
	object_name_again(&o);

	int fd = shm_open(o.name, O_CREAT | O_RDWR, 0600);

	REQUIRE(fd != -1);
	object_own(&o, fd);
	CHECK_EQ(0, size_of(fd));
	set_size(fd, (off_t)(2 * page_size()));
	char *new = map_shared(object_open(&o, O_RDWR), 2 * page_size());
	CHECK_BYTES(0, new, 2 * page_size());
	pattern_store(2, new, 2 * page_size());
	CHECK_PATTERN(1, old, 2 * page_size());
	CHECK_PATTERN(1, map_shared(o.fd, 2 * page_size()), 2 * page_size());
	CHECK_PATTERN(2, map_shared(fd, 2 * page_size()), 2 * page_size());
}

CASE(recreate_gives_new_object__private_copies, SHALL,
    "Private mappings of an unlinked object keep their copies and "
    "show the old data, whatever the new object of the name holds",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION",
    "POSIX.1-2024 mmap() DESCRIPTION", COVERS("BS79"))
{
	const size_t page = page_size();
	struct object o = object_create(3 * page);
	pattern_store(1, map_shared(o.fd, 3 * page), 3 * page);
	known_defect(MACOS, "", "MAP_PRIVATE of an object fails with EINVAL", "macOS bsd/kern/posix_shm.c pshm_mmap()");
	char *p = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, o.fd, 0);
	REQUIRE(p != MAP_FAILED);
	pattern_store(2, p, page);
	close(o.fd);
	CHECK_SUCCEEDS(shm_unlink(o.name));
	object_name_again(&o);

	int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);

	REQUIRE(fd != -1);
	object_own(&o, fd);
	set_size(fd, (off_t)(3 * page));
	char *q = map_shared(fd, 3 * page);
	CHECK_BYTES(0, q, 3 * page);
	pattern_store(3, q, 3 * page);
	CHECK_PATTERN(2, p, page);
	CHECK_PATTERN_FROM(1, page, &p[page], 2 * page); /* no copy was made before */
	pattern_store(4, p, 2 * page);
	CHECK_PATTERN(3, q, 3 * page);
}

enum { GENERATIONS = 24 };

CASE(recreate_gives_new_object__generations, SHALL,
    "Each of many objects that have had one name after another lives with its data as long as it is mapped",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION")
{
	struct object o = object_name();
	char *maps[GENERATIONS];
	need(
	    has_room(object_create(0).fd, GENERATIONS * page_size()), "no room for an object of %d pages", GENERATIONS);

	for (int i = 0; i < GENERATIONS; i++) {
		int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);
		REQUIRE(fd != -1);
		CHECK_EQ(0, size_of(fd));
		set_size(fd, (off_t)page_size());
		maps[i] = map_shared(fd, page_size());
		CHECK_BYTES(0, maps[i], page_size());
		pattern_store((unsigned char)(i + 1), maps[i], page_size());
		close(fd);
		CHECK_SUCCEEDS(shm_unlink(o.name));
	}

	for (int i = 0; i < GENERATIONS; i++)
		CHECK_PATTERN(i + 1, maps[i], page_size());
}

CASE(recreate_with_excl_succeeds, SHALL,
    "O_CREAT with O_EXCL succeeds after shm_unlink() while the old object is in use",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION", "Linux shm_open(3)",
    "macOS shm_unlink(2)")
{
	struct object o = object_create(page_size());
	char *old = map_shared(o.fd, page_size());
	*old = 'o';
	CHECK_SUCCEEDS(shm_unlink(o.name));
	object_name_again(&o);

	int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);

	REQUIRE(fd != -1);
	object_own(&o, fd);
	CHECK_EQ(0, size_of(fd));
	CHECK_EQ('o', *old);
	CHECK_SUCCEEDS(shm_unlink(o.name)); /* the new one */
	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0));
	CHECK_EQ('o', *old);
}

PROGRAM(unlinks)
{
	CHECK_SUCCEEDS(shm_unlink(argv[1]));
}

CASE(other_process_mapping_unaffected, SHALL,
    "When one process unlinks an object, two others still exchange data by their mappings",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION")
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	struct child partner = child_start(use_before_and_after, &o);
	child_reaches_pause(&partner);
	p[2 * page_size() - 1] = 'b';

	struct child unlinker = program_start("unlinks", o.name);
	child_exits(&unlinker);

	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0));
	CHECK_EQ('b', p[2 * page_size() - 1]); /* stored before */
	p[0] = 'p';
	child_goes_on(&partner);
	child_reaches_end(&partner);
	CHECK_EQ('c', p[page_size()]);
	CHECK_EQ('d', p[1]);
	child_exits(&partner);
}
