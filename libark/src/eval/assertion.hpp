#pragma once
#include <ark/reply.hpp>
#include <ark/result.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eval/render.hpp"
#include "json_schema/json_schema.hpp"

namespace re2 {
class RE2;
}

namespace ark::eval {

/// An assertion as the suite says it. `value` is JSON text, "" if there is none.
struct assertion_spec {
  std::string type;  ///< "contains", "not-contains", ...
  std::string value;
  std::string threshold;
  std::string currency;
  double weight = 1;
  std::string place;  ///< "suite.yaml:12: cases[3].expect[0]", for errors
};

/// What assertions look at.
struct answer_facts {
  std::string_view text;
  ark::cost cost;
  double latency_ms = 0;
};

struct verdict {
  bool pass = false;
  double weight = 1;
  std::string type;
  std::string reason;  ///< why it failed; "" if it passed
};

/// An assertion, ready to judge. Types: equals (text, or JSON of the same value), contains,
/// icontains, contains-all, contains-any, starts-with, ends-with, regex (RE2, anywhere in the
/// text), is-json (and of a schema, if there is a value), json-schema (also as JSON text), cost and
/// latency (at most the threshold; an unknown cost fails, also with "not-"). "not-" before any of
/// them turns it around. Immutable; thread safe.
class assertion {
 public:
  /// Compiles `spec` with the case's variables in its value. errc::config with the place.
  static result<assertion> compile(const assertion_spec& spec, const variables& values);
  verdict judge(const answer_facts& facts) const;

 private:
  assertion() = default;
  result<void> read_value(const assertion_spec& spec, const variables& values);
  bool holds(const answer_facts& facts, std::string& why) const;
  bool holds_equals(std::string_view text) const;
  bool holds_cost(const ark::cost& cost, std::string& why) const;

  std::string type_;  ///< without "not-"
  bool negated_ = false;
  double weight_ = 1;
  std::vector<std::string> texts_;
  std::string json_;  ///< with equals: the value, if it is no string
  std::shared_ptr<const re2::RE2> regex_;
  std::optional<json_schema> schema_;
  amount cost_limit_;
  std::string currency_;
  double latency_limit_ms_ = 0;
};

/// All verdicts together. With a threshold, the weighted share of passes decides; without, all must
/// pass. No assertions: a pass.
struct case_verdict {
  bool pass = true;
  double score = 1;
  std::vector<verdict> verdicts;
};
case_verdict judge_all(const std::vector<assertion>& assertions, std::optional<double> threshold,
                       const answer_facts& facts);

}  // namespace ark::eval
