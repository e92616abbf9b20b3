/* SPDX-License-Identifier: BSD-2-Clause */

/* POSIX shared memory objects and those of memfd_create(), for conditions and statements: what a descriptor refers to. */

#ifndef SHMCHECK_OBJECTS_H
#define SHMCHECK_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/stat.h>
#include <sys/types.h>

#include "call.h"

struct known_object {
	dev_t device;
	ino_t file;
	off_t size;            /* that it was last given by a process known */
	off_t greatest;        /* ever */
	pid_t creator;         /* this process or a parent of it; 0: another */
	bool was_made_as_file; /* made by open() and not by shm_open() */
	bool was_emptied;      /* by O_TRUNC */
	bool was_unlinked;
	bool was_unlinked_empty;
	char name[300]; /* what is longer is not known */
};

/* The object, when this process or its parents opened it by shm_open() or made it by open(), or a null pointer. */
struct known_object *known_object_of(int fd);

/* The one that was last known by this name; of all that have been known, for loops: [0] to [count - 1]. */
struct known_object *known_object_named(const char *name);
struct known_object *known_objects(size_t *count);

/* How often this process and its parents have unlinked an object. */
unsigned known_unlinks(void);

/* What the descriptor refers to, as fstat() and /proc show it. */
bool is_object(int fd);
bool is_memfd(int fd);
bool is_unlinked(int fd);
bool is_for_reading(int fd); /* alone */
bool is_open(int fd);
bool are_same(int fd, int other);
mode_t object_mode(int fd);
int seals_of(int fd); /* 0: none, or the descriptor has no such things */

/* Whether an object has the name; its status. */
bool has_object(const char *name);
bool status_of_name(const char *name, struct stat *);

/* Of a call of shm_open(): the name is there or not, and the object is made or opened. */
bool call_creates(const struct call *);
bool call_opens(const struct call *);
bool is_reading_alone(const struct call *);

/* A descriptor, not this one, that the process has open of the same object, or of the one with this name; or -1. */
int other_descriptor(int fd);
int descriptor_of(const char *name);

/* Whether this process has it mapped, as far as is known. */
bool is_mapped(int fd);

/* Another open of the same object, with FD_CLOEXEC, or -1. */
int open_again(int fd, int flags);

/* A new object without a name; the same with the size and the content of another. */
int new_object(void);
int copy_of(int fd);

/* Store the byte from here to there. */
void fill(int fd, off_t from, off_t to, char byte);

/* Put the descriptor in the place of another, which keeps its number. */
void take_place(int fd, int of);

#endif
