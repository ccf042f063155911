#include "base/text.hpp"
#include "dialect/bedrock/bedrock_wire.hpp"
#include "dialect/media.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace ark::adapters::bedrock {
namespace {

using dialect::media;

// The formats that Converse takes (its API reference, 2026-11-28).
constexpr std::array<std::string_view, 4> image_formats = {"png", "jpeg", "gif", "webp"};
constexpr std::array<std::string_view, 9> document_formats = {"pdf",  "csv",  "doc", "docx", "xls",
                                                              "xlsx", "html", "txt", "md"};
constexpr std::array<std::string_view, 9> video_formats = {"mkv",  "mov", "mp4", "webm",    "flv",
                                                           "mpeg", "mpg", "wmv", "three_gp"};
constexpr std::array<std::string_view, 7> audio_formats = {"mp3",  "opus", "wav", "aac",
                                                           "flac", "mp4",  "ogg"};

/// A name may have letters, digits, single blanks, hyphens, parentheses and square brackets.
std::string clean_name(std::string_view name, int nth) {
  std::string made;
  name = name.substr(0, name.rfind('.'));
  for (const char c : name) {
    const bool taken = text::is_alpha(c) || text::is_digit(c) ||
                       std::string_view("-()[]").find(c) != std::string_view::npos;
    const char put = taken ? c : c == '_' ? '-' : ' ';
    if (put != ' ' || (!made.empty() && made.back() != ' ')) made += put;
  }
  if (!made.empty() && made.back() == ' ') made.pop_back();
  return made.empty() ? "document " + std::to_string(nth) : made;
}

/// `says_text`: the content of a plain text stands as such, which citations need.
result<void> write_source(const media& m, bool says_text, json::writer& out) {
  out.key("source").begin_object();
  if (m.url.starts_with("s3://")) {
    out.key("s3Location").begin_object().key("uri").string(m.url).end_object();
  } else if (says_text) {
    const auto content = dialect::text_of(m);
    if (!content) return content.error();
    out.key("text").string(*content);
  } else {
    out.key("bytes");
    dialect::write_base64(out, m);
  }
  out.end_object();
  return {};
}

class block_writer {
 public:
  block_writer(const std::string& where, int nth, json::writer& out)
      : where_(where), nth_(nth), out_(out) {}

  result<void> operator()(const image_part& p) {
    return plain("image", dialect::media_of(where_ + ": an image", p), image_formats);
  }
  result<void> operator()(const audio_part& p) {
    return plain("audio", dialect::media_of(where_ + ": a sound", p), audio_formats);
  }
  result<void> operator()(const video_part& p) {
    return plain("video", dialect::media_of(where_ + ": a video", p), video_formats);
  }
  result<void> operator()(const document_part& p);
  result<void> operator()(const auto& /*text*/) { return {}; }

 private:
  result<std::string_view> format_of(const media& m, std::span<const std::string_view> known) const;
  result<void> plain(std::string_view kind, const result<media>& m,
                     std::span<const std::string_view> known);

  const std::string& where_;
  int nth_;
  json::writer& out_;
};

result<std::string_view> block_writer::format_of(const media& m,
                                                 std::span<const std::string_view> known) const {
  if (!m.is_inline() && !m.url.starts_with("s3://"))
    return error{.code = errc::unsupported,
                 .message = "this vendor takes bytes or \"s3://\" URLs only: load what " + where_ +
                            " names"};
  const std::string_view format = dialect::short_format(m.media_type);
  if (std::find(known.begin(), known.end(), format) != known.end()) return format;
  std::string all;
  for (const std::string_view one : known) all += (all.empty() ? "" : ", ") + std::string(one);
  return error{.code = errc::invalid_request,
               .message = where_ + " has no media type that this vendor takes (" + all +
                          "): set media_type"};
}

result<void> block_writer::plain(std::string_view kind, const result<media>& m,
                                 std::span<const std::string_view> known) {
  if (!m) return m.error();
  const auto format = format_of(*m, known);
  if (!format) return format.error();
  out_.begin_object().key(kind).begin_object().key("format").string(*format);
  if (auto written = write_source(*m, false, out_); !written) return written;
  out_.end_object().end_object();
  return {};
}

result<void> block_writer::operator()(const document_part& p) {
  const auto m = dialect::media_of(where_ + ": a document", p);
  if (!m) return m.error();
  const auto format = format_of(*m, document_formats);
  if (!format) return format.error();
  out_.begin_object().key("document").begin_object().key("format").string(*format);
  out_.key("name").string(clean_name(p.name, nth_));
  if (auto written = write_source(*m, p.citations && *format == "txt", out_); !written)
    return written;
  if (!p.context.empty()) out_.key("context").string(p.context);
  if (p.citations) out_.key("citations").begin_object().key("enabled").boolean(true).end_object();
  out_.end_object().end_object();
  return {};
}

}  // namespace

result<void> write_media(const part& p, const std::string& where, int nth, json::writer& out) {
  return std::visit(block_writer(where, nth, out), p);
}

}  // namespace ark::adapters::bedrock
