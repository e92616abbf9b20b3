/* SPDX-License-Identifier: BSD-2-Clause */

#include "verdict.h"

enum verdict
verdict_of(const struct results *results, const struct comparison *comparison)
{
	struct counts counts = results_count(results);

	if (counts.holds + counts.deviates + counts.fails == 0)
		return VERDICT_NOTHING;
	if (comparison != NULL)
		return comparison->count == 0 ? VERDICT_HOLDS : VERDICT_FAILS;
	return counts.fails > 0 ? VERDICT_FAILS : VERDICT_HOLDS;
}
