// SPDX-License-Identifier: GPL-2.0
//
// The list of task_forms_test.cc.
#pragma once

#include "kthread/task.hpp"

// How many objects of the forms there are: none when all frames are gone.
extern int forms_living;

/* clang-format off */
#define TASK_FORMS(form) \
	form(form_result_then_if) \
	form(form_if_with_a_declaration) \
	form(form_if_with_an_initializer) \
	form(form_ternary_branches) \
	form(form_if_with_a_declaration_and_a_variable_before) \
	form(form_else_if) \
	form(form_switch_with_an_initializer) \
	form(form_switch_of_a_result) \
	form(form_while_with_a_declaration) \
	form(form_do_while) \
	form(form_for_with_an_await_in_its_initializer) \
	form(form_for_ever) \
	form(form_for_of_a_range) \
	form(form_for_of_a_range_by_value) \
	form(form_nested_loops) \
	form(form_argument) \
	form(form_argument_of_an_await) \
	form(form_members) \
	form(form_discarded) \
	form(form_returned) \
	form(form_structured_binding) \
	form(form_task_in_a_variable) \
	form(form_temporaries_as_arguments) \
	form(form_parameters_of_each_kind) \
	form(form_parameter_that_is_moved) \
	form(form_reference_to_a_temporary) \
	form(form_scopes) \
	form(form_shadowing) \
	form(form_early_returns) \
	form(form_large_array) \
	form(form_member) \
	form(form_static_member) \
	form(form_template) \
	form(form_lambda_without_captures) \
	form(form_lambda_that_is_called) \
	form(form_recursion) \
	form(form_without_an_await) \
	form(form_in_storage) \
	form(form_of_void)
/* clang-format on */

#define DECLARE_FORM(name) kthread::task<int> name();
TASK_FORMS(DECLARE_FORM)
#undef DECLARE_FORM
