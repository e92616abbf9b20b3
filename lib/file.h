/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Regular files that the case owns: their names are removed when it ends, however it ends. A function that cannot do what it
 * says ends the case as failed, or as skipped where a limit is in the way.
 */

#ifndef SHMCHECK_FILE_H
#define SHMCHECK_FILE_H

#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>
#include <sys/stat.h>

#include "need.h"

struct file {
	char name[48]; /* relative to the case's directory */
	int fd;        /* read and write */
};

/* A new regular file of this size, filled with zeros, mode 0600. */
struct file file_create(size_t size);

/*
 * The same without a name, from the first moment on but for the instant in which it is made: a descriptor is all there is
 * of it, and nothing needs to be guarded.
 */
int nameless_file(size_t size);

/* Both kinds, of so many whole pages, stored by pattern_store() with the seed 'f'. */
struct file file_with_pattern(size_t pages);
int nameless_file_with_pattern(size_t pages);

/* What read() sees of a file from its start: memory that goes with the process. */
const char *content_of(int fd, size_t size);

/* A name beside a file, for another link or a special file: its name and the suffix. What it names is the case's own. */
struct file file_name_beside(const struct file *, const char *suffix);

/* What fstat() tells of fd; and of that the size. */
struct stat status_of(int fd);
off_t size_of(int fd);

/* Files and objects may be as large as this: RLIMIT_FSIZE. */
#define NEEDS_FILES_OF_BYTES(size) NEED("files of " #size " bytes", .ask_amount = need_files_of, .amount = (size))
#define NEEDS_FILES_OF_PAGES(pages) \
	NEED("files of " #pages " pages", .ask_amount = need_files_of_pages, .amount = (pages))

void need_files_of(uintmax_t size);
void need_files_of_pages(uintmax_t pages);

/* Set it by ftruncate(). Skips the case where need_files_of() does. */
void set_size(int fd, off_t size);

/* For names: a number that nobody can foresee. */
uint64_t random_number(void);

/* What a case makes of a new object or file that has no size yet, at most. */
enum { PAGES_OF_CASE = 8 };

/* Skips the case where this process has used up its descriptors, whatever call has said so. errno stays. */
void need_descriptor(void);

#endif
