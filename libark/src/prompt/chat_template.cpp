#include <ark/chat_template.hpp>

#include <jinja/arena.hpp>

#include <algorithm>
#include <chrono>

#include "base/text.hpp"
#include "os/os.hpp"
#include "prompt/body.hpp"
#include "prompt/chat_context.hpp"
#include "prompt/control_tokens.hpp"
#include "prompt/tokenizer_config.hpp"

namespace ark {

struct chat_template::state {
  std::map<std::string, prompt::body> bodies;
  std::map<std::string, std::string> tokens;
  std::vector<std::string> special;
};

namespace {

result<prompt::body> compile(std::string text, const std::string& path, const std::string& name) {
  prompt::definition from;
  from.path = name == "default" ? path : path + " (" + name + ")";
  from.profile = prompt::profile::chat_template;
  from.body = std::move(text);
  return prompt::body::compile(from, {});
}

std::int64_t now_s(const chat_template_options& with) {
  if (with.now_s) return *with.now_s;
  return std::chrono::duration_cast<std::chrono::seconds>(os::real().wall_now().time_since_epoch())
      .count();
}

error unsupported(std::string message) {
  return {.code = errc::unsupported, .message = std::move(message)};
}

result<void> check_sayable(const call& c) {
  const auto mode = c.tool_choice.mode;
  if (mode == tool_choice_mode::required || mode == tool_choice_mode::named)
    return unsupported("a chat template cannot make a model call a tool: leave tool_choice out");
  if (c.response_format.kind != response_format_kind::text)
    return unsupported("a chat template has no structured output: ask for it in the prompt");
  return {};
}

/// One call on its way to being a text.
class application {
 public:
  application(const chat_template::state& of, const chat_template_options& with)
      : of_(of), with_(with) {}

  result<rendered_prompt> run(call c) {
    if (auto ok = check_sayable(c); !ok) return ok.error();
    if (c.reasoning != reasoning_effort::unset)
      with_.variables.try_emplace("enable_thinking",
                                  c.reasoning == reasoning_effort::none ? "false" : "true");
    if (auto ok = render(c); !ok) return ok.error();
    if (auto ok = guard_control_tokens(); !ok) return ok.error();
    std::string text = take_segments();
    note_first_token(text);
    c.messages = {user(std::move(text))};
    c.tools.clear();
    c.tool_choice = {};
    c.reasoning = reasoning_effort::unset;
    if (const auto end = of_.tokens.find("eos_token"); end != of_.tokens.end())
      if (std::find(c.stop.begin(), c.stop.end(), end->second) == c.stop.end())
        c.stop.push_back(end->second);
    out_.call = std::move(c);
    return std::move(out_);
  }

 private:
  const prompt::body& body_for(const call& c) const {
    const bool has_tools = !c.tools.empty() && c.tool_choice.mode != tool_choice_mode::none;
    if (const auto found = of_.bodies.find("tool_use"); has_tools && found != of_.bodies.end())
      return found->second;
    const auto usual = of_.bodies.find("default");
    return usual != of_.bodies.end() ? usual->second : of_.bodies.begin()->second;
  }

  result<void> render(const call& c) {
    jinja::arena memory;
    auto context = prompt::chat_context_of(c, with_, memory);
    if (!context) return context.error();
    for (const auto& [name, text] : of_.tokens)
      if (!with_.variables.contains(name))
        context->value.entries().set(memory, jinja::value::of(name), jinja::value::of(text));
    names_ = std::move(context->origins);
    const prompt::render_settings settings{.now_s = now_s(with_)};
    return body_for(c).render(context->value, settings, [this](const prompt::piece& p) {
      if (spans_.empty() || spans_.back().origin != p.origin) spans_.push_back({{}, p.origin});
      spans_.back().text += p.text;
    });
  }

  result<void> guard_control_tokens() {
    if (with_.control_tokens == control_tokens::keep) return {};
    const std::size_t found = prompt::escape_control_tokens(spans_, of_.special);
    return prompt::tell_escaped(found, "messages", with_.control_tokens, out_.notes);
  }

  std::string take_segments() {
    std::string text;
    for (prompt::span& each : spans_) {
      text += each.text;
      std::string variable;
      if (each.origin != 0) variable = each.origin <= names_.size() ? names_[each.origin - 1] : "*";
      out_.segments.push_back({std::move(each.text), std::move(variable), 0, 0});
    }
    return text;
  }

  /// Servers that put the first token in front of every text make it two.
  void note_first_token(const std::string& text) {
    const auto first = of_.tokens.find("bos_token");
    if (first != of_.tokens.end() && text.starts_with(first->second))
      out_.notes.push_back("the text begins with the model's first token, " + first->second +
                           R"(: where the server adds it too, set the variable bos_token to "")");
  }

  const chat_template::state& of_;
  chat_template_options with_;
  std::vector<std::string> names_{};
  std::vector<prompt::span> spans_{};
  rendered_prompt out_{};
};

}  // namespace

result<chat_template> chat_template::parse(std::string_view text, const std::string& path,
                                           std::string_view tokenizer_config) {
  prompt::tokenizer_config read;
  if (!tokenizer_config.empty()) {
    auto config = prompt::read_tokenizer_config(tokenizer_config, path + ": tokenizer_config.json");
    if (!config) return config.error();
    read = std::move(*config);
    read.templates.clear();
  }
  if (!text::is_utf8(text))
    return error{.code = errc::config, .message = path + ": is not UTF-8; save it as UTF-8"};
  if (prompt::looks_like_json(text)) {
    auto whole = prompt::read_tokenizer_config(text, path);
    if (!whole) return whole.error();
    read = std::move(*whole);
    if (read.templates.empty())
      return error{.code = errc::config,
                   .message = path +
                              ": has no chat_template; the model may have it in a file of "
                              "its own, chat_template.jinja"};
  } else {
    read.templates.emplace("default", text);
  }
  std::map<std::string, prompt::body> bodies;
  for (const auto& [name, source] : read.templates) {
    auto body = compile(source, path, name);
    if (!body) return body.error();
    bodies.emplace(name, std::move(*body));
  }
  return chat_template(std::make_shared<const state>(
      state{std::move(bodies), std::move(read.tokens), std::move(read.special)}));
}

result<rendered_prompt> chat_template::apply(call c, const chat_template_options& with) const {
  return application(*state_, with).run(std::move(c));
}

}  // namespace ark
