// A ledger's file with any bytes in it, and what is found of its rows: never more than fits, never
// a reader's trouble. The pages and the log; the salvage itself writes files and is too slow here.
#include "ledger/damaged_rows.hpp"
#include "ledger/leaf_page.hpp"
#include "ledger/log_frames.hpp"
#include "ledger/record.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace ark;

void look_at(std::string_view row) {
  const auto values = detail::row_values(row);
  if (!values) return;
  static_cast<void>(detail::recognise_segment(1, *values));
  static_cast<void>(detail::recognise_session(*values));
  static_cast<void>(detail::recognise_budget(*values));
  const auto found = detail::recognise(*values).row;
  if (!found || found->trust == detail::row_trust::checked) return;
  for (const auto& c : found->columns)
    if (c.kind == detail::cell::type::text)
      fuzz::require(c.text.find('\0') == std::string_view::npos, "text has no end within");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  constexpr std::size_t page_size = 4096;
  const auto page = [&](std::uint32_t n) {
    const std::size_t at = (static_cast<std::size_t>(n) - 1) * page_size;
    return n == 0 || at >= bytes.size() ? std::string_view() : bytes.substr(at, page_size);
  };
  look_at(bytes);
  for (std::uint32_t n = 1; !page(n).empty(); ++n)
    for (const auto& cell : detail::leaf_cells(page(n), n == 1)) {
      const auto row = cell ? detail::row_bytes(*cell, page) : std::nullopt;
      if (row) look_at(*row);
    }
  const auto log = detail::read_log(
      [&](std::int64_t at, std::size_t count) {
        return bytes.substr(std::min(static_cast<std::size_t>(at), size), count);
      },
      static_cast<std::int64_t>(size), 512);
  for (const auto& frame : log.frames)
    fuzz::require(frame.offset + 512 <= static_cast<std::int64_t>(size), "within the log");
  return 0;
}
