// A spool's file, which a killed process left: what is read can be written and reads the same.
#include "ledger/spool.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ark;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto records = detail::read_spool(bytes)) {
    for (std::size_t i = 1; i < records->size(); ++i)
      fuzz::require((*records)[i].number == (*records)[i - 1].number + 1, "numbers grow by one");
  }
  // Past the checksums, which a fuzzer does not guess.
  if (const auto record = detail::read_record(bytes)) {
    std::string again;
    detail::append_record(again, *record);
    const auto reread = detail::read_record(again);
    fuzz::require(reread.has_value(), "what was written is read");
    std::string third;
    detail::append_record(third, *reread);
    fuzz::require(third == again, "and is the same");
  }
  return 0;
}
