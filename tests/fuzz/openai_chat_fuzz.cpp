// The chat-completions family: its stream, whole answers and errors, with a plain row and with one
// of the quirks that change how answers are read.
#include "dialect/openai_chat.hpp"
#include "tests/fuzz/dialect.hpp"

namespace {

ark::vendor plain_row() {
  ark::vendor row;
  row.name = "fuzz";
  row.dialect = "openai_chat";
  return row;
}

ark::vendor quirky_row() {
  using namespace ark::quirk;
  ark::vendor row = plain_row();
  row.quirks = {think_tags{"<think>", "</think>"}, reasoning_field{{"reasoning"}},
                usage_path{{"x.usage"}},           cached_path{{"prompt_cache_hit_tokens"}},
                vendor_cost{"usage.cost", "USD"},  finish_map{"odd", ark::finish_reason::length},
                stream_without_terminal{}};
  return row;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor rows[] = {plain_row(), quirky_row()};
  const std::size_t which = size > 0 ? data[0] & 1u : 0;
  ark::fuzz::feed_dialect(ark::adapters::openai_chat(), rows[which], {data, size});
  return 0;
}
