/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "matrix.h"

/* A result and its place: the runs are sorted into one list of cases. */
struct entry {
	const struct result *result;
	size_t run;
};

static int
by_case(const void *a, const void *b)
{
	const struct entry *x = a;
	const struct entry *y = b;
	int order = strcmp(x->result->program, y->result->program);

	if (order == 0)
		order = strcmp(x->result->name, y->result->name);
	if (order == 0)
		order = (x->run > y->run) - (x->run < y->run);
	return order;
}

static bool
is_same_case(const struct result *x, const struct result *y)
{
	return strcmp(x->name, y->name) == 0 && strcmp(x->program, y->program) == 0;
}

static struct entry *
all_entries(const struct runs *runs, size_t *count)
{
	struct entry *entries;
	size_t next = 0;

	*count = 0;
	for (size_t i = 0; i < runs->count; i++)
		*count += runs->all[i].results.count;
	entries = allocated(malloc((*count + 1) * sizeof(*entries)));
	for (size_t i = 0; i < runs->count; i++)
		for (size_t j = 0; j < runs->all[i].results.count; j++)
			entries[next++] = (struct entry){ &runs->all[i].results.all[j], i };
	qsort(entries, *count, sizeof(*entries), by_case);
	return entries;
}

static void
make_cases(struct matrix *matrix)
{
	size_t count;
	struct entry *entries = all_entries(matrix->runs, &count);

	matrix->cases = allocated(calloc(count + 1, sizeof(*matrix->cases)));
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || !is_same_case(entries[i].result, entries[i - 1].result)) {
			struct matrix_case *next = &matrix->cases[matrix->case_count++];
			next->any = entries[i].result;
			next->results = allocated(calloc(matrix->runs->count, sizeof(const struct result *)));
		}
		matrix->cases[matrix->case_count - 1].results[entries[i].run] = entries[i].result;
	}
	free(entries);
}

/* A requirement that a case names. */
struct naming {
	char *id;
	const struct matrix_case *from;
};

static size_t
area_place(const char *area)
{
	size_t place = 0;

	while (place < AREAS && strcmp(areas[place].name, area) != 0)
		place++;
	return place;
}

static int
by_requirement(const void *a, const void *b)
{
	const struct naming *x = a;
	const struct naming *y = b;
	size_t x_area = area_place(x->from->any->area);
	size_t y_area = area_place(y->from->any->area);
	int order = (x_area > y_area) - (x_area < y_area);

	if (order == 0)
		order = strcmp(x->id, y->id);
	/* The cases keep their order. */
	return order == 0 ? (x->from > y->from) - (x->from < y->from) : order;
}

/* Return how many requirements the case names, at least 1; store them if "namings" is not null. */
static size_t
requirements_of(const struct matrix_case *from, struct naming *namings)
{
	const char *rest = from->any->requirement;
	size_t count = 0;

	for (rest += strspn(rest, " "); *rest != '\0'; rest += strspn(rest, " ")) {
		size_t length = strcspn(rest, " ");
		if (namings != NULL)
			namings[count] = (struct naming){ text_format("%.*s", (int)length, rest), from };
		rest += length;
		count++;
	}
	if (count > 0)
		return count;
	if (namings != NULL)
		namings[0] = (struct naming){ text_format("%s:%s", from->any->program, from->any->name), from };
	return 1;
}

static void
make_requirements(struct matrix *matrix)
{
	size_t count = 0;
	size_t next = 0;

	for (size_t i = 0; i < matrix->case_count; i++)
		count += requirements_of(&matrix->cases[i], NULL);
	struct naming *namings = allocated(malloc((count + 1) * sizeof(*namings)));
	for (size_t i = 0; i < matrix->case_count; i++)
		next += requirements_of(&matrix->cases[i], &namings[next]);
	qsort(namings, count, sizeof(*namings), by_requirement);

	matrix->requirements = allocated(calloc(count + 1, sizeof(*matrix->requirements)));
	matrix->ids = allocated(calloc(count + 1, sizeof(*matrix->ids)));
	matrix->lists = allocated(calloc(count + 1, sizeof(const struct matrix_case *)));
	for (size_t i = 0; i < count; i++) {
		matrix->ids[i] = namings[i].id;
		matrix->lists[i] = namings[i].from;
		const char *area = namings[i].from->any->area;
		struct requirement *last = &matrix->requirements[matrix->requirement_count];
		if (i > 0 && strcmp(last[-1].id, namings[i].id) == 0 && strcmp(last[-1].area, area) == 0) {
			last[-1].count++;
			continue;
		}
		*last =
		    (struct requirement){ .id = matrix->ids[i], .area = area, .cases = &matrix->lists[i], .count = 1 };
		matrix->requirement_count++;
	}
	free(namings);
}

struct matrix
matrix_make(const struct runs *runs)
{
	struct matrix matrix = { .runs = runs };

	make_cases(&matrix);
	make_requirements(&matrix);
	return matrix;
}

void
matrix_free(struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->case_count; i++)
		free(matrix->cases[i].results);
	free(matrix->cases);
	for (size_t i = 0; matrix->ids[i] != NULL; i++)
		free(matrix->ids[i]);
	free(matrix->ids);
	free(matrix->lists);
	free(matrix->requirements);
	*matrix = (struct matrix){ .case_count = 0 };
}

/* The worst first. */
static const enum outcome by_weight[] = { BROKEN, FAILED, KNOWN_DEFECT, DEVIATES, HOLDS, SKIPPED };

bool
requirement_outcome(const struct requirement *requirement, size_t run, enum outcome *outcome)
{
	bool seen[SKIPPED + 1] = { false };

	for (size_t i = 0; i < requirement->count; i++)
		if (requirement->cases[i]->results[run] != NULL)
			seen[requirement->cases[i]->results[run]->outcome] = true;
	for (size_t i = 0; i < sizeof(by_weight) / sizeof(by_weight[0]); i++)
		if (seen[by_weight[i]]) {
			*outcome = by_weight[i];
			return true;
		}
	return false;
}

bool
requirement_differs(const struct requirement *requirement, size_t runs)
{
	enum outcome first = SKIPPED;
	enum outcome now;

	for (size_t i = 0; i < runs; i++) {
		if (!requirement_outcome(requirement, i, &now) || now == SKIPPED)
			continue;
		if (first != SKIPPED && now != first)
			return true;
		first = now;
	}
	return false;
}
