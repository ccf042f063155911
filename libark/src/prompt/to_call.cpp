#include "prompt/to_call.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "prompt/inputs.hpp"
#include "wire/base64.hpp"

namespace ark::prompt {

namespace bj = boost::json;

namespace {

error refused(std::string message) {
  return {.code = errc::invalid_request, .message = std::move(message)};
}

std::string_view attribute(const mark& of, std::string_view name) {
  for (const auto& [key, text] : of.attributes)
    if (key == name) return text;
  return {};
}

result<role> role_of(const std::string& word) {
  if (word == "model") return role::assistant;
  for (const auto each : {role::system, role::developer, role::user, role::assistant, role::tool})
    if (to_string(each) == word) return each;
  return refused("\"" + word + "\" is no role; use system, developer, user, assistant or tool");
}

result<cache_mark> cache_of(std::string_view word) {
  if (word.empty()) return cache_mark::none;
  if (word == "5m" || word == "true") return cache_mark::five_minutes;
  if (word == "1h") return cache_mark::one_hour;
  return refused("cache=\"" + std::string(word) + "\" is no time; use 5m or 1h");
}

/// Where a medium is: a URL, or bytes with their type.
struct content {
  std::string url{}, bytes{}, media_type{};
};

/// "data:image/png;base64,....", RFC 2397 as vendors take it.
result<content> from_data_url(std::string_view url) {
  const std::size_t comma = url.find(',');
  std::string_view head = url.substr(5, comma == std::string_view::npos ? 0 : comma - 5);
  if (comma == std::string_view::npos || !head.ends_with(";base64"))
    return refused("a data URL must be data:TYPE;base64,BYTES");
  head.remove_suffix(7);
  auto bytes = wire::base64_decode(url.substr(comma + 1));
  if (!bytes) return refused("a data URL's bytes are no base64");
  return content{.bytes = std::move(*bytes), .media_type = std::string(head)};
}

std::string type_by_ending(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> endings[] = {
      {".png", "image/png"},    {".jpg", "image/jpeg"},      {".jpeg", "image/jpeg"},
      {".gif", "image/gif"},    {".webp", "image/webp"},     {".wav", "audio/wav"},
      {".mp3", "audio/mpeg"},   {".pdf", "application/pdf"}, {".txt", "text/plain"},
      {".md", "text/markdown"}, {".mp4", "video/mp4"}};
  for (const auto& [ending, type] : endings)
    if (name.ends_with(ending)) return std::string(type);
  return {};
}

/// A file is read only if the prompt's own text names it: an input cannot fetch what lies beside
/// the prompt.
result<content> content_of(const mark& of, const prompt_texts& beside) {
  const std::string_view url = attribute(of, "url");
  const std::string_view type = attribute(of, "media_type").empty() ? attribute(of, "contentType")
                                                                    : attribute(of, "media_type");
  if (url.starts_with("data:")) return from_data_url(url);
  if (url.starts_with("http://") || url.starts_with("https://") || url.starts_with("gs://") ||
      url.empty())
    return content{.url = std::string(url), .media_type = std::string(type)};
  if (of.origin != 0)
    return refused("a medium that an input gives must be an https, http or data URL");
  auto bytes = beside ? beside(url) : std::nullopt;
  if (!bytes)
    return refused("there is no file \"" + std::string(url) +
                   "\" beside the prompt, and it is no URL");
  return content{.bytes = std::move(*bytes),
                 .media_type = type.empty() ? type_by_ending(url) : std::string(type)};
}

result<part> part_of(const mark& of, const prompt_texts& beside) {
  auto made = content_of(of, beside);
  if (!made) return made.error();
  std::string kind = of.name;
  for (const std::string_view each : {"audio", "video", "image"})
    if (kind.empty() && made->media_type.starts_with(each)) kind = each;
  const std::string file_id(attribute(of, "file_id"));
  if (kind == "audio") return audio_part{made->url, made->bytes, made->media_type, file_id};
  if (kind == "video") return video_part{made->url, made->bytes, made->media_type, file_id};
  if (kind == "document" || (kind.empty() && made->media_type.starts_with("application/")))
    return document_part{.url = made->url,
                         .bytes = made->bytes,
                         .media_type = made->media_type,
                         .name = std::string(attribute(of, "name")),
                         .file_id = file_id,
                         .citations = attribute(of, "citations") == "true"};
  return image_part{.url = made->url,
                    .bytes = made->bytes,
                    .media_type = made->media_type,
                    .detail = std::string(attribute(of, "detail")),
                    .file_id = file_id};
}

class message_maker {
 public:
  message_maker(const message_context& in, rendered_prompt& out) : in_(in), out_(out) {}

  result<void> add(const layout_message& from) {
    if (from.is_history) return add_history(from.said);
    auto who = role_of(from.said.name);
    if (!who) return who.error();
    if (from.said.origin != 0 && *who != role::user && *who != role::assistant)
      return refused("an input gives the role " + from.said.name +
                     ": it may give user and assistant only");
    auto cache = cache_of(attribute(from.said, "cache"));
    if (!cache) return cache.error();
    message made{.role = *who, .name = std::string(attribute(from.said, "name")), .cache = *cache};
    const std::size_t at = out_.call.messages.size();
    for (const auto& each : from.parts) {
      if (each.is_media) {
        auto medium = part_of(each.media, in_.beside);
        if (!medium) return medium.error();
        made.parts.push_back(std::move(*medium));
        continue;
      }
      for (const span& one : each.spans)
        out_.segments.push_back({one.text, variable(one.origin), at, made.parts.size()});
      made.parts.emplace_back(text_part{each.text()});
    }
    if (*who == role::tool)
      made.parts = {tool_result_part{.tool_call_id = std::string(attribute(from.said, "id")),
                                     .text = made.text()}};
    out_.call.messages.push_back(std::move(made));
    return {};
  }

 private:
  std::string variable(std::uint32_t origin) const {
    if (origin == 0) return {};
    return origin <= in_.names.size() ? in_.names[origin - 1] : "*";
  }

  /// Without a list, what the caller gives.
  result<void> add_history(const mark& said) {
    const std::string_view list = attribute(said, "messages");
    if (list.empty() && said.name.empty()) {
      for (const message& each : in_.history) add_given(each, "history");
      return {};
    }
    const auto* input = in_.inputs.if_contains(said.name);
    const bj::value read = !list.empty()      ? bj::parse(list)
                           : input != nullptr ? *input
                                              : bj::value();
    const bj::array* all = read.if_array();
    if (all == nullptr) return refused("the history must be a list of messages: role and content");
    for (const bj::value& each : *all) {
      auto made = message_of(each);
      if (!made) return made.error();
      add_given(*made, said.name.empty() ? variable(said.origin) : said.name);
    }
    return {};
  }

  void add_given(const message& each, const std::string& variable) {
    const std::size_t at = out_.call.messages.size();
    for (std::size_t i = 0; i < each.parts.size(); ++i)
      if (const auto* text = std::get_if<text_part>(&each.parts[i]))
        out_.segments.push_back({text->text, variable, at, i});
    out_.call.messages.push_back(each);
  }

  /// A list in an input gives what was said, never what instructs.
  static result<message> message_of(const bj::value& from) {
    const bj::object* fields = from.if_object();
    const auto* who = fields == nullptr ? nullptr : fields->if_contains("role");
    const auto* text = fields == nullptr ? nullptr : fields->if_contains("content");
    if (who == nullptr || !who->is_string() || text == nullptr || !text->is_string())
      return refused("a message of the history must have a role and a text as content");
    auto role = role_of(std::string(who->as_string()));
    if (!role) return role.error();
    if (*role != role::user && *role != role::assistant)
      return refused("a message of the history has the role " + std::string(who->as_string()) +
                     ": an input may give user and assistant only");
    return message{.role = *role, .parts = {text_part{std::string(text->as_string())}}};
  }

  const message_context& in_;
  rendered_prompt& out_;
};

result<void> take_tools(const definition& from, call& out) {
  for (int i = 0; i < from.file.tools_size(); ++i) {
    const auto& each = from.file.tools(i);
    const std::string field = "tools[" + std::to_string(i) + "]";
    if (each.name().empty()) return from.bad(field, "a tool needs a name");
    tool_definition tool{
        .name = each.name(), .description = each.description(), .strict = each.strict()};
    if (each.has_parameters()) {
      auto schema = schema_of(from, each.parameters(), field + ".parameters");
      if (!schema) return schema.error();
      tool.parameters = std::move(*schema);
    }
    out.tools.push_back(std::move(tool));
  }
  return {};
}

result<void> take_choice(const definition& from, call& out) {
  const auto& word = from.file.parameters().tool_choice();
  if (word.empty() || word == "auto") return {};
  if (word == "none")
    out.tool_choice.mode = tool_choice_mode::none;
  else if (word == "required")
    out.tool_choice.mode = tool_choice_mode::required;
  else
    out.tool_choice = {tool_choice_mode::named, word};
  const bool is_known = out.tool_choice.mode != tool_choice_mode::named ||
                        std::any_of(out.tools.begin(), out.tools.end(),
                                    [&](const auto& each) { return each.name == word; });
  if (!is_known) return from.bad("parameters.tool_choice", "there is no tool \"" + word + "\"");
  return {};
}

result<void> take_reasoning(const definition& from, call& out) {
  const auto& word = from.file.parameters().reasoning();
  if (word.empty()) return {};
  for (const auto each : {reasoning_effort::none, reasoning_effort::minimal, reasoning_effort::low,
                          reasoning_effort::medium, reasoning_effort::high, reasoning_effort::xhigh,
                          reasoning_effort::max})
    if (to_string(each) == word) {
      out.reasoning = each;
      return {};
    }
  return from.bad("parameters.reasoning",
                  "\"" + word + "\" is none; use none, minimal, low, medium, high, xhigh or max");
}

}  // namespace

result<void> take_settings(const definition& from, call& out) {
  const auto& file = from.file;
  const auto& parameters = file.parameters();
  if (!file.model().empty()) out.model = file.model();
  out.fallbacks = {file.fallbacks().begin(), file.fallbacks().end()};
  if (parameters.has_max_tokens()) out.max_tokens = parameters.max_tokens();
  if (parameters.has_temperature()) out.temperature = parameters.temperature();
  if (parameters.has_top_p()) out.top_p = parameters.top_p();
  if (parameters.has_seed()) out.seed = parameters.seed();
  if (parameters.has_reasoning_budget_tokens())
    out.reasoning_budget_tokens = parameters.reasoning_budget_tokens();
  out.stop = {parameters.stop().begin(), parameters.stop().end()};
  for (const auto& [name, value] : parameters.extra()) out.extra[name] = files::json_text(value);
  out.task = file.task().empty() ? from.name : file.task();
  out.tags = {file.tags().begin(), file.tags().end()};
  if (file.has_output()) {
    auto schema = schema_of(from, file.output(), "output");
    if (!schema) return schema.error();
    out.response_format = {.kind = response_format_kind::json_schema, .schema = std::move(*schema)};
  }
  if (auto ok = take_tools(from, out); !ok) return ok.error();
  if (auto ok = take_choice(from, out); !ok) return ok.error();
  return take_reasoning(from, out);
}

result<void> take_messages(const layout& from, const message_context& in, rendered_prompt& out) {
  message_maker make(in, out);
  for (const layout_message& each : from.messages)
    if (auto ok = make.add(each); !ok) return ok.error();
  if (out.call.messages.empty())
    return refused("the prompt rendered to no message: there is no text in it");
  return {};
}

}  // namespace ark::prompt
