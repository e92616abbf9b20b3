/* SPDX-License-Identifier: BSD-2-Clause */

/* Members of a JSON object that are about a case. */

#ifndef SHMCHECK_REPORT_JSON_CASE_H
#define SHMCHECK_REPORT_JSON_CASE_H

#include "json_text.h"
#include "results.h"

/* Add what the case is: its program and name, area, requirements, level, sources and sentence. */
void json_add_case(struct json_object *, const struct result *);

/* Add the reason, what was seen of a failure, and the observed choices. */
void json_add_seen(struct json_object *, const struct result *);

#endif
