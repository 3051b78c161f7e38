/// Walks over all that a world is made of.
#pragma once

#include <type_traits>
#include <utility>

#include "spec/world/world.hpp"

namespace halfopen {

/// Calls visit(Leaf&) for every Leaf, which is Number or Address, wherever it stands.
template <class Leaf, class Visit>
class LeafVisitor {
   public:
    explicit LeafVisitor(Visit visit) : visit_(std::move(visit)) {}
    template <class T>
    void operator()(const char* /*name*/, T& value) {
        go(value);
    }

   private:
    template <class T>
    void go(T& value) {
        using Plain = std::remove_const_t<T>;
        if constexpr (std::is_same_v<Plain, Leaf>) {
            visit_(value);
        } else if constexpr (std::is_same_v<Plain, Number> || std::is_same_v<Plain, Address>) {
            // the other kind of leaf
        } else if constexpr (requires { value.begin(); }) {
            for (auto& element : value) go(element);
        } else if constexpr (requires { value.absent(); }) {
            if (!value.absent()) fields(*this, value);
        } else if constexpr (std::is_class_v<T>) {
            fields(*this, value);
        }
    }
    Visit visit_;
};

template <class Visit>
struct NumberVisitor : LeafVisitor<Number, Visit> {
    explicit NumberVisitor(Visit visit) : LeafVisitor<Number, Visit>(std::move(visit)) {}
};
template <class Visit>
struct AddressVisitor : LeafVisitor<Address, Visit> {
    explicit AddressVisitor(Visit visit) : LeafVisitor<Address, Visit>(std::move(visit)) {}
};

}  // namespace halfopen
