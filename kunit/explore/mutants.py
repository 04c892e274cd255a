# SPDX-License-Identifier: GPL-2.0
#
# mutants.py PROJECT OUT [NAME…]: plants one fault after the other into a copy of the library, or of the
# model, and runs the scenario that is to find it. One that is not found, or whose text is not there any
# more, fails.
import concurrent.futures, os, re, shutil, subprocess, sys

STATE, THREAD, HANDLE = 'module/kthread/thread_state.hpp', 'module/kthread/thread.cc', 'module/kthread/jthread.hpp'
JOIN = 'module/kthread/thread_join.cc'
STOP, WORKER, ITEMS = 'module/kthread/stop_token.hpp', 'module/kthread/worker.cc', 'module/kthread/worker.hpp'
INBOX = 'module/bridge/inbox.h'
CALLBACK, STATE_HELD, BIND = 'module/kthread/stop_callback.cc', 'module/kthread/stop_state.hpp', 'module/kthread/thread_bind.cc'
TOKEN, OBJECT, BRIDGE = 'module/kthread/stop_token.cc', 'module/kthread/static_object.hpp', 'kunit/explore/model/bridge.cc'
MODULE = 'kunit/explore/model/module.cc'
EXECUTOR, TASKS = 'module/kthread/executor.cc', 'module/kthread/executor_state.cc'
TASK_WORK, TASK_JOIN = 'module/kthread/task_work.hpp', 'module/kthread/task_join.cc'
INTERRUPT = 'module/kthread/interrupt_executor.cc'
WORK, POOL, POOL_STATE = 'module/kthread/work.hpp', 'module/kthread/workqueue.hpp', 'module/kthread/workqueue.cc'
RING, LATCH = 'module/kthread/ring.hpp', 'module/kthread/latch.hpp'
WAITING, CONDITION = 'module/kthread/waiting.hpp', 'module/kthread/condition_variable.hpp'

# name: (the scenario, the file, what it has, what it gets, and so on)
MUTANTS = {
    # A barrier or an order is missing.
    'no_barrier_before_the_look_at_the_queue': ('token_queue_alone --tso', BRIDGE, '\tsmp_mb();\n\tif', '\tif'),
    'stop_is_read_relaxed': ('stop_and_what_was_written_before', STOP,
        'word.load(std::memory_order_acquire) & stop_state::stop', 'word.load(std::memory_order_relaxed) & stop_state::stop'),
    'result_after_the_stage': ('get_while_it_ends', THREAD, '\t__atomic_store_n(&exit_code, code, __ATOMIC_RELAXED);\n', '', 'const unsigned int was = set_stage(how);\n', 'const unsigned int was = set_stage(how);\n\texit_code = code;\n'),
    'stage_is_set_relaxed': ('get_while_it_ends', THREAD,
        'word.compare_exchange_weak(was, stage | (was & requests))', 'word.compare_exchange_weak(was, stage | (was & requests), std::memory_order_relaxed)'),
    'reference_is_dropped_relaxed': ('worker_goes_and_item_goes', WORKER, 'refs_.fetch_sub(1) != 1', 'refs_.fetch_sub(1, std::memory_order_relaxed) != 1'),
    # A test stands before the state that makes it safe.
    'condition_before_the_state': ('token_wait_alone', STOP,
        '\t\t\tbridge_idle(is_own());\n\t\t\tif (condition()) {\n\t\t\t\tbridge_awake();\n\t\t\t\tbreak;\n\t\t\t}\n',
        '\t\t\tif (condition())\n\t\t\t\tbreak;\n\t\t\tbridge_idle(is_own());\n'),
    'condition_outside_of_the_queue': ('token_queue_alone', STOP,
        '\t\t\tbridge_wait_prepare(&waiter, is_own() ? BRIDGE_FREEZES : BRIDGE_SLEEPS);\n\t\t\tmet = condition();\n', '\t\t\tmet = condition();\n\t\t\tbridge_wait_prepare(&waiter, is_own() ? BRIDGE_FREEZES : BRIDGE_SLEEPS);\n'),
    'park_request_before_the_state': ('park_of_what_ends', THREAD,
        '\t\tbridge_idle(true);\n\t\tif (!kthread_should_park() && word.load() & park)\n\t\t\tschedule();\n',
        '\t\tif (!kthread_should_park() && word.load() & park) {\n\t\t\tbridge_idle(true);\n\t\t\tschedule();\n\t\t}\n'),
    'stop_is_not_tested_before_the_sleep': ('stop_of_a_wait', THREAD, 'if (is_asked() || deadline <= past)', 'if (deadline <= past)'),
    'end_is_not_tested_before_the_sleep': ('park_of_what_ends', THREAD, 'stage_of(now) >= stage || now & or_request & stop', 'now & or_request & stop'),
    'stop_is_tested_before_the_freezer': ('stopped_before_it_freezes', THREAD,
        '& freezes && bridge_freezing() &&\n\t       !(word.load() & stop)', '& freezes && !(word.load() & stop) &&\n\t       bridge_freezing()'),
    'stop_does_not_keep_from_freezing': ('parked_freezes_and_is_stopped', THREAD, ' &&\n\t       !(word.load() & stop) && bridge_freeze', ' && bridge_freeze'),
    'latch_is_closed_while_one_passes': ('latch_stays_open', LATCH, '\t\tif (!waited && waited.error() == errno_t::ETIMEDOUT && try_wait())\n\t\t\twaited = open_.wait(uninterruptible);\n', ''),
    'latch_is_passed_by_a_look': ('latch_goes_with_its_waiter --no-prune', LATCH, '\t\t\twaited = open_.wait(uninterruptible);\n', '\t\t\treturn {};\n'),
    'tail_is_read_before_the_head': ('channel_size_while_it_changes', RING, 'const unsigned int head = head_.load(std::memory_order_acquire);\n\n\t\treturn std::min(tail_.load(std::memory_order_acquire) - head, Capacity);',
        'const unsigned int tail = tail_.load(std::memory_order_acquire);\n\n\t\treturn std::min(tail - head_.load(std::memory_order_acquire), ~0U);'),
    'size_is_more_than_there_can_be': ('channel_size_while_it_changes', RING, 'std::min(tail_.load(std::memory_order_acquire) - head, Capacity)', 'tail_.load(std::memory_order_acquire) - head'),
    # A wake-up is missing, or comes too late.
    'word_leaves_with_its_waiter': ('semaphore_waiter_is_parked', WAITING,
        '\t\tif (notified)\n\t\t\tnative::swake_up_one(queue);\n', '\t\t(void)notified;\n'),
    'word_leaves_with_one_that_had_its_unit': ('semaphore_two_units_for_two', WAITING,
        '\t\t\tif (self.leave())\n\t\t\t\tnative::swake_up_one(queue);\n', '\t\t\t(void)self.leave();\n'),
    # Two more have no scenario. A waiter of a condition variable that is late passes its word on: what it waits for is not
    # there then, as it has looked with the lock, so another with the same condition would not find it either. And the
    # barrier before has_waiters() changes nothing on x86, as what waiters look at is changed by one that has it, or
    # under the lock that they take to look.
    'word_leaves_with_one_that_stops': ('condition_variable_waiter_is_stopped', CONDITION,
        '\t\t\t\tif (notified)\n\t\t\t\t\tqueue_.notify_one();\n', ''),
    'stop_does_not_end_a_join': ('joined_while_it_is_parked_and_stopped', THREAD, 'stage_of(now) >= stage || now & or_request & stop', 'stage_of(now) >= stage'),
    'join_forgets_what_is_bound': ('created_join_bind', JOIN, 'stage_of(word.fetch_or(join)) < starting', 'stage_of(word.fetch_or(join)) == created'),
    'joiner_is_not_woken_by_request_stop': ('running_join_park', THREAD,
        '\tif (was & join)\n\t\twake_joiners();\n\treturn was;', '\treturn was;'),
    'joiner_is_not_woken_by_the_end': ('park_of_what_ends', THREAD, '\tif (was & join)\n\t\twake_joiners();\n\tif (was & orphan)', '\tif (was & orphan)'),
    'only_one_is_woken': ('two_wait_at_a_queue', BRIDGE, 'while (task_struct *task = first_of', 'if (task_struct *task = first_of'),
    'bind_forgets_who_started_it': ('started_while_it_is_bound', BIND, '\tif (stage_of(was) == starting)\n\t\twake_up_process(task);\n', ''),
    'start_ignores_bind': ('started_while_it_is_bound', THREAD,
        '\t\telse if (stage_of(was) == binding)\n\t\t\tnext += starting - binding;\n', ''),
    'start_wakes_what_is_bound': ('created_wake_bind', STATE, 'return stage_of(was) != binding && stage_of(was) != starting;', 'return was || true;'),
    'request_is_taken_back_too_late': ('token_wait_park', THREAD,
        '\tword.fetch_and(~static_cast<unsigned int>(park));\n', '',
        '\t\twake_up_process(task);\n}\n\n[[gnu::cold]] result<void> thread_state::park_thread()',
        '\t\twake_up_process(task);\n\tword.fetch_and(~static_cast<unsigned int>(park));\n}\n\n[[gnu::cold]] result<void> thread_state::park_thread()'),
    'created_worker_counts_as_awake': ('worker_that_never_ran_goes', ITEMS, '.mode = BRIDGE_ASLEEP,', '.mode = BRIDGE_AWAKE,'),
    'close_without_a_wake_up': ('worker_goes', WORKER, '\t\twake_thread();\n\t\tset_mode(BRIDGE_CLOSED);\n', '\t\tset_mode(BRIDGE_CLOSED);\n'),
    'queue_without_a_wake_up': ('queue_and_flush', WORKER, '->wake_thread();\n', ';\n'),
    'expired_without_a_wake_up': ('queue_after_and_flush', WORKER, '\tlink(item, *inbox_.ready.prev);\n\twake_thread();\n', '\tlink(item, *inbox_.ready.prev);\n'),
    'queue_wakes_without_the_lock': ('worker_goes', BRIDGE,
        '\t\tif (inbox->mode == BRIDGE_ASLEEP)\n\t\t\tinbox->wake(entry);\n\t}\n\traw_spin_unlock(inbox->lock);\n',
        '\t}\n\tconst bool wakes = is_put && inbox->mode == BRIDGE_ASLEEP;\n\traw_spin_unlock(inbox->lock);\n\tif (wakes)\n\t\tinbox->wake(entry);\n'),
    'put_into_what_is_closed': ('worker_goes', BRIDGE, 'inbox->mode != BRIDGE_CLOSED && !*state', '!*state'),
    'put_twice': ('batch_and_queue_again', BRIDGE, 'BRIDGE_CLOSED && !*state', 'BRIDGE_CLOSED && *state <= BRIDGE_LISTED'),
    'put_while_it_is_cancelled': ('item_that_queues_itself_goes', BRIDGE, 'BRIDGE_CLOSED && !*state', 'BRIDGE_CLOSED && (!*state || *state > 2)'),
    'put_in_front': ('batch_keeps_its_order', INBOX, 'last = inbox->ready.prev;', 'last = &inbox->ready;',
        '&entry->next, &inbox->ready,', '&entry->next, last->next,', 'inbox->ready.prev = entry;', 'entry->next->prev = entry;'),
    'asleep_after_the_unlock': ('queue_and_flush', WORKER,
        '\t\tset_mode(ended_ ? BRIDGE_CLOSED : BRIDGE_ASLEEP);\n', '',
        '\tlock_.unlock_irq();\n\treturn first;\n', '\tlock_.unlock_irq();\n\tif (!first && !rests)\n\t\tset_mode(ended_ ? BRIDGE_CLOSED : BRIDGE_ASLEEP);\n\treturn first;\n'),
    # A request or a stage is not what it has to be.
    'body_is_called_after_a_stop': ('request_stop_of_created', THREAD, '\t\tif (was & stop)\n\t\t\treturn false;\n', ''),
    'stage_forgets_requests': ('ends_by_itself', THREAD, 'stage | (was & requests)', 'stage'),
    'park_of_what_has_ended': ('park_of_what_ends', THREAD, 'if (stage_of(start(park)) >= returned)', 'if (start(park) && false)'),
    'end_does_not_answer_a_park': ('park_of_what_ends', THREAD, '\tif (was & park)\n\t\tpark_here();\n\tif (was & join)', '\tif (was & join)'),
    'parked_thread_is_stopped_parked': ('running_stop_park', THREAD, '\t\t\tif (parked)\n\t\t\t\tunpark_or_wake();\n\t\t\tkthread_stop(task);\n', '\t\t\tkthread_stop(task);\n'),
    'stop_is_not_asked_for': ('stop_of_a_wait', THREAD, 'const unsigned int was = ask_to_stop();\n\n\t\t// For', 'const unsigned int was = word.load();\n\n\t\t// For'),
    'cancelled_is_not_told': ('created_wake_stop', THREAD, '\t\tif (set_stage(cancelled) & join)\n\t\t\twake_joiners();\n', ''),
    'joined_is_not_told': ('running_stop_stop', THREAD, '\t\t\tjoined.store(true, std::memory_order_release);\n', ''),
    'owners_are_not_one_at_a_time': ('running_stop_stop', THREAD, '\t\tconst sleeping_guard owned(owners);\n\n\t\tif (!joined.load(std::memory_order_relaxed))', '\t\tif (!joined.load(std::memory_order_relaxed))'),
    'bind_after_the_start': ('bind_after_a_wake', BIND, 'while (stage_of(was) == created) {', 'while (stage_of(was) < running) {'),
    'affinity_before_the_begin': ('created_wake_set_affinity', BIND, 'stage_of(word.fetch_or(join)) < running', 'false'),
    'affinity_waits_for_what_is_parked': ('affinity_of_what_stays_parked', THREAD, '(or_request & park && static_cast<const thread_state *>(this)->parked)', 'false'),
    'affinity_while_another_parks': ('affinity_beside_a_park', THREAD, '(or_request & park && static_cast<const thread_state *>(this)->parked)', 'now & or_request & park'),
    'parked_is_not_told': ('affinity_of_what_stays_parked', THREAD, '\tif (word.load() & join)\n\t\twake_joiners();\n\treturn {};\n', '\treturn {};\n'),
    'affinity_that_leaves_the_thread_to_the_kernel': ('created_wake_set_affinity', BIND, 'error = bridge_bind_list(task, cpus);\n\t\t\tunbinds', 'error = bridge_set_affinity(task, cpus);\n\t\t\tunbinds'),
    'bound_anew_without_a_bind': ('running_park_bind_list', BIND, 'if (parked && bound && cpus)', 'if (parked && cpus)'),
    'waiter_stays_in_the_queue': ('token_queue_alone', STOP, '\t\tbridge_wait_end(&waiter);\n', ''),
    # Lifetimes.
    'task_is_referenced_late': ('ends_by_itself', THREAD,
        '\tbridge_get_task(task);\n', '', '\t\twake_up_process(task);\n\treturn {};\n', '\t\twake_up_process(task);\n\tbridge_get_task(task);\n\treturn {};\n'),
    'failed_handle_is_not_empty': ('static_thread_fails', THREAD, 'std::exchange(state_, nullptr)->release();\n\t\treturn', 'state_->release();\n\t\treturn'),
    'orphan_is_not_freed': ('lets_go_of_its_own_handle', THREAD, '\t\trelease();\n\t\t__module_put_and_kthread_exit(', '\t\t__module_put_and_kthread_exit('),
    'orphan_does_not_hold_the_module': ('lets_go_while_the_module_goes', THREAD, '\tif (!bridge_hold_module())\n\t\treturn;\n', ''),
    'orphan_stays_in_the_list': ('lets_go_of_its_own_handle', THREAD, '\tif (!bridge_module_remove_own(this))\n\t\treturn bridge_let_go_of_module();\n', ''),
    'orphan_waits_for_its_stopper': ('lets_go_while_the_kernel_stops_it', THREAD, '\tif (!bridge_module_remove_own(this))\n\t\treturn bridge_let_go_of_module();\n', '\tbridge_module_remove(this);\n'),
    'entry_leaves_the_queue_before_the_wake_up': ('two_notifiers_one_held_up', BRIDGE,
        '\t\ttouch(entry, 1, false);\n\t\ttry_to_wake_up(task, TASK_NORMAL, "  wakes");\n\t\tleave_swait(queue, entry);\n',
        '\t\tleave_swait(queue, entry);\n\t\tstep("  looks whom to wake", entry, 0);\n\t\ttouch(entry, 1, false);\n\t\ttry_to_wake_up(task, TASK_NORMAL, "  wakes");\n'),
    'barrier_is_touched_after_the_completion': ('queue_and_flush', WORKER, '(first)->reach();\n', '(first)->reach(), first->next = nullptr;\n'),
    'item_is_not_cancelled_when_it_dies': ('cancel_of_what_runs', WORK, '\t\tthis->retire();\n', ''),
    'item_is_looked_at_after_its_run': ('item_that_destroys_itself', ITEMS, '[[no_unique_address]] lockdep_map map_;\n\t};', 'lockdep_map &map_;\n\t};', 'explicit run(const work_item &item)', 'explicit run(work_item &item)'),
    # Pools, and the stop that items see.
    'workqueue_takes_items_at_its_end': ('pool_queue_and_the_end', POOL, 'return !is_closed_ && queue();', 'return queue();'),
    'workqueue_does_not_flush_at_its_end': ('pool_queue_and_the_end', POOL_STATE, '\tstop_.request_stop();\n\t__flush_workqueue(queue_);\n', '\tstop_.request_stop();\n'),
    'item_runs_after_its_workqueue': ('pool_timer_and_the_end', WORK, '\t\tif (!self.may_run())\n\t\t\treturn;\n', ''),
    'item_waits_for_itself': ('pool_item_destroys_itself', POOL_STATE, 'return is_running_here(get()) ? cancel_work(get()) : cancel_work_sync(get());', 'return cancel_work_sync(get());'),
    'cancel_is_not_counted': ('pool_item_is_stopped_by_a_cancel', WORK, '\t\tif (cancels_.load())\n\t\t\tstate_.word.fetch_or(stop_state::stop);\n', ''),
    'item_does_not_see_the_end': ('pool_item_is_stopped_by_the_end', POOL_STATE, '\tstop_.request_stop();\n', ''),
    'item_does_not_see_the_end_of_its_worker': ('item_is_stopped_by_the_end', WORKER, '\tstop_.request_stop();\n', ''),
    'timer_is_not_destroyed': ('delayed_item_goes', ITEMS, '\t\tbridge_timer_destroy(this);\n', ''),
    'timer_comes_when_the_module_is_over': ('timers_are_forgotten --bound 6', BRIDGE, ' && !bridge_module_is_over', ''),
    'item_runs_when_the_module_is_over': ('pool_items_are_forgotten --bound 6', POOL, '!__atomic_load_n(&bridge_module_is_over, __ATOMIC_RELAXED)', 'true'),
    'what_was_called_is_ended_once': ('timers_are_forgotten', BRIDGE, 'clock_has_ended) && how == BRIDGE_FREE', 'clock_has_ended) && how == BRIDGE_STOP'),
    'timer_is_looked_at_when_it_is_gone': ('forgotten_timer_destroys_another', BRIDGE,
        'if (bridge_module_poll(link, clock_has_ended) && how', 'while (!clock_has_ended(link))\n\t\tusleep_range_state(1000, TASK_UNINTERRUPTIBLE);\n\tif (how'),
    'forgotten_item_is_not_asked_to_stop': ('pool_item_that_waits_is_forgotten', WORK, '\t\t\tthis->left_behind = stop_forgotten;\n', '\t\t\t;\n'),
    'delayed_item_is_not_in_the_list': ('delayed_item_is_forgotten', ITEMS, '\t\tbridge_module_add_called(this, true, left_behind);\n', '', '\t\tbridge_module_remove(this);\n', ''),
    'forgotten_object_stays_in_the_list': ('object_is_made_and_reset', OBJECT, '\t\tbridge_module_remove(this);\n', ''),
    'object_that_fails_stays': ('object_fails', OBJECT, '\t\t\tstd::destroy_at(object);\n\t\t\tstage_ = empty;\n', '\t\t\tstage_ = empty;\n'),
    'left_behind_is_asked_when_its_turn_comes': ('forgotten_thread_joins_another', THREAD, '\t\treturn state.ask_forgotten();\n', '\t\treturn;\n'),
    'left_behind_is_asked_before_its_maker': ('worker_of_a_forgotten_thread', MODULE, ' || !is_of_module(tasks[each->maker])', ' || true'),
    'left_behind_has_its_maker_for_ever': ('forgotten_thread_joins_one_that_it_made', MODULE, ' || !patience || ', ' || '),
    'left_behind_is_asked_while_others_are_stopped': ('item_of_a_forgotten_workqueue_joins_one_whose_maker_ends', MODULE,
        'patience && has_threads()', 'false'),
    'left_behind_is_made_late': ('forgotten_thread_joins_one_that_is_made_late', MODULE,
        'patience && has_threads()', 'patience && owned.next != &owned'),
    'left_behind_timer_is_asked': ('forgotten_item_of_a_thread_waits_for_a_timer', MODULE, 'may_sleep ? &called : &in_interrupts', '&called'),
    'left_behind_item_makes_a_thread': ('forgotten_item_makes_a_thread', MODULE,
        '\t\tif (!module_references && owned.next == &owned)\n\t\t\tbreak;\n', '\t\tbreak;\n'),
    'left_behind_item_is_free_before_a_thread_ends': ('forgotten_item_makes_a_thread_that_destroys_it', MODULE,
        '\tif (has_run_on)\n', '\tleave_behind(&ended, &ended, BRIDGE_FREE);\n\tif (has_run_on)\n'),
    'left_behind_that_has_ended_is_asked': ('callback_of_a_forgotten_thread_that_has_ended', THREAD,
        '\tif (has_ended())\n\t\treturn;\n', ''),
    'left_behind_that_has_ended_is_asked_in_turn': ('callback_of_a_forgotten_thread_that_has_ended', THREAD,
        'state.stop_and_wait(false);', 'state.stop_and_wait();'),
    'forgotten_worker_stays_parked': ('forgotten_thread_waits_for_a_parked_worker', THREAD,
        'ask_to_stop();\n\n\t(void)try_unpark();\n', 'ask_to_stop();\n\n'),
    'items_of_a_forgotten_queue_are_asked_in_turn': ('forgotten_thread_waits_for_a_workqueue', POOL_STATE,
        '\t\treturn void(state.stop_.request_stop());\n', '\t\treturn;\n'),
    'forgotten_item_is_asked_in_turn': ('forgotten_thread_waits_for_a_pool_item', MODULE,
        '\t\tleave_behind(&called, &called_asked, BRIDGE_ASK);\n', ''),
    'forgotten_delayed_item_is_asked_in_turn': ('forgotten_thread_waits_for_a_delayed_pool_item', WORK,
        '\t\tstatic_cast<work_call &>(Item::of(link)).stop_', '\t\tif (how != BRIDGE_ASK)\n\t\t\tstatic_cast<work_call &>(Item::of(link)).stop_'),
    'item_is_cancelled_when_it_is_asked': ('pool_items_are_forgotten', POOL_STATE, '\tif (how == BRIDGE_ASK)\n\t\treturn;\n', ''),
    'items_of_a_forgotten_worker_are_asked_in_turn': ('forgotten_object_waits_for_a_worker', WORKER,
        'if (how != BRIDGE_FREE)\n\t\t\treturn', 'if (how == BRIDGE_ASK)\n\t\t\treturn;\n\t\tif (how == BRIDGE_STOP)\n\t\t\treturn'),
    'worker_that_never_ran_takes_items': ('forgotten_object_uses_a_worker_that_never_ran', WORKER, '\t\t\tshared->drop_all();\n', '\t\t\t;\n'),
    'self_destroyed_item_is_waited_for': ('pool_item_destroys_itself_while_the_module_goes', POOL_STATE, '\t\tbridge_module_remove_running(link);\n', '\t\tbridge_module_remove(link);\n'),
    'item_is_looked_at_when_it_is_gone': ('pool_item_destroys_itself_while_the_module_goes', POOL_STATE, 'if (bridge_module_poll(link, is_cancelled) && how == BRIDGE_FREE)\n\t\tbridge_module_remove(link);', 'while (!is_cancelled(link))\n\t\tbridge_sleep_until(ktime_get() + 1000, 0);\n\tif (how == BRIDGE_FREE)\n\t\tbridge_module_remove(link);'),
    'left_behind_is_destroyed_at_once': ('handle_is_destroyed_when_its_thread_has_stopped', THREAD,
        '\tif (how == BRIDGE_FREE)\n\t\treturn state.release();\n', '', '\tstate.stop_and_wait(false);\n}\n', '\tstate.stop_and_wait(false);\n\tstate.release();\n}\n'),
    'left_behind_is_destroyed_while_it_is_stopped': ('handle_is_destroyed_while_the_module_goes', MODULE, 'while (bridge_stopping == link && stopper != current()) {', 'while (false) {'),
    # Callbacks, and threads without a handle.
    'callback_misses_the_request': ('two_requests_and_a_callback', TOKEN, 'if (was & watched)', 'if (was & watched && false)'),
    'callback_does_not_look_for_a_request': ('callbacks_of_two_sources', CALLBACK, '\tif (!is_stopped)\n\t\tlist.add(*this);', '\tlist.add(*this);'),
    'callback_is_registered_without_the_lock': ('callbacks_of_two_sources', CALLBACK,
        '\tconst unsigned long flags = list.lock();\n\tconst bool is_stopped = state_->word.fetch_or(stop_state::watched) & stop_state::stop;\n',
        '\tconst bool is_stopped = state_->word.fetch_or(stop_state::watched) & stop_state::stop;\n\tconst unsigned long flags = list.lock();\n'),
    'callback_of_another_state_is_called': ('callbacks_of_two_sources', CALLBACK, 'while (callback && callback->state_.get() != state)', 'while (callback && !state)'),
    'callback_goes_in_its_call': ('callback_goes_while_it_is_called', CALLBACK, 'if (is_listed || !caller ||', 'if (is_listed || caller ||'),
    'callback_waits_for_itself': ('callback_destroys_itself', CALLBACK, '|| caller == bridge_current())\n\t\treturn;', ')\n\t\treturn;'),
    'callback_is_touched_after_it_is_gone': ('callback_destroys_itself', CALLBACK, '\tif (is_gone)\n\t\treturn;\n', ''),
    'end_of_a_call_is_told_without_a_wake_up': ('callback_goes_while_it_is_called', CALLBACK, '\tbridge_wake_all(&callback);\n', ''),
    'callback_is_not_called_by_stop': ('callback_of_a_thread', THREAD, '(was & (stop | watched)) == watched', 'was == 0'),
    'token_holds_nothing': ('token_outlives_its_source', STATE_HELD, '{ refs.fetch_add(1, std::memory_order_relaxed); }', '{}'),
    'static_thread_does_not_wait_for_tokens': ('token_outlives_a_static_thread', THREAD, '\tif (in_place)\n\t\tstate_->wait_for_others(bridge_task_comm(state_->task));\n', ''),
    'last_token_does_not_wake_the_owner_of_its_memory': ('token_outlives_a_static_thread', THREAD, '\t\tbridge_wake_all(&word);\n\t\treturn;\n\t}\n\tif (!is_thread()) {', '\t\treturn;\n\t}\n\tif (!is_thread()) {'),
    'last_token_wakes_the_owner_of_its_memory_too_early': ('token_outlives_a_static_thread', THREAD, '\t\tword.fetch_and(~static_cast<unsigned int>(lent));\n\t\tbridge_wake_all(&word);\n', '\t\tbridge_wake_all(&word);\n\t\tword.fetch_and(~static_cast<unsigned int>(lent));\n'),
    'body_is_not_told_of': ('run_begun_is_not_stopped_before', THREAD, '\tif (was & join) [[unlikely]]\n\t\twake_joiners();\n\treturn true;', '\treturn true;'),
    'detached_at_its_end': ('detached_while_it_ends', JOIN, 'if (stage_of(was) < returned) {\n\t\twake', 'if (stage_of(was) < returned || this) {\n\t\twake'),
    'detached_without_a_reference': ('detached_while_it_ends', JOIN, '\tconst stop_ref self(static_cast<stop_state &>(*this));\n', ''),
    'detached_is_not_started': ('detached_before_its_start', JOIN, '{\n\t\twake_up_process(task);\n\t} else', '{\n\t} else'),
    'detached_does_not_let_go_of_the_module': ('detached_while_it_ends', JOIN, '\t\trelease();\n\t\tbridge_let_go_of_module();\n', '\t\trelease();\n'),
    'sleep_by_another_token_is_not_woken': ('sleeps_by_another_token', TOKEN, 'fetch_or(stop_state::join) & stop_state::stop', 'load() & stop_state::stop'),
    # The worker's list.
    'due_is_not_looked_at': ('mod_to_a_later_time', WORKER, ' || steady_clock::now() < item.due_)', ')'),
    'item_expires_after_the_end': ('worker_of_a_delayed_item_goes', WORKER,
        '\tif (inbox_.mode == BRIDGE_CLOSED)\n\t\titem.state_ = work_item::idle;\n\telse\n\t\tappend(item);\n', '\tappend(item);\n'),
    'flush_queues_after_the_end': ('worker_of_a_delayed_item_goes', WORKER, '\t\t\tif (inbox_.mode != BRIDGE_CLOSED)\n\t\t\t\tappend(item);\n', '\t\t\tappend(item);\n'),
    'flush_drops_a_delayed_item': ('queue_after_and_flush', WORKER, '\t\t\tif (inbox_.mode != BRIDGE_CLOSED)\n\t\t\t\tappend(item);\n', ''),
    'what_ran_stays_current_in_a_park': ('cancel_while_the_worker_is_parked', WORKER, '\tcurrent_ = nullptr;\n\n\twork_node', '\tif (!rests)\n\t\tcurrent_ = nullptr;\n\n\twork_node'),
    'deadlock_is_decided_before_the_lock': ('item_flushes_another', WORKER,
        'result<void> worker_state::flush(work_item &item)\n{\n\tbarrier end;\n',
        'result<void> worker_state::flush(work_item &item)\n{\n\tbool waits;\n\t{\n\t\tconst irq_guard locked(lock_);\n\n\t\twaits = !is_idle(item) || current_ == &item;\n\t}\n\tif (waits && is_self())\n\t\treturn std::unexpected(errno_t::EDEADLK);\n\tbarrier end;\n',
        '\t\t\treturn {};\n\t\tif (is_self())\n\t\t\treturn std::unexpected(errno_t::EDEADLK);\n', '\t\t\treturn {};\n'),
    'flush_forgets_what_runs': ('batch_and_cancel', WORKER, 'if (behind(inbox_.ready) == &inbox_.ready && !current_)', 'if (behind(inbox_.ready) == &inbox_.ready)'),
    'flush_waits_before_the_items': ('queue_and_flush_worker', WORKER, 'link(end, *inbox_.ready.prev);', 'link(end, inbox_.ready);'),
    'cancelled_item_stays_in_the_list': ('queue_and_cancel', WORKER,
        '\tif (item.state_ == work_item::queued)\n\t\tunlink(item);\n\telse\n', '\tif (item.state_ == work_item::delayed)\n'),
    'cancel_does_not_wait': ('cancel_of_what_runs', WORKER, '\t\tif (current_ != &item)\n\t\t\treturn was_pending;\n', '\t\treturn was_pending;\n'),
    'cancelled_item_is_queued': ('item_that_queues_itself_goes', WORKER, 'return inbox_.mode == BRIDGE_CLOSED || item.state_ >= work_item::cancelled;', 'return inbox_.mode == BRIDGE_CLOSED;'),
    'dying_item_stays_current': ('item_that_comes_back_in_its_own_run', WORKER, '\t\t\tif (dying)\n\t\t\t\tcurrent_ = &gone;\n', ''),
    'item_is_not_idle_when_it_runs': ('queues_itself', WORKER, '\t\tstatic_cast<work_item *>(last)->state_ = work_item::idle;\n', ''),
    'worker_ends_before_its_items': ('worker_goes', WORKER, 'if (first == &inbox_.ready) {', 'if (inbox_.mode == BRIDGE_CLOSED || first == &inbox_.ready) {'),
    # The batch that the thread has taken.
    'recalled_item_runs_as_well': ('batch_and_cancel', WORKER,
        'std::memory_order_relaxed))\n\t\t\tbreak;\n', 'std::memory_order_relaxed))\n\t\t\tbridge_yield();\n'),
    'claim_does_not_tell_of_the_end': ('batch_of_which_the_first_goes', WORKER,
        'next, std::memory_order_release,', 'next, std::memory_order_relaxed,'),
    'next_is_read_after_the_call': ('item_that_destroys_itself', WORKER,
        '\t\twork_node *const next = next_of(*node).load(std::memory_order_acquire);\n\n\t\tnode->call(node);\n',
        '\t\tnode->call(node);\n\t\twork_node *const next = next_of(*node).load(std::memory_order_acquire);\n'),
    'next_is_read_relaxed': ('batch_and_mod', WORKER, '.load(std::memory_order_acquire);\n\n\t\tnode->call', '.load(std::memory_order_relaxed);\n\n\t\tnode->call'),
    'end_of_the_list_is_claimed': ('two_items', WORKER, ' || next == &inbox_.ready)', ')'),
    'barrier_is_taken_for_an_item': ('batch_and_flush', WORKER, '\tif (last->call) {\n', '\tif (true) {\n'),
    'recall_does_not_learn_of_the_end': ('batch_of_which_the_first_goes', WORKER,
        'exchange(nullptr, std::memory_order_acquire)', 'exchange(nullptr, std::memory_order_relaxed)'),
    'recalled_items_get_lost': ('batch_and_cancel', WORKER, '\t\tfirst = behind(*last);\n', '\t\tfirst = &inbox_.ready;\n'),
    'recall_forgets_what_runs': ('batch_of_which_one_goes', WORKER, '\t\tcurrent_ = static_cast<work_item *>(last);\n', ''),
    'recall_takes_the_first_for_what_runs': ('batch_of_which_one_goes', WORKER, 'current_ = static_cast<work_item *>(last);', 'current_ = static_cast<work_item *>(behind(inbox_.ready));'),
    'batch_is_not_recalled': ('item_queues_the_one_before_it', WORKER, '\tif (item.state_ == work_item::queued) [[unlikely]]\n\t\trecall();\n', ''),
    'batch_stays_in_the_list': ('batch_and_the_end', WORKER, '\tnext_of(inbox_.ready).store(first, std::memory_order_relaxed);\n', ''),
    'batch_runs_on_when_it_is_to_park': ('batch_and_park', WORKER, ' || has_to_rest(stop) || next ==', ' || next =='),
    'item_is_frozen_in_its_sleep': ('worker_freezes_after_its_item', STOP,
        '\t\tbridge_idle(is_own());\n\t\treturn', '\t\tbridge_idle(true);\n\t\treturn'),
    'batch_runs_on_when_it_is_to_freeze': ('batch_and_suspend', WORKER,
        'if (!--most || has_to_rest(stop)', 'if (!--most || stop.park_requested()'),
    # Tasks.
    'executor_goes_without_its_posters': ('task_post_against_the_end_of_all', EXECUTOR, '\t\tstate->close();\n\t\trcu_synchronize();\n', '\t\tstate->close();\n'),
    'post_outside_of_the_reader': ('task_executor_closes_against_spawn', TASKS,
        '\t\t\tconst interrupts_off off;\n', ''),
    'event_is_withdrawn_without_a_look': ('task_event_against_deadline', TASKS,
        '\t\tif (!task.on->waiter_.compare_exchange_strong(waiter, nullptr))\n\t\t\treturn false;\n',
        '\t\t(void)waiter;\n\t\ttask.on->waiter_ = nullptr;\n'),
    'event_wakes_nobody': ('task_event_is_set_twice', TASKS, '\t\t\treturn state_of(*was).notify(*was);', '\t\t\treturn;'),
    'interrupt_is_its_thread': ('task_sets_an_event', 'module/kthread/executor_state.hpp',
        'own = bridge_own_thread())', 'own = bridge_current())'),
    'task_keeps_what_it_sets': ('task_sets_an_event', TASKS, '\ttask.how = strand::done;\n\tready(task);\n', '\ttask.how = strand::done;\n'),
    'post_without_a_wake_up': ('task_three_posters', TASKS, '\t\t\t\twake();\n', ''),
    'executor_sleeps_without_a_look': ('task_three_posters', TASKS,
        'return inbox_.load(std::memory_order_relaxed) != asleep();', 'return false;'),
    'any_interrupt_is_its_own': ('interrupt_task_events_of_two', 'module/kthread/executor_state.hpp',
        'cpu == interrupted_.load(std::memory_order_relaxed)', 'true'),
    'interrupt_sleeps_without_a_look': ('interrupt_task_events_of_two', INTERRUPT,
        'inbox_.compare_exchange_strong(none, ends ? closed() : asleep())', '(inbox_.store(ends ? closed() : asleep()), true)'),
    'interrupt_does_not_rest': ('interrupt_tasks_answer_each_other', INTERRUPT,
        'now.load(std::memory_order_relaxed) + 1)', '0)'),
    'interrupt_rests_for_no_time': ('interrupt_tasks_answer_each_other', INTERRUPT, 'now.load(std::memory_order_relaxed) + 1)', 'now.load(std::memory_order_relaxed))'),
    'interrupt_does_not_end': ('interrupt_task_executor_closes_against_post', INTERRUPT, '\t\t\tstop_all();\n', '\t\t\t;\n'),
    'stop_waits_for_a_scope': ('task_executor_ends_with_a_scope_that_waits_for_its_end', EXECUTOR, '\t\tlook_for_stop();\n', ''),
    'stop_comes_before_the_sleep': ('task_executor_ends_with_a_scope_that_waits_for_its_end', TASKS, ' && (stopping_ || !is_asked())', ''),
    'view_that_never_began_shows_all': ('task_is_looked_at_while_the_module_goes', 'module/kthread/task_view.cc', 'looking.join()', 'looking.wait()'),
    'alarm_changes_the_time_of_a_queued_timer': ('interrupt_task_event_against_deadline_and_stop', BRIDGE,
        '\tif (!hrtimer_is_queued(hrtimer_of(alarm)))\n', ''),
    'alarm_is_not_started_again': ('interrupt_task_event_against_deadline_and_stop', BRIDGE,
        '\t\thrtimer_restart(hrtimer_of(alarm), next);\n', '\t\t(void)next;\n'),
    'forgotten_executor_stays_in_the_list': ('task_executor_closes_against_post', EXECUTOR, '\tshared_->leave_module();\n', ''),
    'forgotten_executor_runs_on': ('interrupt_task_executor_left_behind', EXECUTOR, '\t\tstate.close();\n', ''),
    'close_leaves_a_scope_to_its_thread': ('task_executor_ends_with_a_scope_in_a_task', EXECUTOR,
        '\ttask_.store(bridge_own_thread(), std::memory_order_relaxed);\n\tfor (unsigned int n', '\ttask_.store(nullptr, std::memory_order_relaxed);\n\tfor (unsigned int n'),
    'what_was_posted_stays': ('task_executor_closes_against_spawn', EXECUTOR,
        '\tfor (unsigned int n = 1; taken_; ++n) {\n', '\tfor (unsigned int n = 1; (taken_ = nullptr); ++n) {\n'),
    'burst_that_is_refused_counts_as_one': ('task_executor_closes_against_a_burst', EXECUTOR,
        '\twhile (count--)\n\t\texecutor_state::drop(*this);\n', '\texecutor_state::drop(*this);\n'),
    'burst_that_is_refused_takes_others_along': ('task_executor_closes_against_a_burst', TASKS,
        '\t\t\toldest.next = nullptr;\n\t\t\treturn false;', '\t\t\treturn false;'),
    'job_looks_at_itself_after_a_refused_task': ('task_that_is_refused_owns_its_job', 'module/kthread/executor.hpp',
        '\t\tauto posted = one.add(made.release());\n\n\t\tif (posted)\n\t\t\tposted = one.post();\n', '\t\tauto posted = post(made.release());\n'),
    'timer_stays_with_its_event': ('task_event_against_deadline', TASKS,
        '\tif (task.is_armed())\n\t\twheel_.remove(task);\n\ttask.how = strand::done;', '\ttask.how = strand::done;'),
    'stop_forgets_the_groups_below': ('task_stop_of_a_scope_in_a_task', TASKS,
        '\t\t\t\tadd(*task->group);\n', ''),
    'task_keeps_a_notification': ('task_unit_against_stop', 'module/kthread/task_waiting.hpp',
        '\t\tif (waiter_table::leave(*this))\n\t\t\twaiter_table::notify(address, false);\n', '\t\t(void)waiter_table::leave(*this);\n'),
    'group_is_touched_after_its_last': ('task_scope_goes_when_it_was_waited_for', EXECUTOR,
        '\tbridge_wake_all(&group);\n', '\tgroup.joiner = nullptr;\n\tbridge_wake_all(&group);\n'),
    'executor_that_lets_go_of_itself_is_freed': ('interrupt_task_lets_go_of_its_executor', EXECUTOR, '\t\tshared_->get();\n', ''),
    'executor_is_asked_before_the_thread_that_made_it': ('task_executor_of_a_forgotten_thread_in_interrupts', MODULE,
        ' || !is_of_module(tasks[each->maker])', ' || true'),
    'executor_is_asked_when_it_is_closed': ('interrupt_task_executor_in_the_body_of_a_thread_that_the_kernel_stops', INTERRUPT,
        '\t\tif (inbox_.load() != closed())\n\t\t\task();', '\t\task();'),
    'forgotten_executor_is_asked_in_turn': ('interrupt_task_executor_is_forgotten_before_who_waits', EXECUTOR,
        '\t\tstate.ask();\n', '\t\t;\n'),
    'forgotten_executor_stays_parked': ('task_executor_is_forgotten_while_it_is_parked', THREAD,
        'ask_to_stop();\n\n\t(void)try_unpark();\n', 'ask_to_stop();\n\n'),
    'joiner_goes_after_the_last': ('task_scope_is_joined_and_waited_for', EXECUTOR,
        '\tif (joiner) {\n\t\tif (!is_local', '\tif (joiner) {\n\t\tgroup.joiner = nullptr;\n\t\tif (!is_local'),
    'setter_is_preempted': ('task_with_a_deadline_is_not_held_up_by_a_setter', TASKS,
        '\t\tconst interrupts_off off;\n\n\t\t// The task', '\t\t// The task'),
    'event_takes_out_another': ('task_event_of_two_executors', TASKS,
        '\ttask.how = was == event::is_set()', '\tif (was == event::is_set())\n\t\t(void)event.waiter_.exchange(nullptr);\n\ttask.how = was == event::is_set()'),
    'task_waits_for_itself': ('task_ends_its_own_scope', EXECUTOR, 'executor_->let_go(*this)', 'false'),
    'task_that_ends_its_scope_is_not_stopped': ('task_ends_its_own_scope', EXECUTOR, '\t\tstop(group);\n\t\tremove(*task);\n', '\t\tremove(*task);\n'),
    'task_waits_for_its_parent': ('task_ends_the_scope_of_its_parent', EXECUTOR,
        '\t\twhile (task && task->owner != &group)\n\t\t\ttask = task->owner->joiner;\n\t\tif (!task)\n', '\t\tif (!task || task->owner != &group)\n'),
    'frame_waits_for_itself': ('task_keeps_its_own_scope', EXECUTOR, '} else if (ending == &group) {\n', '} else if (false) {\n'),
    'frame_touches_its_group': ('task_keeps_its_own_scope', EXECUTOR, '\tdrop(*ending_);\n', '\tdrop(group);\n'),
    'what_ran_last_counts_as_running': ('task_scope_goes_with_one_that_never_began', TASKS, '\t\trunning_ = nullptr;\n\t\treturn begin(task);\n', '\t\treturn begin(task);\n'),
    'tasks_of_the_call_around_stay_aside': ('task_scopes_that_nobody_joins', EXECUTOR,
        'put_back_before(nullptr)', 'put_back_before(here.outer)'),
    'join_does_not_tell_of_a_stop': ('task_that_starts_its_child_again_is_stopped', EXECUTOR,
        '\t\tif (!is_local && joiner->stops)\n\t\t\tjoiner->how = strand::stopped;\n', ''),
    'call_that_runs_is_awaited_by_all': ('task_call_that_runs_does_not_hold_up_others', TASK_WORK, '\tif (!call.take()) {', '\tif (false) {'),
    'call_runs_although_its_task_goes_on': ('task_call_that_runs_does_not_hold_up_others', TASK_WORK,
        '\t\tif (!take())\n\t\t\treturn;\n', '\t\t(void)take();\n'),
    'stop_does_not_reach_a_call': ('task_call_that_waits_against_stop', TASK_WORK, '\t\titem.request_stop();\n', ''),
    'stop_ends_the_wait_for_what_runs': ('task_call_that_is_late_against_stop', TASK_WORK,
        'stops += self.put_stops_aside();', 'stops += 0;'),
    'thread_does_not_tell_the_task': ('task_joins_against_the_owner', TASK_JOIN, 'word.fetch_or(join)', 'word.load()'),
    'thread_that_never_begins_is_awaited': ('task_joins_a_created_thread', TASK_JOIN, 'stage_of(word.fetch_or(join)) < starting', 'stage_of(word.fetch_or(join)) == created'),
    'thread_stays_parked_for_the_task': ('task_joins_a_parked_thread', TASK_JOIN, '|| try_unpark()', '|| true'),
    'joiner_gives_up_a_thread_that_another_has': ('task_joins_what_another_parks', THREAD, '\tif (!owners.try_lock())\n\t\treturn false;', '\tif (!owners.try_lock())\n\t\treturn true;'),
    'tasks_that_join_are_not_woken': ('task_joins_against_the_owner', THREAD, '\tif (auto *const wake = wake_tasks.load())\n\t\twake(&word);\n', ''),
    'task_looks_for_the_end_before_it_waits': ('task_joins_against_the_owner', TASK_WORK,
        '\t\twaiter.prepare();\n\t\tif (thread.has_come())\n\t\t\tbreak;\n', '\t\tif (thread.has_come())\n\t\t\tbreak;\n\t\twaiter.prepare();\n'),
    'task_stays_in_the_queue': ('task_wait_queue_against_deadline', 'module/kthread/task_waiting.hpp',
        '~queue_watcher() { native::remove_wait_queue(queue_, entry()); }', '~queue_watcher() = default;'),
    'task_forgets_who_woke_it': ('task_wait_queue_is_woken_twice', 'module/kthread/task_waiting.hpp',
        'static_cast<queue_watcher *>(self)->woken_.set();', '(void)self;'),
}

project, out, *names = sys.argv[1:]


def file_of(scenario):
    folder = f'{project}/kunit/explore/scenarios'
    texts = {name[:-len('.cc')]: open(f'{folder}/{name}').read() for name in os.listdir(folder) if name.endswith('.cc')}
    # One of a table has no SCENARIO, and begins with the table's name.
    for its in rf'^SCENARIO\({scenario}\b', rf'\bpairs \w+\("{scenario.split("_")[0]}",':
        for name, text in texts.items():
            if re.search(its, text, re.M):
                return name
    return None


def changed(name, tree):
    """The text of the file with the fault, or a line that says why there is none."""
    _, path, *changes = MUTANTS[name]
    text = open(f'{tree}/{path}').read()
    for old, new in zip(changes[::2], changes[1::2]):
        if text.count(old) != 1:
            return None, f'not ok explore: mutant {name}: {old!r} stands in {path} {text.count(old)} times'
        text = text.replace(old, new)
    return text, None


def run(name):
    command, path, *_ = MUTANTS[name]
    scenario, *options = command.split()
    tree = f'{out}/mutants/{name}'
    shutil.rmtree(tree, ignore_errors=True)
    for part in 'module', 'cxxrt', 'kunit/explore':
        shutil.copytree(f'{project}/{part}', f'{tree}/{part}')
    text, why = changed(name, tree)
    if why:
        return why
    open(f'{tree}/{path}', 'w').write(text)
    # Objects are the same that do not see the fault.
    seen = r'library-|scenario-' if path.endswith('.hpp') else r'library-' + os.path.basename(path)[:-2]
    for object in os.listdir(out):
        if object.endswith('.o') and not re.match(seen, object):
            shutil.copy2(f'{out}/{object}', tree)
    if path in (BRIDGE, MODULE, INBOX):
        os.remove(f'{tree}/model.o')
    made = subprocess.run(['make', '-s', '-C', f'{tree}/kunit/explore', f'TREE={tree}', f'OUT={tree}',
                           f'SCENARIOS={file_of(scenario)}'], capture_output=True, text=True)
    if made.returncode:
        return f'{made.stderr}\nnot ok explore: mutant {name} does not build'
    try:
        ran = subprocess.run([f'{tree}/explore', *options, scenario], capture_output=True, text=True, timeout=600)
    except subprocess.TimeoutExpired:
        # A loop without a step is none that the explorer can leave.
        return f'not ok explore: mutant {name} does not end'
    found = re.search(r'^not ok explore: .*?, after (\d+) schedules, .*?: (.*)', ran.stdout, re.M)
    shutil.rmtree(tree)
    if ran.returncode != 1 or not found:
        return f'{ran.stdout[-300:]}\nnot ok explore: mutant {name} is not found by {command}'
    return f'ok explore: mutant {name}: {command}, schedule {found[1]}: {found[2]}'


if names == ['--apply']:
    reasons = [why for name in MUTANTS if (why := changed(name, project)[1])]
    print(*reasons or ['ok explore: each mutant has its place in the sources'], sep='\n')
    sys.exit(bool(reasons))

results = [f'not ok explore: no mutant {name}' for name in names if name not in MUTANTS]
print(*results, sep='\n', end='')
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for result in pool.map(run, [name for name in names or MUTANTS if name in MUTANTS]):
        results.append(result)
        print(result, flush=True)
sys.exit(any('not ok' in result for result in results))
