/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The index as JSON: from a source to its requirements and their cases, and what each case is about and is proved by. It has nothing
 * of the outcomes. docs/schema/shmcheck-index.schema.json describes it.
 */

#include <stdlib.h>

#include "format.h"
#include "index.h"
#include "json_case.h"
#include "version.h"

/* It changes if a reader must change. */
#define INDEX_FORMAT 1

static struct json_object *
case_name(const struct matrix_case *test_case)
{
	char *name = text_format("%s:%s", test_case->any->program, test_case->any->name);
	struct json_object *text = json_text(slice_of(name));

	free(name);
	return text;
}

static struct json_object *
entry_of(const struct index_entry *entry)
{
	struct json_object *object = json_new_object();
	struct json_object *cases = json_new_array();

	json_add_text(object, "requirement", slice_of(entry->requirement->id));
	json_add_text(object, "area", slice_of(entry->requirement->area));
	for (size_t i = 0; i < entry->count; i++)
		json_append(cases, case_name(entry->cases[i]));
	json_add(object, "cases", cases);
	return object;
}

static struct json_object *
sources_of(const struct index *index)
{
	struct json_object *sources = json_new_array();

	for (size_t i = 0; i < index->count; i++) {
		struct json_object *source = json_new_object();
		struct json_object *requirements = json_new_array();
		json_add_text(source, "source", slice_of(index->sources[i].name));
		for (size_t j = 0; j < index->sources[i].count; j++)
			json_append(requirements, entry_of(&index->sources[i].entries[j]));
		json_add(source, "requirements", requirements);
		json_append(sources, source);
	}
	return sources;
}

static struct json_object *
cases_of(const struct report *report)
{
	struct json_object *cases = json_new_array();

	for (size_t i = 0; i < report->matrix->case_count; i++) {
		const struct matrix_case *test_case = &report->matrix->cases[i];
		struct json_object *object = json_new_object();
		json_add(object, "case", case_name(test_case));
		json_add_if_any(object, "level", slice_of(test_case->any->level));
		json_add_if_any(object, "sentence", slice_of(test_case->any->promise));
		if (report->violations != NULL)
			json_add_violations(object, report->violations, test_case->any);
		json_append(cases, object);
	}
	return cases;
}

void
index_write(FILE *out, const struct report *report)
{
	struct index index = index_make(report->matrix);
	struct json_object *object = json_new_object();

	json_add_count(object, "format", INDEX_FORMAT);
	json_add_text(object, "generator", slice_of(program_name));
	json_add_text(object, "version", slice_of(shmcheck_version));
	json_add(object, "sources", sources_of(&index));
	json_add(object, "cases", cases_of(report));
	json_write_line(out, object);
	index_free(&index);
}
