#include "client/prepare.hpp"

#include "base/limits.hpp"

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
  wire::header_list& headers = out.request.headers;
  headers.push_back({"user-agent", "libark/" ARK_VERSION, false});
  if (key->empty()) return {};
  const std::string text(key->reveal_secret());
  if (out.row->auth == auth_kind::bearer)
    headers.push_back({"authorization", "Bearer " + text, true});
  else
    headers.push_back({out.row->auth_header, text, true});
  return {};
}

void finish_encoding(prepared_call& out, dialect::encoded made) {
  out.request = std::move(made.request);
  out.notes = std::move(made.notes);
  out.request.target.insert(0, out.endpoint.path_prefix);
}

result<void> check_ceiling(const prepared_call& p, const call& c) {
  if (!c.max_cost || p.streamed) return {};
  const cost& quote = p.basis.quote;
  if (quote.status == cost_status::unknown)
    return error{.code = errc::budget,
                 .message = "max_cost is set, but the price of " + p.route.vendor + "/" + p.model +
                            " is unknown"};
  if (quote.high <= *c.max_cost) return {};
  return error{.code = errc::budget,
               .message = "the call may cost up to " + quote.high.to_string() + " " +
                          quote.currency + ", above max_cost " + c.max_cost->to_string() +
                          ": lower max_tokens or stream the call"};
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

result<prepared_call> prepare_chat(const core& c, const call& what, bool streamed) {
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
  finish_encoding(out, std::move(*made));
  if (auto ok = add_key(out, c); !ok) return ok.error();

  out.basis.context.service_tier = what.service_tier;
  out.basis.context.thinking =
      what.reasoning != reasoning_effort::unset && what.reasoning != reasoning_effort::none;
  out.basis.context.at = c.os->wall_now();
  if (const catalog::model* known = out.basis.model)
    out.basis.quote = catalog::quote(*known, bound_input_tokens(what, out.request),
                                     what.max_tokens.value_or(0), out.basis.context);
  if (auto ok = check_ceiling(out, what); !ok) return ok.error();
  return out;
}

result<prepared_call> prepare_embed(const core& c, const embed_call& what) {
  if (what.input.empty())
    return error{.code = errc::invalid_request, .message = "the call has no input texts"};
  if (what.model.empty())
    return error{.code = errc::invalid_request,
                 .message = "name the embedding model, as in vendor/model"};
  if (auto ok = check_attribution(what); !ok) return ok.error();
  prepared_call out;
  out.operation = "embed";
  auto found = c.book->resolve(what.model);
  if (!found) return found.error();
  if (auto ok = add_route(out, c, what.model, *found); !ok) return ok.error();
  auto made = out.family->encode_embed(what, out.model, *out.row);
  if (!made) return made.error();
  finish_encoding(out, std::move(*made));
  if (auto ok = add_key(out, c); !ok) return ok.error();
  out.basis.context.at = c.os->wall_now();
  if (const catalog::model* known = out.basis.model)
    out.basis.quote = catalog::quote(*known, static_cast<std::int64_t>(out.request.body.size()), 0,
                                     out.basis.context);
  return out;
}

}  // namespace ark
