#pragma once
#include <ark/result.hpp>

#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "json_schema/json_schema.hpp"
#include "prompt/definition.hpp"

namespace ark::prompt {

/// What a prompt wants to know: its inputs, checked before anything is rendered. Immutable.
class inputs {
 public:
  /// From the file; where it declares none, what the body reads, of any type. errc::config with the
  /// place: a schema that cannot be, a default of another type.
  static result<inputs> of(const definition& from, const std::vector<std::string>& undeclared);

  struct fact {
    std::string name{};
    std::string type{};  ///< "string", "integer|null", ...; "" for any
    std::string description{};
    std::string fallback{};  ///< the default as JSON text; "": there is none
    bool is_required = false;
  };
  /// In the order of the file.
  const std::vector<fact>& all() const noexcept { return facts_; }
  bool are_declared() const noexcept { return is_declared_; }
  /// A JSON Schema of an object as text.
  const std::string& schema() const noexcept { return schema_; }

  /// `given` (a JSON object as text) with the defaults: checked. errc::invalid_request tells all
  /// that is missing, unknown or of another type, with the nearest name; no value is quoted.
  result<boost::json::object> complete(std::string_view given) const;
  /// What somebody wrote on a command line as the JSON that the input wants: a text stays a text
  /// where the schema has one, else it must be JSON. errc::invalid_request.
  result<std::string> from_text(std::string_view name, std::string_view text) const;

 private:
  void add_fact(std::string_view name, const boost::json::value& property);
  const fact* find(std::string_view name) const noexcept;
  std::string names() const;

  std::vector<fact> facts_;
  boost::json::object defaults_;
  std::string schema_;
  std::shared_ptr<const json_schema> check_;
  bool is_declared_ = false, is_open_ = false;
};

/// A schema in short form or as JSON Schema (JSON text) as a JSON Schema; `field` is for errors.
result<std::string> schema_of(const definition& from, const google::protobuf::Value& written,
                              const std::string& field);

}  // namespace ark::prompt
