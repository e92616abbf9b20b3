/* SPDX-License-Identifier: BSD-2-Clause */

#include "verdict.h"

enum verdict
verdict_of(const struct results *results, const struct comparison *comparison)
{
	struct counts counts = results_count(results);
	bool fails = comparison != NULL ? comparison->count > 0 : counts.fails > 0;

	if (counts_ran(counts) == 0)
		return VERDICT_NONE;
	/* A failure is one even if the run was cut short later. */
	if (fails)
		return VERDICT_FAILS;
	return results_cut_short(results) ? VERDICT_NONE : VERDICT_HOLDS;
}
