#include <map>
#include <mutex>

#include "prompt/body.hpp"
#include "prompt/handlebars.hpp"

namespace ark::prompt {

namespace {

class handlebars_state final : public body::state {
 public:
  handlebars_state(const definition& from, partial_source beside)
      : how_(from.engine == engine::mustache ? handlebars::dialect::mustache
                                             : handlebars::dialect::handlebars),
        source_(std::move(beside)) {}

  result<void> compile(const definition& from) {
    auto made =
        handlebars::compile(from.body, from.path, how_, static_cast<std::uint32_t>(from.body_line));
    if (!made) return made.error();
    made_ = std::move(*made);
    auto reads = made_.reads();
    undeclared = std::move(reads.names);
    paths = std::move(reads.paths);
    partials = std::move(reads.partials);
    return {};
  }

  result<void> render(const jinja::value& context, const render_settings&,
                      const piece_sink& out) const override {
    std::optional<error> broken;
    const auto lookup = [&](std::string_view name) { return partial(name, broken); };
    auto done = made_.render({.context = context, .partials = lookup}, out);
    if (broken) return *broken;
    return done;
  }

 private:
  /// Compiled when it is first named. `broken` says why one that is there cannot be read.
  const handlebars::program* partial(std::string_view name, std::optional<error>& broken) const {
    const std::lock_guard lock(mutex_);
    if (const auto known = compiled_.find(name); known != compiled_.end()) return &known->second;
    const auto text = source_ ? source_(name) : std::nullopt;
    if (!text) return nullptr;
    auto made = handlebars::compile(*text, std::string(name), how_);
    if (!made) {
      broken = made.error();
      return nullptr;
    }
    return &compiled_.emplace(name, std::move(*made)).first->second;
  }

  handlebars::dialect how_;
  partial_source source_;
  handlebars::program made_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, handlebars::program, std::less<>> compiled_;
};

}  // namespace

result<std::shared_ptr<const body::state>> compile_handlebars(const definition& from,
                                                              partial_source partials) {
  auto made = std::make_shared<handlebars_state>(from, std::move(partials));
  if (auto ok = made->compile(from); !ok) return ok.error();
  return std::shared_ptr<const body::state>(std::move(made));
}

}  // namespace ark::prompt
