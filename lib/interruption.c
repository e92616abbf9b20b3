/* SPDX-License-Identifier: BSD-2-Clause */

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "check.h"
#include "interruption.h"
#include "process.h"

static struct child sender;

static void
handle(int number)
{
	(void)number;
}

static void
send_signals(void *receiver)
{
	const pid_t *r = receiver;

	while (getppid() == *r) {
		kill(*r, SIGUSR1);
		sched_yield();
	}
}

void
interruptions_begin(void)
{
	struct sigaction action = { .sa_handler = handle }; /* without SA_RESTART */
	pid_t self = getpid();

	REQUIRE_SUCCEEDS(sigaction(SIGUSR1, &action, NULL));
	sender = child_start(send_signals, &self);
}

void
interruptions_end(void)
{
	child_kill(&sender);
}
