// SPDX-License-Identifier: GPL-2.0
#include "beat_ticker.hpp"
#include "beater_list.hpp"
#include "beating.hpp"
#include "kthread/jthread.hpp"
#include "kthread/static_object.hpp"
#include "measured.hpp"
#include "messages.hpp"

namespace
{
// A thread that beats, and what it measures.
class beater
{
public:
	beater(const heartbeat_options &options, const live_settings &live, unsigned int period_us,
	       unsigned int id)
		: options_(options), live_(live), id_(id), name_("%s/%u", options.name, id),
		  every_(options, id, period_us)
	{
	}
	beater(const beater &) = delete;
	beater &operator=(const beater &) = delete;
	// The compiler makes cold functions small, and the beat fast.
	[[gnu::cold]] ~beater() { thread_.reset(); }

	// The thread waits for begin() in an idle sleep, which does not count for the load average.
	[[gnu::cold]] kthread::result<void> create()
	{
		auto done = thread_.create(
			name_, [this](const kthread::stop_token &stop) { return run(stop); },
			options_.node);

		if (done && options_.method == HEARTBEAT_RUN)
			thread_.wake();
		if (done && is_bound())
			done = bind();
		if (done)
			done = schedule();
		if (done)
			thread_.wake();
		return done;
	}

	[[gnu::cold]] void begin(bool paused)
	{
		park(paused);
		pr_info("%s: created, pid %d", name_.c_str(), thread_.pid());
		begun_ = true;
		thread_.wake();
	}

	[[gnu::cold]] void set_period(unsigned int period_us)
	{
		every_.set_period_us(period_us);
		thread_.wake();
	}

	[[gnu::cold]] void set_paused(bool paused) { park(paused || offline_); }

	[[gnu::cold]] void cpu_offline()
	{
		offline_ = true;
		park(true);
	}

	[[gnu::cold]] void cpu_online(bool paused)
	{
		offline_ = false;
		park(paused);
	}

	// The thread does it, before its next beat.
	void reset() { measured_.reset(); }

	void request_stop() { thread_.request_stop(); }

	// The list calls request_stop() of all threads before, so that they stop side by side.
	[[gnu::cold]] void stop()
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

	[[gnu::cold]] void get(heartbeat_status &status) const
	{
		status.name = name_;
		status.pid = thread_.pid();
		status.cpu = thread_.cpu();
		status.state = thread_.state();
		measured_.get(status);
	}

	[[gnu::cold]] void show(void (*show)(const heartbeat_status *status, void *data),
				void *data) const
	{
		heartbeat_status status;

		get(status);
		show(&status, data);
	}

	beater *next = nullptr; // in its list

private:
	[[nodiscard]] bool is_bound() const { return options_.per_cpu || *options_.cpus; }

	[[gnu::cold]] kthread::result<void> bind()
	{
		if (options_.per_cpu)
			return thread_.bind_list(kthread::name("%u", id_));
		return thread_.bind_list(options_.cpus);
	}

	[[gnu::cold]] kthread::result<void> schedule()
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

	[[gnu::cold]] void park(bool wanted)
	{
		if (wanted == parked_)
			return;
		if (!wanted)
			every_.restart();
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
		every_.restart();
		pr_info("%s: running", name_.c_str());
		heartbeat_trace_start(name_, thread_.pid());
		while (every_.wait(stop)) {
			measured_.beat(static_cast<unsigned long long>(every_.late().count()),
				       every_.missed(), live_, [this] { return name_.c_str(); });
			if (is_bound())
				heartbeat_bind_again(options_.per_cpu ? static_cast<int>(id_) : -1);
		}
		heartbeat_trace_stop(measured_.beats(), measured_.missed());
		return 0;
	}

	const heartbeat_options &options_;
	const live_settings &live_;
	const unsigned int id_;
	const kthread::name name_;
	bool parked_ = false;
	bool offline_ = false;
	std::atomic<bool> begun_{false};
	beat_ticker every_;
	measured measured_;
	kthread::static_jthread<sizeof(void *)> thread_;
};

class heartbeat final : public beating
{
public:
	heartbeat(const heartbeat_options &options, unsigned int threads, unsigned int period_us,
		  unsigned int log, unsigned int breaktrace, bool paused)
		: beating(options, period_us, log, breaktrace, paused), at_first_(threads)
	{
	}

	kthread::result<void> start() { return set_threads(at_first_); }

	[[gnu::cold]] kthread::result<void> set_threads(unsigned int wanted) override
	{
		beater_list<beater> other;

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

	[[gnu::cold]] void set_period(unsigned int period_us) override
	{
		period_us_ = period_us;
		threads_.for_each([=](beater &each) { each.set_period(period_us); });
	}

	[[gnu::cold]] void set_paused(bool paused) override
	{
		paused_ = paused;
		threads_.for_each([=](beater &each) { each.set_paused(paused); });
	}

	[[gnu::cold]] void cpu_offline(unsigned int cpu) override
	{
		threads_.for_each([=, this](beater &each) {
			if (options_.per_cpu && each.id() == cpu)
				each.cpu_offline();
		});
	}

	[[gnu::cold]] void cpu_online(unsigned int cpu) override
	{
		threads_.for_each([=, this](beater &each) {
			if (options_.per_cpu && each.id() == cpu)
				each.cpu_online(paused_);
		});
	}

	[[gnu::cold]] void reset() override
	{
		threads_.for_each([](beater &each) { each.reset(); });
	}

	[[gnu::cold]] void for_each(void (*show)(const heartbeat_status *status, void *data),
				    void *data) const override
	{
		threads_.for_each([=](const beater &each) { each.show(show, data); });
	}

private:
	[[gnu::cold]] kthread::result<void> make(unsigned int wanted, beater_list<beater> &made)
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
				say_not_made(wanted, id, created.error());
				return created;
			}
			made.append(std::move(next));
		}
		return {};
	}

	const unsigned int at_first_;
	beater_list<beater> threads_;
};

constinit kthread::static_object<heartbeat> by_threads;
} // namespace

[[gnu::cold]] kthread::result<void> start_threads(const heartbeat_options &options,
						  unsigned int threads, unsigned int period_us,
						  unsigned int log, unsigned int breaktrace,
						  bool paused)
{
	return by_threads.emplace(options, threads, period_us, log, breaktrace, paused);
}

[[gnu::cold]] void stop_threads()
{
	by_threads.reset();
}
