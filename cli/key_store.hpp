#pragma once
#include <ark/client.hpp>
#include <ark/result.hpp>

#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/settings.hpp"

/// Which keys there are and whom they belong to.
namespace ark::cli {

/// The settings of one vendor as the client takes them. With another address, the vendor's own keys
/// do not count: only ARK_<VENDOR>_KEY, the key stored for that address ("custom@http://host"), or
/// the key_command written beside it; and for an address from a project's file, which a stranger
/// may have written, only the stored one.
result<vendor_override> override_for(context& ctx, const settings& all, const std::string& vendor);

/// "custom@http://localhost:8000" for a vendor with an address of its own, else its name.
std::string stored_name(const settings& all, const std::string& vendor);

/// A key that would be found, and where.
struct known_key {
  std::string vendor;
  std::string source;       ///< "environment OPENAI_API_KEY", "file ...", "command ..."
  std::string address;      ///< the origin it is bound to, "" for the vendor's own
  std::string fingerprint;  ///< "" where finding out would run a command
};
/// For all vendors of the catalogue; in order of precedence for each.
result<std::vector<known_key>> list_keys(context& ctx);

/// Tells why a call failed, as context::fail does. Where "auto" finds no model because there is no
/// key at all, the configuration is wrong, as it is for a model that was named.
exit_code fail_call(context& ctx, const error& failure);

}  // namespace ark::cli
