// Jinja2's tests: what stands behind `is`.
#include <algorithm>
#include <array>

#include "objects.hpp"
#include "taker.hpp"
#include "unicode.hpp"

namespace jinja {
namespace {

value argument(machine& m, const call_of& c, std::string_view name) {
  const taker t(m, name, c, {"other"});
  return t.required(0);
}
void none(machine& m, const call_of& c, std::string_view name) { const taker t(m, name, c, {}); }

value modulo(machine& m, const value& v, std::int64_t by) {
  return m.binary(binary_op::mod, v, value::of(by));
}

bool is_sequence(machine& m, const value& v) {
  // A strict one has no length; Python's test takes any failure for a no.
  if (v.is_undefined()) return !m.is_strict(v);
  if (v.is(kind::object)) return v.thing().is_sequence();
  return v.is_string() || v.is_sequence() || v.is(kind::dict);
}

bool is_iterable(machine& m, const value& v) {
  if (v.is_undefined()) {
    if (m.is_strict(v)) m.fail_undefined(v);
    return true;
  }
  if (v.is(kind::object)) return v.thing().iterate(m) != nullptr;
  return v.is_string() || v.is_sequence() || v.is(kind::dict);
}

/// str.isupper() and str.islower().
bool has_case(std::string_view text, bool (*wanted)(char32_t), bool (*other)(char32_t)) {
  bool cased = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = unicode::decode(text, at);
    if (other(c) || unicode::is_title(c)) return false;
    cased = cased || wanted(c);
  }
  return cased;
}

#define JINJA_TEST(name, body)              \
  bool name(machine& m, const call_of& c) { \
    const value& v = c.subject;             \
    static_cast<void>(v);                   \
    body                                    \
  }
JINJA_TEST(boolean, none(m, c, "boolean"); return v.is(kind::boolean);)
JINJA_TEST(callable, none(m, c, "callable"); return m.is_callable(v);)
JINJA_TEST(defined, none(m, c, "defined"); return !v.is_undefined();)
JINJA_TEST(undefined, none(m, c, "undefined"); return v.is_undefined();)
JINJA_TEST(divisibleby, const taker t(m, "divisibleby", c, {"num"});
           return m.equals(m.binary(binary_op::mod, v, t.required(0)), value::of(std::int64_t{0}));)
JINJA_TEST(eq, return m.equals(v, argument(m, c, "eq"));)
JINJA_TEST(ne, return !m.equals(v, argument(m, c, "ne"));)
JINJA_TEST(lt, return m.less(v, argument(m, c, "lt"));)
JINJA_TEST(gt, return m.less(argument(m, c, "gt"), v, ">");)
JINJA_TEST(le, const int o = m.compare(v, argument(m, c, "le"), "<="); return o <= 0;)
JINJA_TEST(ge, const int o = m.compare(v, argument(m, c, "ge"), ">="); return o == 0 || o == 1;)
JINJA_TEST(escaped, none(m, c, "escaped");
           return v.is_undefined() ? m.is_chainable(v) : v.is_string() && v.is_safe();)
JINJA_TEST(even, none(m, c, "even"); return m.equals(modulo(m, v, 2), value::of(std::int64_t{0}));)
JINJA_TEST(odd, none(m, c, "odd"); return m.equals(modulo(m, v, 2), value::of(std::int64_t{1}));)
JINJA_TEST(is_false, none(m, c, "false"); return v.is(kind::boolean) && !v.boolean();)
JINJA_TEST(is_true, none(m, c, "true"); return v.is(kind::boolean) && v.boolean();)
JINJA_TEST(filter, none(m, c, "filter"); require_hashable(m, v);
           return v.is_string() && m.env().filter(v.text()) != nullptr;)
JINJA_TEST(test, none(m, c, "test"); require_hashable(m, v);
           return v.is_string() && builtin_test(v.text()) != nullptr;)
JINJA_TEST(floating, none(m, c, "float"); return v.is(kind::floating);)
JINJA_TEST(integer, none(m, c, "integer"); return v.is(kind::integer) || v.is(kind::big);)
JINJA_TEST(in, const taker t(m, "in", c, {"seq"}); return m.contains(t.required(0), v);)
JINJA_TEST(iterable, none(m, c, "iterable"); return is_iterable(m, v);)
JINJA_TEST(mapping, none(m, c, "mapping");
           return v.is(kind::dict) || (v.is(kind::object) && v.thing().is_mapping());)
JINJA_TEST(is_none, none(m, c, "none"); return v.is_none();)
JINJA_TEST(number, none(m, c, "number"); return v.is_number();)
JINJA_TEST(sameas, return v.same(argument(m, c, "sameas"));)
JINJA_TEST(sequence, none(m, c, "sequence"); return is_sequence(m, v);)
JINJA_TEST(string, none(m, c, "string"); return v.is_string();)
JINJA_TEST(lower, none(m, c, "lower");
           return has_case(m.str(v).text(), unicode::is_lower, unicode::is_upper);)
JINJA_TEST(upper, none(m, c, "upper");
           return has_case(m.str(v).text(), unicode::is_upper, unicode::is_lower);)
#undef JINJA_TEST

constexpr std::array all_tests = {test_entry{"!=", ne},
                                  test_entry{"<", lt},
                                  test_entry{"<=", le},
                                  test_entry{"==", eq},
                                  test_entry{">", gt},
                                  test_entry{">=", ge},
                                  test_entry{"boolean", boolean},
                                  test_entry{"callable", callable},
                                  test_entry{"defined", defined},
                                  test_entry{"divisibleby", divisibleby},
                                  test_entry{"eq", eq},
                                  test_entry{"equalto", eq},
                                  test_entry{"escaped", escaped},
                                  test_entry{"even", even},
                                  test_entry{"false", is_false},
                                  test_entry{"filter", filter},
                                  test_entry{"float", floating},
                                  test_entry{"ge", ge},
                                  test_entry{"greaterthan", gt},
                                  test_entry{"gt", gt},
                                  test_entry{"in", in},
                                  test_entry{"integer", integer},
                                  test_entry{"iterable", iterable},
                                  test_entry{"le", le},
                                  test_entry{"lessthan", lt},
                                  test_entry{"lower", lower},
                                  test_entry{"lt", lt},
                                  test_entry{"mapping", mapping},
                                  test_entry{"ne", ne},
                                  test_entry{"none", is_none},
                                  test_entry{"number", number},
                                  test_entry{"odd", odd},
                                  test_entry{"sameas", sameas},
                                  test_entry{"sequence", sequence},
                                  test_entry{"string", string},
                                  test_entry{"test", test},
                                  test_entry{"true", is_true},
                                  test_entry{"undefined", undefined},
                                  test_entry{"upper", upper}};

}  // namespace

const test_entry* builtin_test(std::string_view name) noexcept {
  const auto at =
      std::lower_bound(all_tests.begin(), all_tests.end(), name,
                       [](const test_entry& e, std::string_view n) { return e.name < n; });
  return at != all_tests.end() && at->name == name ? &*at : nullptr;
}

}  // namespace jinja
