#include <ark/jobs.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/call_options.hpp"
#include "cli/doctor.hpp"
#include "cli/whole_reply.hpp"
#include "client/client_state.hpp"
#include "client/prepare.hpp"

/// Short calls, to see whether a vendor does what its row says.
namespace ark::cli {
namespace {

using state = finding::state;

/// The least that all interfaces take: OpenAI's Responses refuse a smaller one.
constexpr std::int64_t short_answer = 16;
/// Room for the name of a tool and its argument.
constexpr std::int64_t tool_answer = 100;
constexpr const char* tool_name = "report_word";

struct probe {
  enum class kind { whole, streamed, tool };
  kind how = kind::whole;
  call asked;
};

bool can(const vendor& row, std::string_view word) {
  return std::find(row.capabilities.begin(), row.capabilities.end(), word) !=
         row.capabilities.end();
}

result<probe> make_probe(probe::kind how, const std::string& model, const settings& all) {
  probe out{.how = how};
  call_options named;
  named.model = model;
  named.task = "doctor";
  if (auto ok = apply(named, all, out.asked); !ok) return ok.error();
  out.asked.max_tokens = short_answer;
  out.asked.messages = {user("Reply with the word ok.")};
  if (how == probe::kind::tool) {
    out.asked.max_tokens = tool_answer;
    out.asked.messages = {user("Call the tool report_word with the word ok.")};
    out.asked.tools.push_back({.name = tool_name,
                               .description = "Reports one word.",
                               .parameters =
                                   R"({"type":"object","properties":{"word":{"type":"string"}},)"
                                   R"("required":["word"]})"});
  }
  // The price that is said before holds for one attempt of each call.
  out.asked.retry.max_attempts = 1;
  out.asked.timeouts.total = std::min(out.asked.timeouts.total, std::chrono::milliseconds{60'000});
  return out;
}

result<std::vector<probe>> make_probes(const vendor& row, const std::string& model,
                                       const settings& all, bool deep) {
  std::vector<probe::kind> kinds{probe::kind::whole};
  if (can(row, "stream")) kinds.push_back(probe::kind::streamed);
  if (deep && can(row, "tools")) kinds.push_back(probe::kind::tool);
  std::vector<probe> out;
  for (const auto how : kinds) {
    auto made = make_probe(how, model, all);
    if (!made) return made.error();
    out.push_back(std::move(*made));
  }
  return out;
}

/// "at most 0.0002 USD"; errors are those that the calls would have before anything is sent.
result<std::string> price_of(const core& parts, const std::vector<probe>& probes) {
  amount sum;
  std::string currency;
  for (const auto& each : probes) {
    const auto ready = prepare_chat(parts, each.asked, each.how == probe::kind::streamed);
    if (!ready) return ready.error();
    const cost& worst = ready->basis.quote;
    if (worst.status == cost_status::unknown) return std::string{"price unknown"};
    const auto more = sum.plus(worst.high);
    if (!more) return more.error();
    sum = *more;
    currency = worst.currency;
  }
  return "at most " + to_string(money{sum, currency});
}

/// Empty: go on. Else why the calls are not made.
std::string refusal(context& ctx, const std::string& calls, bool yes) {
  if (yes) {
    ctx.note(calls);
    return {};
  }
  if (!ctx.in.is_terminal() || !ctx.err.is_terminal())
    return "without a terminal nobody can be asked; --yes makes " + calls;
  ctx.begin_message();
  ctx.err.write("Make " + printable(calls) + "? [y/N] ").flush();
  const auto line = ctx.in.read_line(1000);
  // The answer's line end was typed, not written.
  const auto word = line ? text::lower(*line) : std::string{};
  ctx.err.line().flush();
  return word == "y" || word == "yes" ? "" : "you did not want " + calls;
}

struct streamed_reply {
  ark::reply reply;
  int pieces = 0;
};

result<streamed_reply> stream_reply(context& ctx, const client& c, call asked) {
  const auto name = asked.model;
  auto running = c.stream(std::move(asked));
  if (!running) return running.error();
  const interrupt_scope guard{[&] { running->cancel(); }};
  const progress waiting{ctx, [name] { return "waiting for " + name; }};
  streamed_reply out;
  for (;;) {
    const auto next = running->next();
    if (!next) return next.error();
    if (!*next || (*next)->kind == event_kind::done) break;
    const auto kind = (*next)->kind;
    out.pieces += kind == event_kind::text || kind == event_kind::reasoning ? 1 : 0;
  }
  out.reply = running->so_far();
  return out;
}

std::string ended(const reply& r) {
  return fmt::format("{} ms, ended with {}", r.latency.count() / 1000, to_string(r.finish));
}

finding failed(std::string_view what, const error& e) {
  auto text = e.message;
  if (!e.vendor_message.empty()) text += "; the vendor says: " + e.vendor_message;
  if (!e.request_id.empty()) text += " (request id " + e.request_id + ")";
  return {state::bad, std::string{what}, std::move(text)};
}

finding tool_finding(const reply& r) {
  for (const auto& each : r.tool_calls()) {
    if (each.name == tool_name && json::is_valid(each.arguments))
      return {state::good, "tool call", "asked for with its argument"};
  }
  return {state::warning, "tool call",
          "the row says tools, and the model did not ask for the one it was told to; ended with " +
              std::string{to_string(r.finish)}};
}

/// Why no more calls should be made; nothing if the call came to its end.
std::optional<error> run_probe(context& ctx, const client& c, probe p, const std::string& model,
                               findings& out) {
  const auto& book = *c.state()->parts().book;
  const auto most = *p.asked.max_tokens;
  if (p.how == probe::kind::streamed) {
    const auto got = stream_reply(ctx, c, std::move(p.asked));
    if (!got) {
      out.push_back(failed("stream", got.error()));
      return got.error();
    }
    out.push_back({state::good, "stream",
                   fmt::format("{} pieces of content in {}", got->pieces, ended(got->reply))});
    check_reply(book, "stream", got->reply, model, most, out);
    return {};
  }
  const bool tool = p.how == probe::kind::tool;
  const auto got = whole_reply(ctx, c, std::move(p.asked), &client::complete_async);
  if (!got) {
    out.push_back(failed(tool ? "tool call" : "call", got.error()));
    return got.error();
  }
  out.push_back(tool ? tool_finding(*got)
                     : finding{state::good, "call", "answered in " + ended(*got)});
  check_reply(book, tool ? "tool" : "call", *got, model, most, out);
  return {};
}

/// "vendor/model": the named one, else the cheapest, else the first that the vendor lists. errc's
/// sentence says that one has to be named.
result<std::string> choose_model(context& ctx, const client& c, const vendor& row,
                                 const std::string& named) {
  const auto before = row.name + "/";
  if (!named.empty()) return named.starts_with(before) ? named : before + named;
  const auto& book = *c.state()->parts().book;
  auto cheapest = cheapest_model(book, row, ctx.machine.wall_now());
  if (!cheapest.empty()) return before + cheapest;
  const auto listed = jobs(c, row.name).models();
  if (listed && !listed->empty()) return before + listed->front().id;
  error e{.code = errc::invalid_request};
  e.message = "neither the catalogue nor the vendor names a model; name one with -m";
  if (!listed && listed.error().code != errc::unsupported)
    e.message += " (its list: " + listed.error().message + ")";
  return e;
}

}  // namespace

std::string cheapest_model(const catalog::book& b, const vendor& row,
                           std::chrono::system_clock::time_point at) {
  const auto& list = row.price_vendor.empty() ? row.name : row.price_vendor;
  const catalog::model* best = nullptr;
  cost least;
  for (const auto* each : b.models()) {
    if (each->info.vendor != list || each->info.mode != "chat" || !each->status.empty()) continue;
    const auto worst = catalog::quote(*each, 100, short_answer, {.at = at});
    if (worst.status == cost_status::unknown) continue;
    // Amounts of two currencies are not compared: the first one's counts.
    if (best != nullptr && (worst.currency != least.currency || worst.high >= least.high)) continue;
    best = each;
    least = worst;
  }
  return best == nullptr ? "" : best->info.model;
}

bool check_calls(context& ctx, const client& c, const vendor& row, const vendor_check& o,
                 findings& out) {
  const auto all = ctx.configuration();
  if (!all) return true;
  if (!can(row, "chat")) {
    out.push_back({state::warning, "call", "not made: the row has no chat to try"});
    return true;
  }
  const auto model = choose_model(ctx, c, row, o.model);
  if (!model) {
    out.push_back({state::warning, "call", "not made: " + model.error().message});
    return true;
  }
  auto probes = make_probes(row, *model, **all, o.deep);
  const auto price =
      probes ? price_of(c.state()->parts(), *probes) : result<std::string>{probes.error()};
  if (!price) {
    out.push_back(failed("call", price.error()));
    return true;
  }
  const auto calls = fmt::format("{} short call{} to {} ({})", probes->size(),
                                 probes->size() == 1 ? "" : "s", *model, *price);
  if (const auto why = refusal(ctx, calls, o.yes); !why.empty()) {
    out.push_back({state::warning, "call", "not made: " + why});
    return true;
  }
  if (!can(row, "stream")) out.push_back({state::good, "stream", "the row has none; not tried"});
  if (o.deep && !can(row, "tools"))
    out.push_back({state::good, "tool call", "the row has no tools; not tried"});
  const auto resolved = c.state()->parts().book->resolve(*model);
  const auto sent = resolved ? resolved->model : model->substr(row.name.size() + 1);
  for (auto& each : *probes) {
    const auto stop = run_probe(ctx, c, std::move(each), sent, out);
    if (stop) return stop->code != errc::cancelled;
  }
  return true;
}

}  // namespace ark::cli
