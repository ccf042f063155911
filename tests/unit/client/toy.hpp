#pragma once
// A client on fakes: toy vendor, toy dialect, scripted transport, own time.
#include "client/core.hpp"
#include "tests/support/fake_net.hpp"
#include "tests/support/fake_os.hpp"

namespace ark::testing {

/// Frames are words: "text hi", "reason hm", "usage 10 5", "end", "oops 529". A whole reply is
/// "text input output", and may go on with the model's name and the vendor's total.
class toy_decoder final : public dialect::stream_decoder {
 public:
  dialect::frame_kind feed(std::string_view, std::string_view data,
                           dialect::reply_builder& out) override;
  bool whole_at_end(dialect::reply_builder&) override { return false; }
};

class toy_dialect final : public dialect::dialect {
 public:
  std::string_view name() const override { return "toy"; }
  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor&,
                                            bool stream) const override;
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor&) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor&) const override;
  result<ark::dialect::encoded> encode_embed(const embed_call& c, std::string_view,
                                             const vendor&) const override;
  result<embed_reply> decode_embed(const ark::dialect::answer&, const vendor&) const override;
  result<ark::dialect::encoded> encode_rerank(const rerank_call& c, std::string_view,
                                              const vendor&) const override;
  result<rerank_reply> decode_rerank(const ark::dialect::answer&, const vendor&,
                                     std::size_t documents) const override;
  error decode_error(const ark::dialect::answer& a, const vendor&) const override;
  std::string request_id(const wire::http_head& head) const override;
  ark::dialect::framing stream_framing() const override {
    return over_websocket ? ark::dialect::framing::messages : ark::dialect::framing::sse;
  }
  std::optional<std::int64_t> sends_max_tokens;  ///< where the call says none
  bool over_websocket = false;
};

/// Two models: "toy/m1" at 1 USD / Mtok in, 2 out; "toy/free" without any price.
class toy_book : public catalog::book {
 public:
  toy_book();
  const vendor* find_vendor(std::string_view name) const override;
  std::vector<const vendor*> vendors() const override;
  const std::vector<const catalog::model*>& models() const override;
  const catalog::model* find_model(std::string_view, std::string_view model) const override;
  result<resolved> resolve(std::string_view name) const override;
  vendor row;
  catalog::model priced, embedding;
  std::vector<const catalog::model*> all{&priced, &embedding};
};

/// Remembers what was committed; may refuse, or answer later.
class fake_journal final : public journal {
 public:
  void commit(std::vector<journal_record> records,
              std::function<void(commit_result)> done) override;
  std::vector<attempt_intent> intents() const;
  std::vector<attempt_outcome> outcomes() const;
  std::vector<journal_record> all;
  std::vector<std::function<void(commit_result)>> waiting;
  std::optional<error> refusal;
  bool later = false;
  int commits = 0;
};

struct looped_system : fake_system {
  explicit looped_system(std::shared_ptr<fake_loop> l) : loop(std::move(l)) {}
  std::chrono::steady_clock::time_point steady_now() override { return loop->now; }
  std::shared_ptr<fake_loop> loop;
};

struct toy_client {
  toy_client();
  ~toy_client();
  client make() { return make_client(parts); }

  static std::string sse(std::initializer_list<std::string_view> frames);
  static fake_transport::answer whole(std::string body, int status = 200);

  toy_dialect family;
  std::shared_ptr<toy_book> book = std::make_shared<toy_book>();
  std::shared_ptr<fake_loop> loop = std::make_shared<fake_loop>();
  std::shared_ptr<fake_transport> net = std::make_shared<fake_transport>(loop);
  std::shared_ptr<fake_journal> ledger = std::make_shared<fake_journal>();
  looped_system os{loop};
  std::shared_ptr<core> parts = std::make_shared<core>();
};

call hello();

}  // namespace ark::testing
