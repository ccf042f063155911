#include "dialect/anthropic_wire.hpp"
#include "dialect/media.hpp"

namespace ark::adapters::anthropic {
namespace {

using dialect::media;

/// `text`: the content of a plain text stands as such.
result<void> write_source(const media& m, bool text, json::writer& out) {
  out.key("source").begin_object().key("type");
  if (!m.file_id.empty()) {
    out.string("file").key("file_id").string(m.file_id);
  } else if (!m.is_inline()) {
    out.string("url").key("url").string(m.url);
  } else if (text) {
    const auto content = dialect::text_of(m);
    if (!content) return content.error();
    out.string("text").key("media_type").string("text/plain").key("data").string(*content);
  } else {
    out.string("base64").key("media_type").string(m.media_type).key("data");
    dialect::write_base64(out, m);
  }
  out.end_object();
  return {};
}

result<void> write_image(const image_part& p, json::writer& out) {
  const auto m = dialect::media_of("an image", p);
  if (!m) return m.error();
  out.begin_object().key("type").string("image");
  if (auto written = write_source(*m, false, out); !written) return written;
  out.end_object();
  return {};
}

result<void> write_document(const document_part& p, json::writer& out) {
  const auto m = dialect::media_of("a document", p);
  if (!m) return m.error();
  out.begin_object().key("type").string("document");
  if (auto written = write_source(*m, m->media_type.starts_with("text/"), out); !written)
    return written;
  if (!p.name.empty()) out.key("title").string(p.name);
  if (!p.context.empty()) out.key("context").string(p.context);
  if (p.citations) out.key("citations").begin_object().key("enabled").boolean(true).end_object();
  out.end_object();
  return {};
}

}  // namespace

result<void> write_media(const part& p, json::writer& out) {
  if (const auto* image = std::get_if<image_part>(&p)) return write_image(*image, out);
  if (const auto* document = std::get_if<document_part>(&p)) return write_document(*document, out);
  return {};
}

}  // namespace ark::adapters::anthropic
