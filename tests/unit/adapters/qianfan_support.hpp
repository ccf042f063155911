#pragma once
#include "catalog/vendor_rows.hpp"
#include "dialect/qianfan/qianfan_v1.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

namespace ark::test::qianfan {

/// The built-in row.
inline vendor own_row() {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == "qianfan-v1") return v;
  ADD_FAILURE() << "no row";
  return {};
}

inline result<dialect::encoded> encode(const call& c, std::string_view model = "ERNIE-4.0-8K",
                                       bool stream = false) {
  static const vendor v = own_row();
  return adapters::qianfan_v1().encode_chat(c, model, v, stream);
}

inline result<reply> decode(const std::string& body) {
  const vendor v = own_row();
  const wire::http_head head{200, {}};
  return adapters::qianfan_v1().decode_chat({head, body}, v);
}

inline streamed stream(const std::vector<std::string>& frames) {
  static const vendor v = own_row();
  return stream_frames(adapters::qianfan_v1(), v, frames);
}

}  // namespace ark::test::qianfan
