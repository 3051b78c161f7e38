/// A policy's table for people to read, and as JSON.
#pragma once

#include <string>

#include "policy_report/words.hpp"

namespace halfopen {

std::string policy_table_text(const Policy& policy);
ReportJson policy_table_json(const Policy& policy);

}  // namespace halfopen
