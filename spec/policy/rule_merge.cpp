#include "spec/policy/rule_merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace halfopen {

namespace {

class Merge {
   public:
    explicit Merge(std::vector<Rule> inherited) {
        for (Rule& rule : inherited) rows_.push_back({std::move(rule), {}, false});
    }

    void apply(WrittenRule written) {
        refuse_second(written);
        const std::size_t old = index_of(written.rule.id);
        const bool moves = written.before || written.after;
        if (written.remove) {
            if (old == rows_.size()) throw unknown_rule(written.rule.id, written.id_place);
            rows_.erase(position(old));
        } else if (old < rows_.size() && !moves) {
            rows_[old].rule = std::move(written.rule);
        } else {
            if (old < rows_.size()) rows_.erase(position(old));
            insert(std::move(written));
        }
    }

    std::vector<Rule> result() && {
        std::vector<Rule> rules;
        for (Row& row : rows_) rules.push_back(std::move(row.rule));
        return rules;
    }

   private:
    struct Row {
        Rule rule;
        std::string placed_after;  ///< the id it was put behind, by this file
        bool in_front = false;     ///< of what is inherited: the next rule without an anchor goes behind it
    };

    std::vector<Row>::difference_type offset(std::size_t index) const {
        return static_cast<std::vector<Row>::difference_type>(index);
    }
    std::vector<Row>::iterator position(std::size_t index) { return rows_.begin() + offset(index); }

    /// rows_.size() where there is none.
    std::size_t index_of(std::string_view id) const {
        const auto found =
            std::find_if(rows_.begin(), rows_.end(), [&](const Row& r) { return r.rule.id == id; });
        return static_cast<std::size_t>(found - rows_.begin());
    }

    void refuse_second(const WrittenRule& written) {
        const auto [first, fresh] = seen_.emplace(written.rule.id, written.id_place.line);
        if (!fresh)
            throw InputError(written.id_place, fmt::format("a second rule {}; the first is at line {}",
                                                           in_quotes(written.rule.id), first->second));
    }

    InputError unknown_rule(std::string_view id, const Place& place) const {
        std::vector<std::string_view> ids;
        for (const Row& row : rows_) ids.push_back(row.rule.id);
        return InputError(place, unknown_name("rule", id, ids));
    }

    std::size_t anchor(const PlacedText& id) const {
        const std::size_t index = index_of(id.text);
        if (index == rows_.size()) throw unknown_rule(id.text, id.place);
        return index;
    }

    void insert(WrittenRule written) {
        Row row{std::move(written.rule), {}, false};
        std::size_t at = 0;
        if (written.before) {
            at = anchor(*written.before);
            row.in_front = rows_[at].in_front;
        } else if (written.after) {
            // Behind those that this file has put there already, so that file order is kept.
            at = anchor(*written.after) + 1;
            row.in_front = rows_[at - 1].in_front;
            while (at < rows_.size() && rows_[at].placed_after == written.after->text) ++at;
            row.placed_after = written.after->text;
        } else {
            for (std::size_t i = 0; i < rows_.size(); ++i)
                if (rows_[i].in_front) at = i + 1;
            row.in_front = true;
        }
        rows_.insert(position(at), std::move(row));
    }

    std::vector<Row> rows_;
    std::map<std::string, std::uint32_t, std::less<>> seen_;
};

}  // namespace

std::vector<Rule> merge_rules(std::vector<Rule> inherited, std::vector<WrittenRule> written) {
    if (inherited.size() + written.size() > most_rules)
        throw InputError(written.empty() ? Place{} : written.back().rule.place,
                         fmt::format("{} rules with those inherited; a policy may have at most {}",
                                     inherited.size() + written.size(), most_rules));
    Merge merge(std::move(inherited));
    for (WrittenRule& rule : written) merge.apply(std::move(rule));
    return std::move(merge).result();
}

}  // namespace halfopen
