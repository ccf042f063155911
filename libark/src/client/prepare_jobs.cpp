// What a vendor keeps: files, batches, caches, lists of models.
#include "client/prepare_parts.hpp"

namespace ark {

result<job_place> find_jobs(const core& c, std::string_view vendor_name) {
  job_place out{.row = c.book->find_vendor(vendor_name)};
  if (out.row == nullptr)
    return error{.code = errc::not_found,
                 .message = "no vendor is called \"" + std::string(vendor_name) +
                            "\": `ark models list` shows the vendors"};
  if (out.row->job_dialect.empty())
    return error{.code = errc::unsupported,
                 .message = out.row->name + " has no files, batches or list of models here"};
  out.family = c.dialects->find_jobs(out.row->job_dialect);
  if (out.family != nullptr) return out;
  return error{.code = errc::config,
               .message = "vendor " + out.row->name + " speaks " + out.row->job_dialect +
                          ", which this build does not know"};
}

namespace {

result<void> finish_job(prepared_call& out, const core& c, const dialect::job_request& what,
                        const job_place& place) {
  auto made = place.family->encode(what, *place.row);
  if (!made) return made.error();
  out.request = std::move(made->request);
  out.preparatory = made->preparatory;
  if (made->from_root) {
    auto next = address_of(std::move(out.request.target), *place.row, out.endpoint);
    if (!next) return next.error();
    out.request.target = std::move(next->target);
  } else {
    out.request.target.insert(0, made->before_base + out.endpoint.path_prefix);
  }
  return add_key(out, c);
}

result<any_reply> read_job(const job_place& place, const dialect::job_request& what,
                           const dialect::answer& a) {
  auto read = place.family->decode(what, a, *place.row);
  if (!read) return read.error();
  job_reply reply;
  reply.answer = std::move(*read);
  return any_reply(std::move(reply));
}

/// Tokens times hours, rounded up: what storage is priced by.
std::int64_t token_hours(std::int64_t tokens, std::int64_t seconds) {
  constexpr std::int64_t hour = 3600;
  std::int64_t product = 0;
  if (__builtin_mul_overflow(tokens, seconds, &product)) return INT64_MAX;
  return product / hour + (product % hour > 0 ? 1 : 0);
}

/// All of the prompt, and its storage from the first second to the last.
usage usage_of_cache(std::int64_t tokens, std::int64_t ttl_s) {
  usage u{.input = tokens};
  u.units["cache_storage"] = token_hours(tokens, ttl_s);
  u.reported = true;
  return u;
}

cost quote_cache(const catalog::model& known, std::int64_t tokens, std::int64_t ttl_s,
                 const catalog::price_context& context) {
  cost most = catalog::price_usage(known, usage_of_cache(tokens, ttl_s), context).cost;
  if (most.status != cost_status::exact) return {};
  most.status = cost_status::interval;
  most.low = most.value = {};
  return most;
}

result<void> check_cache_ceiling(const prepared_call& p, const amount& max_cost) {
  const cost& quote = p.basis.quote;
  if (quote.status == cost_status::unknown)
    return over_budget("max_cost is set, but what a cache of " + p.route.vendor + "/" + p.model +
                       " costs is unknown: leave max_cost out");
  if (quote.high <= max_cost) return {};
  return over_budget("the cache may cost up to " + quote.high.to_string() + " " + quote.currency +
                     ", above max_cost " + max_cost.to_string() +
                     ": shorten the prompt or its time");
}

}  // namespace

result<prepared_call> prepare_cache(const core& c, const job_place& place, const call& what,
                                    std::chrono::seconds ttl) {
  if (ttl.count() <= 0)
    return error{.code = errc::invalid_request, .message = "say for how long the cache is kept"};
  auto out = quote_chat(c, what, false);
  if (!out) return out;
  out->operation = "cache";
  const dialect::cache_prompt prompt{.model = out->model, .request = std::move(out->request)};
  const dialect::job_request asked{
      .verb = dialect::job_verb::create_cache, .prompt = &prompt, .ttl_s = ttl.count()};
  if (const catalog::model* known = out->basis.model)
    out->basis.quote = quote_cache(*known, bound_input_tokens(what, prompt.request), asked.ttl_s,
                                   out->basis.context);
  if (auto ok = finish_job(*out, c, asked, place); !ok) return ok.error();
  if (what.max_cost)
    if (auto ok = check_cache_ceiling(*out, *what.max_cost); !ok) return ok.error();
  out->read = [place, ttl_s = asked.ttl_s](const dialect::answer& a) -> result<any_reply> {
    auto made = read_job(place, {.verb = dialect::job_verb::create_cache}, a);
    if (!made) return made;
    auto& reply = std::get<job_reply>(*made);
    const usage& used = reply.answer.usage;
    if (used.reported) reply.usage = usage_of_cache(used.input_total(), ttl_s);
    if (!reply.answer.caches.empty()) reply.model = reply.answer.caches.front().model;
    return made;
  };
  return out;
}

result<prepared_call> prepare_job(const core& c, const job_place& place,
                                  const dialect::job_request& what, bool once) {
  prepared_call out;
  out.operation = "job";
  out.free_of_charge = true;
  const catalog::book::resolved found{.v = place.row};
  if (auto ok = add_route(out, c, place.row->name, found); !ok) return ok.error();
  if (auto ok = finish_job(out, c, what, place); !ok) return ok.error();
  out.once = once;
  out.read = [place, &what](const dialect::answer& a) { return read_job(place, what, a); };
  return out;
}

}  // namespace ark
