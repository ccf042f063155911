#pragma once
#include <ark/money.hpp>
#include <ark/result.hpp>
#include <ark/secret.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/context.hpp"
#include "config.pb.h"
#include "os/os.hpp"

namespace ark::cli {

/// Who said it, from the weakest to the strongest.
enum class layer { built_in, user, project, environment, flag };
std::string_view to_string(layer value) noexcept;

struct origin {
  layer from = layer::built_in;
  std::string where;  ///< "/home/u/.config/ark/config.yaml:3", "ARK_MODEL", "--ledger", ""
};

/// All settings, merged, and where each came from.
struct settings {
  schema::Config values;
  std::map<std::string, origin, std::less<>> origins;      ///< by path: "vendors.openai.base_url"
  std::map<std::string, secret, std::less<>> vendor_keys;  ///< ARK_<VENDOR>_KEY, by vendor
  std::string user_file;     ///< read if it is there; "" when there is no home
  std::string project_file;  ///< "ark.yaml"
};

/// Reads user file, project file, environment and flags. errc::config with file, line and field.
result<settings> load_settings(os::system& machine, const global_flags& flags);

/// Checks one file without the other layers, as `ark config check` does.
result<void> check_settings_text(std::string_view text, const std::string& file, bool project);

/// One value as `ark config explain` shows it. `value` is YAML flow text; secrets in a proxy's URL
/// are hidden.
struct setting_line {
  std::string path;
  std::string value;
  origin from;
};
std::vector<setting_line> list_settings(const settings& all);

/// `rates`, as the library takes them. errc::config if one is no number.
result<std::vector<exchange_rate>> rates_of(const settings& all);

/// The paths that can be set on one line ("ledger.path"), with the variable that sets each
/// ("ARK_LEDGER"). Vendors' are "vendors.NAME.base_url".
struct setting_name {
  std::string path;
  std::string variable;
};
std::vector<setting_name> setting_names();

/// Puts `text` at `path` into `out`, checked as if a file said so. The error's message does not
/// name a place.
result<void> put_setting(schema::Config& out, const std::string& path, const std::string& text);
/// `text` as it must be written into a file for `path`: quoted where YAML needs it.
result<std::string> yaml_value(const std::string& path, const std::string& text);

/// "~/x" -> home + "/x"; others as they are.
std::string expand_home(os::system& machine, const std::string& path);
/// "https://user:password@host" -> "https://***@host".
std::string without_credentials(const std::string& url);
/// errc::config unless it is an http or https URL with a host and without user or password.
result<void> check_base_url(const std::string& url);

/// Somebody wants certificates not to be checked ("--insecure", "tls_verify").
bool is_verification_switch(std::string_view word) noexcept;
inline constexpr std::string_view verification_is_fixed =
    "the verification of certificates cannot be turned off; name the authority's file with ca_file";

}  // namespace ark::cli
