#pragma once
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "jinja/error.hpp"
#include "jinja/object.hpp"
#include "jinja/options.hpp"
#include "jinja/value.hpp"

namespace jinja {

class environment;
class program;
struct filter_entry;
struct test_entry;

/// A piece of what was rendered. `origin` 0: the template's own text; else what marked values have
/// (see `mark`), or `unmarked_value`.
struct segment {
  std::string_view text;
  std::uint32_t origin = 0;
  const object* mark = nullptr;  ///< a mark (see `object::is_mark`); it has no text
};

/// A compiled template. Immutable: any number of threads may render it at once.
class compiled {
 public:
  compiled() = default;
  explicit compiled(std::shared_ptr<const program> made) : made_(std::move(made)) {}
  /// Names that the template takes from its context, and that the environment does not have.
  std::vector<std::string> undeclared() const;
  /// What it reads of them: "user", "user.name", "items[].price". In order, each once.
  std::vector<std::string> paths() const;
  /// The templates that it includes, imports or extends by a name that stands in it; `all_known` is
  /// false if another's name is only known when it is rendered.
  struct named_templates {
    std::vector<std::string> names;  ///< in order, each once
    bool all_known = true;
  };
  named_templates templates() const;
  const program& made() const noexcept { return *made_; }
  std::shared_ptr<const program> share() const noexcept { return made_; }

  /// `context`: a dict, borrowed as long as this runs. Bounded by `options::limits`.
  result<std::string> render(const value& context) const;
  /// The pieces are borrowed while `each` runs. `caller` is for the environment's own functions and
  /// filters.
  result<bool> render(const value& context, const std::function<void(const segment&)>& each,
                      const void* caller = nullptr) const;

 private:
  std::shared_ptr<const program> made_;
};

using custom_function = std::function<value(rendering&, const arguments&)>;
using custom_filter = std::function<value(rendering&, const value& subject, const arguments&)>;

/// How templates are read and what they may use. Set up first, then shared by any number of
/// threads. Must outlive what it compiles.
class environment {
 public:
  explicit environment(options how = {});
  ~environment();
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;

  const options& how() const noexcept { return how_; }
  /// Gives the source of a template that another includes, imports or extends; nothing if there is
  /// none of that name. Called from the threads that render; each name is compiled once.
  void load_with(std::function<std::optional<std::string>(std::string_view name)> loader);
  void add_function(std::string name, custom_function run);
  void add_filter(std::string name, custom_filter run);
  /// What `options::tags` run: `begin` with the tag's arguments, `end` (where it has one) without.
  void add_tag(std::string_view name, custom_function begin, custom_function end = {});
  /// A global value, borrowed.
  void add_global(std::string name, value global);
  /// `tojson` as chat templates have it: json.dumps without escapes for HTML and with its options;
  /// `raise_exception`; and `strftime_now`, whose clock is `now`: seconds since 1970 in the time
  /// zone wanted, of whoever renders (`compiled::render`).
  void use_chat_functions(std::function<std::int64_t(const void* caller)> now);

  result<compiled> compile(std::string_view source, std::string name = {}) const;

  // For the machine.
  const filter_entry* filter(std::string_view name) const noexcept;
  const value* global(std::string_view name) const noexcept;
  result<std::shared_ptr<const program>> load(std::string_view name) const;
  bool has_loader() const noexcept { return static_cast<bool>(loader_); }
  bool plain_json() const noexcept { return plain_json_; }

 private:
  options how_;
  std::function<std::optional<std::string>(std::string_view)> loader_;
  std::map<std::string, std::unique_ptr<filter_entry>, std::less<>> filters_;
  std::map<std::string, value, std::less<>> globals_;
  std::vector<std::unique_ptr<custom_function>> functions_;
  std::unique_ptr<arena> memory_;
  bool plain_json_ = false;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<const program>, std::less<>> loaded_;
};

/// All texts in a value (a document, read by `read_json`) as coming from `origin`.
value mark(arena& in, const value& v, std::uint32_t origin);
/// Texts one behind the other; each keeps where it came from.
value joined(arena& in, std::initializer_list<value> texts);
/// The first origin of a text that is not the template; 0 if there is none, or it is no text.
std::uint32_t origin_of(const value& text) noexcept;
/// Text that a template printed of a value that is no text and has no marks: a number, a truth.
inline constexpr std::uint32_t unmarked_value = UINT32_MAX;

}  // namespace jinja
