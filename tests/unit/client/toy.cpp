#include "toy.hpp"

#include <charconv>
#include <sstream>

namespace ark::testing {

dialect::frame_kind toy_decoder::feed(std::string_view, std::string_view data,
                                      dialect::reply_builder& out) {
  std::istringstream in{std::string(data)};
  std::string word, rest;
  in >> word;
  if (word == "usage") {
    ark::usage u{.reported = true};
    in >> u.input >> u.output;
    out.usage(u);
    return dialect::frame_kind::known;
  }
  std::getline(in >> std::ws, rest);
  if (word == "text")
    out.text(rest);
  else if (word == "reason")
    out.reasoning(rest);
  else if (word == "oops")
    out.fail({.code = errc::overloaded, .retry = retry_class::maybe_billed, .message = "oops"});
  else if (word == "end") {
    out.finish(finish_reason::stop, "end");
    out.done();
  } else
    return dialect::frame_kind::corrupt;
  return dialect::frame_kind::known;
}

result<ark::dialect::encoded> toy_dialect::encode_chat(const call& c, std::string_view model,
                                                       const vendor&, bool stream) const {
  if (c.temperature) return error{.code = errc::invalid_request, .message = "no temperature"};
  ark::dialect::encoded out;
  out.request.target = "/chat";
  out.request.websocket = over_websocket;
  out.request.body = std::string(model) + (stream ? " stream " : " ") + c.messages[0].text();
  out.notes = {"a note of the dialect"};
  out.max_output_tokens = c.max_tokens ? c.max_tokens : sends_max_tokens;
  return out;
}

result<reply> toy_dialect::decode_chat(const ark::dialect::answer& a, const vendor&) const {
  std::istringstream in{std::string(a.body)};
  reply r;
  std::string text;
  in >> text >> r.usage.input >> r.usage.output;
  if (!in) return error{.code = errc::protocol, .retry = retry_class::maybe_billed, .message = "?"};
  r.usage.reported = true;
  r.message = assistant(text);
  r.finish = finish_reason::stop;
  r.model = "m1";
  std::int64_t total = 0;
  if (in >> text) r.model = text;
  if (in >> total) r.usage.vendor_total = total;
  return r;
}

std::unique_ptr<ark::dialect::stream_decoder> toy_dialect::open_stream(const vendor&) const {
  return std::make_unique<toy_decoder>();
}

result<ark::dialect::encoded> toy_dialect::encode_embed(const embed_call& c, std::string_view,
                                                        const vendor&) const {
  ark::dialect::encoded out;
  out.request.target = "/embed";
  out.request.body = c.input[0];
  return out;
}

result<embed_reply> toy_dialect::decode_embed(const ark::dialect::answer&, const vendor&) const {
  embed_reply r;
  r.vectors = {{1.0F, 2.0F}};
  r.model = "e1";
  r.usage = {.input = 100, .reported = true};
  return r;
}

result<ark::dialect::encoded> toy_dialect::encode_rerank(const rerank_call& c, std::string_view,
                                                         const vendor&) const {
  ark::dialect::encoded out;
  out.request.target = "/rerank";
  out.request.body = c.query;
  return out;
}

result<rerank_reply> toy_dialect::decode_rerank(const ark::dialect::answer&, const vendor&,
                                                std::size_t documents) const {
  if (documents == 0) return error{.code = errc::protocol, .message = "no documents"};
  rerank_reply r;
  r.results = {{documents - 1, 0.5}};
  r.model = "e1";
  r.usage = {.input = 100, .reported = true};
  return r;
}

error toy_dialect::decode_error(const ark::dialect::answer& a, const vendor&) const {
  error e{.code = errc::server, .retry = retry_class::maybe_billed, .message = "the vendor failed"};
  if (a.head.status == 429) {
    e = {.code = errc::rate_limit, .retry = retry_class::after, .message = "slow down"};
    e.retry_after = std::chrono::milliseconds(1500);
  }
  if (a.head.status == 402) e = {.code = errc::quota, .message = "no money"};
  if (a.head.status == 400) e = {.code = errc::invalid_request, .message = "bad"};
  e.vendor_message = a.body;
  return e;
}

std::string toy_dialect::request_id(const wire::http_head& head) const {
  return std::string(wire::find_header(head.headers, "x-request-id"));
}

toy_book::toy_book() {
  row.name = "toy";
  row.dialect = "toy";
  row.base_url = "https://toy.example/v1";
  row.key_variable = "TOY_KEY";
  priced.info = {.id = "toy/m1", .vendor = "toy", .model = "m1", .mode = "chat"};
  priced.info.max_output_tokens = 1000;
  priced.info.currency = "USD";
  priced.info.capabilities = {"tools"};
  priced.prices = {{.dimension = "input", .value = *amount::parse("1"), .unit = "Mtok"},
                   {.dimension = "output", .value = *amount::parse("2"), .unit = "Mtok"}};
  priced.hash = catalog::price_hash(priced);
  embedding = priced;
  embedding.info.id = "toy/e1";
  embedding.info.model = "e1";
  embedding.info.mode = "embedding";
}

const vendor* toy_book::find_vendor(std::string_view name) const {
  return name == "toy" ? &row : nullptr;
}

std::vector<const vendor*> toy_book::vendors() const { return {&row}; }

const std::vector<const catalog::model*>& toy_book::models() const { return all; }

const catalog::model* toy_book::find_model(std::string_view, std::string_view model) const {
  return model == "m1" ? &priced : model == "e1" ? &embedding : nullptr;
}

result<catalog::book::resolved> toy_book::resolve(std::string_view name) const {
  if (!name.starts_with("toy/"))
    return error{.code = errc::not_found, .message = "no such model: " + std::string(name)};
  name.remove_prefix(4);
  return resolved{&row, std::string(name), find_model("toy", name)};
}

void fake_journal::commit(std::vector<journal_record> records,
                          std::function<void(commit_result)> done) {
  ++commits;
  if (refusal) return done(*refusal);
  for (auto& r : records) all.push_back(std::move(r));
  if (later) return waiting.push_back(std::move(done));
  done({});
}

std::vector<attempt_intent> fake_journal::intents() const {
  std::vector<attempt_intent> out;
  for (const auto& r : all)
    if (const auto* i = std::get_if<attempt_intent>(&r)) out.push_back(*i);
  return out;
}

std::vector<attempt_outcome> fake_journal::outcomes() const {
  std::vector<attempt_outcome> out;
  for (const auto& r : all)
    if (const auto* o = std::get_if<attempt_outcome>(&r)) out.push_back(*o);
  return out;
}

toy_client::toy_client() {
  parts->book = book;
  parts->dialects =
      std::make_shared<dialect::dialect_list>(std::vector<const dialect::dialect*>{&family});
  parts->loop = loop;
  parts->transport = net;
  parts->os = &os;
  parts->options.keys = keys_from_map({{"toy", secret("toy-key-1234567890")}});
  parts->recorder = std::make_shared<recorder>(loop, ledger);
}

std::string toy_client::sse(std::initializer_list<std::string_view> frames) {
  std::string out;
  for (const auto f : frames) out += "data: " + std::string(f) + "\n\n";
  return out;
}

fake_transport::answer toy_client::whole(std::string body, int status) {
  return {.status = status,
          .headers = {{"content-type", "application/json", false}, {"x-request-id", "r1", false}},
          .pieces = {std::move(body)}};
}

toy_client::~toy_client() { loop->end(); }

call hello() { return {.model = "toy/m1", .messages = {user("hello")}}; }

}  // namespace ark::testing
