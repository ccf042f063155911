#pragma once
#include "catalog/vendor_rows.hpp"
#include "dialect/cloudflare_run/cloudflare_run.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

namespace ark::test::cloudflare {

/// The built-in row.
inline vendor plain_row() {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == "cloudflare-run") return v;
  ADD_FAILURE() << "no row \"cloudflare-run\"";
  return {};
}

inline result<dialect::encoded> encode(const call& c, bool stream = false,
                                       const std::string& model = "@cf/owner/m") {
  return adapters::cloudflare_run().encode_chat(c, model, plain_row(), stream);
}

/// An answer with this `result`.
inline result<reply> decode(const std::string& result, const std::string& more = "") {
  const vendor v = plain_row();
  const wire::http_head head{200, {{"cf-ray", "ray1"}}};
  return adapters::cloudflare_run().decode_chat(
      {head, R"({"result":)" + result + R"(,"success":true,"errors":[])" + more + "}"}, v);
}

inline error decode_error(int status, const std::string& body) {
  const vendor v = plain_row();
  const wire::http_head head{status, {{"cf-ray", "ray1"}}};
  return adapters::cloudflare_run().decode_error({head, body}, v);
}

inline streamed stream(const std::vector<std::string>& frames) {
  return stream_frames(adapters::cloudflare_run(), plain_row(), frames);
}

}  // namespace ark::test::cloudflare
