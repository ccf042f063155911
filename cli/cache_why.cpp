#include "cli/cache_verbs.hpp"

#include "base/json.hpp"
#include "cli/batch_file.hpp"
#include "cli/key_store.hpp"
#include "cli/named_call.hpp"
#include "cli/prefix_diff.hpp"
#include "client/client_state.hpp"
#include "client/prepare_parts.hpp"

/// `ark cache why`: why a vendor's prompt cache had so little of a call.
namespace ark::cli {
namespace {

struct why_options {
  std::string model, first, second;
};

struct read_call {
  call asked;
  std::string body;  ///< as it is sent
  price_basis basis;
};

/// "calls.jsonl:3": its third line.
std::pair<std::string, std::size_t> line_of(const std::string& name) {
  const auto colon = name.rfind(':');
  const bool has_line = colon != name.npos && colon + 1 < name.size() && name.size() - colon < 10 &&
                        name.find_first_not_of("0123456789", colon + 1) == name.npos;
  if (!has_line) return {name, 0};
  return {name.substr(0, colon), std::stoul(name.substr(colon + 1))};
}

/// One call of a file: the only one, or the one of its line.
result<std::string> call_text(context& ctx, const std::string& name) {
  constexpr std::size_t largest = 64u << 20;
  const auto [file, line] = line_of(name);
  auto text = file == "-" ? ctx.in.read_all(largest) : os::read_file(file, largest);
  if (!text) return text.error();
  if (line == 0) {
    // A call that a person wrote may have many lines; what is none at all is told by its line.
    auto one = json::compact(*text);
    return one ? std::move(one) : std::move(text);
  }
  std::size_t begin = 0;
  for (std::size_t n = 1; n < line && begin != text->npos; ++n) {
    begin = text->find('\n', begin);
    if (begin != text->npos) ++begin;
  }
  if (begin == text->npos || begin >= text->size())
    return usage_mistake(file + " has no line " + std::to_string(line));
  return text->substr(begin, text->find('\n', begin) - begin);
}

result<read_call> read(context& ctx, const client& c, const why_options& o,
                       const std::string& name) {
  const auto text = call_text(ctx, name);
  if (!text) return text.error();
  auto lines = read_batch_file(*text, name);
  if (!lines) return lines.error();
  if (lines->items.size() != 1)
    return usage_mistake(name + " has " + std::to_string(lines->items.size()) +
                         " calls: name one by its line, as in " + name + ":1");
  const auto all = ctx.configuration();
  if (!all) return all.error();
  const call_options named{.model = o.model.empty() ? lines->model : o.model};
  read_call out{.asked = std::move(lines->items.front().call), .body = {}, .basis = {}};
  if (auto ok = apply_named(named, **all, "openai/gpt-5-mini", out.asked); !ok) return ok.error();
  auto quoted = quote_chat(c.state()->parts(), out.asked, false);
  if (!quoted) return quoted.error();
  out.body = std::move(quoted->request.body);
  out.basis = std::move(quoted->basis);
  return out;
}

/// What these tokens cost more as input than read from a cache; with the reason where that is not
/// known.
result<money> extra_cost(const prefix_difference& d, const price_basis& basis) {
  const auto priced = [&](std::int64_t from_cache) -> cost {
    usage u{.input = d.second_tokens - from_cache, .cache_read = from_cache, .reported = true};
    return catalog::price_usage(*basis.model, u, basis.context).cost;
  };
  if (basis.model == nullptr)
    return error{.code = errc::not_found, .message = "the model's prices are not known"};
  const cost as_it_is = priced(d.kept_tokens);
  const cost as_it_could_be = priced(d.kept_tokens + d.lost_tokens);
  if (as_it_is.status != cost_status::exact || as_it_could_be.status != cost_status::exact)
    return error{.code = errc::not_found, .message = "the price of a cache read is not known"};
  const auto more = as_it_is.value.minus(as_it_could_be.value);
  if (!more) return more.error();
  return money{*more, as_it_is.currency};
}

struct finding {
  prefix_difference prompts;
  std::size_t body_offset = 0;
  bool bodies_differ = false;
  std::string body_path, first_bytes, second_bytes;
  std::optional<money> extra;
  std::string why_unknown;
};

finding find(const read_call& a, const read_call& b) {
  finding out{.prompts = compare(pieces_of(a.asked), pieces_of(b.asked))};
  out.bodies_differ = a.body != b.body;
  out.body_offset = common_prefix(a.body, b.body);
  out.body_path = json_path_at(b.body, out.body_offset);
  constexpr std::size_t width = 30;
  out.first_bytes = around(a.body, out.body_offset, width);
  out.second_bytes = around(b.body, out.body_offset, width);
  if (auto more = extra_cost(out.prompts, b.basis))
    out.extra = std::move(*more);
  else
    out.why_unknown = more.error().message;
  return out;
}

std::string finding_json(const finding& f) {
  std::string text;
  json::writer w{text};
  const auto number = [&w](const char* name, std::size_t value) {
    w.key(name).number(static_cast<std::int64_t>(value));
  };
  const auto& p = f.prompts;
  w.begin_object().key("requests_differ").boolean(f.bodies_differ);
  w.key("prompts_differ").boolean(p.differs).key("place").string(p.place);
  number("offset", p.offset);
  w.key("first").string(p.first).key("second").string(p.second);
  number("request_offset", f.body_offset);
  w.key("request_path").string(f.body_path);
  w.key("estimated_tokens").begin_object();
  w.key("first").number(p.first_tokens).key("second").number(p.second_tokens);
  w.key("same_before").number(p.kept_tokens).key("lost").number(p.lost_tokens).end_object();
  w.key("extra_cost");
  if (f.extra)
    w.begin_object()
        .key("value")
        .string(f.extra->value.to_string())
        .key("currency")
        .string(f.extra->currency)
        .end_object();
  else
    w.null();
  w.end_object();
  return text;
}

void tell(context& ctx, const finding& f) {
  const auto line = [&ctx](const std::string& text) { ctx.out.line(printable(text)); };
  const auto& p = f.prompts;
  if (!f.bodies_differ) return line("the requests are the same to the last byte");
  if (p.differs) {
    line("the prompts differ from " + p.place + ", byte " + std::to_string(p.offset) + ", on:");
    line("  A  " + p.first);
    line("  B  " + p.second);
  } else {
    line("one prompt begins with the whole other one");
  }
  line("the requests differ from byte " + std::to_string(f.body_offset) + " on, at " + f.body_path +
       ":");
  line("  A  " + f.first_bytes);
  line("  B  " + f.second_bytes);
  line("tokens (estimated): " + std::to_string(p.second_tokens) + " in B's prompt, " +
       std::to_string(p.kept_tokens) + " before the difference, " + std::to_string(p.lost_tokens) +
       " behind it that are the same and not read from the cache");
  if (!f.extra) return line("what that costs is not known: " + f.why_unknown);
  line("that costs " + to_string(*f.extra) + " more for each such call");
  if (p.lost_tokens > 0) line("put what changes behind what stays");
}

exit_code why(context& ctx, const why_options& o) {
  const auto client = ctx.make_catalogue();
  if (!client) return ctx.fail(client.error());
  const auto a = read(ctx, *client, o, o.first);
  if (!a) return ctx.fail(a.error());
  const auto b = read(ctx, *client, o, o.second);
  if (!b) return ctx.fail(b.error());
  const finding found = find(*a, *b);
  if (ctx.json())
    ctx.out.line(finding_json(found));
  else
    tell(ctx, found);
  return exit_code::ok;
}

}  // namespace

void define_cache_why(command& c) {
  auto verb = c.verb("why", "Show where two calls' prompts begin to differ, and what it costs");
  verb.examples({{"ark cache why monday.json tuesday.json -m openai/gpt-5-mini",
                  "two calls, each in a file of the form that `ark batch` reads"},
                 {"ark cache why calls.jsonl:1 calls.jsonl:2 --json | jq .estimated_tokens.lost",
                  "two lines of one file, for a script"}});
  auto o = verb.options<why_options>();
  const auto set = verb.parameters();
  set.add_option("A", o->first, "A call: FILE, or FILE:LINE").type_name("").required();
  set.add_option("B", o->second, "The call after it").type_name("").required();
  set.add_option("-m,--model", o->model, "Model, as vendor/model; else what the files say")
      .type_name("MODEL");
  verb.run([o](context& ctx) { return why(ctx, *o); });
}

}  // namespace ark::cli
