#pragma once
#include "catalog/vendor_rows.hpp"
#include "dialect/skywork/skywork_chat.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

#include <boost/json.hpp>

namespace ark::test::skywork {

/// The built-in row.
inline vendor own_row() {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == "skywork") return v;
  ADD_FAILURE() << "no row";
  return {};
}

inline result<dialect::encoded> encode(const call& c, std::string_view model = "sky-1",
                                       bool stream = false) {
  return adapters::skywork_chat().encode_chat(c, model, own_row(), stream);
}

inline result<reply> decode(const std::string& body) {
  const vendor v = own_row();
  const wire::http_head head{200, {{"x-request-id", "r1"}}};
  return adapters::skywork_chat().decode_chat({head, body}, v);
}

inline error decode_error(int status, const std::string& body) {
  const vendor v = own_row();
  const wire::http_head head{status, {{"retry-after", "2"}}};
  return adapters::skywork_chat().decode_error({head, body}, v);
}

/// A frame with a piece of the answer.
inline std::string piece(const std::string& text, const std::string& more = "") {
  return R"({"type":1,"card_type":"markdown","target":"update","arguments":[{"messages":[{"text":")" +
         text + R"("})" + more + "]}]}";
}

const std::string last = R"({"type":2,"target":"end"})";

/// Frames as documented: "data: " and a JSON text, one line each.
inline std::string lines(const std::vector<std::string>& frames) {
  std::string bytes;
  for (const std::string& frame : frames) bytes += "data: " + frame + "\n\n";
  return bytes;
}

inline streamed stream(const std::vector<std::string>& frames) {
  return stream_frames(adapters::skywork_chat(), own_row(), frames);
}

}  // namespace ark::test::skywork
