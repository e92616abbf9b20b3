/* SPDX-License-Identifier: BSD-2-Clause */

/* read() and write() of POSIX shared memory objects, which POSIX leaves open and manuals promise. */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "object.h"
#include "process.h"
#include "program.h"

INTERFACE(shm_object, NEEDS_OBJECTS)

CASE(read_at_end, DOCUMENTED,
    "read() of an empty object and at the end of an object gives 0 bytes, and over the end what there is",
    "Linux read(2)", "FreeBSD shm_open(2)", COVERS("shm_open.rw_size0"))
{
	struct object o = object_create(0);
	int other = object_open(&o, O_RDWR);
	char bytes[8] = "unread";

	CHECK_EQ(0, pread(o.fd, bytes, sizeof(bytes), 0));
	CHECK_EQ(0, strcmp("unread", bytes));
	set_size(o.fd, (off_t)page_size() + 3);
	char *p = map_shared(o.fd, page_size() + 3);
	memcpy(&p[page_size() - 2], "abcde", 5); /* NOLINT(bugprone-not-null-terminated-result) */

	CHECK_EQ(5, pread(other, bytes, sizeof(bytes), (off_t)page_size() - 2));
	CHECK_EQ(0, memcmp("abcded", bytes, 6));
	CHECK_EQ(0, pread(other, bytes, sizeof(bytes), (off_t)page_size() + 3));
	CHECK_EQ(0, pread(other, bytes, sizeof(bytes), (off_t)(3 * page_size())));
}

CASE(write_by_reading_descriptor, DOCUMENTED,
    "write() by a descriptor opened with O_RDONLY fails with EBADF, and the object keeps its data", "Linux write(2)",
    "FreeBSD write(2)", "NetBSD write(2)", COVERS("shm_open.rdonly_write_io"))
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());
	pattern_store(1, p, page_size());
	int reading = object_open(&o, O_RDONLY);

	CHECK_FAILS(EBADF, -1, pwrite(reading, "x", 1, 0));
	CHECK_FAILS(EBADF, -1, write(reading, "x", 1));

	CHECK_PATTERN(1, p, page_size());
}

/* Reads what the other process has stored by a mapping, and writes what it then loads. */
PROGRAM(exchanges_by_io)
{
	const size_t size = 3 * page_size();
	int fd = shm_open(argv[1], O_RDWR, 0);
	REQUIRE(fd != -1);
	char *bytes = map_anonymous(size, MAP_PRIVATE);

	CHECK_EQ(size, pread(fd, bytes, size, 0));
	CHECK_PATTERN(1, bytes, page_size());
	CHECK_BYTES(0, &bytes[page_size()], size - page_size());
	pattern_store(2, bytes, size);
	CHECK_EQ(size - page_size() + 5,
	    pwrite(fd, &bytes[page_size() - 5], size - page_size() + 5, (off_t)page_size() - 5));
	pause_for_parent();
	CHECK_EQ(size, pread(fd, bytes, size, 0));
	CHECK_PATTERN(3, bytes, size);
}

CASE(read_sees_mapping__another_process, DOCUMENTED,
    "read() and write() of a process that opens the object by its name, and live mappings of another, see each other",
    "Linux mmap(2)", "FreeBSD mmap(2)", "FreeBSD shm_open(2)", "NetBSD mmap(2)")
{
	const size_t size = 3 * page_size();
	struct object o = object_create(size);
	char *p = map_shared(o.fd, size);
	pattern_store(1, p, page_size()); /* nobody touches the others before the write */

	struct child other = program_start("exchanges_by_io", o.name);
	child_reaches_pause(&other);

	CHECK_PATTERN(1, p, page_size() - 5);
	CHECK_PATTERN_FROM(2, page_size() - 5, &p[page_size() - 5], size - page_size() + 5);
	pattern_store(3, p, size);
	child_goes_on(&other);
	child_exits(&other);
}
