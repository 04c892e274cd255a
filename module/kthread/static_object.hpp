// SPDX-License-Identifier: GPL-2.0
//
// All that a module owns, in static storage: made in its init, destroyed by one line in its exit.
//
//	#include "kthread/worker.hpp"
//
//	struct blinker {
//		struct toggle {
//			std::atomic<bool> &on;
//			void operator()() const { on = !on; }
//		};
//		std::atomic<bool> on{false};
//		kthread::worker worker;
//		kthread::work<toggle> item{worker, toggle{on}};
//		kthread::jthread clock;
//
//		explicit blinker(kthread::worker made) : worker(std::move(made)) {}
//		kthread::result<void> start()
//		{
//			auto made = kthread::jthread::run("blink", [this](kthread::stop_token stop) {
//				while (stop.sleep_for(500ms))
//					item.queue();
//				return 0;
//			});
//
//			if (!made)
//				return std::unexpected(made.error());
//			clock = std::move(*made);
//			return {};
//		}
//	};
//
//	constinit kthread::static_object<blinker> blinking;
//
//	int blink_init()
//	{
//		return kthread::to_errno(blinking.emplace(kthread::worker::run("blink")));
//	}
//
//	void blink_exit()
//	{
//		blinking.reset();
//	}
//
// Members are destroyed in reverse order, so that a thread stands behind all that its body uses.
#pragma once

#include <atomic>
#include <cxxrt/precondition.hpp>
#include <memory>
#include <utility>

#include "bridge/bridge.h"
#include "kthread/errno.hpp"

namespace kthread
{
// For the library: whether emplace() can tell what T's start() is. A name that both bases have is ambiguous.
struct start_name {
	int start;
};
template <class T>
consteval bool start_is_plain()
{
	if constexpr (std::is_class_v<T> && !__is_final(T)) {
		struct both : T, start_name {
		};

		// clang-format off
		return requires(T &t) { t.start(); } || requires { &T::start; } ||
		       requires { &both::start; };
		// clang-format on
	} else {
		return true;
	}
}

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<result<T>> = true;

// Room for one T, as std::optional<T>, and empty at first. T may be any type, also one that cannot be
// moved: a thread, a worker, a group, or a struct that has them all. It is for static storage only and has
// no destructor, because modules run none for static objects. Implemented with one word of atomic memory.
//
// Lifetime: the T lives from emplace() to reset(). If the module goes, or its init fails, and there still
// is a T, dmesg names the line in the source where this object is defined. Then the library destroys the T
// before the module's memory is freed.
template <class T>
class static_object : bridge_link
{
public:
	// Makes an empty object. The parameters have defaults that name the line of the definition.
	// Context: any.
	constexpr explicit static_object(const char *file = __builtin_FILE(),
					 int line = __builtin_LINE()) noexcept
		: bridge_link{}, file_(base_name(file)), line_(line)
	{
	}
	static_object(const static_object &) = delete;
	static_object &operator=(const static_object &) = delete;
	~static_object() = default;

	// Constructs the T from these parts. A part that is a result<> stands for its value. Then calls
	// start(), if T has such a public member, which returns a result<void>. If start() fails, the T
	// is destroyed at once. Context: may sleep.
	// Errors: EBUSY if there is a T; the error of the first part without a value; the error of start().
	template <class... Parts>
	[[nodiscard]] result<void> emplace(Parts &&...parts)
	{
		result<void> done;

		(collect(done, parts), ...);
		if (done && !change(empty, busy))
			done = std::unexpected(errno_t::EBUSY);
		if (!done)
			return done;

		T *const object = new (static_cast<void *>(storage_))
			T(value_of(std::forward<Parts>(parts))...);

		static_assert(start_is_plain<T>(), "start() is public, and one function");
		if constexpr (requires { object->start(); }) {
			static_assert(std::is_same_v<decltype(object->start()), result<void>>,
				      "start() returns a kthread::result<void>");
			done = object->start();
		}
		if (done) {
			bridge_module_add(this, true, left_behind);
			stage_ = whole;
		} else {
			std::destroy_at(object);
			stage_ = empty;
		}
		return done;
	}

	// Destroys the T. Does nothing if there is none, or if another context constructs or destroys it, as
	// when the T's own destructor calls this. Context: may sleep.
	[[gnu::cold]] void reset()
	{
		if (!change(whole, busy))
			return;
		bridge_module_remove(this);
		std::destroy_at(std::addressof(**this));
		stage_ = empty;
	}

	// Whether there is a T whose start() has succeeded and whose destructor has not begun. Context: any.
	[[nodiscard]] bool has_value() const noexcept { return stage_ == whole; }
	explicit operator bool() const noexcept { return has_value(); }

	// The T. Its own threads may call these while it starts or is destroyed. Without a T these trap, as
	// std::optional's do in the standard's hardened library. Context: any.
	T &operator*() noexcept
	{
		cxxrt::precondition(stage_ != empty);
		return *__builtin_launder(reinterpret_cast<T *>(storage_));
	}
	const T &operator*() const noexcept { return *const_cast<static_object &>(*this); }
	T *operator->() noexcept { return std::addressof(**this); }
	const T *operator->() const noexcept { return std::addressof(**this); }

private:
	// busy: one context makes the T, or destroys it.
	enum stage : unsigned char { empty, busy, whole };

	bool change(stage from, stage to) { return stage_.compare_exchange_strong(from, to); }

	template <class Part>
	static void collect(result<void> &done, const Part &part)
	{
		if constexpr (is_result<Part>) {
			if (done && !part)
				done = std::unexpected(part.error());
		}
	}
	template <class Part>
	static decltype(auto) value_of(Part &&part)
	{
		if constexpr (is_result<std::remove_cvref_t<Part>>)
			return *std::forward<Part>(part);
		else
			return std::forward<Part>(part);
	}

	static constexpr const char *base_name(const char *path)
	{
		const char *base = path;

		for (; *path; ++path) {
			if (*path == '/')
				base = path + 1;
		}
		return base;
	}

	[[gnu::cold]] static void left_behind(bridge_link *link, bridge_end how)
	{
		auto &self = *static_cast<static_object *>(link);

		if (how == BRIDGE_ASK)
			return;
		_printk("\0013kthread: the object of %s:%d is destroyed, as its module goes without it\n",
			self.file_, self.line_);
		self.reset();
	}

	const char *const file_;
	const int line_;
	std::atomic<stage> stage_{empty};
	alignas(T) unsigned char storage_[sizeof(T)] = {};
};
} // namespace kthread
