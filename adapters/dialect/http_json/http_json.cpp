#include "dialect/http_json/http_json.hpp"

#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "dialect/error_table.hpp"
#include "dialect/quirks.hpp"
#include "model/service_body.hpp"

#include <set>

namespace ark::adapters {
namespace http_json_family {

using json::element;

error refuse(errc code, const vendor& v, const std::string& what) {
  return {.code = code, .message = "service \"" + v.name + "\" " + what};
}

/// What no body of a service has a place for.
result<void> check_plain(const call& c, const vendor& v) {
  if (!c.tools.empty()) return refuse(errc::unsupported, v, "takes no tools: leave them out");
  if (c.response_format.kind != response_format_kind::text)
    return refuse(errc::unsupported, v, "takes no response format: leave it out");
  if (c.reasoning != reasoning_effort::unset || c.reasoning_budget_tokens)
    return refuse(errc::unsupported, v, "takes no reasoning effort: leave it out");
  if (c.top_logprobs) return refuse(errc::unsupported, v, "takes no top_logprobs: leave it out");
  for (const message& m : c.messages)
    for (const part& p : m.parts)
      if (!std::holds_alternative<text_part>(p) && !std::holds_alternative<reasoning_part>(p))
        return refuse(errc::unsupported, v, "takes messages of text only");
  return {};
}

std::string_view role_word(role r) { return r == role::developer ? "system" : to_string(r); }

std::string messages_json(const call& c) {
  std::string out;
  json::writer w(out);
  w.begin_array();
  for (const message& m : c.messages)
    w.begin_object()
        .key("role")
        .string(role_word(m.role))
        .key("content")
        .string(m.text())
        .end_object();
  w.end_array();
  return out;
}

/// The texts of a call, by placeholder.
std::optional<std::string> text_value(const call& c, std::string_view model,
                                      std::string_view name) {
  if (name == "model") return std::string(model);
  if (name == "end_user") return c.end_user;
  std::string out;
  for (const message& m : c.messages) {
    if (name == "prompt" && m.role == role::user) out = m.text();
    if (name == "system" && (m.role == role::system || m.role == role::developer))
      out += (out.empty() ? "" : "\n") + m.text();
  }
  if (name == "prompt" || name == "system") return out;
  return std::nullopt;
}

template <class T>
std::string number_json(const std::optional<T>& value) {
  std::string out;
  json::writer w(out);
  if (value)
    w.number(*value);
  else
    w.null();
  return out;
}

std::string stop_json(const std::vector<std::string>& stop) {
  std::string out;
  json::writer w(out);
  w.begin_array();
  for (const std::string& s : stop) w.string(s);
  w.end_array();
  return out;
}

/// The JSON values of a call, by placeholder.
std::optional<std::string> json_value(const call& c, std::string_view name) {
  if (name == "messages") return messages_json(c);
  if (name == "max_tokens") return number_json(c.max_tokens);
  if (name == "temperature") return number_json(c.temperature);
  if (name == "top_p") return number_json(c.top_p);
  if (name == "seed") return number_json(c.seed);
  if (name == "stop") return stop_json(c.stop);
  if (const auto found = c.extra.find(std::string(name)); found != c.extra.end())
    return found->second;
  return std::nullopt;
}

/// What the call sets, by the placeholder that would carry it.
std::set<std::string, std::less<>> set_parameters(const call& c) {
  std::set<std::string, std::less<>> out;
  if (c.max_tokens) out.insert("max_tokens");
  if (c.temperature) out.insert("temperature");
  if (c.top_p) out.insert("top_p");
  if (c.seed) out.insert("seed");
  if (!c.stop.empty()) out.insert("stop");
  if (!c.end_user.empty()) out.insert("end_user");
  if (!c.service_tier.empty()) out.insert("service_tier");
  for (const auto& [name, value] : c.extra) out.insert(name);
  for (const message& m : c.messages)
    if (m.role == role::system || m.role == role::developer) out.insert("system");
  return out;
}

/// In a string a text stands as it is, any other value as its JSON text; escaped both.
std::string inside_string(std::string_view value) {
  std::string quoted;
  json::append_string(quoted, value);
  return quoted.substr(1, quoted.size() - 2);
}

result<std::string> body_for(const call& c, std::string_view model, const vendor& v) {
  auto unsent = set_parameters(c);
  auto body = fill_service_body(
      v.service->body, [&](std::string_view name, bool in_string) -> result<std::string> {
        unsent.erase(std::string(name));
        if (name == "messages") unsent.erase("system");
        if (auto value = text_value(c, model, name)) {
          if (in_string) return inside_string(*value);
          return refuse(errc::config, v, "has {{" + std::string(name) + "}} outside of quotes");
        }
        auto value = json_value(c, name);
        if (!value)
          return refuse(errc::invalid_request, v,
                        "wants the parameter \"" + std::string(name) + "\": give it as an extra");
        return in_string ? inside_string(*value) : *value;
      });
  if (!body) return body.error();
  if (!unsent.empty())
    return refuse(errc::invalid_request, v,
                  "takes no \"" + *unsent.begin() + "\": its body has no place for it");
  if (auto valid = json::check(*body); !valid)
    return refuse(errc::invalid_request, v,
                  "would get a body that is not JSON: " + valid.error().message);
  return body;
}

/// Text as it is; any other value as its JSON text.
std::string value_text(element e) {
  if (e.is_string()) return std::string(json::as_text(e));
  return simdjson::minify(e);
}

std::optional<element> at_pointer(element root, const std::string& pointer) {
  if (pointer.empty()) return root;
  element found;
  if (root.at_pointer(pointer).get(found)) return std::nullopt;
  return found;
}

void read_answer(std::string_view body, const vendor& v, dialect::reply_builder& out) {
  const auto fail = [&out](const std::string& what) {
    out.fail({.code = errc::protocol, .retry = retry_class::maybe_billed, .message = what});
  };
  json::reader reader;
  const auto root = reader.parse(body);
  if (!root) return fail("the service's answer is " + root.error().message);
  const std::string& pointer = v.service ? v.service->text_pointer : std::string{};
  const auto found = at_pointer(*root, pointer);
  if (!found)
    return fail("the service's answer has nothing at " + pointer +
                ": check `text` in the service's file");
  out.text(value_text(*found));
  // Nothing is counted: such services are paid for by the call.
  usage used;
  used.reported = true;
  out.usage(used);
  out.finish(finish_reason::stop, "");
  out.done();
}

/// For the client's stream of an answer that came whole.
class whole_answer final : public dialect::stream_decoder {
 public:
  explicit whole_answer(const vendor& v) : vendor_(v) {}
  dialect::frame_kind feed(std::string_view, std::string_view data,
                           dialect::reply_builder& out) override {
    read_answer(data, vendor_, out);
    return dialect::frame_kind::known;
  }
  bool whole_at_end(dialect::reply_builder&) override { return false; }

 private:
  const vendor& vendor_;
};

class service_family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "http_json"; }

  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool) const override {
    if (!v.service)
      return error{.code = errc::config,
                   .message = "vendor \"" + v.name +
                              "\" has no description of its service: write it in YAML"};
    if (auto ok = check_plain(c, v); !ok) return ok.error();
    auto body = body_for(c, model, v);
    if (!body) return body.error();
    ark::dialect::encoded out;
    const ark::dialect::quirk_view quirks(v);
    out.request.method = v.service->method;
    out.request.target = quirks.target(v.chat_path, model);
    out.request.headers.push_back({"content-type", "application/json", false});
    out.request.headers.push_back({"accept", "application/json", false});
    quirks.add_headers(out.request.headers);
    out.request.body = std::move(*body);
    return out;
  }

  result<reply> decode_chat(const ark::dialect::answer& a, const vendor& v) const override {
    ark::dialect::reply_builder out;
    read_answer(a.body, v, out);
    if (out.failure()) return *out.failure();
    out.reply().request_id = request_id(a.head);
    return std::move(out.reply());
  }

  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<whole_answer>(v);
  }

  result<ark::dialect::encoded> encode_embed(const embed_call&, std::string_view,
                                             const vendor& v) const override {
    return refuse(errc::unsupported, v, "has no embeddings");
  }
  result<embed_reply> decode_embed(const ark::dialect::answer&, const vendor& v) const override {
    return refuse(errc::unsupported, v, "has no embeddings");
  }

  error decode_error(const ark::dialect::answer& a, const vendor& v) const override {
    error e{.http_status = a.head.status};
    ark::dialect::set_meaning(e, ark::dialect::meaning_of_status(a.head.status));
    e.vendor_message = a.body.substr(0, 500);
    json::reader reader;
    if (const auto root = reader.parse(a.body);
        root && v.service && !v.service->error_pointer.empty())
      if (const auto found = at_pointer(*root, v.service->error_pointer))
        e.vendor_message = value_text(*found);
    e.request_id = request_id(a.head);
    ark::dialect::read_retry_headers(a.head.headers, e);
    return e;
  }

  std::string request_id(const wire::http_head& head) const override {
    return std::string(wire::find_header(head.headers, "x-request-id"));
  }
};

}  // namespace http_json_family

const dialect::dialect& http_json() {
  static const http_json_family::service_family instance;
  return instance;
}

}  // namespace ark::adapters
