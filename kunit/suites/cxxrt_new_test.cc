// SPDX-License-Identifier: GPL-2.0
#include <cstdint>
#include <cxxrt/gfp.hpp>
#include <memory>

#include "kunit.hpp"

namespace
{
constexpr std::size_t huge = static_cast<std::size_t>(1) << 40;
constexpr std::size_t most = ~static_cast<std::size_t>(0);

// The compiler may leave out a call of operator new if it sees that nobody uses the result.
template <class T>
T opaque(T value)
{
	asm volatile("" : "+r"(value));
	return value;
}

bool aligned(const void *memory, std::size_t align)
{
	return memory && reinterpret_cast<std::uintptr_t>(memory) % align == 0;
}

struct alignas(64) line {
	char c[64];
};
struct alignas(4096) page {
	char c[3 * 4096];
};

struct counted {
	static constinit inline int made = 0, destroyed = 0;
	long content = ++made;
	~counted() { ++destroyed; }
};

struct shape {
	virtual ~shape() = default;
	virtual int corners() const = 0;
};
struct alignas(64) square final : shape {
	int &destroyed;

	explicit square(int &destroyed) : destroyed(destroyed) {}
	~square() override { ++destroyed; }
	int corners() const override { return 4; }
};
} // namespace

void new_aligns_any_size_by_default(kunit *test)
{
	constexpr std::size_t sizes[] = {1, 8, 24, 72, 96, 192, 5000};
	for (std::size_t size : sizes) {
		void *memory = operator new(size, std::nothrow);
		KUNIT_EXPECT_TRUE(test, aligned(memory, __STDCPP_DEFAULT_NEW_ALIGNMENT__));
		operator delete(memory);
	}
}

void new_aligns_over_aligned_types(kunit *test)
{
	// The second of a kind shows whether the first was aligned by luck.
	std::unique_ptr<line> lines[] = {std::make_unique<line>(), std::make_unique<line>()};
	std::unique_ptr<page> pages[] = {std::make_unique<page>(), std::make_unique<page>()};
	auto array = std::make_unique<line[]>(3);
	for (auto &p : lines)
		KUNIT_EXPECT_TRUE(test, aligned(p.get(), 64));
	for (auto &p : pages)
		KUNIT_EXPECT_TRUE(test, aligned(p.get(), 4096));
	KUNIT_EXPECT_TRUE(test, aligned(array.get(), 64));
}

// A size that is no multiple of the alignment has a cache of its own in the kernel, aligned to
// less.
void new_aligns_any_size_to_any_alignment(kunit *test)
{
	constexpr std::size_t sizes[] = {1, 72, 130}, aligns[] = {32, 64, 128, 4096};
	for (std::size_t size : sizes) {
		for (std::size_t align : aligns) {
			void *memory[2];
			for (void *&m : memory) {
				m = operator new(size, std::align_val_t(align), std::nothrow);
				KUNIT_EXPECT_TRUE(test, aligned(m, align));
			}
			for (void *m : memory)
				operator delete(m, std::align_val_t(align));
		}
	}
}

void new_of_impossible_sizes_is_null(kunit *test)
{
	constexpr std::size_t sizes[] = {huge, most / 2 + 2, most - 15, most};
	for (std::size_t size : sizes) {
		KUNIT_EXPECT_TRUE(test, !operator new(opaque(size), std::nothrow));
		KUNIT_EXPECT_TRUE(test, !operator new[](opaque(size), cxxrt::gfp::atomic));
		KUNIT_EXPECT_TRUE(test,
				  !operator new(opaque(size), std::align_val_t(64), std::nothrow));
	}
	KUNIT_EXPECT_TRUE(test, !operator new(1, std::align_val_t(opaque(huge)), std::nothrow));
}

void new_array_whose_size_overflows_is_null(kunit *test)
{
	counted::made = 0;
	KUNIT_EXPECT_TRUE(test, !new (std::nothrow) long[opaque(most / 8 + 2)]);
	KUNIT_EXPECT_TRUE(test, !new (std::nothrow) counted[opaque(most / sizeof(counted))]);
	KUNIT_EXPECT_TRUE(test, !new (cxxrt::gfp::kernel) line[opaque(most / 64 + 2)]);
	KUNIT_EXPECT_TRUE(test, !std::make_unique<counted[]>(opaque(most / sizeof(counted))));
	KUNIT_EXPECT_EQ(test, counted::made, 0);
}

void new_of_zero_bytes_is_unique(kunit *test)
{
	void *a = operator new(opaque<std::size_t>(0), std::nothrow);
	void *b = operator new(opaque<std::size_t>(0), std::nothrow);
	int *c = new (std::nothrow) int[opaque<std::size_t>(0)];
	int *d = new (std::nothrow) int[opaque<std::size_t>(0)];
	KUNIT_EXPECT_TRUE(test, a && b && c && d);
	KUNIT_EXPECT_TRUE(test, a != b);
	KUNIT_EXPECT_TRUE(test, c != d);
	// The kernel's address for zero bytes is the same for all.
	KUNIT_EXPECT_TRUE(test, reinterpret_cast<std::uintptr_t>(a) > 4096);
	operator delete(a);
	operator delete(b);
	delete[] c;
	delete[] d;
}

void new_takes_each_gfp(kunit *test)
{
	using cxxrt::gfp;
	constexpr gfp all[] = {gfp::kernel, gfp::atomic, gfp::nowait};
	for (gfp flags : all) {
		std::unique_ptr<int> object(new (flags) int(3));
		std::unique_ptr<int[]> array(new (flags) int[3]{1, 2, 3});
		std::unique_ptr<line> over_aligned(new (flags) line);
		std::unique_ptr<line[]> over_aligned_array(new (flags) line[2]);
		KUNIT_EXPECT_TRUE(test, object && *object == 3);
		KUNIT_EXPECT_TRUE(test, array && array[2] == 3);
		KUNIT_EXPECT_TRUE(test, aligned(over_aligned.get(), 64));
		KUNIT_EXPECT_TRUE(test, aligned(over_aligned_array.get(), 64));
	}
}

void new_array_makes_and_destroys_each_element(kunit *test)
{
	counted::made = counted::destroyed = 0;
	auto *array = new (std::nothrow) counted[opaque<std::size_t>(5)];
	KUNIT_EXPECT_TRUE(test, array);
	KUNIT_EXPECT_EQ(test, counted::made, 5);
	delete[] array;
	KUNIT_EXPECT_EQ(test, counted::destroyed, 5);
}

void new_object_is_deleted_through_its_base(kunit *test)
{
	int destroyed = 0;
	shape *object = new (std::nothrow) square(destroyed);
	KUNIT_EXPECT_TRUE(test, aligned(object, 64));
	if (object)
		KUNIT_EXPECT_EQ(test, opaque(object)->corners(), 4);
	delete object;
	KUNIT_EXPECT_EQ(test, destroyed, object ? 1 : 0);
}

void new_in_a_place_takes_no_memory(kunit *test)
{
	alignas(int) unsigned char place[2 * sizeof(int)];
	KUNIT_EXPECT_TRUE(test, static_cast<void *>(new (place) int(5)) == place);
	KUNIT_EXPECT_TRUE(test, static_cast<void *>(new (place) int[2]{}) == place);
}

// Each form of delete, as the compiler or a program may call it; a form that kfree()s something
// else is what KASAN reports, and one that does nothing what kmemleak does.
void new_delete_takes_what_any_new_gave(kunit *test)
{
	constexpr auto align = std::align_val_t(64);
	void *memory[] = {
		operator new(sizeof(int), std::nothrow),
		operator new[](sizeof(int), std::nothrow),
		operator new(sizeof(int), cxxrt::gfp::kernel),
		operator new[](sizeof(int), cxxrt::gfp::kernel),
		operator new(sizeof(int), align, std::nothrow),
		operator new[](sizeof(int), align, std::nothrow),
		operator new(sizeof(int), align, cxxrt::gfp::kernel),
		operator new[](sizeof(int), align, cxxrt::gfp::kernel),
	};
	for (void *m : memory)
		KUNIT_EXPECT_TRUE(test, m);
	operator delete(memory[0]);
	operator delete[](memory[1]);
	operator delete(memory[2], align);
	operator delete[](memory[3], align);
#ifdef __cpp_sized_deallocation
	operator delete(memory[4], sizeof(int));
	operator delete[](memory[5], sizeof(int));
	operator delete(memory[6], sizeof(int), align);
	operator delete[](memory[7], sizeof(int), align);
#else
	for (int i = 4; i < 8; ++i)
		operator delete(memory[i]);
#endif
}

void new_delete_of_null_does_nothing(kunit *)
{
	constexpr auto align = std::align_val_t(64);
	delete opaque(static_cast<counted *>(nullptr));
	delete[] opaque(static_cast<counted *>(nullptr));
	operator delete(opaque<void *>(nullptr));
	operator delete[](opaque<void *>(nullptr), align);
}
