/* SPDX-License-Identifier: BSD-2-Clause */

/* Files of a file system that is mounted with "noexec". */

#include "mmap.h"

static bool
is_on_noexec_mount(int fd)
{
	void *p = real_mmap(NULL, page_size(), PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	if (p == MAP_FAILED)
		return errno == EPERM;
	real_munmap(p, page_size());
	return false;
}

/* Map a page of an object in a mount of the process's own, which root can make. */
static void *
map_from_noexec_mount(int protection, int sharing)
{
	if (geteuid() != 0)
		return NULL;
	mount_private_objects_noexec();
	return mmap(NULL, page_size(), protection, sharing, object_create(page_size()).fd, 0);
}

VIOLATION(mmap_to_execute_from_noexec_mount, "mmap.noexec-mount-eperm", "-", MMAP,
    ACCEPTS((c->protection & PROT_EXEC) != 0 && asks_private_file(c), EPERM, some_memory(c)))
{
	void *p = map_from_noexec_mount(PROT_READ | PROT_EXEC, MAP_PRIVATE);

	return p != NULL && p != MAP_FAILED;
}

VIOLATION(mmap_to_execute_from_noexec_mount_eacces, "mmap.noexec-mount-eperm", "-", MMAP,
    MISTAKES((c->protection & PROT_EXEC) != 0 && asks_shared_file(c), EPERM, EACCES))
{
	return map_from_noexec_mount(PROT_EXEC, MAP_SHARED) == MAP_FAILED && errno == EACCES;
}

VIOLATION(mmap_of_noexec_mount_refused, "mmap.noexec-mount-eperm", "B182", MMAP,
    REFUSES(asks_shared_file(c) && c->protection == READ_WRITE && is_object(c->fd) && is_on_noexec_mount(c->fd), EPERM))
{
	return map_from_noexec_mount(READ_WRITE, MAP_SHARED) == MAP_FAILED;
}
