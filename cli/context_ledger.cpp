#include "cli/budget_print.hpp"
#include "cli/context.hpp"
#include "cli/settings.hpp"
#include "wire/base64.hpp"

namespace ark::cli {
namespace {

durability durability_of(schema::Durability wanted) {
  if (wanted == schema::DURABILITY_FULL) return durability::full;
  if (wanted == schema::DURABILITY_OFF) return durability::off;
  return durability::normal;
}

}  // namespace

result<ark::ledger> context::open_ledger(bool read_only) {
  if (flags.no_ledger) return ark::ledger{};
  const auto all = configuration();
  if (!all) return all.error();
  const auto& wanted = (*all)->values.ledger();
  if (wanted.disabled()) return ark::ledger{};
  if (wanted.path().empty())
    return error{.code = errc::config,
                 .message =
                     "there is no home folder for the ledger: name its file with --ledger or "
                     "ARK_LEDGER, or use --no-ledger"};
  auto rates = rates_of(**all);
  if (!rates) return rates.error();
  return ark::ledger::open({.path = expand_home(machine, wanted.path()),
                            .durability = durability_of(wanted.durability()),
                            .read_only = read_only,
                            .anchor = expand_home(machine, wanted.anchor()),
                            .rates = std::move(*rates),
                            .on_threshold = [to = alerts_](const budget_alert& alert) {
                              const std::lock_guard lock(to->mutex);
                              to->passed.push_back(alert);
                            }});
}

void context::tell_alerts() {
  std::vector<budget_alert> passed;
  {
    const std::lock_guard lock(alerts_->mutex);
    passed.swap(alerts_->passed);
  }
  for (const budget_alert& alert : passed) warn(alert_text(alert));
}

namespace {

constexpr std::size_t content_key_bytes = 32;

/// A new random key, in a private file of its own.
result<secret> make_content_key(os::system& machine, const std::string& path) {
  std::string key;
  while (key.size() < content_key_bytes) {
    const std::uint64_t random = machine.random_u64();
    key.append(reinterpret_cast<const char*>(&random), sizeof random);
  }
  const auto folder = os::make_private_directory(path.substr(0, path.rfind('/')));
  if (!folder) return folder.error();
  const auto written = os::write_file(path, wire::base64_encode(key) + "\n", 0600);
  if (!written) return written.error();
  return secret(std::move(key));
}

result<secret> content_key(os::system& machine, const std::string& path) {
  constexpr std::size_t longest = 1024;
  auto text = os::read_secret_file(path, longest);
  if (!text && text.error().code == errc::not_found) return make_content_key(machine, path);
  if (!text) return text.error();
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  auto key = wire::base64_decode(*text);
  if (key && key->size() == content_key_bytes) return secret(std::move(*key));
  return error{.code = errc::config,
               .message = path +
                          " does not hold a key: 32 bytes in base64 (openssl rand -base64 "
                          "32)"};
}

}  // namespace

result<content_store> context::open_contents() {
  const auto all = configuration();
  if (!all) return all.error();
  if (!(*all)->values.has_contents()) return content_store{};
  const auto& wanted = (*all)->values.contents();
  content_options options{.directory = expand_home(machine, wanted.directory())};
  if (options.directory.empty()) options.directory = os::state_directory(machine) + "/contents";
  if (wanted.has_keep_days()) options.keep_days = wanted.keep_days();
  if (wanted.form() == schema::CONTENT_FORM_SEALED) {
    options.form = content_form::sealed;
    std::string file = expand_home(machine, wanted.key_file());
    if (file.empty()) file = os::config_directory(machine) + "/contents.key";
    auto key = content_key(machine, file);
    if (!key) return key.error();
    options.key = std::move(*key);
  }
  return content_store::open(std::move(options));
}

}  // namespace ark::cli
