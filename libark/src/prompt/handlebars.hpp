#pragma once
#include <ark/result.hpp>
#include <jinja/options.hpp>
#include <jinja/value.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/piece.hpp"

namespace ark::prompt::handlebars {

enum class dialect : std::uint8_t {
  /// Handlebars 4 without HTML escapes, with the helpers of Google's dotprompt 1.1: role, history,
  /// media, section, json, ifEquals, unlessEquals. Not there: decorators, inline partials,
  /// `{{#> partial}}` blocks, raw blocks, helpers of a caller's own.
  handlebars,
  /// Mustache (its specification 1.4) with inheritance and dynamic names, without lambdas.
  mustache,
};

class program;
struct parsed;

/// Gives a compiled partial, or null if there is none of that name: an error in Handlebars,
/// nothing in mustache. Borrowed as long as a rendering runs.
using partial_lookup = std::function<const program*(std::string_view name)>;

/// What a body is rendered with. All is borrowed.
struct inputs {
  /// What names are looked up in, a dict as a rule; its strings are marked (`jinja::mark`) with
  /// where they come from, as nothing else tells a value's text from the template's.
  jinja::value context{};
  jinja::value data{};  ///< Handlebars: a dict of what `@name` finds, besides @index, @key ...
  partial_lookup partials{};
  /// Of these: steps, output and memory. Partials are 100 deep at most.
  jinja::limits limits{};
};

/// What a body reads of its context.
struct reads {
  /// "user", "user.name", "items[].price": in order, each once. "" is the whole context. What a
  /// section might find inside or outside of its value is there with both paths.
  std::vector<std::string> paths;
  /// The first names of what is certainly read from the context itself.
  std::vector<std::string> names;
  /// Partials that are named in the body; they read the context too.
  std::vector<std::string> partials;
};

/// A compiled body. Immutable, shared when copied; any number of threads may render it at once.
class program {
 public:
  program() = default;
  explicit program(std::shared_ptr<const parsed> made) : made_(std::move(made)) {}

  /// Gives the body's text and marks to `out`, in order; after an error it may have got some.
  /// errc::config with the place in the template; errc::too_large for a limit.
  result<void> render(const inputs& with, const piece_sink& out) const;
  handlebars::reads reads() const;
  const parsed& made() const noexcept { return *made_; }

 private:
  std::shared_ptr<const parsed> made_;
};

/// Reads a body. `name` and `first_line` (of the file that the body stands in) are for messages:
/// "greet.prompt:3:7: no helper is called "foo" (in: "Dear {{foo 1}}")", errc::config.
result<program> compile(std::string_view source, std::string name, dialect how,
                        std::uint32_t first_line = 1);

}  // namespace ark::prompt::handlebars
