#include <algorithm>
#include <array>
#include <cmath>

#include "filters.hpp"
#include "json_text.hpp"
#include "numbers.hpp"
#include "objects.hpp"
#include "percent.hpp"
#include "unicode.hpp"

namespace jinja::filters {

value absolute(machine& m, const call_of& c) {
  const taker t(m, "abs", c, {});
  if (c.subject.is_undefined())
    m.fail(failure_kind::type, "bad operand type for abs(): 'Undefined'");
  if (c.subject.is_integral())
    return integers::sign(c.subject) < 0 ? integers::negate(m.memory(), c.subject)
                                         : m.positive(c.subject);
  if (c.subject.is(kind::floating)) return value::of(std::fabs(c.subject.floating()));
  m.fail(failure_kind::type,
         "bad operand type for abs(): '" + std::string(m.type_name(c.subject)) + "'");
}

value attr(machine& m, const call_of& c) {
  const taker t(m, "attr", c, {"name"});
  const value& name = t.required(0);
  if (name.is_undefined() && m.is_strict(name)) m.fail_undefined(name);
  if (!name.is_string())
    m.fail(failure_kind::type,
           "attribute name must be string, not '" + std::string(m.type_name(name)) + "'");
  // Attributes only: what a dict has under a key is none.
  if (c.subject.is(kind::dict) && methods_named(name.text()) == nullptr)
    return m.undefined(
        name.text().starts_with("__") ? undefined_reason::unsafe : undefined_reason::attribute,
        name.text(), c.subject);
  return m.attribute(c.subject, name.text(), methods_named(name.text()));
}

value or_default(machine& m, const call_of& c) {
  const taker t(m, "default", c, {"default_value", "boolean"});
  const bool falls = c.subject.is_undefined() || (t.flag(1, false) && !m.truth(c.subject));
  return falls ? (t.has(0) ? t[0] : value::of("")) : c.subject;
}

value filesizeformat(machine& m, const call_of& c) {
  const taker t(m, "filesizeformat", c, {"binary"});
  const bool binary = t.flag(0, false);
  const double bytes = numbers::to_float(m, c.subject), base = binary ? 1024 : 1000;
  static constexpr std::array<std::string_view, 8> decimal = {"kB", "MB", "GB", "TB",
                                                              "PB", "EB", "ZB", "YB"};
  static constexpr std::array<std::string_view, 8> two = {"KiB", "MiB", "GiB", "TiB",
                                                          "PiB", "EiB", "ZiB", "YiB"};
  if (bytes == 1) return value::of("1 Byte");
  if (std::isnan(bytes)) m.fail(failure_kind::value, "cannot convert float NaN to integer");
  if (bytes < base) {
    if (std::isinf(bytes))
      m.fail(failure_kind::overflow, "cannot convert float infinity to integer");
    return m.text_of(integers::to_string(integers::from_double(m.memory(), bytes)) + " Bytes");
  }
  double unit = base;
  std::size_t i = 0;
  for (; i < decimal.size(); ++i) {
    unit = std::pow(base, static_cast<double>(i) + 2);
    if (bytes < unit) break;
  }
  i = std::min(i, decimal.size() - 1);
  return m.text_of(fixed(base * bytes / unit, 1) + " " + std::string(binary ? two[i] : decimal[i]));
}

value to_float(machine& m, const call_of& c) {
  const taker t(m, "float", c, {"default"});
  if (c.subject.is_undefined()) m.fail_undefined(c.subject);
  const auto d = numbers::read_float(m, c.subject);
  return d ? value::of(*d) : t.has(0) ? t[0] : value::of(0.0);
}

value to_int(machine& m, const call_of& c) {
  const taker t(m, "int", c, {"default", "base"});
  const value otherwise = t.has(0) ? t[0] : value::of(std::int64_t{0});
  const value& v = c.subject;
  if (v.is_undefined()) m.fail_undefined(v);
  if (v.is_integral()) return m.positive(v);
  if (v.is(kind::floating)) {
    if (std::isinf(v.floating()))
      m.fail(failure_kind::overflow, "cannot convert float infinity to integer");
    return std::isnan(v.floating()) ? otherwise : integers::from_double(m.memory(), v.floating());
  }
  if (!v.is_string()) return otherwise;
  if (const auto n = numbers::read_int(m, v.text(), t.number(1, 10))) return *n;
  const auto d = numbers::read_float(m, v);
  if (d && std::isinf(*d))
    m.fail(failure_kind::overflow, "cannot convert float infinity to integer");
  if (!d || std::isnan(*d)) return otherwise;
  return integers::from_double(m.memory(), *d);
}

value pprint(machine& m, const call_of& c) {
  const taker t(m, "pprint", c, {});
  return m.text_of(numbers::pretty(m, c.subject));
}

value round(machine& m, const call_of& c) {
  const taker t(m, "round", c, {"precision", "method"});
  const std::string how = t.has(1) ? m.str_bytes(t[1]) : "common";
  if (how != "common" && how != "ceil" && how != "floor")
    m.fail(failure_kind::argument, "method must be common, ceil or floor");
  const std::int64_t precision = t.number(0, 0);
  const value& v = c.subject;
  if (how == "common") {
    if (v.is_undefined() || !v.is_number())
      m.fail(failure_kind::type,
             "type " + std::string(m.type_name(v)) + " doesn't define __round__ method");
    return numbers::rounded(m, v, precision);
  }
  const value scale = m.binary(binary_op::pow, value::of(std::int64_t{10}), value::of(precision));
  const value scaled = m.binary(binary_op::mul, v, scale);
  if (!scaled.is_number())
    m.fail(failure_kind::type, "must be real number, not " + std::string(m.type_name(scaled)));
  const double d = numbers::to_float(m, scaled);
  if (std::isnan(d)) m.fail(failure_kind::value, "cannot convert float NaN to integer");
  if (std::isinf(d)) m.fail(failure_kind::overflow, "cannot convert float infinity to integer");
  const value whole =
      scaled.is_integral()
          ? m.positive(scaled)
          : integers::from_double(m.memory(), how == "ceil" ? std::ceil(d) : std::floor(d));
  return m.binary(binary_op::div, whole, scale);
}

value tojson(machine& m, const call_of& c) {
  json_style how;
  const auto indent = [&](const value& v) {
    if (v.is_missing() || v.is_none() || c.subject.is_string()) return;
    if (v.is_undefined()) m.fail_undefined(v);
    how.has_indent = true;
    how.between = ",";
    how.indent = v.is_string() ? std::string(v.text())
                               : std::string(static_cast<std::size_t>(std::clamp<std::int64_t>(
                                                 index_number(m, v), 0, 1000)),
                                             ' ');
  };
  if (!m.env().plain_json()) {
    const taker t(m, "tojson", c, {"indent"});
    indent(t[0]);
    how.sort_keys = how.html_safe = true;
    return json_text(m, c.subject, how).safe();
  }
  const taker t(m, "tojson", c, {"ensure_ascii", "indent", "separators", "sort_keys"});
  how.ascii = t.flag(0, false);
  indent(t[1]);
  if (t.has(2) && !t[2].is_none()) {
    const list* both = m.to_list(t[2]);
    if (both->size != 2) m.fail(failure_kind::value, "not enough values to unpack (expected 2)");
    how.between = m.str_bytes((*both)[0]);
    how.colon = m.str_bytes((*both)[1]);
  }
  how.sort_keys = t.flag(3, false);
  return json_text(m, c.subject, how);
}

}  // namespace jinja::filters
