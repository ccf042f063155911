#include "client/reuse.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "client/prepare_parts.hpp"
#include "client/reply_store.hpp"
#include "client/reused_call.hpp"
#include "sign/digest.hpp"

#include <algorithm>

namespace ark {
namespace {

/// Parts with their lengths: no two lists of parts are the same text.
void add(std::string& out, std::string_view part) {
  out += std::to_string(part.size());
  out += ':';
  out += part;
}

/// How an attempt is made: calls that would make it differently do not share one.
std::string manner_of(const call& c, const reuse_plan& plan, bool streamed) {
  std::string out;
  const auto& t = c.timeouts;
  for (const auto each : {t.connect, t.tls, t.first_content, t.idle, c.retry.base, c.retry.cap})
    add(out, std::to_string(each.count()));
  add(out, std::to_string(c.retry.max_attempts));
  for (const auto& each : {c.max_cost, c.retry.max_billed_cost})
    add(out, each ? each->to_string() : "none");
  for (const std::string& each : c.fallbacks) add(out, each);
  for (const bool each :
       {c.retry.allow_billed, c.fallback.allow_dearer, c.fallback.on_content_filter, c.hedge,
        c.keep_raw, c.end_to_end_encryption, plan.writes_cache(), streamed})
    out += each ? '1' : '0';
  return out;
}

/// What was asked for, as far as it can be had.
result<reuse_plan> wanted(const core& c, const call& what) {
  const reuse_options& usual = c.options.reuse;
  reuse_plan out;
  out.cache = what.reuse.cache != reuse_mode::unset ? what.reuse.cache : usual.cache;
  if (out.cache == reuse_mode::unset) out.cache = reuse_mode::off;
  out.single_flight = what.reuse.single_flight.value_or(usual.single_flight.value_or(false));
  out.max_age = what.reuse.max_age ? what.reuse.max_age : usual.max_age;
  if (out.cache == reuse_mode::off) return out;
  const char* why = !c.replies                   ? "the client has no response cache"
                    : what.end_to_end_encryption ? "its contents are encrypted end to end"
                    : what.keep_raw              ? "the vendor's own bytes were asked for"
                                                 : nullptr;
  if (why == nullptr) return out;
  if (out.cache == reuse_mode::only)
    return error{.code = errc::config,
                 .message = std::string("only a kept answer may be given, and ") + why};
  out.cache = reuse_mode::off;
  out.notes.push_back(std::string("no kept answer was looked for: ") + why);
  return out;
}

/// As it would be sent whole: a stream and a whole call have one answer. A family that has streams
/// only says the call as one.
result<prepared_call> quoted_whole(const core& c, const call& what) {
  auto whole = quote_chat(c, what, false);
  if (whole) return whole;
  return quote_chat(c, what, true);
}

std::string currency_of(const prepared_call& p) {
  if (!p.basis.quote.currency.empty()) return p.basis.quote.currency;
  return p.basis.model ? p.basis.model->info.currency : std::string();
}

reused_call::options options_for(const core& c, call& what, const prepared_call& p, bool streamed) {
  operation_options from = options_of(c, what);
  return {.attribution = std::move(from.attribution),
          .streamed = streamed,
          .route = p.route,
          .currency = currency_of(p),
          .notes = {},
          .to = destination_of(p),
          .asked = std::move(from.asked)};
}

/// The kept answer to this call; nothing if it must be asked for.
result<std::shared_ptr<running_call>> find_kept(const std::shared_ptr<core>& c, call& what,
                                                const prepared_call& quoted, reuse_plan& plan,
                                                bool streamed) {
  auto kept = c->replies->find(plan.key, c->os->wall_now(), plan.max_age);
  if (!kept && plan.cache == reuse_mode::only) return kept.error();
  if (!kept) plan.notes.push_back("no kept answer was looked for: " + kept.error().message);
  if (kept && *kept) {
    auto o = options_for(*c, what, quoted, streamed);
    o.notes = quoted.notes;
    return std::make_shared<reused_call>(c, std::move(o), std::move(**kept));
  }
  if (plan.cache == reuse_mode::only)
    return error{.code = errc::not_found,
                 .message = "no answer to this call is kept, and only a kept one may be given"};
  return std::shared_ptr<running_call>();
}

}  // namespace

std::string canonical_request(const prepared_call& quoted, std::string_view tenant) {
  std::string out = "ark reply 1\n";
  const wire::http_request& r = quoted.request;
  for (const std::string_view piece :
       {tenant, std::string_view(quoted.row->name), std::string_view(quoted.model),
        std::string_view(r.method), std::string_view(r.target)})
    add(out, piece);
  add(out, quoted.endpoint.origin.to_string());
  std::vector<std::string> headers;
  for (const auto& each : r.headers)
    if (!each.is_secret) headers.push_back(text::lower(each.name) + ": " + each.value);
  std::sort(headers.begin(), headers.end());
  add(out, std::to_string(headers.size()));
  for (const auto& each : headers) add(out, each);
  add(out, r.body);
  return out;
}

bool is_worth_keeping(const reply& r) {
  if (r.finish != finish_reason::stop && r.finish != finish_reason::tool_calls) return false;
  bool has_content = false;
  for (const part& p : r.message.parts) {
    if (std::holds_alternative<refusal_part>(p)) return false;
    const auto* t = std::get_if<text_part>(&p);
    const auto* asked = std::get_if<tool_call_part>(&p);
    if (asked != nullptr && !json::is_valid(asked->arguments)) return false;
    has_content = has_content || asked != nullptr || (t != nullptr && !t->text.empty());
  }
  return has_content;
}

result<std::shared_ptr<running_call>> make_chat(const std::shared_ptr<core>& c, call what,
                                                bool streamed) {
  auto plan = wanted(*c, what);
  if (!plan) return plan.error();
  const bool reuses = plan->cache != reuse_mode::off || plan->single_flight;
  ark::route route;
  if (reuses) {
    auto quoted = quoted_whole(*c, what);
    if (!quoted) return quoted.error();
    what.model = quoted->route.vendor + "/" + quoted->model;
    route = quoted->route;
    const std::string canonical = canonical_request(*quoted, what.tenant);
    plan->key = sign::sha256_hex(canonical);
    if (plan->single_flight)
      plan->flight_key = sign::sha256_hex(canonical + manner_of(what, *plan, streamed));
    if (plan->reads_cache()) {
      auto kept = find_kept(c, what, *quoted, *plan, streamed);
      if (!kept || *kept) return kept;
    }
  }
  auto prepared = prepare_chat(*c, what, streamed);
  const auto others = alternatives_of(what, streamed);
  if (!prepared) return prepared.error();
  std::move(plan->notes.begin(), plan->notes.end(), std::back_inserter(prepared->notes));
  if (reuses) prepared->route = std::move(route);  // says how "auto" chose
  operation_options made = options_of(*c, what);
  made.alternatives = others;
  made.hedge = what.hedge;
  if (!reuses) return std::make_shared<operation>(c, std::move(*prepared), std::move(made));
  reused_call::options o{.attribution = made.attribution,
                         .streamed = streamed,
                         .route = prepared->route,
                         .currency = currency_of(*prepared),
                         .notes = {},
                         .to = destination_of(*prepared),
                         .asked = made.asked};
  if (plan->single_flight) o.total = made.timeouts.total;
  const std::string key = plan->flight_key;
  auto own = std::make_shared<flight>(c, std::move(*plan), std::move(*prepared), std::move(made));
  return std::make_shared<reused_call>(c, std::move(o), std::move(own), key);
}

}  // namespace ark
