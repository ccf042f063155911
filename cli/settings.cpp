#include "cli/settings.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "base/limits.hpp"
#include "cli/key_command.hpp"
#include "cli/mistake.hpp"
#include "cli/settings_tree.hpp"
#include "files/yaml.hpp"
#include "wire/url.hpp"

namespace ark::cli {
namespace {

std::string where(const std::string& file, const files::field_lines& lines,
                  const std::string& path) {
  const auto it = lines.find(path);
  return it == lines.end() ? file : file + ":" + std::to_string(it->second);
}

/// What a file in a folder that somebody else may have made must not decide: it could send keys
/// elsewhere, or run programs.
bool is_for_the_user_only(std::string_view path) {
  constexpr std::string_view whole[] = {"proxy",        "no_proxy",           "ca_file",
                                        "ca_directory", "vendor_directories", "ledger.anchor"};
  return std::find(std::begin(whole), std::end(whole), path) != std::end(whole) ||
         path.starts_with("response_cache.") || path.starts_with("telemetry.") ||
         path.starts_with("contents.") || path.ends_with(".key_command") ||
         path.ends_with(".allow_private_networks") || path.ends_with(".places") ||
         path.find(".encryption.") != std::string_view::npos;
}

result<void> check_place(const schema::PlaceConfig& place) {
  if (place.weight() < 0 || place.weight() > 1000)
    return config_mistake("write a weight from 1 to 1000");
  if (!place.key_command().empty())
    if (const auto words = command_words(place.key_command()); !words) return words.error();
  if (!place.base_url().empty()) return check_base_url(place.base_url());
  return {};
}

/// What the schema cannot say.
result<void> check_values(const schema::Config& values, const std::string& file,
                          const files::field_lines& lines, bool project) {
  std::string problems;
  const auto add = [&](const std::string& path, std::string_view message) {
    if (!problems.empty()) problems += '\n';
    problems += where(file, lines, path) + ": " + path + ": " + std::string{message};
  };
  for (const auto& leaf : leaves_of(values)) {
    if (project && is_for_the_user_only(leaf.path)) {
      add(leaf.path, "a project's file may not set this; set it in your own file");
    }
    if ((leaf.path.ends_with("_ms") || leaf.path.ends_with("_s")) && leaf.value.starts_with('-')) {
      add(leaf.path, "a time cannot be negative");
    }
  }
  for (const auto& [name, vendor] : values.vendors()) {
    if (vendor.has_key_command()) {
      const auto words = command_words(vendor.key_command());
      if (!words) add("vendors." + name + ".key_command", words.error().message);
    }
    for (const auto& each : vendor.limits())
      if (each.requests_per_minute() < 0 || each.tokens_per_minute() < 0)
        add("vendors." + name + ".limits", "a limit cannot be negative");
    for (const auto& each : vendor.places())
      if (const auto ok = check_place(each); !ok)
        add("vendors." + name + ".places", ok.error().message);
    if (!vendor.has_base_url()) continue;
    if (const auto ok = check_base_url(vendor.base_url()); !ok) {
      add("vendors." + name + ".base_url", ok.error().message);
    }
  }
  constexpr std::int64_t least_cache_bytes = 1 << 20;
  if (values.response_cache().has_max_bytes() &&
      values.response_cache().max_bytes() < least_cache_bytes) {
    add("response_cache.max_bytes", "write 1048576 (a mebibyte) or more");
  }
  if (values.max_attempts() < 0 || values.max_attempts() > 20) {
    add("max_attempts", "write a number from 1 to 20");
  }
  if (problems.empty()) return {};
  return config_mistake(std::move(problems));
}

result<void> read_checked(std::string_view text, const std::string& file, bool project,
                          schema::Config& out, files::field_lines& lines) {
  if (auto ok = files::read_yaml(text, file, out, &lines); !ok) {
    auto failure = ok.error();
    if (is_verification_switch(failure.message)) {
      failure.message += "\n" + file + ": " + std::string{verification_is_fixed};
    }
    return failure;
  }
  return check_values(out, file, lines, project);
}

/// A key belongs to the address that was written beside it: where a project's file changes the
/// address, the user's command for the key is not asked.
void drop_keys_of_moved_vendors(const schema::Config& project, schema::Config& values) {
  for (const auto& [name, vendor] : project.vendors()) {
    const auto it = values.mutable_vendors()->find(name);
    if (vendor.has_base_url() && it != values.mutable_vendors()->end()) {
      it->second.clear_key_command();
      it->second.clear_allow_private_networks();
    }
  }
}

result<void> add_file(settings& all, const std::string& file, layer from, bool must_exist) {
  if (file.empty()) return {};
  auto text = os::read_file(file, limits::config_file_bytes);
  if (!text && text.error().code == errc::not_found && !must_exist) return {};
  if (!text) {
    auto failure = text.error();
    failure.code = errc::config;
    return failure;
  }
  schema::Config values;
  files::field_lines lines;
  const bool project = from == layer::project;
  if (auto ok = read_checked(*text, file, project, values, lines); !ok) return ok.error();
  if (project) drop_keys_of_moved_vendors(values, all.values);
  for (const auto& leaf : leaves_of(values)) {
    all.origins[leaf.path] = {from, where(file, lines, leaf.path)};
  }
  overlay(all.values, values);
  return {};
}

result<void> add_one(settings& all, const std::string& path, const std::string& text, origin from) {
  schema::Config one;
  if (auto ok = put_setting(one, path, text); !ok) {
    return config_mistake(from.where + ": " + ok.error().message);
  }
  overlay(all.values, one);
  all.origins[path] = std::move(from);
  return {};
}

/// "ARK_VOLCENGINE_ARK_BASE_URL" -> "volcengine-ark".
std::string vendor_of(std::string_view variable, std::string_view ending) {
  auto name = std::string{variable.substr(4, variable.size() - 4 - ending.size())};
  for (char& c : name) {
    if (c == '_') c = '-';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

result<void> add_vendor_variables(settings& all, os::system& machine) {
  constexpr std::string_view url = "_BASE_URL";
  constexpr std::string_view key = "_KEY";
  for (const auto& variable : machine.environment_names("ARK_")) {
    const auto text = machine.environment(variable).value_or("");
    if (text.empty()) continue;
    if (variable.size() > 4 + url.size() && variable.ends_with(url)) {
      const auto path = "vendors." + vendor_of(variable, url) + ".base_url";
      if (auto ok = check_base_url(text); !ok)
        return config_mistake(variable + ": " + ok.error().message);
      if (auto ok = add_one(all, path, text, {layer::environment, variable}); !ok)
        return ok.error();
    } else if (variable.size() > 4 + key.size() && variable.ends_with(key)) {
      all.vendor_keys[vendor_of(variable, key)] = secret{text};
    }
  }
  return {};
}

result<void> add_environment(settings& all, os::system& machine) {
  // Other programs' names first, so that ark's own win. HTTP_PROXY in capitals is not read: where a
  // web server runs us, its clients can set it.
  constexpr std::pair<const char*, const char*> shared[] = {
      {"http_proxy", "proxy"},         {"HTTPS_PROXY", "proxy"}, {"https_proxy", "proxy"},
      {"NO_PROXY", "no_proxy"},        {"no_proxy", "no_proxy"}, {"SSL_CERT_FILE", "ca_file"},
      {"SSL_CERT_DIR", "ca_directory"}};
  for (const auto& [variable, path] : shared) {
    const auto text = machine.environment(variable);
    if (!text || text->empty()) continue;
    if (auto ok = add_one(all, path, *text, {layer::environment, variable}); !ok) return ok.error();
  }
  for (const auto& each : setting_names()) {
    if (each.variable.empty()) continue;
    const auto text = machine.environment(each.variable);
    if (!text || text->empty()) continue;
    if (auto ok = add_one(all, each.path, *text, {layer::environment, each.variable}); !ok) {
      return ok.error();
    }
  }
  return add_vendor_variables(all, machine);
}

void add_built_in(settings& all, os::system& machine) {
  all.values.set_model("auto");
  all.values.mutable_ledger()->set_durability(schema::DURABILITY_NORMAL);
  if (const auto folder = os::state_directory(machine); !folder.empty()) {
    all.values.mutable_ledger()->set_path(folder + "/ledger.sqlite");
  }
  if (const auto folder = os::cache_directory(machine); !folder.empty()) {
    all.values.mutable_response_cache()->set_path(folder + "/replies.sqlite");
  }
  for (const auto& leaf : leaves_of(all.values)) all.origins[leaf.path] = {};
}

}  // namespace

std::string_view to_string(layer value) noexcept {
  switch (value) {
    case layer::built_in:
      return "built-in";
    case layer::user:
      return "user file";
    case layer::project:
      return "project file";
    case layer::environment:
      return "environment";
    case layer::flag:
      return "flag";
  }
  return "";
}

result<settings> load_settings(os::system& machine, const global_flags& flags) {
  settings all;
  add_built_in(all, machine);
  all.project_file = "ark.yaml";
  const auto named = machine.environment("ARK_CONFIG").value_or("");
  const auto folder = os::config_directory(machine);
  const bool explicit_file = !flags.config_file.empty() || !named.empty();
  all.user_file = !flags.config_file.empty() ? flags.config_file
                  : !named.empty()           ? named
                  : folder.empty()           ? ""
                                             : folder + "/config.yaml";
  if (auto ok = add_file(all, all.user_file, layer::user, explicit_file); !ok) return ok.error();
  if (auto ok = add_file(all, all.project_file, layer::project, false); !ok) return ok.error();
  if (auto ok = add_environment(all, machine); !ok) return ok.error();
  if (!flags.ledger_file.empty()) {
    all.values.mutable_ledger()->set_path(flags.ledger_file);
    all.origins["ledger.path"] = {layer::flag, "--ledger"};
  }
  if (flags.no_ledger) {
    all.values.mutable_ledger()->set_disabled(true);
    all.origins["ledger.disabled"] = {layer::flag, "--no-ledger"};
  }
  return all;
}

result<void> check_settings_text(std::string_view text, const std::string& file, bool project) {
  schema::Config values;
  files::field_lines lines;
  return read_checked(text, file, project, values, lines);
}

namespace {

std::string shown(const leaf& each) {
  if (each.path == "proxy") return without_credentials(each.value);
  return each.path == "telemetry.headers" ? "***" : each.value;
}

}  // namespace

std::vector<setting_line> list_settings(const settings& all) {
  std::vector<setting_line> out;
  for (const auto& leaf : leaves_of(all.values)) {
    const auto it = all.origins.find(leaf.path);
    out.push_back({leaf.path, shown(leaf), it == all.origins.end() ? origin{} : it->second});
  }
  return out;
}

std::string expand_home(os::system& machine, const std::string& path) {
  if (!path.starts_with("~/")) return path;
  return machine.environment("HOME").value_or("~") + path.substr(1);
}

std::string without_credentials(const std::string& url) {
  const auto scheme = url.find("://");
  const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
  const auto end = url.find('/', begin);
  const auto at = url.substr(0, end).rfind('@');
  if (at == std::string::npos || at < begin) return url;
  return url.substr(0, begin) + "***" + url.substr(at);
}

result<void> check_base_url(const std::string& url) {
  const auto parsed = wire::parse_base_url(url);
  if (!parsed) return parsed.error();
  return {};
}

bool is_verification_switch(std::string_view word) noexcept {
  constexpr std::string_view names[] = {
      "insecure",  "tls_verify",           "verify_tls",  "ssl_verify",         "verify_ssl",
      "no-verify", "no-check-certificate", "skip_verify", "verify_certificates"};
  return word == "-k" || std::any_of(std::begin(names), std::end(names), [&](auto name) {
           return word.find(name) != std::string_view::npos;
         });
}

}  // namespace ark::cli
