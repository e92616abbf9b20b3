/* SPDX-License-Identifier: BSD-2-Clause */

/* Processes that share a POSIX shared memory object by its name, and how long the object lasts. */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "platform/object_place.h"
#include "process.h"
#include "program.h"

INTERFACE(shm_open, NEEDS_OBJECTS)

/* Answers what it finds of pattern 1 with pattern 2. */
PROGRAM(partner)
{
	size_t size = (size_t)number_from(argv[2]);
	int fd = shm_open(argv[1], O_RDWR, 0);
	REQUIRE(fd != -1);

	char *p = map_shared(fd, size);
	CHECK_PATTERN(1, p, size);
	pattern_store(2, p, size);
}

CASE(same_name_same_object, SHALL,
    "Unrelated processes that open the same name with a leading slash open the same object",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "FreeBSD shm_open(2)", "NetBSD shm_open(3)", "DragonFly shm_open(3)", "macOS shm_open(2)",
    COVERS("shm_open.connect shm_open.same_name_two_procs"))
{
	const size_t size = 2 * page_size() + 1;
	struct object o = object_create(size);
	char *p = map_shared(o.fd, size);
	pattern_store(1, p, size);

	struct child c = program_start("partner", o.name, number_text((long long)size).text);
	child_exits(&c);

	CHECK_PATTERN(2, p, size);
}

CASE(same_name_same_object__seven_steps, SHALL,
    "shm_open(), ftruncate(), mmap(), munmap(), close() and shm_unlink() carry data between unrelated processes",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_overview(7)",
    ALSO("shm_unlink.removes-name-at-once"))
{
	const size_t size = page_size() + 1;
	struct object o = object_name();

	int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);
	CHECK_SUCCEEDS(ftruncate(fd, (off_t)size));
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);
	pattern_store(1, p, size);
	struct child c = program_start("partner", o.name, number_text((long long)size).text);
	child_exits(&c);
	CHECK_PATTERN(2, p, size);
	CHECK_SUCCEEDS(munmap(p, size));
	CHECK_SUCCEEDS(close(fd));
	CHECK_SUCCEEDS(shm_unlink(o.name));

	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0));
}

PROGRAM(stores_in_untouched_pages)
{
	int fd = shm_open(argv[1], O_RDWR, 0);
	REQUIRE(fd != -1);
	char *p = map_shared(fd, 3 * page_size());

	pause_for_parent();
	CHECK_EQ('p', p[0]);
	CHECK_EQ(0, p[page_size()]);
	p[2 * page_size()] = 'c';
}

CASE(same_name_same_object__untouched, SHALL,
    "Processes that map an object before its pages are touched see what each of them stores later",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION",
    "POSIX.1-2024 mmap() DESCRIPTION", "Linux shm_open(3)")
{
	static const char stored[] = { 'p', 0, 'c' }; /* by the parent, by nobody, by the child */
	struct object o = object_create(3 * page_size());
	char *p = map_shared(o.fd, 3 * page_size());
	struct child c = program_start("stores_in_untouched_pages", o.name);
	child_reaches_pause(&c);

	p[0] = 'p';
	child_goes_on(&c);
	child_reaches_end(&c);

	for (size_t i = 0; i < nitems(stored); i++)
		CHECK_EQ(stored[i], p[i * page_size()]);
	child_exits(&c);
}

static const char flag_quit[] = "quit";

/* Looks at the flag whenever it is let go, and quits when it is raised. */
PROGRAM(quits_by_flag)
{
	int fd = shm_open(argv[1], O_RDONLY, 0);
	REQUIRE(fd != -1);
	char *flag = mmap(NULL, sizeof(flag_quit), PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(flag != MAP_FAILED);

	do
		pause_for_parent();
	while (memcmp(flag, flag_quit, sizeof(flag_quit)) != 0);
}

CASE(same_name_same_object__quit_flag, SHALL,
    "A process that maps an object read-only sees the few bytes that another stores to make it quit",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION",
    "POSIX.1-2024 mmap() DESCRIPTION", "Linux shm_open(3)")
{
	struct object o = object_create(sizeof(flag_quit));
	char *flag = map_shared(o.fd, sizeof(flag_quit));
	struct child c = program_start("quits_by_flag", o.name);
	child_reaches_pause(&c);

	memcpy(flag, "stay", sizeof(flag_quit));
	child_goes_on(&c);
	child_reaches_pause(&c); /* it has looked and stays */
	memcpy(flag, flag_quit, sizeof(flag_quit));
	child_goes_on(&c);

	child_reaches_end(&c);
	child_exits(&c);
}

PROGRAM(leaves_object)
{
	const size_t size = 2 * page_size();
	int fd = shm_open(argv[1], O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);
	set_size(fd, (off_t)size);
	pattern_store(1, map_shared(fd, size), size);

	pause_for_parent();
}

static void
check_left_object(const struct object *o)
{
	const size_t size = 2 * page_size();
	int fd = shm_open(o->name, O_RDWR, 0);
	REQUIRE(fd != -1);
	struct stat status;
	REQUIRE(fstat(fd, &status) == 0);
	char *p = map_shared(fd, size);

	CHECK_EQ(0600, status.st_mode & 0777);
	CHECK_EQ(size, status.st_size);
	CHECK_PATTERN(1, p, size);
	unmap(p, size);
	close(fd);
}

CASE(persists_until_unlink, SHALL,
    "An object that no process has open or mapped keeps its data, size and mode until it is unlinked",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_overview(7)",
    "macOS shm_open(2)", "illumos shm_open(3C)", COVERS("shm_open.persist_named mmap.shm_remap_data"))
{
	struct object o = object_name();
	struct child c = program_start("leaves_object", o.name);
	child_reaches_pause(&c);
	child_goes_on(&c);
	child_exits(&c);

	check_left_object(&o);
	check_left_object(&o); /* and after one more process has come and gone */

	object_unlink(&o);
	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0));
}

CASE(persists_until_unlink__killed, SHALL,
    "An object keeps its data, size and mode when SIGKILL ends the last process that uses it",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_overview(7)",
    "macOS shm_open(2)", "illumos shm_open(3C)")
{
	struct object o = object_name();
	struct child c = program_start("leaves_object", o.name);
	child_reaches_pause(&c);

	child_kill(&c);

	check_left_object(&o);
}

CASE(persists_until_unlink__empty, SHALL, "An object that has never had a size persists too, with size zero",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_overview(7)",
    "macOS shm_open(2)", "illumos shm_open(3C)")
{
	struct object o = object_create(0);

	close(o.fd);

	int fd = shm_open(o.name, O_RDWR, 0);
	REQUIRE(fd != -1);
	CHECK_EQ(0, size_of(fd));
	set_size(fd, 1);
	CHECK_STORE_OK(map_shared(fd, 1));
}

CASE(persists_until_unlink__dev_shm, DOCUMENTED,
    "/dev/shm has a file with the object's name from shm_open() to shm_unlink(), whether it is open and mapped or not",
    "Linux shm_overview(7)", "Linux shm_open(3)", ALSO("shm_open.visible-in-dev-shm"), NEEDS_OBJECTS_AS_FILES)
{
	struct object o = object_name();
	char path[64];
	REQUIRE(object_path(o.name, path, sizeof(path)));
	CHECK_FAILS(ENOENT, -1, access(path, F_OK));

	int fd = shm_open(o.name, O_CREAT | O_RDWR, 0600);
	REQUIRE(fd != -1);
	CHECK_SUCCEEDS(access(path, F_OK));
	set_size(fd, 1);
	char *p = map_shared(fd, 1);
	close(fd);
	CHECK_SUCCEEDS(access(path, F_OK));
	unmap(p, 1);
	CHECK_SUCCEEDS(access(path, F_OK));

	CHECK_SUCCEEDS(shm_unlink(o.name));
	CHECK_FAILS(ENOENT, -1, access(path, F_OK));
}

/* The new object is one page that begins with 'c'. */
static void
change_directory(void *objects)
{
	const struct object *o = objects;
	REQUIRE(chdir("/") == 0);

	int fd = shm_open(o[0].name, O_RDWR, 0);
	REQUIRE(fd != -1);
	CHECK_EQ('p', *(char *)map_shared(fd, page_size()));

	fd = shm_open(o[1].name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);
	set_size(fd, (off_t)page_size());
	*(char *)map_shared(fd, page_size()) = 'c';
}

CASE(working_directory_independent, SHALL,
    "A name with a leading slash names the same object in every working directory",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", COVERS("BS54"))
{
	struct object o[] = { object_create(page_size()), object_name() };
	*(char *)map_shared(o[0].fd, page_size()) = 'p';

	in_child(change_directory, o);

	CHECK_EQ('c', *(char *)map_shared(object_open(&o[1], O_RDWR), page_size()));
}
