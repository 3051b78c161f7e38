#include "spec/world/packing.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

#include "spec/world/bit_stream.hpp"
#include "spec/world/model.hpp"

namespace halfopen {

namespace {

/// Bits that an enumeration takes where every value fits; 0: a byte, and only one bit for the first value.
template <class T>
inline constexpr unsigned fixed_width = 0;
template <>
inline constexpr unsigned fixed_width<TrackState> = 4;
static_assert(track_state_count <= 16);

template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t n>
inline constexpr bool is_array<std::array<T, n>> = true;

/// In a world without clocks these are absent throughout, and take no bit.
template <class T>
inline constexpr bool needs_clock = false;
template <>
inline constexpr bool needs_clock<TimestampOption<ConcreteReading>> = true;
template <>
inline constexpr bool needs_clock<TimestampMemory<ConcreteReading>> = true;
template <>
inline constexpr bool needs_clock<SynTimestamps<ConcreteReading>> = true;

/// A world's addresses in order of appearance: each is written out once, then only its index.  Where there
/// are more, the rest are written out every time.
class AddressList {
   public:
    static constexpr unsigned index_bits = 4;
    static constexpr std::size_t capacity = (1U << index_bits) - 1;

    /// The index, or else the one that it gets now (capacity where the list is full).
    std::pair<std::size_t, bool> index_of(const Address& address) {
        for (std::size_t i = 0; i < size_; ++i) {
            if (known_[i] == address) return {i, true};
        }
        add(address);
        return {last_, false};
    }
    void add(const Address& address) {
        last_ = size_;
        if (size_ < capacity) known_[size_++] = address;
    }
    std::size_t size() const { return size_; }
    const Address& operator[](std::size_t i) const { return known_[i]; }

   private:
    std::array<Address, capacity> known_{};  // the first is the address that nobody has
    std::size_t size_ = 1;
    std::size_t last_ = 0;
};

constexpr unsigned slot_bits = 3;
constexpr OriginSlot long_slot = (1U << slot_bits) - 1;  ///< this one and those above it take a byte more

/// Where no host has a clock nothing is written of timestamps.  A host that has one keeps it in every world,
/// and with it the clock's origin.
bool any_clock(const std::vector<Origin>& origins) {
    return std::any_of(origins.begin(), origins.end(),
                       [](const Origin& origin) { return is_clock(origin.role); });
}

class Writer {
   public:
    Writer(BitWriter& out, const std::vector<Origin>& origins)
        : out_(out), origins_(origins), clocks_(any_clock(origins)) {}

    template <class T>
    void operator()(const char* /*name*/, const T& value) {
        write(value);
    }
    template <class T>
    void write(const T& value) {
        if constexpr (std::is_same_v<T, bool>) {
            out_.bits(value ? 1U : 0U, 1);
        } else if constexpr (fixed_width<T> != 0) {
            out_.bits(static_cast<std::uint32_t>(value), fixed_width<T>);
        } else if constexpr (std::is_enum_v<T> || std::is_same_v<T, std::uint8_t>) {
            out_.byte(static_cast<std::uint8_t>(value));
        } else if constexpr (std::is_same_v<T, std::uint32_t>) {
            out_.integer(value + 1U);  // timer_off, the commonest value, becomes 0
        } else if constexpr (std::is_integral_v<T>) {
            static_assert(sizeof(T) <= sizeof(std::uint32_t));
            out_.integer(value);
        } else if constexpr (std::is_same_v<T, Number>) {
            write_number(value);
        } else if constexpr (std::is_same_v<T, Address>) {
            write_address(value);
        } else if constexpr (is_array<T>) {
            for (const auto& element : value) write(element);
        } else if constexpr (requires { value.begin(); }) {
            out_.integer(static_cast<std::uint32_t>(value.size()));
            for (const auto& element : value) write(element);
        } else if constexpr (requires { value.absent(); }) {
            if (needs_clock<T> && !clocks_) return;
            out_.bits(value.absent() ? 0U : 1U, 1);
            if (!value.absent()) fields(*this, value);
        } else {
            fields(*this, value);
        }
    }

   private:
    /// The drift from the origin; zigzag, so that small distances either way are short.
    void write_number(const Number& number) {
        out_.bits(std::min(number.origin, long_slot), slot_bits);
        if (number.origin >= long_slot) out_.byte(number.origin);
        const std::uint32_t drift = number.value - origins_[number.origin].value;
        out_.integer((drift << 1U) ^ (0U - (drift >> 31U)));
    }
    void write_address(const Address& address) {
        const auto [index, known] = addresses_.index_of(address);
        out_.bits(static_cast<std::uint32_t>(index), AddressList::index_bits);
        if (known) return;
        out_.integer(address.ip);
        out_.integer(address.port);
    }

    BitWriter& out_;
    const std::vector<Origin>& origins_;
    bool clocks_;
    AddressList addresses_;
};

class Reader {
   public:
    /// origins: already read.
    Reader(BitReader& in, const std::vector<Origin>& origins)
        : in_(in), origins_(origins), clocks_(any_clock(origins)) {}

    template <class T>
    void operator()(const char* /*name*/, T& value) {
        read(value);
    }
    template <class T>
    void read(T& value) {
        if constexpr (std::is_same_v<T, bool>) {
            value = in_.bits(1) != 0;
        } else if constexpr (fixed_width<T> != 0) {
            value = static_cast<T>(in_.bits(fixed_width<T>));
        } else if constexpr (std::is_enum_v<T> || std::is_same_v<T, std::uint8_t>) {
            value = static_cast<T>(in_.byte());
        } else if constexpr (std::is_same_v<T, std::uint32_t>) {
            value = in_.integer() - 1U;
        } else if constexpr (std::is_integral_v<T>) {
            value = static_cast<T>(in_.integer());
        } else if constexpr (std::is_same_v<T, Number>) {
            read_number(value);
        } else if constexpr (std::is_same_v<T, Address>) {
            read_address(value);
        } else if constexpr (is_array<T>) {
            for (auto& element : value) read(element);
        } else if constexpr (requires { value.begin(); }) {
            value.resize(in_.integer());
            for (auto& element : value) read(element);
        } else if constexpr (requires { value.absent(); }) {
            value = {};
            if ((!needs_clock<T> || clocks_) && in_.bits(1) != 0) fields(*this, value);
        } else {
            fields(*this, value);
        }
    }

   private:
    void read_number(Number& number) {
        number.origin = static_cast<OriginSlot>(in_.bits(slot_bits));
        if (number.origin == long_slot) number.origin = in_.byte();
        const std::uint32_t zigzag = in_.integer();
        number.value = origins_[number.origin].value + ((zigzag >> 1U) ^ (0U - (zigzag & 1U)));
    }
    void read_address(Address& address) {
        const std::size_t index = in_.bits(AddressList::index_bits);
        if (index < addresses_.size()) {
            address = addresses_[index];
            return;
        }
        address.ip = in_.integer();
        address.port = static_cast<std::uint16_t>(in_.integer());
        addresses_.add(address);
    }

    BitReader& in_;
    const std::vector<Origin>& origins_;
    bool clocks_;
    AddressList addresses_;
};

std::size_t kept_bytes(const ConcreteTcb& tcb) {
    return tcb.kept_text.stretches.size() * sizeof(KeptStretch<ConcreteReading>);
}

/// No member takes more than twice its size in memory, its share of the bits included.
std::size_t most_bytes(const World& world) {
    std::size_t size = sizeof(World) + world.origins.size() * sizeof(Origin);
    for (const ClientState& client : world.clients) size += sizeof client + kept_bytes(client.tcb);
    for (const NatState& nat : world.nats)
        size += sizeof nat + nat.table.entries.size() * sizeof(ConntrackEntry<ConcreteReading>);
    for (const ServerState& server : world.servers) {
        size += sizeof server + server.peers.list.size() * sizeof(PeerStamp);
        for (const ConcreteTcb& tcb : server.connections) size += sizeof tcb + kept_bytes(tcb);
    }
    for (const auto& link : world.links) size += sizeof link + link.size() * sizeof(InFlight);
    return 2 * size;
}

}  // namespace

void pack_world(const World& world, std::vector<std::byte>& out) {
    BitWriter bits(out, most_bytes(world));
    Writer writer(bits, world.origins);
    bits.byte(static_cast<std::uint8_t>(world.origins.size()));
    for (const Origin& origin : world.origins) {
        bits.byte(origin.role);
        bits.integer(origin.value);
    }
    fields(writer, world);
    bits.finish();
}

void unpack_world(std::span<const std::byte> bytes, World& world) {
    BitReader bits(bytes);
    world.origins.resize(bits.byte());
    for (Origin& origin : world.origins) {
        origin.role = bits.byte();
        origin.value = bits.integer();
    }
    Reader reader(bits, world.origins);
    fields(reader, world);
}

World unpack_world(std::span<const std::byte> bytes) {
    World world;
    unpack_world(bytes, world);
    return world;
}

}  // namespace halfopen
