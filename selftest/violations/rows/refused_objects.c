/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls about shared memory objects that fail where nothing is wrong. */

#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

VIOLATION(shm_unlink_of_object_eacces, "shm_unlink.removes-name-at-once", "-", SHM_UNLINK,
    REFUSES(known_object_named(c->name) != NULL, EACCES))
{
	return shm_unlink(object_create(0).name) == -1;
}

VIOLATION(ftruncate_after_unlink_einval, "shm_unlink.ftruncate-after-unlink", "-", FTRUNCATE,
    REFUSES(known_object_of(c->fd) != NULL && known_object_of(c->fd)->greatest == 0 && known_unlinks() > 0, EINVAL))
{
	struct object o = object_create(0);

	object_unlink(&o);
	return ftruncate(object_create(0).fd, 1) == -1;
}

VIOLATION(ftruncate_of_sized_object_einval, "shm_object.ftruncate-sets-size", "-", FTRUNCATE,
    REFUSES(known_object_of(c->fd) != NULL && known_object_of(c->fd)->greatest > 0, EINVAL))
{
	return ftruncate(object_create(1).fd, 2) == -1;
}

VIOLATION(
    close_of_object_eio, "shm_open.same-name-same-object", "-", CLOSE, REFUSES(known_object_of(c->fd) != NULL, EIO))
{
	return close(object_create(0).fd) == -1;
}

VIOLATION(fchmod_of_object_einval, "shm_object.fchmod-changes-mode", "-", FCHMOD, REFUSES(is_object(c->fd), EINVAL))
{
	return fchmod(object_create(0).fd, 0600) == -1;
}

VIOLATION(pread_of_object_reads_nothing, "shm_object.read-sees-mapping", "-", PREAD,
    REPLACES(is_object(c->fd), c->result = 0))
{
	char byte;

	return pread(object_create(1).fd, &byte, 1, 0) == 0;
}

VIOLATION(pwrite_of_object_writes_nothing, "shm_object.read-sees-mapping", "-", PWRITE,
    REPLACES(is_object(c->fd), c->result = 0))
{
	return pwrite(object_create(1).fd, "x", 1, 0) == 0;
}

VIOLATION(shm_open_of_own_object_eacces, "shm_open.creates-new", "-", SHM_OPEN,
    REFUSES(call_opens(c) && known_object_named(c->name) != NULL && known_ipc_namespaces() == 0, EACCES))
{
	return shm_open(object_create(0).name, O_RDWR, 0) == -1;
}

#ifdef __linux__

VIOLATION(seals_einval, "memfd_create.seals-only-added", "-", FCNTL,
    REFUSES(c->command == F_ADD_SEALS && is_memfd(c->fd), EINVAL))
{
	return fcntl(memfd_sealable(1), F_ADD_SEALS, F_SEAL_SHRINK) == -1;
}

#endif
