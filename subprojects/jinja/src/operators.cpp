// Python's operators.
#include <algorithm>
#include <cmath>

#include "big_int.hpp"
#include "machine.hpp"
#include "objects.hpp"
#include "percent.hpp"
#include "text_functions.hpp"

namespace jinja {
namespace {

constexpr std::string_view symbols[] = {"+", "-", "*", "/", "//", "%", "**"};

double number(machine& m, const value& v) {
  if (v.is(kind::floating)) return v.floating();
  const double d = integers::to_double(v);
  if (std::isinf(d)) m.fail(failure_kind::overflow, "int too large to convert to float");
  return d;
}

double float_modulo(double a, double b) {
  double rest = std::fmod(a, b);
  if (rest != 0 && (rest < 0) != (b < 0)) rest += b;
  return rest == 0 ? std::copysign(0.0, b) : rest;
}

double float_floor_divide(double a, double b) {
  const double rest = std::fmod(a, b);
  double quotient = (a - rest) / b;
  if (rest != 0 && (rest < 0) != (b < 0)) quotient -= 1;
  if (quotient == 0) return std::copysign(0.0, a / b);
  const double whole = std::floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}

value float_power(machine& m, double a, double b) {
  if (a == 0 && b < 0)
    m.fail(failure_kind::zero_division, "0.0 cannot be raised to a negative power");
  if (a < 0 && std::isfinite(a) && std::isfinite(b) && b != std::floor(b))
    m.fail(failure_kind::value,
           "a negative number to a fraction is a complex number, which templates do not have");
  const double p = std::pow(a, b);
  if (std::isinf(p) && std::isfinite(a) && std::isfinite(b))
    m.fail(failure_kind::overflow, "numerical result out of range");
  return value::of(p);
}

/// Of 32 bits: what an integer may have, and how much work on them is one step.
constexpr std::size_t most_limbs = 32'768, products_a_step = 64;

value integer_power(machine& m, const value& a, const value& b) {
  if (integers::sign(b) < 0) {
    if (integers::sign(a) == 0)
      m.fail(failure_kind::zero_division, "0.0 cannot be raised to a negative power");
    return float_power(m, number(m, a), number(m, b));
  }
  const auto exponent = integers::to_int64(b);
  const std::size_t bits = integers::bits(a);
  if (bits > 1 && (!exponent || static_cast<double>(*exponent) * static_cast<double>(bits - 1) >
                                    most_limbs * 32.0))
    m.fail(failure_kind::limit, "the power has more than a million bits");
  const auto e = exponent ? static_cast<std::uint64_t>(*exponent) : (b.big().limbs[0] & 1) + 2;
  const std::uint64_t limbs = bits > 1 ? bits * e / 32 : 1;
  m.step(1 + limbs * limbs / products_a_step);
  return integers::power(m.memory(), a, e);
}

/// Products and quotients of long integers take the product of their lengths.
void count_limbs(machine& m, const value& a, const value& b) {
  if (!a.is(kind::big) && !b.is(kind::big)) return;
  const auto limbs = [](const value& v) { return v.is(kind::big) ? v.big().limbs.size() : 2; };
  if (limbs(a) + limbs(b) > most_limbs)
    m.fail(failure_kind::limit, "an integer has more than a million bits");
  m.step(limbs(a) * limbs(b) / products_a_step);
}

value arithmetic(machine& m, binary_op op, const value& a, const value& b) {
  arena& in = m.memory();
  const bool whole = a.is_integral() && b.is_integral();
  if (whole) count_limbs(m, a, b);
  const bool divides = op == binary_op::div || op == binary_op::floor_div || op == binary_op::mod;
  if (divides && (b.is_integral() ? integers::sign(b) == 0 : b.floating() == 0))
    m.fail(failure_kind::zero_division,
           op == binary_op::div ? "division by zero" : "integer division or modulo by zero");
  switch (op) {
    case binary_op::add:
      return whole ? integers::add(in, a, b) : value::of(number(m, a) + number(m, b));
    case binary_op::sub:
      return whole ? integers::subtract(in, a, b) : value::of(number(m, a) - number(m, b));
    case binary_op::mul:
      return whole ? integers::multiply(in, a, b) : value::of(number(m, a) * number(m, b));
    case binary_op::div: {
      if (!whole) return value::of(number(m, a) / number(m, b));
      const double d = integers::true_divide(a, b);
      if (std::isinf(d))
        m.fail(failure_kind::overflow, "integer division result too large for a float");
      return value::of(d);
    }
    case binary_op::floor_div:
      return whole ? integers::floor_divide(in, a, b)
                   : value::of(float_floor_divide(number(m, a), number(m, b)));
    case binary_op::mod:
      return whole ? integers::modulo(in, a, b)
                   : value::of(float_modulo(number(m, a), number(m, b)));
    case binary_op::pow:
      return whole ? integer_power(m, a, b) : float_power(m, number(m, a), number(m, b));
  }
  return {};
}

value joined(machine& m, const value& a, const value& b) {
  if (a.is_string()) {
    text_builder& text = m.borrow();
    const bool safe = a.is_safe() || b.is_safe();
    text.append(safe ? m.escaped(a) : a);
    text.append(safe ? m.escaped(b) : b);
    const value made = text.finish(m.memory());
    m.give_back();
    return made.safe(safe);
  }
  list* all = make_list(m.memory(), a.items().size + std::size_t{b.items().size});
  for (const value& v : a.items()) all->push(m.memory(), v);
  for (const value& v : b.items()) all->push(m.memory(), v);
  return a.is(kind::tuple) ? value::tuple(all) : value::of(all);
}

value repeated(machine& m, const value& what, const value& times) {
  const auto given = integers::to_int64(times);
  if (!given && integers::sign(times) > 0)
    m.fail(failure_kind::overflow, "cannot fit 'int' into an index-sized integer");
  const std::int64_t n = std::max<std::int64_t>(given.value_or(0), 0);
  const std::size_t each = what.is_string() ? what.bytes() : what.items().size * sizeof(value);
  if (each != 0 && static_cast<std::uint64_t>(n) > m.most().memory_bytes / each)
    m.fail(failure_kind::limit, "the repetition would pass the memory that a template may use");
  m.step(static_cast<std::uint64_t>(n) / 64);
  if (what.is_string()) {
    text_builder& text = m.borrow();
    for (std::int64_t i = 0; i < n && each != 0; ++i) text.append(what);
    const value made = text.finish(m.memory());
    m.give_back();
    return made.safe(what.is_safe());
  }
  list* all = make_list(m.memory(), static_cast<std::size_t>(n) * what.items().size);
  for (std::int64_t i = 0; i < n && each != 0; ++i)
    for (const value& v : what.items()) all->push(m.memory(), v);
  return what.is(kind::tuple) ? value::tuple(all) : value::of(all);
}

/// Python's `is`: undefined values are objects of their own.
bool identical(const value& a, const value& b) {
  return a.same(b) && (!a.is_undefined() || &a.why() == &b.why());
}

int sign_of(double a, double b) { return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2; }

int compare_numbers(machine& m, const value& a, const value& b) {
  if (a.is_integral() && b.is_integral()) return integers::compare(a, b);
  if (a.is(kind::floating) && b.is(kind::floating)) return sign_of(a.floating(), b.floating());
  const bool first_is_float = a.is(kind::floating);
  const double d = first_is_float ? a.floating() : b.floating();
  const value& whole = first_is_float ? b : a;
  if (std::isnan(d)) return 2;
  int order = 0;
  if (std::isinf(d))
    order = d > 0 ? -1 : 1;
  else if (const value near = integers::from_double(m.memory(), d); true) {
    order = integers::compare(whole, near);
    if (order == 0) order = sign_of(0, d - std::trunc(d));
  }
  return first_is_float ? -order : order;
}

}  // namespace

value machine::binary(binary_op op, const value& a, const value& b) {
  if (a.is_number() && b.is_number()) return arithmetic(*this, op, a, b);
  if (op == binary_op::mod && a.is_string()) return percent_format(*this, a, b);
  for (const value& v : {a, b})
    if (v.is_undefined()) fail_undefined(v);
  if (op == binary_op::add &&
      ((a.is_string() && b.is_string()) || (a.is(kind::list) && b.is(kind::list)) ||
       (a.is(kind::tuple) && b.is(kind::tuple))))
    return joined(*this, a, b);
  if (op == binary_op::mul) {
    if ((a.is_string() || a.is_sequence()) && b.is_integral()) return repeated(*this, a, b);
    if ((b.is_string() || b.is_sequence()) && a.is_integral()) return repeated(*this, b, a);
  }
  fail(failure_kind::type,
       "unsupported operand type(s) for " + std::string(symbols[static_cast<std::size_t>(op)]) +
           ": '" + std::string(type_name(a)) + "' and '" + std::string(type_name(b)) + "'");
}

value machine::negated(const value& v) {
  if (v.is_integral()) return integers::negate(memory_, v);
  if (v.is(kind::floating)) return value::of(-v.floating());
  if (v.is_undefined()) fail_undefined(v);
  fail(failure_kind::type, "bad operand type for unary -: '" + std::string(type_name(v)) + "'");
}

value machine::positive(const value& v) {
  if (v.is(kind::boolean)) return value::of(v.integer());
  if (v.is_number()) return v;
  if (v.is_undefined()) fail_undefined(v);
  fail(failure_kind::type, "bad operand type for unary +: '" + std::string(type_name(v)) + "'");
}

bool machine::equals(const value& a, const value& b) {
  if (a.is_undefined() && is_strict(a)) fail_undefined(a);
  if (b.is_undefined() && is_strict(b)) fail_undefined(b);
  // What an inline `if` without `else` gives is of another class.
  if (a.is_undefined() && b.is_undefined() && is_chainable(a) != is_chainable(b)) return false;
  if (a.is_string()) step_over(a.bytes());
  if (how_.undefined != undefined_policy::strict || !a.is_sequence() || a.kind() != b.kind())
    return equal(a, b);
  const deeper guard(*this);
  if (a.items().size != b.items().size) return false;
  for (std::uint32_t i = 0; i < a.items().size; ++i)
    if (const value &x = a.items()[i], &y = b.items()[i]; !identical(x, y) && !equals(x, y))
      return false;
  return true;
}

bool machine::less(const value& a, const value& b, std::string_view op) {
  return compare(a, b, op) == -1;
}

int machine::compare(const value& a, const value& b, std::string_view op) {
  if (a.is_number() && b.is_number()) return compare_numbers(*this, a, b);
  if (a.is_string() && b.is_string()) {
    const int order = a.text().compare(b.text());
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  if (a.is_sequence() && a.kind() == b.kind()) {
    const deeper guard(*this);
    const std::uint32_t n = std::min(a.items().size, b.items().size);
    for (std::uint32_t i = 0; i < n; ++i)
      if (const value &x = a.items()[i], &y = b.items()[i]; !identical(x, y) && !equals(x, y))
        return compare(x, y, op);
    return a.items().size < b.items().size ? -1 : a.items().size > b.items().size ? 1 : 0;
  }
  for (const value& v : {a, b})
    if (v.is_undefined()) fail_undefined(v);
  fail(failure_kind::type, "'" + std::string(op) + "' not supported between instances of '" +
                               std::string(type_name(a)) + "' and '" + std::string(type_name(b)) +
                               "'");
}

bool machine::contains(const value& in, const value& what) {
  switch (in.kind()) {
    case kind::string:
      if (!what.is_string())
        fail(failure_kind::type,
             "'in <string>' requires string as left operand, not " + std::string(type_name(what)));
      step_over(in.bytes());
      return texts::find(in.text(), what.text()) != std::string_view::npos;
    case kind::dict:
      require_hashable(*this, what);
      return in.entries().find(what) != nullptr;
    case kind::undefined:
      if (is_strict(in)) fail_undefined(in);
      return false;
    case kind::object: {
      if (const auto* r = dynamic_cast<const range*>(&in.thing());
          r != nullptr && what.is_integral()) {
        const auto n = integers::to_int64(what);
        return n && r->contains(*n);
      }
      if (const auto* view = dynamic_cast<const dict_view*>(&in.thing());
          view != nullptr && view->has_key(what))
        return true;
      break;
    }
    case kind::list:
    case kind::tuple:
      break;
    default:
      fail(failure_kind::type,
           "argument of type '" + std::string(type_name(in)) + "' is not iterable");
  }
  bool found = false;
  iterate(in, [&](const value& v) {
    step();
    found = v.same(what) || equals(v, what);
    return !found;
  });
  return found;
}

}  // namespace jinja
