#include <algorithm>

#include "cli/context.hpp"
#include "cli/key_command.hpp"
#include "cli/key_store.hpp"
#include "cli/mistake.hpp"
#include "cli/prices_book.hpp"
#include "cli/settings.hpp"
#include "cli/telemetry_setup.hpp"
#include "client/key_variables.hpp"

/// From settings to a client.
namespace ark::cli {
namespace {

/// The commands of vendors that keep their own address.
result<key_source> commands_of(const settings& all) {
  auto sources = std::make_shared<std::map<std::string, key_source, std::less<>>>();
  for (const auto& [name, vendor] : all.values.vendors()) {
    if (vendor.has_key_command() && !vendor.has_base_url()) {
      auto source = key_from_command(vendor.key_command(), name);
      if (!source) return source.error();
      (*sources)[name] = std::move(*source);
    }
  }
  return key_source{[sources](std::string_view vendor,
                              std::string_view variable) -> result<std::optional<secret>> {
    const auto it = sources->find(vendor);
    if (it == sources->end()) return std::optional<secret>{};
    return it->second(vendor, variable);
  }};
}

key_source environment_of(os::system& machine, const settings& all) {
  return [&machine, own = all.vendor_keys](
             std::string_view vendor, std::string_view variable) -> result<std::optional<secret>> {
    if (const auto it = own.find(vendor); it != own.end()) return std::optional<secret>{it->second};
    auto text = key_in_variables(
        variable, [&machine](std::string_view name) { return machine.environment(name); });
    if (!text || text->empty()) return std::optional<secret>{};
    return std::optional<secret>{secret{std::move(*text)}};
  };
}

std::vector<std::string> expanded(os::system& machine,
                                  const google::protobuf::RepeatedPtrField<std::string>& paths) {
  std::vector<std::string> out;
  for (const auto& each : paths) out.push_back(expand_home(machine, each));
  return out;
}

/// A proxy that the whole machine is told of is not for what runs on it: the simulator, local
/// models. One that was set for ark is used for everything.
bool is_the_machines(const settings& all) {
  const auto it = all.origins.find("proxy");
  return it != all.origins.end() && it->second.from == layer::environment &&
         it->second.where != "ARK_PROXY";
}

void add_network(os::system& machine, const settings& all, network_options& out) {
  const auto& c = all.values;
  out.proxy = c.proxy();
  out.no_proxy = c.no_proxy();
  if (is_the_machines(all)) out.no_proxy += ",localhost,127.0.0.1,::1";
  out.ca_file = expand_home(machine, c.ca_file());
  out.ca_directory = expand_home(machine, c.ca_directory());
  out.max_connections_per_origin = c.max_connections_per_origin();
}

/// Limits that are written down hold for all processes of this user on this machine.
result<void> share_rates(os::system& machine, rate_options& out) {
  const auto folder = os::state_directory(machine);
  if (folder.empty()) return {};
  if (auto ok = os::make_private_directory(folder); !ok) return ok;
  out.file = folder + "/rates";
  return {};
}

}  // namespace

result<std::vector<exchange_rate>> rates_of(const settings& all) {
  std::vector<exchange_rate> out;
  for (const auto& each : all.values.rates()) {
    auto rate = amount::parse(each.rate());
    if (!rate)
      return config_mistake("rates: " + each.from() + " to " + each.to() + ": " +
                            rate.error().message);
    out.push_back({each.from(), each.to(), *rate, each.date()});
  }
  return out;
}

std::string context::key_file() {
  const auto folder = os::config_directory(machine);
  return folder.empty() ? "" : folder + "/keys";
}

result<ark::client_options> context::client_options() {
  const auto loaded = configuration();
  if (!loaded) return loaded.error();
  const settings& all = **loaded;
  auto commands = commands_of(all);
  if (!commands) return commands.error();
  ark::client_options options;
  options.keys =
      first_of({environment_of(machine, all), keys_from_file(key_file()), std::move(*commands)});
  for (const auto& [name, vendor] : all.values.vendors()) {
    auto changed = override_for(*this, all, name);
    if (!changed) return changed.error();
    if (!changed->limits.empty() && options.rate_limits.file.empty())
      if (auto ok = share_rates(machine, options.rate_limits); !ok) return ok.error();
    options.vendors[name] = std::move(*changed);
  }
  options.vendor_directories = expanded(machine, all.values.vendor_directories());
  options.model_directories = model_directories(machine, all);
  add_network(machine, all, options.network);
  auto telemetry = telemetry_settings(*this);
  if (!telemetry) return telemetry.error();
  options.telemetry = std::move(*telemetry);
  options.auto_models = {all.values.auto_models().begin(), all.values.auto_models().end()};
  if (all.values.has_auto_currency()) options.auto_currency = all.values.auto_currency();
  auto kept = open_contents();
  if (!kept) return kept.error();
  options.contents = std::move(*kept);
  if (auto answers = response_cache_options())
    options.response_cache = ark::response_cache(*answers);
  if (all.values.response_cache().enabled()) options.reuse.cache = reuse_mode::on;
  if (all.values.single_flight()) options.reuse.single_flight = true;
  auto rates = rates_of(all);
  if (!rates) return rates.error();
  options.rates = std::move(*rates);
  auto opened = open_ledger(false);
  if (!opened) return opened.error();
  options.ledger = std::move(*opened);
  return options;
}

result<ark::response_cache_options> context::response_cache_options() {
  const auto loaded = configuration();
  if (!loaded) return loaded.error();
  const auto& wanted = (*loaded)->values.response_cache();
  if (wanted.path().empty())
    return config_mistake(
        "there is no home folder for the response cache: name its file with response_cache.path");
  ark::response_cache_options out{.path = expand_home(machine, wanted.path())};
  if (wanted.has_max_bytes()) out.max_bytes = wanted.max_bytes();
  out.time_to_live = std::chrono::seconds(wanted.time_to_live_s());
  return out;
}

result<ark::client> context::make_client() {
  auto wanted = client_options();
  if (!wanted) return wanted.error();
  return ark::make_client(std::move(*wanted));
}

result<ark::client> context::make_catalogue() {
  const auto loaded = configuration();
  if (!loaded) return loaded.error();
  ark::client_options options;
  options.vendor_directories = expanded(machine, (*loaded)->values.vendor_directories());
  options.model_directories = model_directories(machine, **loaded);
  return ark::make_client(std::move(options));
}

}  // namespace ark::cli
