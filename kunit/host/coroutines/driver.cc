// SPDX-License-Identifier: GPL-2.0
//
// Runs the forms of kunit/suites/task_forms_test.cc on the host, without an executor: to their ends, and up to each of
// their suspensions, where they are destroyed.
#include "task_forms.hpp"

using namespace kthread;

// libc's own headers have floating point, which is refused here.
extern "C" {
int printf(const char *format, ...);
void *malloc(std::size_t size);
void free(void *memory);
}

namespace
{
bool yielded, ended;
int bad;
executor_face face;
task_group owner(&face, [](task_group &, strand &) noexcept {});
} // namespace

namespace kthread
{
// A frame has to be given back as one of the size that it was taken with.
void *task_frames::allocate(std::size_t size) noexcept
{
	auto *const memory = static_cast<std::size_t *>(malloc(16 + size));

	*memory = size;
	return memory + 16 / sizeof(*memory);
}
void task_frames::free(void *frame, std::size_t size) noexcept
{
	auto *const memory = static_cast<std::size_t *>(frame) - 16 / sizeof(size);

	if (*memory != size) {
		printf("not ok a frame of %lu bytes goes as one of %lu\n", *memory, size);
		++bad;
	}
	::free(memory);
}

void task_yields(strand &self, std::coroutine_handle<> at) noexcept
{
	self.leaf = at;
	yielded = true;
}
void task_ends(strand &, void *) noexcept
{
	ended = true;
}
} // namespace kthread

namespace
{
// Runs a form up to so many suspensions, and destroys it. Returns how many there were, or -1 if it ended with another
// value than 7.
int run(task<int> (*form)(), int most)
{
	task_promise<int> *const promise = form().release();
	const std::coroutine_handle<> frame = promise->leaf;
	std::coroutine_handle<> at = frame;
	int suspensions = 0;

	promise->owner = &owner;

	for (ended = false; suspensions < most && !ended;
	     at = yielded ? promise->leaf : face.next) {
		yielded = false;
		at.resume();
		suspensions += yielded;
	}
	if (ended && promise->value.value_or(0) != 7) {
		printf("# it gives %d\n", promise->value.value_or(-999));
		suspensions = -1;
	}
	frame.destroy();
	return suspensions;
}

void check(const char *name, task<int> (*form)())
{
	const int all = run(form, 1000);
	bool ok = all >= 0 && all < 1000 && !forms_living;

	for (int most = 0; ok && most < all; ++most) {
		ok = run(form, most) == most && !forms_living;
		if (!ok)
			printf("# %d objects are left of one that was destroyed at suspension %d\n",
			       forms_living, most);
	}
	printf("%s form: %s\n", ok ? "ok" : "not ok", name);
	forms_living = 0;
	bad += !ok;
}
} // namespace

// The driver runs one file alone, which is not in the list.
#ifdef ONLY
kthread::task<int> ONLY();
int forms_living;
#undef TASK_FORMS
#define TASK_FORMS(form) form(ONLY)
#endif

extern "C" int main()
{
#define CHECK(name) check(#name, name);
	TASK_FORMS(CHECK)
	return bad != 0;
}
