// SPDX-License-Identifier: GPL-2.0
//
// Who may touch which byte: the heap, dead frames, and data races by vector clocks.
#include "engine.hpp"

#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

// The section in which the Makefile gathers them.
extern "C" explore::u8 __start_library_statics[], __stop_library_statics[];

namespace explore
{
undo_log<location> old_locations;
location locations[1 << 14];

namespace
{
enum byte_state : u8 { untouched, alive, dead };
constexpr u8 no_fiber = 255;

// The first byte of a cell stands for all of its bytes, until one of them is accessed alone.
struct shadow_byte {
	u32 generation;
	byte_state state : 7;
	bool is_split : 1;
	u8 writer;
	u16 written;
	u16 seen[max_fibers];
};
constexpr u64 cell_size = 4;

bool is_seen_by_any(const shadow_byte &byte)
{
	u64 words[(max_fibers * sizeof(u16) + 7) / 8] = {}, all = 0;

	memcpy(words, byte.seen, sizeof(byte.seen));
	for (u64 word : words)
		all |= word;
	return all;
}

struct heap_block {
	u64 offset, size;
	bool live;
};

shadow_byte *shadow;
undo_log<shadow_byte> old_bytes;
u64 *in_frame; // a bit for each cell of a stack that a frame has used which is not dead
std::vector<heap_block> blocks;
std::vector<heap_block> reusable;
bool reuse, leaks_are_meant;
std::vector<u8> statics; // of the library, as they are at the start
char heap_lock;          // the location of what the allocator does when addresses are used again

constexpr u64 arena_size = max_fibers * per_fiber;

shadow_byte &shadow_of(u64 offset)
{
	shadow_byte &byte = shadow[offset];

	if (byte.generation != generation) {
		byte = {};
		byte.generation = generation;
		byte.writer = no_fiber;
	}
	return byte;
}

u64 offset_of(const void *address)
{
	return static_cast<u64>(static_cast<const u8 *>(address) - arena);
}

bool is_heap(u64 offset)
{
	return offset % per_fiber < heap_size;
}

void set_in_frame(u64 offset, bool is)
{
	const u64 cell = offset / cell_size, bit = 1ull << cell % 64;

	in_frame[cell / 64] = is ? in_frame[cell / 64] | bit : in_frame[cell / 64] & ~bit;
}

bool is_whole(u64 offset, u64 size)
{
	return offset % cell_size == 0 && size >= cell_size && !shadow_of(offset).is_split;
}

void split(u64 offset)
{
	const u64 first = offset / cell_size * cell_size;
	shadow_byte &cell = shadow_of(first);

	if (cell.is_split)
		return;
	old_bytes.keep(cell);
	cell.is_split = true;
	for (u64 i = 1; i < cell_size; ++i)
		shadow[first + i] = cell;
}

// All that has been done to these bytes is over.
void renew(u64 offset, u64 size, const shadow_byte &byte)
{
	for (u64 end = offset + size; offset < end;) {
		const bool whole = offset % cell_size == 0 && end - offset >= cell_size;

		if (!whole)
			split(offset);
		shadow_byte &renewed = shadow_of(offset);

		old_bytes.keep(renewed);
		renewed = byte;
		renewed.is_split = !whole;
		offset += whole ? cell_size : 1;
	}
}

// Without keeps, it is the last access, and the caller writes down what becomes of the byte.
template <bool keeps>
void check_byte(u64 offset, const void *address, bool is_write, bool atomic)
{
	const fiber &self = fibers[running];
	const vector_clock &clock = known[running].clock;
	shadow_byte &byte = shadow_of(offset);
	const int owner = static_cast<int>(offset / per_fiber);

	if (!is_heap(offset)) {
		// A new frame of its own stands where an old one was.
		if (owner == running && byte.state == dead) {
			const bool is_split = byte.is_split;

			old_bytes.keep(byte);
			byte = {};
			byte.generation = generation;
			byte.writer = no_fiber;
			byte.is_split = is_split;
		}
		set_in_frame(offset, true);
		if (byte.state == dead ||
		    (owner != running && (fibers[owner].done ||
					  address < static_cast<const void *>(fibers[owner].sp)))) {
			tell(running, is_write ? "writes to a dead frame" : "reads a dead frame",
			     address);
			fail("use after return: %s touches the stack of %s", self.name,
			     fibers[owner].name);
		}
	} else if (byte.state != alive) {
		tell(running, is_write ? "writes freed memory" : "reads freed memory", address);
		fail("%s by %s", byte.state == dead ? "use after free" : "wild access", self.name);
	}
	if (atomic)
		return;

	if (!is_write && byte.seen[running] == clock.at[running])
		return;

	int other = byte.writer;
	bool race = other != no_fiber && other != running && byte.written > clock.at[other];
	for (int i = 0; is_write && !race && i < fiber_count && is_seen_by_any(byte); ++i) {
		if (i != running && byte.seen[i] > clock.at[i]) {
			race = true;
			other = i;
		}
	}
	if (race) {
		tell(running, is_write ? "races by writing" : "races by reading", address);
		fail("data race of %s and %s", self.name, fibers[other].name);
	}
	if (!keeps || (is_write && byte.writer == running && byte.written == clock.at[running] &&
		       !is_seen_by_any(byte)))
		return;
	old_bytes.keep(byte);
	if (is_write) {
		byte.writer = static_cast<u8>(running);
		byte.written = clock.at[running];
		memset(byte.seen, 0, sizeof(byte.seen));
	} else {
		byte.seen[running] = clock.at[running];
	}
}

template <bool keeps>
void check_bytes(u64 offset, const void *address, u64 size, bool is_write, bool atomic)
{
	for (u64 i = 0; i < size;) {
		const bool whole = is_whole(offset + i, size - i);

		if (!whole)
			split(offset + i);
		check_byte<keeps>(offset + i, address, is_write, atomic);
		i += whole ? cell_size : 1;
	}
}

// It comes after all that others have done to it.
shadow_byte dead_byte()
{
	return {generation, dead, false, static_cast<u8>(running), known[running].clock.at[running],
		{}};
}
} // namespace

location &location_of(const void *address)
{
	for (u64 i = reinterpret_cast<u64>(address) * 0x9E3779B97F4A7C15ull >> 50;; ++i) {
		location &at = locations[i & ((1 << 14) - 1)];

		if (at.generation != generation) {
			at = {};
			at.address = address;
			at.generation = generation;
			at.written = reinterpret_cast<u64>(address);
			return at;
		}
		if (at.address == address)
			return at;
	}
}

void set_up_memory()
{
	// At the same place each time, so that a story is the same each time.
	arena = static_cast<u8 *>(mmap(reinterpret_cast<void *>(0x10000000000), arena_size,
				       PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	shadow = static_cast<shadow_byte *>(calloc(arena_size, sizeof(shadow_byte)));
	in_frame = static_cast<u64 *>(calloc(arena_size / cell_size / 64, sizeof(u64)));
	if (arena == MAP_FAILED || !shadow || !in_frame)
		abort();
	statics.assign(__start_library_statics, __stop_library_statics);
}

void reset_memory()
{
	blocks.clear();
	reusable.clear();
	reuse = leaks_are_meant = false;
	memcpy(__start_library_statics, statics.data(), statics.size());
}

void reuse_addresses()
{
	reuse = true;
}

void memory_may_stay()
{
	leaks_are_meant = true;
}

void check_access(const void *address, unsigned long size, bool is_write, bool atomic)
{
	const u64 offset = offset_of(address);

	if (running < 0 || replaying || offset >= arena_size)
		return;
	check_bytes<true>(offset, address, size, is_write, atomic);
}

size_t mark_memory()
{
	return old_bytes.mark();
}

void go_back_memory(size_t mark)
{
	old_bytes.go_back(mark, [](const shadow_byte &byte) {
		const u64 first = static_cast<u64>(&byte - shadow) / cell_size * cell_size;

		if (is_heap(first))
			return;
		const u64 bytes = shadow[first].is_split ? cell_size : 1;
		bool is = false;

		for (u64 i = first; i < first + bytes; ++i)
			is |= shadow[i].generation == generation && shadow[i].state != dead;
		set_in_frame(first, is);
	});
}

void touch(const void *address, unsigned long size, bool is_write)
{
	check_access(address, size, is_write, true);
}

void frame_is_dead(const void *from, const void *to)
{
	const u64 low = offset_of(from), high = offset_of(to);

	if (running < 0 || replaying || low >= arena_size || high >= arena_size)
		return;
	const u64 first = low / cell_size, last = (high - 1) / cell_size;
	for (u64 word = first / 64; word <= last / 64; ++word) {
		u64 bits = in_frame[word];

		if (word == first / 64)
			bits &= ~0ull << first % 64;
		if (word == last / 64)
			bits &= ~0ull >> (63 - last % 64);
		for (; bits; bits &= bits - 1) {
			const u64 i =
				(word * 64 + static_cast<u64>(__builtin_ctzll(bits))) * cell_size;

			check_bytes<false>(i, arena + i, cell_size, true, false);
			old_bytes.keep(shadow[i]);
			shadow[i] = dead_byte();
			set_in_frame(i, false);
		}
	}
}

void stack_is_dead(int number)
{
	u8 *const base = arena + static_cast<u64>(number) * per_fiber;

	frame_is_dead(base + heap_size, base + per_fiber);
}

void *allocate(unsigned long size, unsigned long align)
{
	fiber &self = fibers[running];
	u64 offset = 0;

	if (reuse) {
		step("kmalloc: takes memory", &heap_lock, rmw);
		for (auto i = reusable.begin(); i != reusable.end(); ++i) {
			if (i->size == size && i->offset % align == 0) {
				offset = i->offset;
				reusable.erase(i);
				break;
			}
		}
	}
	if (!offset) {
		const u64 top = (self.heap_top + align - 1) & ~(align - 1);

		if (top + size + 16 > heap_size)
			fail("the heap of %s is full", self.name);
		// A gap, so that what is behind an object belongs to none.
		self.heap_top = static_cast<u32>(top + size + 16);
		offset = static_cast<u64>(running) * per_fiber + top;
	}
	blocks.push_back({offset, size, true});
	shadow_byte byte = {generation,
			    alive,
			    false,
			    static_cast<u8>(running),
			    known[running].clock.at[running],
			    {}};
	if (!replaying)
		renew(offset, size, byte);
	memset(arena + offset, 0xCD, size);
	return arena + offset;
}

void release_memory(void *memory)
{
	const u64 offset = offset_of(memory);

	if (!memory)
		return;
	if (offset >= arena_size) {
		free(memory); // the explorer's own
		return;
	}
	if (reuse)
		step("kfree", &heap_lock, rmw);
	for (heap_block &block : blocks) {
		if (block.offset != offset || (!block.live && reuse))
			continue;
		tell(running, "frees", memory);
		if (!block.live)
			fail("double free");
		if (!replaying)
			check_bytes<false>(offset, memory, block.size, true, false);
		kernel_freed(memory, block.size);
		block.live = false;
		if (!replaying)
			renew(offset, block.size, dead_byte());
		memset(memory, 0xDD, block.size);
		if (reuse)
			reusable.insert(reusable.begin(), block);
		return;
	}
	fail("free of what was not allocated");
}

int living_blocks()
{
	int count = 0;

	for (const heap_block &block : blocks)
		count += block.live && !leaks_are_meant;
	return count;
}
} // namespace explore
