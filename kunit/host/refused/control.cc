// SPDX-License-Identifier: GPL-2.0
//
// Not refused, or the build is broken in another way: what comes close to the things that are.
#include <atomic>
#include <expected>
#include <memory>

class base
{
public:
	virtual int f() const = 0;

protected:
	~base() = default;
};
class derived final : public base
{
	int f() const override { return 1; }
};

static constinit derived object;
static constinit std::atomic<long> count{1};

std::expected<int, int> control(const base &other, long divisor)
{
	static constinit int calls;
	auto memory = std::make_unique<int>(static_cast<int>(1.5 * 2));

	if (!memory || !divisor)
		return std::unexpected(-12);
	count.fetch_add(static_cast<const base &>(object).f() / divisor);
	return *memory + other.f() + ++calls;
}
