#include "dialect/tencent/tencent_native.hpp"

#include "dialect/error_table.hpp"
#include "dialect/tencent/tencent_wire.hpp"
#include "dialect/turns.hpp"
#include "dialect/usage_counts.hpp"

#include <algorithm>
#include <utility>

namespace ark::adapters {
namespace tencent {
namespace {

using ark::dialect::count_at;
using ark::dialect::error_meaning;
using ark::dialect::frame_kind;
using json::text_at;

constexpr auto never = retry_class::never;
constexpr auto maybe = retry_class::maybe_billed;

/// The vendor's codes (SDK 3.1.162) by their beginnings; the first match counts. API 3.0 answers
/// 200 whatever happened, so that nothing here is safe to send again.
constexpr std::pair<std::string_view, error_meaning> codes[] = {
    {"AuthFailure.UnauthorizedOperation", {errc::permission, never}},
    {"AuthFailure", {errc::auth, never}},
    {"UnauthorizedOperation", {errc::permission, never}},
    {"RequestLimitExceeded", {errc::rate_limit, maybe}},
    {"LimitExceeded", {errc::rate_limit, maybe}},
    {"FailedOperation.EngineServerLimitExceeded", {errc::rate_limit, maybe}},
    {"FailedOperation.EngineRequestTimeout", {errc::timeout, maybe}},
    {"FailedOperation.FreeResourcePackExhausted", {errc::quota, never}},
    {"FailedOperation.ResourcePackExhausted", {errc::quota, never}},
    {"FailedOperation.ServiceStopArrears", {errc::quota, never}},
    {"FailedOperation.ServiceStop", {errc::permission, never}},
    {"FailedOperation.ServiceNotActivated", {errc::permission, never}},
    {"FailedOperation.UserUnAuthError", {errc::permission, never}},
    {"OperationDenied.TextIllegalDetected", {errc::content_filter, never}},
    {"OperationDenied.ImageIllegalDetected", {errc::content_filter, never}},
    {"ResourceUnavailable.InArrears", {errc::quota, never}},
    {"ResourceUnavailable.LowBalance", {errc::quota, never}},
    {"ResourceUnavailable.NotExist", {errc::not_found, never}},
    {"ResourceInsufficient.ChargeResourceExhaust", {errc::quota, never}},
    {"InvalidParameterValue.Model", {errc::not_found, never}},
    {"InvalidParameter", {errc::invalid_request, never}},
    {"MissingParameter", {errc::invalid_request, never}},
    {"UnknownParameter", {errc::invalid_request, never}},
    {"UnsupportedOperation", {errc::unsupported, never}}};

error_meaning meaning_of(int status, const error& e, const quirk_view& quirks) {
  if (const auto* row = quirks.error(e.vendor_code)) return {row->code, row->retry};
  for (const auto& [begin, meaning] : codes)
    if (e.vendor_code.starts_with(begin)) return meaning;
  return ark::dialect::meaning_of_status(status);
}

/// `Error{Code,Message}` of the API, or `ErrorMsg{Code,Msg}` of the model, whose code is a number.
std::optional<error> said_error(int status, element body) {
  element inner, code;
  if (!json::find(body, "Error", inner) && !json::find(body, "ErrorMsg", inner))
    return std::nullopt;
  error e{.http_status = status, .request_id = std::string(text_at(body, "RequestId"))};
  if (json::find(inner, "Code", code))
    e.vendor_code = code.is_number() ? simdjson::minify(code) : std::string(json::as_text(code));
  e.vendor_message = text_at(inner, "Message");
  if (e.vendor_message.empty()) e.vendor_message = text_at(inner, "Msg");
  if (e.vendor_code.empty() && e.vendor_message.empty()) return std::nullopt;
  return e;
}

finish_reason family_meaning(std::string_view word) {
  if (word == "stop") return finish_reason::stop;
  if (word == "sensitive") return finish_reason::content_filter;
  if (word == "tool_calls") return finish_reason::tool_calls;
  return finish_reason::other;
}

/// Reads a chunk or a whole reply: both have the same shape but for `Delta` and `Message`.
class completion_reader {
 public:
  explicit completion_reader(const vendor& v) : quirks_(v) {}
  /// False: an object of another kind.
  bool read(element body, reply_builder& out);
  void end(reply_builder& out);
  const quirk_view& quirks() const noexcept { return quirks_; }

 private:
  void choice(element e, reply_builder& out);
  void message(element e, reply_builder& out);
  void tool_call(element e, int position, reply_builder& out);

  quirk_view quirks_;
  std::string finish_word_;
};

bool completion_reader::read(element body, reply_builder& out) {
  element list, used;
  simdjson::dom::array items;
  const bool has_choices = json::find(body, "Choices", list) && !list.get(items);
  const bool has_usage = json::find(body, "Usage", used) && used.is_object();
  if (!has_choices && !has_usage) return false;
  out.started(text_at(body, "Id"), {});
  if (has_choices)
    for (const element item : items) choice(item, out);
  // In every chunk and cumulative: the last one counts.
  if (has_usage)
    if (const auto now = read_usage(used, out)) out.usage(*now);
  return true;
}

void completion_reader::choice(element e, reply_builder& out) {
  element found;
  if (json::integer_at(e, "Index") != 0)
    return out.note("the vendor made several choices: this reply is the first one");
  const bool has_delta = json::find(e, "Delta", found) && found.is_object();
  if (has_delta || json::find(e, "Message", found)) message(found, out);
  const std::string_view word = text_at(e, "FinishReason");
  if (word.empty()) return;
  finish_word_ = word;
  out.finish(quirks_.finish(word).value_or(family_meaning(word)), word);
}

void completion_reader::message(element e, reply_builder& out) {
  element list;
  simdjson::dom::array items;
  out.reasoning(text_at(e, "ReasoningContent"));
  out.text(text_at(e, "Content"));
  if (!json::find(e, "ToolCalls", list) || list.get(items)) return;
  int position = 0;
  for (const element item : items) tool_call(item, position++, out);
}

void completion_reader::tool_call(element e, int position, reply_builder& out) {
  element function;
  if (!json::find(e, "Function", function) || !function.is_object()) return;
  const std::string_view name = text_at(function, "Name"), id = text_at(e, "Id");
  const int index = static_cast<int>(
      std::clamp<std::int64_t>(json::integer_at(e, "Index", position), 0, 1 << 30));
  const bool is_open = out.tool_is_open(index);
  if (!name.empty() && (!is_open || (!id.empty() && out.tool_id(index) != id)))
    out.tool_begin(index, id, name);
  out.tool_arguments(index, text_at(function, "Arguments"));
}

void completion_reader::end(reply_builder& out) {
  if (out.reply().finish == finish_reason::stop &&
      ark::dialect::has_part<tool_call_part>(out.reply().message))
    out.finish(finish_reason::tool_calls, finish_word_);
}

class decoder final : public ark::dialect::stream_decoder {
 public:
  explicit decoder(const vendor& v) : completion_(v) {}

  /// What fails before the stream begins is one JSON text with `Response` in place of it.
  frame_kind feed(std::string_view, std::string_view data, reply_builder& out) override {
    if (data == "[DONE]") return frame_kind::known;
    json::reader reader;
    const auto root = reader.parse(data);
    if (!root || !root->is_object()) return frame_kind::corrupt;
    const element body = unwrapped(*root);
    // What came with an error counts: its usage settles the attempt.
    const bool known = completion_.read(body, out);
    auto failed = read_error(200, body, completion_.quirks());
    if (!failed) return known ? frame_kind::known : frame_kind::unknown;
    out.fail(*std::move(failed));
    return frame_kind::known;
  }

  /// There is no end mark that the vendor's SDK relies on: a finish reason, then the bytes' end.
  bool whole_at_end(reply_builder& out) override {
    if (!out.finish_seen()) return false;
    completion_.end(out);
    return true;
  }

 private:
  completion_reader completion_;
};

class family final : public ark::dialect::dialect {
 public:
  std::string_view name() const override { return "tencent"; }
  result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                              bool stream) const override {
    return tencent::encode_chat(c, model, v, stream);
  }
  result<reply> decode_chat(const answer& a, const vendor& v) const override {
    json::reader reader;
    const auto root = reader.parse(a.body);
    if (!root || !root->is_object()) return not_ours(a);
    const element body = unwrapped(*root);
    if (read_error(a.head.status, body, quirk_view(v))) return decode_error(a, v);
    reply_builder out;
    completion_reader completion(v);
    element choices;
    if (!json::find(body, "Choices", choices) || !completion.read(body, out)) return not_ours(a);
    completion.end(out);
    return ark::dialect::end_whole(out, a, tencent::request_id(a.head, text_at(body, "RequestId")));
  }
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<decoder>(v);
  }
  result<encoded> encode_embed(const embed_call& c, std::string_view,
                               const vendor& v) const override {
    return tencent::encode_embed(c, v);
  }
  result<embed_reply> decode_embed(const answer& a, const vendor& v) const override {
    return tencent::decode_embed(a, v);
  }
  error decode_error(const answer& a, const vendor& v) const override {
    return decode_failure(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return tencent::request_id(head);
  }
};

}  // namespace

element unwrapped(element root) {
  element inner;
  return json::find(root, "Response", inner) && inner.is_object() ? inner : root;
}

std::optional<error> read_error(int status, element body, const quirk_view& quirks) {
  auto e = said_error(status, body);
  if (e) ark::dialect::set_meaning(*e, meaning_of(status, *e, quirks));
  return e;
}

error decode_failure(const answer& a, const vendor& v) {
  const auto read = [&](element root) {
    return read_error(a.head.status, unwrapped(root), quirk_view(v));
  };
  return ark::dialect::failure_of(a.head, a.body, request_id(a.head), read);
}

error not_ours(const answer& a) {
  return ark::dialect::unreadable(a.head.status, a.body,
                                  "not of Tencent Cloud's API 3.0: check the base URL",
                                  request_id(a.head));
}

std::string request_id(const wire::http_head& head, std::string_view in_body) {
  const auto id = wire::find_header(head.headers, "x-tc-requestid");
  return std::string(id.empty() ? in_body : id);
}

std::optional<ark::usage> read_usage(element usage, reply_builder& out) {
  const auto prompt = count_at(usage, "PromptTokens");
  const auto completion = count_at(usage, "CompletionTokens");
  if (!prompt && !completion) return std::nullopt;
  ark::usage u;
  u.reported = true;
  u.input = prompt.value_or(0);
  u.output = completion.value_or(0);
  u.vendor_total = count_at(usage, "TotalTokens");
  const auto cached = count_at(usage, "PromptTokensDetails.CachedTokens");
  u.cache_read = ark::dialect::take(u.input, cached, "cached", out);
  ark::dialect::check_counts({prompt, completion, cached, u.vendor_total}, u, out);
  return u;
}

}  // namespace tencent

const dialect::dialect& tencent_native() {
  static const tencent::family instance;
  return instance;
}

}  // namespace ark::adapters
