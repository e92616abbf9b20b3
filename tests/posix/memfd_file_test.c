/* SPDX-License-Identifier: BSD-2-Clause */

/* Objects of memfd_create() as files: their size, what read() and write() have of them, who may open and execute them. */

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "fault.h"
#include "file.h"
#include "mapping.h"
#include "memfd.h"
#include "platform/fcntl.h"
#include "process.h"

INTERFACE(memfd_create, NEEDS_MEMFD, NEEDS_FILES_OF_PAGES(4))

static int
object_of(size_t size)
{
	int fd = memfd_create("shmcheck", 0);

	REQUIRE(fd != -1);
	set_size(fd, (off_t)size);
	return fd;
}

CASE(sized_after_mapping, DOCUMENTED,
    "A mapping that is made before the object has a size shows its pages when it has one", "Linux 3.17 memfd_create(2)",
    "FreeBSD 13.0 shm_open(2)", COVERS("memfd.mmap"))
{
	int fd = object_of(0);
	char *p = map_shared(fd, 2 * page_size());

	set_size(fd, (off_t)(2 * page_size()));

	CHECK_BYTES(0, p, 2 * page_size());
	pattern_store('m', p, 2 * page_size());
	CHECK_PATTERN('m', map_shared(fd, 2 * page_size()), 2 * page_size());
}

CASE(shrink_discards, DOCUMENTED, "What is cut off by a smaller size is zero when the object grows again",
    "Linux 3.17 memfd_create(2)", "FreeBSD 13.0 shm_open(2)", COVERS("memfd.truncate"))
{
	int fd = object_of(3 * page_size());
	char *p = map_shared(fd, 3 * page_size());
	pattern_store('m', p, 3 * page_size());

	set_size(fd, (off_t)(page_size() + 10));
	CHECK_EQ(page_size() + 10, size_of(fd));
	CHECK_PATTERN('m', p, page_size() + 10);
	set_size(fd, (off_t)(3 * page_size()));

	CHECK_PATTERN('m', p, page_size() + 10);
	CHECK_BYTES(0, &p[page_size() + 10], 2 * page_size() - 10);
}

static void
read_and_write(void *descriptor)
{
	int fd = *(int *)descriptor;

	CHECK_PATTERN('m', content_of(fd, 2 * page_size()), 2 * page_size());
	CHECK_EQ(5, pwrite(fd, "child", 5, (off_t)page_size() - 2));
}

CASE(read_and_write_by_child, DOCUMENTED,
    "A child reads what its parent has stored through a mapping, and what the child writes shows in the mapping",
    "Linux 3.17 memfd_create(2)", COVERS("fork.shm_map_and_read"))
{
	int fd = object_of(2 * page_size());
	char *p = map_shared(fd, 2 * page_size());
	pattern_store('m', p, 2 * page_size());

	in_child(read_and_write, &fd);

	CHECK_PATTERN('m', p, page_size() - 2);
	CHECK_EQ(0, memcmp("child", &p[page_size() - 2], 5));
	CHECK_PATTERN_FROM('m', page_size() + 3, &p[page_size() + 3], page_size() - 3);
}

CASE(duplicate, DOCUMENTED, "A duplicate of the descriptor reads the same bytes, from the same file position",
    "Linux 3.17 memfd_create(2)", COVERS("memfd.dup_content"))
{
	char bytes[4] = "";
	int fd = object_of(page_size());
	int other = dup(fd);
	REQUIRE(other != -1);

	CHECK_EQ(4, write(fd, "both", 4));
	CHECK_EQ(4, lseek(other, 0, SEEK_CUR));
	CHECK_EQ(4, pread(other, bytes, 4, 0));
	CHECK_EQ(0, memcmp("both", bytes, 4));
	REQUIRE(close(fd) == 0);
	CHECK_EQ('b', *(char *)map_shared(other, page_size()));
}

struct path {
	char text[64];
};

static void
open_path(void *path)
{
	int fd = open(((struct path *)path)->text, O_RDWR);
	need(fd != -1 || errno != EACCES, "/proc of another process is closed: open() fails with EACCES");
	REQUIRE(fd != -1);

	char *p = map_shared(fd, 2 * page_size());
	CHECK_PATTERN('m', p, 2 * page_size());
	pattern_store('c', p, 2 * page_size());
	CHECK_SUCCEEDS(ftruncate(fd, (off_t)(3 * page_size())));
}

CASE(opened_by_another_process, DOCUMENTED,
    "Another process that opens /proc/PID/fd/N of an object has the same memory, and sets its size",
    "Linux 3.17 memfd_create(2)", "Linux proc(5)", NEEDS_DESCRIPTORS_IN_PROC, COVERS("memfd.proc_open_other"))
{
	struct path path;
	int fd = object_of(2 * page_size());
	char *p = map_shared(fd, 2 * page_size());
	pattern_store('m', p, 2 * page_size());
	snprintf(path.text, sizeof(path.text), "/proc/%jd/fd/%d", (intmax_t)getpid(), fd);

	in_child(open_path, &path);

	CHECK_PATTERN('c', p, 2 * page_size());
	CHECK_EQ(3 * page_size(), size_of(fd));
}

CASE(fallocate_punches_hole, DOCUMENTED,
    "FALLOC_FL_PUNCH_HOLE makes a page of an object zero in each "
    "mapping and for read(), and leaves size and neighbours",
    "Linux 3.17 memfd_create(2)", "Linux 3.5 fallocate(2)", COVERS("memfd.fallocate memfd.punch_visible"))
{
	int fd = object_of(3 * page_size());
	char *p = map_shared(fd, 3 * page_size());
	char *other = map_shared(fd, 3 * page_size());
	pattern_store('m', p, 3 * page_size());

	CHECK_SUCCEEDS(
	    fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)page_size(), (off_t)page_size()));

	CHECK_PATTERN('m', other, page_size());
	CHECK_BYTES(0, &other[page_size()], page_size());
	CHECK_BYTES(0, content_of(fd, 2 * page_size()) + page_size(), page_size());
	CHECK_PATTERN_FROM('m', 2 * page_size(), &other[2 * page_size()], page_size());
	CHECK_EQ(3 * page_size(), size_of(fd));
	CHECK_SUCCEEDS(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)(4 * page_size())));
	CHECK_EQ(3 * page_size(), size_of(fd));
}

CASE(seal_size, DOCUMENTED, "With F_SEAL_SHRINK and F_SEAL_GROW an object keeps its size, and what it holds can change",
    "Linux 3.17 fcntl(2)", "FreeBSD 13.0 fcntl(2)", NEEDS_SEALS, COVERS("memfd.seal_resize"))
{
	int fd = memfd_sealable(2 * page_size());
	char *p = map_shared(fd, 2 * page_size());
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW));

	CHECK_FAILS(EPERM, -1, ftruncate(fd, 0));
	CHECK_FAILS(EPERM, -1, ftruncate(fd, (off_t)page_size()));
	CHECK_FAILS(EPERM, -1, ftruncate(fd, (off_t)(3 * page_size())));
	CHECK_SUCCEEDS(ftruncate(fd, (off_t)(2 * page_size())));

	CHECK_EQ(2 * page_size(), size_of(fd));
	pattern_store('m', p, 2 * page_size());
	CHECK_PATTERN('m', map_shared(fd, 2 * page_size()), 2 * page_size());
}

/* write() of 20 bytes, of which 10 are behind the end of an object that may not grow. */
static void
write_across_end(size_t size)
{
	char bytes[20];
	int fd = memfd_sealable(size);
	REQUIRE_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
	pattern_store('w', bytes, sizeof(bytes));

	errno = 0;
	ssize_t written = pwrite(fd, bytes, sizeof(bytes), (off_t)size - 10);

	CHECK(written == 10 || (written == -1 && errno == EPERM));
	CHECK_EQ(size, size_of(fd));
	const char *p = map_shared(fd, size);
	CHECK_BYTES(0, p, size - 10);
	if (written == 10)
		CHECK_PATTERN('w', &p[size - 10], 10);
	else
		CHECK_BYTES(0, &p[size - 10], 10);
}

#define ACROSS_END \
	"With F_SEAL_GROW a write() across the end writes what is before the end, or fails with EPERM and writes " \
	"nothing; the " \
	"size stays"

CASE(seal_grow__across_end, DOCUMENTED, ACROSS_END, "Linux 3.17 fcntl(2)", NEEDS_SEALS,
    COVERS("memfd.seal_grow_partial"))
{
	write_across_end(page_size());
}

CASE(seal_grow__across_end_in_page, DOCUMENTED, ACROSS_END, "Linux 3.17 fcntl(2)", NEEDS_SEALS,
    COVERS("memfd.seal_grow_same_page"))
{
	write_across_end(page_size() / 2);
}

CASE(seal_write_ebusy__beside_readers, DOCUMENTED,
    "F_SEAL_WRITE fails with EBUSY while one mapping can store, and works when only those remain that cannot",
    "Linux 3.17 fcntl(2)", NEEDS_SEALS, NEEDS_DESCRIPTORS_IN_PROC, COVERS("memfd.mixed_refs"))
{
	int fd = memfd_sealable(page_size());
	char *writable = map_shared(fd, page_size());
	char *private = map_private(fd, page_size());
	char *readable = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, memfd_open_again(fd, O_RDONLY), 0);
	REQUIRE(readable != MAP_FAILED);
	pattern_store('m', writable, page_size());

	CHECK_FAILS(EBUSY, -1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	unmap(writable, page_size());
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));

	CHECK_PATTERN('m', readable, page_size());
	CHECK_STORE_OK(private);
}

/* An object by these flags, where vm.memfd_noexec lets it be made. */
static int
object_with(unsigned flags)
{
	int fd = memfd_create("shmcheck", flags);

	need(fd != -1 || errno != EACCES, "vm.memfd_noexec is against it: memfd_create() fails with EACCES");
	REQUIRE(fd != -1);
	return fd;
}

#define NOEXEC_SOURCES "Linux 6.3 memfd_create(2)", "Linux 6.3 Documentation/userspace-api/mfd_noexec.rst"

CASE(noexec_seal, DOCUMENTED,
    "MFD_NOEXEC_SEAL makes an object that nobody may execute, and seals that; other seals can be added", NOEXEC_SOURCES,
    COVERS("memfd.noexec_seal"))
{
	int fd = object_with(MFD_NOEXEC_SEAL);

	CHECK_EQ(0666, status_of(fd).st_mode & 0777);
	CHECK_EQ(F_SEAL_EXEC, fcntl(fd, F_GET_SEALS));
	CHECK_FAILS(EPERM, -1, fchmod(fd, 0777));
	CHECK_EQ(0666, status_of(fd).st_mode & 0777);
	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
	CHECK_EQ(F_SEAL_EXEC | F_SEAL_SHRINK, fcntl(fd, F_GET_SEALS));
}

CASE(noexec_seal__exec, DOCUMENTED, "MFD_EXEC makes an object that may be executed, without a seal about that",
    NOEXEC_SOURCES, COVERS("memfd.noexec_seal memfd.seal_exec"))
{
	int fd = object_with(MFD_EXEC | MFD_ALLOW_SEALING);

	CHECK_EQ(0777, status_of(fd).st_mode & 0777);
	CHECK_EQ(0, fcntl(fd, F_GET_SEALS));
	CHECK_SUCCEEDS(fchmod(fd, 0600));
	CHECK_EQ(0600, status_of(fd).st_mode & 0777);
}

CASE(noexec_seal__both_einval, DOCUMENTED, "MFD_EXEC and MFD_NOEXEC_SEAL together fail with EINVAL", NOEXEC_SOURCES,
    COVERS("memfd.noexec_seal"))
{
	CHECK_FAILS(EINVAL, -1, memfd_create("shmcheck", MFD_EXEC | MFD_NOEXEC_SEAL));
}

enum { CLOSERS = 4, ROUNDS = 20 };

struct closing {
	int fd;
	atomic_uint ready;
	atomic_int succeeded;
	atomic_int refused;
};

static void *
close_with_others(void *arg)
{
	struct closing *c = arg;

	start_together(&c->ready, CLOSERS);
	if (close(c->fd) == 0)
		atomic_fetch_add(&c->succeeded, 1);
	else if (errno == EBADF)
		atomic_fetch_add(&c->refused, 1);
	return NULL;
}

CASE(close_at_once, SHALL,
    "Of threads that close one descriptor at the same time one succeeds and the others get EBADF; the mapping stays",
    "POSIX.1-2017 close() ERRORS", "POSIX.1-2017 mmap() DESCRIPTION", COVERS("close.race"))
{
	for (int round = 0; round < ROUNDS; round++) {
		struct closing c = { .fd = object_of(page_size()) };
		char *p = map_shared(c.fd, page_size());
		pthread_t threads[CLOSERS];
		pattern_store('m', p, page_size());

		for (int i = 0; i < CLOSERS; i++)
			thread_start(&threads[i], close_with_others, &c);
		for (int i = 0; i < CLOSERS; i++)
			REQUIRE_SUCCEEDS(pthread_join(threads[i], NULL));

		CHECK_EQ(1, atomic_load(&c.succeeded));
		CHECK_EQ(CLOSERS - 1, atomic_load(&c.refused));
		CHECK_PATTERN('m', p, page_size());
		unmap(p, page_size());
	}
}
