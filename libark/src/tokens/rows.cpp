#include "tokens/rows.hpp"

#include <bpe/jsonl.hpp>

#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "tokens/tokenizer_state.hpp"

namespace ark::tokens {
namespace {

result<std::string> row_of(bpe::result<std::string> made) {
  if (made) return std::move(made).value();
  error out = failure_of(made.failure());
  // What is wrong is the row, not a file that somebody configured.
  if (out.code == errc::config) out.code = errc::invalid_request;
  return out;
}

void write_id(json::writer& w, json::element row) {
  json::element id;
  w.key("id");
  if (json::find(row, "id", id))
    w.raw(simdjson::minify(id));
  else
    w.null();
}

error not_a_row(std::string_view what) {
  return {.code = errc::invalid_request, .message = std::string(what)};
}

result<std::string> estimate_row(tokenizer& with, std::string_view row, special_tokens specials) {
  json::reader reader;
  const auto parsed = reader.parse(row);
  if (!parsed) return not_a_row("not a row of JSON");
  json::element text;
  if (!json::find(*parsed, "text", text) || !text.is_string())
    return not_a_row("the row has no \"text\"");
  const auto guess = with.count(json::as_text(text), specials);
  if (!guess) return guess.error();
  std::string out;
  json::writer w{out};
  write_id(w.begin_object(), *parsed);
  w.key("count").number(guess->count).key("low").number(guess->low).key("high").number(guess->high);
  w.key("provenance").string("estimate").end_object();
  return out;
}

}  // namespace

result<std::string> count_row(tokenizer& with, std::string_view row, special_tokens specials) {
  auto* encoder = access::encoder(with);
  if (encoder == nullptr) return estimate_row(with, row, specials);
  return row_of(bpe::count_row(*encoder, row, access::specials(with, specials)));
}

result<std::string> encode_row(tokenizer& with, std::string_view row, special_tokens specials) {
  auto* encoder = access::encoder(with);
  if (encoder == nullptr) return no_vocabulary(with.why_estimate());
  return row_of(bpe::encode_row(*encoder, row, access::specials(with, specials)));
}

result<std::string> decode_row(tokenizer& with, std::string_view row) {
  const auto* encoder = access::encoder(with);
  if (encoder == nullptr) return no_vocabulary(with.why_estimate());
  return row_of(bpe::decode_row(encoder->vocab(), row));
}

std::string error_row(std::string_view row, std::size_t line, const error& failure) {
  std::string out;
  json::writer w{out};
  w.begin_object();
  json::reader reader;
  if (const auto parsed = reader.parse(row))
    write_id(w, *parsed);
  else
    w.key("id").null();
  w.key("line").number(static_cast<std::int64_t>(line));
  w.key("error").begin_object().key("code").string(to_string(failure.code));
  w.key("message").string(failure.message).end_object().end_object();
  return out;
}

}  // namespace ark::tokens
