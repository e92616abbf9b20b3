/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "check.h"
#include "matrix.h"

/*
 * Areas whose cases may fail under a violation in that area, since they use it: cases of lifecycle use every area, those of
 * synchronization use memory of all kinds, and those of objects map them. A case for each kind of memory
 * (CASE_FOR_EACH_MEMORY) is about that kind, too.
 */
static const struct {
	const char *area;
	const char *related;
	const char *variant; /* what names of cases in its kind of memory end with */
} areas[] = {
	{ "sysv", "sysv lifecycle sync", "__segment" },
	{ "posix", "posix lifecycle sync mmap", "__object" },
	{ "mmap", "mmap posix sync lifecycle platform", NULL },
	{ "sync", "sync lifecycle", NULL },
	{ "lifecycle", "lifecycle sysv posix mmap sync platform", NULL },
	{ "platform", "platform sysv posix mmap sync lifecycle", NULL },
};

static bool
has_word(const char *words, const char *word, size_t length)
{
	while (*words != '\0') {
		size_t this_length = strcspn(words, " ");

		if (this_length == length && strncmp(words, word, length) == 0)
			return true;
		words += this_length;
		words += strspn(words, " ");
	}
	return false;
}

bool
has_requirement(const struct matrix_case *c, const char *requirement)
{
	return has_word(c->requirements, requirement, strlen(requirement));
}

bool
has_same_interface(const char *requirement, const char *other)
{
	size_t length = strcspn(requirement, ".");

	return strcspn(other, ".") == length && strncmp(requirement, other, length) == 0;
}

bool
has_interface_of(const struct matrix_case *c, const char *requirement)
{
	for (const char *id = c->requirements; id != NULL; id = strchr(id, ' ')) {
		id += strspn(id, " ");
		if (has_same_interface(requirement, id))
			return true;
	}
	return false;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);
	size_t end_length = strlen(end);

	return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static bool
is_related_to_area(const struct matrix_case *c, const char *area)
{
	for (size_t i = 0; i < nitems(areas); i++)
		if (strcmp(areas[i].area, area) == 0)
			return has_word(areas[i].related, c->area, strlen(c->area)) ||
			    (areas[i].variant != NULL && ends_with(c->name, areas[i].variant));
	return strcmp(area, c->area) == 0;
}

/* A violation that fails a case of its requirement in memory of a kind is about that kind too. */
static bool
is_about_memory_of(const struct matrix *m, size_t violation, const struct matrix_case *other)
{
	for (size_t i = 0; i < m->case_count; i++) {
		const struct matrix_case *c = &m->cases[i];

		if (!fails(m, violation, i) || !has_requirement(c, m->violations[violation].requirement))
			continue;
		for (size_t a = 0; a < nitems(areas); a++)
			if (areas[a].variant != NULL && ends_with(c->name, areas[a].variant) &&
			    is_related_to_area(other, areas[a].area))
				return true;
	}
	return false;
}

bool
is_related(const struct matrix *m, size_t violation, const struct matrix_case *other)
{
	bool has_area = false;

	for (const struct matrix_case *c = m->cases; c < m->cases + m->case_count; c++)
		if (has_interface_of(c, m->violations[violation].requirement)) {
			if (is_related_to_area(other, c->area))
				return true;
			has_area = true;
		}
	/* A requirement of no case is an error of its own. */
	return !has_area || is_about_memory_of(m, violation, other);
}

bool
fails(const struct matrix *m, size_t violation, size_t test_case)
{
	return m->cases[test_case].neutral.result == RESULT_PASSED &&
	    cell_of(m, violation, test_case)->ending.result == RESULT_FAILED;
}

bool
can_be_judged(const struct matrix *m, const struct matrix_violation *v)
{
	bool has_case = false;

	for (const struct matrix_case *c = m->cases; c < m->cases + m->case_count; c++)
		if (has_requirement(c, v->requirement)) {
			if (c->neutral.result == RESULT_PASSED)
				return true;
			has_case = true;
		}
	return !has_case;
}
