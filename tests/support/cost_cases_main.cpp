#include "rows.hpp"
#include "tests/support/cost_cases.hpp"

#include <cstdio>
#include <exception>

/// ark-cost-cases FILE...: prints id, expected and got of each worked case; exit code 1 when a
/// total differs, 2 when a file cannot be read.
int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: ark-cost-cases FILE...\n", stderr);
    return 2;
  }
  const auto book =
      ark::catalog::load_book({ark::adapters::vendor_rows(), ark::adapters::model_rows()}, {}, {});
  if (!book) {
    std::fprintf(stderr, "%s\n", book.error().message.c_str());
    return 2;
  }
  int cases = 0, wrong = 0;
  try {
    for (int i = 1; i < argc; ++i) {
      for (const auto& c : ark::test::run_cost_cases(argv[i], **book)) {
        ++cases;
        wrong += c.total_matches ? 0 : 1;
        std::printf("%s\t%s\texpected %s\tgot %s%s%s\n", c.total_matches ? "ok" : "WRONG",
                    c.id.c_str(), c.expected.c_str(), c.got.c_str(),
                    c.lines_match ? "" : "\tlines differ: ", c.lines.c_str());
      }
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
  }
  std::printf("%d cases, %d wrong\n", cases, wrong);
  return wrong == 0 ? 0 : 1;
}
