/* SPDX-License-Identifier: BSD-2-Clause */

/* The platform that the tests of the model ask about. */

#ifndef SHMCHECK_MODEL_SETTING_H
#define SHMCHECK_MODEL_SETTING_H

#include <errno.h>
#include <signal.h>

#include "model/world.h"

static const struct setting setting = { .page = 4096,
	.unit = 4096,
	.has_segments = true,
	.has_objects = true,
	.has_files = true,
	.can_exec = true,
	.has_vfork = true,
	.orphans_end = true,
	.codes_tell = true,
	.overrides = { [SEGMENT] = true, [OBJECT] = true, [REGULAR_FILE] = true },
	.can_become_other = true,
	.other_reaches_files = true,
	.objects_have_modes = true,
	.error_of_foreign_unlink = EACCES,
	.detach_sets_last_user = true,
	.objects_have_times = true,
	.has_guards = true,
	.has_advice = true,
	.has_memfds = true,
	.file_times_agree = true,
	.io_sees_mappings = true,
	.calls_take_attachments = true,
	.attach_can_replace = true,
	.locks = { .are_there = true, .are_counted = true, .limit = UINT32_MAX },
	.objects_can_be_read = true,
	.objects_have_offsets = true,
	.signal_of_protection = SIGSEGV,
	.error_of_taken_address = EINVAL,
	.error_of_msync_hole = ENOMEM };

#endif
