/* SPDX-License-Identifier: BSD-2-Clause */

/* Members of a JSON object that are about a case. */

#ifndef SHMCHECK_REPORT_JSON_CASE_H
#define SHMCHECK_REPORT_JSON_CASE_H

#include "json_text.h"
#include "results.h"
#include "violations.h"

/* Add what the case is: its program and name, area, requirements, level, sources and sentence. */
void json_add_case(struct json_object *, const struct result *);

/* Add the reason, what was seen of a failure, and the observed choices. */
void json_add_seen(struct json_object *, const struct result *);

/* Add the items of the text as an array: see items.h for the functions that find the next one. */
void json_add_list(
    struct json_object *, const char *key, const char *text, bool (*next)(struct slice *, struct slice *));

/* Add what the case observed as the object "observed", if there is any; of a key that comes twice, the last value. */
void json_add_observed(struct json_object *, const struct result *);

/* Add the array "violations": the names of those that the case finds. */
void json_add_violations(struct json_object *, const struct violations *, const struct result *);

#endif
