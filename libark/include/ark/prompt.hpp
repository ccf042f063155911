#pragma once
#include <ark/call.hpp>
#include <ark/result.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ark {

/// A stretch of a rendered prompt that has one origin.
struct prompt_segment {
  std::string text{};
  std::string variable{};   ///< the input that it came from; "": the prompt's own; "*": of several
  std::size_t message = 0;  ///< in `call::messages`
  std::size_t part = 0;     ///< in its `parts`
};

/// What to do with a model's control tokens ("<|im_end|>", "[INST]") in the values of inputs. The
/// prompt's own text may have them.
enum class control_tokens : std::uint8_t {
  escape,  ///< a space behind the first character takes their meaning; `notes` say so
  refuse,  ///< errc::invalid_request
  keep,
};

/// How a prompt is rendered. An aggregate with defaults.
struct prompt_options {
  std::vector<message> history{};  ///< where the prompt has its place for it
  ark::control_tokens control_tokens = ark::control_tokens::escape;
  /// Tokens of a text, for budgets; unset: an estimate. Of the same text always the same.
  std::function<std::int64_t(std::string_view)> count_tokens{};
  /// Random text for the fences of `untrusted`; "": drawn anew for each rendering.
  std::string fence{};
  std::optional<std::int64_t> now_s{};  ///< of `strftime_now`, in local time; unset: the clock, UTC
};

/// What was cut to keep to a budget.
struct prompt_cut {
  std::string section{};
  std::int64_t tokens_before = 0, tokens_after = 0;
};

/// A prompt with its inputs: ready to be sent.
struct rendered_prompt {
  /// Model, parameters, messages, tools, response format, task, tags, prompt's id and version.
  ark::call call{};
  std::vector<prompt_segment> segments{};  ///< of all texts of the messages, in order
  std::int64_t tokens = 0;                 ///< of all texts, if there is a budget; else 0
  std::vector<prompt_cut> cuts{};
  std::vector<std::string> notes{};
};

/// An input that a prompt declares, or that its body reads.
struct prompt_input {
  std::string name{};
  std::string type{};  ///< of JSON Schema: "string", "integer|null"; "" for any
  std::string description{};
  std::string default_json{};  ///< "": it has none
  bool required = false;
};

/// What a look at a prompt finds without rendering it.
struct prompt_finding {
  bool is_error = false;  ///< else a warning
  int line = 0;           ///< in the file; 0: not at a line
  std::string message{};
};

/// Texts that stand beside a prompt, by their names in it ("parts/rules.txt", "examples.jsonl");
/// nothing if there is none. Called from the threads that render.
using prompt_texts = std::function<std::optional<std::string>(std::string_view name)>;

/// A prompt: a file's text, read and checked. Immutable, cheap to copy; any number of threads may
/// use it. libark/doc/prompts.md describes files.
class ARK_API prompt_template {
 public:
  /// `path`: as errors name it; its ending tells the form (".prompty"), its name the prompt's.
  /// errc::config with file, line, column or field.
  static result<prompt_template> parse(std::string_view text, const std::string& path,
                                       prompt_texts beside = {});

  /// The file's, unless the front matter says another.
  const std::string& name() const noexcept;
  /// SHA-256 of front matter, body and all that the body includes by name, in hexadecimal.
  const std::string& version() const noexcept;
  const std::string& description() const noexcept;
  const std::string& model() const noexcept;  ///< "": the caller's
  /// "prompt", "chat-template", "dotprompt", "prompty".
  std::string form() const;
  std::vector<prompt_input> inputs() const;
  /// Its text, as it was parsed.
  const std::string& text() const noexcept;
  /// The texts beside it that its version covers, by name.
  const std::map<std::string, std::string>& named_texts() const noexcept;
  /// What of another form was not carried over.
  const std::vector<std::string>& notes() const noexcept;
  /// Inputs that are read and not declared, or declared and not read, and traps of the language.
  std::vector<prompt_finding> check() const;
  /// An input from what somebody typed: a text stays one where the input is one, else it is JSON.
  result<std::string> input_from_text(std::string_view name, std::string_view typed) const;

  /// `inputs`: a JSON object as text. errc::invalid_request tells all inputs that are missing,
  /// unknown or of another type, and never quotes a value; errc::too_large for a limit or a budget
  /// that nothing more can be cut for.
  result<rendered_prompt> render(std::string_view inputs, const prompt_options& with = {}) const;

  /// A test of the file that was run.
  struct test_result {
    std::string name{};
    std::string problem{};  ///< "": it passed
  };
  /// Renders with each test's inputs and looks at the messages. Nothing is sent.
  std::vector<test_result> run_tests() const;

  struct state;

 private:
  explicit prompt_template(std::shared_ptr<const state> made) : state_(std::move(made)) {}
  std::shared_ptr<const state> state_;
};

/// A prompt of a library.
struct prompt_entry {
  std::string name{};
  std::string path{};
  std::string version{};  ///< "": it cannot be read
  std::string problem{};  ///< then why
  std::string form{};
  std::string description{};
  std::vector<std::string> labels{};  ///< that name this version
};

/// A version that was kept.
struct prompt_version {
  std::string version{};
  std::vector<std::string> labels{};
  std::int64_t kept_at_s = 0;  ///< seconds since 1970
  bool is_current = false;     ///< the file's own
};

/// Prompts in folders: `NAME.prompt` and `NAME.prompty`, in folders below too ("support/refund").
/// What a label names is kept in `.versions` of the prompt's folder, with all that it includes: it
/// stays what it was when the file changes. Thread safe; cheap to copy.
class ARK_API prompt_library {
 public:
  /// The first folder that has a name wins. Folders need not be there. errc::config: none is given.
  static result<prompt_library> open(std::vector<std::string> folders);

  /// `selector`: "" is the file as it is now; a label ("production"); or the first digits, at least
  /// six, of a version. A changed file is read again once it has stood unchanged for a fifth of a
  /// second; until then, and while it cannot be read, the last good one is given. errc::not_found
  /// names what there is.
  result<prompt_template> get(std::string_view name, std::string_view selector = {}) const;
  /// All, by name; those that cannot be read too.
  std::vector<prompt_entry> list() const;
  /// Versions that were kept, newest first, and the file's own.
  result<std::vector<prompt_version>> history(std::string_view name) const;
  /// Lets a label name a version ("": the file's own), which is kept.
  result<std::string> set_label(std::string_view name, std::string_view label,
                                std::string_view version = {});
  result<void> remove_label(std::string_view name, std::string_view label);

 private:
  struct state;
  explicit prompt_library(std::shared_ptr<state> made) : state_(std::move(made)) {}
  std::shared_ptr<state> state_;
};

}  // namespace ark
