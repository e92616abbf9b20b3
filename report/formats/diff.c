/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "diff.h"
#include "failure.h"
#include "items.h"
#include "skips.h"

static const struct {
	const char *name;
	const char *title;
} kinds[CHANGE_KINDS] = {
	[NEWLY_FAILS] = { "newly-fails", "newly fails" },
	[DEFECT_NOW] = { "defect-now", "known defect now" },
	[DEVIATES_NOW] = { "deviates-now", "deviates now" },
	[SKIPPED_NOW] = { "skipped-now", "skipped now" },
	[GONE] = { "gone", "gone" },
	[NEW_AND_FAILS] = { "new-and-fails", "new and fails" },
	[OTHER_REASON] = { "other-reason", "another reason" },
	[OTHER_CHOICE] = { "other-choice", "another observed choice" },
	[NOT_FOR_PLATFORM] = { "not-for-platform", "not for this platform or version" },
	[HOLDS_NOW] = { "holds-now", "holds now" },
	[NEW] = { "new", "new" },
};

const char *
change_kind_name(enum change_kind kind)
{
	return kinds[kind].name;
}

const char *
change_kind_title(enum change_kind kind)
{
	return kinds[kind].title;
}

static bool
fails(const struct result *result)
{
	return result->outcome == FAILED || result->outcome == BROKEN;
}

char *
diff_ending(const struct result *result)
{
	static const char *const words[] = {
		[HOLDS] = "holds",
		[DEVIATES] = "deviates as documented: ",
		[KNOWN_DEFECT] = "known defect: ",
		[FAILED] = "fails: ",
		[BROKEN] = "fails: ",
		[SKIPPED] = "skipped: ",
	};

	if (result == NULL)
		return text_format("not there");
	char *seen = result->outcome == HOLDS ? text_copy(slice_of(""))
	    : fails(result)                   ? failure_seen(result)
					      : text_format("%s", result_reason(result));
	char *ending = text_format("%s%s", words[result->outcome], seen);
	free(seen);
	return ending;
}

char *
diff_choices(const struct result *result)
{
	char *choices = text_copy(slice_of(""));
	struct slice rest = result != NULL ? result->output : slice_of("");
	struct observed seen;

	while (observed_next(&rest, &seen)) {
		char *longer = text_format("%s%s%.*s = %.*s", choices, choices[0] == '\0' ? "" : "; ",
		    (int)seen.key.length, seen.key.bytes, (int)seen.value.length, seen.value.bytes);
		free(choices);
		choices = longer;
	}
	return choices;
}

static bool
differ(const struct case_change *change, char *(*text_of)(const struct result *))
{
	char *before = text_of(change->before);
	char *after = text_of(change->after);
	bool differ = strcmp(before, after) != 0;

	free(before);
	free(after);
	return differ;
}

bool
diff_chose_otherwise(const struct case_change *change)
{
	return change->before != NULL && change->after != NULL && differ(change, diff_choices);
}

/* Return CHANGE_KINDS if nothing changed. */
static enum change_kind
kind_of(const struct case_change *change)
{
	static const enum change_kind now[] = {
		[HOLDS] = HOLDS_NOW,
		[DEVIATES] = DEVIATES_NOW,
		[KNOWN_DEFECT] = DEFECT_NOW,
		[FAILED] = NEWLY_FAILS,
		[BROKEN] = NEWLY_FAILS,
		[SKIPPED] = SKIPPED_NOW,
	};
	const struct result *before = change->before;
	const struct result *after = change->after;

	if (after == NULL)
		return GONE;
	if (before == NULL)
		return fails(after) ? NEW_AND_FAILS : NEW;
	/* Their reasons name the platform. */
	if (is_for_other_platforms(after))
		return is_for_other_platforms(before) ? CHANGE_KINDS : NOT_FOR_PLATFORM;
	if (before->outcome != after->outcome && !(fails(before) && fails(after)))
		return now[after->outcome];
	if (differ(change, diff_ending))
		return OTHER_REASON;
	return diff_chose_otherwise(change) ? OTHER_CHOICE : CHANGE_KINDS;
}

static bool
is_regression(const struct case_change *change)
{
	if (change->kind == NEWLY_FAILS)
		return true;
	return change->kind < NEW_AND_FAILS && change->before->outcome == HOLDS;
}

static int
by_weight(const void *a, const void *b)
{
	const struct case_change *x = a;
	const struct case_change *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->regression != y->regression)
		return x->regression ? -1 : 1;
	int order = strcmp(x->any->program, y->any->program);
	return order != 0 ? order : strcmp(x->any->name, y->any->name);
}

struct diff
diff_make(const struct matrix *matrix)
{
	struct diff diff = {
		.before = &matrix->runs->all[0],
		.after = &matrix->runs->all[1],
		.cases = matrix->case_count,
	};

	diff.changes = allocated(calloc(matrix->case_count + 1, sizeof(*diff.changes)));
	for (size_t i = 0; i < matrix->case_count; i++) {
		const struct matrix_case *in = &matrix->cases[i];
		struct case_change change = { .any = in->any, .before = in->results[0], .after = in->results[1] };
		change.kind = kind_of(&change);
		if (change.kind == CHANGE_KINDS)
			continue;
		change.regression = is_regression(&change);
		diff.counts[change.kind]++;
		diff.changes[diff.count++] = change;
	}
	qsort(diff.changes, diff.count, sizeof(*diff.changes), by_weight);
	return diff;
}

void
diff_free(struct diff *diff)
{
	free(diff->changes);
	*diff = (struct diff){ .count = 0 };
}

size_t
diff_regressions(const struct diff *diff)
{
	size_t count = 0;

	for (size_t i = 0; i < diff->count; i++)
		count += diff->changes[i].regression;
	return count;
}

char *
diff_summary(const struct diff *diff)
{
	char *words = text_copy(slice_of(""));

	for (size_t i = 0; i < CHANGE_KINDS; i++) {
		if (diff->counts[i] == 0)
			continue;
		char *longer =
		    text_format("%s%s %zu %s", words, words[0] == '\0' ? ":" : ",", diff->counts[i], kinds[i].title);
		free(words);
		words = longer;
	}
	size_t regressions = diff_regressions(diff);
	char *sentence = diff->count == 0
	    ? text_format("Nothing changed in %zu case%s.", diff->cases, plural(diff->cases))
	    : text_format("%zu of %zu case%s changed%s. %zu %s worse.", diff->count, diff->cases, plural(diff->cases),
		  words, regressions, regressions == 1 ? "is a change for the" : "are changes for the");
	free(words);
	return sentence;
}
