#pragma once
#include <ark/result.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ark::eval {

/// A record and the line (from 1) where it begins.
struct csv_record {
  std::vector<std::string> fields;
  int line = 1;
};

/// Reads CSV (RFC 4180: quotes doubled inside quotes, line ends inside quotes; a byte order mark
/// and empty lines are skipped). `each` returns an error to stop. errc::config with the line for a
/// quote that is not closed or that stands in the middle of a field.
result<void> read_csv(std::string_view text, const std::function<result<void>(csv_record)>& each);

}  // namespace ark::eval
