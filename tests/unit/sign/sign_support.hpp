#pragma once
#include "base/json_reader.hpp"
#include "sign/sign.hpp"
#include "tests/support/corpus.hpp"
#include "wire/http_time.hpp"
#include "wire/url.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace ark::sign {

/// The parts of a `signable`, which only borrows them.
struct prepared {
  wire::http_request request = {};
  wire::origin origin = {};
  wire::wall_time at = {};

  signable what() const { return {request, origin, at}; }
};

inline wire::wall_time at_unix(std::int64_t seconds) {
  return wire::wall_time{std::chrono::seconds(seconds)};
}

/// "20150830T123600Z"
inline wire::wall_time at_compact(std::string_view text) {
  std::string spaced(text);
  for (const std::size_t place : {13u, 11u}) spaced.insert(place, ":");
  for (const std::size_t place : {6u, 4u}) spaced.insert(place, "-");
  return wire::parse_rfc3339(spaced).value();
}

inline credentials who(std::string_view id, std::string_view key, std::string_view token = "") {
  return {std::string(id), secret(std::string(key)), secret(std::string(token))};
}

inline std::string header_of(const result<wire::header_list>& added, std::string_view name) {
  return added ? std::string(wire::find_header(*added, name)) : added.error().message;
}

inline json::element member(json::element e, std::string_view name) {
  json::element out;
  if (!json::find(e, name, out)) ADD_FAILURE() << "the vector has no \"" << name << '"';
  return out;
}
inline std::string text(json::element e, std::string_view name) {
  return std::string(json::text_at(e, name));
}

/// Calls `each` with every member of "vectors" and gives their number.
inline std::size_t for_each_vector(const std::filesystem::path& path,
                                   const std::function<void(json::element)>& each) {
  json::reader reader;
  const std::string bytes = test::read_file(path);
  const auto root = reader.parse(bytes);
  json::element vectors;
  if (!root || !json::find(*root, "vectors", vectors)) return 0;
  std::size_t count = 0;
  for (const auto vector : vectors.get_array()) {
    ++count;
    const std::string name = text(vector, "name");
    SCOPED_TRACE(name.empty() ? text(vector, "vendor") : name);
    each(vector);
  }
  return count;
}

/// Adds an object of parameters, or a list of pairs, to `target`.
inline void append_query_of(std::string& target, json::element query) {
  if (query.is_object()) {
    for (const auto& field : query.get_object())
      wire::append_query(target, field.key, json::as_text(field.value));
  } else {
    for (const auto pair : query.get_array())
      wire::append_query(target, json::as_text(pair.at(0)), json::as_text(pair.at(1)));
  }
}

/// All headers of a vector but `left_out`, which the signer adds itself.
inline wire::header_list headers_of(json::element headers, std::string_view left_out = "") {
  wire::header_list out;
  for (const auto& field : headers.get_object())
    if (field.key != left_out)
      out.push_back({std::string(field.key), std::string(json::as_text(field.value))});
  return out;
}

/// No error of a signer shows a key.
inline void expect_refused(const error& e, errc code, std::string_view key = "") {
  EXPECT_EQ(e.code, code) << e.message;
  EXPECT_FALSE(e.message.empty());
  if (!key.empty()) {
    EXPECT_EQ(to_string(e).find(key), std::string::npos);
  }
}

}  // namespace ark::sign
