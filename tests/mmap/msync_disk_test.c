/* SPDX-License-Identifier: BSD-2-Clause */

/* What msync() has written to the disk, past all that the system keeps of the file in memory. */

#include <string.h>
#include <unistd.h>

#include "case.h"
#include "file.h"
#include "mapping.h"
#include "platform/disk.h"
#include "platform/errno.h"

INTERFACE(msync)

/*
 * What the disk has of the first pages of a file, up to the end of its last block: zero from there on, and where the disk has
 * nothing yet.
 */
static const char *
pages_on_disk(int fd, size_t pages)
{
	char *bytes = map_anonymous(pages * page_size(), MAP_PRIVATE);
	int disk = open_disk_of(fd);

	need(disk != -1, "needs ext2, ext3, ext4 or XFS on a disk that this process can read: %s", errno_name(errno));
	for (size_t at = 0; at < pages * page_size();) {
		uint64_t where;
		uint64_t length;

		if (!find_on_disk(fd, (off_t)at, &where, &length)) {
			need(errno == ENODATA, "needs a file system that tells where a file is: %s", errno_name(errno));
			length = page_size();
		} else {
			if (length > pages * page_size() - at)
				length = pages * page_size() - at;
			REQUIRE(pread(disk, &bytes[at], length, (off_t)where) == (ssize_t)length);
		}
		at += length;
	}
	close(disk);
	return bytes;
}

CASE(sync_reaches_disk, SHALL, "When msync() with MS_SYNC has returned, the disk has what was stored",
    "POSIX.1-2017 msync() DESCRIPTION", "POSIX.1-2024 msync() DESCRIPTION", "Linux msync(2)", "FreeBSD msync(2)",
    "NetBSD msync(2)", "OpenBSD msync(2)", "DragonFly msync(2)", "macOS msync(2)", "illumos msync(3C)")
{
	const size_t size = 2 * page_size() + 100;
	struct file f = file_create(size);
	char *p = map_shared(f.fd, size);

	for (int round = 0; round < 2; round++) {
		const unsigned char seed = (unsigned char)('d' + round);

		pattern_store(seed, p, size);
		CHECK_SUCCEEDS(msync(p, size, MS_SYNC));
		CHECK_PATTERN(seed, pages_on_disk(f.fd, 3), size);
	}
}

CASE(tail_stays_off_disk, SHALL, "Bytes stored behind the end of the file in its last page do not reach the disk",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "NetBSD 8 mmap(2)",
    "illumos mmap(2)")
{
	struct file f = file_create(100);
	char *p = map_shared(f.fd, page_size());

	pattern_store('f', p, 100);
	memset(&p[100], 't', page_size() - 100);
	CHECK_SUCCEEDS(msync(p, page_size(), MS_SYNC));

	const char *disk = pages_on_disk(f.fd, 1);
	CHECK_PATTERN('f', disk, 100);
	CHECK(memchr(&disk[100], 't', page_size() - 100) == NULL);
}
