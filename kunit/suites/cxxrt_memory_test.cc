// SPDX-License-Identifier: GPL-2.0
#include <memory>
#include <type_traits>
#include <utility>

#include "kunit.hpp"

namespace
{
struct base {
	virtual ~base() = default;
	virtual int name() const { return 1; }
};

struct derived : base {
	int &destroyed;

	explicit derived(int &destroyed) : destroyed(destroyed) {}
	~derived() override { ++destroyed; }
	int name() const override { return 2; }
};

// Pretends to delete, so that a second deletion is only counted.
struct counting_delete {
	int *deleted;
	void operator()(int *) const { ++*deleted; }
};
using counted_ptr = std::unique_ptr<int, counting_delete>;

void count_up(int *counter)
{
	++*counter;
}
using function_ptr = std::unique_ptr<int, void (*)(int *)>;

struct move_only_delete {
	bool owner = true;

	move_only_delete() = default;
	move_only_delete(move_only_delete &&other) noexcept
		: owner(std::exchange(other.owner, false))
	{
	}
	move_only_delete &operator=(move_only_delete &&other) noexcept
	{
		owner = std::exchange(other.owner, false);
		return *this;
	}
	void operator()(int *) const {}
};

template <class P>
concept dereferences = requires(P p)
{
	*p;
};
template <class P>
concept has_index = requires(P p)
{
	p[0];
};
template <class P, class T>
concept resets_to = requires(P p, T *raw)
{
	p.reset(raw);
};

using std::unique_ptr;
static_assert(sizeof(unique_ptr<int>) == sizeof(int *));
static_assert(sizeof(unique_ptr<int[]>) == sizeof(int *));
static_assert(!std::is_copy_constructible_v<unique_ptr<int>>);
static_assert(!std::is_copy_assignable_v<unique_ptr<int>>);
static_assert(!std::is_convertible_v<int *, unique_ptr<int>>);
static_assert(std::is_convertible_v<unique_ptr<derived>, unique_ptr<base>>);
static_assert(!std::is_convertible_v<unique_ptr<derived> &, unique_ptr<base>>);
static_assert(!std::is_constructible_v<unique_ptr<derived>, unique_ptr<base>>);
static_assert(std::is_convertible_v<unique_ptr<int>, unique_ptr<const int>>);
static_assert(!std::is_constructible_v<unique_ptr<int>, unique_ptr<const int>>);
static_assert(!std::is_constructible_v<unique_ptr<int>, counted_ptr>);
static_assert(!std::is_convertible_v<unique_ptr<int>, bool>);

static_assert(std::is_convertible_v<unique_ptr<int[]>, unique_ptr<const int[]>>);
static_assert(!std::is_constructible_v<unique_ptr<base[]>, unique_ptr<derived[]>>);
static_assert(!std::is_constructible_v<unique_ptr<base[]>, derived *>);
static_assert(!resets_to<unique_ptr<base[]>, derived> && resets_to<unique_ptr<base[]>, base>);
static_assert(resets_to<unique_ptr<const int[]>, int>);
static_assert(!std::is_constructible_v<unique_ptr<int>, unique_ptr<int[]>>);
static_assert(!std::is_constructible_v<unique_ptr<int[]>, unique_ptr<int>>);
static_assert(dereferences<unique_ptr<int>> && !has_index<unique_ptr<int>>);
static_assert(has_index<unique_ptr<int[]>> && !dereferences<unique_ptr<int[]>>);

// Not even where the deleter would take both.
struct takes_all {
	template <class T>
	void operator()(T *) const
	{
	}
};
static_assert(std::is_constructible_v<unique_ptr<base, takes_all>, unique_ptr<derived, takes_all>>);
static_assert(
	!std::is_constructible_v<unique_ptr<base[], takes_all>, unique_ptr<derived[], takes_all>>);
static_assert(!std::is_constructible_v<unique_ptr<base, takes_all>, unique_ptr<base[], takes_all>>);
static_assert(!std::is_convertible_v<std::default_delete<derived[]>, std::default_delete<base[]>>);

// Without a function to call such a pointer could not delete.
static_assert(!std::is_constructible_v<function_ptr>);
static_assert(!std::is_constructible_v<function_ptr, int *>);
static_assert(std::is_constructible_v<function_ptr, int *, void (*)(int *)>);

struct hides_its_address {
	int value;
	int operator&() const { return 0; }
};
template <class T>
concept addressable = requires
{
	std::addressof(static_cast<T>(hides_its_address()));
};
static_assert(!addressable<const hides_its_address &&>);
} // namespace

void memory_unique_ptr_deletes_once(kunit *test)
{
	int deleted = 0, object = 0;
	{
		counted_ptr p(&object, {&deleted});
		KUNIT_EXPECT_TRUE(test, p);
		KUNIT_EXPECT_TRUE(test, p.get() == &object);
		KUNIT_EXPECT_EQ(test, deleted, 0);
	}
	KUNIT_EXPECT_EQ(test, deleted, 1);
}

void memory_unique_ptr_of_null_deletes_nothing(kunit *test)
{
	int deleted = 0;
	{
		counted_ptr p(nullptr, {&deleted});
		KUNIT_EXPECT_FALSE(test, p);
		KUNIT_EXPECT_TRUE(test, p == nullptr && nullptr == p);
		p.reset();
		p = nullptr;
	}
	KUNIT_EXPECT_EQ(test, deleted, 0);
}

void memory_unique_ptr_moves_the_object(kunit *test)
{
	int deleted = 0, object = 0;
	{
		counted_ptr p(&object, {&deleted}), q = std::move(p);
		KUNIT_EXPECT_TRUE(test, p == nullptr);
		KUNIT_EXPECT_TRUE(test, q.get() == &object);
	}
	KUNIT_EXPECT_EQ(test, deleted, 1);
}

void memory_unique_ptr_assignment_deletes_the_old_object(kunit *test)
{
	int p_deleted = 0, q_deleted = 0, objects[2] = {};
	{
		counted_ptr p(&objects[0], {&p_deleted}), q(&objects[1], {&q_deleted});
		p = std::move(q);
		KUNIT_EXPECT_EQ(test, p_deleted, 1);
		KUNIT_EXPECT_EQ(test, q_deleted, 0);
		KUNIT_EXPECT_TRUE(test, p.get() == &objects[1]);
		KUNIT_EXPECT_TRUE(test, p.get_deleter().deleted == &q_deleted);
	}
	KUNIT_EXPECT_EQ(test, p_deleted, 1);
	KUNIT_EXPECT_EQ(test, q_deleted, 1);
}

void memory_unique_ptr_survives_a_move_to_itself(kunit *test)
{
	int deleted = 0, object = 0;
	counted_ptr p(&object, {&deleted}), &same = p;
	p = std::move(same);
	KUNIT_EXPECT_TRUE(test, p.get() == &object);
	KUNIT_EXPECT_EQ(test, deleted, 0);
}

void memory_unique_ptr_releases_without_deleting(kunit *test)
{
	int deleted = 0, object = 0;
	{
		counted_ptr p(&object, {&deleted});
		KUNIT_EXPECT_TRUE(test, p.release() == &object);
		KUNIT_EXPECT_TRUE(test, p == nullptr);
	}
	KUNIT_EXPECT_EQ(test, deleted, 0);
}

void memory_unique_ptr_assigned_null_deletes(kunit *test)
{
	int deleted = 0, object = 0;
	counted_ptr p(&object, {&deleted});
	p = nullptr;
	KUNIT_EXPECT_TRUE(test, p == nullptr);
	KUNIT_EXPECT_EQ(test, deleted, 1);
}

namespace
{
struct reset_watch;
struct look_and_delete {
	reset_watch *watch;
	void operator()(int *object) const;
};
struct reset_watch {
	std::unique_ptr<int, look_and_delete> pointer{nullptr, {this}};
	int *held = nullptr, *deleted = nullptr;
};
void look_and_delete::operator()(int *object) const
{
	watch->held = watch->pointer.get();
	watch->deleted = object;
}
} // namespace

void memory_unique_ptr_reset_holds_the_new_object_before_it_deletes(kunit *test)
{
	int objects[2] = {};
	reset_watch watch;
	watch.pointer.reset(&objects[0]);
	watch.pointer.reset(&objects[1]);
	KUNIT_EXPECT_TRUE(test, watch.deleted == &objects[0]);
	KUNIT_EXPECT_TRUE(test, watch.held == &objects[1]);
	(void)watch.pointer.release();
}

void memory_unique_ptr_to_a_base_deletes_the_derived(kunit *test)
{
	int destroyed = 0;
	{
		unique_ptr<base> p = std::make_unique<derived>(destroyed);
		KUNIT_EXPECT_TRUE(test, p);
		if (p)
			KUNIT_EXPECT_EQ(test, p->name(), 2);
		p = std::make_unique<derived>(destroyed);
		KUNIT_EXPECT_EQ(test, destroyed, 1);
	}
	KUNIT_EXPECT_EQ(test, destroyed, 2);
}

void memory_unique_ptr_calls_a_function_as_deleter(kunit *test)
{
	int counter = 0;
	{
		function_ptr p(&counter, count_up), q = std::move(p);
		KUNIT_EXPECT_TRUE(test, q.get_deleter() == count_up);
	}
	KUNIT_EXPECT_EQ(test, counter, 1);
}

void memory_unique_ptr_moves_the_deleter(kunit *test)
{
	int object = 0;
	unique_ptr<int, move_only_delete> p(&object), q = std::move(p);
	KUNIT_EXPECT_FALSE(test, p.get_deleter().owner);
	KUNIT_EXPECT_TRUE(test, q.get_deleter().owner);
	p = std::move(q);
	KUNIT_EXPECT_TRUE(test, p.get_deleter().owner);
	KUNIT_EXPECT_FALSE(test, q.get_deleter().owner);
}

namespace
{
// Element n of an array is destroyed as n-th from the end.
struct element {
	static constinit inline int alive = 0;
	static constinit inline bool in_order = true;
	int number = alive++;

	~element() { in_order = in_order && number == --alive; }
};
} // namespace

void memory_unique_ptr_destroys_an_array_from_its_end(kunit *test)
{
	element::in_order = true;
	{
		unique_ptr<element[]> p = std::make_unique<element[]>(3);
		KUNIT_EXPECT_EQ(test, element::alive, 3);
		if (p)
			KUNIT_EXPECT_EQ(test, p[2].number, 2);
		unique_ptr<element[]> q = std::move(p);
		KUNIT_EXPECT_TRUE(test, p == nullptr);
		KUNIT_EXPECT_EQ(test, element::alive, 3);
	}
	KUNIT_EXPECT_EQ(test, element::alive, 0);
	KUNIT_EXPECT_TRUE(test, element::in_order);
}

void memory_unique_ptr_gives_an_array_to_the_deleter(kunit *test)
{
	int deleted = 0, objects[2] = {};
	{
		unique_ptr<int[], counting_delete> p(objects, {&deleted}), q = std::move(p);
		q.reset(nullptr);
		KUNIT_EXPECT_EQ(test, deleted, 1);
	}
	KUNIT_EXPECT_EQ(test, deleted, 1);
}

void memory_make_unique_forwards(kunit *test)
{
	struct holder {
		unique_ptr<int> inner;
		int &reference;

		holder(unique_ptr<int> inner, int &reference)
			: inner(std::move(inner)), reference(reference)
		{
		}
	};
	int number = 1;
	auto p = std::make_unique<holder>(std::make_unique<int>(7), number);
	KUNIT_EXPECT_TRUE(test, p && p->inner);
	if (!p || !p->inner)
		return;
	++p->reference;
	KUNIT_EXPECT_EQ(test, number, 2);
	KUNIT_EXPECT_EQ(test, *p->inner, 7);
}

void memory_make_unique_zeroes(kunit *test)
{
	// Freed memory comes back first, and full of something.
	if (auto p = std::make_unique<int[]>(4))
		p[0] = p[3] = -1;
	auto p = std::make_unique<int[]>(4);
	KUNIT_EXPECT_TRUE(test, p && !p[0] && !p[1] && !p[2] && !p[3]);
	auto q = std::make_unique<int>();
	KUNIT_EXPECT_TRUE(test, q && !*q);
}

void memory_construct_at_and_destroy_at_match(kunit *test)
{
	int destroyed = 0;
	alignas(derived) unsigned char place[sizeof(derived)];
	derived *object = std::construct_at(reinterpret_cast<derived *>(place), destroyed);
	KUNIT_EXPECT_TRUE(test, static_cast<void *>(object) == place);
	KUNIT_EXPECT_EQ(test, object->name(), 2);
	std::destroy_at(object);
	KUNIT_EXPECT_EQ(test, destroyed, 1);
}

void memory_addressof_ignores_the_operator(kunit *test)
{
	hides_its_address object{};
	KUNIT_EXPECT_TRUE(test, static_cast<void *>(std::addressof(object)) == &object.value);
}
