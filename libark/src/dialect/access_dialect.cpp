#include "dialect/access_dialect.hpp"

#include "base/json.hpp"
#include "dialect/error_table.hpp"

#include <algorithm>

namespace ark::dialect {

using std::chrono::system_clock;

error no_temporary_key(int status) {
  return {.code = errc::protocol,
          .retry = retry_class::never,
          .http_status = status,
          .message = "the answer to the question for a temporary key holds none"};
}

result<temporary_key> make_temporary_key(std::string_view text, std::int64_t ends_s, int status) {
  constexpr std::int64_t latest_s = 4'102'444'800;  // the year 2100: the clock reaches it
  const bool is_key = !text.empty() && std::all_of(text.begin(), text.end(),
                                                   [](char c) { return c > 0x20 && c < 0x7f; });
  if (!is_key || ends_s <= 0) return no_temporary_key(status);
  return temporary_key{secret(std::string(text)),
                       system_clock::time_point(std::chrono::seconds(std::min(ends_s, latest_s)))};
}

std::int64_t end_of_life(system_clock::time_point now, std::int64_t life_s) {
  constexpr std::int64_t longest_s = 366 * 24 * 3600;
  if (life_s <= 0) return 0;
  const auto since_1970 = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  return since_1970.count() + std::min(life_s, longest_s);
}

error key_error(const answer& a, std::string_view code, std::string_view message,
                std::optional<errc> meaning) {
  error e{.http_status = a.head.status};
  e.vendor_code = code;
  e.vendor_message = message;
  error_meaning known = meaning_of_status(a.head.status);
  if (meaning) known = {.code = *meaning, .retry = retry_class::never};
  set_meaning(e, known);
  read_retry_headers(a.head.headers, e);
  return e;
}

result<std::string> change_member(json::element object, std::string_view name,
                                  const member_change& change) {
  simdjson::dom::object members;
  std::string out;
  json::writer w(out);
  bool found = false;
  if (object.get(members) == simdjson::SUCCESS) {
    w.begin_object();
    for (const auto [key, value] : members) {
      w.key(key);
      if (key != name) {
        w.raw(simdjson::minify(value));
        continue;
      }
      found = true;
      const auto changed = change(value);
      if (!changed) return changed.error();
      w.raw(*changed);
    }
    w.end_object();
  }
  if (found) return out;
  return error{.code = errc::protocol,
               .retry = retry_class::never,
               .message = "there is no member \"" + std::string(name) + "\" to seal or open"};
}

}  // namespace ark::dialect
