/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "runs.h"

struct slice
platform_system(const char *platform)
{
	return (struct slice){ platform, strcspn(platform, ",") };
}

struct slice
platform_machine(const char *platform)
{
	static const char before_page_size[] = ", page size ";
	const char *end = strstr(platform, before_page_size);
	const char *machine = end != NULL ? end : platform;

	while (machine > platform && machine[-1] != ' ')
		machine--;
	if (machine <= platform + platform_system(platform).length)
		return (struct slice){ platform, 0 };
	return (struct slice){ machine, (size_t)(end - machine) };
}

static char *
short_name(const char *platform)
{
	struct slice system = platform_system(platform);
	struct slice machine = platform_machine(platform);

	return text_format("%.*s%s%.*s", (int)system.length, system.bytes, machine.length > 0 ? ", " : "",
	    (int)machine.length, machine.bytes);
}

static void
append(struct runs *runs, struct run run)
{
	runs->all = allocated(realloc(runs->all, (runs->count + 1) * sizeof(*runs->all)));
	runs->all[runs->count++] = run;
}

void
runs_add(struct runs *runs, const char *name, const char *path)
{
	append(runs,
	    (struct run){
		.name = name != NULL ? text_clean(slice_of(name)) : NULL,
		.is_named = name != NULL,
		.path = path,
	    });
}

char *
runs_load(struct runs *runs)
{
	for (size_t i = 0; i < runs->count; i++) {
		struct run *run = &runs->all[i];
		if (run->never_ran)
			continue;
		char *complaint = results_load(&run->results, run->path);
		if (complaint != NULL)
			return complaint;
		if (run->is_named)
			continue;
		char *name = run->results.platform != NULL ? short_name(run->results.platform)
							   : text_format("platform %zu", i + 1);
		run->name = text_clean(slice_of(name));
		free(name);
	}
	return NULL;
}

void
runs_add_never_run(struct runs *runs, const char *name)
{
	append(runs,
	    (struct run){ .name = text_clean(slice_of(name)), .is_named = true, .never_ran = true, .path = name });
}

size_t
runs_with_results(const struct runs *runs)
{
	size_t count = 0;

	for (size_t i = 0; i < runs->count; i++)
		count += !runs->all[i].never_ran;
	return count;
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
