#pragma once
#include "catalog/vendor_rows.hpp"
#include "dialect/inflection/inflection_native.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

#include <boost/json.hpp>

namespace ark::test::inflection {

/// The built-in row.
inline vendor own_row() {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == "inflection") return v;
  ADD_FAILURE() << "no row";
  return {};
}

inline result<dialect::encoded> encode(const call& c, bool stream = false) {
  return adapters::inflection_native().encode_chat(c, "inflection_3_pi", own_row(), stream);
}

inline result<reply> decode(const std::string& body) {
  const vendor v = own_row();
  const wire::http_head head{200, {{"x-request-id", "r1"}}};
  return adapters::inflection_native().decode_chat({head, body}, v);
}

inline error decode_error(int status, const std::string& body) {
  const vendor v = own_row();
  const wire::http_head head{status, {{"x-request-id", "r1"}}};
  return adapters::inflection_native().decode_error({head, body}, v);
}

inline streamed stream(const std::string& bytes) {
  return stream_bytes(adapters::inflection_native(), own_row(), bytes);
}

}  // namespace ark::test::inflection
