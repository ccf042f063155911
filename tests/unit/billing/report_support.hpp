#pragma once
#include <gtest/gtest.h>
#include <ark/billing.hpp>

#include <string>
#include <vector>

#include "billing/clock.hpp"

namespace ark::test {

/// What a report has, or its error.
struct read_report {
  std::vector<vendor_line> lines;
  report_facts facts;
  std::string error;
};

inline read_report report_of(std::string_view text, const report_options& options = {},
                             std::string_view file = "r.json") {
  read_report out;
  const auto done = read_vendor_report(file, text, options, [&](vendor_line line) -> result<void> {
    out.lines.push_back(std::move(line));
    return {};
  });
  if (done)
    out.facts = *done;
  else
    out.error = done.error().message;
  return out;
}

}  // namespace ark::test
