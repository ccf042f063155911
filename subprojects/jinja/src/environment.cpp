#include "jinja/environment.hpp"

#include "binder.hpp"
#include "clock_format.hpp"
#include "machine.hpp"
#include "objects.hpp"
#include "taker.hpp"

namespace jinja {
namespace {

/// A caller's function.
class custom final : public object {
 public:
  explicit custom(const custom_function& run) : run_(run) {}
  std::string_view type_name() const noexcept override { return "function"; }
  bool is_callable() const noexcept override { return true; }
  value call(rendering& r, const arguments& given) const override { return run_(r, given); }

 private:
  const custom_function& run_;
};

class known_names final : public names_known {
 public:
  explicit known_names(const environment& of) : of_(of) {}
  const filter_entry* filter(std::string_view name) const noexcept override {
    return of_.filter(name);
  }
  const test_entry* test(std::string_view name) const noexcept override {
    return builtin_test(name);
  }

 private:
  const environment& of_;
};

error limit_error(std::string message) {
  error e;
  e.kind = failure_kind::limit;
  e.message = std::move(message);
  return e;
}

}  // namespace

environment::environment(options how) : how_(std::move(how)), memory_(std::make_unique<arena>()) {}
environment::~environment() = default;

void environment::load_with(std::function<std::optional<std::string>(std::string_view)> loader) {
  loader_ = std::move(loader);
}

void environment::add_function(std::string name, custom_function run) {
  functions_.push_back(std::make_unique<custom_function>(std::move(run)));
  globals_[std::move(name)] = value::of(memory_->make<custom>(*functions_.back()));
}

void environment::add_tag(std::string_view name, custom_function begin, custom_function end) {
  add_function(tag_function(name, false), std::move(begin));
  if (end) add_function(tag_function(name, true), std::move(end));
}

void environment::add_filter(std::string name, custom_filter run) {
  auto entry = std::make_unique<filter_entry>();
  entry->own = std::move(run);
  filters_[std::move(name)] = std::move(entry);
}

void environment::add_global(std::string name, value global) { globals_[std::move(name)] = global; }

void environment::use_chat_functions(std::function<std::int64_t(const void*)> now) {
  plain_json_ = true;
  add_function("raise_exception", [](rendering& r, const arguments& given) -> value {
    auto& m = static_cast<machine&>(r);
    const taker t(m, "raise_exception", given, {"message"});
    r.fail(failure_kind::raised, m.str_bytes(t.required(0)));
  });
  add_function("strftime_now", [now = std::move(now)](rendering& r, const arguments& given) {
    auto& m = static_cast<machine&>(r);
    const taker t(m, "strftime_now", given, {"format"});
    t.required(0);
    return m.text_of(clock_text(t.text(0, {}).text(), now(r.caller())));
  });
}

const filter_entry* environment::filter(std::string_view name) const noexcept {
  if (const auto own = filters_.find(name); own != filters_.end()) return own->second.get();
  return builtin_filter(name);
}

const value* environment::global(std::string_view name) const noexcept {
  const auto known = globals_.find(name);
  return known == globals_.end() ? nullptr : &known->second;
}

result<compiled> environment::compile(std::string_view source, std::string name) const {
  constexpr std::size_t largest = std::size_t{1} << 28;
  if (source.size() > largest) return limit_error("the template is larger than 256 MB");
  auto made = std::make_shared<program>();
  made->env = this;
  made->name = std::move(name);
  made->source = normalized(source, how_.keep_trailing_newline);
  try {
    parsed all = parse(made->memory, made->source, how_);
    if (how_.syntax.newline != "\n")
      for (stmt* s : all.body)
        if (s->kind == stmt_kind::text) {
          std::string text;
          for (const char c : s->text.text())
            text += c == '\n' ? how_.syntax.newline : std::string(1, c);
          s->text = value::of(made->memory.copy(text));
        }
    const known_names known(*this);
    binder b(*made, known);
    made->root = b.bind(all);
    made->blocks = std::move(all.blocks);
    for (const std::string_view each : b.undeclared())
      if (global(each) == nullptr && !is_builtin_global(each)) made->undeclared.insert(each);
  } catch (failure& f) {
    made->locate(f.why, f.why.line, f.why.column);
    return std::move(f.why);
  } catch (const arena::exhausted&) {
    return limit_error("the template needs too much memory");
  } catch (const std::bad_alloc&) {
    return limit_error("there is no memory for the template");
  }
  return compiled(std::move(made));
}

result<std::shared_ptr<const program>> environment::load(std::string_view name) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = loaded_.find(name); known != loaded_.end()) return known->second;
  }
  auto source = loader_ ? loader_(name) : std::nullopt;
  if (!source) {
    error why;
    why.kind = failure_kind::not_found;
    why.message = "there is no template '" + std::string(name) + "'";
    return why;
  }
  auto made = compile(*source, std::string(name));
  if (!made) return made.error();
  const std::lock_guard lock(mutex_);
  return loaded_.try_emplace(std::string(name), std::shared_ptr<const program>(made->share()))
      .first->second;
}

namespace {

/// Renders, and gives errors as values.
template <class Use>
result<bool> rendered(const program& of, const value& given, bool tells_origins, const void* caller,
                      Use&& use) {
  const dict nothing;
  if (!given.is(kind::dict) && !given.is_missing() && !given.is_none()) {
    error why;
    why.kind = failure_kind::type;
    why.message = "a template's context is a mapping";
    return why;
  }
  try {
    machine m(*of.env, of.env->how().limits);
    text_builder out(m.budget());
    out.reserve(of.usual_bytes.load(std::memory_order_relaxed));
    m.run(of, given.is(kind::dict) ? given.entries() : nothing, out, tells_origins, caller);
    of.usual_bytes.store(out.size(), std::memory_order_relaxed);
    use(out);
    return true;
  } catch (failure& f) {
    return std::move(f.why);
  }
}

}  // namespace

result<std::string> compiled::render(const value& given) const {
  std::string text;
  auto done =
      rendered(*made_, given, false, nullptr, [&](text_builder& out) { text = out.release(); });
  if (!done) return done.error();
  return text;
}

result<bool> compiled::render(const value& given, const std::function<void(const segment&)>& each,
                              const void* caller) const {
  return rendered(*made_, given, true, caller, [&](const text_builder& out) {
    const std::string_view all = out.bytes();
    auto note = out.notes().begin();
    std::size_t from = 0;
    const auto tell = [&](std::size_t end, std::uint32_t origin) {
      for (; note != out.notes().end() && note->at < end; ++note) {
        if (note->at > from) each({all.substr(from, note->at - from), origin});
        each({{}, 0, note->what});
        from = std::max(from, note->at);
      }
      if (end > from) each({all.substr(from, end - from), origin});
      from = end;
    };
    for (const text_part& part : out.parts()) tell(part.end, part.origin);
    tell(all.size(), 0);
    for (; note != out.notes().end(); ++note) each({{}, 0, note->what});
  });
}

std::vector<std::string> compiled::undeclared() const {
  std::vector<std::string> out;
  for (const std::string_view name : made_->undeclared)
    if (name != "self" && name != "super") out.emplace_back(name);
  return out;
}

namespace {
value mark_all(arena& in, const value& v, std::uint32_t origin, int depth) {
  // Nothing unmarked gets through: what lies deeper is left out. read_json() gives nothing that
  // deep.
  constexpr int deepest = 500;
  if (v.is_string()) return marked(in, v.text(), origin).safe(v.is_safe());
  if (depth > deepest) return value::none();
  if (v.is_sequence()) {
    list* made = make_list(in, v.items().size);
    for (const value& each : v.items()) made->push(in, mark_all(in, each, origin, depth + 1));
    return v.is(kind::tuple) ? value::tuple(made) : value::of(made);
  }
  if (!v.is(kind::dict)) return v;
  dict* made = make_dict(in);
  std::uint32_t at = 0;
  while (const auto* e = v.entries().next(at))
    made->set(in, mark_all(in, e->key, origin, depth + 1),
              mark_all(in, e->item, origin, depth + 1));
  return value::of(made);
}
}  // namespace

value mark(arena& in, const value& v, std::uint32_t origin) { return mark_all(in, v, origin, 0); }

}  // namespace jinja
