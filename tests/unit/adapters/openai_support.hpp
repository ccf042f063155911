#pragma once
#include "catalog/vendor_rows.hpp"
#include "dialect/frame_driver.hpp"
#include "dialect/openai_chat.hpp"
#include "rows.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <boost/json.hpp>
#include <string>

namespace ark::test::openai {

/// A row of the family without quirks.
inline vendor plain_row(std::vector<quirk_item> quirks = {}) {
  vendor v;
  v.name = "plain";
  v.dialect = "openai_chat";
  v.base_url = "https://host.example/v1";
  v.quirks = std::move(quirks);
  return v;
}

/// A built-in row.
inline vendor row(std::string_view name) {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == name) return v;
  ADD_FAILURE() << "no row " << name;
  return {};
}

inline result<dialect::encoded> encode(const call& c, const vendor& v = plain_row(),
                                       bool stream = false) {
  return adapters::openai_chat().encode_chat(c, "m", v, stream);
}

/// The request's body as a tree; null and a failed test when it is not JSON or refused.
inline boost::json::value body_of(const result<dialect::encoded>& e) {
  if (!e) {
    ADD_FAILURE() << e.error().message;
    return nullptr;
  }
  boost::json::error_code failure;
  auto tree = boost::json::parse(e->request.body, failure);
  EXPECT_FALSE(failure) << e->request.body;
  return tree;
}

/// The same JSON, whatever the order of members.
inline void expect_json(const boost::json::value& got, const char* expected) {
  EXPECT_EQ(got, boost::json::parse(expected)) << boost::json::serialize(got);
}

inline result<reply> decode(const std::string& body, const vendor& v = plain_row(),
                            wire::header_list headers = {}) {
  const wire::http_head head{200, std::move(headers)};
  return adapters::openai_chat().decode_chat({head, body}, v);
}

/// A whole completion with this message, and more members of its choice and of itself.
inline std::string whole(const std::string& message, const std::string& choice = "",
                         const std::string& more = "") {
  return R"({"id":"c1","model":"m1","choices":[{"index":0,"message":)" + message + choice + "}]" +
         more + "}";
}

inline error decode_error(int status, const std::string& body, const vendor& v = plain_row(),
                          wire::header_list headers = {}) {
  const wire::http_head head{status, std::move(headers)};
  return adapters::openai_chat().decode_error({head, body}, v);
}

struct streamed {
  std::vector<event> events;
  ark::reply reply;
  std::optional<error> failure;
};

/// Feeds frames given as JSON, each in its own SSE event.
inline streamed stream(const std::vector<std::string>& frames, const vendor& v = plain_row()) {
  dialect::frame_driver driver(adapters::openai_chat(), v, {});
  result<void> fed;
  for (std::string frame : frames) {
    std::replace(frame.begin(), frame.end(), '\n', ' ');
    if (fed) fed = driver.feed("data: " + frame + "\n\n");
  }
  if (fed) fed = driver.finish();
  streamed out{std::move(driver.events()), std::move(driver.builder().reply()), {}};
  if (!fed) out.failure = fed.error();
  return out;
}

/// A chunk with this delta.
inline std::string chunk(const std::string& delta, const std::string& choice = "",
                         const std::string& more = "") {
  return R"({"id":"c1","model":"m1","choices":[{"index":0,"delta":)" + delta + choice + "}]" +
         more + "}";
}

inline bool has_note(const std::vector<std::string>& notes, std::string_view part) {
  for (const std::string& note : notes)
    if (note.find(part) != std::string::npos) return true;
  return false;
}

}  // namespace ark::test::openai
