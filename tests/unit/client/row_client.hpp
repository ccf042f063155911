#pragma once
// A client with the built-in rows and families on a transport that answers what it is asked.
#include "adapters/rows.hpp"
#include "adapters/standard.hpp"
#include "toy.hpp"

#include <algorithm>
#include <functional>

namespace ark::testing {

/// Answers each request by a function of it.
struct answering_transport final : net::transport {
  explicit answering_transport(const std::shared_ptr<fake_loop>& l) : inner(l) {}
  std::unique_ptr<net::exchange> start(net::exchange_request request,
                                       net::exchange_handler& handler) override {
    inner.answers.push_back(respond(request));
    return inner.start(std::move(request), handler);
  }
  counters count() const override { return inner.count(); }
  fake_transport inner;
  std::function<fake_transport::answer(const net::exchange_request&)> respond;
};

struct row_client {
  row_client() {
    parts->book = *catalog::load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {});
    parts->dialects = std::make_shared<dialect::dialect_list>(adapters::built_in_dialects());
    parts->loop = loop;
    parts->transport = net;
    parts->os = &os;
    parts->recorder = std::make_shared<recorder>(loop, ledger);
  }
  client make() { return make_client(parts); }
  const std::vector<net::exchange_request>& requests() const { return net->inner.requests; }
  /// How many requests had this in their target.
  std::ptrdiff_t asked(std::string_view part) const {
    return std::count_if(requests().begin(), requests().end(), [&](const auto& r) {
      return r.request.target.find(part) != std::string::npos;
    });
  }

  std::shared_ptr<fake_loop> loop = std::make_shared<fake_loop>();
  std::shared_ptr<answering_transport> net = std::make_shared<answering_transport>(loop);
  std::shared_ptr<fake_journal> ledger = std::make_shared<fake_journal>();
  looped_system os{loop};
  std::shared_ptr<core> parts = std::make_shared<core>();
};

/// An answer of the openai_chat family; `content` needs no escapes.
inline std::string chat_json(const std::string& content) {
  return R"({"id":"c1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":")" +
         content +
         R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2,)"
         R"("total_tokens":7}})";
}

}  // namespace ark::testing
