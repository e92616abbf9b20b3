/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include "effects.h"
#include "known.h"
#include "known_parts.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

enum { OBJECTS_MAX = 128, DESCRIPTORS_MAX = 64 };

static const char place[] = "/dev/shm/"; /* of Linux */

static struct known_object objects[OBJECTS_MAX];
static size_t object_count;
static unsigned unlinks;

struct known_object *
known_objects(size_t *count)
{
	*count = object_count;
	return objects;
}

unsigned
known_unlinks(void)
{
	return unlinks;
}

struct known_object *
known_object_named(const char *name)
{
	for (size_t i = object_count; i-- > 0;)
		if (strcmp(objects[i].name, name) == 0)
			return &objects[i];
	return NULL;
}

struct known_object *
known_object_of(int fd)
{
	struct stat status;

	if (object_count == 0 || real_fstat(fd, &status) == -1)
		return NULL;
	for (size_t i = object_count; i-- > 0;)
		if (objects[i].device == status.st_dev && objects[i].file == status.st_ino)
			return &objects[i];
	return NULL;
}

static void
learn_object(const char *name, const struct call *c)
{
	struct known_object *known = known_object_named(name);
	struct stat status;
	struct known_object new = { .was_made_as_file = c->interface == OPEN };

	if (strlen(name) >= sizeof(new.name) || real_fstat((int)c->result, &status) == -1)
		return;
	if (known != NULL && known->file == status.st_ino && (c->flags & O_EXCL) == 0) {
		known->was_emptied |= (c->flags & O_TRUNC) != 0;
		return;
	}
	if (object_count == OBJECTS_MAX)
		return;
	stpcpy(new.name, name);
	new.device = status.st_dev;
	new.file = status.st_ino;
	new.creator = c->flags &O_CREAT ? getpid() : 0;
	new.size = new.greatest = status.st_size;
	objects[object_count++] = new;
}

static void
learn_size(struct known_object *known, off_t size)
{
	if (known == NULL)
		return;
	known->size = size;
	if (known->greatest < size)
		known->greatest = size;
}

static void
learn_unlink(const char *name)
{
	struct known_object *known = known_object_named(name);

	unlinks++;
	if (known == NULL)
		return;
	known->was_unlinked = true;
	known->was_unlinked_empty = known->size == 0;
}

void
learn_objects(const struct call *c)
{
	switch (c->interface) {
	case SHM_OPEN:
		learn_object(c->name, c);
		break;
	case OPEN:
		if (c->flags & O_CREAT && strncmp(c->name, place, sizeof(place) - 1) == 0)
			learn_object(c->name + sizeof(place) - 2, c);
		break;
	case FTRUNCATE:
		learn_size(known_object_of(c->fd), c->offset);
		break;
	case SHM_UNLINK:
		learn_unlink(c->name);
		break;
	default:
		break;
	}
}

bool
is_object(int fd)
{
	struct stat status;
	struct stat directory;

	if (real_fstat(fd, &status) == -1)
		return false;
	if (real_stat(place, &directory) == 0)
		return S_ISREG(status.st_mode) && status.st_dev == directory.st_dev;
	return known_object_of(fd) != NULL;
}

/* Of a file of a tmpfs F_SEAL_SEAL can be read too: nothing else is without a name from the start. */
bool
is_memfd(int fd)
{
	return real_fcntl(fd, F_GET_SEALS, 0) != -1 && is_unlinked(fd) && !is_object(fd);
}

bool
is_unlinked(int fd)
{
	struct stat status;

	return real_fstat(fd, &status) == 0 && status.st_nlink == 0;
}

bool
is_for_reading(int fd)
{
	return (real_fcntl(fd, F_GETFL, 0) & O_ACCMODE) == O_RDONLY;
}

bool
is_open(int fd)
{
	return real_fcntl(fd, F_GETFD, 0) != -1;
}

bool
are_same(int fd, int other)
{
	struct stat one;
	struct stat two;

	return real_fstat(fd, &one) == 0 && real_fstat(other, &two) == 0 && one.st_dev == two.st_dev &&
	    one.st_ino == two.st_ino;
}

mode_t
object_mode(int fd)
{
	struct stat status;

	return real_fstat(fd, &status) == 0 ? status.st_mode & 0777 : 0;
}

int
seals_of(int fd)
{
	int seals = real_fcntl(fd, F_GET_SEALS, 0);

	return seals == -1 ? 0 : seals;
}

bool
has_object(const char *name)
{
	int fd = real_shm_open(name, O_RDONLY | O_NONBLOCK, 0); /* it may be a FIFO */
	bool is_there = fd != -1 || errno == EACCES;

	if (fd != -1)
		real_close(fd);
	return is_there;
}

bool
call_creates(const struct call *c)
{
	return (c->flags & O_CREAT) != 0 && !has_object(c->name);
}

bool
call_opens(const struct call *c)
{
	return (c->flags & O_EXCL) == 0 && has_object(c->name);
}

bool
is_reading_alone(const struct call *c)
{
	return (c->flags & O_ACCMODE) == O_RDONLY;
}

bool
status_of_name(const char *name, struct stat *status)
{
	char path[sizeof(place) + sizeof(objects[0].name)];

	if (strlen(name) >= sizeof(objects[0].name))
		return false;
	stpcpy(stpcpy(path, place), name);
	return real_stat(path, status) == 0;
}

int
other_descriptor(int fd)
{
	for (int other = 0; other < DESCRIPTORS_MAX; other++)
		if (other != fd && are_same(fd, other))
			return other;
	return -1;
}

int
descriptor_of(const char *name)
{
	int fd = real_shm_open(name, O_RDONLY | O_NONBLOCK, 0);
	int other = fd == -1 ? -1 : other_descriptor(fd);

	if (fd != -1)
		real_close(fd);
	return other;
}

bool
is_mapped(int fd)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd != -1 && (ranges[i].fd == fd || are_same(ranges[i].fd, fd)))
			return true;
	return false;
}

int
open_again(int fd, int flags)
{
	char path[] = "/proc/self/fd/0000";

	for (char *digit = &path[sizeof(path) - 2]; fd > 0 && *digit == '0'; digit--, fd /= 10)
		*digit = (char)('0' + fd % 10);
	/* The kernel knows no leading zeros. */
	char *number = &path[sizeof("/proc/self/fd/") - 1];
	while (number[0] == '0' && number[1] != '\0')
		memmove(number, number + 1, strlen(number));
	return real_open(path, flags | O_CLOEXEC);
}

int
new_object(void)
{
	char name[] = "/shmcheck.violation.00000000";
	int fd;

	for (long digits = getpid(), i = sizeof(name) - 2; digits > 0; digits /= 10, i--)
		name[i] = (char)('0' + digits % 10);
	fd = real_shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
	if (fd != -1)
		real_shm_unlink(name);
	return fd;
}

int
copy_of(int fd)
{
	int copy = new_object();
	char bytes[4096];
	ssize_t got;

	real_ftruncate(copy, file_size(fd));
	for (off_t at = 0; (got = real_pread(fd, bytes, sizeof(bytes), at)) > 0; at += got)
		real_pwrite(copy, bytes, (size_t)got, at);
	return copy;
}

void
fill(int fd, off_t from, off_t to, char byte)
{
	int writing = open_again(fd, O_RDWR);
	char bytes[4096];

	memset(bytes, byte, sizeof(bytes));
	for (off_t at = from; at < to; at += (off_t)sizeof(bytes)) {
		size_t rest = (size_t)(to - at);

		real_pwrite(writing, bytes, rest < sizeof(bytes) ? rest : sizeof(bytes), at);
	}
	real_close(writing);
}

void
take_place(int fd, int of)
{
	real_make((struct call){ .interface = DUP2, .fd = fd, .id = of });
	real_fcntl(of, F_SETFD, FD_CLOEXEC);
	real_close(fd);
}
