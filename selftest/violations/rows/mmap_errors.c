/* SPDX-License-Identifier: BSD-2-Clause */

/* The errors of mmap() for its arguments. */

#include <sys/socket.h>

#include "mmap.h"

static void *
map_page_of(int fd, int protection, int sharing)
{
	return mmap(NULL, page_size(), protection, sharing, fd, 0);
}

VIOLATION(mmap_length_zero_of_file_accepted, "mmap.len-zero-einval", "-", MMAP,
    CHANGES(c->length == 0 && is_of_file(c) && !is_fixed(c), c->length = page_size()))
{
	return mmap(NULL, 0, PROT_READ, MAP_SHARED, nameless_file(1), 0) != MAP_FAILED;
}

VIOLATION(mmap_length_zero_of_memory_accepted, "mmap.len-zero-einval", "-", MMAP,
    CHANGES(c->length == 0 && !is_of_file(c), c->length = page_size()))
{
	return mmap(NULL, 0, PROT_READ, PRIVATE_ANONYMOUS, -1, 0) != MAP_FAILED;
}

VIOLATION(mmap_length_zero_of_file_enomem, "mmap.len-zero-einval", "B127", MMAP,
    MISTAKES(c->length == 0 && is_of_file(c), EINVAL, ENOMEM))
{
	return mmap(NULL, 0, PROT_READ, MAP_SHARED, nameless_file(1), 0) == MAP_FAILED && errno == ENOMEM;
}

VIOLATION(mmap_length_zero_of_memory_enomem, "mmap.len-zero-einval", "B169", MMAP,
    MISTAKES(c->length == 0 && !is_of_file(c), EINVAL, ENOMEM))
{
	return mmap(NULL, 0, PROT_READ, PRIVATE_ANONYMOUS, -1, 0) == MAP_FAILED && errno == ENOMEM;
}

VIOLATION(mmap_length_zero_gives_null, "mmap.len-zero-einval", "-", MMAP,
    ACCEPTS(c->length == 0 && asks_private(c), EINVAL, 0))
{
	return mmap(NULL, 0, PROT_READ, PRIVATE_ANONYMOUS, -1, 0) == NULL;
}

VIOLATION(mmap_without_type_of_file_accepted, "mmap.no-sharing-type-einval", "B163", MMAP,
    CHANGES((c->flags & SHARING_TYPES) == 0 && is_of_file(c) && !is_fixed(c), c->flags |= MAP_PRIVATE))
{
	return map_page_of(nameless_file(1), PROT_READ, 0) != MAP_FAILED;
}

VIOLATION(mmap_without_type_of_memory_accepted, "mmap.no-sharing-type-einval", "B169", MMAP,
    CHANGES((c->flags & SHARING_TYPES) == 0 && !is_of_file(c), c->flags |= MAP_PRIVATE))
{
	return map_page_of(-1, PROT_READ, MAP_ANON) != MAP_FAILED;
}

VIOLATION(mmap_without_type_eperm, "mmap.no-sharing-type-einval", "B064", MMAP,
    MISTAKES((c->flags & SHARING_TYPES) == 0 && !is_fixed(c), EINVAL, EPERM))
{
	return map_page_of(-1, PROT_READ, MAP_ANON) == MAP_FAILED && errno == EPERM;
}

VIOLATION(mmap_minus_one_is_anonymous, "mmap.ebadf", "-", MMAP,
    CHANGES(is_of_file(c) && c->fd == -1 && !is_fixed(c), c->flags |= MAP_ANON))
{
	return map_page_of(-1, PROT_READ, MAP_PRIVATE) != MAP_FAILED;
}

VIOLATION(mmap_closed_descriptor_accepted, "mmap.ebadf", "-", MMAP,
    ACCEPTS(is_of_file(c) && c->fd != -1 && !is_fixed(c), EBADF, some_memory(c)))
{
	return map_page_of(9999, PROT_READ, MAP_PRIVATE) != MAP_FAILED;
}

VIOLATION(mmap_closed_descriptor_einval, "mmap.ebadf", "-", MMAP,
    MISTAKES(is_of_file(c) && c->fd != -1 && !is_fixed(c), EBADF, EINVAL))
{
	return map_page_of(9999, PROT_READ, MAP_PRIVATE) == MAP_FAILED && errno == EINVAL;
}

VIOLATION(mmap_minus_one_returns_errno, "mmap.ebadf", "B140", MMAP,
    ACCEPTS(is_of_file(c) && c->fd == -1 && asks_shared(c), EBADF, EBADF))
{
	return (intptr_t)map_page_of(-1, PROT_READ, MAP_SHARED) == EBADF;
}

VIOLATION(mmap_minus_one_returns_negative_errno, "mmap.ebadf", "B064", MMAP,
    ACCEPTS(is_of_file(c) && c->fd == -1 && asks_private(c) && !is_fixed(c), EBADF, -EBADF))
{
	return (intptr_t)map_page_of(-1, PROT_READ, MAP_PRIVATE) == -EBADF;
}

VIOLATION(mmap_leaves_errno, "mmap.ebadf", "B173", MMAP,
    ACCEPTS(is_of_file(c) && c->fd != -1 && asks_private(c), EBADF, MAP_FAILED))
{
	errno = 0;
	return map_page_of(9999, PROT_READ, MAP_PRIVATE) == MAP_FAILED && errno == 0;
}

VIOLATION(mmap_of_write_only_accepted, "mmap.eacces-no-read", "-", MMAP,
    ACCEPTS(access_mode(c->fd) == O_WRONLY && asks_shared(c) && c->protection == PROT_READ, EACCES, some_memory(c)))
{
	return map_page_of(open(file_create(1).name, O_WRONLY), PROT_READ, MAP_SHARED) != MAP_FAILED;
}

VIOLATION(mmap_of_write_only_efault, "mmap.eacces-no-read", "B019", MMAP,
    MISTAKES(access_mode(c->fd) == O_WRONLY && (c->protection & PROT_READ) != 0, EACCES, EFAULT))
{
	return map_page_of(open(file_create(1).name, O_WRONLY), PROT_READ, MAP_SHARED) == MAP_FAILED && errno == EFAULT;
}

VIOLATION(mmap_of_write_only_private_accepted, "mmap.eacces-no-read", "-", MMAP,
    ACCEPTS(access_mode(c->fd) == O_WRONLY && asks_private(c) && c->protection == PROT_READ, EACCES, some_memory(c)))
{
	return map_page_of(open(file_create(1).name, O_WRONLY), PROT_READ, MAP_PRIVATE) != MAP_FAILED;
}

VIOLATION(mmap_of_write_only_for_stores_accepted, "mmap.eacces-no-read", "-", MMAP,
    ACCEPTS(access_mode(c->fd) == O_WRONLY && c->protection == PROT_WRITE, EACCES, some_memory(c)))
{
	return map_page_of(open(file_create(1).name, O_WRONLY), PROT_WRITE, MAP_SHARED) != MAP_FAILED;
}

VIOLATION(mmap_of_write_only_without_access_accepted, "mmap.eacces-no-read", "-", MMAP,
    ACCEPTS(access_mode(c->fd) == O_WRONLY && c->protection == PROT_NONE, EACCES, some_memory(c)))
{
	return map_page_of(open(file_create(1).name, O_WRONLY), PROT_NONE, MAP_SHARED) != MAP_FAILED;
}

VIOLATION(mmap_read_only_file_written, "mmap.eacces-shared-write", "B133", MMAP,
    ACCEPTS(access_mode(c->fd) == O_RDONLY && is_file(c->fd) && !is_fixed(c), EACCES, mapped_for_writing(c)))
{
	struct file f = file_create(1);
	char *p = map_page_of(open(f.name, O_RDONLY), READ_WRITE, MAP_SHARED);

	return p != MAP_FAILED && (*p = 's', *content_of(f.fd, 1) == 's');
}

VIOLATION(mmap_read_only_object_written, "mmap.eacces-shared-write", "B172", MMAP,
    ACCEPTS(access_mode(c->fd) == O_RDONLY && is_object(c->fd), EACCES, mapped_for_writing(c)))
{
	struct object o = object_create(1);
	char *p = map_page_of(object_open(&o, O_RDONLY), READ_WRITE, MAP_SHARED);

	return p != MAP_FAILED && (*p = 's', *(char *)map_shared(o.fd, 1) == 's');
}

VIOLATION(mmap_of_read_only_drops_prot_write, "mmap.eacces-shared-write", "-", MMAP,
    CHANGES(asks_shared_file(c) && access_mode(c->fd) == O_RDONLY && c->protection == READ_WRITE && !is_fixed(c),
	c->protection = PROT_READ))
{
	char *p = map_page_of(open(file_create(1).name, O_RDONLY), READ_WRITE, MAP_SHARED);

	return p != MAP_FAILED && fault_of_store(p, 's').signal == SIGSEGV;
}

VIOLATION(mmap_of_read_only_for_stores_alone_accepted, "mmap.eacces-shared-write", "-", MMAP,
    ACCEPTS(access_mode(c->fd) == O_RDONLY && c->protection == PROT_WRITE, EACCES, some_memory(c)))
{
	return map_page_of(open(file_create(1).name, O_RDONLY), PROT_WRITE, MAP_SHARED) != MAP_FAILED;
}

VIOLATION(mmap_of_read_only_efault, "mmap.eacces-shared-write", "B019", MMAP,
    MISTAKES(access_mode(c->fd) == O_RDONLY && !is_fixed(c), EACCES, EFAULT))
{
	return map_page_of(open(file_create(1).name, O_RDONLY), READ_WRITE, MAP_SHARED) == MAP_FAILED &&
	    errno == EFAULT;
}

VIOLATION(mmap_of_read_only_for_loads_refused, "mmap.eacces-shared-write", "-", MMAP,
    REFUSES(asks_shared_file(c) && access_mode(c->fd) == O_RDONLY && c->protection == PROT_READ && is_file(c->fd) &&
	    c->length == page_size() && !is_fixed(c),
	EACCES))
{
	return map_page_of(open(file_create(1).name, O_RDONLY), PROT_READ, MAP_SHARED) == MAP_FAILED;
}

VIOLATION(mmap_of_directory_accepted, "mmap.directory-refused", "-", MMAP,
    ACCEPTS(S_ISDIR(real_status_of(c->fd).st_mode) && !is_fixed(c), ENODEV, some_memory(c)))
{
	return map_page_of(open(".", O_RDONLY), PROT_READ, MAP_SHARED) != MAP_FAILED;
}

VIOLATION(mmap_of_directory_eacces, "mmap.directory-refused", "-", MMAP,
    MISTAKES(S_ISDIR(real_status_of(c->fd).st_mode) && asks_private(c), ENODEV, EACCES))
{
	return map_page_of(open(".", O_RDONLY), PROT_READ, MAP_PRIVATE) == MAP_FAILED && errno == EACCES;
}

static int
end_of_pipe(void)
{
	int ends[2];

	return pipe(ends) == 0 ? ends[0] : -1;
}

VIOLATION(mmap_of_pipe_accepted, "mmap.pipe-refused", "-", MMAP,
    ACCEPTS(S_ISFIFO(real_status_of(c->fd).st_mode), ENODEV, some_memory(c)))
{
	return map_page_of(end_of_pipe(), PROT_READ, MAP_SHARED) != MAP_FAILED;
}

VIOLATION(mmap_of_pipe_espipe, "mmap.pipe-refused", "-", MMAP,
    MISTAKES(S_ISFIFO(real_status_of(c->fd).st_mode), ENODEV, ESPIPE))
{
	return map_page_of(end_of_pipe(), PROT_READ, MAP_SHARED) == MAP_FAILED && errno == ESPIPE;
}

static int
end_of_socket(void)
{
	int ends[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 ? ends[0] : -1;
}

VIOLATION(mmap_of_socket_accepted, "mmap.socket-refused", "-", MMAP,
    ACCEPTS(S_ISSOCK(real_status_of(c->fd).st_mode), ENODEV, some_memory(c)))
{
	return map_page_of(end_of_socket(), PROT_READ, MAP_SHARED) != MAP_FAILED;
}

VIOLATION(mmap_of_socket_ebadf, "mmap.socket-refused", "-", MMAP,
    MISTAKES(S_ISSOCK(real_status_of(c->fd).st_mode), ENODEV, EBADF))
{
	return map_page_of(end_of_socket(), PROT_READ, MAP_SHARED) == MAP_FAILED && errno == EBADF;
}

VIOLATION(mmap_of_memory_for_stores_alone_refused, "mmap.enotsup-prot", "-", MMAP,
    REFUSES(asks_private_anonymous(c) && c->protection == PROT_WRITE, ENOTSUP))
{
	return map_page_of(-1, PROT_WRITE, PRIVATE_ANONYMOUS) == MAP_FAILED;
}

VIOLATION(mmap_of_memory_without_access_refused, "mmap.enotsup-prot", "-", MMAP,
    REFUSES(
	asks_private_anonymous(c) && c->protection == PROT_NONE && c->length == page_size() && !is_fixed(c), ENOTSUP))
{
	return map_page_of(-1, PROT_NONE, PRIVATE_ANONYMOUS) == MAP_FAILED;
}

VIOLATION(mmap_of_memory_to_execute_eacces, "mmap.enotsup-prot", "-", MMAP,
    REFUSES(asks_private_anonymous(c) && c->protection == (READ_WRITE | PROT_EXEC), EACCES))
{
	return map_page_of(-1, READ_WRITE | PROT_EXEC, PRIVATE_ANONYMOUS) == MAP_FAILED && errno == EACCES;
}
