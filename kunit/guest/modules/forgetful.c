// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include "forgetful.h"

static char *forget = "";
module_param(forget, charp, 0444);

/* The init fails after that. */
static bool fail;
module_param(fail, bool, 0444);

bool forgetful_leave;
module_param_named(leave, forgetful_leave, bool, 0644);

static const struct {
	const char *name;
	int (*make)(void);
} kinds[] = {
	{"static_jthread", forgetful_static_jthread},
	{"joined", forgetful_joined},
	{"joined_of_one_that_has_ended", forgetful_joined_of_one_that_has_ended},
	{"joined_of_one_that_ends", forgetful_joined_of_one_that_ends},
	{"jthread", forgetful_jthread},
	{"interruptible", forgetful_interruptible},
	{"unstarted", forgetful_unstarted},
	{"parked", forgetful_parked},
	{"ended", forgetful_ended},
	{"worker", forgetful_worker},
	{"group", forgetful_group},
	{"percpu", forgetful_percpu},
	{"object", forgetful_object},
	{"executor", forgetful_executor},
	{"interrupt_executor", forgetful_interrupt_executor},
	{"timer", forgetful_timer},
	{"delayed_item", forgetful_delayed_item},
	{"pool_item", forgetful_pool_item},
	{"stopped_pool_item", forgetful_stopped_pool_item},
	{"flushed_pool_item", forgetful_flushed_pool_item},
	{"delayed_pool_item", forgetful_delayed_pool_item},
	{"deleting_timer", forgetful_deleting_timer},
	{"waiting_item", forgetful_waiting_item},
	{"deleting_item", forgetful_deleting_item},
	{"workqueue", forgetful_workqueue},
	{"own_handle", forgetful_own_handle},
	{"own_handle_at_exit", forgetful_own_handle_at_exit},
	{"own_handle_for_a_while", forgetful_own_handle_for_a_while},
	{"own_handle_and_another", forgetful_own_handle_and_another},
	{"own_handle_once_stopped", forgetful_own_handle_once_stopped},
	{"others_handle_at_exit", forgetful_others_handle_at_exit},
	{"others_percpu_at_exit", forgetful_others_percpu_at_exit},
	{"others_object_at_exit", forgetful_others_object_at_exit},
	{"own_item_at_exit", forgetful_own_item_at_exit},
};

static int __init forgetful_init(void)
{
	int err = -EINVAL;
	int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!strcmp(forget, kinds[i].name))
			err = kinds[i].make();
	}
	return !err && fail ? -ENODEV : err;
}
module_init(forgetful_init);

static void __exit forgetful_exit(void)
{
	forgetful_exit_begins();
	forgetful_timers_at_exit();
}
module_exit(forgetful_exit);

MODULE_DESCRIPTION("A module for the tests of kthreadxx, which forgets its threads");
MODULE_LICENSE("GPL");
