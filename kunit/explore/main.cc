// SPDX-License-Identifier: GPL-2.0
//
// explore [--list] [--bound N] [--tso] [--no-prune] [--limit SECONDS] [--replay SCHEDULE] [SCENARIO…]
#include "engine.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace explore;

namespace
{
// A schedule by one word: x with a store buffer, s without, the bound, then the choices in order, of
// which .5 stands for five times the first.
std::string schedule_text()
{
	std::string text;

	text += option.delays ? 'x' : 's';
	text += std::to_string(option.bound);

	for (size_t i = 0; i < decisions.size();) {
		size_t zeros = 0;

		while (i + zeros < decisions.size() && !decisions[i + zeros].chosen)
			++zeros;
		if (zeros)
			text += "." + std::to_string(zeros);
		i += zeros;
		if (i < decisions.size())
			text += std::string(1, static_cast<char>('a' + decisions[i++].chosen));
	}
	return text;
}

bool read_schedule(const char *text)
{
	char *end;

	option.delays = *text == 'x';
	option.bound = static_cast<int>(strtol(text + 1, &end, 10));
	if ((*text != 'x' && *text != 's') || end == text + 1)
		return false;
	for (text = end; *text; text = end) {
		end = const_cast<char *>(text) + 1;
		if (*text == '.')
			decisions.resize(decisions.size() + strtoul(text + 1, &end, 10));
		else if (*text >= 'a' && *text <= 'z')
			decisions.push_back({static_cast<u8>(*text - 'a'), 0});
		else
			return false;
	}
	return true;
}

const char *mode()
{
	return option.delays ? "store buffer" : "sequential";
}

// After a failure each bound from 0 on, so that the one that is told has the fewest preemptions.
bool explore_scenario(const scenario &scenario, int bound, double limit)
{
	search_result result;
	u64 schedules = 0;
	double seconds = 0;
	const auto search_to = [&](int to) {
		option.bound = to;
		result = search(scenario, limit);
		schedules += result.schedules;
		seconds += result.seconds;
		return result.last == outcome::fails;
	};

	if (search_to(bound)) {
		int fewest = 0;

		while (fewest < bound && !search_to(fewest))
			++fewest;
		if (result.last != outcome::fails)
			(void)search_to(bound);
	}

	char label[200];
	snprintf(label, sizeof(label), "explore: %s, %s, bound %d", scenario.name, mode(),
		 option.bound);
	if (result.last != outcome::fails) {
		if (!result.exhausted) {
			printf("not ok %s: given up after %.0f s and %llu schedules\n", label,
			       seconds, static_cast<unsigned long long>(schedules));
			return false;
		}
		if (scenario.fails) {
			printf("# %llu schedules\nnot ok %s: \"%s\" was expected and does not come: take the mark away\n",
			       static_cast<unsigned long long>(schedules), label, scenario.fails);
			return false;
		}
		printf("ok %s: exhausted, %llu schedules, %zu ends (%04llx), %llu steps, longest %u, %.2f s\n",
		       label, static_cast<unsigned long long>(result.schedules), result.ends,
		       static_cast<unsigned long long>(result.sum_of_ends & 0xffff),
		       static_cast<unsigned long long>(result.steps), result.longest, seconds);
		return true;
	}

	const std::string failed = failure, schedule = schedule_text();
	const bool as_expected =
		scenario.fails && !strncmp(failed.c_str(), scenario.fails, strlen(scenario.fails));
	if (as_expected) {
		printf("ok %s: fails as expected, after %llu schedules, %.2f s: %s\n", label,
		       static_cast<unsigned long long>(schedules), seconds, failed.c_str());
		printf("#   scripts/explore --replay %s %s\n", schedule.c_str(), scenario.name);
		return true;
	}
	replay(scenario);
	print_story();
	printf("not ok %s, after %llu schedules, %.2f s: %s\n", label,
	       static_cast<unsigned long long>(schedules), seconds, failed.c_str());
	printf("#   scripts/explore --replay %s %s\n", schedule.c_str(), scenario.name);
	return false;
}

bool is_picked(const scenario &scenario, char **names)
{
	if (!*names)
		return true;
	for (; *names; ++names) {
		if (!strcmp(scenario.name, *names))
			return true;
	}
	return false;
}

[[noreturn]] void usage()
{
	fprintf(stderr, "explore [--list] [--bound N] [--tso] [--no-prune] [--limit SECONDS]\n"
			"        [--replay SCHEDULE] [SCENARIO…]\n");
	exit(2);
}
} // namespace

int main(int count, char **arguments)
{
	int bound = -1;
	double limit = 0;
	bool list = false, ok = true, replays = false;

	setvbuf(stdout, nullptr, _IOLBF, 0);
	for (++arguments, --count; *arguments && !strncmp(*arguments, "--", 2); ++arguments) {
		const char *const name = *arguments;

		if (!strcmp(name, "--list"))
			list = true;
		else if (!strcmp(name, "--tso"))
			option.delays = 1;
		else if (!strcmp(name, "--no-prune"))
			option.prune = false;
		else if (!arguments[1])
			usage();
		else if (!strcmp(name, "--bound"))
			bound = atoi(*++arguments);
		else if (!strcmp(name, "--limit"))
			limit = atof(*++arguments);
		else if (!strcmp(name, "--replay") && read_schedule(*++arguments))
			replays = true;
		else
			usage();
	}
	if (bound < 0)
		bound = option.delays ? 2 : 3;
	set_up_memory();
	// A trap of the library's, or what a fault made of a pointer.
	for (int number : {SIGILL, SIGSEGV, SIGBUS, SIGFPE, SIGTRAP}) {
		struct sigaction action = {};

		action.sa_flags = SA_NODEFER;
		action.sa_handler = [](int signal) { fail("oops: signal %d", signal); };
		sigaction(number, &action, nullptr);
	}

	std::vector<const scenario *> all;
	for (const scenario *s = scenarios; s; s = s->next)
		all.insert(all.begin(), s);

	int picked = 0;
	for (const scenario *s : all) {
		if (!is_picked(*s, arguments))
			continue;
		++picked;
		if (list) {
			printf("%s\n", s->name);
		} else if (replays) {
			replay(*s);
			print_story();
			ok = false;
		} else if (option.delays ? !s->only_without : !s->only_with_store_buffer) {
			ok &= explore_scenario(*s, bound, limit);
		}
	}
	if (!picked) {
		fprintf(stderr, "explore: no such scenario\n");
		return 2;
	}
	return !ok;
}
