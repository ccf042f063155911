#include "cli/key_store.hpp"

#include "cli/key_command.hpp"
#include "client/key_file.hpp"
#include "client/key_variables.hpp"
#include "wire/url.hpp"

namespace ark::cli {
namespace {

const schema::VendorConfig* settings_of(const settings& all, const std::string& vendor) {
  const auto it = all.values.vendors().find(vendor);
  return it == all.values.vendors().end() ? nullptr : &it->second;
}

layer layer_of_address(const settings& all, const std::string& vendor) {
  const auto it = all.origins.find("vendors." + vendor + ".base_url");
  return it == all.origins.end() ? layer::built_in : it->second.from;
}

std::string origin_of(const std::string& url) {
  const auto parsed = wire::parse_base_url(url);
  return parsed ? parsed->origin.to_string() : url;
}

result<std::optional<secret>> from_file(context& ctx, const std::string& name) {
  return keys_from_file(ctx.key_file())(name, "");
}

result<std::optional<secret>> from_command(const schema::VendorConfig& vendor,
                                           const std::string& name) {
  const auto source = key_from_command(vendor.key_command(), name);
  return source ? (*source)(name, "") : source.error();
}

/// "ARK_VOLCENGINE_ARK_KEY".
std::string variable_of(const std::string& vendor) {
  std::string out = "ARK_" + vendor + "_KEY";
  for (char& c : out) {
    c = c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

void add_stored(context& ctx, const std::vector<key_entry>& stored, std::vector<known_key>& out) {
  for (const auto& each : stored) {
    const auto at = each.name.find('@');
    out.push_back({each.name.substr(0, at), "file " + ctx.key_file(),
                   at == std::string::npos ? "" : each.name.substr(at + 1), fingerprint(each.key)});
  }
}

result<void> add_encryption(context& ctx, const schema::EncryptionConfig& from,
                            content_encryption& to) {
  constexpr std::size_t longest = 1u << 20;
  const auto read = [&](const std::string& file, std::string& text) -> result<void> {
    if (file.empty()) return {};
    auto found = os::read_file(expand_home(ctx.machine, file), longest);
    if (!found) return found.error();
    text = std::move(*found);
    return {};
  };
  to.host = from.host();
  if (auto ok = read(from.certificate_file(), to.certificate); !ok) return ok;
  return read(from.authorities_file(), to.authorities);
}

/// A place's own key is its command's, or the one stored for the vendor and that address; else it
/// is the vendor's, where the address is.
result<void> add_places(context& ctx, const schema::VendorConfig& from, const std::string& vendor,
                        vendor_override& to) {
  for (const auto& each : from.places()) {
    vendor_place made{.base_url = each.base_url(), .key = {}, .weight = std::max(each.weight(), 1)};
    result<std::optional<secret>> key = std::optional<secret>{};
    if (!made.base_url.empty()) key = from_file(ctx, vendor + "@" + origin_of(made.base_url));
    if (key && !*key && !each.key_command().empty()) {
      const auto source = key_from_command(each.key_command(), vendor);
      if (!source) return source.error();
      key = (*source)(vendor, "");
    }
    if (!key) return key.error();
    if (*key) made.key = std::move(**key);
    to.places.push_back(std::move(made));
  }
  for (const auto& each : from.limits())
    to.limits.push_back({.model = each.model(),
                         .requests_per_minute = each.requests_per_minute(),
                         .tokens_per_minute = each.tokens_per_minute()});
  return {};
}

}  // namespace

result<vendor_override> override_for(context& ctx, const settings& all, const std::string& vendor) {
  vendor_override out;
  const auto* config = settings_of(all, vendor);
  if (config == nullptr) return out;
  out.project = config->project();
  if (auto ok = add_encryption(ctx, config->encryption(), out.encryption); !ok) return ok.error();
  if (auto ok = add_places(ctx, *config, vendor, out); !ok) return ok.error();
  out.base_url = config->base_url();
  out.allow_private_networks = config->allow_private_networks();
  if (!config->has_base_url()) return out;
  const bool from_project = layer_of_address(all, vendor) == layer::project;
  const auto own = all.vendor_keys.find(vendor);
  if (!from_project && own != all.vendor_keys.end()) {
    out.key = own->second;
    return out;
  }
  auto stored = from_file(ctx, stored_name(all, vendor));
  if (!stored) return stored.error();
  if (!*stored && config->has_key_command()) stored = from_command(*config, vendor);
  if (!stored) return stored.error();
  if (*stored) out.key = std::move(**stored);
  return out;
}

std::string stored_name(const settings& all, const std::string& vendor) {
  const auto* config = settings_of(all, vendor);
  if (config == nullptr || !config->has_base_url()) return vendor;
  return vendor + "@" + origin_of(config->base_url());
}

result<std::vector<known_key>> list_keys(context& ctx) {
  const auto loaded = ctx.configuration();
  if (!loaded) return loaded.error();
  const settings& all = **loaded;
  const auto client = ctx.make_catalogue();
  if (!client) return client.error();
  std::vector<known_key> out;
  for (const auto& vendor : client->vendors()) {
    if (const auto it = all.vendor_keys.find(vendor.name); it != all.vendor_keys.end()) {
      const auto* config = settings_of(all, vendor.name);
      const auto address =
          config != nullptr && config->has_base_url() ? origin_of(config->base_url()) : "";
      out.push_back({vendor.name, "environment " + variable_of(vendor.name), address,
                     fingerprint(it->second)});
    }
    const auto text = key_in_variables(vendor.key_variable, [&ctx](std::string_view name) {
      return ctx.machine.environment(name);
    });
    if (text)
      out.push_back({vendor.name, "environment " + key_variables_text(vendor.key_variable), "",
                     fingerprint(secret{*text})});
  }
  auto stored = read_keys(ctx.key_file());
  if (!stored && stored.error().code != errc::not_found) return stored.error();
  if (stored) add_stored(ctx, *stored, out);
  for (const auto& [name, config] : all.values.vendors()) {
    if (!config.has_key_command()) continue;
    out.push_back({name, "command " + config.key_command(),
                   config.has_base_url() ? origin_of(config.base_url()) : "", ""});
  }
  return out;
}

exit_code fail_call(context& ctx, const error& failure) {
  const auto code = ctx.fail(failure);
  if (failure.code != errc::no_candidate) return code;
  const auto keys = list_keys(ctx);
  return keys && keys->empty() ? exit_code::usage : code;
}

}  // namespace ark::cli
