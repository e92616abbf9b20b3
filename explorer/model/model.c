/* SPDX-License-Identifier: BSD-2-Clause */

#include "model.h"

static void (*const rules_of[OPERATIONS])(struct question *) = {
	[SHMGET] = model_shmget,
	[SHMAT] = model_shmat,
	[SHMDT] = model_shmdt,
	[IPC_STATUS] = model_ipc_stat,
	[IPC_REMOVE] = model_ipc_rmid,
	[FIND_SEGMENT] = model_find_segment,
	[PEEK_SEGMENT] = model_peek_segment,
	[SHM_OPEN] = model_shm_open,
	[SHM_UNLINK] = model_shm_unlink,
	[FIND_OBJECT] = model_find_object,
	[PEEK_OBJECT] = model_peek_object,
	[OPEN] = model_open,
	[MEMFD_CREATE] = model_memfd_create,
	[UNLINK] = model_unlink,
	[FIND_FILE] = model_find_file,
	[PEEK_FILE] = model_peek_file,
	[FTRUNCATE] = model_ftruncate,
	[FSTAT] = model_fstat,
	[CLOSE] = model_close,
	[IPC_SET_MODE] = model_ipc_set,
	[IPC_MODE] = model_ipc_mode,
	[IPC_USERS] = model_ipc_users,
	[IPC_TIMES] = model_ipc_times,
	[FSTAT_TIMES] = model_fstat_times,
	[FSTAT_MODE] = model_fstat_mode,
	[FCHMOD] = model_fchmod,
	[BECOME_OTHER] = model_become,
	[DUP] = model_dup,
	[GETFD] = model_getfd,
	[SETFD] = model_setfd,
	[LSEEK] = model_lseek,
	[READ_NEXT] = model_read,
	[WRITE_NEXT] = model_write,
	[PREAD] = model_pread,
	[PWRITE] = model_pwrite,
	[MMAP] = model_mmap,
	[MUNMAP] = model_munmap,
	[MPROTECT] = model_mprotect,
	[MSYNC] = model_msync,
	[GUARD] = model_guard,
	[UNGUARD] = model_unguard,
	[ADVISE] = model_advise,
	[MLOCK] = model_mlock,
	[MUNLOCK] = model_munlock,
	[LOCKED_BYTES] = model_locked_bytes,
	[LOAD] = model_load,
	[STORE] = model_store,
	[FORK] = model_fork,
	[SPAWN] = model_spawn,
	[VFORK] = model_spawn,
	[VFORK_EXIT] = model_vfork_exit,
	[EXEC] = model_exec,
	[EXIT] = model_exit,
	[KILL] = model_kill,
};

/* Whether the platform has the interface. */
static bool
is_there(const struct setting *s, enum operation_kind kind)
{
	switch (kind) {
	case SHMGET:
	case SHMAT:
	case SHMDT:
	case IPC_STATUS:
	case IPC_REMOVE:
	case IPC_SET_MODE:
	case IPC_MODE:
	case IPC_USERS:
	case IPC_TIMES:
	case FIND_SEGMENT:
	case PEEK_SEGMENT:
		return s->has_segments;
	case SHM_OPEN:
	case SHM_UNLINK:
	case FIND_OBJECT:
	case PEEK_OBJECT:
		return s->has_objects;
	case OPEN:
	case UNLINK:
	case FIND_FILE:
	case PEEK_FILE:
		return s->has_files;
	case MLOCK:
	case MUNLOCK:
	case LOCKED_BYTES:
		return s->locks.are_there;
	case MEMFD_CREATE:
		return s->has_memfds;
	case ADVISE:
		return s->has_advice;
	case EXEC:
	case SPAWN:
		return s->can_exec;
	case VFORK:
		return s->can_exec && s->has_vfork;
	case VFORK_EXIT:
		return s->has_vfork;
	default:
		return true;
	}
}

void
model_ask(
    const struct setting *setting, const struct world *before, const struct operation *o, struct outcomes *allowed)
{
	struct question q = { .setting = setting, .before = before, .operation = o, .allowed = allowed };

	allowed->count = 0;
	if (!before->processes[o->process].is_alive || !is_there(setting, o->kind))
		return;
	rules_of[o->kind](&q);
	if (o->arguments[SIGNALS] != 0 && allowed->count > 0)
		model_interrupted(&q);
	for (unsigned i = 0; i < allowed->count; i++)
		world_forget(&allowed->list[i].after);
}

const struct outcome *
model_judge(const struct outcomes *allowed, const struct answer *seen)
{
	for (unsigned i = 0; i < allowed->count; i++)
		if (answer_matches(&allowed->list[i].answer, seen))
			return &allowed->list[i];
	return NULL;
}
