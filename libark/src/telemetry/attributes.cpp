#include "telemetry/attributes.hpp"

#include <algorithm>

namespace ark::telemetry {

void attribute_writer::begin(std::string_view key, std::string_view type) {
  out_.begin_object().key("key").string(key).key("value").begin_object().key(type);
}

void attribute_writer::end() { out_.end_object().end_object(); }

attribute_writer& attribute_writer::text(std::string_view key, std::string_view value) {
  begin(key, "stringValue");
  out_.string(value);
  end();
  return *this;
}

attribute_writer& attribute_writer::text_if(std::string_view key, std::string_view value) {
  return value.empty() ? *this : text(key, value);
}

attribute_writer& attribute_writer::integer(std::string_view key, std::int64_t value) {
  begin(key, "intValue");
  out_.string(std::to_string(value));
  end();
  return *this;
}

attribute_writer& attribute_writer::number(std::string_view key, double value) {
  begin(key, "doubleValue");
  out_.number(value);
  end();
  return *this;
}

attribute_writer& attribute_writer::boolean(std::string_view key, bool value) {
  begin(key, "boolValue");
  out_.boolean(value);
  end();
  return *this;
}

attribute_writer& attribute_writer::texts(std::string_view key,
                                          const std::vector<std::string>& values) {
  begin(key, "arrayValue");
  out_.begin_object().key("values").begin_array();
  for (const std::string& each : values)
    out_.begin_object().key("stringValue").string(each).end_object();
  out_.end_array().end_object();
  end();
  return *this;
}

std::string unix_nanoseconds(std::chrono::system_clock::time_point t) {
  const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(t.time_since_epoch());
  return std::to_string(std::max<std::int64_t>(since.count(), 0));
}

}  // namespace ark::telemetry
