#include "spec/world/world_rows.hpp"

#include <array>
#include <cstring>

namespace halfopen {

namespace {

constexpr unsigned digit_bits = 7;
constexpr std::uint32_t digit = (1U << digit_bits) - 1;

/// In base 128, the lowest digit first.
void append(std::uint32_t number, std::vector<std::byte>& out) {
    for (; number > digit; number >>= digit_bits) out.push_back(static_cast<std::byte>(number | (digit + 1)));
    out.push_back(static_cast<std::byte>(number));
}

std::uint32_t take(const std::byte*& next) {
    std::uint32_t number = 0;
    for (unsigned shift = 0;; shift += digit_bits) {
        const auto byte = static_cast<std::uint32_t>(*next++);
        number |= (byte & digit) << shift;
        if (byte <= digit) return number;
    }
}

/// Equal for certain.  Where padding differs the answer is no, and only time is lost.
template <class T>
bool same_at_a_glance(const T& a, const T& b) {
    if constexpr (std::is_trivially_copyable_v<T>)
        return std::memcmp(&a, &b, sizeof a) == 0;
    else
        return a == b;
}

bool same_at_a_glance(const ConcreteTcb& a, const ConcreteTcb& b) {
    using Variables = TcbVariables<ConcreteReading>;
    return same_at_a_glance<Variables>(a, b) && a.kept_text == b.kept_text;
}

template <class T>
inline constexpr bool is_row_array = false;
template <class T, std::size_t n>
inline constexpr bool is_row_array<std::array<T, n>> = true;

}  // namespace

/// A world's neighbour in the search has most of its parts, so it is asked first.
template <class T>
std::uint32_t WorldRows::Parts<T>::number(const T& part) {
    if (at == last.size())
        last.push_back(pool.number(part));
    else if (!same_at_a_glance(pool[last[at]], part))
        last[at] = pool.number(part);
    return last[at++];
}

class WorldRows::Writer {
   public:
    explicit Writer(WorldRows& rows) : rows_(rows) {}

    template <class T>
    void operator()(const char* /*name*/, const T& value) {
        write(value);
    }
    template <class T>
    void write(const T& value) {
        if constexpr (std::is_same_v<T, Link>) {
            // Most are empty.
            append(value.empty() ? 0 : 1, rows_.frame_);
            if (!value.empty()) rows_.numbers_.push_back(rows_.links_.number(value));
        } else if constexpr (is_part<T>) {
            rows_.numbers_.push_back(rows_.parts<T>().number(value));
        } else if constexpr (std::is_same_v<T, std::uint32_t>) {
            append(value + 1U, rows_.frame_);  // timer_off, the commonest value, becomes 0
        } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
            static_assert(sizeof(T) < sizeof(std::uint32_t));
            append(static_cast<std::uint32_t>(value), rows_.frame_);
        } else if constexpr (std::is_same_v<T, Number>) {
            append(value.value, rows_.frame_);
            append(value.origin, rows_.frame_);
        } else if constexpr (is_row_array<T>) {
            for (const auto& element : value) write(element);
        } else if constexpr (requires { value.begin(); }) {
            append(static_cast<std::uint32_t>(value.size()), rows_.frame_);
            for (const auto& element : value) write(element);
        } else {
            fields(*this, value);
        }
    }

   private:
    WorldRows& rows_;
};

class WorldRows::Reader {
   public:
    Reader(const WorldRows& rows, const std::byte* frame, const std::byte* numbers)
        : rows_(rows), frame_(frame), numbers_(numbers) {}

    template <class T>
    void operator()(const char* /*name*/, T& value) {
        read(value);
    }
    template <class T>
    void read(T& value) {
        if constexpr (std::is_same_v<T, Link>) {
            if (take(frame_) == 0)
                value.clear();
            else
                value = rows_.links_.pool[take(numbers_)];
        } else if constexpr (is_part<T>) {
            value = rows_.parts<T>().pool[take(numbers_)];
        } else if constexpr (std::is_same_v<T, std::uint32_t>) {
            value = take(frame_) - 1U;
        } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
            value = static_cast<T>(take(frame_));
        } else if constexpr (std::is_same_v<T, Number>) {
            value.value = take(frame_);
            value.origin = static_cast<OriginSlot>(take(frame_));
        } else if constexpr (is_row_array<T>) {
            for (auto& element : value) read(element);
        } else if constexpr (requires { value.begin(); }) {
            value.resize(take(frame_));
            for (auto& element : value) read(element);
        } else {
            fields(*this, value);
        }
    }

   private:
    const WorldRows& rows_;
    const std::byte* frame_;
    const std::byte* numbers_;
};

void WorldRows::pack(const World& world, std::vector<std::byte>& out) {
    frame_.clear();
    numbers_.clear();
    clients_.at = entries_.at = connections_.at = links_.at = origins_.at = frames_.at = 0;
    Writer writer(*this);
    fields(writer, world);
    append(frames_.number(frame_), out);
    append(origins_.number(world.origins), out);
    for (const std::uint32_t number : numbers_) append(number, out);
}

void WorldRows::unpack(std::span<const std::byte> row, World& world) const {
    const std::byte* next = row.data();
    const Frame& frame = frames_.pool[take(next)];
    world.origins = origins_.pool[take(next)];
    Reader reader(*this, frame.data(), next);
    fields(reader, world);
}

}  // namespace halfopen
