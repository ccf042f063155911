#pragma once
#include <ark/result.hpp>
#include <jinja/value.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/definition.hpp"
#include "prompt/piece.hpp"

namespace ark::prompt {

/// The text of a template that a body includes, imports or extends; nothing if there is none of
/// that name. Asked while bodies are compiled and rendered, from any thread.
using partial_source = std::function<std::optional<std::string>(std::string_view name)>;

/// What a rendering needs of the world.
struct render_settings {
  std::string fence{};     ///< what `untrusted` puts into its tags: random, and in no value
  std::int64_t now_s = 0;  ///< for `strftime_now`: seconds since 1970 in the time zone wanted
};

/// A prompt's body, compiled once. Immutable, shared when copied; any number of threads may render
/// it at once.
class body {
 public:
  /// errc::config with file, line and column, and the line itself.
  static result<body> compile(const definition& from, partial_source partials);

  /// Inputs that it reads: names, and "user.name", "items[].price".
  const std::vector<std::string>& undeclared() const noexcept;
  const std::vector<std::string>& paths() const noexcept;
  /// Templates that it names; false if there are others whose names only a rendering tells.
  const std::vector<std::string>& partials() const noexcept;
  bool are_all_partials_known() const noexcept;

  /// `context`: a dict whose texts are marked (`jinja::mark`). Pieces are told in order.
  /// errc::invalid_request with the place; errc::too_large for a limit.
  result<void> render(const jinja::value& context, const render_settings& settings,
                      const piece_sink& out) const;

  struct state;

 private:
  explicit body(std::shared_ptr<const state> made) : state_(std::move(made)) {}
  std::shared_ptr<const state> state_;
};

/// Bodies by language.
struct body::state {
  state() = default;
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  virtual ~state() = default;
  virtual result<void> render(const jinja::value& context, const render_settings& settings,
                              const piece_sink& out) const = 0;
  std::vector<std::string> undeclared{}, paths{}, partials{};
  bool are_all_partials_known = true;
};
result<std::shared_ptr<const body::state>> compile_jinja(const definition& from,
                                                         partial_source partials);
result<std::shared_ptr<const body::state>> compile_handlebars(const definition& from,
                                                              partial_source partials);

}  // namespace ark::prompt
