#include "cli/call_options.hpp"
#include "cli/mistake.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "base/json.hpp"
#include "base/text.hpp"

namespace ark::cli {
namespace {

namespace bj = boost::json;

void set_time(std::int64_t from_ms, std::chrono::milliseconds& to) {
  if (from_ms > 0) to = std::chrono::milliseconds{from_ms};
}

template <class Call>
result<void> apply_to(const call_options& o, const settings& all, Call& out) {
  const auto& c = all.values;
  set_time(c.timeouts().connect_ms(), out.timeouts.connect);
  set_time(c.timeouts().tls_ms(), out.timeouts.tls);
  set_time(c.timeouts().first_content_ms(), out.timeouts.first_content);
  set_time(c.timeouts().idle_ms(), out.timeouts.idle);
  set_time(c.timeouts().total_ms(), out.timeouts.total);
  if (o.timeout_s > 0) {
    constexpr double longest_s = 1e9;
    out.timeouts.total = std::chrono::milliseconds{
        static_cast<std::int64_t>(std::ceil(std::min(o.timeout_s, longest_s) * 1000))};
  }
  if (c.max_attempts() > 0) out.retry.max_attempts = c.max_attempts();
  out.task = o.task;
  out.run = o.run;
  out.tenant = o.tenant;
  out.user = o.user;
  for (const auto& each : o.tags) {
    const auto equals = each.find('=');
    if (equals == std::string::npos || equals == 0) {
      return usage_mistake("--tag " + each + ": write it as name=value");
    }
    out.tags[each.substr(0, equals)] = each.substr(equals + 1);
  }
  return {};
}

const bj::value* member(const bj::object& from, const char* name) {
  const auto* found = from.if_contains(name);
  return found != nullptr && !found->is_null() ? found : nullptr;
}

std::string text_at(const bj::object& from, const char* name) {
  const auto* found = member(from, name);
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

result<tool_definition> tool_of(const bj::value& value, const std::string& place) {
  if (!value.is_object()) return usage_mistake(place + ": a tool is a JSON object");
  const auto* body = &value.get_object();
  if (const auto* inner = member(*body, "function"); inner != nullptr && inner->is_object()) {
    body = &inner->get_object();
  }
  tool_definition out;
  out.name = text_at(*body, "name");
  if (out.name.empty()) return usage_mistake(place + ": the tool has no name");
  out.description = text_at(*body, "description");
  const auto* schema = member(*body, "parameters");
  if (schema == nullptr) schema = member(*body, "input_schema");
  if (schema != nullptr && !schema->is_object()) {
    return usage_mistake(place + ": the parameters must be a JSON Schema object");
  }
  if (schema != nullptr) out.parameters = bj::serialize(*schema);
  const auto* strict = member(*body, "strict");
  out.strict = strict != nullptr && strict->is_bool() && strict->get_bool();
  return out;
}

}  // namespace

void add_call_options(option_set set, const std::shared_ptr<call_options>& o) {
  set.add_option(
         "-m,--model", o->model,
         "Model as vendor/model, an id that one vendor has, or auto: the cheapest that fits")
      .type_name("MODEL");
  set.add_option("--task", o->task, "What it is for; the ledger groups by it").type_name("NAME");
  set.add_option("--run", o->run, "Which run it belongs to, for the ledger").type_name("NAME");
  set.add_option("--tenant", o->tenant, "Whom it is for, for the ledger").type_name("NAME");
  set.add_option("--user", o->user, "Who asked, for the ledger").type_name("NAME");
  set.add_option("--tag", o->tags, "A label of your own for the ledger: name=value")
      .type_name("NAME=VALUE")
      .one_value_each();
  set.add_option("--timeout", o->timeout_s, "Give up after so many seconds, retries included")
      .type_name("SECONDS")
      .positive();
}

result<void> apply(const call_options& o, const settings& all, call& out) {
  out.model = !o.model.empty() ? o.model : all.values.model();
  return apply_to(o, all, out);
}

result<void> apply(const call_options& o, const settings& all, embed_call& out) {
  out.model = !o.model.empty() ? o.model : all.values.embed_model();
  if (out.model.empty()) {
    return usage_mistake(
        "name a model with -m, or once and for all: ark config set embed_model "
        "openai/text-embedding-3-small");
  }
  return apply_to(o, all, out);
}

result<void> apply(const call_options& o, const settings& all, rerank_call& out) {
  out.model = o.model;
  if (out.model.empty()) {
    return usage_mistake("name a rerank model with -m, as in cohere/rerank-v3.5");
  }
  return apply_to(o, all, out);
}

namespace {

constexpr std::size_t longest = 64u << 20;

/// What a pipe or a file adds to the words of the command line.
result<std::string> given_text(context& ctx) {
  if (!ctx.in.is_given()) return std::string{};
  if (!ctx.in.ready_within(1000)) {
    ctx.note("note: reading standard input too; close it or give < /dev/null");
  }
  return ctx.in.read_all(longest);
}

}  // namespace

result<std::string> text_of(context& ctx, const std::vector<std::string>& words) {
  std::string out;
  bool read = false;
  for (const auto& each : words) {
    if (!out.empty()) out += each == "-" ? "\n\n" : " ";
    if (each != "-") {
      out += each;
    } else if (!read) {
      auto more = ctx.in.read_all(longest);
      if (!more) return more.error();
      out += *more;
      read = true;
    }
  }
  if (words.empty()) {
    if (ctx.in.is_terminal()) return usage_mistake("there is no text: write it, or pipe it in");
    auto all = ctx.in.read_all(longest);
    if (!all) return all.error();
    out = std::move(*all);
  } else if (!read) {
    auto more = given_text(ctx);
    if (!more) return more.error();
    if (!more->empty()) out += (out.empty() ? "" : "\n\n") + *more;
  }
  if (out.empty()) return usage_mistake("the text is empty");
  if (!text::is_utf8(out))
    return usage_mistake("the text is not UTF-8; convert it first (iconv -t utf-8)");
  return out;
}

result<std::vector<std::string>> texts_of(context& ctx, const std::vector<std::string>& words,
                                          bool by_line) {
  if (!words.empty() && words != std::vector<std::string>{"-"}) return words;
  auto all = text_of(ctx, words);
  if (!all) return all.error();
  if (!by_line) return std::vector<std::string>{std::move(*all)};
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin < all->size()) {
    const auto end = std::min(all->find('\n', begin), all->size());
    if (end > begin) out.push_back(all->substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

result<std::pair<std::string, std::string>> json_assignment(std::string_view flag,
                                                            const std::string& argument) {
  const auto equals = argument.find('=');
  if (equals == std::string::npos || equals == 0)
    return usage_mistake(std::string(flag) + " " + argument + ": write it as name=value");
  std::string value = argument.substr(equals + 1);
  if (!json::is_valid(value)) {
    std::string quoted;
    json::append_string(quoted, value);
    value = std::move(quoted);
  }
  return std::pair(argument.substr(0, equals), std::move(value));
}

result<std::string> json_argument(const std::string& argument) {
  const auto first = argument.find_first_not_of(" \t\n");
  const bool inline_json =
      first != std::string::npos && (argument[first] == '{' || argument[first] == '[');
  std::string out = argument;
  if (!inline_json) {
    constexpr std::size_t longest = 4u << 20;
    auto text = os::read_file(argument, longest);
    if (!text) return text.error();
    out = std::move(*text);
  }
  if (auto ok = json::check(out); !ok) {
    return usage_mistake((inline_json ? "the JSON of the command line" : argument) + ": " +
                         ok.error().message);
  }
  return out;
}

std::string media_type_of(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return "image/png";
  if (bytes.starts_with("\xff\xd8\xff"sv)) return "image/jpeg";
  if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv)) return "image/gif";
  const auto container = bytes.substr(0, 12);
  if (bytes.starts_with("RIFF"sv) && container.ends_with("WEBP"sv)) return "image/webp";
  if (bytes.starts_with("RIFF"sv) && container.ends_with("WAVE"sv)) return "audio/wav";
  if (bytes.starts_with("ID3"sv) || bytes.starts_with("\xff\xfb"sv)) return "audio/mpeg";
  if (bytes.starts_with("fLaC"sv)) return "audio/flac";
  if (bytes.starts_with("OggS"sv)) return "audio/ogg";
  if (bytes.starts_with("\xff\xf1"sv) || bytes.starts_with("\xff\xf9"sv)) return "audio/aac";
  if (bytes.starts_with("\x1a\x45\xdf\xa3"sv)) return "video/webm";
  if (bytes.substr(0, 11).ends_with("ftypM4A"sv)) return "audio/m4a";
  if (bytes.substr(0, 10).ends_with("ftypqt"sv)) return "video/quicktime";
  if (bytes.substr(0, 8).ends_with("ftyp"sv)) return "video/mp4";
  return bytes.starts_with("%PDF-"sv) ? "application/pdf" : "";
}

namespace {

struct given_media {
  std::string url, bytes, media_type;
};

/// `what` it must be is told in errors; `kind` is how its media type begins.
result<given_media> media_of(const std::string& file_or_url, std::string_view kind,
                             const char* what) {
  if (file_or_url.starts_with("http://") || file_or_url.starts_with("https://")) {
    return given_media{.url = file_or_url};
  }
  constexpr std::size_t largest = 20u << 20;
  auto bytes = os::read_file(file_or_url, largest);
  if (!bytes) return bytes.error();
  auto type = media_type_of(*bytes);
  if (!type.starts_with(kind)) {
    return usage_mistake(file_or_url + " is not " + what + "; convert it first");
  }
  return given_media{.bytes = std::move(*bytes), .media_type = std::move(type)};
}

}  // namespace

result<image_part> image_of(const std::string& file_or_url) {
  auto m = media_of(file_or_url, "image/", "a PNG, JPEG, GIF or WebP image");
  if (!m) return m.error();
  return image_part{.url = std::move(m->url),
                    .bytes = std::move(m->bytes),
                    .media_type = std::move(m->media_type)};
}

result<audio_part> audio_of(const std::string& file_or_url) {
  auto m = media_of(file_or_url, "audio/", "sound in WAV, MP3, FLAC, Ogg, AAC or M4A");
  if (!m) return m.error();
  return audio_part{.url = std::move(m->url),
                    .bytes = std::move(m->bytes),
                    .media_type = std::move(m->media_type)};
}

result<video_part> video_of(const std::string& file_or_url) {
  auto m = media_of(file_or_url, "video/", "a video in MP4, QuickTime or WebM");
  if (!m) return m.error();
  return video_part{.url = std::move(m->url),
                    .bytes = std::move(m->bytes),
                    .media_type = std::move(m->media_type)};
}

result<document_part> document_of(const std::string& file_or_url) {
  auto m = media_of(file_or_url, "", "a document");
  if (!m) return m.error();
  for (const std::string_view other : {"image", "audio", "video"}) {
    if (m->media_type.starts_with(other))
      return usage_mistake(file_or_url + " is no document: give it with --" + std::string(other));
  }
  const bool is_text = m->url.empty() && m->media_type.empty();
  if (is_text && !text::is_utf8(m->bytes)) {
    return usage_mistake(file_or_url + " is neither a PDF nor UTF-8 text; convert it first");
  }
  if (is_text) m->media_type = "text/plain";
  const auto slash = file_or_url.rfind('/');
  return document_part{
      .url = std::move(m->url),
      .bytes = std::move(m->bytes),
      .media_type = std::move(m->media_type),
      .name = slash == std::string::npos ? file_or_url : file_or_url.substr(slash + 1)};
}

result<std::vector<tool_definition>> tools_of(const std::string& json, const std::string& file) {
  boost::system::error_code failed;
  const auto value = bj::parse(json, failed);
  if (failed) return usage_mistake(file + ": " + failed.message());
  std::vector<tool_definition> out;
  if (!value.is_array()) {
    auto one = tool_of(value, file);
    if (!one) return one.error();
    out.push_back(std::move(*one));
    return out;
  }
  for (const auto& each : value.get_array()) {
    auto one = tool_of(each, file + ": tool " + std::to_string(out.size() + 1));
    if (!one) return one.error();
    out.push_back(std::move(*one));
  }
  return out;
}

}  // namespace ark::cli
