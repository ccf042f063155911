#pragma once
#include <ark/error.hpp>
#include <ark/usage.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/assertion.hpp"

namespace ark::eval {

enum class row_status : std::uint8_t { pass, fail, error };
std::string_view to_string(row_status value) noexcept;

/// The result of one question: a line of the results file. A value type.
struct row {
  std::string prompt_id, model, case_id;
  row_status status = row_status::error;
  double score = 0;
  std::string output;
  std::vector<verdict> verdicts;
  std::string served_by;  ///< "vendor/model"
  ark::usage usage;
  ark::cost cost;
  double latency_ms = 0;
  int attempts = 0;
  std::string request_id;
  std::string error_code, error_message;  ///< with row_status::error; ours, not the vendor's words

  /// What makes the question the same one in another run of the same suite.
  std::string key() const { return prompt_id + '\n' + model + '\n' + case_id; }
};

/// One line of JSON, without its line end.
std::string to_json(const row& value);
/// The other way. errc::protocol if the line is not such a row.
result<row> row_from_json(std::string_view line);

}  // namespace ark::eval
