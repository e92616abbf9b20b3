/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include <sys/resource.h>

#include "answer.h"
#include "difference.h"
#include "replay.h"
#include "round.h"
#include "stage.h"
#include "text.h"

static struct round current;

struct totals {
	unsigned long rounds;
	unsigned long operations;
	unsigned long left_out; /* nothing is promised of them */
	unsigned found;
};

/* What came back is another answer than the recorded one. */
static void
print_parting(const char *recorded, const char *seen)
{
	script_write(stdout, &current.script);
	printf("#   recorded %s\n#   seen     %s\n", recorded, seen);
}

/* Returns whether the round goes on. */
static bool
do_again(const struct operation *o, const char *recorded, struct totals *t)
{
	const enum verdict verdict = round_do(&current, o);
	char seen[LINE_SIZE];

	if (verdict == NOT_DONE) {
		t->left_out++;
		return true;
	}
	t->operations++;
	answer_print(o, &current.seen, seen, sizeof(seen));
	if (verdict == DIFFERS)
		difference_write(stdout, &current);
	else if (recorded[0] != '\0' && strncmp(recorded, seen, ANSWER_SIZE - 1) != 0)
		print_parting(recorded, seen);
	else
		return true;
	t->found++;
	return false;
}

static void
replay_round(const struct script *s, script_answers answers, struct totals *t)
{
	bool goes_on = true;

	round_begin(&current);
	for (unsigned i = 0; i < s->count && goes_on; i++)
		goes_on = do_again(&s->operations[i], answers[i], t);
	round_end(&current);
	t->rounds++;
}

unsigned
replay(struct script_reader *r, struct script *s, script_answers answers, unsigned most)
{
	struct totals t = { 0, 0, 0, 0 };
	char wrong[200];

	for (;;) {
		if (s->count > 0)
			replay_round(s, answers, &t);
		if (t.found >= most || feof(r->file))
			break;
		if (!script_read_round(r, s, answers, wrong, sizeof(wrong)))
			die("%s", wrong);
	}
	if (t.found < most && r->is_record && !r->has_ended)
		die("the record is cut short");
	if (t.left_out > 0)
		printf("# %lu operations were left out: nothing is promised of them\n", t.left_out);
	printf("# %lu operations in %lu rounds: ", t.operations, t.rounds);
	if (t.found == 0)
		printf("all is as allowed%s\n", r->is_record ? ", and as recorded" : "");
	else
		printf("%u findings\n", t.found);
	return t.found;
}

/* CPU time of this process and of those that it has waited for, which in turn have waited for others. */
static double
cpu_seconds(void)
{
	struct rusage own;
	struct rusage others;

	getrusage(RUSAGE_SELF, &own);
	getrusage(RUSAGE_CHILDREN, &others);
	return (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec + others.ru_utime.tv_sec + others.ru_stime.tv_sec) +
	    (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec + others.ru_utime.tv_usec + others.ru_stime.tv_usec) /
	    1e6;
}

/* The operations from the first on that one actor can be told at once, as round_look() does: that is about what is there. */
static unsigned
count_at_once(const struct script *s, unsigned first)
{
	unsigned count = 0;

	for (; count < OPERATIONS_AT_ONCE && first + count < s->count; count++) {
		const struct operation *o = &s->operations[first + count];

		if (o->process != s->operations[first].process || !operation_only_looks((enum operation_kind)o->kind))
			break;
	}
	return count;
}

static void
do_blindly(const struct script *s)
{
	struct answer answers[OPERATIONS_AT_ONCE];

	stage_raise();
	for (unsigned i = 0; i < s->count;) {
		const unsigned count = count_at_once(s, i);

		if (count > 0)
			stage_do_all(&s->operations[i], count, answers);
		else
			(void)stage_do(&s->operations[i]);
		i += count > 0 ? count : 1;
	}
	stage_clear();
}

unsigned
replay_blindly(struct script_reader *r, struct script *s, script_answers answers)
{
	unsigned long operations = 0;
	double seconds = 0;
	char wrong[200];

	while (s->count > 0) {
		const double start = cpu_seconds();

		do_blindly(s);
		seconds += cpu_seconds() - start;
		operations += s->count;
		if (!script_read_round(r, s, answers, wrong, sizeof(wrong)))
			die("%s", wrong);
	}
	printf("# %lu operations in %.3f s of CPU time, and nothing was compared\n", operations, seconds);
	return 0;
}
