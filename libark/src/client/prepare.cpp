#include "client/prepare.hpp"

#include "base/limits.hpp"
#include "client/authorize.hpp"

#include <algorithm>

namespace ark {
namespace {

/// Upper bound for an image by URL, whose bytes are not in the request. The largest documented
/// charge for one image among the vendors here is below it (OpenAI's high-detail tiles, 2026).
constexpr std::int64_t url_image_tokens = 16'384;
/// For comparing prices in `auto` when the call sets no limit.
constexpr std::int64_t usual_output_tokens = 500;

bool has_image(const call& c) {
  for (const message& m : c.messages)
    for (const part& p : m.parts)
      if (std::holds_alternative<image_part>(p)) return true;
  return false;
}

std::int64_t text_bytes(const call& c) {
  std::size_t bytes = 0;
  for (const message& m : c.messages)
    for (const part& p : m.parts) {
      if (const auto* t = std::get_if<text_part>(&p)) bytes += t->text.size();
      if (const auto* r = std::get_if<tool_result_part>(&p)) bytes += r->text.size();
    }
  for (const tool_definition& t : c.tools) bytes += t.description.size() + t.parameters.size();
  return static_cast<std::int64_t>(bytes);
}

/// A token is at least one byte of the request, so the body's size bounds the prompt.
std::int64_t bound_input_tokens(const call& c, const wire::http_request& request) {
  std::int64_t images = 0;
  for (const message& m : c.messages)
    for (const part& p : m.parts)
      if (const auto* i = std::get_if<image_part>(&p); i && !i->url.empty()) ++images;
  return static_cast<std::int64_t>(request.body.size()) + images * url_image_tokens;
}

/// What the ledger groups by is short; one attempt's record must not fail those beside it.
template <class C>
result<void> check_attribution(const C& c) {
  std::size_t bytes = c.tenant.size() + c.user.size() + c.task.size() + c.run.size();
  for (const auto& [name, value] : c.tags) bytes += name.size() + value.size();
  if (bytes <= limits::attribution_bytes) return {};
  return error{.code = errc::invalid_request,
               .message = "tenant, user, task, run and tags are " + std::to_string(bytes) +
                          " bytes together; the ledger takes at most " +
                          std::to_string(limits::attribution_bytes)};
}

result<void> add_route(prepared_call& out, const core& c, std::string_view name,
                       const catalog::book::resolved& found) {
  out.row = found.v;
  out.model = found.model;
  out.basis.model = found.known;
  out.family = c.dialects->find(found.v->dialect);
  if (!out.family)
    return error{.code = errc::config,
                 .message = "vendor " + found.v->name + " speaks " + found.v->dialect +
                            ", which this build does not know"};
  out.route.vendor = found.v->name;
  out.route.model = found.model;
  if (out.route.reason.empty()) out.route.reason = "named by the caller: " + std::string(name);
  auto where = c.endpoint_of(*found.v);
  if (!where) return where.error();
  out.endpoint = std::move(*where);
  return {};
}

result<void> add_key(prepared_call& out, const core& c) {
  auto key = c.key_for(*out.row, out.endpoint);
  if (!key) return key.error();
  out.request.headers.push_back({"user-agent", "libark/" ARK_VERSION, false});
  const auto now = c.os->wall_now();
  if (!signs_requests(*out.row))
    return authorize(*out.row, out.endpoint.origin, *key, now, out.request);
  // Each attempt is signed anew, as the time counts; that it can be is known before one is made.
  wire::http_request trial = out.request;
  auto signed_once = authorize(*out.row, out.endpoint.origin, *key, now, trial);
  out.signing_key = std::move(*key);
  return signed_once;
}

/// A prompt has surely as many tokens. Tokenizers join what repeats (up to 128 blanks are one
/// token); of the other bytes no text of the corpus has more than 11 for a token, and none more
/// than 6 if it is written by people: a third of that.
std::int64_t least_input_tokens(const call& c) {
  constexpr std::int64_t bytes_per_token = 32;
  std::int64_t fresh = 0;
  const auto count = [&fresh](std::string_view text) {
    for (std::size_t i = 3; i < text.size(); ++i)
      fresh += text[i] != text[i - 1] && text[i] != text[i - 2] && text[i] != text[i - 3];
  };
  for (const message& m : c.messages)
    for (const part& p : m.parts) {
      if (const auto* t = std::get_if<text_part>(&p)) count(t->text);
      if (const auto* r = std::get_if<tool_result_part>(&p)) count(r->text);
    }
  return fresh / bytes_per_token + 1;
}

void finish_encoding(prepared_call& out, dialect::encoded made) {
  out.request = std::move(made.request);
  out.notes = std::move(made.notes);
  out.request.target.insert(0, out.endpoint.path_prefix);
}

error over_budget(std::string message) {
  return {.code = errc::budget, .message = std::move(message)};
}

/// What holds for every call: its prices are known, and its prompt alone is not too dear. A stream
/// is stopped where it reaches the ceiling.
result<void> check_floor(const prepared_call& p, const call& c) {
  const cost& quote = p.basis.quote;
  const std::string id = p.route.vendor + "/" + p.model;
  const catalog::model* known = p.basis.model;
  const bool priced =
      known != nullptr &&
      (quote.status != cost_status::unknown ||
       catalog::quote(*known, bound_input_tokens(c, p.request), 1, p.basis.context).status !=
           cost_status::unknown);
  if (!priced)
    return over_budget("max_cost is set, but the price of " + id +
                       " is unknown: leave max_cost out, or add its price to a model directory");
  const amount least = catalog::least_cost(*known, least_input_tokens(c), p.basis.context);
  if (least <= *c.max_cost) return {};
  return over_budget("the prompt alone costs at least " + least.to_string() + " " +
                     known->info.currency + ", above max_cost " + c.max_cost->to_string() +
                     ": shorten it or raise max_cost");
}

/// A whole call cannot be stopped on the way.
result<void> check_ceiling(const prepared_call& p, const call& c) {
  const cost& quote = p.basis.quote;
  if (quote.status == cost_status::unknown)
    return over_budget("max_cost is set, but nobody says how long an answer of " + p.route.vendor +
                       "/" + p.model + " may be: set max_tokens or stream the call");
  if (quote.high <= *c.max_cost) return {};
  return over_budget("the call may cost up to " + quote.high.to_string() + " " + quote.currency +
                     ", above max_cost " + c.max_cost->to_string() +
                     ": lower max_tokens or stream the call");
}

/// All but the key: the call as it would be sent, and its worst case.
result<prepared_call> quote_chat(const core& c, const call& what, bool streamed) {
  if (what.messages.empty())
    return error{.code = errc::invalid_request, .message = "the call has no messages"};
  if (auto ok = check_attribution(what); !ok) return ok.error();
  prepared_call out;
  out.operation = "chat";
  out.streamed = streamed;
  std::string name = what.model;
  if (what.model == "auto") {
    auto chosen = plan_route(c, what);
    if (!chosen) return chosen.error();
    out.route = std::move(*chosen);
    name = out.route.vendor + "/" + out.route.model;
  }
  auto found = c.book->resolve(name);
  if (!found) return found.error();
  if (auto ok = add_route(out, c, name, *found); !ok) return ok.error();
  auto made = out.family->encode_chat(what, out.model, *out.row, streamed);
  if (!made) return made.error();
  const std::int64_t most = made->max_output_tokens.value_or(0);
  finish_encoding(out, std::move(*made));

  out.basis.context.service_tier = what.service_tier;
  out.basis.context.thinking =
      what.reasoning != reasoning_effort::unset && what.reasoning != reasoning_effort::none;
  out.basis.context.at = c.os->wall_now();
  if (const catalog::model* known = out.basis.model)
    out.basis.quote =
        catalog::quote(*known, bound_input_tokens(what, out.request), most, out.basis.context);
  return out;
}

/// A call whose answer has no tokens. `more_tokens`: read beside what is in the request.
template <class C, class Encode>
result<prepared_call> prepare_wordless(const core& c, const C& what, std::string operation,
                                       std::size_t more_tokens, Encode encode) {
  if (what.model.empty())
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
  out.basis.context.at = c.os->wall_now();
  const auto most_tokens = static_cast<std::int64_t>(out.request.body.size() + more_tokens);
  if (const catalog::model* known = out.basis.model)
    out.basis.quote = catalog::quote(*known, most_tokens, 0, out.basis.context);
  return out;
}

}  // namespace

catalog::requirements requirements_of(const call& c) {
  catalog::requirements needs;
  if (!c.tools.empty()) needs.capabilities.emplace_back("tools");
  if (has_image(c)) needs.capabilities.emplace_back("vision");
  if (c.response_format.kind == response_format_kind::json_schema)
    needs.capabilities.emplace_back("structured_output");
  if (c.reasoning != reasoning_effort::unset && c.reasoning != reasoning_effort::none)
    needs.capabilities.emplace_back("reasoning");
  needs.input_tokens = text_bytes(c) / 4 + 1;
  needs.output_tokens = c.max_tokens.value_or(usual_output_tokens);
  return needs;
}

result<route> plan_route(const core& c, const call& what) {
  if (what.model != "auto") {
    auto found = c.book->resolve(what.model);
    if (!found) return found.error();
    return route{.vendor = found->v->name,
                 .model = found->model,
                 .reason = "named by the caller: " + what.model,
                 .considered = {}};
  }
  return catalog::choose_cheapest(*c.book, requirements_of(what),
                                  [&c](const vendor& v) { return c.has_key(v); },
                                  {.only = c.options.auto_models,
                                   .currency = c.options.auto_currency,
                                   .rates = c.options.rates,
                                   .at = c.os->wall_now()});
}

result<route> plan_call(const core& c, const call& what) {
  if (!what.max_cost) return plan_route(c, what);
  auto p = quote_chat(c, what, true);
  if (!p) return p.error();
  if (auto ok = check_floor(*p, what); !ok) return ok.error();
  if (auto whole = check_ceiling(*p, what); !whole)
    p->route.reason += "; only as a stream, stopped at max_cost: " + whole.error().message;
  return std::move(p->route);
}

result<prepared_call> prepare_chat(const core& c, const call& what, bool streamed) {
  auto out = quote_chat(c, what, streamed);
  if (!out) return out.error();
  if (auto ok = add_key(*out, c); !ok) return ok.error();
  if (!what.max_cost) return out;
  if (auto ok = check_floor(*out, what); !ok) return ok.error();
  if (streamed) return out;
  if (auto ok = check_ceiling(*out, what); !ok) return ok.error();
  return out;
}

result<prepared_call> prepare_embed(const core& c, const embed_call& what) {
  if (what.input.empty())
    return error{.code = errc::invalid_request, .message = "the call has no input texts"};
  return prepare_wordless(c, what, "embed", 0, [&what](const prepared_call& p) {
    return p.family->encode_embed(what, p.model, *p.row);
  });
}

result<prepared_call> prepare_rerank(const core& c, const rerank_call& what) {
  // The model reads the query with each document (recorded: it is counted so), and the marks
  // around the pair.
  constexpr std::size_t pair_marks = 8;
  const std::size_t repeated = what.documents.size() * (what.query.size() + pair_marks);
  auto out = prepare_wordless(c, what, "rerank", repeated, [&what](const prepared_call& p) {
    return p.family->encode_rerank(what, p.model, *p.row);
  });
  if (out) out->documents = what.documents.size();
  return out;
}

}  // namespace ark
