/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "ipc.h"
#include "known.h"
#include "real.h"

#ifdef __linux__

#include <sched.h>

static const char own_namespace[] = "/proc/self/ns/ipc";

struct path {
	char text[96];
};

static struct path
parents_namespace(void)
{
	struct path path;

	snprintf(path.text, sizeof(path.text), "/proc/%ld/ns/ipc", (long)getppid());
	return path;
}

bool
has_own_ipc_namespace(void)
{
	struct stat own;
	struct stat parents;

	return real_stat(own_namespace, &own) == 0 && real_stat(parents_namespace().text, &parents) == 0 &&
	    own.st_ino != parents.st_ino;
}

bool
made_ipc_namespace(const struct call *c)
{
	return (c->flags & CLONE_NEWIPC) != 0 && has_own_ipc_namespace();
}

/* Go to the parent's namespace, and back by what this returns. */
static int
visit_parents_namespace(void)
{
	int own = real_open(own_namespace, O_RDONLY | O_CLOEXEC);
	int parents = real_open(parents_namespace().text, O_RDONLY | O_CLOEXEC);

	if (setns(parents, CLONE_NEWIPC) == -1) {
		real_close(own);
		own = -1;
	}
	real_close(parents);
	return own;
}

static void
come_back(int own)
{
	if (setns(own, CLONE_NEWIPC) == -1)
		abort();
	real_close(own);
}

intptr_t
call_in_parents_namespace(struct call *c)
{
	int own = visit_parents_namespace();

	if (own == -1) {
		c->error = EPERM;
		return c->result = failure_of(c->interface);
	}
	real_call(c);
	come_back(own);
	return c->result;
}

void
content_set(const struct call *c, char *content, size_t size)
{
	struct call create = { .interface = MEMFD_CREATE, .name = "content" };
	struct call replace = { .interface = DUP2, .id = fileno((FILE *)c->result) };

	replace.fd = (int)real_call(&create);
	if (replace.fd == -1)
		return;
	real_pwrite(replace.fd, content, size, 0);
	real_call(&replace);
	real_close(replace.fd);
}

#else

bool
has_own_ipc_namespace(void)
{
	return false;
}

bool
made_ipc_namespace(const struct call *c)
{
	(void)c;
	return false;
}

static int
visit_parents_namespace(void)
{
	return -1;
}

static void
come_back(int own)
{
	(void)own;
}

intptr_t
call_in_parents_namespace(struct call *c)
{
	return real_call(c);
}

void
content_set(const struct call *c, char *content, size_t size)
{
	(void)c;
	(void)content;
	(void)size;
}

#endif

static void
path_of_limit(char *path, size_t size, const char *name)
{
	snprintf(path, size, "/proc/sys/kernel/%s", name);
}

unsigned long
limit_now(const char *name)
{
	char text[64] = "";
	char path[64];
	int fd;

	path_of_limit(path, sizeof(path), name);
	fd = real_open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return ULONG_MAX;
	real_read(fd, text, sizeof(text) - 1);
	real_close(fd);
	return strtoul(text, NULL, 10);
}

static void
write_limit(const char *name, unsigned long value)
{
	char text[64];
	char path[64];
	int fd;

	path_of_limit(path, sizeof(path), name);
	snprintf(text, sizeof(text), "%lu\n", value);
	fd = real_open(path, O_WRONLY | O_CLOEXEC);
	if (fd == -1)
		return;
	real_write(fd, text, strlen(text));
	real_close(fd);
}

void
limit_set(const char *name, unsigned long value)
{
	if (known_ipc_namespaces() > 0 || has_own_ipc_namespace())
		write_limit(name, value);
}

unsigned long
parents_limit(const char *name)
{
	int own = visit_parents_namespace();
	unsigned long value = limit_now(name);

	if (own != -1)
		come_back(own);
	return value;
}

void
parents_limit_set(const char *name, unsigned long value)
{
	int own = known_ipc_namespaces() > 1 ? visit_parents_namespace() : -1;

	if (own == -1)
		return;
	write_limit(name, value);
	come_back(own);
}

bool
opens_limit(const struct call *c, const char *name, const char *mode)
{
	char path[64];

	path_of_limit(path, sizeof(path), name);
	return known_ipc_namespaces() > 0 && strcmp(c->name, path) == 0 && strcmp(c->buffer, mode) == 0;
}

size_t
content_now(const struct call *c, char *content, size_t size)
{
	size_t length = 0;
	ssize_t more;

	while ((more = real_read(fileno((FILE *)c->result), content + length, size - 1 - length)) > 0)
		length += (size_t)more;
	content[length] = '\0';
	return length;
}

void
content_set_number(const struct call *c, unsigned long number)
{
	char text[64];

	snprintf(text, sizeof(text), "%lu\n", number);
	content_set(c, text, strlen(text));
}
