/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "runs.h"

/* Return the system and the machine of a line such as "Linux 6.1, glibc 2.36, gcc 12, x86_64, page size 4096, SHMLBA 4096". */
static char *
short_name(const char *platform)
{
	static const char before_page_size[] = ", page size ";
	size_t system = strcspn(platform, ",");
	const char *end = strstr(platform, before_page_size);

	if (end == NULL)
		return text_format("%.*s", (int)system, platform);
	const char *machine = end;
	while (machine > platform && machine[-1] != ' ')
		machine--;
	if (machine <= platform + system)
		return text_format("%.*s", (int)system, platform);
	return text_format("%.*s, %.*s", (int)system, platform, (int)(end - machine), machine);
}

char *
runs_add(struct runs *runs, const char *name, const char *path)
{
	struct run run = { .is_named = name != NULL, .path = path };
	char *complaint = results_load(&run.results, path);

	if (complaint != NULL) {
		results_free(&run.results);
		return complaint;
	}
	run.name = name != NULL            ? text_format("%s", name)
	    : run.results.platform != NULL ? short_name(run.results.platform)
					   : text_format("platform %zu", runs->count + 1);
	runs->all = allocated(realloc(runs->all, (runs->count + 1) * sizeof(*runs->all)));
	runs->all[runs->count++] = run;
	return NULL;
}

char *
runs_of_one_name(const struct runs *runs)
{
	for (size_t i = 1; i < runs->count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(runs->all[i].name, runs->all[j].name) == 0)
				return text_format("'%s' and '%s' are both runs of '%s': tell them apart with --name",
				    runs->all[j].path, runs->all[i].path, runs->all[i].name);
	return NULL;
}

void
runs_free(struct runs *runs)
{
	for (size_t i = 0; i < runs->count; i++) {
		free(runs->all[i].name);
		results_free(&runs->all[i].results);
	}
	free(runs->all);
	*runs = (struct runs){ .count = 0 };
}
