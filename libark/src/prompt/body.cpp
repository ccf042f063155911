#include "prompt/body.hpp"

namespace ark::prompt {

result<body> body::compile(const definition& from, partial_source partials) {
  auto made = from.engine == engine::jinja ? compile_jinja(from, std::move(partials))
                                           : compile_handlebars(from, std::move(partials));
  if (!made) return made.error();
  return body(std::move(*made));
}

const std::vector<std::string>& body::undeclared() const noexcept { return state_->undeclared; }
const std::vector<std::string>& body::paths() const noexcept { return state_->paths; }
const std::vector<std::string>& body::partials() const noexcept { return state_->partials; }
bool body::are_all_partials_known() const noexcept { return state_->are_all_partials_known; }

result<void> body::render(const jinja::value& context, const render_settings& settings,
                          const piece_sink& out) const {
  return state_->render(context, settings, out);
}

}  // namespace ark::prompt
