/* SPDX-License-Identifier: BSD-2-Clause */

/* What becomes of mappings at exec, and at an exec that fails. */

#include <stdio.h>
#include <stdlib.h>

#include "mmap.h"

static bool
is_mapped_file(const struct known_range *range)
{
	return is_shared_file_range(range) && is_file(range->fd);
}

static bool
is_mapped_object(const struct known_range *range)
{
	return is_shared_file_range(range) && is_object(range->fd);
}

static bool
is_attachment(const struct known_range *range)
{
	return range != NULL && range->id != -1;
}

static const struct known_range *
first_range(bool (*is_meant)(const struct known_range *), bool may_be_inherited)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (is_meant(&ranges[i]) && (may_be_inherited || !ranges[i].is_inherited))
			return &ranges[i];
	return NULL;
}

static bool
can_exec(const struct call *c)
{
	return access(c->name, X_OK) == 0;
}

/* Where "exec fails" is seen: the child's own memory after it tried to become what is no program. */
static bool
store_after_failed_exec_is_missing(memory_kind *kind)
{
	char *const arguments[] = { (char[]){ "none" }, NULL };
	char *p = memory_create(kind, page_size()).start;
	pid_t child = fork();

	if (child == 0) {
		execv("./no-such-file", arguments);
		*p = 'k';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p == 0;
}

#define FAILED_EXEC_OWNS(is_meant) \
	CHANGES(!can_exec(c) && first_range(is_meant, true) != NULL, make_range_private(first_range(is_meant, true)))

VIOLATION(failed_exec_makes_memory_private, "mmap_process.failed-exec-keeps", "-", EXECV,
    FAILED_EXEC_OWNS(is_shared_anonymous_range))
{
	return store_after_failed_exec_is_missing(anonymous_memory);
}

VIOLATION(
    failed_exec_makes_file_private, "mmap_process.failed-exec-keeps", "-", EXECV, FAILED_EXEC_OWNS(is_mapped_file))
{
	return store_after_failed_exec_is_missing(file_memory);
}

VIOLATION(
    failed_exec_makes_object_private, "mmap_process.failed-exec-keeps", "-", EXECV, FAILED_EXEC_OWNS(is_mapped_object))
{
	return store_after_failed_exec_is_missing(object_memory);
}

VIOLATION(
    failed_exec_makes_attachment_private, "mmap_process.failed-exec-keeps", "-", EXECV, FAILED_EXEC_OWNS(is_attachment))
{
	return store_after_failed_exec_is_missing(segment_memory);
}

static void
clear_last_page(const struct known_range *range)
{
	memset(range->start + range->length - page_size(), 0, page_size());
}

/* What was stored by the image before. */
static bool
store_before_exec_is_missing(int fd)
{
	char *const arguments[] = { (char[]){ "true" }, NULL };
	pid_t child = fork();

	if (child == 0) {
		*(char *)map_shared(fd, page_size()) = 'e';
		execv("/bin/true", arguments);
		_exit(1);
	}
	waitpid(child, NULL, 0);
	return *(char *)map_shared(fd, page_size()) == 0;
}

VIOLATION(exec_drops_stores_to_file, "mmap_process.exec-object-data-stay", "B059", EXECV,
    CHANGES(
	can_exec(c) && first_range(is_mapped_file, false) != NULL, clear_last_page(first_range(is_mapped_file, false))))
{
	return store_before_exec_is_missing(nameless_file(page_size()));
}

VIOLATION(exec_drops_stores_to_object, "mmap_process.exec-object-data-stay", "-", EXECV,
    CHANGES(can_exec(c) && first_range(is_mapped_object, false) != NULL,
	clear_last_page(first_range(is_mapped_object, false))))
{
	return store_before_exec_is_missing(object_create(page_size()).fd);
}

#ifdef __linux__

static const char kept[] = "SHMCHECK_VIOLATION_KEPT"; /* a descriptor, an address, a length */

/* Leave a copy of the pages to the next image, which is to map them where they are. */
static void
keep(const struct known_range *range)
{
	char text[64];
	int fd = (int)real_make((struct call){ .interface = MEMFD_CREATE, .name = "kept" });

	real_pwrite(fd, range->start, range->length, 0);
	snprintf(text, sizeof(text), "%d %p %zu", fd, (void *)range->start, range->length);
	setenv(kept, text, 1);
}

__attribute__((constructor)) static void
map_what_was_kept(void)
{
	const char *text = getenv(kept);
	void *start;
	size_t length;
	int fd;

	/* NOLINTNEXTLINE(bugprone-unchecked-string-to-number-conversion): our own text */
	if (text == NULL || sscanf(text, "%d %p %zu", &fd, &start, &length) != 3)
		return;
	real_mmap(start, length, READ_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
	real_close(fd);
	unsetenv(kept);
}

#define KEEPS(is_meant) CHANGES(can_exec(c) && first_range(is_meant, true) != NULL, keep(first_range(is_meant, true)))

/* The direct check becomes this program again, by exec, to look for the byte "k" at this address. */
static bool
is_kept(const char *violation, char *p)
{
	static const char name[] = "SHMCHECK_LOOK_AT";
	char *const arguments[] = { (char[]){ "visible" }, (char *)(uintptr_t)violation, NULL };
	char address[32];
	int status = -1;
	pid_t child;

	*p = 'k';
	snprintf(address, sizeof(address), "%p", (void *)p);
	child = fork();
	if (child == 0) {
		setenv(name, address, 1);
		execv("/proc/self/exe", arguments);
		_exit(1);
	}
	waitpid(child, &status, 0);
	return status == 0;
}

/* In the image after exec: 1 if the byte is there, 0 if not; in the one before: -1. */
static int
look(void)
{
	const char *address = getenv("SHMCHECK_LOOK_AT");
	void *p;

	if (address == NULL)
		return -1;
	return sscanf(address, "%p", &p) == 1 && fault_of_load(p).signal == 0 && *(char *)p == 'k';
}

static bool
stays(const char *violation, memory_kind *kind)
{
	int seen = look();

	return seen == -1 ? is_kept(violation, memory_create(kind, page_size()).start) : seen == 1;
}

VIOLATION(exec_keeps_memory, "mmap_process.exec-unmaps", "-", EXECV, KEEPS(is_shared_anonymous_range))
{
	return stays("exec_keeps_memory", anonymous_memory);
}

VIOLATION(exec_keeps_file, "mmap_process.exec-unmaps", "B059", EXECV, KEEPS(is_mapped_file))
{
	return stays("exec_keeps_file", file_memory);
}

VIOLATION(exec_keeps_object, "mmap_process.exec-unmaps", "-", EXECV, KEEPS(is_mapped_object))
{
	return stays("exec_keeps_object", object_memory);
}

VIOLATION(exec_keeps_attachment, "mmap_process.exec-unmaps", "-", EXECV, KEEPS(is_attachment))
{
	return stays("exec_keeps_attachment", segment_memory);
}

static bool
is_private_memory(const struct known_range *range)
{
	return is_private_anonymous_range(range) && range->protection == READ_WRITE;
}

VIOLATION(exec_keeps_private_memory, "mmap_process.exec-unmaps", "-", EXECV, KEEPS(is_private_memory))
{
	int seen = look();

	return seen == -1 ? is_kept("exec_keeps_private_memory", map_anonymous(1, MAP_PRIVATE)) : seen == 1;
}

#endif
