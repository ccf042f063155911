#include <ark/call.hpp>
#include <ark/event.hpp>
#include <ark/ledger.hpp>
#include <ark/reply.hpp>

namespace ark {

std::string_view to_string(role value) noexcept {
  switch (value) {
    case role::system:
      return "system";
    case role::developer:
      return "developer";
    case role::user:
      return "user";
    case role::assistant:
      return "assistant";
    case role::tool:
      return "tool";
  }
  return "user";
}

std::string_view to_string(finish_reason value) noexcept {
  switch (value) {
    case finish_reason::stop:
      return "stop";
    case finish_reason::length:
      return "length";
    case finish_reason::tool_calls:
      return "tool_calls";
    case finish_reason::content_filter:
      return "content_filter";
    case finish_reason::refusal:
      return "refusal";
    case finish_reason::paused:
      return "paused";
    case finish_reason::other:
      return "other";
  }
  return "other";
}

std::string_view to_string(event_kind value) noexcept {
  switch (value) {
    case event_kind::started:
      return "started";
    case event_kind::text:
      return "text";
    case event_kind::reasoning:
      return "reasoning";
    case event_kind::refusal:
      return "refusal";
    case event_kind::tool_call_begin:
      return "tool_call_begin";
    case event_kind::tool_call_arguments:
      return "tool_call_arguments";
    case event_kind::tool_call_end:
      return "tool_call_end";
    case event_kind::usage:
      return "usage";
    case event_kind::unknown:
      return "unknown";
    case event_kind::done:
      return "done";
  }
  return "unknown";
}

std::string_view to_string(reasoning_effort value) noexcept {
  switch (value) {
    case reasoning_effort::unset:
      return "";
    case reasoning_effort::none:
      return "none";
    case reasoning_effort::minimal:
      return "minimal";
    case reasoning_effort::low:
      return "low";
    case reasoning_effort::medium:
      return "medium";
    case reasoning_effort::high:
      return "high";
    case reasoning_effort::xhigh:
      return "xhigh";
    case reasoning_effort::max:
      return "max";
  }
  return "";
}

std::string_view to_string(reuse_mode value) noexcept {
  switch (value) {
    case reuse_mode::unset:
      return "";
    case reuse_mode::off:
      return "off";
    case reuse_mode::on:
      return "on";
    case reuse_mode::refresh:
      return "refresh";
    case reuse_mode::only:
      return "only";
  }
  return "";
}

std::string_view to_string(cost_status value) noexcept {
  switch (value) {
    case cost_status::exact:
      return "exact";
    case cost_status::unknown:
      return "unknown";
    case cost_status::interval:
      return "interval";
    case cost_status::void_:
      return "void";
  }
  return "unknown";
}

std::string_view to_string(attempt_state value) noexcept {
  switch (value) {
    case attempt_state::sending:
      return "sending";
    case attempt_state::settled:
      return "settled";
    case attempt_state::void_:
      return "void";
    case attempt_state::ambiguous:
      return "ambiguous";
  }
  return "sending";
}

std::string message::text() const {
  std::string out;
  for (const part& p : parts)
    if (const auto* t = std::get_if<text_part>(&p)) out += t->text;
  return out;
}

std::string message::reasoning() const {
  std::string out;
  for (const part& p : parts)
    if (const auto* r = std::get_if<reasoning_part>(&p)) out += r->text;
  return out;
}

std::vector<tool_call_part> message::tool_calls() const {
  std::vector<tool_call_part> out;
  for (const part& p : parts)
    if (const auto* c = std::get_if<tool_call_part>(&p)) out.push_back(*c);
  return out;
}

namespace {
message one_part(role r, part p) {
  message m;
  m.role = r;
  m.parts.push_back(std::move(p));
  return m;
}
}  // namespace

message system(std::string text) { return one_part(role::system, text_part{std::move(text)}); }
message developer(std::string text) {
  return one_part(role::developer, text_part{std::move(text)});
}
message user(std::string text) { return one_part(role::user, text_part{std::move(text)}); }
message assistant(std::string text) {
  return one_part(role::assistant, text_part{std::move(text)});
}

message tool(std::string tool_call_id, std::string text) {
  return one_part(role::tool,
                  tool_result_part{std::move(tool_call_id), {}, std::move(text), false});
}
message tool_error(std::string tool_call_id, std::string text) {
  return one_part(role::tool, tool_result_part{std::move(tool_call_id), {}, std::move(text), true});
}
image_part image_url(std::string url) { return {.url = std::move(url)}; }
image_part image_bytes(std::string bytes, std::string media_type) {
  return {.bytes = std::move(bytes), .media_type = std::move(media_type)};
}
audio_part audio_bytes(std::string bytes, std::string media_type) {
  return {.bytes = std::move(bytes), .media_type = std::move(media_type)};
}
document_part document_url(std::string url) { return {.url = std::move(url)}; }
document_part document_bytes(std::string bytes, std::string media_type, std::string name) {
  return {.bytes = std::move(bytes), .media_type = std::move(media_type), .name = std::move(name)};
}
video_part video_url(std::string url) { return {.url = std::move(url)}; }
video_part video_bytes(std::string bytes, std::string media_type) {
  return {.bytes = std::move(bytes), .media_type = std::move(media_type)};
}

}  // namespace ark
