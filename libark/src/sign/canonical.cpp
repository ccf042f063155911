#include "sign/canonical.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <chrono>

namespace ark::sign {
namespace {

struct calendar {
  std::chrono::year_month_day day;
  std::chrono::hh_mm_ss<std::chrono::seconds> clock;
  unsigned weekday = 0;  ///< 0: Sunday

  int year() const { return static_cast<int>(day.year()); }
  unsigned month() const { return static_cast<unsigned>(day.month()); }
  unsigned day_of_month() const { return static_cast<unsigned>(day.day()); }
};

calendar calendar_of(wire::wall_time at) {
  const auto second = std::chrono::floor<std::chrono::seconds>(at);
  const auto day = std::chrono::floor<std::chrono::days>(second);
  return {std::chrono::year_month_day{day}, std::chrono::hh_mm_ss{second - day},
          std::chrono::weekday{day}.c_encoding()};
}

bool is_unreserved(char c) {
  return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string encode_but(std::string_view text, std::string_view kept) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

}  // namespace

std::string compact_time(wire::wall_time at) {
  const calendar c = calendar_of(at);
  return fmt::format("{}T{:02}{:02}{:02}Z", compact_date(at), c.clock.hours().count(),
                     c.clock.minutes().count(), c.clock.seconds().count());
}

std::string compact_date(wire::wall_time at) {
  const calendar c = calendar_of(at);
  return fmt::format("{:04}{:02}{:02}", c.year(), c.month(), c.day_of_month());
}

std::string dashed_date(wire::wall_time at) {
  const calendar c = calendar_of(at);
  return fmt::format("{:04}-{:02}-{:02}", c.year(), c.month(), c.day_of_month());
}

std::string rfc3339_time(wire::wall_time at) {
  const calendar c = calendar_of(at);
  return fmt::format("{}T{:02}:{:02}:{:02}Z", dashed_date(at), c.clock.hours().count(),
                     c.clock.minutes().count(), c.clock.seconds().count());
}

std::string http_date(wire::wall_time at) {
  static constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed",
                                                           "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> months = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const calendar c = calendar_of(at);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[c.weekday], c.day_of_month(),
                     months[c.month() - 1], c.year(), c.clock.hours().count(),
                     c.clock.minutes().count(), c.clock.seconds().count());
}

std::int64_t unix_seconds(wire::wall_time at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

std::string encode(std::string_view text) { return encode_but(text, ""); }
std::string encode_path(std::string_view path) { return encode_but(path, "/"); }

result<std::string> decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 1 < text.size() ? text::hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? text::hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return error{.code = errc::invalid_request,
                   .message =
                       "the request cannot be signed: its target has a \"%\" that is not "
                       "followed by two hexadecimal digits"};
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string_view path_of(const wire::http_request& request) {
  const std::string_view target = request.target;
  const auto path = target.substr(0, target.find('?'));
  return path.empty() ? "/" : path;
}

std::string_view query_of(const wire::http_request& request) {
  const auto mark = request.target.find('?');
  return mark == std::string::npos ? std::string_view{}
                                   : std::string_view(request.target).substr(mark + 1);
}

std::string normalise_path(std::string_view path) {
  std::vector<std::string_view> kept;
  bool is_folder = false;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto segment = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    const bool is_dots = segment == "." || segment == "..";
    is_folder = slash != std::string_view::npos || is_dots;
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!segment.empty() && !is_dots) kept.push_back(segment);
  }
  std::string out;
  for (const auto segment : kept) out.append("/").append(segment);
  if (out.empty() || is_folder) out += '/';
  return out;
}

result<std::vector<parameter>> parameters_of(std::string_view query) {
  std::vector<parameter> out;
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = decode(pair.substr(0, equals));
    if (!name) return name.error();
    auto value =
        decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1));
    if (!value) return value.error();
    out.emplace_back(std::move(*name), std::move(*value));
  }
  return out;
}

std::string canonical_query(const std::vector<parameter>& decoded) {
  std::vector<parameter> encoded;
  encoded.reserve(decoded.size());
  for (const auto& [name, value] : decoded) encoded.emplace_back(encode(name), encode(value));
  std::sort(encoded.begin(), encoded.end());
  std::string out;
  for (const auto& [name, value] : encoded) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

std::string host_of(const signable& what) {
  if (wire::has_header(what.request.headers, "Host"))
    return std::string(wire::find_header(what.request.headers, "Host"));
  const std::string origin = what.origin.to_string();
  return origin.substr(origin.find("://") + 3);
}

std::string collapse(std::string_view value) {
  std::string out;
  bool is_gap = false;
  for (const char c : value) {
    const bool is_space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!is_space && is_gap && !out.empty()) out += ' ';
    if (!is_space) out += c;
    is_gap = is_space;
  }
  return out;
}

void signed_headers::add(std::string_view name, std::string_view value) {
  const auto [at, is_new] = values_.try_emplace(text::lower(name), collapse(value));
  if (!is_new) at->second += "," + collapse(value);
}

std::string signed_headers::lines() const {
  std::string out;
  for (const auto& [name, value] : values_) out.append(name).append(":").append(value).append("\n");
  return out;
}

std::string signed_headers::names() const {
  std::string out;
  for (const auto& entry : values_) {
    if (!out.empty()) out += ';';
    out += entry.first;
  }
  return out;
}

bool is_changed_on_the_way(std::string_view name) {
  static constexpr std::array<std::string_view, 13> names = {"authorization",
                                                             "connection",
                                                             "expect",
                                                             "keep-alive",
                                                             "proxy-authenticate",
                                                             "te",
                                                             "transfer-encoding",
                                                             "trailer",
                                                             "user-agent",
                                                             "proxy-authorization",
                                                             "upgrade",
                                                             "x-amzn-trace-id",
                                                             "via"};
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view n) { return text::same_ignoring_case(n, name); });
}

result<void> check_unsigned(const wire::http_request& request,
                            std::initializer_list<std::string_view> added) {
  for (const auto name : added)
    if (wire::has_header(request.headers, name))
      return error{.code = errc::invalid_request,
                   .message = fmt::format("the request has a header \"{}\" already, which its "
                                          "signature adds: leave it out",
                                          name)};
  return {};
}

result<void> check_unsigned(const std::vector<parameter>& decoded,
                            std::initializer_list<std::string_view> added) {
  for (const auto& entry : decoded)
    if (std::find(added.begin(), added.end(), entry.first) != added.end())
      return error{.code = errc::invalid_request,
                   .message = fmt::format("the request's query has \"{}\" already, which its "
                                          "signature adds: leave it out",
                                          entry.first)};
  return {};
}

std::string canonical_request(std::string_view method, std::string_view path,
                              std::string_view query, const signed_headers& headers,
                              std::string_view body_hash) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", method, path, query, headers.lines(),
                     headers.names(), body_hash);
}

result<void> check_credentials(const credentials& who) {
  const auto bad = [](char c) { return c <= ' ' || c > '~' || c == '"' || c == ','; };
  if (who.key.empty())
    return error{.code = errc::auth, .message = "there is no key to sign with: set the secret key"};
  if (who.id.empty() || std::any_of(who.id.begin(), who.id.end(), bad))
    return error{.code = errc::auth,
                 .message =
                     "the key's id is missing or has characters that an id cannot have: set "
                     "the id and the secret key apart"};
  return {};
}

result<credentials> split_key(const secret& id_and_key) {
  const std::string_view text = id_and_key.reveal_secret();
  const auto dot = text.find('.');
  if (dot == std::string_view::npos)
    return error{.code = errc::auth, .message = "the key is not of the form \"id.secret\""};
  credentials out{std::string(text.substr(0, dot)), secret(std::string(text.substr(dot + 1))), {}};
  if (auto ok = check_credentials(out); !ok) return ok.error();
  return out;
}

}  // namespace ark::sign
