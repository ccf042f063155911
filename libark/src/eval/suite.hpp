#pragma once
#include <ark/call.hpp>
#include <ark/prompt.hpp>
#include <ark/result.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "eval/assertion.hpp"
#include "eval/render.hpp"

namespace ark::schema {
class EvalAssertion;
}

namespace ark::eval {

struct message_template {
  ark::role role = ark::role::user;
  std::string content;
  std::vector<image_part> images;
};

struct prompt {
  std::string id;
  std::vector<message_template> messages;
  std::string schema;                        ///< JSON Schema of the answer as text, "" for none
  std::optional<prompt_template> from_file;  ///< instead of messages
};

struct eval_case {
  std::string id;
  variables vars;
  std::vector<assertion_spec> assertions;
  std::optional<double> threshold;
  std::string place;  ///< "cases.csv:3", for errors
};

struct suite_settings {
  std::optional<std::int64_t> max_tokens;
  std::optional<double> temperature;
  std::optional<std::int64_t> seed;
  std::optional<std::int64_t> timeout_ms;
  std::optional<int> max_attempts;
  int concurrency = 8;
  std::string task;
};

/// One question: a prompt to a model for a case, with its judges.
struct question {
  std::string prompt_id, model, case_id;
  ark::call call;
  std::vector<assertion> assertions;
  std::optional<double> threshold;
};

/// A suite, read and checked. A value type.
struct suite {
  std::string name;
  std::string path;
  std::string hash;  ///< SHA-256 of every file it was read from, hexadecimal
  std::vector<prompt> prompts;
  std::vector<std::string> models;
  std::vector<std::string> model_places;  ///< "suite.yaml:3: models[0]", of each as it was read
  std::vector<eval_case> cases;
  suite_settings settings;

  /// All questions, models innermost, so that models are compared while the run goes on. `filter`
  /// is a part of a case's id, "" for all. errc::config: a variable that is not there, a bad regex.
  result<std::vector<question>> questions(std::string_view filter) const;
  /// Asks `known` about each model but "auto". errc::config with its place, if it has one: what
  /// nobody can answer is found before anything is paid.
  result<void> check_models(
      const std::function<result<void>(const std::string& model)>& known) const;
};

/// Reads a suite and the files it names. All mistakes are found here, before anything is paid:
/// errc::config with file, line and field.
result<suite> load_suite(const std::string& path);

/// The spec of an assertion; `place` is where it stands.
assertion_spec spec_of(const schema::EvalAssertion& from, std::string place);

}  // namespace ark::eval
