#pragma once
#include "base/json.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ark::telemetry {

/// Appends OTLP attributes ({"key":K,"value":{...}}) to an array that is open in `out`. 64-bit
/// integers are decimal strings, as protobuf's JSON mapping writes them.
class attribute_writer {
 public:
  explicit attribute_writer(json::writer& out) : out_(out) {}
  attribute_writer& text(std::string_view key, std::string_view value);
  /// Nothing for "".
  attribute_writer& text_if(std::string_view key, std::string_view value);
  attribute_writer& integer(std::string_view key, std::int64_t value);
  attribute_writer& number(std::string_view key, double value);
  attribute_writer& boolean(std::string_view key, bool value);
  attribute_writer& texts(std::string_view key, const std::vector<std::string>& values);

 private:
  void begin(std::string_view key, std::string_view type);
  void end();
  json::writer& out_;
};

/// Nanoseconds since 1970 as a decimal string; times before it are 0.
std::string unix_nanoseconds(std::chrono::system_clock::time_point t);

}  // namespace ark::telemetry
