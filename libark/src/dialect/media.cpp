#include "dialect/media.hpp"

#include "base/json_reader.hpp"
#include "wire/base64.hpp"

#include <algorithm>
#include <type_traits>

namespace ark::dialect {
namespace {

error refused(std::string_view what, std::string_view why) {
  return {.code = errc::invalid_request, .message = std::string(what) + ' ' + std::string(why)};
}

template <class Part>
result<media> read(std::string_view what, const Part& p) {
  media out{.url = p.url, .bytes = p.bytes, .media_type = p.media_type, .file_id = p.file_id};
  const int places =
      (p.url.empty() ? 0 : 1) + (p.bytes.empty() ? 0 : 1) + (p.file_id.empty() ? 0 : 1);
  if (places != 1) return refused(what, "needs one of a URL, bytes and a file id");
  constexpr std::string_view scheme = "data:", mark = ";base64,";
  if (out.url.starts_with(scheme)) {
    const auto at = out.url.find(mark);
    if (at == out.url.npos) return refused(what, "has a data URL that is not base64");
    out.media_type = out.url.substr(scheme.size(), at - scheme.size());
    out.data = out.url.substr(at + mark.size());
    out.url = {};
  }
  if (out.is_inline() && out.media_type.empty())
    return refused(what, "given as bytes needs its media_type, as \"image/png\" or \"audio/wav\"");
  if (out.media_type.find_first_of("\"\\\r\n") != out.media_type.npos)
    return refused(what, "has a media_type that is not one");
  return out;
}

error unsayable(const vendor& v, std::string_view what) {
  return {.code = errc::unsupported,
          .message = "vendor \"" + v.name + "\" takes no " + std::string(what) +
                     " in this family: leave it out, or choose another vendor"};
}

/// What part `p` is that cannot be said; "" if it can.
std::string_view beyond(const part& p, const sayable& can) {
  if (std::holds_alternative<audio_part>(p) && !can.audio) return "audio";
  if (std::holds_alternative<document_part>(p) && !can.documents) return "documents";
  if (std::holds_alternative<video_part>(p) && !can.video) return "video";
  const bool has_id = std::visit(
      [](const auto& one) {
        if constexpr (requires { one.file_id; }) return !one.file_id.empty();
        return false;
      },
      p);
  return has_id && !can.file_ids ? "files by their id" : "";
}

}  // namespace

bool is_media(const part& p) noexcept {
  return std::holds_alternative<image_part>(p) || std::holds_alternative<audio_part>(p) ||
         std::holds_alternative<document_part>(p) || std::holds_alternative<video_part>(p);
}

void write_cache_mark(cache_mark mark, json::writer& out) {
  if (mark == cache_mark::none) return;
  out.key("cache_control").begin_object().key("type").string("ephemeral");
  if (mark == cache_mark::one_hour) out.key("ttl").string("1h");
  out.end_object();
}

result<void> write_items(json::writer& out, std::string_view list) {
  json::reader reader;
  simdjson::dom::array items;
  const auto root = reader.parse(list);
  if (!root || root->get(items))
    return error{.code = errc::invalid_request,
                 .message = "the extra parameter \"tools\" must be a JSON list"};
  for (const json::element item : items) out.raw(simdjson::minify(item));
  return {};
}

namespace {

constexpr std::string_view own_members[] = {"url",     "data",   "format", "type",
                                            "file_id", "detail", "text"};

template <class Part>
bool has_part(const call& c) {
  return std::any_of(c.messages.begin(), c.messages.end(), [](const message& m) {
    return std::any_of(m.parts.begin(), m.parts.end(),
                       [](const part& p) { return std::holds_alternative<Part>(p); });
  });
}

}  // namespace

bool lists_parameter(const vendor& v, std::string_view name) noexcept {
  return std::find(v.parameters.begin(), v.parameters.end(), name) != v.parameters.end();
}

result<void> write_part_options(json::writer& out, const std::map<std::string, std::string>& extra,
                                std::string_view kind, const vendor& v) {
  const auto own = extra.find(std::string(kind));
  if (own == extra.end() || !lists_parameter(v, kind)) return {};
  json::reader reader;
  simdjson::dom::object members;
  const auto root = reader.parse(own->second);
  if (!root || root->get(members))
    return refused("the parameter \"" + std::string(kind) + "\"", "is not a JSON object");
  for (const auto [name, value] : members) {
    const bool is_own =
        std::find(std::begin(own_members), std::end(own_members), name) != std::end(own_members) ||
        name.ends_with("_url");
    if (is_own)
      return refused("the parameter \"" + std::string(kind) + "." + std::string(name) + "\"",
                     "is written by the library: say it in the part");
    out.key(name).raw(simdjson::minify(value));
  }
  return {};
}

void take_part_options(const call& c, const vendor& v, part_kinds kinds,
                       std::map<std::string, std::string>& rest, std::vector<std::string>& notes) {
  for (const auto& [kind, used] : {std::pair{kinds.image, has_part<image_part>(c)},
                                   std::pair{kinds.video, has_part<video_part>(c)}}) {
    const std::string name(kind);
    if (lists_parameter(v, kind) && rest.erase(name) > 0 && !used)
      notes.push_back("the parameter \"" + name + "\" was left out: the call has no such part");
  }
}

result<media> media_of(std::string_view what, const image_part& p) { return read(what, p); }
result<media> media_of(std::string_view what, const audio_part& p) { return read(what, p); }
result<media> media_of(std::string_view what, const document_part& p) { return read(what, p); }
result<media> media_of(std::string_view what, const video_part& p) { return read(what, p); }

void write_base64(json::writer& out, const media& m) {
  if (!m.data.empty()) {
    out.string(m.data);
    return;
  }
  std::string text = "\"";
  text.reserve(m.bytes.size() / 3 * 4 + 8);
  wire::append_base64(text, m.bytes);
  out.raw(text += '"');
}

void write_url(json::writer& out, const media& m) {
  if (!m.is_inline()) {
    out.string(m.url);
    return;
  }
  std::string text = "\"data:" + std::string(m.media_type) + ";base64,";
  if (!m.data.empty()) {
    text.erase(0, 1);
    out.string(text.append(m.data));
    return;
  }
  text.reserve(text.size() + m.bytes.size() / 3 * 4 + 8);
  wire::append_base64(text, m.bytes);
  out.raw(text += '"');
}

result<std::string> text_of(const media& m) {
  if (m.data.empty()) return std::string(m.bytes);
  return wire::base64_decode(m.data);
}

std::string_view short_format(std::string_view media_type) noexcept {
  struct pair {
    std::string_view media_type, format;
  };
  static constexpr pair known[] = {
      {"audio/mpeg", "mp3"},
      {"audio/x-wav", "wav"},
      {"audio/wave", "wav"},
      {"audio/x-flac", "flac"},
      {"audio/x-m4a", "m4a"},
      {"image/jpg", "jpeg"},
      {"text/plain", "txt"},
      {"text/markdown", "md"},
      {"application/msword", "doc"},
      {"application/vnd.ms-excel", "xls"},
      {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
      {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
      {"video/quicktime", "mov"},
      {"video/x-matroska", "mkv"},
      {"video/x-flv", "flv"},
      {"video/x-ms-wmv", "wmv"},
      {"video/3gpp", "three_gp"}};
  media_type = media_type.substr(0, media_type.find(';'));
  for (const pair& p : known)
    if (p.media_type == media_type) return p.format;
  const auto slash = media_type.find('/');
  return slash == media_type.npos ? std::string_view{} : media_type.substr(slash + 1);
}

result<void> check_sayable(const call& c, const sayable& can, const vendor& v) {
  for (const message& m : c.messages)
    for (const part& p : m.parts)
      if (const std::string_view what = beyond(p, can); !what.empty()) return unsayable(v, what);
  if (c.top_logprobs && !can.logprobs) return unsayable(v, "log probabilities (top_logprobs)");
  if (c.top_logprobs && *c.top_logprobs < 0)
    return error{.code = errc::invalid_request, .message = "top_logprobs cannot be below 0"};
  return {};
}

}  // namespace ark::dialect
