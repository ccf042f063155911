#include "sim/fault.hpp"

#include "sim/dice.hpp"
#include "sim/latency.hpp"

#include <charconv>

namespace ark::testing {

namespace {

error bad(std::string_view what, std::string_view why) {
  return error{.code = errc::invalid_request,
               .message = "fault rule: \"" + std::string(what) + "\" " + std::string(why)};
}

result<std::int64_t> whole(std::string_view name, std::string_view text, std::int64_t low) {
  std::int64_t scale = 1;
  std::string_view digits = text;
  if (!digits.empty() && digits.back() == 'K') scale = 1 << 10;
  if (!digits.empty() && digits.back() == 'M') scale = 1 << 20;
  if (!digits.empty() && digits.back() == 'G') scale = 1 << 30;
  if (scale > 1) digits.remove_suffix(1);
  std::int64_t value = 0;
  const auto [rest, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole_text = problem == std::errc{} && rest == digits.data() + digits.size();
  if (!whole_text || value < low || value > 1'000'000'000)
    return bad(name, "needs a whole number of at least " + std::to_string(low));
  return value * scale;
}

bool fits(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return true;
  if (pattern.back() == '*') {
    pattern.remove_suffix(1);
    return text.substr(0, pattern.size()) == pattern;
  }
  return text.find(pattern) != std::string_view::npos;
}

/// Calls `each(name, value)` for the parts of `text` between `separator`s.
template <class Each>
result<void> split(std::string_view text, char separator, const Each& each) {
  while (true) {
    const std::size_t end = text.find(separator);
    const std::string_view item = text.substr(0, end);
    const std::size_t equals = item.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : item.substr(equals + 1);
    if (auto ok = each(item.substr(0, equals), value); !ok) return ok;
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
}

template <class T>
result<void> set_whole(std::optional<T>& target, std::string_view name, std::string_view text,
                       std::int64_t low) {
  auto value = whole(name, text, low);
  if (!value) return value.error();
  target = static_cast<T>(*value);
  return {};
}

}  // namespace

result<void> fault_rule::parse_effect(std::string_view name, std::string_view value) {
  if (name == "stall-after") return set_whole(effect_.stall_after, name, value, 0);
  if (name == "cut-after") return set_whole(effect_.cut_after, name, value, 0);
  if (name == "reset-after") return set_whole(effect_.reset_after, name, value, 0);
  if (name == "cut-head") return set_whole(effect_.cut_head, name, value, 0);
  if (name == "cut-request") return set_whole(effect_.cut_request, name, value, 0);
  if (name == "repeat-frame") return set_whole(effect_.repeat_frame, name, value, 1);
  if (name == "malformed-frame") return set_whole(effect_.malformed_frame, name, value, 1);
  if (name == "error-in-stream") return set_whole(effect_.error_in_stream, name, value, 1);
  if (name == "huge") return set_whole(effect_.huge, name, value, 1);
  if (name == "status" || name == "html") {
    if (auto ok = set_whole(effect_.status, name, value, 400); !ok) return ok;
    if (*effect_.status > 599) return bad(name, "needs a status from 400 to 599");
    effect_.html = effect_.html || name == "html";
    return {};
  }
  if (name == "delay") {
    auto time = parse_duration(value);
    if (!time) return time.error();
    effect_.delay = *time;
    return {};
  }
  const bool wants_text = name == "code" || name == "retry-after" || name == "redirect";
  if (wants_text && value.empty()) return bad(name, "needs a value");
  if (!wants_text && !value.empty()) return bad(name, "takes no value or is not known");
  if (name == "code")
    effect_.code = value;
  else if (name == "twice")
    effect_.twice = true;
  else if (name == "billed")
    effect_.billed = true;
  else if (name == "bills-all")
    effect_.bills_all = true;
  else if (name == "retry-after")
    effect_.retry_after = value;
  else if (name == "redirect")
    effect_.redirect = value;
  else if (name == "reset")
    effect_.reset = true;
  else if (name == "lost-answer")
    effect_.lost_answer = true;
  else if (name == "no-terminal")
    effect_.no_terminal = true;
  else if (name == "no-usage")
    effect_.no_usage = true;
  else
    return bad(name, "is not known; see ark sim --faults for the list");
  return {};
}

result<void> fault_rule::parse_matcher(std::string_view name, std::string_view value) {
  if (name == "stream" && (value.empty() || value == "yes" || value == "no")) {
    stream_ = value != "no";
    return {};
  }
  if (value.empty()) return bad(name, "needs a value");
  if (name == "model")
    model_ = value;
  else if (name == "path")
    path_ = value;
  else if (name == "prompt")
    prompt_ = value;
  else if (name == "nth" || name == "every" || name == "first") {
    auto number = whole(name, value, 1);
    if (!number) return number.error();
    (name == "nth" ? nth_ : name == "every" ? every_ : first_) = *number;
  } else if (name == "rate") {
    const auto [rest, problem] = std::from_chars(value.data(), value.data() + value.size(), rate_);
    if (problem != std::errc{} || rest != value.data() + value.size() || !(rate_ >= 0) || rate_ > 1)
      return bad(name, "needs a number from 0 to 1");
  } else {
    return bad(name,
               "is not a matcher; known are model, path, prompt, stream, nth, every, first, "
               "rate");
  }
  return {};
}

result<fault_rule> fault_rule::parse(std::string_view text) {
  fault_rule rule;
  rule.text_ = text;
  const std::size_t at = text.find('@');
  auto ok = split(text.substr(0, at), ',',
                  [&](auto name, auto value) { return rule.parse_effect(name, value); });
  if (!ok) return ok.error();
  if (at == std::string_view::npos) return rule;
  ok = split(text.substr(at + 1), '@',
             [&](auto name, auto value) { return rule.parse_matcher(name, value); });
  if (!ok) return ok.error();
  return rule;
}

bool fault_rule::matches(const fault_subject& subject, std::uint64_t seed) {
  if (!fits(model_, subject.model) || !fits(path_, subject.path) ||
      !fits(prompt_, subject.prompt) || (stream_ && *stream_ != subject.stream))
    return false;
  ++seen_;
  if (nth_ > 0 && seen_ != nth_) return false;
  if (every_ > 0 && seen_ % every_ != 0) return false;
  if (first_ > 0 && seen_ > first_) return false;
  const std::uint64_t dice =
      mix(hash_text(text_, mix(seed, 17)), static_cast<std::uint64_t>(seen_));
  return rate_ >= 1 || unit_interval(dice) < rate_;
}

std::string_view fault_help() noexcept {
  return
      R"(A fault rule is EFFECT[,EFFECT...][@MATCHER...]; the first rule that matches a request counts.
Effects:
  status=503            an error in the vendor's shape, not billed (400..599)
  code=TEXT             ... with this vendor error code (status=429,code=insufficient_quota)
  retry-after=TEXT      ... with this Retry-After header, seconds or an HTTP date
  html=502              an error whose body is a proxy's HTML page
  redirect=URL          307 to URL
  delay=2s              nothing for so long before the first byte (ms, s, us)
  stall-after=200       so many body bytes, then nothing, the connection stays open
  cut-after=100         so many body bytes, then the connection is closed
  reset-after=100       the same, but the connection is reset
  cut-head=20           so many bytes of the answer's head, then the connection is closed
  cut-request=80        the connection is reset when so many bytes of a request have come; not
                        billed, and matchers do not count
  repeat-frame=3        the 3rd frame of a stream comes twice
  twice                 the answer, or each frame of a stream, is delivered twice
  malformed-frame=3     the 3rd frame of a stream is not JSON
  error-in-stream=2     the 2nd frame of a stream is an error object, and the last
  no-terminal           a stream ends without its last frame
  no-usage              the answer carries no usage
  huge=1G               a body of so many bytes (K, M, G)
  reset                 the connection is reset before any answer; not billed
  billed                with status=: the work was done all the same, and is billed
  bills-all             a stream that ends early is billed as if it had been made whole
  lost-answer           as reset, but the work was done and is billed
Matchers (all must hold):
  @model=TEXT @path=TEXT @prompt=TEXT   contain TEXT (TEXT* : begin with it); the last user message
  @stream @stream=no    streamed, not streamed
  @nth=3 @every=5 @first=2   of the requests that the matchers above let through
  @rate=0.1             so often, by the seed
Examples: status=503@nth=2   status=429,retry-after=1@every=5   cut-after=300@stream@model=gpt*
)";
}

}  // namespace ark::testing
