/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls about objects that damage what is mapped of objects. */

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

static bool
is_of_object(const struct call *c)
{
	return is_object(c->fd) || is_memfd(c->fd);
}

VIOLATION(shm_unlink_spoils_mappings, "shm_unlink.removes-name-at-once", "-", SHM_UNLINK,
    FALSIFIES(true, spoil_shared_mappings()))
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());

	*p = 1;
	shm_unlink(o.name);
	return *p == SPOILED;
}

VIOLATION(shm_open_spoils_mappings, "shm_open.excl-existing", "-", SHM_OPEN,
    CHANGES(known_ipc_namespaces() == 0, spoil_shared_mappings()))
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());

	*p = 1;
	object_open(&o, O_RDWR);
	return *p == SPOILED;
}

VIOLATION(write_to_object_spoils_mappings, "shm_object.read-sees-mapping", "-", PWRITE,
    CHANGES(is_of_object(c), spoil_shared_mappings()))
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, page_size());

	*p = 1;
	(void)!pwrite(o.fd, "w", 1, (off_t)page_size());
	return *p == SPOILED;
}

#ifdef __linux__

#endif
