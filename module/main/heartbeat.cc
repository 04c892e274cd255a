// SPDX-License-Identifier: GPL-2.0
#include "heartbeat.h"

#include <memory>

#include "kthread/jthread.hpp"
#include "kthread/static_object.hpp"
#include "kthread/ticker.hpp"

#define pr_info(format, ...) _printk("\0016kthreadxx: " format "\n" __VA_OPT__(, ) __VA_ARGS__)
#define pr_err(format, ...) _printk("\0013kthreadxx: " format "\n" __VA_OPT__(, ) __VA_ARGS__)

namespace
{
// A number that one thread writes, without an atomic addition, and that any context reads.
class counter
{
public:
	[[nodiscard]] unsigned long long get() const
	{
		return value_.load(std::memory_order_acquire);
	}
	void set(unsigned long long value) { value_.store(value, std::memory_order_release); }
	void add(unsigned long long more) { set(value_.load(std::memory_order_relaxed) + more); }

private:
	std::atomic<unsigned long long> value_{0};
};

// What can be changed while the threads beat.
struct live_settings {
	std::atomic<unsigned int> log, breaktrace;
};

// A thread that beats, and what it measures.
class beater
{
public:
	beater(const heartbeat_options &options, const live_settings &live, unsigned int period_us,
	       unsigned int id)
		: options_(options), live_(live), id_(id), name_("%s/%u", options.name, id),
		  period_us_(period_us), every_(std::chrono::microseconds(period_us))
	{
	}
	beater(const beater &) = delete;
	beater &operator=(const beater &) = delete;
	// noinline saves code, here and below: many places call such a function, and none has to be fast.
	[[gnu::noinline]] ~beater() { thread_.reset(); }

	// The thread waits for begin() in an idle sleep, which does not count for the load average.
	kthread::result<void> create()
	{
		auto done = thread_.create(
			name_, [this](const kthread::stop_token &stop) { return run(stop); },
			options_.node);

		if (done && options_.method == HEARTBEAT_RUN)
			thread_.wake();
		if (done && (options_.per_cpu || *options_.cpus))
			done = bind();
		if (done)
			done = schedule();
		if (done)
			thread_.wake();
		return done;
	}

	void begin(bool paused)
	{
		park(paused);
		pr_info("%s: created, pid %d", name_.c_str(), thread_.pid());
		begun_ = true;
		thread_.wake();
	}

	void set_period(unsigned int period_us)
	{
		period_us_ = period_us;
		(void)every_.set_period(std::chrono::microseconds(period_us));
		if (options_.phase_us >= 0)
			restart();
		thread_.wake();
	}

	void set_paused(bool paused) { park(paused || offline_); }

	void cpu_offline()
	{
		offline_ = true;
		park(true);
	}

	void cpu_online(bool paused)
	{
		offline_ = false;
		park(true);
		if (auto bound = bind(); !bound)
			pr_err("%s: not bound to its CPU again: errno %d", name_.c_str(),
			       -kthread::to_errno(bound));
		park(paused);
	}

	// The thread does it, before its next beat.
	void reset() { forgotten_ = true; }

	void request_stop() { thread_.request_stop(); }

	// The list calls request_stop() of all threads before, so that they stop side by side.
	void stop()
	{
		const auto code = thread_.stop();
		heartbeat_status status;

		if (!begun_)
			return;
		get(status);
		pr_info("%s: stopped, result %d: %llu beats, %llu missed, latency %llu/%llu/%llu us",
			name_.c_str(), code ? *code : kthread::to_errno(code), status.beats,
			status.missed, status.min_ns / 1000, status.mean_ns / 1000,
			status.max_ns / 1000);
	}

	[[nodiscard]] unsigned int id() const { return id_; }

	[[gnu::noinline]] void get(heartbeat_status &status) const
	{
		status.name = name_;
		status.pid = thread_.pid();
		status.cpu = thread_.cpu();
		status.state = thread_.state();
		if (forgotten_.load(std::memory_order_acquire)) {
			status.beats = status.missed = 0;
			status.min_ns = status.mean_ns = status.max_ns = 0;
			status.latency = nullptr;
			return;
		}
		// The one that is counted last.
		status.beats = beats_.get();
		status.missed = missed_.get();
		status.min_ns = min_.get();
		status.mean_ns = status.beats ? sum_.get() / status.beats : 0;
		status.max_ns = max_.get();
		status.latency = latency_;
	}

	beater *next = nullptr; // in its list

private:
	kthread::result<void> bind()
	{
		if (options_.per_cpu)
			return thread_.bind_list(kthread::name("%u", id_));
		return thread_.bind_list(options_.cpus);
	}

	kthread::result<void> schedule()
	{
		switch (options_.policy) {
		case HEARTBEAT_FIFO:
			return thread_.set_fifo();
		case HEARTBEAT_FIFO_LOW:
			return thread_.set_fifo_low();
		default:
			return thread_.set_normal(options_.nice);
		}
	}

	// Begins to count the time anew.
	[[gnu::noinline]] void restart()
	{
		if (options_.phase_us < 0)
			return every_.restart();

		const unsigned int period_us = period_us_.load();
		const auto period = std::chrono::nanoseconds(period_us * 1000LL);
		const auto phase = std::chrono::nanoseconds(
			id_ * static_cast<unsigned long long>(options_.phase_us) % period_us *
			1000);
		const auto now = kthread::steady_clock::now();

		every_.restart(now - (now.time_since_epoch() + period - phase) % period);
	}

	[[gnu::noinline]] void park(bool wanted)
	{
		if (wanted == parked_)
			return;
		if (!wanted)
			restart();
		// This cannot fail, because a thread that is in a list has not ended.
		(void)(wanted ? thread_.park() : thread_.unpark());
		parked_ = wanted;
		heartbeat_trace_park(name_, thread_.pid(), parked_);
	}

	int run(const kthread::stop_token &stop)
	{
		if (!stop.wait([this] { return begun_.load(); }))
			return 0;
		// After create(), which sets the policy.
		if (options_.priority)
			heartbeat_set_priority(options_.priority);
		restart();
		pr_info("%s: running", name_.c_str());
		heartbeat_trace_start(name_, thread_.pid());
		while (every_.wait(stop))
			beat();
		const bool none = forgotten_; // no beat came after a reset
		heartbeat_trace_stop(none ? 0 : beats_.get(), none ? 0 : missed_.get());
		return 0;
	}

	[[gnu::noinline]] void forget()
	{
		for (counter *each : {&beats_, &missed_, &min_, &max_, &sum_})
			each->set(0);
		for (auto &each : latency_)
			count_of(each).store(0, std::memory_order_relaxed);
		missed_before_ = every_.missed();
		forgotten_.store(false, std::memory_order_release);
	}

	using count_of = std::atomic_ref<unsigned long long>;

	void beat()
	{
		if (forgotten_.load(std::memory_order_relaxed))
			forget();

		const auto late = static_cast<unsigned long long>(every_.late().count());
		const auto missed = every_.missed() - missed_before_;
		const auto number = beats_.get() + 1;
		const count_of count(latency_[heartbeat_bucket(late)]);

		if (number == 1 || late < min_.get())
			min_.set(late);
		const bool highest = late > max_.get();
		if (highest)
			max_.set(late);
		sum_.add(late);
		count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
		missed_.set(missed);
		beats_.set(number);
		heartbeat_trace_beat(number, late, missed);
		if (const auto from = live_.breaktrace.load(std::memory_order_relaxed);
		    from && highest && late >= from * 1000ULL)
			heartbeat_new_max(name_, number, late, missed);
		if (const auto log = live_.log.load(std::memory_order_relaxed);
		    log && (number - 1) % log == 0)
			heartbeat_log_beat(name_, number, late);
	}

	const heartbeat_options &options_;
	const live_settings &live_;
	const unsigned int id_;
	const kthread::name name_;
	bool parked_ = false;
	bool offline_ = false;
	std::atomic<bool> begun_{false};
	std::atomic<bool> forgotten_{false};
	std::atomic<unsigned int> period_us_;
	kthread::ticker every_;
	unsigned long long missed_before_ = 0;
	counter beats_, missed_, min_, max_, sum_;
	unsigned long long latency_[HEARTBEAT_BUCKETS] = {};
	kthread::static_jthread<sizeof(void *)> thread_;
};

// A list of threads that end together: its destructor asks all of them to stop before it waits for the first.
// It is no array because thousands of threads would need one large piece of memory.
class beater_list
{
public:
	beater_list() = default;
	beater_list(const beater_list &) = delete;
	beater_list &operator=(const beater_list &) = delete;
	[[gnu::noinline]] ~beater_list()
	{
		for_each([](beater &each) { each.request_stop(); });
		while (first_) {
			const std::unique_ptr<beater> one(std::exchange(first_, first_->next));

			one->stop();
		}
	}

	void append(beater *more, beater *last, unsigned int size)
	{
		(last_ ? last_->next : first_) = more;
		last_ = last;
		size_ += size;
	}
	void append(std::unique_ptr<beater> one)
	{
		beater *const more = one.release();

		append(more, more, 1);
	}
	void append(beater_list &more)
	{
		if (more.first_)
			append(std::exchange(more.first_, nullptr), more.last_, more.size_);
	}

	// Keeps the first threads and moves the others to rest, which is empty. keep is at least 1.
	void split(unsigned int keep, beater_list &rest)
	{
		beater *end = first_;
		for (unsigned int i = 1; i < keep; ++i)
			end = end->next;
		rest.append(std::exchange(end->next, nullptr), last_, size_ - keep);
		last_ = end;
		size_ = keep;
	}

	[[nodiscard]] unsigned int size() const { return size_; }

	template <class F>
	void for_each(F f) const
	{
		for (beater *each = first_; each; each = each->next)
			f(*each);
	}

private:
	beater *first_ = nullptr;
	beater *last_ = nullptr;
	unsigned int size_ = 0;
};

class heartbeat
{
public:
	heartbeat(const heartbeat_options &options, unsigned int threads, unsigned int period_us,
		  unsigned int log, unsigned int breaktrace, bool paused)
		: options_(options), at_first_(threads),
		  period_us_(period_us), live_{log, breaktrace}, paused_(paused)
	{
	}

	kthread::result<void> start() { return set_threads(at_first_); }

	[[gnu::noinline]] kthread::result<void> set_threads(unsigned int wanted)
	{
		beater_list other;

		if (wanted < threads_.size())
			threads_.split(wanted, other);
		if (wanted <= threads_.size())
			return {};
		if (auto made = make(wanted, other); !made)
			return made;
		if (!threads_.size())
			pr_info("loaded: %u threads, period %u us", wanted, period_us_);
		other.for_each([this](beater &each) { each.begin(paused_); });
		threads_.append(other);
		return {};
	}

	void set_period(unsigned int period_us)
	{
		period_us_ = period_us;
		threads_.for_each([=](beater &each) { each.set_period(period_us); });
	}

	void set_log(unsigned int log) { live_.log = log; }
	void set_breaktrace(unsigned int breaktrace) { live_.breaktrace = breaktrace; }

	void set_paused(bool paused)
	{
		paused_ = paused;
		threads_.for_each([=](beater &each) { each.set_paused(paused); });
	}

	void cpu_offline(unsigned int cpu)
	{
		threads_.for_each([=, this](beater &each) {
			if (options_.per_cpu && each.id() == cpu)
				each.cpu_offline();
		});
	}

	void cpu_online(unsigned int cpu)
	{
		threads_.for_each([=, this](beater &each) {
			if (!options_.per_cpu || each.id() == cpu)
				each.cpu_online(paused_);
		});
	}

	template <class F>
	void for_each(F f) const
	{
		threads_.for_each(f);
	}

private:
	kthread::result<void> make(unsigned int wanted, beater_list &made)
	{
		int cpu = -1;

		for (unsigned int id = threads_.size(); id < wanted; ++id) {
			if (options_.per_cpu)
				cpu = heartbeat_next_cpu(cpu);

			std::unique_ptr<beater> next(new (std::nothrow) beater(
				options_, live_, period_us_,
				options_.per_cpu ? static_cast<unsigned int>(cpu) : id));
			kthread::result<void> created = std::unexpected(kthread::errno_t::ENOMEM);

			if (next)
				created = next->create();
			if (!created) {
				pr_err("threads=%u: %u of them were made, the next one not: errno "
				       "%d",
				       wanted, id, -kthread::to_errno(created));
				return created;
			}
			made.append(std::move(next));
		}
		return {};
	}

	const heartbeat_options &options_;
	const unsigned int at_first_;
	unsigned int period_us_;
	live_settings live_;
	bool paused_;
	beater_list threads_;
};

constinit kthread::static_object<heartbeat> beating;
} // namespace

int heartbeat_start(const heartbeat_options *options, unsigned int threads, unsigned int period_us,
		    unsigned int log, unsigned int breaktrace, bool paused)
{
	return kthread::to_errno(
		beating.emplace(*options, threads, period_us, log, breaktrace, paused));
}

void heartbeat_stop()
{
	beating.reset();
}

int heartbeat_set_threads(unsigned int threads)
{
	return kthread::to_errno(beating->set_threads(threads));
}

int heartbeat_set_period(unsigned int period_us)
{
	beating->set_period(period_us);
	return 0;
}

int heartbeat_set_log(unsigned int log)
{
	beating->set_log(log);
	return 0;
}

int heartbeat_set_breaktrace(unsigned int breaktrace)
{
	beating->set_breaktrace(breaktrace);
	return 0;
}

int heartbeat_reset(unsigned int)
{
	beating->for_each([](beater &each) { each.reset(); });
	return 0;
}

int heartbeat_set_paused(unsigned int paused)
{
	beating->set_paused(paused);
	return 0;
}

void heartbeat_cpu_offline(unsigned int cpu)
{
	beating->cpu_offline(cpu);
}

void heartbeat_cpu_online(unsigned int cpu)
{
	beating->cpu_online(cpu);
}

void heartbeat_for_each(void (*show)(const heartbeat_status *status, void *data), void *data)
{
	beating->for_each([=](const beater &each) {
		heartbeat_status status;

		each.get(status);
		show(&status, data);
	});
}
