#include "prompt/chat_context.hpp"

#include <jinja/environment.hpp>

#include "prompt/tokenizer_config.hpp"

namespace ark::prompt {

namespace {

using jinja::value;

class writer {
 public:
  explicit writer(jinja::arena& memory) : memory_(memory) {}

  result<chat_context> run(const call& c, const chat_template_options& with) {
    origin_ = origin_named("messages");
    jinja::list* messages = jinja::make_list(memory_);
    for (const message& each : c.messages)
      if (auto ok = add(each, *messages); !ok) return ok.error();
    jinja::dict* root = jinja::make_dict(memory_);
    put(*root, "messages", value::of(messages));
    if (!c.tools.empty() && c.tool_choice.mode != tool_choice_mode::none) {
      auto tools = tools_of(c);
      if (!tools) return tools.error();
      put(*root, "tools", *tools);
    }
    put(*root, "add_generation_prompt", value::of(with.add_generation_prompt));
    for (const auto& [name, text] : with.variables) {
      const auto read = jinja::read_json(memory_, memory_.copy(text));
      if (!read) return bad("the variable \"" + name + R"(" is no JSON: write a text as "text")");
      // A token is the template's own, whoever names it.
      put(*root, memory_.copy(name),
          is_token_name(name) ? *read : jinja::mark(memory_, *read, origin_named(name)));
    }
    out_.value = value::of(root);
    return std::move(out_);
  }

 private:
  static error bad(std::string message) {
    return {.code = errc::invalid_request, .message = std::move(message)};
  }
  std::uint32_t origin_named(std::string name) {
    out_.origins.push_back(std::move(name));
    return static_cast<std::uint32_t>(out_.origins.size());
  }
  void put(jinja::dict& to, std::string_view name, value v) { to.set(memory_, value::of(name), v); }
  /// A text of the caller's.
  value told(std::string_view text) {
    return jinja::mark(memory_, value::of(memory_.copy(text)), origin_);
  }
  void put_text(jinja::dict& to, std::string_view name, std::string_view text) {
    if (!text.empty()) put(to, name, told(text));
  }
  /// JSON of the caller's; a text if it is none.
  value told_json(std::string_view text) {
    const auto read = jinja::read_json(memory_, memory_.copy(text));
    return read ? jinja::mark(memory_, *read, origin_) : told(text);
  }

  result<void> add(const message& m, jinja::list& to) {
    std::string text;
    bool has_result = false, has_more = false;
    for (const part& p : m.parts) {
      if (const auto* answer = std::get_if<tool_result_part>(&p)) {
        to.push(memory_, result_of(*answer));
        has_result = true;
        continue;
      }
      has_more = true;
      if (const auto* said = std::get_if<text_part>(&p))
        text += said->text;
      else if (const auto* declined = std::get_if<refusal_part>(&p))
        text += declined->text;
      else if (!std::holds_alternative<reasoning_part>(p) &&
               !std::holds_alternative<tool_call_part>(p))
        return error{.code = errc::unsupported,
                     .message =
                         "a chat template writes texts only: leave images, sounds, "
                         "documents and videos out"};
    }
    if (has_result && !has_more) return {};
    jinja::dict* made = jinja::make_dict(memory_);
    // Templates know "system"; the newer word for it is one vendor's.
    put(*made, "role", value::of(to_string(m.role == role::developer ? role::system : m.role)));
    put(*made, "content", told(text));
    put_text(*made, "name", m.name);
    put_text(*made, "reasoning_content", m.reasoning());
    if (const auto calls = m.tool_calls(); !calls.empty())
      put(*made, "tool_calls", calls_of(calls));
    to.push(memory_, value::of(made));
    return {};
  }

  value result_of(const tool_result_part& answer) {
    jinja::dict* made = jinja::make_dict(memory_);
    put(*made, "role", value::of("tool"));
    put(*made, "content", told(answer.text));
    put_text(*made, "tool_call_id", answer.tool_call_id);
    put_text(*made, "name", answer.name);
    return value::of(made);
  }

  value calls_of(const std::vector<tool_call_part>& calls) {
    jinja::list* made = jinja::make_list(memory_);
    for (const tool_call_part& each : calls) {
      jinja::dict* function = jinja::make_dict(memory_);
      put(*function, "name", told(each.name));
      put(*function, "arguments", told_json(each.arguments.empty() ? "{}" : each.arguments));
      jinja::dict* call = jinja::make_dict(memory_);
      put_text(*call, "id", each.id);
      put(*call, "type", value::of("function"));
      put(*call, "function", value::of(function));
      made->push(memory_, value::of(call));
    }
    return value::of(made);
  }

  result<value> tools_of(const call& c) {
    origin_ = origin_named("tools");
    jinja::list* made = jinja::make_list(memory_);
    for (const tool_definition& each : c.tools) {
      std::string_view schema = each.parameters;
      if (schema.empty()) schema = R"({"type":"object","properties":{}})";
      const auto parameters = jinja::read_json(memory_, memory_.copy(schema));
      if (!parameters || !parameters->is(jinja::kind::dict))
        return bad("the parameters of tool \"" + each.name + "\" are no JSON object");
      jinja::dict* function = jinja::make_dict(memory_);
      put(*function, "name", told(each.name));
      put(*function, "description", told(each.description));
      put(*function, "parameters", jinja::mark(memory_, *parameters, origin_));
      jinja::dict* tool = jinja::make_dict(memory_);
      put(*tool, "type", value::of("function"));
      put(*tool, "function", value::of(function));
      made->push(memory_, value::of(tool));
    }
    return value::of(made);
  }

  jinja::arena& memory_;
  std::uint32_t origin_ = 0;
  chat_context out_{};
};

}  // namespace

result<chat_context> chat_context_of(const call& c, const chat_template_options& with,
                                     jinja::arena& memory) {
  return writer(memory).run(c, with);
}

}  // namespace ark::prompt
