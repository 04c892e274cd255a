/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every test there is, by suite. kunit_bridge.c makes KUnit's tables of it. For C++ it declares the
 * tests, so that one which is in no list does not compile, and one only in a list does not link.
 */
#ifndef KTHREADXX_SUITES_H
#define KTHREADXX_SUITES_H

/* clang-format off */
#define JTHREAD_TESTS(test) \
	test(jthread_create_does_not_run_before_wake) \
	test(jthread_run_calls_the_body_with_its_captures) \
	test(jthread_runs_functions_and_move_only_callables) \
	test(jthread_stop_gives_the_result_every_time) \
	test(jthread_stop_gives_the_result_of_a_body_that_returned) \
	test(jthread_stop_before_the_first_run_is_eintr) \
	test(jthread_request_stop_before_the_first_run_is_eintr) \
	test(jthread_stop_of_itself_is_edeadlk) \
	test(jthread_stopped_from_two_contexts_gives_both_the_result) \
	test(jthread_destructor_stops_and_joins) \
	test(jthread_destroys_the_body_once_in_every_order) \
	test(jthread_moves) \
	test(jthread_empty_has_no_thread) \
	test(jthread_create_without_memory_is_enomem) \
	test(jthread_create_by_a_killed_caller_is_eintr) \
	test(jthread_name_is_no_format) \
	test(jthread_name_can_be_formatted) \
	test(jthread_name_is_cut_by_the_kernel)

#define STOP_TOKEN_TESTS(test) \
	test(stop_token_sleep_lasts_its_duration) \
	test(stop_token_sleep_of_nothing_returns) \
	test(stop_token_sleep_is_idle) \
	test(stop_token_stop_ends_a_sleep_at_once) \
	test(stop_token_stop_before_the_sleep_is_not_lost)
/* clang-format on */

#define ALL_SUITES(suite) suite(jthread, JTHREAD_TESTS) suite(stop_token, STOP_TOKEN_TESTS)

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
