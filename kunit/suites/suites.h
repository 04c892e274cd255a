/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every test there is, by suite: a list, of more than 500 lines. kunit_bridge.c makes KUnit's
 * tables of it. For C++ it declares the tests, so that one which is in no list does not compile,
 * and one only in a list does not link.
 */
#ifndef KTHREADXX_SUITES_H
#define KTHREADXX_SUITES_H

/* clang-format off */
#define JTHREAD_TESTS(test) \
	test(jthread_create_does_not_run_before_wake) \
	test(jthread_run_calls_the_body_with_its_captures) \
	test(jthread_runs_functions_and_move_only_callables) \
	test(jthread_wake_tells_whether_it_woke) \
	test(jthread_join_waits_for_the_body_to_return) \
	test(jthread_join_leaves_the_body_its_interruptible_waits) \
	test(jthread_join_before_the_start_is_eintr) \
	test(jthread_request_stop_ends_a_join) \
	test(jthread_request_stop_before_the_first_run_is_eintr) \
	test(jthread_get_gives_the_result_without_waiting) \
	test(jthread_moves) \
	test(jthread_empty_has_no_thread) \
	test(jthread_create_without_memory_is_enomem) \
	test(jthread_name_can_be_formatted) \
	test(jthread_name_is_cut_by_the_kernel) \
	test(jthread_park_holds_and_unpark_lets_go) \
	test(jthread_park_twice_is_ebusy_and_unpark_twice_einval) \
	test(jthread_park_of_an_ended_thread_is_esrch) \
	test(jthread_park_of_a_body_that_never_has_to_wait) \
	test(jthread_park_of_itself_is_edeadlk) \
	test(jthread_stop_of_a_parked_thread_ends_it) \
	test(jthread_join_of_a_parked_thread_lets_it_go_on) \
	test(jthread_request_stop_of_a_parked_thread_waits_for_unpark) \
	test(jthread_park_of_a_body_that_returns_never_hangs) \
	test(jthread_survives_all_calls_at_once) \
	test(jthread_others_can_park_and_stop_it_during_a_join) \
	test(jthread_stop_during_a_join_ends_interruptible_waits) \
	test(jthread_runs_where_it_is_bound) \
	test(jthread_is_bound_anew_while_it_is_parked) \
	test(jthread_tells_its_state_and_cpu) \
	test(jthread_bind_to_no_cpu_is_einval) \
	test(jthread_takes_a_numa_node) \
	test(jthread_takes_a_priority) \
	test(jthread_letting_go_of_itself_is_reported_and_frees_all) \
	test(static_jthread_reset_by_itself_keeps_its_thread) \
	test(static_jthread_needs_no_heap_and_can_be_used_again) \
	test(static_jthread_made_in_used_memory_is_empty) \
	test(m02_destructor_stops_and_joins) \
	test(m03_stop_twice_gives_the_result_twice) \
	test(m04_stop_after_the_body_returned_gives_its_result) \
	test(m08_name_is_no_format) \
	test(m10_captures_live_until_after_the_join) \
	test(m11_stop_before_the_first_run_frees_the_body) \
	test(m11_body_is_destroyed_once_in_every_order) \
	test(m12_stop_of_itself_is_edeadlk) \
	test(m14_bind_after_the_start_is_ebusy) \
	test(m15_create_by_a_killed_caller_is_eintr) \
	test(m16_stop_from_two_contexts_gives_both_the_result) \
	test(jthread_body_takes_no_token_and_returns_nothing) \
	test(jthread_body_is_a_member_function_that_takes_a_token) \
	test(jthread_body_takes_arguments) \
	test(jthread_calls_its_body_as_an_rvalue) \
	test(jthread_body_takes_a_number) \
	test(jthread_captures_of_a_body_that_was_never_called_use_the_handle) \
	test(jthread_join_for_ends_while_another_owner_parks) \
	test(jthread_is_joinable_until_it_is_joined) \
	test(jthread_captures_die_in_their_thread_before_join_returns) \
	test(jthread_join_for_gives_up_in_time) \
	test(jthread_run_begun_has_called_its_body) \
	test(static_jthread_reset_waits_for_the_last_token) \
	test(jthread_move_assignment_joins_the_old_thread_first) \
	test(jthread_detached_frees_all_at_its_end)

#define NATIVE_TESTS(test) \
	test(native_helper_sees_a_request) \
	test(native_queue_wakes_by_wake_up_interruptible) \
	test(native_queue_ends_each_kind_of_wait) \
	test(native_code_waits_on_a_shared_queue) \
	test(native_struct_has_a_thread_and_an_item) \
	test(signal_ends_a_wait_that_allows_it) \
	test(signal_that_is_not_allowed_is_none) \
	test(jthread_affinity_can_change_while_it_runs) \
	test(jthread_affinity_outlasts_the_begin_of_its_thread) \
	test(jthread_affinity_leaves_a_parked_and_a_bound_thread_as_they_are) \
	test(memalloc_scope_nests)

#define TIMER_TESTS(test) \
	test(timer_comes_once_at_its_time) \
	test(timer_slack_lets_it_come_later) \
	test(timer_beats_until_it_is_ended) \
	test(timer_counts_what_it_missed) \
	test(timer_starts_itself_anew) \
	test(timer_that_is_ended_in_its_callable_does_not_come) \
	test(timer_destructor_cancels_and_waits)

#define STOP_CALLBACK_TESTS(test) \
	test(stop_callback_is_not_called_by_a_join) \
	test(stop_source_tells_its_tokens) \
	test(stop_source_without_a_state_does_nothing) \
	test(stop_token_knows_that_no_source_is_left) \
	test(stop_callback_is_called_once_by_the_first_request) \
	test(stop_callback_may_destroy_itself_and_others) \
	test(stop_callback_takes_over_a_token_that_is_moved) \
	test(stop_callback_destructor_waits_for_a_call) \
	test(stop_callback_is_called_for_a_thread) \
	test(stop_callback_of_a_created_thread_is_called_by_join) \
	test(stop_of_one_thread_can_stop_another) \
	test(stop_source_ends_sleeps_by_its_token) \
	test(stop_token_of_nothing_sleeps_until_its_time)

#define STOP_TOKEN_TESTS(test) \
	test(stop_token_sleep_for_lasts_its_duration) \
	test(stop_token_sleep_until_lasts_to_its_deadline) \
	test(stop_token_sleep_of_nothing_returns) \
	test(stop_token_longest_sleep_is_no_short_one) \
	test(stop_token_wake_ends_a_sleep) \
	test(stop_token_park_ends_a_sleep) \
	test(stop_token_yield_parks_a_body_that_never_sleeps) \
	test(stop_token_waits_for_the_kernel_to_know_of_a_park) \
	test(stop_token_is_not_frozen_while_the_system_goes_on) \
	test(stop_token_freezable_thread_is_none_while_it_is_parked) \
	test(stop_token_wait_ends_when_woken_with_the_condition) \
	test(stop_token_wait_ends_when_its_queue_is_notified) \
	test(stop_token_wait_of_what_holds_does_not_sleep) \
	test(stop_token_wait_until_ends_at_its_deadline) \
	test(stop_token_stop_ends_a_wait) \
	test(stop_token_park_and_stop_reach_a_body_that_never_runs_out_of_work) \
	test(stop_token_wait_goes_on_after_park) \
	test(stop_token_wake_up_between_test_and_sleep_is_not_lost) \
	test(m05_stop_between_test_and_sleep_is_not_lost) \
	test(m05_stop_before_the_sleep_is_not_lost) \
	test(m06_stop_ends_a_sleep_at_once) \
	test(m07_every_sleep_is_idle) \
	test(m07_a_thread_can_wait_for_its_start_parked)

#define ERRNO_TESTS(test) \
	test(errno_of_a_success_is_0) \
	test(errno_of_a_failure_is_negative) \
	test(errno_without_a_name_passes_through)

#define CLOCK_TESTS(test) \
	test(clock_goes_on) \
	test(clock_deadline_is_never_before_its_start)

#define TICKER_TESTS(test) \
	test(ticker_beats_at_multiples_of_its_period) \
	test(ticker_counts_what_is_missed_and_skips_it) \
	test(ticker_takes_another_period_at_once) \
	test(ticker_misses_nothing_by_a_shorter_period) \
	test(ticker_beat_that_is_late_stays_late_in_another_period) \
	test(ticker_counts_a_longer_period_from_the_last_beat) \
	test(ticker_period_set_between_look_and_sleep_is_not_lost) \
	test(ticker_restart_after_a_pause_misses_nothing) \
	test(ticker_restart_also_counts_before_the_first_wait) \
	test(ticker_restart_before_all_time_counts_from_its_begin) \
	test(ticker_tells_how_late_a_beat_was) \
	test(ticker_of_a_start_that_never_comes_does_not_beat) \
	test(ticker_goes_on_sleeping_when_woken_early) \
	test(ticker_wait_ends_when_stopped)

#define JTHREAD_GROUP_TESTS(test) \
	test(jthread_group_begins_and_ends_as_one) \
	test(jthread_group_runs_a_function) \
	test(jthread_group_of_none_is_empty) \
	test(jthread_group_moves) \
	test(m06_group_stops_in_the_time_of_one) \
	test(m09_group_that_fails_at_one_leaves_none)

#define KERNEL_THREAD_TESTS(test) \
	test(kernel_thread_has_no_address_space) \
	test(kernel_thread_is_one_to_the_kernel) \
	test(kernel_thread_has_its_name_in_comm) \
	test(kernel_thread_runs_where_it_is_bound)

#define NO_MEMORY_TESTS(test) \
	test(no_memory_for_a_jthread) \
	test(no_memory_for_a_static_jthread) \
	test(no_memory_for_a_group) \
	test(no_memory_for_a_worker) \
	test(no_memory_for_percpu_threads) \
	test(no_memory_for_a_task) \
	test(no_memory_for_a_static_object)

#define TASK_TESTS(test) \
	test(task_gives_the_value_or_the_error) \
	test(task_is_lazy) \
	test(task_calls_deeply_without_stack) \
	test(task_moves_what_only_moves) \
	test(task_without_a_frame_is_enomem) \
	test(task_is_gone_when_it_was_awaited) \
	test(task_parameters_lie_in_each_other_up_to_a_depth) \
	test(task_of_endless_work_lets_others_run) \
	test(task_child_takes_a_frame_that_was_kept) \
	test(task_frames_are_kept_up_to_a_number) \
	test(task_in_storage_takes_nothing_else) \
	test(task_in_storage_leaves_it_to_the_next) \
	test(task_destroys_its_variables_in_order) \
	test(task_forms_are_translated_right)

#define EXECUTOR_TESTS(test) \
	test(event_wakes_its_task) \
	test(scope_joined_by_its_own_task_is_einval) \
	test(scope_wait_ends_although_a_task_joins) \
	test(event_is_remembered_once) \
	test(event_for_two_refuses_the_second) \
	test(event_wait_ends_at_its_deadline) \
	test(task_sleep_lasts_its_time) \
	test(co_ticker_beats_at_multiples_of_its_period) \
	test(scope_waits_for_all) \
	test(scope_stop_ends_all_waits) \
	test(scope_of_a_task_owns_its_children) \
	test(scope_of_a_task_is_stopped_with_it) \
	test(scope_of_a_task_that_was_not_joined_is_reported) \
	test(scope_that_its_own_task_ends_is_reported) \
	test(scope_join_of_another_executor_is_einval) \
	test(executor_runs_tasks_in_turn) \
	test(executor_that_goes_stops_its_tasks) \
	test(executor_that_is_empty_takes_no_task) \
	test(executor_parks_with_its_tasks) \
	test(executor_takes_posts_from_everywhere) \
	test(scope_spawns_many_with_one_wake_up) \
	test(scope_spawns_all_or_none) \
	test(executor_lets_others_run_while_it_stops_many) \
	test(executor_lets_others_run_while_many_are_looked_at)

#define TASK_WHEN_TESTS(test) \
	test(when_all_gives_each_result) \
	test(when_any_stops_the_others) \
	test(when_all_is_stopped_with_its_task) \
	test(within_ends_what_is_late) \
	test(within_very_many_limits_a_task_is_stopped)

#define TASK_WAITING_TESTS(test) \
	test(task_waits_for_a_semaphore) \
	test(task_and_thread_wait_for_the_same_semaphore) \
	test(task_waits_for_a_completion) \
	test(task_pushes_and_pops) \
	test(task_waits_on_a_queue_of_c_code) \
	test(task_and_thread_wait_on_the_same_queue)

#define TASK_WORK_TESTS(test) \
	test(task_calls_on_each_place) \
	test(task_gets_what_its_call_returns) \
	test(task_stop_reaches_the_token_of_its_call) \
	test(task_call_that_has_not_begun_does_not_come) \
	test(task_joins_a_thread) \
	test(task_joins_leave_the_pool_to_others) \
	test(task_calls_survive_stops)

#define INTERRUPT_EXECUTOR_TESTS(test) \
	test(interrupt_executor_beats_in_the_interrupt) \
	test(interrupt_executor_refuses_frames_on_the_heap) \
	test(interrupt_executor_allocates_nothing) \
	test(interrupt_executor_takes_posts_from_everywhere) \
	test(interrupt_executor_has_children_and_scopes) \
	test(interrupt_executor_waits_for_a_scope_that_was_not_joined) \
	test(interrupt_executor_lets_others_run) \
	test(interrupt_executors_that_answer_each_other_let_others_run) \
	test(interrupt_executor_goes_on_without_a_scope_that_its_task_ends) \
	test(interrupt_executor_that_goes_stops_its_tasks)

#define EXECUTOR_CPU_TESTS(test) \
	test(executor_of_a_cpu_leaves_and_comes_back_with_it)

#define TASK_VIEW_TESTS(test) \
	test(task_view_tells_what_each_waits_for) \
	test(task_view_of_what_is_stopped_or_gone) \
	test(task_tracer_is_told_of_each_step)

#define TASK_STRESS_TESTS(test) \
	test(scopes_that_were_not_joined_end_in_one_another) \
	test(tasks_survive_a_stop_at_once) \
	test(tasks_survive_a_stop_after_10_ms) \
	test(tasks_survive_a_stop_after_20_ms)

#define TIMER_WHEEL_TESTS(test) \
	test(timer_wheel_rounds_within_the_slack) \
	test(timer_wheel_expires_each_in_its_time) \
	test(timer_wheel_sleeps_until_the_first) \
	test(timer_wheel_expires_what_is_over_with_the_next_tick) \
	test(timer_wheel_survives_changes_while_it_expires) \
	test(timer_wheel_deals_out_a_part_at_a_time)

#define TASK_EXAMPLES_TESTS(test) \
	test(example_executor_blinks) \
	test(example_executor_state_refuses_what_comes_late) \
	test(example_task_reads_twice) \
	test(example_task_event_is_set_by_an_interrupt) \
	test(example_task_node_of_an_empty_group) \
	test(example_task_storage_settles) \
	test(example_task_frames_are_freed) \
	test(example_this_task_settles) \
	test(example_task_view_logs) \
	test(example_task_waiting_adds_two) \
	test(example_task_work_reads_slowly) \
	test(example_task_when_the_first_is_in_time) \
	test(example_waiter_table_notifies) \
	test(example_timer_wheel_arms)

#define STATIC_OBJECT_TESTS(test) \
	test(static_object_is_made_and_destroyed) \
	test(static_object_emplace_twice_is_ebusy) \
	test(static_object_reset_of_an_empty_one_does_nothing) \
	test(static_object_in_its_destructor_is_neither_made_nor_reset) \
	test(static_object_of_threads_and_items_ends_by_one_line) \
	test(static_object_whose_start_fails_is_destroyed_at_once) \
	test(static_object_of_a_part_that_failed_is_not_made) \
	test(static_object_holds_each_kind_of_thread) \
	test(static_object_serves_its_threads_while_it_starts_and_ends)

#define OWN_HANDLE_TESTS(test) \
	test(m25_body_stops_itself_by_its_token) \
	test(m25_body_knows_its_pid_by_its_token) \
	test(m25_static_jthread_run_stores_its_handle_before_the_body_runs) \
	test(m25_jthread_that_is_stored_before_its_wake_is_there_for_its_body)

#define PERCPU_THREADS_TESTS(test) \
	test(percpu_threads_run_on_their_cpus) \
	test(percpu_threads_run_when_woken_and_not_before) \
	test(percpu_threads_run_until_there_is_no_work) \
	test(percpu_threads_set_up_and_clean_up_once) \
	test(percpu_threads_need_only_two_functions) \
	test(percpu_threads_start_twice_is_ebusy) \
	test(percpu_threads_start_again_after_a_stop) \
	test(percpu_threads_start_by_a_killed_caller_is_eintr) \
	test(percpu_threads_stop_by_one_of_them_is_edeadlk) \
	test(percpu_threads_destructor_leaves_none) \
	test(percpu_threads_destructor_by_one_of_them_is_reported_and_leaves_them) \
	test(percpu_threads_wake_of_none_is_false) \
	test(percpu_threads_park_while_their_cpu_is_offline) \
	test(percpu_threads_unpark_without_a_park) \
	test(percpu_threads_stop_while_a_cpu_is_offline) \
	test(percpu_threads_start_while_a_cpu_is_offline)

#define WORKER_TESTS(test) \
	test(worker_runs_items_in_order) \
	test(worker_runs_items_in_its_thread) \
	test(worker_sleeps_in_between) \
	test(worker_flush_waits_for_all_that_was_queued) \
	test(worker_flush_does_not_wait_for_what_comes_later) \
	test(worker_flush_of_an_idle_worker_returns) \
	test(worker_flush_from_an_item_is_edeadlk) \
	test(worker_empty_queues_nothing) \
	test(worker_moves) \
	test(worker_created_is_started_by_an_item) \
	test(worker_create_by_a_killed_caller_is_eintr) \
	test(worker_freezable_runs_items) \
	test(worker_destructor_runs_what_is_pending) \
	test(worker_parks_between_items) \
	test(worker_parks_after_the_end_of_an_item_is_known) \
	test(worker_counts_items_of_many_producers) \
	test(worker_counts_items_queued_and_cancelled_at_once) \
	test(work_calls_what_can_be_called) \
	test(work_pending_is_not_queued_again) \
	test(work_queued_while_it_runs_runs_again) \
	test(work_queues_itself_until_cancelled) \
	test(work_cancel_of_a_pending_item_waits_for_no_other) \
	test(work_cancel_waits_while_it_runs) \
	test(work_being_cancelled_cannot_be_queued) \
	test(work_cancels_itself) \
	test(work_cancels_and_queues_others) \
	test(work_destructor_cancels) \
	test(work_can_destroy_itself) \
	test(work_in_the_place_of_one_that_destroyed_itself_is_another) \
	test(work_flush_waits_for_this_item_only) \
	test(work_outlives_its_worker) \
	test(work_can_be_queued_in_an_interrupt) \
	test(delayed_work_does_not_run_before_its_time) \
	test(delayed_work_pending_is_not_queued_again) \
	test(delayed_work_queues_itself) \
	test(delayed_work_mod_changes_the_time) \
	test(delayed_work_mod_takes_it_out_of_the_queue) \
	test(delayed_work_cancel_stops_the_timer) \
	test(delayed_work_flush_runs_it_at_once) \
	test(delayed_work_mod_and_cancel_meet_the_timer)

#define WORKQUEUE_TESTS(test) \
	test(workqueue_runs_items_of_each_pool) \
	test(workqueue_pending_item_is_not_queued_again) \
	test(workqueue_in_order_runs_one_item_at_a_time) \
	test(workqueue_item_queues_itself_until_cancelled) \
	test(workqueue_cancel_waits_while_it_runs) \
	test(workqueue_cancel_of_a_pending_item_waits_for_no_other) \
	test(workqueue_item_being_cancelled_cannot_be_queued) \
	test(workqueue_item_cancels_and_flushes_itself) \
	test(workqueue_item_waits_for_its_time) \
	test(workqueue_destructor_runs_what_is_queued) \
	test(workqueue_timer_that_expires_later_runs_nothing) \
	test(workqueue_item_destroys_itself) \
	test(workqueue_item_can_be_queued_in_an_interrupt) \
	test(workqueue_spawn_runs_once_and_frees_itself) \
	test(workqueue_item_in_the_last_of_a_workqueue_frees_it) \
	test(workqueue_moves)

#define WORK_FORMS_TESTS(test) \
	test(work_for_calls_a_member) \
	test(work_takes_any_small_callable) \
	test(work_lies_in_static_storage) \
	test(work_sees_a_stop) \
	test(worker_spawn_runs_once_and_frees_itself)

#define WORKER_RACES_TESTS(test) \
	test(worker_flush_from_an_item_never_waits_for_its_own_worker) \
	test(m14_worker_bind_after_the_first_queue_is_ebusy) \
	test(m14_bind_meets_a_start_in_any_order) \
	test(work_flush_ends_without_a_run_that_mod_took_away) \
	test(work_owners_wait_where_the_hung_task_detector_looks) \
	test(delayed_work_is_changed_in_an_interrupt) \
	test(delayed_work_mod_meets_its_timer)

#define THIS_THREAD_TESTS(test) \
	test(m24_a_body_can_sleep_after_its_stop) \
	test(this_thread_sleep_ends_by_no_wake_up) \
	test(this_thread_sleeps_in_an_item) \
	test(this_thread_tells_its_id) \
	test(this_thread_sleeps_in_any_thread) \
	test(this_thread_sleeps_in_a_thread_of_a_cpu) \
	test(sleeps_with_slack_last_at_least_their_time)

#define NUMBERS_TESTS(test) \
	test(m22_node_that_is_not_online_is_einval) \
	test(m23_ticker_takes_no_period_of_nothing_or_less) \
	test(m23_ticker_of_the_longest_period_sleeps) \
	test(numbers_longest_sleep_is_no_short_one) \
	test(numbers_sleep_of_nothing_or_less_is_over) \
	test(numbers_item_of_the_longest_delay_stays_pending) \
	test(numbers_item_of_no_delay_is_queued_at_once) \
	test(numbers_group_of_too_many_is_enomem) \
	test(numbers_list_of_cpus_that_is_none_is_einval) \
	test(numbers_nice_out_of_range_is_einval)

#define CXXRT_NEW_TESTS(test) \
	test(new_aligns_any_size_by_default) \
	test(new_aligns_over_aligned_types) \
	test(new_aligns_any_size_to_any_alignment) \
	test(new_of_impossible_sizes_is_null) \
	test(new_array_whose_size_overflows_is_null) \
	test(new_of_zero_bytes_is_unique) \
	test(new_takes_each_gfp) \
	test(new_array_makes_and_destroys_each_element) \
	test(new_object_is_deleted_through_its_base) \
	test(new_in_a_place_takes_no_memory) \
	test(new_delete_takes_what_any_new_gave) \
	test(new_delete_of_null_does_nothing)

#define CXXRT_MEMORY_TESTS(test) \
	test(memory_unique_ptr_deletes_once) \
	test(memory_unique_ptr_of_null_deletes_nothing) \
	test(memory_unique_ptr_moves_the_object) \
	test(memory_unique_ptr_assignment_deletes_the_old_object) \
	test(memory_unique_ptr_survives_a_move_to_itself) \
	test(memory_unique_ptr_releases_without_deleting) \
	test(memory_unique_ptr_assigned_null_deletes) \
	test(memory_unique_ptr_reset_holds_the_new_object_before_it_deletes) \
	test(memory_unique_ptr_to_a_base_deletes_the_derived) \
	test(memory_unique_ptr_calls_a_function_as_deleter) \
	test(memory_unique_ptr_moves_the_deleter) \
	test(memory_unique_ptr_destroys_an_array_from_its_end) \
	test(memory_unique_ptr_gives_an_array_to_the_deleter) \
	test(memory_make_unique_forwards) \
	test(memory_make_unique_zeroes) \
	test(memory_construct_at_and_destroy_at_match) \
	test(memory_addressof_ignores_the_operator)

#define CXXRT_EXPECTED_TESTS(test) \
	test(expected_holds_a_value) \
	test(expected_holds_an_error) \
	test(expected_default_is_a_default_value) \
	test(expected_of_bool_tells_false_from_failed) \
	test(expected_tells_value_from_error_of_the_same_type) \
	test(expected_converts_the_error) \
	test(expected_moves_the_value_out) \
	test(expected_moves_the_error_out) \
	test(expected_moves_as_a_whole) \
	test(expected_value_or_gives_the_value_or_the_other) \
	test(expected_constructs_in_place_and_destroys_once) \
	test(expected_void_success_makes_no_error) \
	test(expected_copies_and_moves_once) \
	test(expected_assigns_value_to_value) \
	test(expected_assigns_error_to_error) \
	test(expected_assigns_error_to_value) \
	test(expected_assigns_value_to_error) \
	test(expected_void_assigns_both_ways) \
	test(expected_assigns_itself) \
	test(expected_assigns_without_destroying_the_old_value)

#define CXXRT_SPAN_TESTS(test) \
	test(span_writes_through) \
	test(span_of_pointer_and_count) \
	test(span_iterates_in_order) \
	test(span_to_const_sees_the_same) \
	test(span_first_and_last) \
	test(span_subspan) \
	test(span_is_deduced)

#define CXXRT_CHRONO_TESTS(test) \
	test(chrono_casts_truncate_towards_zero) \
	test(chrono_casts_between_units_that_do_not_divide) \
	test(chrono_converts_without_loss) \
	test(chrono_adds_in_the_finer_unit) \
	test(chrono_multiplies_and_divides) \
	test(chrono_computes_the_same_at_run_time) \
	test(chrono_zero_is_nothing)

#define CXXRT_ATOMIC_TESTS(test) \
	test(atomic_holds_each_size) \
	test(atomic_holds_bool_enum_and_pointer) \
	test(atomic_changes_only_its_own_bytes) \
	test(atomic_holds_a_small_struct) \
	test(atomic_is_initialised_by_the_compiler) \
	test(atomic_counts) \
	test(atomic_wraps) \
	test(atomic_sets_and_clears_bits) \
	test(atomic_compares_and_exchanges_weakly_in_a_loop)

#define CXXRT_UTILITY_TESTS(test) \
	test(utility_exchange_gives_the_old_value) \
	test(utility_exchange_takes_braces) \
	test(utility_swap_swaps) \
	test(utility_swap_with_itself_keeps_the_value)

#define CXXRT_BIT_TESTS(test) \
	test(bit_width_of_each_power_of_two)

#define CXXRT_OPTIONAL_TESTS(test) \
	test(optional_destroys_what_it_holds) \
	test(optional_swaps_a_value_with_none) \
	test(optional_value_or_gives_the_other)

#define CXXRT_ALGORITHM_TESTS(test) \
	test(algorithm_sorts_each_size) \
	test(algorithm_finds_what_is_sorted) \
	test(algorithm_rotates_and_removes)

#define CXXRT_FUNCTIONAL_TESTS(test) \
	test(functional_keeps_what_only_moves) \
	test(tuple_ties_and_takes_apart)

#define EXAMPLES_TESTS(test) \
	test(example_clock_compares_times) \
	test(example_context_may_sleep) \
	test(example_errno_returns_a_value_or_an_error) \
	test(example_jthread_counts_until_it_goes) \
	test(example_jthread_group_starts_all) \
	test(example_locking_guards_a_member) \
	test(example_opaque_thread_beats) \
	test(example_percpu_threads_count_rounds) \
	test(example_static_object_blinks) \
	test(example_shared_wait_queue_drains) \
	test(example_signal_is_counted) \
	test(example_stop_callback_shuts_down) \
	test(example_stop_source_stops_the_children) \
	test(example_stop_state_tells_a_request) \
	test(example_stop_token_consumes_items) \
	test(example_this_thread_drains) \
	test(example_thread_body_is_called) \
	test(example_thread_state_tells_the_end) \
	test(example_ticker_samples) \
	test(example_timer_switches_off) \
	test(example_worker_blinks_twice) \
	test(example_work_sends) \
	test(example_workqueue_sums) \
	test(example_callable_is_erased)

#define LOCK_EXAMPLES_TESTS(test) \
	test(example_channel_passes_values_in_order) \
	test(example_completion_gives_the_status) \
	test(example_condition_variable_empties_a_mailbox) \
	test(example_guarded_counts) \
	test(example_intrusive_list_takes_a_request) \
	test(example_kernel_object_is_of_the_kernels_size) \
	test(example_latch_opens) \
	test(example_mutex_counts_users) \
	test(example_rcu_shows_the_last_settings) \
	test(example_ring_counts_what_it_loses) \
	test(example_semaphore_limits_transfers) \
	test(example_spinlock_guards_bits) \
	test(example_thread_safety_names_a_lock) \
	test(example_waiting_finishes)

#define KERNEL_WORDS_TESTS(test) \
	test(vector_grows_and_keeps_its_elements) \
	test(vector_that_cannot_grow_is_enomem) \
	test(vector_takes_an_element_of_its_own) \
	test(vector_leaves_what_it_has_no_room_for) \
	test(refcounted_is_deleted_with_the_last_reference) \
	test(try_returns_the_error) \
	test(examples_of_the_kernel_words) \
	test(atomic_wait_ends_when_the_value_is_another) \
	test(function_keeps_a_large_callable) \
	test(print_and_warn_on_of_nothing_are_quiet)

/* What the standard describes: hosted.cc runs these with the host's library too. */
#define STANDARD_SUITES(suite) \
	suite(cxxrt_memory, CXXRT_MEMORY_TESTS) \
	suite(cxxrt_expected, CXXRT_EXPECTED_TESTS) \
	suite(cxxrt_span, CXXRT_SPAN_TESTS) \
	suite(cxxrt_chrono, CXXRT_CHRONO_TESTS) \
	suite(cxxrt_atomic, CXXRT_ATOMIC_TESTS) \
	suite(cxxrt_utility, CXXRT_UTILITY_TESTS) \
	suite(cxxrt_bit, CXXRT_BIT_TESTS) \
	suite(cxxrt_optional, CXXRT_OPTIONAL_TESTS) \
	suite(cxxrt_algorithm, CXXRT_ALGORITHM_TESTS) \
	suite(cxxrt_functional, CXXRT_FUNCTIONAL_TESTS)

#define MUTEX_TESTS(test) \
	test(mutex_is_initial_as_in_c) \
	test(mutex_excludes_others) \
	test(mutex_is_held_by_each_guard) \
	test(mutex_scoped_lock_waits_for_whichever_is_held) \
	test(mutex_unique_lock_moves) \
	test(mutex_of_the_same_class_nests_by_a_subclass) \
	test(mutex_wait_ends_by_a_signal) \
	test(shared_mutex_lets_readers_in_together)

#define SPINLOCK_TESTS(test) \
	test(spinlock_is_initial_as_in_c) \
	test(spinlock_guards_say_what_is_off) \
	test(spinlock_excludes_others) \
	test(spinlock_of_the_same_class_nests_by_a_subclass) \
	test(raw_spinlock_is_for_hard_interrupts)

#define GUARDED_TESTS(test) \
	test(guarded_is_locked_while_it_is_touched) \
	test(guarded_takes_each_kind_of_lock) \
	test(guarded_can_be_waited_for)

#define COMPLETION_TESTS(test) \
	test(completion_is_initial_as_in_c) \
	test(completion_counts) \
	test(completion_ends_each_kind_of_wait) \
	test(completion_wait_ends_at_its_deadline) \
	test(completion_wait_ends_by_a_stop_if_it_may) \
	test(completion_wait_of_a_stopped_body_takes_nothing) \
	test(completion_wait_ends_by_a_signal_if_it_may) \
	test(completion_word_of_a_parked_waiter_goes_to_another) \
	test(completion_is_for_hard_interrupts)

#define CONDITION_VARIABLE_TESTS(test) \
	test(condition_variable_is_initial_as_in_c) \
	test(condition_variable_takes_each_lock) \
	test(condition_variable_may_have_the_name_of_its_lock) \
	test(condition_variable_wait_ends_by_each_end) \
	test(condition_variable_notify_all_wakes_all) \
	test(condition_variable_word_of_one_that_leaves_goes_to_another) \
	test(condition_variable_condition_may_sleep) \
	test(condition_variable_is_for_hard_interrupts)

#define SEMAPHORE_TESTS(test) \
	test(semaphore_counts) \
	test(semaphore_wakes_as_many_as_there_are_units) \
	test(semaphore_is_for_hard_interrupts)

#define LATCH_TESTS(test) \
	test(latch_opens_for_all) \
	test(latch_that_is_counted_too_far_is_open) \
	test(latch_is_for_hard_interrupts)

#define RING_TESTS(test) \
	test(ring_keeps_the_order) \
	test(ring_destroys_what_it_holds) \
	test(ring_needs_no_lock_for_one_on_each_side)

#define CHANNEL_TESTS(test) \
	test(channel_hands_over_each_value_once) \
	test(channel_waits_end_by_each_end) \
	test(channel_moves_what_only_moves) \
	test(channel_is_for_hard_interrupts)

#define INTRUSIVE_LIST_TESTS(test) \
	test(intrusive_list_keeps_the_order) \
	test(intrusive_list_is_filled_by_interrupts)

#define RCU_TESTS(test) \
	test(rcu_readers_see_the_old_or_the_new)

#define ALL_SUITES(suite) \
	suite(jthread, JTHREAD_TESTS) \
	suite(stop_token, STOP_TOKEN_TESTS) \
	suite(stop_callback, STOP_CALLBACK_TESTS) \
	suite(native, NATIVE_TESTS) \
	suite(timer, TIMER_TESTS) \
	suite(errno_values, ERRNO_TESTS) \
	suite(clock, CLOCK_TESTS) \
	suite(ticker, TICKER_TESTS) \
	suite(jthread_group, JTHREAD_GROUP_TESTS) \
	suite(worker, WORKER_TESTS) \
	suite(worker_races, WORKER_RACES_TESTS) \
	suite(workqueue, WORKQUEUE_TESTS) \
	suite(work_forms, WORK_FORMS_TESTS) \
	suite(this_thread, THIS_THREAD_TESTS) \
	suite(numbers, NUMBERS_TESTS) \
	suite(kernel_thread, KERNEL_THREAD_TESTS) \
	suite(percpu_threads, PERCPU_THREADS_TESTS) \
	suite(static_object, STATIC_OBJECT_TESTS) \
	suite(own_handle, OWN_HANDLE_TESTS) \
	suite(task, TASK_TESTS) \
	suite(executor, EXECUTOR_TESTS) \
	suite(interrupt_executor, INTERRUPT_EXECUTOR_TESTS) \
	suite(task_when, TASK_WHEN_TESTS) \
	suite(task_waiting, TASK_WAITING_TESTS) \
	suite(task_work, TASK_WORK_TESTS) \
	suite(executor_cpu, EXECUTOR_CPU_TESTS) \
	suite(task_view, TASK_VIEW_TESTS) \
	suite(task_stress, TASK_STRESS_TESTS) \
	suite(timer_wheel, TIMER_WHEEL_TESTS) \
	suite(task_examples, TASK_EXAMPLES_TESTS) \
	suite(no_memory, NO_MEMORY_TESTS) \
	suite(examples, EXAMPLES_TESTS) \
	suite(lock_examples, LOCK_EXAMPLES_TESTS) \
	suite(cxxrt_new, CXXRT_NEW_TESTS) \
	suite(kernel_words, KERNEL_WORDS_TESTS) \
	suite(mutex, MUTEX_TESTS) \
	suite(spinlock, SPINLOCK_TESTS) \
	suite(guarded, GUARDED_TESTS) \
	suite(completion, COMPLETION_TESTS) \
	suite(condition_variable, CONDITION_VARIABLE_TESTS) \
	suite(semaphore, SEMAPHORE_TESTS) \
	suite(latch, LATCH_TESTS) \
	suite(ring, RING_TESTS) \
	suite(channel, CHANNEL_TESTS) \
	suite(intrusive_list, INTRUSIVE_LIST_TESTS) \
	suite(rcu, RCU_TESTS) \
	STANDARD_SUITES(suite)
/* clang-format on */

struct kunit;

#ifdef __cplusplus
extern "C" {
#endif

#define DECLARE_TEST(name) void name(struct kunit *test);
#define DECLARE_SUITE(name, tests) tests(DECLARE_TEST)
ALL_SUITES(DECLARE_SUITE)

#ifdef __cplusplus
}
#endif

#endif
