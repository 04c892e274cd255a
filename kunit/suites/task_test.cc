// SPDX-License-Identifier: GPL-2.0
#include "task_fixture.hpp"
#include "task_forms.hpp"

namespace
{
task<int> add(int a, int b)
{
	co_return a + b;
}

task<int> fails(errno_t error)
{
	co_return std::unexpected(error);
}

task<int> sums(int depth)
{
	int sum = depth;

	if (depth) {
		auto below = co_await sums(depth - 1);

		if (!below)
			co_return below;
		sum += *below;
	}
	co_return sum;
}

task<int> adds_or_fails()
{
	auto sum = co_await add(1, 2);
	auto error = co_await fails(errno_t::EIO);

	if (!sum || *sum != 3)
		co_return 1;
	if (error || error.error() != errno_t::EIO)
		co_return 2;
	co_return error;
}

task<int> sets_and_returns(std::atomic<int> &runs)
{
	++runs;
	co_return 7;
}

// Moves a value that only moves, through parameter, child and result.
task<std::unique_ptr<int>> passes(std::unique_ptr<int> value)
{
	co_return std::move(value);
}
task<int> moves()
{
	std::unique_ptr<int> made(new (std::nothrow) int(5));
	auto back = co_await passes(std::move(made));

	if (!back || !*back || made)
		co_return -1;
	co_return **back;
}

task<int> awaits_until(const std::atomic<bool> &end)
{
	int sum = 0;

	while (!end) {
		auto one = co_await add(1, 0);

		if (!one)
			co_return one;
		sum += *one;
	}
	co_return sum > 0 ? 7 : 0;
}

task<int> of_no_frame()
{
	auto nothing = co_await task<int>();

	co_return nothing ? 0 : static_cast<int>(nothing.error());
}

task<int> passes_on(task<int> child)
{
	auto r = co_await std::move(child);

	co_return r;
}
task<int> in_each_other(int depth)
{
	auto made = add(3, 4);

	while (depth--)
		made = passes_on(std::move(made));
	return made;
}

// A task that was awaited is gone: a second co_await, and a spawn(), give ENOMEM.
task<int> uses_twice(const executor &tasks, std::atomic<int> &runs)
{
	job<int> other(tasks);
	auto child = sets_and_returns(runs);
	auto first = co_await std::move(child);
	auto second = co_await std::move(child);
	auto spawned = other.spawn(std::move(child));

	if (!first || second || second.error() != errno_t::ENOMEM || spawned)
		co_return 1;
	co_return static_cast<int>(spawned.error());
}

void expect_form(kunit *test, const executor &tasks, task<int> form)
{
	job<int> one(tasks);

	expect(test, one.spawn(std::move(form)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
}

struct log {
	char text[16] = {};
	unsigned int length = 0;

	void add(char c)
	{
		if (length < sizeof(text) - 1)
			text[length++] = c;
	}
	bool is(const char *other) const { return !__builtin_strcmp(text, other); }
};

struct says {
	log &to;
	char what;
	~says() { to.add(what); }
};

task<void> child_of_destructors(log &to)
{
	const says third{to, '3'}, second{to, '2'};

	to.add('1');
	co_return {};
}
task<int> destructors(log &to)
{
	const says last{to, '5'};

	{
		auto done = co_await child_of_destructors(to);

		to.add(done ? '4' : '?');
	}
	co_return 7;
}

constinit kthread::task_storage<400> room;

task<int> waits_in(kthread::task_storage<400> &, event &e, counted_frame)
{
	auto came = co_await e.wait();

	co_return came ? 7 : static_cast<int>(came.error());
}
} // namespace

void task_gives_the_value_or_the_error(kunit *test)
{
	const auto tasks = run_tasks(test);
	job<int> adds(tasks), both(tasks);

	expect_error(test, adds.get(), errno_t::EAGAIN);
	expect(test, adds.spawn(add(3, 4)));
	expect(test, both.spawn(adds_or_fails()));
	KUNIT_EXPECT_EQ(test, adds.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, adds.get().value_or(-1), 7);
	expect_error(test, both.join(), errno_t::EIO);
	expect_error(test, adds.spawn(add(3, 4)), errno_t::EBUSY);
}

void task_is_lazy(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> runs{0};

	{
		auto never_spawned = sets_and_returns(runs);
		KUNIT_EXPECT_TRUE(test, never_spawned);
	}
	KUNIT_EXPECT_EQ(test, runs.load(), 0);

	job<int> one(tasks);
	expect(test, one.spawn(sets_and_returns(runs)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
}

// Each level of a call on the stack would be too much for a kernel's stack.
void task_calls_deeply_without_stack(kunit *test)
{
	const auto tasks = run_tasks(test);
	job<int> deep(tasks);

	expect(test, deep.spawn(sums(1000)));
	KUNIT_EXPECT_EQ(test, deep.join().value_or(-1), 1000 * 1001 / 2);
}

void task_moves_what_only_moves(kunit *test)
{
	const auto tasks = run_tasks(test);
	job<int> one(tasks);

	expect(test, one.spawn(moves()));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 5);
}

void task_without_a_frame_is_enomem(kunit *test)
{
	const auto tasks = run_tasks(test);
	scope all(tasks);
	job<int> one(tasks);

	expect_error(test, all.spawn(task<int>()), errno_t::ENOMEM);
	expect(test, one.spawn(of_no_frame()));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), errno_t::ENOMEM);
}

void task_is_gone_when_it_was_awaited(kunit *test)
{
	const auto tasks = run_tasks(test);
	job<int> one(tasks);
	std::atomic<int> runs{0};

	expect(test, one.spawn(uses_twice(tasks, runs)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), errno_t::ENOMEM);
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
}

// Frames destroy their parameters, one on the stack of another.
void task_parameters_lie_in_each_other_up_to_a_depth(kunit *test)
{
	const auto tasks = run_tasks(test);
	job<int> deep(tasks), too_deep(tasks);

	expect(test, deep.spawn(in_each_other(16)));
	KUNIT_EXPECT_EQ(test, deep.join().value_or(-1), 7);
	{
		const auto never_spawned = in_each_other(1000);
		KUNIT_EXPECT_TRUE(test, never_spawned);
	}
	expect(test, too_deep.spawn(in_each_other(1000)));
	expect_error(test, too_deep.join(), errno_t::ENOMEM);
}

// One that awaits without ever waiting lets the others run.
void task_of_endless_work_lets_others_run(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<bool> end{false};
	std::atomic<int> runs{0};
	job<int> busy(tasks), other(tasks);

	expect(test, busy.spawn(awaits_until(end)));
	expect(test, other.spawn(sets_and_returns(runs)));
	KUNIT_EXPECT_EQ(test, other.join().value_or(-1), 7);
	expect_error(test, busy.get(), errno_t::EAGAIN);
	end = true;
	KUNIT_EXPECT_EQ(test, busy.join().value_or(-1), 7);
}

// kmalloc() would give the second child other memory, as what the first one had is taken.
void task_child_takes_a_frame_that_was_kept(kunit *test)
{
	if (BRIDGE_KASAN)
		return kunit_bridge_skip(test, "KASAN watches the memory of frames");

	struct parent {
		static task<bool> calls_twice()
		{
			const void *first = nullptr;
			std::unique_ptr<char[]> between[3];

			for (int i = 0; i < 2; ++i) {
				auto child = add(1, i);
				const void *const frame = child.peek();

				(void)co_await std::move(child);
				if (i)
					co_return first == frame;
				first = frame;
				for (int j = 0; j < 3; ++j)
					between[j].reset(new (std::nothrow) char[64 * (j + 2)]);
			}
			co_return false;
		}
	};
	const auto tasks = run_tasks(test);
	job<bool> one(tasks);

	expect(test, one.spawn(parent::calls_twice()));
	KUNIT_EXPECT_TRUE(test, one.join().value_or(false));
}

void task_frames_are_kept_up_to_a_number(kunit *test)
{
	constexpr std::size_t size = 200;
	kthread::task_frames frames;
	unsigned int kept = 0;

	// The last one makes room for itself.
	for (unsigned int i = 0; i < 2 * kthread::task_frames::most + 1; ++i) {
		if (void *const frame = kthread::task_frames::allocate(size))
			frames.keep(frame, size);
	}
	KUNIT_EXPECT_FALSE(test, frames.take(size + 100));
	while (void *const frame = frames.take(size - 1)) {
		kthread::task_frames::free(frame, size);
		++kept;
	}
	KUNIT_EXPECT_EQ(test, kept, 1);
}

void task_in_storage_takes_nothing_else(kunit *test)
{
	std::atomic<int> frames{0};
	event e;
	{
		const auto made = waits_in(room, e, counted_frame(frames));
		const auto at = reinterpret_cast<const char *>(made.peek()) -
				reinterpret_cast<const char *>(&room);

		KUNIT_EXPECT_TRUE(test, made);
		KUNIT_EXPECT_TRUE(test, at >= 0 && at < static_cast<long>(sizeof(room)));
		KUNIT_EXPECT_EQ(test, frames.load(), 1);
	}
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}

void task_in_storage_leaves_it_to_the_next(kunit *test)
{
	const auto tasks = run_tasks(test);
	std::atomic<int> frames{0};
	event e;

	for (int i = 0; i < 3; ++i) {
		job<int> first(tasks), second(tasks);

		expect(test, first.spawn(waits_in(room, e, counted_frame(frames))));
		expect_error(test, second.spawn(waits_in(room, e, counted_frame(frames))),
			     errno_t::ENOMEM);
		KUNIT_EXPECT_EQ(test, frames.load(), 1);
		if (i == 1)
			first.request_stop();
		else
			e.set();
		KUNIT_EXPECT_EQ(test, first.join().value_or(-1),
				i == 1 ? static_cast<int>(errno_t::ECANCELED) : 7);
		KUNIT_EXPECT_EQ(test, frames.load(), 0);
	}
}

void task_destroys_its_variables_in_order(kunit *test)
{
	const auto tasks = run_tasks(test);
	job<int> one(tasks);
	log to;

	expect(test, one.spawn(destructors(to)));
	KUNIT_EXPECT_EQ(test, one.join().value_or(-1), 7);
	KUNIT_EXPECT_TRUE(test, to.is("12345"));
}

void task_forms_are_translated_right(kunit *test)
{
	const auto tasks = run_tasks(test);

#define RUN_FORM(name) expect_form(test, tasks, name());
	TASK_FORMS(RUN_FORM)
#undef RUN_FORM
	KUNIT_EXPECT_EQ(test, forms_living, 0);
}
