/* SPDX-License-Identifier: BSD-2-Clause */

/* JSON by json-c, of texts that may hold any bytes. If memory runs out, the program ends. */

#ifndef SHMCHECK_REPORT_JSON_TEXT_H
#define SHMCHECK_REPORT_JSON_TEXT_H

#include <json.h>
#include <stdint.h>
#include <stdio.h>

#include "text.h"

/* Return the text, clean and with its lines, as a JSON string. */
struct json_object *json_text(struct slice);

/* Add a member to the object. These own what is added. */
void json_add(struct json_object *, const char *key, struct json_object *member);
void json_add_text(struct json_object *, const char *key, struct slice);
void json_add_count(struct json_object *, const char *key, size_t);
void json_add_truth(struct json_object *, const char *key, bool);

/* Add the text if it is not empty. */
void json_add_if_any(struct json_object *, const char *key, struct slice);

/* Add a time, unless it is not recorded, and a duration in seconds: see times.h. */
void json_add_time(struct json_object *, const char *key, int64_t microseconds);
void json_add_seconds(struct json_object *, const char *key, uint64_t microseconds);

/* Return a new object or array. */
struct json_object *json_new_object(void);
struct json_object *json_new_array(void);

/* Append to the array, which owns the item. */
void json_append(struct json_object *array, struct json_object *item);

/* Write the object in one line, with an end of line or without one, and free it. */
void json_write_object(FILE *, struct json_object *);
void json_write_line(FILE *, struct json_object *);

#endif
