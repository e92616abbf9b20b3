/* SPDX-License-Identifier: BSD-2-Clause */

/* Size, bytes and mode of objects of memfd_create(), and the seals about them. */

#ifdef __linux__

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "platform/fcntl.h"
#include "real.h"
#include "violation.h"

static int
sealable(void)
{
	return memfd_create("shmcheck", MFD_ALLOW_SEALING);
}

VIOLATION(fstat_tells_odd_size_of_memfd, "memfd_create.seal-size", "-", FSTAT,
    FALSIFIES(is_memfd(c->fd) && ((struct stat *)c->buffer)->st_size > 0, ((struct stat *)c->buffer)->st_size |= 1))
{
	int fd = sealable();

	return ftruncate(fd, 2) == 0 && size_of(fd) == 3;
}

VIOLATION(fstat_tells_other_mode_of_memfd, "memfd_create.noexec-seal", "-", FSTAT,
    FALSIFIES(is_memfd(c->fd), ((struct stat *)c->buffer)->st_mode ^= S_IROTH))
{
	int fd = sealable();

	return fchmod(fd, 0600) == 0 && (status_of(fd).st_mode & S_IROTH) != 0;
}

static bool
shrinks_oddly(const struct call *c)
{
	return is_memfd(c->fd) && c->offset < file_size(c->fd) && c->offset > (off_t)page_size() &&
	    c->offset % (off_t)page_size() != 0;
}

VIOLATION(ftruncate_of_memfd_cuts_off_page, "memfd_create.shrink-discards", "-", FTRUNCATE,
    CHANGES(shrinks_oddly(c), c->offset -= c->offset % (off_t)page_size()))
{
	int fd = sealable();

	return ftruncate(fd, (off_t)(2 * page_size())) == 0 && ftruncate(fd, (off_t)page_size() + 1) == 0 &&
	    size_of(fd) == (off_t)page_size();
}

VIOLATION(ftruncate_of_memfd_by_others_eperm, "memfd_create.opened-by-another-process", "-", FTRUNCATE,
    REFUSES(is_memfd(c->fd) && !is_first_process(), EPERM))
{
	int fd = sealable();
	int status = 0;

	if (fork() == 0)
		_exit(ftruncate(fd, 1) == -1);
	wait(&status);
	return WEXITSTATUS(status) == 1;
}

VIOLATION(pwrite_to_memfd_by_child_eperm, "memfd_create.read-and-write-by-child", "-", PWRITE,
    REFUSES(is_memfd(c->fd) && !is_first_process(), EPERM))
{
	int fd = sealable();
	int status = 0;

	if (fork() == 0)
		_exit(pwrite(fd, "x", 1, 0) == -1);
	wait(&status);
	return WEXITSTATUS(status) == 1;
}

/* The first byte and the last one are no longer what they were. */
static void
spoil_ends(int fd)
{
	const char byte = SPOILED;

	real_pwrite(fd, &byte, 1, 0);
	real_pwrite(fd, &byte, 1, file_size(fd) - 1);
}

VIOLATION(pwrite_to_memfd_spoils_ends, "memfd_create.read-and-write-by-child", "-", PWRITE,
    FALSIFIES(is_memfd(c->fd), spoil_ends(c->fd)))
{
	char byte = 0;
	int fd = sealable();

	return pwrite(fd, "xyz", 3, 0) == 3 && pread(fd, &byte, 1, 0) == 1 && byte == SPOILED;
}

VIOLATION(pread_of_memfd_eopnotsupp, "memfd_create.duplicate", "-", PREAD, REFUSES(is_memfd(c->fd), EOPNOTSUPP))
{
	char byte;

	return pread(sealable(), &byte, 1, 0) == -1;
}

static bool
punches(const struct call *c)
{
	return (c->flags & FALLOC_FL_PUNCH_HOLE) != 0 && is_memfd(c->fd);
}

static int
punched(void)
{
	int fd = sealable();

	if (pwrite(fd, "x", 1, 0) != 1 || fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1) == -1)
		return -1;
	return content_of(fd, 1)[0];
}

VIOLATION(fallocate_punch_of_memfd_eopnotsupp, "memfd_create.fallocate-punches-hole", "-", FALLOCATE,
    REFUSES(punches(c), EOPNOTSUPP))
{
	return punched() == -1;
}

VIOLATION(fallocate_punch_of_memfd_ignored, "memfd_create.fallocate-punches-hole", "-", FALLOCATE, SKIPS(punches(c)))
{
	return punched() == 'x';
}

static bool
reserves_behind_end(const struct call *c)
{
	return c->flags == FALLOC_FL_KEEP_SIZE && is_memfd(c->fd);
}

VIOLATION(fallocate_of_memfd_changes_size, "memfd_create.fallocate-punches-hole", "-", FALLOCATE,
    CHANGES(reserves_behind_end(c), c->flags = 0))
{
	int fd = sealable();

	return fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 1) == 0 && size_of(fd) == 1;
}

VIOLATION(fallocate_of_memfd_behind_end_einval, "memfd_create.fallocate-punches-hole", "-", FALLOCATE,
    REFUSES(reserves_behind_end(c), EINVAL))
{
	return fallocate(sealable(), FALLOC_FL_KEEP_SIZE, 0, 1) == -1;
}

static bool
has_seals(int fd, int seals)
{
	return is_memfd(fd) && (real_fcntl(fd, F_GET_SEALS, 0) & seals) == seals;
}

static bool
writes_across_sealed_end(const struct call *c)
{
	return has_seals(c->fd, F_SEAL_GROW) && c->offset < file_size(c->fd) &&
	    c->offset + (off_t)c->length > file_size(c->fd);
}

/* pwrite() of two bytes at the last byte of an object of that size; the last byte then. */
static ssize_t
write_across(off_t size, char *last)
{
	int fd = sealable();
	ssize_t written;

	if (ftruncate(fd, size) == -1 || fcntl(fd, F_ADD_SEALS, F_SEAL_GROW) == -1)
		return 0;
	written = pwrite(fd, "xx", 2, size - 1);
	*last = content_of(fd, (size_t)size)[size - 1];
	return written;
}

VIOLATION(pwrite_across_sealed_end_fails_late, "memfd_create.seal-grow", "-", PWRITE,
    REPLACES(writes_across_sealed_end(c),
	(real_pwrite(c->fd, c->buffer, (size_t)(file_size(c->fd) - c->offset), c->offset), call_fail(c, EPERM))))
{
	char last = 0;

	return write_across(2, &last) == -1 && last == 'x';
}

static void
write_zero(const struct call *c)
{
	const char zero = 0;

	real_pwrite(c->fd, &zero, 1, c->offset);
}

VIOLATION(pwrite_across_sealed_end_loses_bytes, "memfd_create.seal-grow", "-", PWRITE,
    FALSIFIES(writes_across_sealed_end(c), write_zero(c)))
{
	char last = 'x';

	return write_across((off_t)page_size(), &last) == 1 && last == 0;
}

static bool
is_private_of_memfd(const struct known_range *range)
{
	return range->fd != -1 && (range->flags & MAP_SHARED) == 0 && is_memfd(range->fd);
}

static void
close_for_storing(const struct known_range *range)
{
	real_mprotect(range->start, range->length, PROT_READ);
}

static void
close_others(void)
{
	for_known_ranges(is_private_of_memfd, close_for_storing);
	lose_everything_shared();
}

VIOLATION(seal_write_unmaps, "memfd_create.seal-write-ebusy", "-", FCNTL,
    FALSIFIES(c->command == F_ADD_SEALS && (c->argument & F_SEAL_WRITE) && is_memfd(c->fd), close_others()))
{
	int fd = sealable();
	char *p = map_anonymous(1, MAP_SHARED);

	return fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == 0 && load_is_refused(p);
}

VIOLATION(fchmod_of_sealed_memfd_accepted, "memfd_create.noexec-seal", "-", FCHMOD, ACCEPTS(is_memfd(c->fd), EPERM, 0))
{
	int fd = memfd_create("shmcheck", MFD_NOEXEC_SEAL);

	return fchmod(fd, 0777) == 0;
}

VIOLATION(fchmod_of_memfd_eperm, "memfd_create.noexec-seal", "-", FCHMOD,
    REFUSES(is_memfd(c->fd) && !has_seals(c->fd, F_SEAL_EXEC), EPERM))
{
	return fchmod(memfd_create("shmcheck", MFD_EXEC), 0600) == -1;
}

VIOLATION(memfd_create_with_both_accepted, "memfd_create.noexec-seal", "-", MEMFD_CREATE,
    CHANGES((c->flags & (MFD_EXEC | MFD_NOEXEC_SEAL)) == (MFD_EXEC | MFD_NOEXEC_SEAL), c->flags &= ~MFD_EXEC))
{
	return memfd_create("shmcheck", MFD_EXEC | MFD_NOEXEC_SEAL) != -1;
}

VIOLATION(close_of_closed_accepted, "memfd_create.close-at-once", "-", CLOSE, ACCEPTS(c->fd >= 0, EBADF, 0))
{
	int fd = sealable();

	close(fd);
	return close(fd) == 0;
}

#endif
