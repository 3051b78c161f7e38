/// Carries actors between the two readings by the fields() lists, so that no member can be forgotten.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "solver/z3_reading.hpp"
#include "spec/nat/nat.hpp"
#include "spec/policy/policy_library.hpp"
#include "spec/tcp/endpoint.hpp"
#include "spec/tcp/segment_fields.hpp"

namespace halfopen::testing {

inline PolicyLibrary shipped_policies() {
    return PolicyLibrary(std::filesystem::path(HALFOPEN_SOURCE_DIR) / "spec/policies");
}

/// A value of every type that an actor's members have, as plain numbers.  Of a symbolic number that is not
/// constant there is no such value: Z3 throws.
class Flattener {
   public:
    explicit Flattener(const Z3Reading* symbolic = nullptr) : symbolic_(symbolic) {}

    template <class T>
    void operator()(const char* name, const T& value) {
        names.push_back(name);
        add(value);
    }

    std::vector<const char*> names;
    std::vector<std::uint64_t> values;

   private:
    template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
    void add(T value) { values.push_back(static_cast<std::uint64_t>(value)); }
    void add(Number value) { values.push_back(value.value); }
    void add(const Address& value) { values.push_back(std::uint64_t{value.ip} << 16U | value.port); }
    template <class T, std::size_t n>
    void add(const std::array<T, n>& list) {
        for (const T& value : list) add(value);
    }
    template <class T>
    void add(const Z3Mark<T>& mark) {
        add(static_cast<T>(mark));
    }
    template <class Tag>
    void add(const Z3Bits<Tag>& value) {
        values.push_back(symbolic_->term(value).simplify().get_numeral_uint64());
    }

    /// As many records as there are.
    template <class T>
    void add(const RareList<T>& list) {
        values.push_back(list.size());
        for (const T& value : list) fields(*this, value);
    }
    /// A record within a record.
    template <class T>
    requires requires(const T& value) { value.absent(); }
    void add(const T& value) { fields(*this, value); }

    const Z3Reading* symbolic_;
};

template <class T>
std::vector<std::uint64_t> flat(const T& actor, const Z3Reading* symbolic = nullptr) {
    Flattener flattener(symbolic);
    fields(flattener, actor);
    return flattener.values;
}

/// The way back, into symbolic constants.
class Lifter {
   public:
    Lifter(const Z3Reading& symbolic, std::span<const std::uint64_t> values)
        : symbolic_(symbolic), values_(values) {}

    template <class T>
    void operator()(const char*, T& value) {
        set(value);
    }

   private:
    std::uint64_t next() {
        const std::uint64_t value = values_.front();
        values_ = values_.subspan(1);
        return value;
    }
    template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
    void set(T& value) { value = static_cast<T>(next()); }
    template <class T>
    void set(Z3Mark<T>& mark) {
        mark = static_cast<T>(next());
    }
    void set(Address& value) {
        const std::uint64_t both = next();
        value = {static_cast<std::uint32_t>(both >> 16U), static_cast<std::uint16_t>(both)};
    }
    template <class T, std::size_t n>
    void set(std::array<T, n>& list) {
        for (T& value : list) set(value);
    }
    template <class T>
    void set(RareList<T>& list) {
        list.resize(next());
        for (T& value : list) fields(*this, value);
    }
    template <class T>
    requires requires(const T& value) { value.absent(); }
    void set(T& value) { fields(*this, value); }
    void set(Z3Reading::Word& value) { value = symbolic_.literal(static_cast<std::uint32_t>(next())); }
    void set(Z3Reading::Size& value) { value = symbolic_.size(static_cast<std::uint32_t>(next())); }

    const Z3Reading& symbolic_;
    std::span<const std::uint64_t> values_;
};

template <template <class> class Actor>
Actor<Z3Reading> lifted(const Z3Reading& symbolic, const Actor<ConcreteReading>& actor) {
    const auto values = flat(actor);
    Actor<Z3Reading> result;
    Lifter lifter(symbolic, values);
    fields(lifter, result);
    return result;
}

}  // namespace halfopen::testing
