#pragma once
#include <ark/result.hpp>

#include <memory>
#include <string_view>

namespace ark {

/// A JSON Schema, ready to check texts. The subset that structured output uses: type, enum, const,
/// properties, required, additionalProperties, items, prefixItems, minItems, maxItems, uniqueItems,
/// minLength, maxLength, pattern (RE2), minimum, maximum, exclusiveMinimum, exclusiveMaximum,
/// multipleOf, anyOf, oneOf, allOf, not, $ref to "#" and "#/...", and true or false as a schema.
/// Annotations (title, description, default, examples, $schema, $id, $comment, format, ...) are
/// read over. Any other keyword is an error: what is not checked must not look checked.
/// Immutable; thread safe.
class json_schema {
 public:
  /// errc::config: no JSON, an unknown keyword, a bad pattern, a $ref that leads nowhere.
  static result<json_schema> compile(std::string_view schema);
  /// Whether `text` is JSON and satisfies the schema; the error says where and why not
  /// ("/items/3: is no integer"), without quoting the text.
  result<void> check(std::string_view text) const;

 private:
  struct compiled;
  explicit json_schema(std::shared_ptr<const compiled> root) : root_(std::move(root)) {}
  std::shared_ptr<const compiled> root_;
};

}  // namespace ark
