/// What Linux remembers of a connection beyond RFC 9293's variables, and only a policy that goes by it keeps.
#pragma once

#include <cstddef>

#include "spec/numbers/reading.hpp"
#include "spec/tcp/rare_list.hpp"
#include "spec/tcp/segment.hpp"

namespace halfopen {

/// One segment's text, and perhaps a FIN behind it, that came before what lies between it and RCV.NXT; or
/// several that follow each other without a gap.
template <class R>
struct KeptStretch {
    bool fin = false;
    typename R::Word begin{};
    typename R::Word end{};  ///< behind the FIN

    friend bool operator==(const KeptStretch&, const KeptStretch&) = default;
};

/// tp->out_of_order_queue, a tree by SEG.SEQ: from left to right, none within another.
template <class R>
struct KeptText {
    RareList<KeptStretch<R>> stretches;

    friend bool operator==(const KeptText&, const KeptText&) = default;

    bool absent() const { return stretches.empty(); }
};

template <class Archive, class T>
requires requires(T& x) {
    x.fin;
    x.begin;
    x.end;
}
void fields(Archive& ar, T& x) {
    ar("fin", x.fin);
    ar("begin", x.begin);
    ar("end", x.end);
}
template <class Archive, class T>
requires requires(T& x) { x.stretches; }
void fields(Archive& ar, T& x) { ar("stretches", x.stretches); }

/// tcp_data_queue_ofo() of Linux: nothing is kept that is there already, what follows without a gap joins its
/// neighbour (tcp_ooo_try_coalesce()), and what the new one covers goes.  A FIN in the midst stays where its
/// segment stays.  Read in CachyOS/linux@19599a29 net/ipv4/tcp_input.c; there what a joined one covers stays
/// in the queue, until tcp_ofo_queue() drops it with its FIN, as not after RCV.NXT.
template <Reading R>
void keep(R& r, KeptText<R>& kept, const KeptStretch<R>& more) {
    auto& all = kept.stretches;
    std::size_t at = all.size();  // the first one that begins right of it
    while (at > 0 && r.decide(r.before(more.begin, all[at - 1].begin))) --at;
    if (at > 0 && r.decide(r.equal(more.begin, all[at - 1].end))) {
        --at;
        all[at].end = more.end;
        all[at].fin |= more.fin;
    } else if (at > 0 && r.decide(not_after(r, more.end, all[at - 1].end))) {
        return;
    } else {
        if (at > 0 && r.decide(r.equal(more.begin, all[at - 1].begin))) all.erase(--at);
        all.insert(at, more);
    }
    const typename R::Word end = all[at].end;
    while (at + 1 < all.size() && r.decide(not_after(r, all[at + 1].end, end))) all.erase(at + 1);
}

}  // namespace halfopen
