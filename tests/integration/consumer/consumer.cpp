// What a program outside the tree sees: the installed headers and `pkg-config ark`, nothing else.
#include <ark/ark.hpp>

#include <cstdio>

int main() {
  const ark::amount price = ark::amount::parse("2.50").value();
  const ark::result<ark::amount> cost = price.times_ratio(1'234, 1'000'000);
  if (!cost || cost->to_string() != "0.003085") return 1;
  if (ark::user("hello").text() != "hello") return 2;
  // An error crosses the library's border as a value and as an exception.
  const ark::result<ark::amount> bad = ark::amount::parse("1e3");
  if (bad || bad.error().code != ark::errc::invalid_request) return 3;
  try {
    (void)bad.value();
    return 4;
  } catch (const ark::exception& e) {
    if (e.error().code != ark::errc::invalid_request) return 5;
  }
  std::printf("ark %.*s\n", static_cast<int>(ark::version().size()), ark::version().data());
  return 0;
}
