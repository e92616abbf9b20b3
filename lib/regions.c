/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "regions.h"

static const char list[] = "/proc/self/maps";

void
need_list_of_regions(void)
{
	bool is_there = access(list, R_OK) == 0;

	need(is_there, "needs %s: %s", list, errno_name(errno));
}

/* The start of a line, which tells all but the name. */
enum { LINE = 128 };

static bool
parse(const char *line, struct region *r)
{
	return sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %jx %*s %ju", &r->start, &r->end, r->permissions, &r->offset,
		   &r->inode) == 5;
}

/* Calls the function for each region, until it returns false. Returns false where there is no list. */
static bool
for_each_region(bool (*visit)(const struct region *, void *), void *argument)
{
	char line[LINE + 1];
	char bytes[4096];
	size_t length = 0;
	bool goes_on = true;
	int fd = open(list, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd == -1)
		return false;
	while (goes_on && (got = read(fd, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < got && goes_on; i++) {
			struct region r;

			if (bytes[i] != '\n') {
				if (length < LINE)
					line[length++] = bytes[i];
				continue;
			}
			line[length] = '\0';
			length = 0;
			goes_on = !parse(line, &r) || visit(&r, argument);
		}
	close(fd);
	return true;
}

struct search {
	uintptr_t address;
	struct region found;
	bool is_found;
};

static bool
compare(const struct region *r, void *argument)
{
	struct search *s = argument;

	s->is_found = r->start <= s->address && s->address < r->end;
	if (s->is_found)
		s->found = *r;
	return !s->is_found;
}

struct region
region_at(const volatile void *address)
{
	struct search s = { .address = (uintptr_t)address };

	for_each_region(compare, &s);
	if (!s.is_found)
		end_failed("%s lists nothing at 0x%jx, which is mapped", list, (uintmax_t)s.address);
	return s.found;
}

static bool
count(__attribute__((unused)) const struct region *r, void *argument)
{
	++*(size_t *)argument;
	return true;
}

static size_t
pages_of_process(void)
{
	char text[64] = "";
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd == -1 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd != -1)
		close(fd);
	return got <= 0 ? 0 : strtoul(text, NULL, 10);
}

struct regions
regions_now(void)
{
	struct regions sum = { 0, pages_of_process() };

	for_each_region(count, &sum.count);
	return sum;
}

bool
check_listed(const char *file, int line, const char *text, const char *permissions, const char *start, size_t size)
{
	for (const char *at = start; at < start + size;) {
		struct region r = region_at(at);

		if (strcmp(r.permissions, permissions) != 0) {
			check_failed(file, line, "%s + %zu: expected \"%s\" in %s, got \"%s\"", text,
			    (size_t)(at - start), permissions, list, r.permissions);
			return false;
		}
		at += r.end - (uintptr_t)at;
	}
	return true;
}
