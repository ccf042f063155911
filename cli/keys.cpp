#include <algorithm>

#include "base/json.hpp"
#include "cli/commands.hpp"
#include "cli/key_store.hpp"
#include "cli/mistake.hpp"
#include "cli/table.hpp"
#include "client/key_file.hpp"
#include "files/suggest.hpp"

namespace ark::cli {
namespace {

struct key_options {
  std::string vendor;
};

exit_code list_known(context& ctx) {
  const auto keys = list_keys(ctx);
  if (!keys) return ctx.fail(keys.error());
  if (ctx.json()) {
    std::string text;
    json::writer w{text};
    w.begin_array();
    for (const auto& each : *keys) {
      w.begin_object();
      w.key("vendor").string(each.vendor);
      w.key("source").string(each.source);
      w.key("address").string(each.address);
      w.key("fingerprint").string(each.fingerprint);
      w.end_object();
    }
    w.end_array();
    ctx.out.line(text);
    return exit_code::ok;
  }
  if (keys->empty()) {
    ctx.note("no keys; store one with: ark keys set VENDOR");
    return exit_code::ok;
  }
  table t;
  for (const auto* title : {"vendor", "fingerprint", "source"}) t.column(title);
  for (const auto& each : *keys) {
    t.row({each.vendor + (each.address.empty() ? "" : " at " + each.address),
           each.fingerprint.empty() ? "(not asked)" : each.fingerprint, each.source});
  }
  t.print(ctx.out);
  return exit_code::ok;
}

/// The stored keys; none if there is no file yet.
result<std::vector<key_entry>> stored_keys(context& ctx) {
  if (ctx.key_file().empty())
    return config_mistake("HOME is not set, so there is no place for keys");
  auto keys = read_keys(ctx.key_file());
  if (!keys && keys.error().code == errc::not_found) return std::vector<key_entry>{};
  return keys;
}

result<void> store(context& ctx, const std::vector<key_entry>& keys) {
  const auto file = ctx.key_file();
  if (auto ok = os::make_private_directory(os::config_directory(ctx.machine)); !ok) return ok;
  std::string text = "# Keys of ark: vendor = key. Made by `ark keys set`; keep it to yourself.\n";
  for (const auto& each : keys) {
    text += each.name + " = ";
    text += each.key.reveal_secret();
    text += '\n';
  }
  auto ok = os::write_file(file, text, 0600);
  wipe(text);
  return ok;
}

/// A vendor of the catalogue, perhaps with "@address".
result<std::string> name_to_store(context& ctx, const std::string& given) {
  const auto vendor = given.substr(0, given.find('@'));
  const auto client = ctx.make_catalogue();
  if (!client) return client.error();
  std::vector<std::string> names;
  for (const auto& each : client->vendors()) names.push_back(each.name);
  if (std::find(names.begin(), names.end(), vendor) == names.end()) {
    const auto near = files::nearest(vendor, names);
    return config_mistake(
        "there is no vendor '" + printable(vendor) + "'" +
        (near.empty() ? "; `ark models list` shows them" : "; did you mean '" + near + "'?"));
  }
  if (vendor != given) {
    if (auto ok = check_base_url(given.substr(vendor.size() + 1)); !ok) return ok.error();
    return given;
  }
  const auto all = ctx.configuration();
  if (!all) return all.error();
  const auto it = (*all)->origins.find("vendors." + vendor + ".base_url");
  if (it != (*all)->origins.end() && it->second.from == layer::project) {
    return config_mistake("the address of " + vendor + " comes from " + it->second.where +
                          "; name the address that may have the key: ark keys set " +
                          stored_name(**all, vendor));
  }
  return stored_name(**all, vendor);
}

exit_code set(context& ctx, const key_options& o) {
  const auto name = name_to_store(ctx, o.vendor);
  if (!name) return ctx.fail(name.error());
  auto keys = stored_keys(ctx);
  if (!keys) return ctx.fail(keys.error());
  if (ctx.in.is_terminal()) ctx.err.write("key of " + *name + " (not shown): ").flush();
  constexpr std::size_t longest = 16u << 10;
  auto key = ctx.in.read_hidden_line(longest);
  if (ctx.in.is_terminal()) ctx.err.line();
  if (!key) return ctx.fail(key.error());
  if (auto ok = check_key(*key); !ok) return ctx.fail(ok.error());
  const auto shown = fingerprint(*key);
  std::erase_if(*keys, [&](const key_entry& each) { return each.name == *name; });
  keys->push_back({*name, std::move(*key)});
  if (auto ok = store(ctx, *keys); !ok) return ctx.fail(ok.error());
  ctx.note("stored the key of " + *name + " (" + shown + ") in " + ctx.key_file());
  return exit_code::ok;
}

exit_code remove(context& ctx, const key_options& o) {
  auto keys = stored_keys(ctx);
  if (!keys) return ctx.fail(keys.error());
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  const auto bound = stored_name(**all, o.vendor);
  const auto removed = std::erase_if(
      *keys, [&](const key_entry& each) { return each.name == o.vendor || each.name == bound; });
  if (removed == 0) {
    return ctx.fail(config_mistake("no key of '" + o.vendor + "' in " + ctx.key_file() +
                                   "; `ark keys list` shows where keys come from"));
  }
  if (auto ok = store(ctx, *keys); !ok) return ctx.fail(ok.error());
  ctx.note("removed the key of " + o.vendor + " from " + ctx.key_file());
  return exit_code::ok;
}

}  // namespace

void define_keys(command& c) {
  c.examples({{"ark keys set openai", "asks for the key and stores it, mode 0600"},
              {"pass show openai | ark keys set openai", "from a password manager"},
              {"ark keys list", "which vendors have one, and from where; never the key itself"}});
  auto lists = c.verb("list", "Show which keys there are, never the keys themselves");
  lists.examples({{"ark keys list", "vendor, fingerprint and source"},
                  {"ark keys list --json", "for programs"}});
  lists.run(&list_known);
  auto sets = c.verb("set", "Store a key, read from the terminal or standard input");
  sets.examples(
      {{"ark keys set openai", "asks, without showing what is typed"},
       {"ark keys set custom@http://localhost:8000 < key.txt", "a key for one address only"}});
  auto o = sets.options<key_options>();
  sets.parameters()
      .add_option("VENDOR", o->vendor, "Whose key, or VENDOR@ADDRESS")
      .type_name("")
      .required();
  sets.run([o](context& ctx) { return set(ctx, *o); });
  auto removes = c.verb("remove", "Forget a stored key");
  removes.examples({{"ark keys remove openai", "from the key file"},
                    {"ark keys remove custom@http://localhost:8000", "of one address"}});
  auto r = removes.options<key_options>();
  removes.parameters()
      .add_option("VENDOR", r->vendor, "Whose key, or VENDOR@ADDRESS")
      .type_name("")
      .required();
  removes.run([r](context& ctx) { return remove(ctx, *r); });
}

}  // namespace ark::cli
