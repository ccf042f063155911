#include <ark/jobs.hpp>

#include <algorithm>
#include <optional>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/key_store.hpp"
#include "files/suggest.hpp"

namespace ark::cli {
namespace {

struct model_options {
  std::string filter;
  std::string vendor;
  std::string mode;
  std::vector<std::string> capabilities;
  bool ids = false;
};

bool has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool fits(const model_info& m, const model_options& o) {
  if (!o.vendor.empty() && m.vendor != o.vendor) return false;
  if (!o.mode.empty() && m.mode != o.mode) return false;
  return std::all_of(o.capabilities.begin(), o.capabilities.end(),
                     [&](const auto& each) { return has(m.capabilities, each); });
}

void write_strings(json::writer& w, const std::vector<std::string>& list) {
  w.begin_array();
  for (const auto& each : list) w.string(each);
  w.end_array();
}

void write_count(json::writer& w, std::int64_t count) { count == 0 ? w.null() : w.number(count); }

void write_model(json::writer& w, const model_info& m) {
  w.begin_object();
  w.key("id").string(m.id);
  w.key("vendor").string(m.vendor);
  w.key("model").string(m.model);
  w.key("mode").string(m.mode);
  write_count(w.key("context_tokens"), m.context_tokens);
  write_count(w.key("max_output_tokens"), m.max_output_tokens);
  write_strings(w.key("capabilities"), m.capabilities);
  write_strings(w.key("aliases"), m.aliases);
  w.key("encoding").string(m.encoding);
  w.key("currency").string(m.currency);
  w.key("prices").begin_array();
  for (const auto& each : m.prices) {
    w.begin_object();
    w.key("dimension").string(each.dimension);
    w.key("price").string(each.value.to_string());
    w.key("unit").string(each.unit);
    w.key("condition").string(each.condition);
    w.end_object();
  }
  w.end_array();
  w.key("source").string(m.source);
  w.key("source_date").string(m.source_date);
  w.end_object();
}

/// The price without conditions, or "?".
std::string price(const model_info& m, std::string_view dimension) {
  for (const auto& each : m.prices) {
    if (each.dimension == dimension && each.condition.empty()) return each.value.to_string();
  }
  return "?";
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text + "  ";
}

void print_table(context& ctx, const std::vector<model_info>& models) {
  std::size_t widest = 5;
  for (const auto& each : models) widest = std::max(widest, each.id.size());
  ctx.out.line(padded("MODEL", widest) + padded("CONTEXT", 9) + padded("INPUT", 9) +
               padded("OUTPUT", 9) + padded("PER MTOK", 8) + "CAN");
  for (const auto& m : models) {
    std::string can;
    for (const auto& each : m.capabilities) can += (can.empty() ? "" : ",") + each;
    ctx.out.line(padded(m.id, widest) +
                 padded(m.context_tokens == 0 ? "?" : text::grouped(m.context_tokens), 9) +
                 padded(price(m, "input"), 9) + padded(price(m, "output"), 9) +
                 padded(m.prices.empty() ? "" : m.currency, 8) + can);
  }
}

/// Why nothing can be `word`, or "": it is none of the known ones.
std::string not_known(const std::string& option, const std::string& word,
                      const std::set<std::string>& known, const char* otherwise) {
  if (word.empty() || known.contains(word)) return {};
  const auto near = files::nearest(word, {known.begin(), known.end()});
  std::string out = option + ": nothing is called '" + word + "'; ";
  if (!near.empty()) return out + "did you mean '" + near + "'?";
  if (otherwise != nullptr) return out + otherwise;
  out += "there are";
  for (const auto& each : known) out += (each == *known.begin() ? " " : ", ") + each;
  return out;
}

std::string wrong_filter(const client& c, const model_options& o) {
  std::set<std::string> vendors, modes, capabilities;
  for (const auto& each : c.vendors()) vendors.insert(each.name);
  for (const auto& each : c.models()) {
    vendors.insert(each.vendor);
    modes.insert(each.mode);
    capabilities.insert(each.capabilities.begin(), each.capabilities.end());
  }
  auto out = not_known("--vendor", o.vendor, vendors, "`ark models list` shows the vendors");
  if (out.empty()) out = not_known("--mode", o.mode, modes, nullptr);
  for (const auto& each : o.capabilities) {
    if (out.empty()) out = not_known("--can", each, capabilities, nullptr);
  }
  return out;
}

exit_code list(context& ctx, const model_options& o) {
  const auto client = ctx.make_catalogue();
  if (!client) return ctx.fail(client.error());
  if (!o.vendor.empty() || !o.mode.empty() || !o.capabilities.empty()) {
    if (const auto wrong = wrong_filter(*client, o); !wrong.empty()) return ctx.wrong_usage(wrong);
  }
  auto models = client->models(o.filter);
  std::erase_if(models, [&](const auto& each) { return !fits(each, o); });
  if (models.empty()) ctx.note("no model of the catalogue fits");
  if (ctx.json()) {
    std::string text;
    json::writer w{text};
    w.begin_array();
    for (const auto& each : models) write_model(w, each);
    w.end_array();
    ctx.out.line(text);
  } else if (o.ids) {
    for (const auto& each : models) ctx.out.line(each.id);
  } else if (!models.empty()) {
    print_table(ctx, models);
  }
  return models.empty() ? exit_code::no : exit_code::ok;
}

void print_model(context& ctx, const model_info& m) {
  ctx.out.line(m.id);
  const auto line = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) ctx.out.line("  " + padded(name, 14) + value);
  };
  const auto count = [](std::int64_t n) {
    return n == 0 ? std::string{"unknown"} : text::grouped(n) + " tokens";
  };
  line("mode", m.mode);
  line("context", count(m.context_tokens));
  line("longest answer", count(m.max_output_tokens));
  std::string can;
  for (const auto& each : m.capabilities) can += (can.empty() ? "" : ", ") + each;
  line("can", can);
  std::string names;
  for (const auto& each : m.aliases) names += (names.empty() ? "" : ", ") + each;
  line("also called", names);
  line("vocabulary", m.encoding);
  if (m.prices.empty()) line("prices", "unknown");
  for (const auto& each : m.prices) {
    line(each.dimension, each.value.to_string() + " " + m.currency + " per " + each.unit +
                             (each.condition.empty() ? "" : "  when " + each.condition));
  }
  line("prices from", m.source + (m.source_date.empty() ? "" : ", " + m.source_date));
}

exit_code show(context& ctx, const model_options& o) {
  const auto client = ctx.make_catalogue();
  if (!client) return ctx.fail(client.error());
  const auto all = client->models();
  std::vector<model_info> found;
  std::vector<std::string> known;
  for (const auto& each : all) {
    known.push_back(each.id);
    known.push_back(each.model);
    if (each.id == o.filter || each.model == o.filter || has(each.aliases, o.filter)) {
      found.push_back(each);
    }
  }
  if (found.empty()) {
    error e;
    e.code = errc::not_found;
    const auto near = files::nearest(o.filter, known);
    e.message = "the catalogue has no model '" + o.filter + "'" +
                (near.empty() ? "; `ark models list` shows all" : "; did you mean '" + near + "'?");
    return ctx.fail(e);
  }
  if (ctx.json()) {
    std::string text;
    json::writer w{text};
    w.begin_array();
    for (const auto& each : found) write_model(w, each);
    w.end_array();
    ctx.out.line(text);
    return exit_code::ok;
  }
  for (const auto& each : found) print_model(ctx, each);
  return exit_code::ok;
}

struct refreshed {
  std::string vendor;
  std::vector<std::string> fresh;  ///< the vendor's list has them, the catalogue does not
  std::vector<std::string> gone;   ///< the other way round
  std::size_t both = 0;
};

bool is_of(const model_info& m, const std::string& vendor, const std::string& id) {
  return m.vendor == vendor && (m.model == id || has(m.aliases, id));
}

refreshed compare(const client& c, const std::string& vendor,
                  const std::vector<listed_model>& listed) {
  refreshed out{.vendor = vendor, .fresh = {}, .gone = {}};
  std::vector<model_info> known = c.models(vendor + "/");
  std::erase_if(known, [&](const auto& m) { return m.vendor != vendor; });
  for (const auto& each : listed) {
    const bool found = std::any_of(known.begin(), known.end(),
                                   [&](const auto& m) { return is_of(m, vendor, each.id); });
    if (found)
      ++out.both;
    else
      out.fresh.push_back(each.id);
  }
  for (const auto& m : known)
    if (std::none_of(listed.begin(), listed.end(),
                     [&](const auto& each) { return is_of(m, vendor, each.id); }))
      out.gone.push_back(m.model);
  std::sort(out.fresh.begin(), out.fresh.end());
  return out;
}

void print_refreshed(context& ctx, const refreshed& r) {
  ctx.out.line(r.vendor + ": " + std::to_string(r.both) + " models are in the catalogue");
  for (const auto& each : r.fresh)
    ctx.out.line("  + " + printable(each) + "  without a price here");
  for (const auto& each : r.gone) ctx.out.line("  - " + each + "  not in the vendor's list");
}

void write_refreshed(json::writer& w, const refreshed& r) {
  w.begin_object().key("vendor").string(r.vendor);
  w.key("known").number(static_cast<std::int64_t>(r.both));
  write_strings(w.key("new"), r.fresh);
  write_strings(w.key("gone"), r.gone);
  w.end_object();
}

/// The vendors that have a key, where none is named.
result<std::vector<std::string>> vendors_to_ask(context& ctx,
                                                const std::vector<std::string>& named) {
  if (!named.empty()) return named;
  const auto keys = list_keys(ctx);
  if (!keys) return keys.error();
  std::set<std::string> out;
  for (const auto& each : *keys) out.insert(each.vendor);
  if (!out.empty()) return std::vector<std::string>(out.begin(), out.end());
  return error{.code = errc::auth,
               .message = "no vendor has a key: `ark keys set VENDOR`, or name a vendor"};
}

exit_code refresh(context& ctx, const std::vector<std::string>& named) {
  const auto vendors = vendors_to_ask(ctx, named);
  if (!vendors) return ctx.fail(vendors.error());
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  std::string text;
  json::writer w{text};
  w.begin_array();
  std::optional<error> failure;
  for (const auto& vendor : *vendors) {
    const auto listed = jobs(*client, vendor).models();
    if (!listed && listed.error().code == errc::unsupported && named.empty()) {
      ctx.note("note: " + listed.error().message);
      continue;
    }
    if (!listed) {
      failure = listed.error();
      ctx.warn(vendor + ": " + listed.error().message);
      continue;
    }
    const auto found = compare(*client, vendor, *listed);
    if (ctx.json())
      write_refreshed(w, found);
    else
      print_refreshed(ctx, found);
  }
  w.end_array();
  if (ctx.json()) ctx.out.line(text);
  return failure ? fail_call(ctx, *failure) : exit_code::ok;
}

}  // namespace

void define_models(command& c) {
  c.examples({{"ark models list --vendor deepseek", "models of one vendor with their prices"},
              {"ark models show openai/gpt-5-mini", "everything known of one model"}});
  auto lists = c.verb("list", "List models of the catalogue with their prices");
  lists.examples({{"ark models list gpt-5", "all whose id has this in it"},
                  {"ark models list --can tools --can vision", "that can do both"}});
  auto o = lists.options<model_options>();
  lists.parameters().add_option("FILTER", o->filter, "Part of an id").type_name("");
  lists.parameters().add_option("--vendor", o->vendor, "Only of this vendor").type_name("VENDOR");
  lists.parameters()
      .add_option("--mode", o->mode, "Only of this kind: chat, embedding, ...")
      .type_name("MODE");
  lists.parameters()
      .add_option("--can", o->capabilities,
                  "Only with this capability: tools, vision, structured_output, reasoning, ...")
      .type_name("WORD")
      .one_value_each();
  lists.parameters().add_flag("--ids", o->ids, "Only the ids, one to a line");
  lists.run([o](context& ctx) { return list(ctx, *o); });
  auto shows = c.verb("show", "Show all that is known of a model, with source and date");
  shows.examples({{"ark models show claude-sonnet-4-5", "by the vendor's id"},
                  {"ark models show deepseek/deepseek-chat --json", "for programs"}});
  auto s = shows.options<model_options>();
  shows.parameters()
      .add_option("MODEL", s->filter, "Id, vendor/id or alias")
      .type_name("")
      .required();
  shows.run([s](context& ctx) { return show(ctx, *s); });
  auto asks = c.verb("refresh", "Ask vendors for their lists; show what the catalogue lacks");
  asks.examples({{"ark models refresh", "of all vendors that have a key; free"},
                 {"ark models refresh openai groq --json", "of these, for programs"}});
  auto names = asks.options<std::vector<std::string>>();
  asks.parameters()
      .add_option("VENDOR", *names, "Which vendors; none: all that have a key")
      .type_name("");
  asks.run([names](context& ctx) { return refresh(ctx, *names); });
}

}  // namespace ark::cli
