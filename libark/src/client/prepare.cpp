#include "client/prepare_parts.hpp"

#include "client/access.hpp"
#include "client/authorize.hpp"
#include "client/media_tokens.hpp"
#include "client/meter.hpp"
#include "client/ways.hpp"
#include "wire/url.hpp"

#include <algorithm>

namespace ark {
namespace {

/// For comparing prices in `auto` when the call sets no limit.
constexpr std::int64_t usual_output_tokens = 500;

template <class Part>
bool has_part(const call& c) {
  for (const message& m : c.messages)
    for (const part& p : m.parts)
      if (std::holds_alternative<Part>(p)) return true;
  return false;
}

/// Those of the messages.
template <class Take>
void for_texts(const call& c, Take take) {
  for (const message& m : c.messages)
    for (const part& p : m.parts) {
      if (const auto* t = std::get_if<text_part>(&p)) take(t->text);
      if (const auto* r = std::get_if<tool_result_part>(&p)) take(r->text);
    }
}

std::int64_t text_bytes(const call& c) {
  std::size_t bytes = 0;
  for_texts(c, [&bytes](std::string_view text) { bytes += text.size(); });
  for (const tool_definition& t : c.tools) bytes += t.description.size() + t.parameters.size();
  return static_cast<std::int64_t>(bytes);
}

/// A prompt has surely as many tokens.
std::int64_t least_input_tokens(const call& c) {
  std::int64_t fresh = 0;
  for_texts(c, [&fresh](std::string_view text) { fresh += fresh_bytes(text); });
  return fresh / fresh_bytes_per_token + 1;
}

/// What the meter of a stream, and the settlement of one that breaks, go by.
void add_bounds(prepared_call& out, const call& what, std::int64_t most_output) {
  price_basis& b = out.basis;
  b.most_output = most_output;
  for_texts(what, [&b](std::string_view text) { b.likely_input += estimate_tokens(text); });
  for (const tool_definition& t : what.tools)
    b.likely_input += estimate_tokens(t.description) + estimate_tokens(t.parameters);
  // A vendor's own parameters may have it search, and what it finds is input too.
  b.input_is_final = what.extra.empty();
  if (b.model == nullptr) return;
  b.quote = catalog::quote(*b.model, bound_input_tokens(what, out.request), most_output, b.context);
  b.least_prompt = catalog::least_cost(*b.model, least_input_tokens(what), b.context);
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

error never_sealed(std::string_view what) {
  return {.code = errc::unsupported,
          .message = std::string(what) +
                     " cannot be encrypted end to end: make it without "
                     "end_to_end_encryption"};
}

/// ".example" stands for every host below it.
bool is_listed(std::string_view host, const std::vector<std::string>& hosts) {
  return std::any_of(hosts.begin(), hosts.end(), [host](const std::string& each) {
    return each.front() == '.' ? host.size() > each.size() && host.ends_with(each) : host == each;
  });
}

}  // namespace

std::int64_t bound_input_tokens(const call& c, const wire::http_request& request) {
  auto written = static_cast<std::int64_t>(request.body.size());
  std::int64_t media = 0;
  for (const message& m : c.messages)
    for (const part& p : m.parts) {
      written -= inline_bytes(p);
      media += most_media_tokens(p);
    }
  return std::max(written, text_bytes(c)) + media;
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

void finish_encoding(prepared_call& out, dialect::encoded made) {
  out.request = std::move(made.request);
  out.notes = std::move(made.notes);
  out.request.target.insert(0, out.endpoint.path_prefix);
}

result<next_address> address_of(std::string target, const vendor& row,
                                const vendor_endpoint& endpoint,
                                const std::vector<std::string>& hosts) {
  if (target.starts_with("/")) return next_address{endpoint.origin, std::move(target)};
  const auto scheme = target.find("://");
  const auto path = scheme == target.npos ? target.npos : target.find('/', scheme + 3);
  const auto named = wire::parse_base_url(target.substr(0, path));
  if (named && path != target.npos) {
    const auto own = wire::parse_base_url(row.base_url);
    if (named->origin == endpoint.origin || (own && named->origin == own->origin))
      return next_address{endpoint.origin, target.substr(path)};
    const wire::origin usual{.tls = true, .host = named->origin.host};
    if (endpoint.own_origin && named->origin == usual && is_listed(usual.host, hosts))
      return next_address{usual, target.substr(path)};
  }
  return error{.code = errc::protocol,
               .retry = retry_class::never,
               .message = row.name + " wants the next request at another host than " +
                          endpoint.origin.to_string() + ", where its key may go: nothing was sent"};
}

error over_budget(std::string message) {
  return {.code = errc::budget, .message = std::move(message)};
}

result<prepared_call> quote_chat(const core& c, const call& what, bool streamed, bool batched) {
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
  out.read = reader_of([family = out.family, row = out.row](const dialect::answer& a) {
    return family->decode_chat(a, *row);
  });

  out.basis.context.service_tier = what.service_tier;
  out.basis.context.thinking =
      what.reasoning != reasoning_effort::unset && what.reasoning != reasoning_effort::none;
  out.basis.context.batch = batched || out.row->batch_prices;
  out.basis.context.at = c.os->wall_now();
  add_bounds(out, what, most);
  out.need = {.input_tokens = text_bytes(what) / 4 + 1,
              .output_tokens = what.max_tokens.value_or(usual_output_tokens)};
  return out;
}

catalog::requirements requirements_of(const call& c) {
  catalog::requirements needs;
  if (!c.tools.empty()) needs.capabilities.emplace_back("tools");
  if (has_part<image_part>(c)) needs.capabilities.emplace_back("vision");
  if (has_part<audio_part>(c)) needs.capabilities.emplace_back("audio_in");
  if (has_part<document_part>(c)) needs.capabilities.emplace_back("pdf_in");
  if (has_part<video_part>(c)) needs.capabilities.emplace_back("video_in");
  if (c.response_format.kind == response_format_kind::json_schema)
    needs.capabilities.emplace_back("structured_output");
  if (c.reasoning != reasoning_effort::unset && c.reasoning != reasoning_effort::none)
    needs.capabilities.emplace_back("reasoning");
  needs.input_tokens = text_bytes(c) / 4 + 1;
  needs.output_tokens = c.max_tokens.value_or(usual_output_tokens);
  return needs;
}

result<void> add_key(prepared_call& out, const core& c) {
  auto key = c.key_for(*out.row, out.endpoint);
  if (!key) return key.error();
  out.request.headers.push_back({"user-agent", "libark/" ARK_VERSION, false});
  if (out.spread) {
    if (auto ok = add_ways(out, c); !ok || !out.ways.empty()) return ok;
    add_rates(out, c, *key);
  }
  if (is_exchanged(*out.row, *key)) return add_key_exchange(out, c, std::move(*key));
  const signing_moment now{.at = c.os->wall_now()};
  if (!signs_requests(*out.row))
    return authorize(*out.row, out.endpoint.origin, *key, now, out.request);
  // Each attempt is signed anew, as the time counts; that it can be is known before one is made.
  out.sign = [row = out.row, origin = out.endpoint.origin](
                 const secret& with, const signing_moment& moment, auto& request) {
    return authorize(*row, origin, with, moment, request);
  };
  wire::http_request trial = out.request;
  auto signed_once = out.sign(*key, now, trial);
  out.signing_key = std::move(*key);
  return signed_once;
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
  // The certificate of a sealed call is one endpoint's.
  out->spread = !what.end_to_end_encryption;
  if (auto ok = add_key(*out, c); !ok) return ok.error();
  if (what.max_cost)
    if (auto ok = check_floor(*out, what); !ok) return ok.error();
  if (what.max_cost && !streamed)
    if (auto ok = check_ceiling(*out, what); !ok) return ok.error();
  if (what.end_to_end_encryption)
    if (auto ok = add_sealing(*out, c, what); !ok) return ok.error();
  return out;
}

result<prepared_call> prepare_batched(const core& c, const call& what) {
  if (what.end_to_end_encryption) return never_sealed("a call of a batch");
  auto out = quote_chat(c, what, false, true);
  if (!out || !what.max_cost) return out;
  if (auto ok = check_floor(*out, what); !ok) return ok.error();
  if (auto ok = check_ceiling(*out, what); !ok) return ok.error();
  return out;
}

result<prepared_call> prepare_embed(const core& c, const embed_call& what) {
  if (what.input.empty() && what.parts.empty())
    return error{.code = errc::invalid_request, .message = "the call has no input texts"};
  std::int64_t media = 0;
  for (const auto& input : what.parts)
    for (const part& p : input) media += most_media_tokens(p);
  return prepare_named(
      c, what, "embed", static_cast<std::size_t>(media), [&what](prepared_call& p) {
        p.spread = true;
        for (const std::string& text : what.input)
          p.need.input_tokens += static_cast<std::int64_t>(text.size() / 4 + 1);
        p.read = reader_of([family = p.family, row = p.row](const dialect::answer& a) {
          return family->decode_embed(a, *row);
        });
        return p.family->encode_embed(what, p.model, *p.row);
      });
}

result<prepared_call> prepare_rerank(const core& c, const rerank_call& what) {
  // The model reads the query with each document (recorded: it is counted so), and the marks
  // around the pair.
  constexpr std::size_t pair_marks = 8;
  const std::size_t repeated = what.documents.size() * (what.query.size() + pair_marks);
  return prepare_named(c, what, "rerank", repeated, [&what](prepared_call& p) {
    p.spread = true;
    p.read = reader_of([family = p.family, row = p.row, n = what.documents.size()](
                           const dialect::answer& a) { return family->decode_rerank(a, *row, n); });
    return p.family->encode_rerank(what, p.model, *p.row);
  });
}

result<prepared_call> prepare_count(const core& c, const call& what) {
  if (what.messages.empty())
    return error{.code = errc::invalid_request, .message = "the call has no messages"};
  if (what.end_to_end_encryption) return never_sealed("a question for the number of tokens");
  auto out = prepare_named(c, what, "count", 0, [&what](prepared_call& p) {
    p.read = reader_of([family = p.family, row = p.row](const dialect::answer& a) {
      return family->decode_count(a, *row);
    });
    return p.family->encode_count(what, p.model, *p.row);
  });
  if (out) out->free_of_charge = true;
  return out;
}

}  // namespace ark
