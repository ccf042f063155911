#include "dialect/anthropic_messages.hpp"

#include "dialect/anthropic_wire.hpp"
#include "dialect/error_table.hpp"
#include "dialect/quirks.hpp"
#include "dialect/token_count.hpp"

#include <algorithm>
#include <array>

namespace ark::adapters {
namespace anthropic {
namespace {

struct error_word {
  std::string_view word;
  errc code;
  retry_class retry;
};

/// error.details.error_code and error.type. The vendor's SDK lists them; recorded are the types of
/// 400, 401 and 404.
constexpr std::array<error_word, 15> error_words = {{
    {"enforced_spend_limit_reached", errc::quota, retry_class::never},
    {"contract_spend_limit_reached", errc::quota, retry_class::never},
    {"credit_balance_exhausted", errc::quota, retry_class::never},
    {"authentication_error", errc::auth, retry_class::never},
    {"billing_error", errc::quota, retry_class::never},
    {"permission_error", errc::permission, retry_class::never},
    {"not_found_error", errc::not_found, retry_class::never},
    {"conflict_error", errc::invalid_request, retry_class::maybe_billed},
    {"request_too_large", errc::invalid_request, retry_class::never},
    {"invalid_request_error", errc::invalid_request, retry_class::never},
    {"rate_limit_error", errc::rate_limit, retry_class::safe},
    {"api_error", errc::server, retry_class::maybe_billed},
    {"timeout_error", errc::timeout, retry_class::maybe_billed},
    {"overloaded_error", errc::overloaded, retry_class::safe},
    {"error", errc::server, retry_class::maybe_billed},
}};

const error_word* find_word(std::string_view word) {
  const auto at = std::find_if(error_words.begin(), error_words.end(),
                               [word](const error_word& row) { return row.word == word; });
  return at == error_words.end() ? nullptr : &*at;
}

/// invalid_request_error is two things more, told apart by their sentence only (recorded).
errc refine(errc code, std::string_view message) {
  if (code != errc::invalid_request) return code;
  if (message.starts_with("prompt is too long") ||
      message.find("exceed context limit") != std::string_view::npos)
    return errc::context_length;
  if (message.find("credit balance is too low") != std::string_view::npos) return errc::quota;
  return code;
}

finish_reason finish_of(std::string_view word) {
  if (word == "end_turn" || word == "stop_sequence") return finish_reason::stop;
  if (word == "max_tokens" || word == "model_context_window_exceeded") return finish_reason::length;
  if (word == "tool_use") return finish_reason::tool_calls;
  if (word == "refusal") return finish_reason::refusal;
  if (word == "pause_turn") return finish_reason::paused;
  return finish_reason::other;
}

/// The vendor's words into our code: the row's table, the family's, then the HTTP status.
void set_meaning(error& e, std::string_view type, std::string_view detail, const vendor& v) {
  const dialect::quirk_view quirks(v);
  auto meaning = dialect::meaning_of_status(e.http_status);
  const auto* row = quirks.error(detail) ? quirks.error(detail) : quirks.error(type);
  const auto* own = find_word(detail) ? find_word(detail) : find_word(type);
  if (row != nullptr) {
    meaning = {row->code, row->retry};
  } else if (own != nullptr) {
    meaning =
        dialect::more_telling({refine(own->code, e.vendor_message), own->retry}, e.http_status);
  }
  dialect::set_meaning(e, meaning);
}

}  // namespace

void read_start(element message, reply_builder& out) {
  out.started(json::text_at(message, "id"), json::text_at(message, "model"));
}

void read_stop(element holder, const vendor& v, reply_builder& out) {
  const std::string_view word = json::text_at(holder, "stop_reason");
  if (word.empty()) return;
  out.finish(dialect::quirk_view(v).finish(word).value_or(finish_of(word)), word);
  element details;
  if (word != "refusal" || !json::find(holder, "stop_details", details)) return;
  out.break_part();
  out.refusal(json::text_at(details, "explanation"));
  if (const auto category = json::text_at(details, "category"); !category.empty())
    out.note("refused in the category \"" + std::string(category) + '"');
}

error read_error(int status, std::string_view body, const vendor& v) {
  error e{.http_status = status};
  std::string type, detail;
  json::reader reader;
  const auto root = reader.parse(body);
  element inner;
  if (root && json::find(*root, "error", inner) && inner.is_object()) {
    type = json::text_at(inner, "type");
    e.vendor_message = json::text_at(inner, "message");
    element details;
    if (json::find(inner, "details", details)) detail = json::text_at(details, "error_code");
    e.request_id = json::text_at(*root, "request_id");
  } else {
    // A gateway's page or nothing: its beginning is all there is to say.
    e.vendor_message = body.substr(0, 500);
  }
  e.vendor_code = detail.empty() ? type : detail;
  set_meaning(e, type, detail, v);
  return e;
}

namespace {

class family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "anthropic_messages"; }

  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool stream) const override {
    return encode(c, model, v, stream);
  }
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return anthropic::open_stream(v);
  }
  result<ark::dialect::encoded> encode_embed(const embed_call&, std::string_view,
                                             const vendor& v) const override {
    return no_embeddings(v);
  }
  result<embed_reply> decode_embed(const ark::dialect::answer&, const vendor& v) const override {
    return no_embeddings(v);
  }
  result<ark::dialect::encoded> encode_count(const call& c, std::string_view model,
                                             const vendor& v) const override {
    return anthropic::encode_count(c, model, v);
  }
  result<token_count_reply> decode_count(const ark::dialect::answer& a,
                                         const vendor&) const override {
    return ark::dialect::read_token_count(a, "input_tokens", request_id(a.head));
  }
  error decode_error(const ark::dialect::answer& a, const vendor& v) const override;
  std::string request_id(const wire::http_head& head) const override {
    auto id = wire::find_header(head.headers, "request-id");
    if (id.empty()) id = wire::find_header(head.headers, "apim-request-id");  // a host's (recorded)
    return std::string(id);
  }

 private:
  static error no_embeddings(const vendor& v) {
    return {.code = errc::unsupported,
            .message = "vendor \"" + v.name + "\" has no embeddings: choose another vendor"};
  }
};

result<reply> family::decode_chat(const ark::dialect::answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root)
    return error{.code = root.error().code,
                 .retry = retry_class::maybe_billed,
                 .http_status = a.head.status,
                 .message = "the vendor's answer is " + root.error().message,
                 .request_id = request_id(a.head)};
  element content;
  simdjson::dom::array items;
  if (json::text_at(*root, "type") == "error") {
    error e = decode_error(a, v);
    if (e.retry != retry_class::never) e.retry = retry_class::maybe_billed;
    return e;
  }
  if (!json::find(*root, "content", content) || content.get(items))
    return error{.code = errc::protocol,
                 .retry = retry_class::maybe_billed,
                 .http_status = a.head.status,
                 .message = "the vendor's answer is not a message: it has no list of content",
                 .request_id = request_id(a.head)};
  reply_builder out;
  block_reader blocks;
  usage_fields usage;
  read_start(*root, out);
  int index = 0;
  for (const element item : items) {
    blocks.begin(index, item, out);
    blocks.end(index++, out);
  }
  if (element e; json::find(*root, "usage", e)) usage.merge(e, out);
  read_stop(*root, v, out);
  out.done();
  if (out.failure()) return *out.failure();
  out.reply().request_id = request_id(a.head);
  return std::move(out.reply());
}

error family::decode_error(const ark::dialect::answer& a, const vendor& v) const {
  error e = read_error(a.head.status, a.body, v);
  if (auto id = request_id(a.head); !id.empty()) e.request_id = std::move(id);
  ark::dialect::read_retry_headers(a.head.headers, e);
  return e;
}

}  // namespace
}  // namespace anthropic

const dialect::dialect& anthropic_messages() {
  static const anthropic::family instance;
  return instance;
}

}  // namespace ark::adapters
