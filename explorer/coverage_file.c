/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "coverage.h"
#include "model/setting.h"
#include "open_file.h"
#include "outcome.h"

void
coverage_save(FILE *to, const struct coverage *c)
{
	const struct setting_form *f;

	for (unsigned i = 0; (f = setting_form(i)) != NULL; i++)
		fprintf(to, "setting %s %u\n", f->name, setting_value(&c->setting, f));
	for (const struct rule *r = first_rule; r != NULL; r = r->next)
		for (unsigned kind = 0; kind < OPERATIONS; kind++) {
			const struct choice *choice = coverage_choice(c, kind, r);

			for (unsigned i = 0; i < CLASSES; i++)
				if (*coverage_counter(c, kind, r, i) > 0)
					fprintf(to, "reached %s %s %u %u\n", operation_form(kind)->name, r->name, i,
					    *coverage_counter(c, kind, r, i));
			if (choice->allowed > 0)
				fprintf(to, "observed %s %s %u %u\n", operation_form(kind)->name, r->name,
				    choice->chosen, choice->allowed);
		}
}

/* Returns whether there is one of that name. */
static bool
find_operation(const char *name, unsigned *kind)
{
	for (*kind = 0; *kind < OPERATIONS; ++*kind)
		if (strcmp(operation_form(*kind)->name, name) == 0)
			return true;
	return false;
}

/* Add a line. Returns false if it is none. */
static bool
add_line(struct coverage *c, const char *line)
{
	char what[32];
	char name[64];
	char rule_name[64];
	char end;
	unsigned numbers[2];
	unsigned kind;
	const struct setting_form *f;
	const struct rule *r;

	if (sscanf(line, "setting %63s %u%c", name, &numbers[0], &end) == 3 && end == '\n') {
		f = setting_find(name);
		if (f != NULL)
			setting_set(&c->setting, f, numbers[0]);
		return f != NULL;
	}
	if (sscanf(line, "%31s %63s %63s %u %u%c", what, name, rule_name, &numbers[0], &numbers[1], &end) != 6 ||
	    end != '\n' || !find_operation(name, &kind) || (r = rule_find(rule_name)) == NULL)
		return false;
	if (strcmp(what, "reached") == 0 && numbers[0] < CLASSES) {
		*coverage_counter(c, kind, r, numbers[0]) += numbers[1];
		return true;
	}
	if (strcmp(what, "observed") == 0) {
		coverage_choice(c, kind, r)->chosen += numbers[0];
		coverage_choice(c, kind, r)->allowed += numbers[1];
		return true;
	}
	return false;
}

static struct coverage
read_file(const char *path)
{
	const struct setting nothing = { .page = 0 };
	struct coverage c = coverage_begin(&nothing);
	FILE *file = open_file(path, "r");
	char line[200];

	for (unsigned number = 1; fgets(line, sizeof(line), file) != NULL; number++)
		if (!add_line(&c, line))
			end_failed("'%s': line %u is none that --save-coverage writes", path, number);
	fclose(file);
	if (c.setting.unit == 0)
		end_failed("'%s': it has no setting, which --save-coverage writes", path);
	return c;
}

/* What one platform never chooses, and the other does, is a difference that nobody forbids. */
static void
report_differences(FILE *to, const char *a_path, const struct coverage *a, const char *b_path, const struct coverage *b)
{
	const struct setting_form *f;

	for (unsigned i = 0; (f = setting_form(i)) != NULL; i++)
		if (setting_value(&a->setting, f) != setting_value(&b->setting, f))
			fprintf(to, "# differs: %s is %u in %s and %u in %s: %s (%s)\n", f->name,
			    setting_value(&a->setting, f), a_path, setting_value(&b->setting, f), b_path, f->sentence,
			    f->source);
	for (unsigned kind = 0; kind < OPERATIONS; kind++)
		for (const struct rule *r = first_rule; r != NULL; r = r->next) {
			const struct choice *one = coverage_choice(a, kind, r);
			const struct choice *other = coverage_choice(b, kind, r);

			if (one->allowed > 0 && other->allowed > 0 && (one->chosen == 0) != (other->chosen == 0))
				fprintf(to, "# differs: %s %s %u of %u times in %s and %u of %u times in %s\n",
				    operation_form(kind)->name, r->name, one->chosen, one->allowed, a_path,
				    other->chosen, other->allowed, b_path);
		}
}

/* What is said of the setting is that of the first file. */
unsigned
coverage_merge(char *const *paths, FILE *to)
{
	struct coverage first = read_file(paths[0]);
	struct coverage all = coverage_begin(&first.setting);

	coverage_join(&all, &first);
	for (unsigned i = 1; paths[i] != NULL; i++) {
		struct coverage other = read_file(paths[i]);

		report_differences(to, paths[0], &first, paths[i], &other);
		coverage_join(&all, &other);
		coverage_end(&other);
	}
	coverage_report(to, &all);
	coverage_report_choices(to, &all);
	coverage_end(&all);
	coverage_end(&first);
	return 0;
}
