#pragma once
#include "client/account.hpp"
#include "client/core.hpp"

#include <string>
#include <vector>

namespace ark {

/// A call resolved, checked, priced and encoded: ready to be attempted any number of times.
struct prepared_call {
  const vendor* row = nullptr;
  const dialect::dialect* family = nullptr;
  std::string model;      ///< on the wire
  std::string operation;  ///< "chat", "embed", "rerank"
  bool streamed = false;
  std::size_t documents = 0;  ///< of a rerank call
  ark::route route;
  wire::http_request request;  ///< with its key, unless it is signed
  secret signing_key;          ///< of a row whose requests are signed: see client/authorize
  std::vector<std::string> notes;
  vendor_endpoint endpoint;
  price_basis basis;
};

/// What a model must be able to do for this call, with estimates of its size.
catalog::requirements requirements_of(const call& c);
/// resolve -> check -> select.
result<route> plan_route(const core& c, const call& what);
/// The route of a call that would be made: errc::budget where `max_cost` refuses it in any form, a
/// word in the reason where only a stream would be let go.
result<route> plan_call(const core& c, const call& what);
/// ... -> encode, with the key and the worst-case quote. errc::budget when `max_cost` cannot hold:
/// the price is unknown, the prompt alone costs more, or (not streamed) the worst case does.
result<prepared_call> prepare_chat(const core& c, const call& what, bool streamed);
result<prepared_call> prepare_embed(const core& c, const embed_call& what);
result<prepared_call> prepare_rerank(const core& c, const rerank_call& what);

}  // namespace ark
