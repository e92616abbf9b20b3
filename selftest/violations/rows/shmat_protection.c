/* SPDX-License-Identifier: BSD-2-Clause */

/* SHM_EXEC, and mprotect() of attachments made with SHM_RDONLY. */

#include "segments.h"

/* An owner may execute what is in the segment. */
static bool
is_executable(const struct call *c)
{
	return known_permissions(c->id) != NULL && known_permissions(c->id)->mode & 0100 && c->address == NULL;
}

/* A function attached with these flags: stored through another attachment. Null on machines whose code we don't know. */
static char *
attached_function(int flags)
{
	int id = segment_create_with_key(segment_key(), page_size(), 0700);
	bool is_stored = store_function(segment_attach(id, NULL, 0));
	void *p = is_stored ? shmat(id, NULL, flags) : NULL;

	return p == (void *)-1 ? NULL : p;
}

static bool
can_be_called(char *function)
{
	int status;
	pid_t child = function == NULL ? -1 : fork();

	if (child == 0) {
		signal(SIGSEGV, SIG_DFL);
		((void (*)(void))(uintptr_t)function)();
		_exit(0);
	}
	return child != -1 && waitpid(child, &status, 0) == child && WIFEXITED(status);
}

VIOLATION(shmat_exec_dropped, "shmat.exec-flag", "-", SHMAT, CHANGES(c->flags &SHM_EXEC, c->flags &= ~SHM_EXEC))
{
	char *function = attached_function(SHM_EXEC);

	return function != NULL && !can_be_called(function);
}

VIOLATION(shmat_without_exec_is_executable, "shmat.exec-flag", "-", SHMAT,
    CHANGES(is_executable(c) && c->flags == 0, c->flags |= SHM_EXEC))
{
	return can_be_called(attached_function(0));
}

VIOLATION(shmat_exec_drops_rdonly, "shmat.exec-flag", "-", SHMAT,
    CHANGES(c->flags &SHM_EXEC && c->flags & SHM_RDONLY, c->flags &= ~SHM_RDONLY))
{
	char *function = attached_function(SHM_EXEC | SHM_RDONLY);

	return function != NULL && !store_is_refused(function);
}

/* To become writable, all or in part. */
static struct known_range *
rdonly_to_write(const struct call *c)
{
	struct known_range *range = attachment_at(c->address);

	return range != NULL && range->flags & SHM_RDONLY && c->protection & PROT_WRITE ? range : NULL;
}

/* An attachment of two pages, made with SHM_RDONLY. */
static char *
rdonly_pages(void)
{
	return segment_attach(segment_create(2 * page_size()), NULL, SHM_RDONLY);
}

VIOLATION(mprotect_write_of_rdonly_attachment_accepted, "shmat.rdonly-mprotect-write-refused", "-", MPROTECT,
    ACCEPTS(rdonly_to_write(c) != NULL && c->length > page_size(), EACCES, 0))
{
	return mprotect(rdonly_pages(), 2 * page_size(), PROT_READ | PROT_WRITE) == 0;
}

VIOLATION(mprotect_write_of_rdonly_page_accepted, "shmat.rdonly-mprotect-write-refused", "-", MPROTECT,
    ACCEPTS(rdonly_to_write(c) != NULL && c->length <= page_size(), EACCES, 0))
{
	return mprotect(rdonly_pages(), page_size(), PROT_WRITE) == 0;
}

VIOLATION(mprotect_write_of_rdonly_attachment_enomem, "shmat.rdonly-mprotect-write-refused", "-", MPROTECT,
    MISTAKES(rdonly_to_write(c) != NULL, EACCES, ENOMEM))
{
	return mprotect(rdonly_pages(), page_size(), PROT_WRITE) == -1 && errno == ENOMEM;
}

/* It fails as it should, and has an effect all the same. */
static void
make_writable(struct call *c)
{
	const struct known_range *range = rdonly_to_write(c);

	real_shmat(range->id, range->start, SHM_REMAP);
	c->result = -1;
	c->error = EACCES;
}

VIOLATION(mprotect_refused_and_done, "shmat.rdonly-mprotect-write-refused", "-", MPROTECT,
    REPLACES(rdonly_to_write(c) != NULL && SHM_REMAP != 0, make_writable(c)))
{
	char *p = rdonly_pages();

	return mprotect(p, page_size(), PROT_WRITE) == -1 && !store_is_refused(p);
}
