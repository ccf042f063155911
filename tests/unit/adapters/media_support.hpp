#pragma once
#include "catalog/vendor_rows.hpp"
#include "dialect_support.hpp"
#include "media/imagen_images.hpp"
#include "media/openai_media.hpp"
#include "media/stability_images.hpp"
#include "rows.hpp"
#include "wire/base64.hpp"

#include <boost/json.hpp>

/// What the tests of the families of media share.
namespace ark::test::media {

/// A built-in row.
inline vendor row(std::string_view name) {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == name) return v;
  ADD_FAILURE() << "no row " << name;
  return {};
}

inline const dialect::media_dialect& family() { return adapters::openai_media(); }

inline wire::http_head head_of(std::string content_type = "application/json") {
  return {200, {{"content-type", std::move(content_type)}, {"x-request-id", "r1"}}};
}

inline result<image_reply> read_images(const std::string& body,
                                       std::string_view vendor = "openai") {
  const wire::http_head head = head_of();
  return family().decode_image({head, body}, row(vendor));
}

inline result<transcription_reply> read_words(const std::string& body,
                                              std::string_view vendor = "openai",
                                              std::string type = "application/json") {
  const wire::http_head head = head_of(std::move(type));
  return family().decode_transcription({head, body}, row(vendor));
}

/// Is this field, with this value, in the form that the request carries?
inline bool has_field(const result<dialect::encoded>& e, const std::string& name,
                      const std::string& value) {
  if (!e) {
    ADD_FAILURE() << e.error().message;
    return false;
  }
  return e->request.body.find("; name=\"" + name + "\"\r\n\r\n" + value + "\r\n") !=
         std::string::npos;
}

/// Is this file in the form?
inline bool has_file(const result<dialect::encoded>& e, const std::string& name,
                     const std::string& file_name, const std::string& type,
                     const std::string& bytes) {
  return e && e->request.body.find("; name=\"" + name + "\"; filename=\"" + file_name +
                                   "\"\r\nContent-Type: " + type + "\r\n\r\n" + bytes + "\r\n") !=
                  std::string::npos;
}

}  // namespace ark::test::media
