/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Regular files of the case: their names are removed when the case ends, however it ends. They are in the directory that the
 * runner has made for the case, or where ATF's configuration variable "file_directory" says. A function that cannot do what it
 * says ends the case: as skipped where a limit is in the way, else as failed.
 */

#ifndef SHMCHECK_FILE_H
#define SHMCHECK_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <sys/types.h>
#include <sys/stat.h>

#include "need.h"

struct file {
	char name[48]; /* relative to the case's directory */
	int fd;        /* read and write */
};

/*
 * A new regular file of this size, filled with zeros, mode 0600. Its pages have room in the file system, where that can
 * reserve it: a store to a mapped page does not fail. Skips the case where there is no room.
 */
struct file file_create(size_t size);

/*
 * The same without a name: it is unlinked at once, so that the guardian has nothing to remove. Returns a descriptor.
 */
int nameless_file(size_t size);

/* A nameless file that is one hole: nobody has touched its pages, and the file system has none yet. */
int sparse_file(size_t size);

/* The file system of fd has room for this number of bytes. */
bool has_room(int fd, size_t size);

/* A file of this number of bytes, and both kinds of this number of pages, filled by pattern_store() with the seed 'f'. */
struct file file_with_bytes(size_t size);
struct file file_with_pattern(size_t pages);
int nameless_file_with_pattern(size_t pages);

/* What read() gives of a file from its start, in memory that lasts as long as the process. */
const char *content_of(int fd, size_t size);

/* The name of the file with this suffix, for another link or a special file. What it names is the case's own. */
struct file file_name_beside(const struct file *, const char *suffix);

/* The status of fd by fstat(); its size. */
struct stat status_of(int fd);
off_t size_of(int fd);

bool times_differ(struct timespec, struct timespec);

/*
 * Return when a change is marked with another time than it would have been before: a time of change cannot be set back. "clock"
 * is another file of the same file system, whose times show what is marked. Returns the time of change of fd.
 */
struct timespec change_time_before(int fd, int clock);

/* Files and objects may be as large as this: RLIMIT_FSIZE. */
#define NEEDS_FILES_OF_BYTES(size) NEED("files of " #size " bytes", .ask_amount = need_files_of, .amount = (size))
#define NEEDS_FILES_OF_PAGES(pages) \
	NEED("files of " #pages " pages", .ask_amount = need_files_of_pages, .amount = (pages))

void need_files_of(uintmax_t size);
void need_files_of_pages(uintmax_t pages);

/* Set the size of fd by ftruncate(). Skips the case where need_files_of() does. */
void set_size(int fd, off_t size);

/* The most pages that a case gives a new object or file that has no size yet. */
enum { PAGES_OF_CASE = 8 };

/* Skip the case if this process can have no further descriptor. errno stays as it is. */
void need_descriptor(void);

#endif
