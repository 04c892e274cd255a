// SPDX-License-Identifier: GPL-2.0
//
// A failing schedule, told: which context, which operation and value, where in the source.
#include "engine.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

namespace explore
{
namespace
{
struct event {
	int fiber;
	const char *what;
	const void *address;
	const char *note;
	long value;
	bool preempted; // somebody else before it
	void *frames[12];
};

std::vector<event> events;
bool preempted;

struct place {
	std::string file, text;
	int line = 0;
};

std::string line_of(const std::string &file, int number)
{
	std::string text;
	char line[400] = "";

	if (FILE *source = fopen(file.c_str(), "r")) {
		while (number-- > 0 && fgets(line, sizeof(line), source))
			;
		fclose(source);
		line[strcspn(line, "\n")] = 0;
		text = line + strspn(line, " \t");
	}
	return text;
}

// All addresses by one call of addr2line: the innermost function comes first, also if it is inlined.
std::map<void *, std::vector<place>> find_places()
{
	std::map<void *, std::vector<place>> places;
	std::string command = "addr2line -a -i -e /proc/" + std::to_string(getpid()) + "/exe";
	char line[1000];

	for (const event &e : events) {
		for (void *pc : e.frames) {
			if (!pc || !places.insert({pc, {}}).second)
				continue;
			snprintf(line, sizeof(line), " %#lx", reinterpret_cast<long>(pc) - 1);
			command += line;
		}
	}

	FILE *output = popen((command + " 2>&1").c_str(), "r");
	void *pc = nullptr;
	while (output && fgets(line, sizeof(line), output)) {
		char *colon = strrchr(line, ':');

		if (!strncmp(line, "0x", 2)) {
			pc = reinterpret_cast<void *>(strtol(line, nullptr, 16) + 1);
		} else if (colon && line[0] == '/') {
			const int number = atoi(colon + 1);

			*colon = 0;
			places[pc].push_back({line, line_of(line, number), number});
		}
	}
	if (output)
		pclose(output);
	return places;
}

// The explorer, the model and the standard headers are not what the reader asks for.
bool is_of_interest(const place &at)
{
	static const char *const hidden[] = {"/cxxrt/",      "/hooks.cc",     "/engine.cc",
					     "/steps.cc",    "/memory.cc",    "/story.cc",
					     "/explore.hpp", "/scenario.hpp", "/model/"};

	for (const char *part : hidden) {
		if (at.file.find(part) != std::string::npos)
			return false;
	}
	return true;
}
} // namespace

void reset_story()
{
	events.clear();
	preempted = false;
}

void tell(int number, const char *what, const void *address)
{
	if (!option.story)
		return;

	event e = {number, what, address, nullptr, 0, preempted, {}};
	auto *frame = static_cast<void **>(__builtin_frame_address(0));
	u8 *const base = arena + static_cast<u64>(number) * per_fiber;

	// Only the running fiber's own; a store arrives from nowhere.
	for (void *&pc : e.frames) {
		if (reinterpret_cast<u8 *>(frame) < base ||
		    reinterpret_cast<u8 *>(frame) >= base + per_fiber)
			break;
		pc = frame[1];
		frame = static_cast<void **>(*frame);
	}
	preempted = false;
	events.push_back(e);
}

void tell_preemption()
{
	preempted = true;
}

void note(const char *what, long value)
{
	if (!option.story || events.empty())
		return;
	events.back().note = what;
	events.back().value = value;
}

void print_story()
{
	const auto places = find_places();
	std::vector<std::string> last(max_fibers);
	int before = -1;

	for (const event &e : events) {
		const place *at = nullptr;
		char value[64] = "", line[900];

		if (e.fiber != before)
			printf("%s-- %s\n", e.preempted ? "!!! preempted " : "",
			       fibers[e.fiber].name);
		before = e.fiber;
		for (void *pc : e.frames) {
			if (!pc || at)
				continue;
			for (const place &candidate : places.at(pc)) {
				if (!at && is_of_interest(candidate))
					at = &candidate;
			}
		}
		if (e.note && !strcmp(e.what, "starts a context"))
			snprintf(value, sizeof(value), "%s", e.note);
		else if (e.note)
			snprintf(value, sizeof(value), "%s %#lx", e.note, e.value);
		const size_t slash = at ? at->file.rfind('/') + 1 : 0;
		snprintf(line, sizeof(line), "%-30s %-26s %s%s%.0d\t%s", e.what, value,
			 at ? at->file.c_str() + slash : "", at ? ":" : "", 0, "");
		std::string text = line;
		if (at)
			text = text.substr(0, text.find('\t')) + std::to_string(at->line) + "\t" +
			       at->text;
		printf("   %-10s %s\n", fibers[e.fiber].name, text.c_str());
		last[e.fiber] = text;
	}
	printf("FAILED: %s\n", failure.empty() ? "no more" : failure.c_str());
	for (int i = 0; i < fiber_count; ++i) {
		const fiber &f = fibers[i];

		printf("   %-10s %s\n", f.name,
		       f.done         ? "has ended"
		       : f.held_up    ? "is held up"
		       : i == running ? "was running"
				      : ("is at: " + last[i]).c_str());
	}
}
} // namespace explore
