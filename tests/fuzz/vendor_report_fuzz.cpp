// Readers of vendors' reports: no crash, errors that name the file, and lines that can be matched.
#include <ark/billing.hpp>

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ark::fuzz::input in(data, size);
  static const ark::column_map columns = {{"date", "d"},   {"until", "u"},    {"model", "m"},
                                          {"amount", "a"}, {"currency", "c"}, {"input", "i"}};
  for (const char* format : {"auto", "openai", "anthropic", "volcengine", "csv"}) {
    ark::report_options options{.format = format};
    if (options.format == "csv") options.columns = columns;
    std::int64_t lines = 0;
    const auto done =
        ark::read_vendor_report("file", in.bytes(), options, [&](ark::vendor_line line) {
          ++lines;
          ark::fuzz::require(line.place.starts_with("file"), "a line says where it stands");
          ark::fuzz::require(!line.from || !line.until || *line.from < *line.until,
                             "a period is not empty");
          ark::fuzz::require(!line.usage || line.usage->input_total() >= 0, "counts are counts");
          return ark::result<void>{};
        });
    if (done)
      ark::fuzz::require(done->lines == lines, "all lines are counted");
    else
      ark::fuzz::require(done.error().message.find("file") != std::string::npos,
                         "an error names the file");
  }
  return 0;
}
