#include <jinja/environment.hpp>

#include "prompt/body.hpp"
#include "prompt/tags.hpp"

namespace ark::prompt {

namespace {

jinja::options options_of(profile of) {
  jinja::options out;
  out.loop_controls = true;
  out.do_statement = of != profile::chat_template;
  switch (of) {
    case profile::prompt:
      out.undefined = jinja::undefined_policy::strict;
      out.keep_trailing_newline = true;
      out.tags = tag_names();
      break;
    case profile::chat_template:
      out.trim_blocks = out.lstrip_blocks = true;
      out.generation = true;
      out.do_statement = false;
      break;
    case profile::lenient:
      out.keep_trailing_newline = true;
      break;
  }
  return out;
}

class jinja_state final : public body::state {
 public:
  jinja_state(const definition& from, partial_source beside)
      : env_(options_of(from.profile)), path_(from.path), first_line_(from.body_line) {
    if (from.profile == profile::prompt) add_tags(env_);
    if (from.profile != profile::lenient)
      env_.use_chat_functions(
          [](const void* caller) { return static_cast<const render_settings*>(caller)->now_s; });
    if (beside) env_.load_with(std::move(beside));
  }

  result<void> compile(const std::string& text) {
    auto made = env_.compile(text);
    if (!made) return error_of(made.error(), errc::config);
    compiled_ = std::move(*made);
    undeclared = compiled_.undeclared();
    paths = compiled_.paths();
    auto named = compiled_.templates();
    partials = std::move(named.names);
    are_all_partials_known = named.all_known;
    return {};
  }

  result<void> render(const jinja::value& context, const render_settings& settings,
                      const piece_sink& out) const override {
    const auto done = compiled_.render(
        context,
        [&](const jinja::segment& s) {
          if (s.mark == nullptr) return out({.text = s.text, .origin = s.origin});
          const mark said = mark_of(*s.mark);
          out({.mark = &said});
        },
        &settings);
    if (done) return {};
    const bool is_limit = done.error().kind == jinja::failure_kind::limit;
    return error_of(done.error(), is_limit ? errc::too_large : errc::invalid_request);
  }

 private:
  error error_of(jinja::error why, errc code) const {
    if (why.name.empty()) {
      why.name = path_;
      if (why.line > 0) why.line += static_cast<std::uint32_t>(first_line_ - 1);
    }
    return {.code = code, .message = why.to_string()};
  }

  jinja::environment env_;
  jinja::compiled compiled_;
  std::string path_;
  int first_line_;
};

}  // namespace

result<std::shared_ptr<const body::state>> compile_jinja(const definition& from,
                                                         partial_source partials) {
  auto made = std::make_shared<jinja_state>(from, std::move(partials));
  if (auto ok = made->compile(from.body); !ok) return ok.error();
  return std::shared_ptr<const body::state>(std::move(made));
}

}  // namespace ark::prompt
