#include "machine.hpp"

#include <new>

#include "objects.hpp"

namespace jinja {

machine::machine(const environment& in, const limits& most)
    : env_(in),
      limits_(most),
      how_(in.how()),
      memory_(most.memory_bytes),
      autoescape_(in.how().autoescape),
      budget_{.used = 0, .limit = most.memory_bytes} {}

void machine::run(const program& of, const dict& given, text_builder& out, bool tells_origins,
                  const void* caller) {
  caller_ = caller;
  main_out_ = &out;
  tells_origins_ = tells_origins;
  stack_ = static_cast<const char*>(__builtin_frame_address(0));
  try {
    render(of, given, out);
  } catch (const arena::exhausted&) {
    too_much("memory");
  } catch (const std::bad_alloc&) {
    too_much("memory");
  } catch (const too_complex&) {
    fail(failure_kind::recursion, "values are nested without end, or too large to be compared");
  }
}

void machine::render(const program& of, const dict& given, text_builder& out) {
  program_ = &of;
  context& c = new_context();
  c = {.of = &of, .set = make_dict(memory_), .given = &given};
  owns_context_ = how_.mutation != mutation::nothing || of.empties_lists;
  if (owns_context_) c.given = &copied(value::of(const_cast<dict*>(&given))).entries();
  render_template(of, c, out);
}

/// The context of a template that may change lists: what it changes is its own.
value machine::copied(const value& v, int depth) {
  constexpr int deepest = 500;
  if (depth > deepest) throw too_complex{};
  if (v.is_sequence()) {
    list* made = make_list(memory_, v.items().size);
    for (const value& each : v.items()) made->push(memory_, copied(each, depth + 1));
    return v.is(kind::tuple) ? value::tuple(made) : value::of(made);
  }
  if (!v.is(kind::dict)) return v;
  dict* made = make_dict(memory_);
  std::uint32_t at_entry = 0;
  while (const auto* e = v.entries().next(at_entry))
    made->set(memory_, e->key, copied(e->item, depth + 1));
  return value::of(made);
}

void machine::fail(failure_kind kind, std::string message) {
  error why;
  why.kind = kind;
  why.message = std::move(message);
  why.at_render = true;
  if (program_ != nullptr) program_->locate(why, line_, offset_);
  throw failure{std::move(why)};
}

void machine::too_much(std::string_view what) {
  fail(failure_kind::limit,
       "the template would use more " + std::string(what) + " than it may (options::limits)");
}

void machine::too_deep() {
  fail(failure_kind::recursion, "macros, includes or values are nested more than " +
                                    std::to_string(limits_.depth) +
                                    " deep (options::limits.depth)");
}

text_builder& machine::borrow() {
  if (builders_used_ == builders_.size())
    builders_.push_back(std::make_unique<text_builder>(budget_));
  return *builders_[builders_used_++];
}

}  // namespace jinja
