/// Tables of text.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "check/report.hpp"
#include "check/report_words.hpp"

namespace halfopen {

/// Left-aligned columns; the last one is cut off where the terminal ends.
class Table {
   public:
    explicit Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    /// paint(row, column, text) colours a cell after it has been padded; row 0 is the header.
    template <class Paint>
    std::string str(const ReportOptions& options, Paint&& paint) const {
        std::vector<std::size_t> widths(rows_.front().size(), 0);
        for (const auto& row : rows_) {
            for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
        }
        std::string text;
        for (std::size_t r = 0; r < rows_.size(); ++r) {
            std::string line = "  ";
            std::size_t columns = 2;  // without what colours add
            for (std::size_t c = 0; c < rows_[r].size(); ++c) {
                const bool last = c + 1 == rows_[r].size();
                std::string cell = last ? rows_[r][c] : fmt::format("{:<{}}", rows_[r][c], widths[c]);
                if (options.width > 0 && columns + cell.size() > options.width)
                    cell.resize(options.width - std::min(options.width, columns));
                columns += cell.size() + 2;
                const std::string shown = r == 0 ? painted(options, "2", cell) : paint(r, c, cell);
                line += shown + (last ? "" : "  ");
            }
            text += line + "\n";
        }
        return text;
    }

   private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace halfopen
