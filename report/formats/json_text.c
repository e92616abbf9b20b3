/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "json_text.h"
#include "times.h"

struct json_object *
json_text(struct slice text)
{
	char *clean = text_clean_lines(text);
	size_t length = strlen(clean);
	/* Its lengths are int. */
	struct json_object *string =
	    allocated(length > INT32_MAX ? NULL : json_object_new_string_len(clean, (int)length));

	free(clean);
	return string;
}

void
json_add(struct json_object *object, const char *key, struct json_object *member)
{
	allocated(json_object_object_add(object, key, member) == 0 ? object : NULL);
}

void
json_add_text(struct json_object *object, const char *key, struct slice text)
{
	json_add(object, key, json_text(text));
}

void
json_add_if_any(struct json_object *object, const char *key, struct slice text)
{
	if (text.length > 0)
		json_add_text(object, key, text);
}

void
json_add_count(struct json_object *object, const char *key, size_t count)
{
	json_add(object, key, allocated(json_object_new_int64((int64_t)count)));
}

void
json_add_truth(struct json_object *object, const char *key, bool truth)
{
	json_add(object, key, allocated(json_object_new_boolean(truth)));
}

void
json_add_time(struct json_object *object, const char *key, int64_t microseconds)
{
	char *text = time_text(microseconds);

	if (text != NULL)
		json_add_text(object, key, slice_of(text));
	free(text);
}

void
json_add_seconds(struct json_object *object, const char *key, uint64_t microseconds)
{
	char *text = seconds_text(microseconds);

	/* With the digits of the text, as json-c would write 0.1 with seventeen of its own. */
	json_add(object, key, allocated(json_object_new_double_s((double)microseconds / 1e6, text)));
	free(text);
}

struct json_object *
json_new_object(void)
{
	return allocated(json_object_new_object());
}

struct json_object *
json_new_array(void)
{
	return allocated(json_object_new_array());
}

void
json_append(struct json_object *array, struct json_object *item)
{
	allocated(json_object_array_add(array, item) == 0 ? array : NULL);
}

void
json_write_object(FILE *out, struct json_object *object)
{
	/* As the way json-c indents depends on its version, it does not. */
	const char *text = allocated(
	    (char *)json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));

	(void)fputs(text, out);
	(void)json_object_put(object);
}

void
json_write_line(FILE *out, struct json_object *object)
{
	json_write_object(out, object);
	(void)fputc('\n', out);
}
