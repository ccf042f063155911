#include <algorithm>

#include "prompt/handlebars_machine.hpp"

namespace ark::prompt::handlebars {

namespace jk = jinja;

namespace {
constexpr std::uint32_t most_partials = 100, deepest = 500;

/// Puts a value back at the end of a scope.
template <class T>
class restored {
 public:
  restored(T& what, T now) : what_(what), before_(std::exchange(what, std::move(now))) {}
  ~restored() { what_ = std::move(before_); }
  restored(const restored&) = delete;
  restored& operator=(const restored&) = delete;

 private:
  T& what_;
  T before_;
};

/// Takes back what was pushed when a scope ends.
template <class T>
class pushed {
 public:
  explicit pushed(std::vector<T>& to) : to_(to), size_(to.size()) {}
  ~pushed() { to_.resize(size_); }
  pushed(const pushed&) = delete;
  pushed& operator=(const pushed&) = delete;

 private:
  std::vector<T>& to_;
  std::size_t size_;
};
}  // namespace

void machine::step(std::size_t many) {
  steps_ += many;
  if (steps_ > with_.limits.steps)
    throw failure{
        0,
        "the rendering takes more than " + std::to_string(with_.limits.steps) + " steps: the limit",
        errc::too_large};
}

void machine::run(const parsed& body) {
  body_ = &body;
  contexts_.push_back(with_.context);
  render(body.body);
}

void machine::render(const std::vector<node>& nodes) {
  if (depth_ >= deepest)
    throw failure{nodes.empty() ? 0 : nodes[0].at, "partials and blocks are nested too deeply",
                  errc::too_large};
  ++depth_;
  for (const node& each : nodes) render(each);
  --depth_;
}

void machine::render(const node& n) {
  step();
  switch (n.what) {
    case node::kind::text:
      return write(n.text, 0, true);
    case node::kind::print:
      return print(n);
    case node::kind::block:
      return block(n);
    case node::kind::section:
      return section(n);
    case node::kind::partial:
      return partial(n);
    case node::kind::override_:
      return override_block(n);
  }
}

void machine::print(const node& n) {
  if (n.head.what == expression::kind::call) {
    if (is_mark_helper(n.head.run)) return give_mark(n.head);
    if (n.head.run == helper::json) return give_json(n.head);
  }
  give(value_of(n.head), n.at, n.is_escaped);
}

void machine::block(const node& n) {
  for (const auto& each : n.branches) {
    step();
    if (branch(each)) return;
  }
  render(n.otherwise);
}

/// False: the block's next branch is tried.
bool machine::branch(const node::branch& b) {
  const expression& head = b.head;
  if (head.what != expression::kind::call) return implied_block(b);
  if (head.run == helper::each) return loop(b, value_of(head.parameters[0]));
  if (head.run == helper::with) {
    const jk::value v = value_of(head.parameters[0]);
    if (is_empty(v)) return false;
    const pushed<std::pair<std::string_view, jk::value>> scope(parameters_);
    if (!b.parameters.empty()) parameters_.emplace_back(b.parameters[0], v);
    with_context(v, b.body);
    return true;
  }
  if (!condition(head)) return false;
  render(b.body);
  return true;
}

/// `{{#name}}`, where no helper has that name.
bool machine::implied_block(const node::branch& b) {
  const jk::value v = value_of(b.head);
  if (v.is_missing() || v.is_undefined() || v.is_none()) return false;
  if (v.is_sequence()) return loop(b, v);
  if (v.is(jk::kind::boolean)) {
    if (!v.boolean()) return false;
    render(b.body);
    return true;
  }
  with_context(v, b.body);
  return true;
}

void machine::with_context(const jk::value& v, const std::vector<node>& body) {
  const pushed<jk::value> scope(contexts_);
  // In Handlebars `../` passes over a context that is the same again.
  if (body_->how == dialect::mustache || !is_same(v, contexts_.back())) contexts_.push_back(v);
  render(body);
}

void machine::turn_of(const node::branch& b, const jk::value& item, turn t) {
  step();
  const pushed<std::pair<std::string_view, jk::value>> scope(parameters_);
  if (!b.parameters.empty()) parameters_.emplace_back(b.parameters[0], item);
  if (b.parameters.size() > 1) parameters_.emplace_back(b.parameters[1], t.key);
  turns_.push_back(t);
  with_context(item, b.body);
  turns_.pop_back();
}

bool machine::loop(const node::branch& b, const jk::value& over) {
  std::int64_t index = 0;
  if (over.is_sequence()) {
    const std::uint32_t size = over.items().size;
    for (std::uint32_t i = 0; i < size; ++i, ++index)
      turn_of(b, over.items()[i],
              {jk::value::of(index), jk::value::of(index), i == 0, i + 1 == size});
    return size != 0;
  }
  if (!over.is(jk::kind::dict)) return false;
  const std::uint32_t size = over.entries().size;
  std::uint32_t at = 0;
  while (const auto* e = over.entries().next(at)) {
    turn_of(b, e->item, {e->key, jk::value::of(index), index == 0, index + 1 == size});
    ++index;
  }
  return size != 0;
}

/// Mustache.
void machine::section(const node& n) {
  const jk::value v = value_on_stack(n.head);
  const bool is_nothing = !is_true(v) || (v.is_sequence() && v.items().size == 0);
  if (n.is_inverted || is_nothing) {
    if (n.is_inverted && is_nothing) render(n.body);
    return;
  }
  if (!v.is_sequence()) {
    if (v.is(jk::kind::boolean)) return render(n.body);
    return with_context(v, n.body);
  }
  for (const jk::value& item : v.items()) {
    step();
    with_context(item, n.body);
  }
}

std::string_view machine::partial_name(const node& n) {
  if (n.dynamic_name.empty()) return n.text;
  const bool is_mustache = body_->how == dialect::mustache;
  const auto v = is_mustache ? value_on_stack(n.dynamic_name[0]) : value_of(n.dynamic_name[0]);
  return v.is_string() ? v.text() : std::string_view();
}

/// What a Handlebars partial is given; nothing: what is around it.
std::optional<jk::value> machine::partial_context(const node& n) {
  if (n.head.parameters.empty() && n.head.named.empty()) return std::nullopt;
  const jk::value base =
      n.head.parameters.empty() ? contexts_.back() : value_of(n.head.parameters[0]);
  if (n.head.named.empty()) return base;
  jk::dict* made = jk::make_dict(memory_);
  if (base.is(jk::kind::dict)) {
    step(base.entries().size);
    std::uint32_t at = 0;
    while (const auto* e = base.entries().next(at)) made->set(memory_, e->key, e->item);
  }
  if (base.is_sequence()) {  // JavaScript's list is a dict of its places
    std::int64_t i = 0;
    for (const jk::value& item : base.items()) {
      step();
      made->set(memory_, jk::value::of(memory_.copy(std::to_string(i++))), item);
    }
  }
  for (const auto& [name, value] : n.head.named)
    made->set(memory_, jk::value::of(name), value_of(value));
  return jk::value::of(made);
}

void machine::partial(const node& n) {
  const std::string_view name = partial_name(n);
  const program* found = with_.partials && !name.empty() ? with_.partials(name) : nullptr;
  if (found == nullptr) {
    if (body_->how == dialect::mustache) return;
    fail(n.at, "there is no partial \"" + std::string(name) + "\"");
  }
  if (partials_ >= most_partials)
    throw failure{n.at, "partials are more than 100 deep: does one include itself?",
                  errc::too_large};
  const restored<std::uint32_t> deeper(partials_, partials_ + 1);
  const pushed<jk::value> contexts(contexts_);
  const auto given = partial_context(n);
  if (given && !is_same(*given, contexts_.back())) contexts_.push_back(*given);
  const pushed<std::string_view> indents(indents_);
  if (!n.indent.empty()) {
    due_ = std::min(due_, indents_.size());
    indents_.push_back(n.indent);
  }
  const pushed<const node*> inheritance(inheritance_);
  if (!n.overrides.empty()) inheritance_.push_back(&n);
  const restored<std::size_t> parameters(parameters_from_, parameters_.size());
  const parsed* outer = std::exchange(body_, &found->made());
  render(body_->body);
  body_ = outer;
  due_ = std::min(due_, indents_.size() - (n.indent.empty() ? 0 : 1));
}

/// Mustache's `{{$name}}`: the outermost template that overrides it says what it is.
void machine::override_block(const node& n) {
  for (const node* from : inheritance_) {
    step();
    const auto found = from->overrides.find(n.text);
    if (found == from->overrides.end()) continue;
    const pushed<std::string_view> indents(indents_);
    if (!n.indent.empty()) {
      if (n.is_standalone) due_ = std::min(due_, indents_.size());
      indents_.push_back(n.indent);
      if (!n.is_standalone && due_ == indents_.size() - 1) due_ = indents_.size();
    }
    render(found->second->body);
    if (!n.indent.empty()) due_ = std::min(due_, indents_.size() - 1);
    return;
  }
  render(n.body);
}

result<void> program::render(const inputs& with, const piece_sink& out) const {
  if (made_ == nullptr)
    return error{.code = errc::internal, .message = "this program was never compiled"};
  machine m(with, out);
  try {
    m.run(*made_);
    return {};
  } catch (const failure& f) {
    return error_of(m.where(), f);
  } catch (const jk::arena::exhausted&) {
    return error_of(m.where(),
                    {0, "the rendering takes more memory than its limit", errc::too_large});
  } catch (const jk::too_complex&) {
    return error_of(m.where(), {0, "a value is nested too deeply", errc::too_large});
  }
}

}  // namespace ark::prompt::handlebars
