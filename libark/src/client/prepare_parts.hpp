#pragma once
#include "base/limits.hpp"
#include "client/prepare.hpp"

#include <string>
#include <string_view>
#include <utility>

/// What the files that prepare calls have in common; for no other.
namespace ark {

/// What the ledger groups by is short; one attempt's record must not fail those beside it.
template <class C>
result<void> check_attribution(const C& c) {
  std::size_t bytes = c.tenant.size() + c.user.size() + c.task.size() + c.run.size();
  for (const auto& [name, value] : c.tags) bytes += name.size() + value.size();
  if constexpr (requires { c.prompt_id; })
    bytes += c.prompt_id.size() + c.prompt_version.size() + c.inputs_hash.size();
  if (bytes <= limits::attribution_bytes) return {};
  return error{.code = errc::invalid_request,
               .message = "tenant, user, task, run, tags and what names the prompt are " +
                          std::to_string(bytes) + " bytes together; the ledger takes at most " +
                          std::to_string(limits::attribution_bytes)};
}

/// The row, the model, their prices, the chat family and the endpoint of `found`.
result<void> add_route(prepared_call& out, const core& c, std::string_view name,
                       const catalog::book::resolved& found);
/// The request and the notes, the base URL's path in front of the target.
void finish_encoding(prepared_call& out, dialect::encoded made);

/// The reader of an answer, as an operation keeps it.
template <class Decode>
std::function<result<any_reply>(const dialect::answer&)> reader_of(Decode decode) {
  return [decode = std::move(decode)](const dialect::answer& a) -> result<any_reply> {
    auto made = decode(a);
    if (!made) return made.error();
    return any_reply(std::move(*made));
  };
}

/// Most tokens that the prompt can be. A token of a text is at least one byte of the request, so
/// the body's size bounds it; media have bounds of their own (client/media_tokens.hpp).
std::int64_t bound_input_tokens(const call& c, const wire::http_request& request);
/// All but the key: the call as it would be sent, and its worst case.
result<prepared_call> quote_chat(const core& c, const call& what, bool streamed,
                                 bool batched = false);
error over_budget(std::string message);

/// Where a vendor says that the next request goes.
struct next_address {
  wire::origin origin;
  std::string target;
};
/// `target` is a path, or a URL. The key goes to the endpoint's origin only, so that must be what
/// the URL names; or the row's own, which the endpoint stands for; or, where no user has set
/// another base URL, one of the row's `hosts` ("host.example", ".example" for all below it).
result<next_address> address_of(std::string target, const vendor& row,
                                const vendor_endpoint& endpoint,
                                const std::vector<std::string>& hosts = {});

/// A call to a model that the caller names, whose answer is no text of tokens. `encode` makes the
/// request and sets how its answer is read; `more_tokens`: read beside what is in the request.
template <class C, class Encode>
result<prepared_call> prepare_named(const core& c, const C& what, std::string operation,
                                    std::size_t more_tokens, Encode encode) {
  if (what.model.empty() || what.model == "auto")
    return error{.code = errc::invalid_request,
                 .message = "name the " + operation + " model, as in vendor/model"};
  if (auto ok = check_attribution(what); !ok) return ok.error();
  prepared_call out;
  out.operation = std::move(operation);
  auto found = c.book->resolve(what.model);
  if (!found) return found.error();
  if (auto ok = add_route(out, c, what.model, *found); !ok) return ok.error();
  result<dialect::encoded> made = encode(out);
  if (!made) return made.error();
  finish_encoding(out, std::move(*made));
  if (auto ok = add_key(out, c); !ok) return ok.error();
  out.basis.context.batch = out.row->batch_prices;
  out.basis.context.at = c.os->wall_now();
  const auto most_tokens = static_cast<std::int64_t>(out.request.body.size() + more_tokens);
  if (const catalog::model* known = out.basis.model)
    out.basis.quote = catalog::quote(*known, most_tokens, 0, out.basis.context);
  return out;
}

}  // namespace ark
