/* SPDX-License-Identifier: BSD-2-Clause */

/* memfd_create() of Linux, FreeBSD and NetBSD: unnamed objects. Their seals are in memfd_seal_test.c. */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "fault.h"
#include "file.h"
#include "huge_pages.h"
#include "mapping.h"
#include "memfd.h"
#include "object.h"
#include "process.h"
#include "program.h"

INTERFACE(memfd_create, NEEDS_MEMFD)

CASE(size_zero_rdwr, DOCUMENTED, "A new object has size zero, and its descriptor is open for reading and writing",
    "Linux 3.17 memfd_create(2)", "FreeBSD 13.0 shm_open(2)", "NetBSD 11.0 memfd_create(2)", NEEDS_FILES_OF_PAGES(2))
{
	int fd = memfd_create("shmcheck", 0);

	REQUIRE(fd != -1);
	CHECK_EQ(0, size_of(fd));
	CHECK_EQ(O_RDWR, fcntl(fd, F_GETFL) & O_ACCMODE);
	CHECK_SUCCEEDS(ftruncate(fd, (off_t)(2 * page_size())));
	char *p = map_shared(fd, 2 * page_size());
	CHECK_BYTES(0, p, 2 * page_size());
	pattern_store(1, p, 2 * page_size());
	CHECK_PATTERN(1, map_shared(fd, 2 * page_size()), 2 * page_size());
}

CASE(size_zero_rdwr__write, DOCUMENTED,
    "write() fills an object and sets its size, and a mapping shows what was written", "Linux 3.17 memfd_create(2)",
    "NetBSD 11.0 memfd_create(2)", NEEDS_FILES_OF_BYTES(300), COVERS("memfd.read_write"))
{
	int fd = memfd_create("shmcheck", 0);
	REQUIRE(fd != -1);
	char bytes[300];
	memset(bytes, 'w', sizeof(bytes));

	CHECK_EQ(sizeof(bytes), write(fd, bytes, sizeof(bytes)));

	if (CHECK_EQ(sizeof(bytes), size_of(fd))) {
		known_defect(NETBSD, "11.0",
		    "a mapping that ends behind the size fails with EINVAL, in the last page too",
		    "NetBSD sys/kern/sys_memfd.c memfd_mmap()");
		CHECK_BYTES('w', map_shared(fd, sizeof(bytes)), sizeof(bytes));
	}
}

CASE(size_zero_rdwr__regular_file, DOCUMENTED,
    "An object behaves as a regular file: fstat() tells so, and its offset moves with read(), write() and lseek()",
    "Linux 3.17 memfd_create(2)", "NetBSD 11.0 memfd_create(2)", NEEDS_FILES_OF_BYTES(300))
{
	int fd = memfd_create("shmcheck", 0);
	REQUIRE(fd != -1);
	char bytes[4] = "";

	CHECK_EQ(10, write(fd, "0123456789", 10));
	CHECK_EQ(10, lseek(fd, 0, SEEK_CUR));
	CHECK_EQ(3, lseek(fd, -7, SEEK_END));
	CHECK_EQ(3, read(fd, bytes, 3));
	CHECK_EQ(0, strcmp("345", bytes));
	CHECK_EQ(6, lseek(fd, 0, SEEK_CUR));
	CHECK_EQ(0, pread(fd, bytes, 1, 10)); /* the end */

	known_defect(NETBSD, "11.0", "fstat() tells no type of file", "NetBSD sys/kern/sys_memfd.c memfd_stat()");
	CHECK(S_ISREG(status_of(fd).st_mode));
}

CASE(size_zero_rdwr__released, DOCUMENTED, "A mapping alone keeps an object whose last descriptor is closed",
    "Linux 3.17 memfd_create(2)", "FreeBSD 13.0 shm_open(2)")
{
	int fd = memfd_create("shmcheck", 0);
	REQUIRE(fd != -1);
	set_size(fd, (off_t)(2 * page_size()));
	char *p = map_shared(fd, 2 * page_size());
	pattern_store(1, p, 2 * page_size());

	close(fd);

	CHECK_PATTERN(1, p, 2 * page_size());
}

CASE(names_not_unique, DOCUMENTED, "Each call makes an object of its own, even if the name is the same",
    "Linux 3.17 memfd_create(2)", "FreeBSD 13.0 shm_open(2)", "NetBSD 11.0 memfd_create(2)")
{
	int one = memfd_create("shmcheck", 0);
	int two = memfd_create("shmcheck", 0);
	REQUIRE(one != -1);
	REQUIRE(two != -1);

	set_size(one, (off_t)page_size());
	CHECK_EQ(0, size_of(two));
	set_size(two, (off_t)page_size());
	pattern_store(1, map_shared(one, page_size()), page_size());

	CHECK_BYTES(0, map_shared(two, page_size()), page_size());
	CHECK_PATTERN(1, map_shared(one, page_size()), page_size());
}

CASE(names_not_unique__no_object_name, DOCUMENTED,
    "shm_open() and shm_unlink() do not find an object of memfd_create() by its name", "Linux 3.17 memfd_create(2)",
    "FreeBSD 13.0 shm_open(2)", NEEDS_OBJECTS)
{
	struct object o = object_name();

	REQUIRE(memfd_create(o.name, 0) != -1);
	REQUIRE(memfd_create(o.name + 1, 0) != -1);

	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0));
	CHECK_FAILS(ENOENT, -1, shm_unlink(o.name));
}

CASE(cloexec_only_on_request, DOCUMENTED, "FD_CLOEXEC is set on the new descriptor with MFD_CLOEXEC and clear without",
    "Linux 3.17 memfd_create(2)", "FreeBSD 13.0 shm_open(2)", "NetBSD 11.0 memfd_create(2)", COVERS("memfd.cloexec"))
{
	int without = memfd_create("shmcheck", 0);
	int with = memfd_create("shmcheck", MFD_CLOEXEC);
	int sealing = memfd_create("shmcheck", MFD_ALLOW_SEALING);
	REQUIRE(without != -1);
	REQUIRE(with != -1);
	REQUIRE(sealing != -1);

	CHECK_EQ(0, fcntl(without, F_GETFD) & FD_CLOEXEC);
	CHECK_EQ(FD_CLOEXEC, fcntl(with, F_GETFD) & FD_CLOEXEC);
	CHECK_EQ(0, fcntl(sealing, F_GETFD) & FD_CLOEXEC);
}

CASE(name_too_long, DOCUMENTED, "A name of 249 bytes is accepted and a longer one fails with EINVAL",
    "Linux 3.17 memfd_create(2)", "FreeBSD 13.0 shm_open(2)", COVERS("memfd.name_long"))
{
	char name[1024];

	memset(name, 'x', sizeof(name));
	name[1023] = '\0';
	CHECK_FAILS(EINVAL, -1, memfd_create(name, 0));
	name[250] = '\0';
	CHECK_FAILS(EINVAL, -1, memfd_create(name, 0));
	name[249] = '\0';
	CHECK_NE(-1, memfd_create(name, 0));
}

CASE(name_too_long__netbsd, DOCUMENTED,
    "A name of NAME_MAX - 6 bytes is accepted and a longer one fails with ENAMETOOLONG", "NetBSD 11.0 memfd_create(2)",
    COVERS("memfd.name_long_enametoolong"))
{
	char name[NAME_MAX + 100];

	memset(name, 'x', sizeof(name));
	name[NAME_MAX + 1] = '\0';
	CHECK_FAILS(ENAMETOOLONG, -1, memfd_create(name, 0));
	name[NAME_MAX - 5] = '\0';
	CHECK_FAILS(ENAMETOOLONG, -1, memfd_create(name, 0));
	name[NAME_MAX - 7] = '\0';
	CHECK_NE(-1, memfd_create(name, 0));
	name[NAME_MAX - 7] = 'x';
	name[NAME_MAX - 6] = '\0';
	known_defect(
	    NETBSD, "11.0", "NAME_MAX - 7 bytes are the most", "NetBSD sys/kern/sys_memfd.c sys_memfd_create()");
	CHECK_NE(-1, memfd_create(name, 0));
}

CASE(empty_name_ok, DOCUMENTED, "The empty name is accepted", "FreeBSD 13.0 shm_open(2)", "Linux 3.17 memfd_create(2)",
    COVERS("memfd.good_flags"))
{
	int fd = memfd_create("", 0);

	REQUIRE(fd != -1);
	set_size(fd, 1);
	CHECK_STORE_OK(map_shared(fd, 1));
}

CASE(name_efault, DOCUMENTED, "A name at an address where nothing is mapped, and a null pointer, fail with EFAULT",
    "Linux 3.17 memfd_create(2)", "NetBSD 11.0 memfd_create(2)", COVERS("memfd.name_null"))
{
	char *volatile no_name = NULL; /* compilers know that there has to be one */

	CHECK_FAILS(EFAULT, -1, memfd_create(free_range(page_size()), 0));
	CHECK_FAILS(EFAULT, -1, memfd_create(no_name, 0));
}

CASE(name_efault__null, DOCUMENTED, "On FreeBSD a null pointer instead of a name fails with EBADF",
    "FreeBSD 13.0 shm_open(2)")
{
	char *volatile no_name = NULL; /* compilers know that there has to be one */

	CHECK_FAILS(EBADF, -1, memfd_create(no_name, 0));
}

CASE(flags_einval, DOCUMENTED, "Unknown flags fail with EINVAL", "Linux 3.17 memfd_create(2)",
    "FreeBSD 13.0 shm_open(2)", "NetBSD 11.0 memfd_create(2)", COVERS("memfd.bad_flags"))
{
	CHECK_FAILS(EINVAL, -1, memfd_create("shmcheck", 0x00800000U));
	CHECK_FAILS(EINVAL, -1, memfd_create("shmcheck", MFD_CLOEXEC | 0x00800000U));
}

static void
create_without_free_descriptor(void *unused)
{
	(void)unused;
	int last = use_up_descriptors();

	CHECK_FAILS(EMFILE, -1, memfd_create("shmcheck", 0));

	close(last);
	CHECK_EQ(last, memfd_create("shmcheck", 0));
}

CASE(emfile, DOCUMENTED, "A process without a free descriptor gets EMFILE, and an object when one is free",
    "Linux 3.17 memfd_create(2)", "FreeBSD 13.0 shm_open(2)")
{
	in_child(create_without_free_descriptor, NULL);
}

CASE(shown_in_proc, DOCUMENTED, "/proc/self/fd shows the name of an object behind \"memfd:\"",
    "Linux 3.17 memfd_create(2)", NEEDS_DESCRIPTORS_IN_PROC, COVERS("memfd.proc_name"))
{
	static const char expected[] = "/memfd:shmcheck";
	char path[64];
	char shown[128] = "";
	int fd = memfd_create("shmcheck", 0);
	REQUIRE(fd != -1);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	REQUIRE(readlink(path, shown, sizeof(shown) - 1) != -1);

	CHECK_EQ(0, strncmp(expected, shown, strlen(expected)));
}

CASE(hugetlb, DOCUMENTED, "With MFD_HUGETLB the object is made of huge pages of the default size",
    "Linux 4.14 memfd_create(2)", NEEDS_FREE_HUGE_PAGES(1))
{
	const size_t huge = huge_page_size();
	int fd = memfd_create("shmcheck", MFD_HUGETLB);
	need(fd != -1 || errno != EPERM, "this user may not use huge pages: memfd_create() fails with EPERM");
	REQUIRE(fd != -1);

	CHECK_EQ(huge, status_of(fd).st_blksize);
	set_size(fd, (off_t)huge);
	char *p = mmap(NULL, huge, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	need(p != MAP_FAILED || errno != ENOMEM, "no free huge page: mmap() fails with ENOMEM");
	REQUIRE(p != MAP_FAILED);
	CHECK_EQ(0, (uintptr_t)p % huge);
	CHECK_BYTES(0, p, huge);
	CHECK_STORE_OK(&p[0]);
	CHECK_STORE_OK(&p[huge - 1]);
}

PROGRAM(has_object_open)
{
	int fd = (int)number_from(argv[1]);
	CHECK_EQ(2 * page_size(), size_of(fd));

	char *p = map_shared(fd, 2 * page_size());
	CHECK_PATTERN(1, p, page_size());
	p[page_size()] = 'e';
}

static void
exec_with_descriptor(void *descriptor)
{
	struct number number = number_text(*(int *)descriptor);

	program_become("has_object_open", number.text);
}

static void
map_inherited(void *descriptor)
{
	char *p = map_shared(*(int *)descriptor, 2 * page_size());

	CHECK_PATTERN(1, p, page_size());
	p[page_size() + 1] = 'f';
}

CASE(inherited_by_fork_and_exec, DOCUMENTED,
    "Without MFD_CLOEXEC a descriptor stays open over fork and exec, and maps the same memory",
    "Linux 3.17 memfd_create(2)", "FreeBSD 13.0 shm_open(2)", "NetBSD 11.0 memfd_create(2)")
{
	int fd = memfd_create("shmcheck", 0);
	REQUIRE(fd != -1);
	set_size(fd, (off_t)(2 * page_size()));
	char *p = map_shared(fd, 2 * page_size());
	pattern_store(1, p, page_size());

	in_child(map_inherited, &fd);
	in_child(exec_with_descriptor, &fd);

	CHECK_EQ('e', p[page_size()]);
	CHECK_EQ('f', p[page_size() + 1]);
}

PROGRAM(descriptor_is_closed)
{
	CHECK_FAILS(EBADF, -1, fcntl((int)number_from(argv[1]), F_GETFD));
}

static void
exec_without_descriptor(void *descriptor)
{
	struct number number = number_text(*(int *)descriptor);

	program_become("descriptor_is_closed", number.text);
}

CASE(inherited_by_fork_and_exec__cloexec, DOCUMENTED,
    "With MFD_CLOEXEC a descriptor stays open over fork and is closed by exec", "Linux 3.17 memfd_create(2)",
    "FreeBSD 13.0 shm_open(2)", "NetBSD 11.0 memfd_create(2)")
{
	int fd = memfd_create("shmcheck", MFD_CLOEXEC);
	REQUIRE(fd != -1);
	set_size(fd, (off_t)(2 * page_size()));
	char *p = map_shared(fd, 2 * page_size());
	pattern_store(1, p, page_size());

	in_child(map_inherited, &fd);
	in_child(exec_without_descriptor, &fd);

	CHECK_EQ('f', p[page_size() + 1]);
}
