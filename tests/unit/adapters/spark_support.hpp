#pragma once
#include "catalog/vendor_rows.hpp"
#include "dialect/frame_driver.hpp"
#include "dialect/spark/spark_ws.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

namespace ark::test::spark {

/// The built-in row, with the application's id as its user's own row would have it.
inline vendor own_row(bool with_app_id = true) {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (vendor v : *rows)
      if (v.name == "spark-ws") {
        if (with_app_id) v.quirks.emplace_back(quirk::set_default{"app_id", R"("a1")"});
        return v;
      }
  ADD_FAILURE() << "no row";
  return {};
}

inline result<dialect::encoded> encode(const call& c, std::string_view model = "4.0Ultra",
                                       const vendor& v = own_row()) {
  return adapters::spark_ws().encode_chat(c, model, v, true);
}

inline result<reply> decode(int status, const std::string& body) {
  const vendor v = own_row();
  const wire::http_head head{status, {}};
  return adapters::spark_ws().decode_chat({head, body}, v);
}

inline error decode_error(int status, const std::string& body) {
  const vendor v = own_row();
  const wire::http_head head{status, {}};
  return adapters::spark_ws().decode_error({head, body}, v);
}

/// Each text is a message of the socket.
inline streamed stream(const std::vector<std::string>& messages) {
  const vendor v = own_row();
  dialect::frame_driver driver(adapters::spark_ws(), v, {});
  result<void> fed;
  for (const std::string& message : messages)
    if (fed) fed = driver.feed(message);
  if (fed) fed = driver.finish();
  streamed out{std::move(driver.events()), std::move(driver.builder().reply()), {}};
  if (!fed) out.failure = fed.error();
  return out;
}

/// A frame with `text` as the items of `payload.choices.text`, and `more` behind it in payload.
inline std::string frame(int status, const std::string& text, const std::string& more = "") {
  const std::string number = std::to_string(status);
  return R"({"header":{"code":0,"message":"Success","sid":"cht1","status":)" + number +
         R"(},"payload":{"choices":{"status":)" + number + R"(,"seq":0,"text":[)" + text + "]}" +
         more + "}}";
}

inline std::string said(const std::string& content) {
  return R"({"content":")" + content + R"(","role":"assistant","index":0})";
}

}  // namespace ark::test::spark
