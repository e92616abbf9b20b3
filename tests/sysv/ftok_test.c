/* SPDX-License-Identifier: BSD-2-Clause */

/* Keys for System V segments from files. */

#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "large_file.h"
#include "object.h"
#include "process.h"
#include "program.h"
#include "segment.h"

INTERFACE(ftok)

static struct file
symlink_to(const char *target, const struct file *f, const char *suffix)
{
	struct file n = file_name_beside(f, suffix);

	REQUIRE(symlink(target, n.name) == 0);
	return n;
}

PROGRAM(same_key)
{
	REQUIRE(argc == 3);
	CHECK_EQ((key_t)number_from(argv[2]), ftok(argv[1], 'k'));
}

CASE(same_file_same_id, SHALL,
    "A relative, an absolute and an unresolved path of a file give the same key for the same id, at every call",
    "POSIX.1-2017 ftok() DESCRIPTION", "Linux ftok(3)", "illumos ftok(3C)")
{
	static const int ids[] = { 1, 'k', 255 };
	struct file f = file_create(1);
	char directory[PATH_MAX];
	char path[PATH_MAX + 64];

	for (size_t i = 0; i < nitems(ids); i++) {
		key_t key = ftok(f.name, ids[i]);

		CHECK_NE((key_t)-1, key);
		CHECK_EQ(key, ftok(f.name, ids[i]));
		snprintf(path, sizeof(path), ".//./%s", f.name);
		CHECK_EQ(key, ftok(path, ids[i]));
		REQUIRE(getcwd(directory, sizeof(directory)) != NULL);
		snprintf(path, sizeof(path), "%s/%s", directory, f.name);
		CHECK_EQ(key, ftok(path, ids[i]));
	}
}

CASE(same_file_same_id__unrelated_process, SHALL, "A file gives the same key for the same id in every process",
    "POSIX.1-2017 ftok() DESCRIPTION", "Linux ftok(3)", "illumos ftok(3C)", COVERS("BS5"))
{
	struct file f = file_create(1);
	key_t key = ftok(f.name, 'k');
	CHECK_NE((key_t)-1, key);

	struct child c = program_start("same_key", f.name, number_text(key).text);
	child_exits(&c);
}

CASE(hard_link_same_key, SHALL, "The links of a file give the same key for the same id",
    "POSIX.1-2017 ftok() DESCRIPTION", "Linux ftok(3)", "FreeBSD ftok(3)", "NetBSD ftok(3)", "OpenBSD ftok(3)",
    "DragonFly ftok(3)", "macOS ftok(3)", "illumos ftok(3C)", COVERS("ftok.links_same"))
{
	struct file f = file_create(1);
	struct file other = file_name_beside(&f, ".link");
	key_t key = ftok(f.name, 'k');
	bool linked = link(f.name, other.name) == 0;
	need(linked, "needs hard links: link() gives %s", errno_name(errno));

	CHECK_NE((key_t)-1, key);
	CHECK_EQ(key, ftok(other.name, 'k'));
	CHECK_EQ(key, ftok(f.name, 'k'));

	REQUIRE(unlink(f.name) == 0);
	CHECK_EQ(key, ftok(other.name, 'k'));
}

CASE(symlink_followed, SHALL, "A symbolic link gives the key of the file that it points to",
    "POSIX.1-2017 ftok() DESCRIPTION", "Linux ftok(3)", "FreeBSD ftok(3)", "NetBSD ftok(3)", "OpenBSD ftok(3)",
    "DragonFly ftok(3)", "macOS ftok(3)", "illumos ftok(3C)")
{
	struct file f = file_create(1);
	struct file to_file = symlink_to(f.name, &f, ".s");
	struct file to_symlink = symlink_to(to_file.name, &f, ".ss");
	struct file to_directory = symlink_to(".", &f, ".d");
	char through_directory[128];
	snprintf(through_directory, sizeof(through_directory), "%s/%s", to_directory.name, f.name);

	key_t key = ftok(f.name, 'k');

	CHECK_NE((key_t)-1, key);
	CHECK_EQ(key, ftok(to_file.name, 'k'));
	CHECK_EQ(key, ftok(to_symlink.name, 'k'));
	CHECK_EQ(key, ftok(through_directory, 'k'));
	CHECK_EQ(ftok(".", 'k'), ftok(to_directory.name, 'k'));
}

CASE(low_8_bits_only, SHALL, "Only the eight low-order bits of the id count", "POSIX.1-2017 ftok() DESCRIPTION",
    "Linux ftok(3)", "FreeBSD ftok(3)", "NetBSD ftok(3)", "OpenBSD ftok(3)", "DragonFly ftok(3)", "macOS ftok(3)",
    "illumos ftok(3C)", COVERS("BS2"))
{
	struct file f = file_create(1);

	for (int id = 1; id <= 255; id++) {
		key_t key = ftok(f.name, id);

		CHECK_NE((key_t)-1, key);
		CHECK_EQ(key, ftok(f.name, id + 0x100));
		CHECK_EQ(key, ftok(f.name, id + 0x7fffff00));
		CHECK_EQ(key, ftok(f.name, id - 0x100));
		CHECK_EQ(key, ftok(f.name, INT_MIN + id));
	}
}

/* How many of the keys are different from all others before them. */
static int
distinct(const key_t *keys, int count)
{
	int found = 0;

	for (int i = 0; i < count; i++) {
		int before = 0;

		while (before < i && keys[before] != keys[i])
			before++;
		found += before == i;
	}
	return found;
}

CASE(different_id_should_differ, MAY, "Different ids should give different keys for one file",
    "POSIX.1-2017 ftok() DESCRIPTION", "Linux ftok(3)", "illumos ftok(3C)",
    CHOICE("Linux ftok(3)", "distinct-keys-of-255-ids", "255"),
    CHOICE("illumos ftok(3C)", "distinct-keys-of-255-ids", "255"), COVERS("BS1"))
{
	struct file f = file_create(1);
	key_t keys[255];

	for (int i = 0; i < 255; i++) {
		keys[i] = ftok(f.name, i + 1);
		CHECK_NE((key_t)-1, keys[i]);
	}

	CHECK(distinct(keys, 255) > 1); /* or the id would not count at all */
	observed("distinct-keys-of-255-ids", "%d", distinct(keys, 255));
}

CASE(different_files_should_differ, MAY, "Different files of one file system should give different keys for one id",
    "POSIX.1-2017 ftok() DESCRIPTION", "Linux ftok(3)", COVERS("BS3"))
{
	key_t keys[16];

	for (int i = 0; i < 16; i++) {
		struct file f = file_create(1);

		keys[i] = ftok(f.name, 'k');
		CHECK_NE((key_t)-1, keys[i]);
	}

	CHECK(distinct(keys, 16) > 1); /* or the file would not count at all */
	observed("distinct-keys-of-16-files", "%d", distinct(keys, 16));
}

/* The bits of the file serial number that go into a key: of all others no manual promises anything. */
static ino_t
serial_bits(const struct file *f)
{
	struct stat status;

	REQUIRE(fstat(f->fd, &status) == 0);
	return status.st_ino & (platform_is(ILLUMOS) ? 0xfff : 0xffff);
}

CASE(different_files_should_differ__low_bits, DOCUMENTED,
    "Files of one file system give different keys for one id if the "
    "low 16 bits of their file serial numbers differ (12 on illumos)",
    "Linux ftok(3)", "NetBSD ftok(3)", "OpenBSD ftok(3)", "FreeBSD lib/libc/gen/ftok.c ftok()",
    "DragonFly lib/libc/gen/ftok.c ftok()", "macOS Libc gen/FreeBSD/ftok.c ftok()",
    "illumos usr/src/lib/libc/port/gen/ftok.c ftok()")
{
	struct file files[16];
	key_t keys[16];

	for (int i = 0; i < 16; i++) {
		files[i] = file_create(1);
		keys[i] = ftok(files[i].name, 'k');
		for (int before = 0; before < i; before++)
			if (serial_bits(&files[before]) != serial_bits(&files[i]))
				CHECK_NE(keys[before], keys[i]);
	}
}

CASE(id_zero_unspecified, OBSERVED,
    "An id whose eight low-order bits are zero gives a key or an error: the result is unspecified",
    "POSIX.1-2017 ftok() DESCRIPTION", "Linux ftok(3)", "illumos ftok(3C)")
{
	struct file f = file_create(1);

	errno = 0;
	key_t key = ftok(f.name, 0);
	int error = errno;

	CHECK(key != (key_t)-1 || error != 0);
	observed("id-zero", "%s", key == (key_t)-1 ? errno_name(error) : "a key");
	observed("id-0x100", "%s", ftok(f.name, 0x100) == key ? "the same as id 0" : "not the same as id 0");
}

CASE(key_not_minus_one_on_success, SHALL,
    "A regular file, a FIFO, a directory and a device give a key, which is not (key_t)-1",
    "POSIX.1-2017 ftok() RETURN VALUE")
{
	struct file f = file_create(0);
	struct file fifo = file_name_beside(&f, ".fifo");
	const char *files[] = { f.name, fifo.name, ".", "..", "/", "/dev/null" };
	REQUIRE(mkfifo(fifo.name, 0) == 0);

	for (size_t i = 0; i < nitems(files); i++)
		for (int id = 1; id <= 255; id++) {
			errno = 0;
			if (ftok(files[i], id) == (key_t)-1)
				check_failed(__FILE__, __LINE__, "ftok(\"%s\", %d) gives -1 with %s, expected a key",
				    files[i], id, errno_name(errno));
		}
}

PROGRAM(key_user)
{
	REQUIRE(argc == 3);
	int id = shmget(ftok(argv[1], (int)number_from(argv[2])), 2 * page_size(), 0600);

	REQUIRE(id != -1);
	char *p = segment_attach(id, NULL, 0);
	CHECK_PATTERN(1, p, 2 * page_size());
	pattern_store(2, p, 2 * page_size());
}

CASE(key_usable_by_shmget, SHALL,
    "Unrelated processes that know the same path and id reach the same segment by the key",
    "POSIX.1-2017 ftok() DESCRIPTION", "Linux ftok(3)", "FreeBSD ftok(3)", "NetBSD ftok(3)", "OpenBSD ftok(3)",
    "DragonFly ftok(3)", "macOS ftok(3)", "illumos ftok(3C)", NEEDS_ROOM_FOR_SEGMENTS,
    COVERS("shmget.lookup_same_id ftok.ok"))
{
	struct file f = file_create(1);
	key_t key = (key_t)-1;
	int id = 0;

	do { /* different files may have the same key: a segment that is there already is left alone */
		key = ftok(f.name, ++id);
		errno = 0;
	} while (id < 255 && (shmget(key, 0, 0) != -1 || errno != ENOENT));
	char *p = segment_attach(segment_create_with_key(key, 2 * page_size(), 0600), NULL, 0);
	pattern_store(1, p, 2 * page_size());

	struct child c = program_start("key_user", f.name, number_text(id).text);
	child_exits(&c);

	CHECK_PATTERN(2, p, 2 * page_size());
}

CASE(recreated_file_unspecified, OBSERVED,
    "A file that is removed and made again gives a key, the same as before or another",
    "POSIX.1-2017 ftok() DESCRIPTION", "illumos ftok(3C)")
{
	struct file f = file_create(1);
	struct file again = file_name_beside(&f, ".again");
	REQUIRE(rename(f.name, again.name) == 0);
	key_t before = ftok(again.name, 'k');
	close(f.fd);
	REQUIRE(unlink(again.name) == 0);
	int fd = open(again.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);

	key_t after = ftok(again.name, 'k');

	CHECK_NE((key_t)-1, before);
	CHECK_NE((key_t)-1, after);
	observed("key-of-file-made-again", "%s", before == after ? "the same" : "another");
}

CASE(contents_do_not_matter, SHALL, "A file keeps its key when its data, size, mode, times and name change",
    "POSIX.1-2017 ftok() DESCRIPTION")
{
	struct file f = file_create(0);
	struct file renamed = file_name_beside(&f, ".renamed");
	const struct timespec times[2] = { { 1000000000, 0 }, { 1000000001, 0 } };
	key_t key = ftok(f.name, 'k');
	CHECK_NE((key_t)-1, key);

	REQUIRE(write(f.fd, "data", 4) == 4);
	CHECK_EQ(key, ftok(f.name, 'k'));
	set_size(f.fd, 100000);
	CHECK_EQ(key, ftok(f.name, 'k'));
	REQUIRE(futimens(f.fd, times) == 0);
	CHECK_EQ(key, ftok(f.name, 'k'));
	REQUIRE(fchmod(f.fd, 0) == 0);
	CHECK_EQ(key, ftok(f.name, 'k'));
	REQUIRE(rename(f.name, renamed.name) == 0);
	CHECK_EQ(key, ftok(renamed.name, 'k'));
}

CASE(large_file, SHALL, "A file gives a key also where its size would make stat() fail with EOVERFLOW",
    "POSIX.1-2017 ftok() DESCRIPTION", NEEDS_FILES_OF_BYTES(5368709120))
{
	struct file f = file_create(0);
	key_t key = ftok(f.name, 'k');
	bool is_large = truncate_large(f.name, UINTMAX_C(5) << 30) == 0;
	need(is_large, "needs a sparse file of 5 GiB: truncate() gives %s", errno_name(errno));

	CHECK_NE((key_t)-1, key);
	CHECK_EQ(key, ftok(f.name, 'k'));
}
