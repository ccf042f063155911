#include <ark/prompt.hpp>
#include <ark/tokens.hpp>
#include <jinja/environment.hpp>

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "base/text.hpp"
#include "os/os.hpp"
#include "prompt/body.hpp"
#include "prompt/check.hpp"
#include "prompt/control_tokens.hpp"
#include "prompt/examples.hpp"
#include "prompt/inputs.hpp"
#include "prompt/prompty_roles.hpp"
#include "prompt/to_call.hpp"
#include "prompt/version.hpp"
#include "sign/digest.hpp"

namespace ark {

namespace bj = boost::json;

struct prompt_template::state {
  std::string text;
  std::string version;
  prompt::texts_beside texts;
  prompt_texts beside;
  prompt::definition from;
  prompt::body body;
  prompt::inputs inputs;
  bj::array examples;
  call settings;
};

namespace {

std::int64_t estimated_tokens(std::string_view text) {
  const auto made = tokenizer::estimating("no vocabulary was given").count(text);
  return made ? made->count : 0;
}

prompt::assembly_rules rules_of(const prompt::definition& from) {
  switch (from.form) {
    case prompt::file_form::dotprompt:
      return prompt::assembly_rules::dotprompt();
    case prompt::file_form::prompty:
      return prompt::assembly_rules::prompty();
    case prompt::file_form::native:
      break;
  }
  return prompt::assembly_rules::native();
}

/// Texts beside a prompt as they were when it was parsed: what is rendered is what its version
/// covers, also if a file changes before it is included for the first time.
struct snapshot {
  std::map<std::string, std::string, std::less<>> texts{};
  bool is_taken = false;  ///< then nothing is added: several threads read it
};

prompt_texts remembering(const std::shared_ptr<snapshot>& to, prompt_texts beside) {
  if (!beside) return {};
  return [to, beside = std::move(beside)](std::string_view name) -> std::optional<std::string> {
    if (const auto known = to->texts.find(name); known != to->texts.end()) return known->second;
    auto text = beside(name);
    if (text && !to->is_taken) to->texts.emplace(name, *text);
    return text;
  };
}

/// Media are read at each rendering: what a version does not cover is part of what fills the
/// prompt.
prompt_texts hashing(const prompt_texts& beside, std::map<std::string, std::string>& read) {
  if (!beside) return {};
  return [&beside, &read](std::string_view name) -> std::optional<std::string> {
    auto bytes = beside(name);
    if (bytes) read.insert_or_assign(std::string(name), sign::sha256_hex(*bytes));
    return bytes;
  };
}

/// One rendering.
class rendering {
 public:
  rendering(const prompt_template::state& of, const prompt_options& with)
      : of_(of),
        with_(with),
        count_(with.count_tokens ? with.count_tokens : prompt::token_count(estimated_tokens)) {}

  result<rendered_prompt> run(std::string_view given) {
    auto values = of_.inputs.complete(given);
    if (!values) return values.error();
    out_.call = of_.settings;
    out_.call.prompt_id = of_.from.name;
    out_.call.prompt_version = of_.version;
    auto messages = lay_out(*values);
    if (!messages) return messages.error();
    if (auto ok = guard_control_tokens(*messages); !ok) return ok.error();
    if (auto ok = keep_to_budget(*messages); !ok) return ok.error();
    std::map<std::string, std::string> files;
    const prompt_texts beside = hashing(of_.beside, files);
    if (auto ok = prompt::take_messages(*messages, {names_, *values, with_.history, beside}, out_);
        !ok)
      return ok.error();
    out_.call.inputs_hash = prompt::hash_of_inputs(*values, files);
    mark_stable_prefix();
    return std::move(out_);
  }

 private:
  /// The values for the body: each text knows which input it is of.
  result<jinja::value> context_of(const bj::object& values) {
    jinja::dict* context = jinja::make_dict(memory_);
    const auto add = [&](std::string_view name, const bj::value& v) -> result<void> {
      const auto read = jinja::read_json(memory_, memory_.copy(bj::serialize(v)));
      if (!read)
        return error{.code = errc::invalid_request,
                     .message = "the input \"" + std::string(name) + "\" cannot be read as JSON"};
      names_.emplace_back(name);
      context->set(memory_, jinja::value::of(memory_.copy(name)),
                   jinja::mark(memory_, *read, static_cast<std::uint32_t>(names_.size())));
      return {};
    };
    for (const auto& each : values)
      if (auto ok = add(each.key(), each.value()); !ok) return ok.error();
    const bool has_examples = of_.from.file.examples_size() > 0 || of_.from.file.has_few_shot();
    if (has_examples && !values.contains("examples")) {
      const bj::value shown =
          prompt::choose_examples(of_.examples, of_.from.file.few_shot(), count_);
      if (auto ok = add("examples", shown); !ok) return ok.error();
    }
    return jinja::value::of(context);
  }

  result<prompt::layout> lay_out(const bj::object& values) {
    auto context = context_of(values);
    if (!context) return context.error();
    prompt::render_settings settings{.fence = with_.fence, .now_s = now_s()};
    if (settings.fence.empty()) settings.fence = text::hex(os::real().random_u64());
    prompt::assembler assembler(rules_of(of_.from));
    const auto take = [&](const prompt::piece& p) { assembler.take(p); };
    if (of_.from.form == prompt::file_form::prompty) {
      prompt::prompty_roles roles(take, threads());
      if (auto ok =
              of_.body.render(*context, settings, [&](const prompt::piece& p) { roles.take(p); });
          !ok)
        return ok.error();
      roles.finish();
    } else if (auto ok = of_.body.render(*context, settings, take); !ok) {
      return ok.error();
    }
    auto made = assembler.finish();
    if (!made) return of_.from.bad("body", made.error().message);
    add_usual_history(*made);
    return prompt::layout_of(std::move(*made));
  }

  /// Prompty's inputs of the kind thread, by their place.
  std::map<std::uint32_t, std::string> threads() const {
    std::map<std::uint32_t, std::string> out;
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (of_.from.threads.contains(names_[i]))
        out.emplace(static_cast<std::uint32_t>(i + 1), names_[i]);
    return out;
  }

  /// Where the body has no place for it.
  void add_usual_history(prompt::assembled& all) const {
    if (with_.history.empty() || !all.history.empty()) return;
    all.history.push_back({.before = prompt::usual_history_place(all.messages)});
  }

  std::int64_t now_s() const {
    if (with_.now_s) return *with_.now_s;
    return std::chrono::duration_cast<std::chrono::seconds>(
               os::real().wall_now().time_since_epoch())
        .count();
  }

  result<void> guard_control_tokens(prompt::layout& all) {
    if (with_.control_tokens == control_tokens::keep) return {};
    std::size_t found = 0;
    for (auto& message : all.messages)
      for (auto& part : message.parts) found += prompt::escape_control_tokens(part.spans);
    return prompt::tell_escaped(found, "inputs", with_.control_tokens, out_.notes);
  }

  result<void> keep_to_budget(prompt::layout& all) {
    const bool has_budget = of_.from.file.has_budget();
    if (!has_budget && all.sections.empty()) return {};
    std::optional<std::int64_t> most;
    if (has_budget) most = of_.from.file.budget().max_tokens();
    auto report = prompt::keep_to_budget(all, most, count_);
    if (!report) return report.error();
    out_.tokens = report->tokens;
    for (const prompt_cut& each : report->cuts)
      out_.notes.push_back("the section \"" + each.section + "\" was cut from " +
                           std::to_string(each.tokens_before) + " to " +
                           std::to_string(each.tokens_after) + " tokens");
    out_.cuts = std::move(report->cuts);
    return {};
  }

  /// The vendor may keep what is the same in all calls: messages of the prompt's own text only,
  /// from the first on.
  void mark_stable_prefix() {
    const auto& word = of_.from.file.cache();
    if (word.empty()) return;
    std::size_t stable = out_.call.messages.size();
    for (const prompt_segment& each : out_.segments)
      if (!each.variable.empty()) stable = std::min(stable, each.message);
    if (stable == 0) {
      out_.notes.emplace_back(
          "no message comes before the first input: nothing is kept by vendors");
      return;
    }
    out_.call.messages[stable - 1].cache =
        word == "1h" ? cache_mark::one_hour : cache_mark::five_minutes;
  }

  const prompt_template::state& of_;
  const prompt_options& with_;
  prompt::token_count count_;
  jinja::arena memory_{};
  std::vector<std::string> names_{};
  rendered_prompt out_{};
};

}  // namespace

result<prompt_template> prompt_template::parse(std::string_view text, const std::string& path,
                                               prompt_texts beside) {
  if (!text::is_utf8(text))
    return error{.code = errc::config, .message = path + ": is not UTF-8; save it as UTF-8"};
  auto from = prompt::read_definition(text, path);
  if (!from) return from.error();
  const auto& cache = from->file.cache();
  if (!cache.empty() && cache != "5m" && cache != "1h")
    return from->bad("cache", "\"" + cache + "\" is no time; use 5m or 1h");
  const auto texts_then = std::make_shared<snapshot>();
  beside = remembering(texts_then, std::move(beside));
  auto body = prompt::body::compile(*from, beside);
  if (!body) return body.error();
  auto texts = prompt::named_texts(*from, *body, beside);
  if (!texts) return texts.error();
  std::vector<std::string> read = body->undeclared();
  for (const auto& [name, file] : texts->inputs)
    if (std::find(read.begin(), read.end(), name) == read.end()) read.push_back(name);
  std::erase(read, "examples");
  auto inputs = prompt::inputs::of(*from, read);
  if (!inputs) return inputs.error();
  auto examples = prompt::read_examples(*from, beside);
  if (!examples) return examples.error();
  call settings;
  if (auto ok = prompt::take_settings(*from, settings); !ok) return ok.error();
  texts_then->is_taken = true;
  std::string version = prompt::version_of(*from, texts->texts);
  return prompt_template(std::make_shared<const state>(state{
      std::string(text), std::move(version), std::move(*texts), std::move(beside), std::move(*from),
      std::move(*body), std::move(*inputs), std::move(*examples), std::move(settings)}));
}

const std::string& prompt_template::name() const noexcept { return state_->from.name; }
const std::string& prompt_template::version() const noexcept { return state_->version; }
const std::string& prompt_template::text() const noexcept { return state_->text; }
const std::map<std::string, std::string>& prompt_template::named_texts() const noexcept {
  return state_->texts.texts;
}
const std::string& prompt_template::model() const noexcept { return state_->from.file.model(); }
const std::string& prompt_template::description() const noexcept {
  return state_->from.file.description();
}
const std::vector<std::string>& prompt_template::notes() const noexcept {
  return state_->from.notes;
}

std::string prompt_template::form() const {
  switch (state_->from.form) {
    case prompt::file_form::dotprompt:
      return "dotprompt";
    case prompt::file_form::prompty:
      return "prompty";
    case prompt::file_form::native:
      break;
  }
  return state_->from.profile == prompt::profile::chat_template ? "chat-template" : "prompt";
}

std::vector<prompt_input> prompt_template::inputs() const {
  std::vector<prompt_input> out;
  for (const auto& each : state_->inputs.all())
    out.push_back({each.name, each.type, each.description, each.fallback, each.is_required});
  return out;
}

std::vector<prompt_finding> prompt_template::check() const {
  return prompt::check(state_->from, state_->body, state_->inputs, state_->texts);
}

result<std::string> prompt_template::input_from_text(std::string_view name,
                                                     std::string_view typed) const {
  return state_->inputs.from_text(name, typed);
}

result<rendered_prompt> prompt_template::render(std::string_view inputs,
                                                const prompt_options& with) const {
  return rendering(*state_, with).run(inputs);
}

std::vector<prompt_template::test_result> prompt_template::run_tests() const {
  std::vector<test_result> out;
  const auto& tests = state_->from.file.tests();
  for (int i = 0; i < tests.size(); ++i) {
    const auto& each = tests[i];
    out.push_back(
        {each.name().empty() ? "test-" + std::to_string(i + 1) : each.name(),
         prompt::problem_of(each, [&](std::string_view given) { return render(given); })});
  }
  return out;
}

}  // namespace ark
