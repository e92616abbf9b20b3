/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "items.h"

/* That a case of a requirement names a source. */
struct naming {
	char *source;
	const struct requirement *requirement;
	const struct matrix_case *test_case;
};

struct namings {
	struct naming *all;
	size_t count;
};

/* Addresses are in the matrix's order. */
static int
by_source(const void *a, const void *b)
{
	const struct naming *x = a;
	const struct naming *y = b;
	int order = strcmp(x->source, y->source);

	if (order == 0)
		order = (x->requirement > y->requirement) - (x->requirement < y->requirement);
	return order == 0 ? (x->test_case > y->test_case) - (x->test_case < y->test_case) : order;
}

static void
add(struct namings *namings, const struct requirement *requirement, const struct matrix_case *test_case)
{
	struct slice rest = slice_of(test_case->any->source);
	struct slice source;

	while (source_next(&rest, &source)) {
		if (namings->count % 1024 == 0)
			namings->all =
			    allocated(realloc(namings->all, (namings->count + 1024) * sizeof(*namings->all)));
		namings->all[namings->count++] = (struct naming){ text_copy(source), requirement, test_case };
	}
}

struct index
index_make(const struct matrix *matrix)
{
	struct namings namings = { .count = 0 };

	for (size_t i = 0; i < matrix->requirement_count; i++)
		for (size_t j = 0; j < matrix->requirements[i].count; j++)
			add(&namings, &matrix->requirements[i], matrix->requirements[i].cases[j]);
	if (namings.count > 0)
		qsort(namings.all, namings.count, sizeof(*namings.all), by_source);

	struct index index = { .name_count = namings.count };
	index.sources = allocated(calloc(namings.count + 1, sizeof(*index.sources)));
	index.entries = allocated(calloc(namings.count + 1, sizeof(*index.entries)));
	index.cases = allocated(calloc(namings.count + 1, sizeof(const struct matrix_case *)));
	index.names = allocated(calloc(namings.count + 1, sizeof(*index.names)));
	size_t entries = 0;
	size_t cases = 0;
	for (size_t i = 0; i < namings.count; i++) {
		const struct naming *now = &namings.all[i];
		bool is_new_source = i == 0 || strcmp(now[-1].source, now->source) != 0;
		bool is_new_entry = is_new_source || now[-1].requirement != now->requirement;
		index.names[i] = now->source;
		/* A case may name a source twice. */
		if (!is_new_entry && now[-1].test_case == now->test_case)
			continue;
		if (is_new_source)
			index.sources[index.count++] =
			    (struct index_source){ .name = now->source, .entries = &index.entries[entries] };
		if (is_new_entry) {
			index.entries[entries++] =
			    (struct index_entry){ .requirement = now->requirement, .cases = &index.cases[cases] };
			index.sources[index.count - 1].count++;
		}
		index.cases[cases++] = now->test_case;
		index.entries[entries - 1].count++;
	}
	free(namings.all);
	return index;
}

void
index_free(struct index *index)
{
	for (size_t i = 0; i < index->name_count; i++)
		free(index->names[i]);
	free(index->names);
	free(index->cases);
	free(index->entries);
	free(index->sources);
	*index = (struct index){ .count = 0 };
}
