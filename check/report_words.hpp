/// Words and colours that every report uses.
#pragma once

#include <string>
#include <string_view>

#include "check/report.hpp"

namespace halfopen {

/// `text` in an ANSI colour ("31;1") where the options ask for colours.
std::string painted(const ReportOptions& options, std::string_view code, const std::string& text);
std::string_view verdict_color(explorer::Verdict verdict);
/// 0.5 -> "50.0 %"; never rounds to a certainty that is none: "<0.1 %", ">99.9 %".
std::string percent(double share);
/// "leak, cross", or "none".
std::string property_list(const Properties& properties);
/// "bounded, 3 s", "unbounded".
std::string verdict_and_worst(const CheckResult& result);
/// " (expected bounded)" where the verdict is another; else empty.
std::string unless_expected(const CheckResult& result, const std::optional<std::string>& expected);
/// The largest share of numbers that lose, over all meetings.
std::optional<double> losing_share(const CheckResult& result);
/// Values in corners in which a bounded system hangs after all.
std::uint64_t hanging_corner_values(const CheckResult& result);
/// How many numbers lose where clients never give up: "1 of 2^32", "50.0 %".
std::string losing_cell(const CheckResult& endless);
/// To a variant's question, whether what it takes away is needed for the hang: "no" where it hangs all the
/// same, "yes", or "not known".
std::string_view answer(explorer::Verdict verdict);

/// A line on the checkpoint with which a check that a limit has ended can be gone on; none where there is none.
std::string how_to_go_on(const std::optional<std::string>& checkpoint);

}  // namespace halfopen
