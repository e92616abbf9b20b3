/* SPDX-License-Identifier: BSD-2-Clause */

/* Names of memfd_create(). */

#include <stdio.h>

#include "memfd_objects.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

/* In bytes, by memfd_create(2). */
enum { NAME_LIMIT = 249 };

static char last_name[32];
static int last_flags;

/* This process has made one like it, which is open. */
static int
made_before(const struct call *c)
{
	size_t length = length_of_name(c);
	int same = -1;

	if (length == 0 || length >= sizeof(last_name))
		return -1;
	for (int fd = 0; fd < 64 && last_flags == c->flags && strcmp(last_name, c->name) == 0; fd++)
		if (is_memfd(fd))
			same = fd;
	stpcpy(last_name, c->name);
	last_flags = c->flags;
	return same;
}

static void
open_made_before(struct call *c)
{
	c->result = open_again(made_before(c), O_RDWR);
}

VIOLATION(memfd_create_opens_one_of_same_name, "memfd_create.names-not-unique", "-", MEMFD_CREATE,
    REPLACES(made_before(c) != -1, open_made_before(c)))
{
	int one = memfd_create("shmcheck", 0);
	int two = memfd_create("shmcheck", 0);

	set_size(one, 1);
	return size_of(two) == 1;
}

VIOLATION(memfd_create_of_same_name_eexist, "memfd_create.names-not-unique", "-", MEMFD_CREATE,
    REFUSES((c->flags & MFD_CLOEXEC) == 0 && made_before(c) != -1, EEXIST))
{
	int one = memfd_create("shmcheck", 0);
	int two = memfd_create("shmcheck", 0);

	return one != -1 && two == -1;
}

VIOLATION(memfd_create_makes_named_object, "memfd_create.names-not-unique", "B101", MEMFD_CREATE,
    FALSIFIES(length_of_name(c) > 0 && c->name[0] == '/', real_close(real_shm_open(c->name, O_CREAT | O_RDWR, 0600))))
{
	struct object o = object_name();

	return memfd_create(o.name, 0) != -1 && shm_open(o.name, O_RDWR, 0) != -1;
}

static int
create_with_length(size_t length)
{
	char name[512] = { 0 };

	memset(name, 'x', length);
	return memfd_create(name, 0);
}

VIOLATION(memfd_create_cuts_long_name, "memfd_create.name-too-long", "-", MEMFD_CREATE,
    CHANGES(length_of_name(c) > NAME_LIMIT, c->name = "cut"))
{
	return create_with_length(500) != -1;
}

VIOLATION(memfd_create_takes_a_byte_more, "memfd_create.name-too-long", "-", MEMFD_CREATE,
    CHANGES(length_of_name(c) == NAME_LIMIT + 1, c->name++))
{
	return create_with_length(NAME_LIMIT + 1) != -1;
}

VIOLATION(memfd_create_takes_a_byte_less, "memfd_create.name-too-long", "-", MEMFD_CREATE,
    REFUSES(length_of_name(c) == NAME_LIMIT, EINVAL))
{
	return create_with_length(NAME_LIMIT) == -1;
}

VIOLATION(memfd_create_of_long_name_enametoolong, "memfd_create.name-too-long", "-", MEMFD_CREATE,
    MISTAKES(length_of_name(c) > NAME_LIMIT, EINVAL, ENAMETOOLONG))
{
	return create_with_length(NAME_LIMIT + 1) == -1 && errno == ENAMETOOLONG;
}

static bool
has_empty_name(const struct call *c)
{
	struct stat status;
	struct call stat = { .interface = STAT, .name = c->name, .buffer = &status };

	return real_call(&stat) == -1 && stat.error == ENOENT && c->name[0] == '\0';
}

VIOLATION(memfd_create_of_empty_name_einval, "memfd_create.empty-name-ok", "-", MEMFD_CREATE,
    REFUSES(has_empty_name(c), EINVAL))
{
	return memfd_create("", 0) == -1;
}

VIOLATION(memfd_create_of_empty_name_is_for_reading, "memfd_create.empty-name-ok", "-", MEMFD_CREATE,
    FALSIFIES(has_empty_name(c), take_place(open_again((int)c->result, O_RDONLY), (int)c->result)))
{
	return ftruncate(memfd_create("", 0), 1) == -1;
}

VIOLATION(
    memfd_create_of_bad_address_einval, "memfd_create.name-efault", "-", MEMFD_CREATE, MISTAKES(true, EFAULT, EINVAL))
{
	return memfd_create(free_range(page_size()), 0) == -1 && errno == EINVAL;
}

VIOLATION(memfd_create_of_bad_address_works, "memfd_create.name-efault", "-", MEMFD_CREATE,
    ACCEPTS(true, EFAULT, new_object()))
{
	return memfd_create(free_range(page_size()), 0) != -1;
}

VIOLATION(memfd_create_ignores_name, "memfd_create.shown-in-proc", "-", MEMFD_CREATE,
    CHANGES(length_of_name(c) > 0, c->name = "another"))
{
	char path[64];
	char shown[128] = "";

	snprintf(path, sizeof(path), "/proc/self/fd/%d", memfd_create("shmcheck", 0));
	return readlink(path, shown, sizeof(shown) - 1) != -1 && strstr(shown, "another") != NULL;
}

VIOLATION(memfd_create_of_null_einval, "memfd_create.name-efault", "-", MEMFD_CREATE,
    MISTAKES(c->name == NULL, EFAULT, EINVAL))
{
	char *volatile no_name = NULL;

	return memfd_create(no_name, 0) == -1 && errno == EINVAL;
}
