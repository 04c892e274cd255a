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

/* What the standard describes: hosted.cc runs these with the host's library too. */
#define STANDARD_SUITES(suite) \
	suite(cxxrt_memory, CXXRT_MEMORY_TESTS) \
	suite(cxxrt_expected, CXXRT_EXPECTED_TESTS) \
	suite(cxxrt_span, CXXRT_SPAN_TESTS) \
	suite(cxxrt_chrono, CXXRT_CHRONO_TESTS) \
	suite(cxxrt_atomic, CXXRT_ATOMIC_TESTS) \
	suite(cxxrt_utility, CXXRT_UTILITY_TESTS)

#define ALL_SUITES(suite) \
	suite(jthread, JTHREAD_TESTS) \
	suite(stop_token, STOP_TOKEN_TESTS) \
	suite(cxxrt_new, CXXRT_NEW_TESTS) \
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
