#pragma once
// A client on fakes: toy vendor, toy dialect, scripted transport, own time.
#include "client/core.hpp"
#include "tests/support/fake_net.hpp"
#include "tests/support/fake_os.hpp"

#include <charconv>
#include <sstream>

namespace ark::testing {

/// Frames are words: "text hi", "reason hm", "usage 10 5", "end", "oops 529".
class toy_decoder final : public dialect::stream_decoder {
 public:
  dialect::frame_kind feed(std::string_view, std::string_view data,
                           dialect::reply_builder& out) override {
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
  bool whole_at_end(dialect::reply_builder&) override { return false; }
};

class toy_dialect final : public dialect::dialect {
 public:
  std::string_view name() const override { return "toy"; }
  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor&,
                                            bool stream) const override {
    if (c.temperature) return error{.code = errc::invalid_request, .message = "no temperature"};
    ark::dialect::encoded out;
    out.request.target = "/chat";
    out.request.body = std::string(model) + (stream ? " stream " : " ") + c.messages[0].text();
    out.notes = {"a note of the dialect"};
    return out;
  }
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor&) const override {
    std::istringstream in{std::string(a.body)};
    reply r;
    std::string text;
    in >> text >> r.usage.input >> r.usage.output;
    if (!in)
      return error{.code = errc::protocol, .retry = retry_class::maybe_billed, .message = "?"};
    r.usage.reported = true;
    r.message = assistant(text);
    r.finish = finish_reason::stop;
    r.model = "m1";
    return r;
  }
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor&) const override {
    return std::make_unique<toy_decoder>();
  }
  result<ark::dialect::encoded> encode_embed(const embed_call& c, std::string_view,
                                             const vendor&) const override {
    ark::dialect::encoded out;
    out.request.target = "/embed";
    out.request.body = c.input[0];
    return out;
  }
  result<embed_reply> decode_embed(const ark::dialect::answer&, const vendor&) const override {
    embed_reply r{.vectors = {{1.0F, 2.0F}}, .model = "e1"};
    r.usage = {.input = 100, .reported = true};
    return r;
  }
  error decode_error(const ark::dialect::answer& a, const vendor&) const override {
    error e{
        .code = errc::server, .retry = retry_class::maybe_billed, .message = "the vendor failed"};
    if (a.head.status == 429) {
      e = {.code = errc::rate_limit, .retry = retry_class::after, .message = "slow down"};
      e.retry_after = std::chrono::milliseconds(1500);
    }
    if (a.head.status == 400) e = {.code = errc::invalid_request, .message = "bad"};
    e.vendor_message = a.body;
    return e;
  }
  std::string request_id(const wire::http_head& head) const override {
    return std::string(wire::find_header(head.headers, "x-request-id"));
  }
};

/// Two models: "toy/m1" at 1 USD / Mtok in, 2 out; "toy/free" without any price.
class toy_book final : public catalog::book {
 public:
  toy_book() {
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
  const vendor* find_vendor(std::string_view name) const override {
    return name == "toy" ? &row : nullptr;
  }
  std::vector<const vendor*> vendors() const override { return {&row}; }
  const std::vector<const catalog::model*>& models() const override { return all; }
  const catalog::model* find_model(std::string_view, std::string_view model) const override {
    return model == "m1" ? &priced : model == "e1" ? &embedding : nullptr;
  }
  result<resolved> resolve(std::string_view name) const override {
    if (!name.starts_with("toy/"))
      return error{.code = errc::not_found, .message = "no such model: " + std::string(name)};
    name.remove_prefix(4);
    return resolved{&row, std::string(name), find_model("toy", name)};
  }
  vendor row;
  catalog::model priced, embedding;
  std::vector<const catalog::model*> all{&priced, &embedding};
};

/// Remembers what was committed; may refuse, or answer later.
class fake_journal final : public journal {
 public:
  void commit(std::vector<journal_record> records,
              std::function<void(result<void>)> done) override {
    ++commits;
    if (refusal) return done(*refusal);
    for (auto& r : records) all.push_back(std::move(r));
    if (later) return waiting.push_back(std::move(done));
    done({});
  }
  std::vector<attempt_intent> intents() const {
    std::vector<attempt_intent> out;
    for (const auto& r : all)
      if (const auto* i = std::get_if<attempt_intent>(&r)) out.push_back(*i);
    return out;
  }
  std::vector<attempt_outcome> outcomes() const {
    std::vector<attempt_outcome> out;
    for (const auto& r : all)
      if (const auto* o = std::get_if<attempt_outcome>(&r)) out.push_back(*o);
    return out;
  }
  std::vector<journal_record> all;
  std::vector<std::function<void(result<void>)>> waiting;
  std::optional<error> refusal;
  bool later = false;
  int commits = 0;
};

struct looped_system final : fake_system {
  explicit looped_system(std::shared_ptr<fake_loop> l) : loop(std::move(l)) {}
  std::chrono::steady_clock::time_point steady_now() override { return loop->now; }
  std::shared_ptr<fake_loop> loop;
};

struct toy_client {
  toy_client() {
    parts->book = book;
    parts->dialects =
        std::make_shared<dialect::dialect_list>(std::vector<const dialect::dialect*>{&family});
    parts->loop = loop;
    parts->transport = net;
    parts->os = &os;
    parts->options.keys = keys_from_map({{"toy", secret("toy-key-1234567890")}});
    parts->recorder = std::make_shared<recorder>(loop, ledger);
  }
  client make() { return make_client(parts); }

  static std::string sse(std::initializer_list<std::string_view> frames) {
    std::string out;
    for (const auto f : frames) out += "data: " + std::string(f) + "\n\n";
    return out;
  }
  static fake_transport::answer whole(std::string body, int status = 200) {
    return {.status = status,
            .headers = {{"content-type", "application/json", false}, {"x-request-id", "r1", false}},
            .pieces = {std::move(body)}};
  }

  toy_dialect family;
  std::shared_ptr<toy_book> book = std::make_shared<toy_book>();
  std::shared_ptr<fake_loop> loop = std::make_shared<fake_loop>();
  std::shared_ptr<fake_transport> net = std::make_shared<fake_transport>(loop);
  std::shared_ptr<fake_journal> ledger = std::make_shared<fake_journal>();
  looped_system os{loop};
  std::shared_ptr<core> parts = std::make_shared<core>();
};

inline call hello() { return {.model = "toy/m1", .messages = {user("hello")}}; }

}  // namespace ark::testing
