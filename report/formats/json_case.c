/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>

#include "evidence.h"
#include "items.h"
#include "json_case.h"

void
json_add_list(struct json_object *line, const char *key, const char *text, bool (*next)(struct slice *, struct slice *))
{
	struct json_object *list = json_new_array();
	struct slice rest = slice_of(text);
	struct slice item;

	while (next(&rest, &item))
		json_append(list, json_text(item));
	json_add(line, key, list);
}

void
json_add_observed(struct json_object *line, const struct result *result)
{
	struct slice rest = result->output;
	struct observed seen;
	struct json_object *observed = NULL;

	while (observed_next(&rest, &seen)) {
		char *key = text_clean(seen.key);
		if (observed == NULL)
			observed = json_new_object();
		json_add_text(observed, key, seen.value);
		free(key);
	}
	if (observed != NULL)
		json_add(line, "observed", observed);
}

void
json_add_case(struct json_object *line, const struct result *result)
{
	json_add_text(line, "program", slice_of(result->program));
	json_add_text(line, "case", slice_of(result->name));
	json_add_text(line, "area", slice_of(result->area));
	json_add_list(line, "requirements", result->requirement, requirement_next);
	json_add_if_any(line, "level", slice_of(result->level));
	json_add_list(line, "sources", result->source, source_next);
	json_add_if_any(line, "sentence", slice_of(result->promise));
}

void
json_add_seen(struct json_object *line, const struct result *result)
{
	json_add_if_any(line, "reason", slice_of(result->reason));
	if (result->outcome == FAILED || result->outcome == BROKEN) {
		char *seen = evidence_lines(result);
		json_add_text(line, "seen", slice_of(seen));
		free(seen);
	}
	json_add_observed(line, result);
}

void
json_add_violations(struct json_object *line, const struct violations *violations, const struct result *result)
{
	struct json_object *list = json_new_array();
	size_t count;
	const struct finding *findings = violations_of(violations, result, &count);

	for (size_t i = 0; i < count; i++)
		json_append(list, json_text(slice_of(findings[i].violation)));
	json_add(line, "violations", list);
}
