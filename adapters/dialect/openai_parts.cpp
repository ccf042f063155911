#include "dialect/media.hpp"
#include "dialect/openai_wire.hpp"

namespace ark::adapters::openai {
namespace {

error cannot_take(const quirk_view& quirks, std::string_view what) {
  return {.code = errc::unsupported,
          .message = "vendor \"" + quirks.row().name + "\" takes no " + std::string(what) +
                     " in this family: load it and give its bytes"};
}

class part_writer {
 public:
  part_writer(const quirk_view& quirks, const std::map<std::string, std::string>& extra,
              json::writer& out)
      : quirks_(quirks), extra_(extra), out_(out) {}

  result<void> operator()(const image_part& p);
  result<void> operator()(const audio_part& p);
  result<void> operator()(const document_part& p);
  result<void> operator()(const video_part& p);
  result<void> operator()(const auto& /*text*/) { return {}; }

 private:
  /// Ends the object of a part's URL with what the call adds to all of its kind.
  result<void> end_options(std::string_view kind);

  const quirk_view& quirks_;
  const std::map<std::string, std::string>& extra_;
  json::writer& out_;
};

result<void> part_writer::end_options(std::string_view kind) {
  auto added = dialect::write_part_options(out_, extra_, kind, quirks_.row());
  if (added) out_.end_object();
  return added;
}

result<void> part_writer::operator()(const image_part& p) {
  const auto m = dialect::media_of("an image", p);
  if (!m) return m.error();
  if (!m->file_id.empty()) return cannot_take(quirks_, "images by a file's id");
  out_.key("type").string("image_url").key("image_url").begin_object().key("url");
  dialect::write_url(out_, *m);
  if (!p.detail.empty()) out_.key("detail").string(p.detail);
  return end_options("image_url");
}

result<void> part_writer::operator()(const audio_part& p) {
  const auto m = dialect::media_of("a sound", p);
  if (!m) return m.error();
  if (!m->file_id.empty()) return cannot_take(quirks_, "sound by a file's id");
  out_.key("type").string("input_audio").key("input_audio");
  if (quirks_.plain_media) {
    if (m->is_inline())
      dialect::write_base64(out_, *m);
    else
      out_.string(m->url);
    return {};
  }
  if (!m->is_inline()) {
    if (!quirks_.audio_url) return cannot_take(quirks_, "sound by URL");
    out_.begin_object().key("url").string(m->url).end_object();
    return {};
  }
  const std::string_view format = dialect::short_format(m->media_type);
  out_.begin_object().key("data");
  dialect::write_base64(out_, *m);
  out_.key("format").string(format).end_object();
  return {};
}

result<void> part_writer::operator()(const document_part& p) {
  const auto m = dialect::media_of("a document", p);
  if (!m) return m.error();
  if (!p.context.empty()) return cannot_take(quirks_, "context of documents");
  if (quirks_.plain_media) {
    if (!m->file_id.empty()) return cannot_take(quirks_, "documents by a file's id");
    out_.key("type").string("document_url").key("document_url");
    dialect::write_url(out_, *m);
    if (!p.name.empty()) out_.key("document_name").string(p.name);
    return {};
  }
  if (!m->url.empty()) return cannot_take(quirks_, "documents by URL");
  out_.key("type").string("file").key("file").begin_object();
  if (!m->file_id.empty()) {
    out_.key("file_id").string(m->file_id);
  } else {
    if (p.name.empty())
      return error{.code = errc::invalid_request,
                   .message = "a document given as bytes needs a name, as \"report.pdf\""};
    out_.key("filename").string(p.name).key("file_data");
    dialect::write_url(out_, *m);
  }
  out_.end_object();
  return {};
}

result<void> part_writer::operator()(const video_part& p) {
  const auto m = dialect::media_of("a video", p);
  if (!m) return m.error();
  if (!m->file_id.empty()) return cannot_take(quirks_, "videos by a file's id");
  out_.key("type").string("video_url").key("video_url").begin_object().key("url");
  dialect::write_url(out_, *m);
  return end_options("video_url");
}

}  // namespace

result<void> write_media(const part& p, const quirk_view& quirks,
                         const std::map<std::string, std::string>& extra, cache_mark mark,
                         json::writer& out) {
  out.begin_object();
  auto written = std::visit(part_writer(quirks, extra, out), p);
  if (!written) return written;
  dialect::write_cache_mark(mark, out);
  out.end_object();
  return {};
}

}  // namespace ark::adapters::openai
