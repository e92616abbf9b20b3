/* SPDX-License-Identifier: BSD-2-Clause */

/* shm_mkstemp() of OpenBSD. */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "fault.h"
#include "guardian.h"
#include "mapping.h"
#include "object.h"
#include "platform/objects.h"

INTERFACE(shm_mkstemp, NEEDS_OBJECTS)

struct template
{
	char name[64];
};

/* A template whose names nobody else uses. */
static struct template template_of(const struct object *o)
{
	struct template t;

	snprintf(t.name, sizeof(t.name), "%s.XXXXXXXXXX", o->name);
	return t;
}

/* What was made is known by the name that the call has left. */
static void
own(const struct template *t, int fd)
{
	guardian_owns_object_name(t->name);
	guardian_owns_object(t->name, fd);
}

CASE(replaces_xs, DOCUMENTED,
    "shm_mkstemp() replaces the Xs of its template by another suffix each time, and creates an object of that name",
    "OpenBSD shm_open(3)")
{
	struct object o = object_name();
	struct template one = template_of(&o);
	struct template two = template_of(&o);

	int first = shm_mkstemp(one.name);
	REQUIRE(first != -1);
	own(&one, first);
	int second = shm_mkstemp(two.name);
	REQUIRE(second != -1);
	own(&two, second);

	CHECK_EQ(strlen(o.name) + 11, strlen(one.name));
	CHECK_EQ(0, strncmp(one.name, o.name, strlen(o.name)));
	CHECK_NE(0, strcmp(one.name, template_of(&o).name));
	CHECK_NE(0, strcmp(one.name, two.name));
	set_size(first, 1);
	set_size(second, 1);
	*(char *)map_shared(first, 1) = '1';
	CHECK_EQ(0, *(char *)map_shared(second, 1));
	int again = shm_open(one.name, O_RDWR, 0);
	REQUIRE(again != -1);
	CHECK_EQ('1', *(char *)map_shared(again, 1));
}

CASE(excl_0600, DOCUMENTED,
    "The object is new and empty, is the caller's, has mode 0600, and is open for reading and writing",
    "OpenBSD shm_open(3)")
{
	struct object o = object_name();
	struct template t = template_of(&o);
	struct stat status;

	int fd = shm_mkstemp(t.name);
	REQUIRE(fd != -1);
	own(&t, fd);

	REQUIRE(fstat(fd, &status) == 0);
	CHECK_EQ(0, status.st_size);
	CHECK_EQ(0600, status.st_mode & 0777);
	CHECK_EQ(geteuid(), status.st_uid);
	CHECK_FAILS(EEXIST, -1, shm_open(t.name, O_CREAT | O_EXCL | O_RDWR, 0600));
	set_size(fd, (off_t)page_size());
	CHECK_STORE_OK(map_shared(fd, page_size()));
}

CASE(unlink_by_template, DOCUMENTED,
    "shm_unlink() removes the object by the name that shm_mkstemp() leaves in the template", "OpenBSD shm_open(3)")
{
	struct object o = object_name();
	struct template t = template_of(&o);
	int fd = shm_mkstemp(t.name);
	REQUIRE(fd != -1);
	own(&t, fd);

	CHECK_SUCCEEDS(shm_unlink(t.name));

	CHECK_FAILS(ENOENT, -1, shm_open(t.name, O_RDWR, 0));
	set_size(fd, 1);
	CHECK_STORE_OK(map_shared(fd, 1));
}
