/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Mappings of a file and calls that read and write the same file. POSIX leaves open when one sees the other without msync(); no
 * platform hangs or loses what is not touched.
 */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "platform/behaviour.h"
#include "process.h"

INTERFACE(mmap_file_io)

#define POSIX_DESCRIPTION "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION"
#define POSIX_WRITE       "POSIX.1-2017 write() DESCRIPTION", "POSIX.1-2024 write() DESCRIPTION"
#define POSIX_READ        "POSIX.1-2017 read() DESCRIPTION", "POSIX.1-2024 read() DESCRIPTION"

static void
need_coherent_reads(void)
{
	need(reads_see_mappings(), "needs a system where read() and mappings agree without msync()");
}

#define NEEDS_COHERENT_READS NEED("read() that agrees with mappings", .ask = need_coherent_reads)

CASE(read_into_itself, SHALL, "read() of a file into a mapping of its own other pages stores what the file has there",
    POSIX_READ, NEEDS_COHERENT_READS, COVERS("mmap.self_read"))
{
	int fd = nameless_file_with_pattern(4);
	char *p = map_shared(fd, 4 * page_size());

	CHECK_EQ(2 * page_size(), pread(fd, &p[2 * page_size()], 2 * page_size(), 0));

	CHECK_PATTERN('f', p, 2 * page_size());
	CHECK_PATTERN('f', &p[2 * page_size()], 2 * page_size());
	CHECK_PATTERN('f', content_of(fd, 4 * page_size()) + 2 * page_size(), 2 * page_size());
	CHECK_EQ(4 * page_size(), size_of(fd));
}

CASE(write_from_itself, SHALL, "write() to a file from a mapping of its own other pages writes what they have",
    POSIX_WRITE, NEEDS_COHERENT_READS, COVERS("mmap.self_write"))
{
	int fd = nameless_file_with_pattern(4);
	char *p = map_shared(fd, 4 * page_size());

	CHECK_EQ(2 * page_size(), pwrite(fd, p, 2 * page_size(), (off_t)(2 * page_size())));

	CHECK_PATTERN('f', p, 2 * page_size());
	CHECK_PATTERN('f', &p[2 * page_size()], 2 * page_size());
	CHECK_PATTERN('f', content_of(fd, 4 * page_size()) + 2 * page_size(), 2 * page_size());
}

CASE(same_page, SHALL, "read() into the very page that it reads, and write() from that which it writes, change nothing",
    POSIX_READ, POSIX_WRITE, NEEDS_COHERENT_READS)
{
	int fd = nameless_file_with_pattern(2);
	char *p = map_shared(fd, 2 * page_size()); /* untouched, so that the call itself brings the page */

	CHECK_EQ(page_size(), pread(fd, p, page_size(), 0));
	CHECK_EQ(page_size(), pwrite(fd, &p[page_size()], page_size(), (off_t)page_size()));

	CHECK_PATTERN('f', p, 2 * page_size());
	CHECK_PATTERN('f', content_of(fd, 2 * page_size()), 2 * page_size());
}

CASE(write_appends_itself, SHALL, "write() behind the end of a file from a mapping of the file makes it longer",
    POSIX_WRITE, NEEDS_COHERENT_READS)
{
	int fd = nameless_file_with_pattern(1);
	char *p = map_shared(fd, page_size());

	REQUIRE(lseek(fd, 0, SEEK_END) == (off_t)page_size());
	CHECK_EQ(page_size(), write(fd, p, page_size()));

	CHECK_EQ(2 * page_size(), size_of(fd));
	CHECK_PATTERN('f', p, page_size());
	CHECK_PATTERN('f', content_of(fd, 2 * page_size()) + page_size(), page_size());
}

CASE(write_across_end_of_mapping, SHALL,
    "A write() that begins inside and ends behind the mapped part is whole in the file, and seen in the mapping",
    POSIX_WRITE, NEEDS_COHERENT_READS, COVERS("mmap.write_map_and_file"))
{
	int fd = nameless_file_with_pattern(3);
	char *p = map_shared(fd, page_size());
	char *written = map_anonymous(page_size(), MAP_PRIVATE);
	REQUIRE(!load_is_refused(p));
	pattern_store('w', written, page_size());

	CHECK_EQ(page_size(), pwrite(fd, written, page_size(), (off_t)page_size() / 2));

	CHECK_PATTERN('f', p, page_size() / 2);
	CHECK_PATTERN('w', &p[page_size() / 2], page_size() / 2);
	const char *content = content_of(fd, 3 * page_size());
	CHECK_PATTERN('f', content, page_size() / 2);
	CHECK_PATTERN('w', &content[page_size() / 2], page_size());
	CHECK_PATTERN_FROM(
	    'f', page_size() + page_size() / 2, &content[page_size() + page_size() / 2], page_size() + page_size() / 2);
}

/* Four adjacent pages, each of another mapping. */
static char *
map_adjacent(int file, int object)
{
	char *p = map_aligned(4 * attach_multiple());
	const int fixed = MAP_FIXED | MAP_SHARED;

	if (attach_multiple() != page_size())
		return p; /* shared pages cannot be placed side by side */
	REQUIRE(mmap(p, page_size(), PROT_READ | PROT_WRITE, fixed, file, 0) == p);
	REQUIRE(mmap(&p[page_size()], page_size(), PROT_READ | PROT_WRITE, fixed | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
	REQUIRE(mmap(&p[2 * page_size()], page_size(), PROT_READ | PROT_WRITE, fixed, object, 0) != MAP_FAILED);
	return p;
}

CASE(across_mappings, SHALL, "One read() or write() reaches over several adjacent mappings of different kinds",
    POSIX_READ, POSIX_WRITE, NEEDS_OBJECTS, COVERS("mmap.io_across_maps"))
{
	int file = nameless_file(page_size());
	int object = object_create(page_size()).fd;
	int source = nameless_file_with_pattern(4);
	int target = nameless_file(4 * page_size());
	char *p = map_adjacent(file, object);

	CHECK_EQ(3 * page_size(), pread(source, &p[page_size() / 2], 3 * page_size(), 0));
	CHECK_BYTES(0, p, page_size() / 2);
	CHECK_PATTERN('f', &p[page_size() / 2], 3 * page_size());
	CHECK_BYTES(0, &p[3 * page_size() + page_size() / 2], page_size() / 2);

	pattern_store('a', p, 4 * page_size());
	CHECK_EQ(4 * page_size(), pwrite(target, p, 4 * page_size(), 0));
	CHECK_PATTERN('a', content_of(target, 4 * page_size()), 4 * page_size());
}

CASE(copied_page_by_read, SHALL,
    "read() into a page of a private mapping stores in the process's copy, which later loads and write() see",
    POSIX_DESCRIPTION, POSIX_READ, COVERS("mmap.cow_kernel_access"))
{
	int fd = nameless_file(2 * page_size());
	int source = nameless_file_with_pattern(2);
	int target = nameless_file(2 * page_size());
	char *p = map_private(fd, 2 * page_size());
	REQUIRE(!load_is_refused(p)); /* one page was loaded before, the other is touched by read() first */

	CHECK_EQ(2 * page_size(), pread(source, p, 2 * page_size(), 0));
	CHECK_PATTERN('f', p, 2 * page_size());
	CHECK_EQ(2 * page_size(), pwrite(target, p, 2 * page_size(), 0));
	CHECK_PATTERN('f', content_of(target, 2 * page_size()), 2 * page_size());
	CHECK_BYTES(0, content_of(fd, 2 * page_size()), 2 * page_size());
}

CASE(read_only_beside_writer, SHALL,
    "A file can be mapped for reading while another descriptor of it is open for writing alone, which then writes",
    POSIX_DESCRIPTION, NEEDS_COHERENT_READS, COVERS("mmap.ro_with_wo"))
{
	struct file f = file_with_pattern(1);
	int writer = open(f.name, O_WRONLY | O_CLOEXEC);
	int reader = open(f.name, O_RDONLY | O_CLOEXEC);
	REQUIRE(writer != -1);
	REQUIRE(reader != -1);

	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, reader, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_PATTERN('f', p, page_size());
	CHECK_EQ(1, pwrite(writer, "w", 1, (off_t)page_size() - 1));
	CHECK_EQ('w', p[page_size() - 1]);
	CHECK(store_is_refused(p));
}

CASE(hole_filled_by_store, SHALL,
    "A store into a hole of a file fills its page alone, and the rest of the hole is zero", POSIX_DESCRIPTION,
    ALSO("mmap.shared-write-changes-file"), COVERS("mmap.sparse_hole"))
{
	const size_t size = 64 * page_size();
	int fd = sparse_file(size);
	char *p = map_shared(fd, size);
	const size_t stored = 33 * page_size() + 100;

	p[stored] = 's';
	CHECK_SUCCEEDS(msync(p, size, MS_SYNC));

	const char *content = content_of(fd, size);
	CHECK_BYTES(0, content, stored);
	CHECK_EQ('s', content[stored]);
	CHECK_BYTES(0, &content[stored + 1], size - stored - 1);
	CHECK_BYTES(0, p, stored);
	CHECK_EQ(size, size_of(fd));
}

CASE(large_written_back, SHALL, "A store to each page of 4 MiB changes the file, and read() shows it after msync()",
    POSIX_DESCRIPTION, ALSO("mmap.shared-write-changes-file"), NEEDS_FILES_OF_BYTES(4 << 20),
    COVERS("mmap.large_writeback"))
{
	const size_t size = 4 << 20;
	int fd = nameless_file(size);
	char *p = map_shared(fd, size);

	pattern_store('s', p, size);
	CHECK_SUCCEEDS(msync(p, size, MS_SYNC));

	CHECK_PATTERN('s', content_of(fd, size), size);
	unmap(p, size);
	CHECK_PATTERN('s', map_shared(fd, size), size);
}

/* The parent makes the file longer while the child stores in its last page. */
static void
store_in_rounds(void *arg)
{
	char *p = arg;

	for (unsigned round = 0; round < 20; round++) {
		pause_for_parent();
		memset(&p[round * 100], (int)('a' + round), 100);
	}
}

CASE(extended_while_stored, SHALL, "What is stored in the last page of a file stays when the file is made longer",
    POSIX_DESCRIPTION, "POSIX.1-2017 ftruncate() DESCRIPTION", COVERS("mmap.extend_tail"))
{
	int fd = nameless_file(2000);
	char *p = map_shared(fd, page_size());
	struct child c = child_start(store_in_rounds, p);

	for (unsigned round = 0; round < 20; round++) {
		child_reaches_pause(&c);
		child_goes_on(&c);
		set_size(fd, 2000 + 50 * ((off_t)round + 1));
	}
	child_exits(&c);

	for (unsigned round = 0; round < 20; round++)
		CHECK_BYTES('a' + round, &p[round * 100], 100);
	CHECK_EQ(3000, size_of(fd));
}
