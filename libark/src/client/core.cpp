#include "client/core.hpp"

#include "base/text.hpp"
#include "client/access.hpp"
#include "client/key_variables.hpp"
#include "client/ways.hpp"
#include "wire/address.hpp"
#include "wire/url.hpp"

namespace ark {
namespace {

const vendor_override* override_of(const client_options& options, const vendor& v) {
  const auto it = options.vendors.find(v.name);
  return it == options.vendors.end() ? nullptr : &it->second;
}

/// Of the first place, if there are several.
std::string first_url(const vendor_override* changed) {
  if (!changed) return {};
  if (!changed->places.empty() && !changed->places.front().base_url.empty())
    return changed->places.front().base_url;
  return changed->base_url;
}

const secret& first_key(const vendor_override* changed) {
  static const secret none;
  if (!changed) return none;
  return changed->places.empty() ? changed->key : changed->places.front().key;
}

error missing_key(const vendor& v, const vendor_endpoint& where) {
  error e{.code = errc::auth, .retry = retry_class::never};
  if (where.own_origin) {
    e.message = "there is no key for " + v.name + ": run `ark keys set " + v.name + "`";
    if (!v.key_variable.empty()) e.message += " or set " + key_variables_text(v.key_variable);
  } else {
    e.message = "the keys of " + v.name + " are bound to " + v.base_url + "; " +
                where.origin.to_string() +
                " needs a key of its own, given together with that base URL";
  }
  return e;
}

}  // namespace

result<vendor_endpoint> core::endpoint_of(const vendor& v) const {
  const std::lock_guard lock(endpoints_mutex);
  if (const auto known = endpoints.find(v.name); known != endpoints.end()) return known->second;
  auto made = make_endpoint(v);
  if (made) endpoints.emplace(v.name, *made);
  return made;
}

result<vendor_endpoint> core::make_endpoint(const vendor& v) const {
  return make_endpoint(v, first_url(override_of(options, v)));
}

result<vendor_endpoint> core::make_endpoint(const vendor& v, const std::string& base_url) const {
  const vendor_override* changed = override_of(options, v);
  const bool overridden = !base_url.empty();
  const std::string& url = overridden ? base_url : v.base_url;
  if (url.empty())
    return error{.code = errc::config,
                 .message = "vendor " + v.name + " has no base URL: set vendors." + v.name +
                            ".base_url in the configuration"};
  auto parsed = wire::parse_base_url(url);
  if (!parsed) return parsed.error();
  vendor_endpoint out{.origin = parsed->origin, .path_prefix = parsed->path};
  out.allow_private = v.private_network || (changed && changed->allow_private_networks);
  if (overridden) {
    const auto own = v.base_url.empty() ? parsed : wire::parse_base_url(v.base_url);
    out.own_origin = own && own->origin == out.origin;
    // A loopback address written by the user is his own machine; no name can be rebound to it. In
    // a disguise ("2130706433") it is none that a person writes.
    const bool own_machine = wire::classify_host(out.origin.host) == wire::address_kind::loopback &&
                             text::lower(url).find(out.origin.host) != std::string::npos;
    out.allow_private = out.allow_private || own_machine;
  }
  return out;
}

result<secret> core::key_for(const vendor& v, const vendor_endpoint& where) const {
  auto all = keys_for(v, where, first_key(override_of(options, v)));
  if (!all || all->reveal_secret().find(',') == std::string_view::npos) return all;
  return std::move(split_keys(*all).front());
}

result<std::vector<vendor_way>> core::ways_to(const vendor& v, const vendor_endpoint& first) const {
  std::vector<vendor_way> out;
  const vendor_override* changed = override_of(options, v);
  const auto add = [&](const vendor_endpoint& where, const secret& own,
                       int weight) -> result<void> {
    auto keys = keys_for(v, where, own);
    if (!keys) return keys.error();
    for (secret& each : split_keys(*keys)) out.push_back({where, std::move(each), weight});
    return {};
  };
  if (!changed || changed->places.empty()) {
    if (auto ok = add(first, first_key(changed), 1); !ok) return ok.error();
    return out;
  }
  for (const vendor_place& each : changed->places) {
    auto where = make_endpoint(v, each.base_url.empty() ? changed->base_url : each.base_url);
    if (!where) return where.error();
    if (auto ok = add(*where, each.key, each.weight); !ok) return ok.error();
  }
  return out;
}

result<secret> core::keys_for(const vendor& v, const vendor_endpoint& where,
                              const secret& own) const {
  if (v.auth == auth_kind::none) return secret{};
  if (!own.empty()) return own;
  if (where.own_origin && options.keys) {
    auto key = options.keys(v.name, v.key_variable);
    if (!key) {
      error e = key.error();
      e.code = errc::auth;
      return e;
    }
    if (*key && !(*key)->empty()) return std::move(**key);
  }
  if (v.key_optional) return secret{};
  return missing_key(v, where);
}

bool core::has_key(const vendor& v) const {
  const auto where = endpoint_of(v);
  if (!where) return false;
  const auto key = key_for(v, *where);
  // A vendor that needs no key is usable only when the user named it: it may not be running.
  const vendor_override* changed = override_of(options, v);
  if (key && key->empty()) return changed != nullptr;
  // Some temporary keys of models belong to a project, which may not be set.
  if (key && is_exchanged(v, *key)) return can_exchange(*this, v, *key);
  return key.has_value();
}

}  // namespace ark
