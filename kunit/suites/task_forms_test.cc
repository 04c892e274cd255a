// SPDX-License-Identifier: GPL-2.0
//
// The forms in which a coroutine can be written, each as a task that gives 7 if the compiler has translated it right.
// KUnit runs them on an executor, and kunit/host/coroutines/check by each compiler that is installed, destroyed at each
// of their suspensions too. The file has more than 500 lines, because it is a list of forms.
#include "kthread/task.hpp"
#include "kthread/this_task.hpp"

#include "task_forms.hpp"

using kthread::errno_t;
using kthread::result;
using kthread::task;
namespace this_task = kthread::this_task;

int forms_living;

namespace
{
// Says when it goes, and is not what it was after that.
class thing
{
public:
	explicit thing(int value) : value_(value) { ++forms_living; }
	thing(const thing &other) : value_(other.value_) { ++forms_living; }
	thing(thing &&other) noexcept : value_(other.value_)
	{
		other.value_ = -1000;
		++forms_living;
	}
	thing &operator=(const thing &) = default;
	~thing()
	{
		value_ = -2000;
		--forms_living;
	}
	[[nodiscard]] int get() const { return value_; }

private:
	int value_;
};

struct pair {
	int first, second;
};

task<int> give(int value)
{
	const thing kept(value);
	auto yielded = co_await this_task::yield();

	co_return yielded ? kept.get() : -100;
}

// Succeeds so many times.
task<void> count_down(int &left)
{
	auto yielded = co_await this_task::yield();

	if (!yielded || !left)
		co_return std::unexpected(errno_t::EIO);
	--left;
	co_return {};
}

task<pair> give_pair(int first, int second)
{
	auto yielded = co_await this_task::yield();

	if (!yielded)
		co_return std::unexpected(yielded.error());
	co_return pair{first, second};
}

task<int> value_of(thing by_value, const thing &by_reference, thing &&by_rvalue)
{
	auto yielded = co_await this_task::yield();

	co_return yielded ? by_value.get() * 100 + by_reference.get() * 10 + by_rvalue.get() : -1;
}

int add(int a, int b)
{
	return a + b;
}
} // namespace

// Conditions.
task<int> form_result_then_if()
{
	auto r = co_await give(7);

	if (!r)
		co_return -1;
	co_return *r;
}
task<int> form_if_with_a_declaration()
{
	if (auto r = co_await give(7))
		co_return *r;
	co_return 1;
}
task<int> form_if_with_an_initializer()
{
	if (auto r = co_await give(7); !r)
		co_return 1;
	else
		co_return *r;
}
task<int> form_ternary_branches()
{
	int sum = 0;

	for (int i = 0; i < 2; ++i) {
		auto r = i ? co_await give(3) : co_await give(4);

		sum += r.value_or(-50);
	}
	co_return sum;
}
task<int> form_if_with_a_declaration_and_a_variable_before()
{
	const thing before(3);

	if (auto r = co_await give(4))
		co_return *r + before.get();
	co_return 1;
}
static task<int> form_else_if_with_declarations(int which)
{
	int one = which == 1, two = which == 2;

	if (auto r = co_await count_down(one); r)
		co_return 1;
	else if (auto second = co_await count_down(two); second)
		co_return 7;
	co_return 3;
}
task<int> form_else_if()
{
	auto r = co_await form_else_if_with_declarations(2);

	co_return r;
}
task<int> form_switch_with_an_initializer()
{
	switch (auto r = co_await give(2); r.value_or(0)) {
	case 2: {
		auto s = co_await give(5);
		co_return *s + *r;
	}
	default:
		co_return 3;
	}
}
task<int> form_switch_of_a_result()
{
	auto r = co_await give(2);

	switch (r.value_or(0)) {
	case 1:
		co_return 1;
	case 2: {
		auto s = co_await give(5);
		co_return *s + *r;
	}
	default:
		co_return 3;
	}
}

// Loops.
task<int> form_while_with_a_declaration()
{
	int sum = 0;

	while (auto r = co_await give(sum + 1)) {
		sum = *r;
		if (sum == 7)
			break;
	}
	co_return sum;
}
task<int> form_do_while()
{
	int left = 6, sum = 0;
	bool more;

	do {
		auto r = co_await count_down(left);

		more = r.has_value();
		++sum;
	} while (more);
	co_return sum;
}
task<int> form_for_with_an_await_in_its_initializer()
{
	int sum = 0;

	for (auto r = co_await give(2); sum < 6; sum += *r) {
		auto one = co_await give(1);

		if (!one)
			co_return -1;
	}
	co_return sum + 1;
}
task<int> form_for_ever()
{
	int sum = 0;

	for (;;) {
		const thing each(sum);
		auto r = co_await give(1);

		if (!r)
			co_return -1;
		if (sum == 7)
			break;
		if (sum % 2) {
			sum += *r;
			continue;
		}
		sum += each.get() >= 0 ? 1 : 100;
	}
	co_return sum;
}
task<int> form_for_of_a_range()
{
	const thing all[] = {thing(1), thing(2), thing(4)};
	int sum = 0;

	for (const thing &one : all) {
		auto r = co_await give(one.get());

		sum += r.value_or(-50);
	}
	co_return sum;
}
task<int> form_for_of_a_range_by_value()
{
	thing all[] = {thing(1), thing(2), thing(4)};
	int sum = 0;

	for (thing one : all) {
		auto r = co_await give(10);

		one = thing(one.get() + *r - 10);
		sum += one.get();
	}
	co_return all[2].get() == 4 ? sum : 1;
}
task<int> form_nested_loops()
{
	int sum = 0;

	for (int i = 0; i < 3; ++i) {
		const thing outer(i);

		for (int j = 0; j < 3; ++j) {
			const thing inner(j);
			auto r = co_await give(i * j);

			if (j > i)
				break;
			sum += *r + (outer.get() == i && inner.get() == j ? 0 : 100);
		}
	}
	co_return sum; // 1 + 2 + 4
}

// Expressions.
task<int> form_argument()
{
	auto three = co_await give(3);
	auto four = co_await give(4);

	co_return add(*three, *four);
}
task<int> form_argument_of_an_await()
{
	auto first = co_await give(7);
	auto second = co_await give(*first);
	auto third = co_await give(*second);

	co_return third;
}
task<int> form_members()
{
	auto p = co_await give_pair(3, 4);
	auto yielded = co_await this_task::yield();

	co_return yielded ? p->first + p->second : -1;
}
task<int> form_discarded()
{
	(void)co_await give(1);
	co_return 7;
}
task<int> form_returned()
{
	co_return co_await give(7);
}
task<int> form_structured_binding()
{
	auto r = co_await give_pair(3, 4);
	auto [first, second] = *r;
	auto yielded = co_await this_task::yield();

	co_return yielded ? first + second : -1;
}
task<int> form_task_in_a_variable()
{
	auto first = give(3), second = give(4);
	auto b = co_await std::move(second);
	auto a = co_await std::move(first);

	co_return *a + *b;
}

// Lifetimes.
task<int> form_temporaries_as_arguments()
{
	auto r = co_await value_of(thing(0), thing(0), thing(7));

	co_return r;
}
static task<int> form_parameters(thing by_value, thing &by_reference, const int number)
{
	auto first = co_await give(by_value.get());
	auto second = co_await give(by_reference.get());

	co_return *first + *second + number;
}
task<int> form_parameters_of_each_kind()
{
	thing two(2);
	auto r = co_await form_parameters(thing(1), two, 4);

	co_return r;
}
task<int> form_parameter_that_is_moved()
{
	thing seven(7);
	auto r = co_await value_of(std::move(seven), thing(0), thing(0));

	co_return seven.get() == -1000 ? *r / 100 : 1;
}
task<int> form_reference_to_a_temporary()
{
	const thing &extended = thing(7);
	auto yielded = co_await this_task::yield();

	co_return yielded ? extended.get() : -1;
}
task<int> form_scopes()
{
	int sum = 0;

	{
		const thing one(3);
		auto r = co_await give(0);

		sum += one.get() + *r;
	}
	{
		const thing one(4);
		auto r = co_await give(0);

		sum += one.get() + *r;
	}
	co_return sum;
}
task<int> form_shadowing()
{
	const int a = 3;
	int sum = 0;

	{
		const int a = 4;
		auto r = co_await give(a);

		sum += *r;
	}
	auto r = co_await give(a);

	co_return sum + *r;
}
static task<int> returns_early(int when)
{
	const thing first(1);

	if (when == 0)
		co_return 1;
	for (int i = 0;; ++i) {
		const thing second(i);
		auto r = co_await give(i);

		if (*r == when)
			co_return second.get() + first.get();
	}
}
task<int> form_early_returns()
{
	auto zero = co_await returns_early(0);
	auto one = co_await returns_early(1);
	auto three = co_await returns_early(3);

	co_return *zero + *one + *three;
}
task<int> form_large_array()
{
	int many[64];

	for (int i = 0; i < 64; ++i)
		many[i] = i;
	auto yielded = co_await this_task::yield();
	int sum = 0;

	for (int i = 0; i < 64; ++i)
		sum += many[i];
	co_return yielded &&sum == 2016 ? 7 : 1;
}

// Functions.
struct object {
	int value;
	task<int> member(int more) const
	{
		auto r = co_await give(value);

		co_return *r + more;
	}
	static task<int> of_the_class(int n)
	{
		auto r = co_await give(n);

		co_return r;
	}
};
task<int> form_member()
{
	const object five{5};
	auto r = co_await five.member(2);

	co_return r;
}
task<int> form_static_member()
{
	auto r = co_await object::of_the_class(7);

	co_return r;
}
template <class T>
static task<T> generic(T value)
{
	auto r = co_await give(static_cast<int>(value));

	co_return static_cast<T>(*r);
}
task<int> form_template()
{
	auto r = co_await generic(7l);

	co_return static_cast<int>(*r);
}
task<int> form_lambda_without_captures()
{
	const auto twice = [](int n) -> task<int> {
		auto r = co_await give(n);

		co_return *r * 2 + 1;
	};
	auto r = co_await twice(3);

	co_return r;
}
task<int> form_lambda_that_is_called()
{
	int sum = 0;
	const auto adds = [&sum](int n) { sum += n; };

	for (int i = 1; i <= 4; i *= 2) {
		auto r = co_await give(i);

		adds(*r);
	}
	co_return sum;
}
static task<int> recursive(int n)
{
	if (!n)
		co_return 0;
	auto r = co_await recursive(n - 1);

	co_return *r + 1;
}
task<int> form_recursion()
{
	auto r = co_await recursive(7);

	co_return r;
}
static constinit kthread::task_storage<320> room, room_of_a_member;
static task<int> in_storage(kthread::task_storage<320> &, int n)
{
	const thing kept(n);
	auto r = co_await give(1);

	co_return *r + kept.get();
}
struct stored {
	int value;
	task<int> member(int n, kthread::task_storage<320> &)
	{
		auto r = co_await give(n);

		co_return *r + value;
	}
};
task<int> form_in_storage()
{
	stored two{2};
	const auto lambda = [](kthread::task_storage<320> &) -> task<int> { co_return 3; };
	auto r = co_await in_storage(room, 0);
	auto of_member = co_await two.member(-1, room_of_a_member);
	auto of_lambda = co_await lambda(room);
	auto again = co_await in_storage(room, 1);

	co_return *r + *of_member + *of_lambda + *again;
}
task<int> form_without_an_await()
{
	co_return 7;
}
static task<void> gives_nothing(int &to)
{
	auto yielded = co_await this_task::yield();

	to = yielded ? 7 : 1;
	co_return {};
}
task<int> form_of_void()
{
	int value = 0;
	auto done = co_await gives_nothing(value);

	co_return done ? value : 2;
}
