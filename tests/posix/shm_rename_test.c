/* SPDX-License-Identifier: BSD-2-Clause */

/* shm_rename() of FreeBSD. */

#include <fcntl.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "platform/objects.h"
#include "process.h"

INTERFACE(shm_rename, NEEDS_OBJECTS)

/* A new object of one page that begins with this byte; mapped. */
static char *
mark(const struct object *o, char byte)
{
	char *p = map_shared(o->fd, page_size());

	p[0] = byte;
	return p;
}

/* The byte that the object of this name begins with. */
static char
mark_of(const struct object *o)
{
	return *(char *)map_shared(object_open(o, O_RDWR), page_size());
}

CASE(moves_name, DOCUMENTED, "After shm_rename() the new name is that of the object, and the old name is unused",
    "FreeBSD 13.0 shm_open(2)")
{
	struct object from = object_create(page_size());
	struct object to = object_name();
	mark(&from, 'f');

	CHECK_SUCCEEDS(shm_rename(from.name, to.name, 0));

	object_own(&to, from.fd);
	CHECK_FAILS(ENOENT, -1, shm_open(from.name, O_RDWR, 0));
	CHECK_EQ('f', mark_of(&to));
	CHECK_SUCCEEDS(shm_unlink(to.name));
}

CASE(replaces_target, DOCUMENTED,
    "shm_rename() unlinks an object that has the new name, and its mappings and descriptors keep it",
    "FreeBSD 13.0 shm_open(2)", COVERS("shm_rename.replace"))
{
	struct object from = object_create(page_size());
	struct object to = object_create(page_size());
	mark(&from, 'f');
	char *old = mark(&to, 't');

	CHECK_SUCCEEDS(shm_rename(from.name, to.name, 0));

	object_own(&to, from.fd);
	CHECK_EQ('f', mark_of(&to));
	CHECK_FAILS(ENOENT, -1, shm_open(from.name, O_RDWR, 0));
	CHECK_EQ('t', *old);
	CHECK_STORE_OK(old);
	CHECK_EQ('t', *(char *)map_shared(to.fd, page_size()));
}

CASE(noreplace_eexist, DOCUMENTED,
    "With SHM_RENAME_NOREPLACE a new name that is in use fails with EEXIST, and both objects keep their names",
    "FreeBSD 13.0 shm_open(2)", COVERS("shm_rename.noreplace"))
{
	struct object from = object_create(page_size());
	struct object to = object_create(page_size());
	mark(&from, 'f');
	mark(&to, 't');

	CHECK_FAILS(EEXIST, -1, shm_rename(from.name, to.name, SHM_RENAME_NOREPLACE));

	CHECK_EQ('f', mark_of(&from));
	CHECK_EQ('t', mark_of(&to));
	object_unlink(&to);
	CHECK_SUCCEEDS(shm_rename(from.name, to.name, SHM_RENAME_NOREPLACE));
	object_own(&to, from.fd);
	CHECK_EQ('f', mark_of(&to));
}

CASE(exchange, DOCUMENTED, "SHM_RENAME_EXCHANGE gives each of two objects the other's name", "FreeBSD 13.0 shm_open(2)",
    COVERS("shm_rename.exchange"))
{
	struct object from = object_create(page_size());
	struct object to = object_create(page_size());
	char *f = mark(&from, 'f');
	char *t = mark(&to, 't');

	CHECK_SUCCEEDS(shm_rename(from.name, to.name, SHM_RENAME_EXCHANGE));

	object_own(&to, from.fd);
	object_own(&from, to.fd);
	CHECK_EQ('f', mark_of(&to));
	CHECK_EQ('t', mark_of(&from));
	CHECK_EQ('f', *f);
	CHECK_EQ('t', *t);
}

CASE(enoent, DOCUMENTED,
    "shm_rename() of a name that is not in use fails with ENOENT, and an object of the new name stays",
    "FreeBSD 13.0 shm_open(2)", COVERS("shm_rename.enoent"))
{
	struct object from = object_name();
	struct object to = object_create(page_size());
	mark(&to, 't');

	CHECK_FAILS(ENOENT, -1, shm_rename(from.name, to.name, 0));

	CHECK_EQ('t', mark_of(&to));
}

CASE(mapping_survives, DOCUMENTED, "Mappings and descriptors of an object stay when it is renamed",
    "FreeBSD 13.0 shm_open(2)")
{
	struct object from = object_create(page_size());
	struct object to = object_name();
	char *p = mark(&from, 'f');

	CHECK_SUCCEEDS(shm_rename(from.name, to.name, 0));

	object_own(&to, from.fd);
	p[page_size() - 1] = 'l';
	CHECK_EQ('l', ((char *)map_shared(object_open(&to, O_RDWR), page_size()))[page_size() - 1]);
	CHECK_EQ('l', ((char *)map_shared(from.fd, page_size()))[page_size() - 1]);
}

static void
rename_is_refused(void *objects)
{
	const struct object *o = objects;

	CHECK_FAILS(EACCES, -1, shm_rename(o[0].name, o[1].name, 0));
}

CASE(eacces, DOCUMENTED,
    "shm_rename() of an object that the caller may not write fails with EACCES, and the names stay",
    "FreeBSD 13.0 shm_open(2)", NEEDS_USERS)
{
	struct object o[] = { object_create(page_size()), object_name() };
	mark(&o[0], 'f');

	as_user(OTHER, rename_is_refused, o);

	CHECK_EQ('f', mark_of(&o[0]));
	CHECK_FAILS(ENOENT, -1, shm_open(o[1].name, O_RDWR, 0));
}

CASE(enametoolong, DOCUMENTED,
    "A name of more than 1,023 bytes fails with ENAMETOOLONG, as the old name and as the new one",
    "FreeBSD 13.0 shm_open(2)")
{
	struct object from = object_create(page_size());
	char name[1100];
	object_name_of_length(name, 1024);

	CHECK_FAILS(ENAMETOOLONG, -1, shm_rename(from.name, name, 0));
	CHECK_FAILS(ENAMETOOLONG, -1, shm_rename(name, from.name, 0));

	CHECK_EQ(page_size(), size_of(object_open(&from, O_RDONLY)));
}

CASE(efault, DOCUMENTED,
    "A name at an address where nothing is mapped fails with EFAULT, as the old name and as the new one",
    "FreeBSD 13.0 shm_open(2)", COVERS("shm_rename.bad_ptr"))
{
	struct object from = object_create(page_size());
	const char *nowhere = free_range(page_size());

	CHECK_FAILS(EFAULT, -1, shm_rename(from.name, nowhere, 0));
	CHECK_FAILS(EFAULT, -1, shm_rename(nowhere, from.name, 0));

	CHECK_EQ(page_size(), size_of(object_open(&from, O_RDONLY)));
}

#define SOURCE "FreeBSD 13.0 sys/kern/uipc_shm.c sys_shm_rename()"

CASE(exchange__unused_name, DOCUMENTED,
    "SHM_RENAME_EXCHANGE with a new name that is not in use moves the name, as without the flag", SOURCE,
    COVERS("shm_rename.exchange_missing"))
{
	struct object from = object_create(page_size());
	struct object to = object_name();
	mark(&from, 'f');

	CHECK_SUCCEEDS(shm_rename(from.name, to.name, SHM_RENAME_EXCHANGE));

	object_own(&to, from.fd);
	CHECK_EQ('f', mark_of(&to));
	CHECK_FAILS(ENOENT, -1, shm_open(from.name, O_RDWR, 0));
}

CASE(same_name, DOCUMENTED, "shm_rename() of an object to the name that it has works and changes nothing", SOURCE,
    COVERS("shm_rename.self"))
{
	struct object o = object_create(page_size());
	char *p = mark(&o, 's');

	CHECK_SUCCEEDS(shm_rename(o.name, o.name, 0));

	CHECK_EQ('s', mark_of(&o));
	p[0] = 't';
	CHECK_EQ('t', mark_of(&o));
}

CASE(einval_flags, DOCUMENTED,
    "An unknown flag, and both flags together, fail with EINVAL, and both objects keep their names", SOURCE,
    COVERS("shm_rename.bad_flag"))
{
	static const int flags[] = { 1 << 30, ~0, SHM_RENAME_NOREPLACE | SHM_RENAME_EXCHANGE };
	struct object from = object_create(page_size());
	struct object to = object_create(page_size());
	mark(&from, 'f');
	mark(&to, 't');

	for (size_t i = 0; i < nitems(flags); i++)
		CHECK_FAILS(EINVAL, -1, shm_rename(from.name, to.name, flags[i]));

	CHECK_EQ('f', mark_of(&from));
	CHECK_EQ('t', mark_of(&to));
}
