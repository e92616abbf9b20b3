/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "coverage.h"
#include "open_file.h"
#include "outcome.h"

/* A class of worlds: the number of processes, and what the operation is about there. */
enum { SUBJECTS = 8, CLASSES = PROCESSES * SUBJECTS };

struct coverage
coverage_begin(void)
{
	struct coverage c = { calloc((size_t)OPERATIONS * rule_count() * CLASSES, sizeof(*c.counts)) };

	if (c.counts == NULL)
		end_failed("no memory for the coverage");
	return c;
}

static unsigned *
counter(const struct coverage *c, unsigned kind, const struct rule *rule, unsigned class)
{
	return &c->counts[(kind * rule_count() + rule->number) * CLASSES + class];
}

/* By how many processes, and how often, the backing is mapped: the numbers from 0 to 7. */
static unsigned
users_of(const struct world *w, uint8_t backing)
{
	unsigned users = 0;
	unsigned views = 0;

	for (unsigned p = 0; p < PROCESSES && backing != 0; p++) {
		const unsigned before = views;

		for (unsigned i = 0; i < PLACES; i++)
			views += w->processes[p].views[i].backing == backing;
		users += views > before;
	}
	if (users < 2)
		return views > 2 ? 3 : views;
	return users == 2 ? 4 + (views > 2) : 6 + (views > 3);
}

/* Which kinds of memory the process has. */
static unsigned
kinds_of(const struct process *p)
{
	unsigned kinds = 0;

	for (unsigned i = 0; i < PLACES; i++) {
		const struct view *v = &p->views[i];

		if (v->is_mapped)
			kinds |= v->is_attachment ? 4 : v->is_private ? 2 : 1;
	}
	return kinds;
}

static unsigned
subject_of(const struct world *w, const struct operation *o)
{
	const struct process *p = &w->processes[o->process];

	switch (o->kind) {
	case FORK:
	case EXEC:
	case EXIT:
		return kinds_of(p);
	case KILL:
		return kinds_of(&w->processes[o->arguments[PROCESS]]);
	case SHM_UNLINK:
		return users_of(w, w->objects[o->arguments[NAME]]);
	case UNLINK:
		return users_of(w, w->files[o->arguments[NAME]]);
	default:
		break;
	}
	if (operation_takes(o->kind, AT))
		return users_of(w, p->views[o->arguments[AT]].backing);
	if (operation_takes(o->kind, DESCRIPTOR))
		return users_of(w, w->descriptions[p->descriptors[o->arguments[DESCRIPTOR]].description].backing);
	return operation_takes(o->kind, KEY) ? users_of(w, w->keys[o->arguments[KEY]]) : 0;
}

static unsigned
class_of(const struct world *w, const struct operation *o)
{
	unsigned alive = 0;

	for (unsigned i = 0; i < PROCESSES; i++)
		alive += w->processes[i].is_alive;
	return (alive - 1) * SUBJECTS + subject_of(w, o);
}

unsigned
coverage_count(const struct coverage *c, const struct world *w, const struct operation *o, const struct rule *rule)
{
	return *counter(c, o->kind, rule, class_of(w, o));
}

void
coverage_add(struct coverage *c, const struct world *w, const struct operation *o, const struct rule *rule)
{
	++*counter(c, o->kind, rule, class_of(w, o));
}

void
coverage_write(FILE *to, const struct coverage *c)
{
	for (const struct rule *r = first_rule; r != NULL; r = r->next) {
		bool is_reached = false;

		for (unsigned kind = 0; kind < OPERATIONS; kind++) {
			unsigned long sum = 0;
			unsigned classes = 0;

			for (unsigned i = 0; i < CLASSES; i++) {
				sum += *counter(c, kind, r, i);
				classes += *counter(c, kind, r, i) > 0;
			}
			if (sum == 0)
				continue;
			is_reached = true;
			fprintf(to, "# %-12s %-24s %9lu times in %2u classes\n", operation_form(kind)->name, r->name,
			    sum, classes);
		}
		if (!is_reached)
			fprintf(to, "# never reached: %-24s %s\n", r->name, r->sentence);
	}
}

void
coverage_save(FILE *to, const struct coverage *c)
{
	for (const struct rule *r = first_rule; r != NULL; r = r->next)
		for (unsigned kind = 0; kind < OPERATIONS; kind++)
			for (unsigned i = 0; i < CLASSES; i++)
				if (*counter(c, kind, r, i) > 0)
					fprintf(to, "%s %s %u %u\n", operation_form(kind)->name, r->name, i,
					    *counter(c, kind, r, i));
}

/* Add a line. Returns false if it is none. */
static bool
add_line(struct coverage *c, const char *line)
{
	char operation[32];
	char name[64];
	char end;
	unsigned class;
	unsigned count;
	const struct rule *r;

	if (sscanf(line, "%31s %63s %u %u%c", operation, name, &class, &count, &end) != 5 || end != '\n' ||
	    class >= CLASSES || (r = rule_find(name)) == NULL)
		return false;
	for (unsigned kind = 0; kind < OPERATIONS; kind++)
		if (strcmp(operation_form(kind)->name, operation) == 0) {
			*counter(c, kind, r, class) += count;
			return true;
		}
	return false;
}

unsigned
coverage_merge(char *const *paths, FILE *to)
{
	struct coverage c = coverage_begin();
	char line[200];

	for (; *paths != NULL; paths++) {
		FILE *file = open_file(*paths, "r");

		for (unsigned number = 1; fgets(line, sizeof(line), file) != NULL; number++)
			if (!add_line(&c, line))
				end_failed("'%s': line %u is none that --save-coverage writes", *paths, number);
		fclose(file);
	}
	coverage_write(to, &c);
	free(c.counts);
	return 0;
}
