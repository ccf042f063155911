#include <algorithm>
#include <filesystem>

#include "base/json.hpp"
#include "cli/commands.hpp"
#include "cli/doctor.hpp"
#include "cli/key_store.hpp"
#include "cli/reachable.hpp"
#include "cli/settings.hpp"
#include "client/client_state.hpp"
#include "client/key_file.hpp"
#include "files/suggest.hpp"
#include "wire/url.hpp"

namespace ark::cli {
namespace {

using state = finding::state;

std::string_view to_string(state s) {
  return s == state::good ? "ok" : s == state::warning ? "warning" : "problem";
}

void check_files(context& ctx, const settings& all, findings& out) {
  std::error_code ignored;
  const bool user = !all.user_file.empty() && std::filesystem::exists(all.user_file, ignored);
  const bool project = std::filesystem::exists(all.project_file, ignored);
  std::string read;
  if (user) read = all.user_file;
  if (project) read += (read.empty() ? "" : ", ") + all.project_file;
  out.push_back({state::good, "configuration",
                 read.empty() ? "no files, built-in settings and environment" : "read " + read});
  const auto folder = os::config_directory(ctx.machine);
  if (folder.empty()) {
    out.push_back(
        {state::warning, "home",
         "neither HOME nor XDG_CONFIG_HOME is set: no settings, keys or ledger of yours"});
  }
}

void check_key_file(context& ctx, findings& out) {
  const auto file = ctx.key_file();
  const auto keys = read_keys(file);
  if (keys) {
    out.push_back(
        {state::good, "key file", file + ", mode 0600, " + std::to_string(keys->size()) + " keys"});
  } else if (keys.error().code == errc::not_found) {
    out.push_back({state::good, "key file", "none"});
  } else {
    out.push_back({state::bad, "key file", keys.error().message});
  }
}

void check_vendors(context& ctx, findings& out) {
  const auto keys = list_keys(ctx);
  if (!keys) {
    out.push_back({state::bad, "vendors", keys.error().message});
    return;
  }
  std::string names;
  for (const auto& each : *keys) {
    if (names.find(each.vendor) == std::string::npos) {
      names += (names.empty() ? "" : ", ") + each.vendor;
    }
  }
  if (names.empty()) {
    out.push_back(
        {state::warning, "vendors", "no vendor has a key; store one with: ark keys set VENDOR"});
  } else {
    out.push_back({state::good, "vendors", "keys for " + names});
  }
}

void check_addresses(context& ctx, const settings& all, findings& out) {
  for (const auto& [name, vendor] : all.values.vendors()) {
    if (!vendor.has_base_url()) continue;
    const auto changed = override_for(ctx, all, name);
    if (!changed) {
      out.push_back({state::bad, "vendor " + name, changed.error().message});
    } else if (changed->key.empty()) {
      out.push_back({state::warning, "vendor " + name,
                     vendor.base_url() + " has no key of its own; if it needs one: ark keys set " +
                         stored_name(all, name)});
    } else {
      out.push_back({state::good, "vendor " + name, vendor.base_url() + ", with a key of its own"});
    }
  }
}

void check_ledger(context& ctx, const settings& all, findings& out) {
  if (all.values.ledger().disabled()) {
    out.push_back({state::warning, "ledger", "switched off: what calls cost is not recorded"});
    return;
  }
  const auto opened = ctx.open_ledger(false);
  if (!opened) {
    out.push_back({state::bad, "ledger", opened.error().message});
    return;
  }
  const auto path = expand_home(ctx.machine, all.values.ledger().path());
  const auto some = opened->list({.limit = 1});
  if (!some) {
    out.push_back({state::bad, "ledger", some.error().message});
  } else {
    out.push_back({state::good, "ledger", path + ", can be written"});
  }
}

void check_certificates(context& ctx, const settings& all, findings& out) {
  std::error_code failed;
  const auto file = expand_home(ctx.machine, all.values.ca_file());
  if (!file.empty()) {
    const auto text = os::read_file(file, 16u << 20);
    if (!text || text->find("-----BEGIN ") == std::string::npos) {
      out.push_back({state::bad, "certificates", file + " is not a readable PEM file (ca_file)"});
      return;
    }
  }
  auto folder = expand_home(ctx.machine, all.values.ca_directory());
  const bool own = !folder.empty();
  if (!own) folder = "/etc/ssl/certs";
  const auto first = std::filesystem::directory_iterator(folder, failed);
  if (failed || first == std::filesystem::directory_iterator{}) {
    out.push_back({file.empty() ? state::bad : state::warning, "certificates",
                   folder + " has no authorities; install the package ca-certificates, or name a "
                            "file with ca_file"});
    return;
  }
  out.push_back({state::good, "certificates",
                 folder + (file.empty() ? "" : " and " + file) + "; always verified"});
}

void check_proxy(const settings& all, findings& out) {
  const auto& proxy = all.values.proxy();
  if (proxy.empty()) {
    out.push_back({state::good, "proxy", "none"});
    return;
  }
  const auto parsed = wire::parse_proxy_url(proxy);
  if (!parsed) {
    out.push_back({state::bad, "proxy", parsed.error().message});
  } else {
    out.push_back({state::good, "proxy", without_credentials(proxy)});
  }
}

/// ARK_MODLE would be ignored without a word.
void check_variables(context& ctx, findings& out) {
  std::vector<std::string> known{"ARK_CONFIG"};
  for (const auto& each : setting_names()) {
    if (!each.variable.empty()) known.push_back(each.variable);
  }
  for (const auto& name : ctx.machine.environment_names("ARK_")) {
    const bool of_vendor = name.ends_with("_BASE_URL") || name.ends_with("_KEY");
    if (of_vendor || std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto near = files::nearest(name, known);
    if (near.empty()) continue;
    out.push_back(
        {state::warning, "environment", name + " is not known; did you mean " + near + "?"});
  }
}

void check_network(context& ctx, findings& out) {
  const auto options = ctx.client_options();
  const auto client = ctx.make_catalogue();
  const auto keys = list_keys(ctx);
  if (!options || !client || !keys) return;
  for (const auto& vendor : client->vendors()) {
    const auto changed = options->vendors.find(vendor.name);
    const bool moved = changed != options->vendors.end() && !changed->second.base_url.empty();
    const bool wanted = moved || std::any_of(keys->begin(), keys->end(), [&](const auto& each) {
                          return each.vendor == vendor.name;
                        });
    if (!wanted) continue;
    const auto url = moved ? changed->second.base_url : vendor.base_url;
    const auto answer = reach(url, options->network);
    if (answer) {
      out.push_back({state::good, "network " + vendor.name, url + " answers"});
    } else {
      out.push_back({state::bad, "network " + vendor.name, answer.error().message});
    }
  }
}

void print_lines(context& ctx, const findings& list) {
  std::size_t widest = 17;
  for (const auto& each : list) widest = std::max(widest, each.what.size());
  for (const auto& each : list) {
    std::string line{to_string(each.how)};
    line.resize(9, ' ');
    line += each.what;
    line.resize(9 + widest + 2, ' ');
    line += each.detail;
    // What vendors say may be meant to steer the terminal.
    ctx.out.line(ctx.out.is_terminal() ? printable(line) : line);
  }
}

exit_code print(context& ctx, const findings& list) {
  const bool bad = std::any_of(list.begin(), list.end(),
                               [](const auto& each) { return each.how == state::bad; });
  if (ctx.json()) {
    std::string text;
    json::writer w{text};
    w.begin_object().key("ok").boolean(!bad).key("checks").begin_array();
    for (const auto& each : list) {
      w.begin_object();
      w.key("state").string(to_string(each.how));
      w.key("what").string(each.what);
      w.key("detail").string(each.detail);
      w.end_object();
    }
    w.end_array().end_object();
    ctx.out.line(text);
  } else {
    print_lines(ctx, list);
  }
  return bad ? exit_code::no : exit_code::ok;
}

exit_code check_machine(context& ctx, bool net) {
  findings list;
  const auto all = ctx.configuration();
  if (!all) {
    list.push_back({state::bad, "configuration", all.error().message});
    check_key_file(ctx, list);
    return print(ctx, list);
  }
  check_files(ctx, **all, list);
  check_variables(ctx, list);
  check_key_file(ctx, list);
  check_vendors(ctx, list);
  check_addresses(ctx, **all, list);
  check_ledger(ctx, **all, list);
  check_certificates(ctx, **all, list);
  check_proxy(**all, list);
  if (net) check_network(ctx, list);
  return print(ctx, list);
}

struct doctor_options {
  vendor_check call;
  bool net = false;
  bool offline = false;
};

/// Options that do not go together: "" if all do.
std::string contradiction(const doctor_options& o) {
  const bool calls = o.call.yes || o.call.deep || !o.call.model.empty();
  if (o.call.vendor.empty() && calls)
    return "name a vendor, as in `ark doctor openai --yes`: -m, --yes and --deep are for its calls";
  if (o.offline && (calls || o.net))
    return "--offline sends nothing: leave out -m, --yes, --deep and --net";
  return {};
}

exit_code unknown_vendor(context& ctx, const client& c, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& each : c.vendors()) known.push_back(each.name);
  const auto near = files::nearest(name, known);
  return ctx.wrong_usage(
      "there is no vendor '" + name + "'; " +
      (near.empty() ? "`ark doctor --offline` shows all" : "did you mean '" + near + "'?"));
}

exit_code doctor(context& ctx, const doctor_options& o) {
  if (const auto wrong = contradiction(o); !wrong.empty()) return ctx.wrong_usage(wrong);
  if (o.call.vendor.empty() && !o.offline) return check_machine(ctx, o.net);
  // Where nothing is sent there is nothing to record, and a broken ledger is no matter.
  if (o.offline) ctx.flags.no_ledger = true;
  const auto client = ctx.make_client();
  if (!client) return print(ctx, {{state::bad, "configuration", client.error().message}});
  findings list;
  if (o.call.vendor.empty()) {
    check_all_rows(ctx, *client, list);
    return print(ctx, list);
  }
  const auto* row = client->state()->parts().book->find_vendor(o.call.vendor);
  if (row == nullptr) return unknown_vendor(ctx, *client, o.call.vendor);
  check_row(ctx, *client, *row, list);
  bool whole = true;
  if (!o.offline && check_access(ctx, *client, *row, list))
    whole = check_calls(ctx, *client, *row, o.call, list);
  const auto code = print(ctx, list);
  return whole ? code : exit_code::interrupted;
}

}  // namespace

void define_doctor(command& c) {
  c.examples({{"ark doctor", "settings, keys, ledger, certificates, proxy; no network"},
              {"ark doctor --net", "also whether the vendors with keys can be reached"},
              {"ark doctor openai",
               "its row, key, address, TLS and clock; then two short calls, at "
               "a price that is told and asked for"},
              {"ark doctor groq -m llama-3.1-8b-instant --yes --deep",
               "in a script: this model, also with a tool, without asking"},
              {"ark doctor --offline", "what is known of each vendor; nothing is sent"}});
  auto o = c.options<doctor_options>();
  const auto set = c.parameters();
  set.add_option("VENDOR", o->call.vendor, "Check this vendor").type_name("");
  set.add_option("-m,--model", o->call.model,
                 "With VENDOR: call this model; else the cheapest, else the first of its list")
      .type_name("MODEL");
  set.add_flag("--yes", o->call.yes, "With VENDOR: make the calls without asking; they cost money");
  set.add_flag("--deep", o->call.deep, "With VENDOR: one call more, with a tool");
  set.add_flag("--net", o->net, "Connect to each vendor that has a key; costs nothing");
  set.add_flag("--offline", o->offline, "Check the rows of all vendors, or of VENDOR; no network");
  c.run([o](context& ctx) { return doctor(ctx, *o); });
}

}  // namespace ark::cli
