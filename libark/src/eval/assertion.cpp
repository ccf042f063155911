#include "eval/assertion.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "files/suggest.hpp"

namespace ark::eval {

namespace {

namespace bj = boost::json;

constexpr std::array<std::string_view, 12> types{
    "equals",    "contains", "icontains", "contains-all", "contains-any", "starts-with",
    "ends-with", "regex",    "is-json",   "json-schema",  "cost",         "latency"};

error bad(const assertion_spec& spec, std::string why) {
  return error{.code = errc::config, .message = spec.place + ": " + std::move(why)};
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

result<std::string> filled(const assertion_spec& spec, std::string_view text,
                           const variables& values) {
  auto out = render(text, values);
  if (!out) return bad(spec, out.error().message);
  return out;
}

}  // namespace

result<void> assertion::read_value(const assertion_spec& spec, const variables& values) {
  const bool optional = type_ == "is-json" || type_ == "cost" || type_ == "latency";
  if (spec.value.empty()) {
    if (!optional) return bad(spec, "\"" + type_ + "\" needs a value");
    return {};
  }
  const bj::value value = bj::parse(spec.value);
  if (type_ == "is-json" || type_ == "json-schema") {
    // A cell of a CSV file and a variable can only give it as a text.
    auto text = value.is_string() ? filled(spec, std::string_view(value.get_string()), values)
                                  : result<std::string>(spec.value);
    if (!text) return text.error();
    auto compiled = json_schema::compile(*text);
    if (!compiled) return bad(spec, compiled.error().message);
    schema_ = std::move(*compiled);
    return {};
  }
  if (const auto* list = value.if_array(); list && type_.starts_with("contains-")) {
    for (const auto& item : *list) {
      auto text = filled(spec,
                         item.is_string() ? std::string_view(item.get_string())
                                          : std::string_view(bj::serialize(item)),
                         values);
      if (!text) return text.error();
      texts_.push_back(std::move(*text));
    }
    return {};
  }
  if (type_.starts_with("contains-")) return bad(spec, "\"" + type_ + "\" needs a list of texts");
  if (!value.is_string()) {
    if (type_ != "equals" && (value.is_object() || value.is_array()))
      return bad(spec, "\"" + type_ + "\" needs a text");
    json_ = spec.value;
  }
  auto text =
      filled(spec, value.is_string() ? std::string_view(value.get_string()) : spec.value, values);
  if (!text) return text.error();
  texts_.push_back(std::move(*text));
  return {};
}

result<assertion> assertion::compile(const assertion_spec& spec, const variables& values) {
  assertion out;
  std::string_view type = spec.type;
  out.negated_ = type.substr(0, 4) == "not-";
  if (out.negated_) type.remove_prefix(4);
  out.type_ = type;
  out.weight_ = spec.weight;
  out.currency_ = spec.currency;
  if (std::find(types.begin(), types.end(), type) == types.end()) {
    const std::string near = files::nearest(type, {types.begin(), types.end()});
    return bad(spec, "there is no assertion \"" + spec.type + "\"" +
                         (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
  }
  if (!(spec.weight >= 0)) return bad(spec, "a weight must not be negative");
  if (auto ok = out.read_value(spec, values); !ok) return ok.error();
  if (type == "regex") {
    RE2::Options quiet;
    quiet.set_log_errors(false);
    auto regex = std::make_shared<re2::RE2>(out.texts_.front(), quiet);
    if (!regex->ok()) return bad(spec, "the regex is refused: " + regex->error());
    out.regex_ = std::move(regex);
  }
  if (type == "cost") {
    const auto limit = amount::parse(spec.threshold);
    if (!limit) return bad(spec, "\"cost\" needs a threshold: a decimal number like 0.002");
    out.cost_limit_ = *limit;
  }
  if (type == "latency") {
    const auto* end = spec.threshold.data() + spec.threshold.size();
    const auto [rest, problem] = std::from_chars(spec.threshold.data(), end, out.latency_limit_ms_);
    if (problem != std::errc{} || rest != end)
      return bad(spec, "\"latency\" needs a threshold in milliseconds");
  }
  return out;
}

bool assertion::holds_equals(std::string_view text) const {
  if (texts_.front() == text) return true;
  if (json_.empty()) return false;
  boost::system::error_code not_json;
  const bj::value got = bj::parse(text, not_json, {}, {.max_depth = limits::json_depth});
  return !not_json && got == bj::parse(json_);
}

bool assertion::holds_cost(const ark::cost& cost, std::string& why) const {
  if (!currency_.empty() && cost.currency != currency_) {
    why = "the cost is in " + (cost.currency.empty() ? "no known currency" : cost.currency) +
          ", not in " + currency_;
    return false;
  }
  why = "the cost is " + cost.high.to_string() + ", the limit " + cost_limit_.to_string();
  return cost.high <= cost_limit_;
}

bool assertion::holds(const answer_facts& facts, std::string& why) const {
  const std::string_view text = facts.text;
  const auto has = [&](const std::string& part) { return contains(text, part); };
  if (type_ == "equals") return holds_equals(text);
  if (type_ == "contains") return has(texts_.front());
  if (type_ == "icontains") return contains(text::lower(text), text::lower(texts_.front()));
  if (type_ == "contains-all") return std::all_of(texts_.begin(), texts_.end(), has);
  if (type_ == "contains-any") return std::any_of(texts_.begin(), texts_.end(), has);
  if (type_ == "starts-with") return text.starts_with(texts_.front());
  if (type_ == "ends-with") return text.ends_with(texts_.front());
  if (type_ == "regex") return RE2::PartialMatch({text.data(), text.size()}, *regex_);
  if (type_ == "cost") return holds_cost(facts.cost, why);
  if (type_ == "latency") {
    why = "it took " + std::to_string(static_cast<std::int64_t>(facts.latency_ms)) + " ms";
    return facts.latency_ms <= latency_limit_ms_;
  }
  if (!schema_) return json::is_valid(text);
  const auto ok = schema_->check(text);
  if (!ok) why = ok.error().message;
  return ok.has_value();
}

verdict assertion::judge(const answer_facts& facts) const {
  verdict out{.weight = weight_, .type = (negated_ ? "not-" : "") + type_};
  if (type_ == "cost" && facts.cost.status == cost_status::unknown) {
    out.reason = "the cost is unknown";
    return out;
  }
  std::string why;
  out.pass = holds(facts, why) != negated_;
  if (out.pass) return out;
  if (why.empty() || negated_) {
    why = "the answer ";
    why += negated_ ? "must not satisfy " : "does not satisfy ";
    why += type_ + (texts_.empty() ? "" : " \"" + texts_.front().substr(0, 200) + "\"");
  }
  out.reason = std::move(why);
  return out;
}

case_verdict judge_all(const std::vector<assertion>& assertions, std::optional<double> threshold,
                       const answer_facts& facts) {
  case_verdict out;
  double passed = 0, whole = 0;
  for (const auto& one : assertions) {
    out.verdicts.push_back(one.judge(facts));
    const verdict& v = out.verdicts.back();
    whole += v.weight;
    passed += v.pass ? v.weight : 0;
    // Weight zero only measures: it cannot fail the case.
    out.pass = out.pass && (v.pass || v.weight == 0);
  }
  out.score = whole > 0 ? passed / whole : out.pass ? 1 : 0;
  if (threshold) out.pass = out.score >= *threshold;
  return out;
}

}  // namespace ark::eval
