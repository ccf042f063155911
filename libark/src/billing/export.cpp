#include <ark/billing.hpp>

#include "billing/entry_message.hpp"
#include "billing/entry_text.hpp"
#include "billing/focus.hpp"

namespace ark {
namespace {

/// Gives what is written on in large pieces.
class buffered_sink {
 public:
  explicit buffered_sink(const byte_sink& write) : write_(write) {}
  std::string& text() noexcept { return text_; }
  result<void> flush_if_large() { return text_.size() < (64u << 10) ? result<void>{} : flush(); }
  result<void> flush() {
    if (text_.empty()) return {};
    auto ok = write_(text_);
    text_.clear();
    return ok;
  }

 private:
  const byte_sink& write_;
  std::string text_;
};

result<void> append_entry(std::string& out, export_format format, const ledger_entry& e,
                          billing::focus_rows& rows) {
  switch (format) {
    case export_format::csv:
      out += billing::entry_csv(e);
      return {};
    case export_format::jsonl:
      out += billing::entry_json(e);
      out += '\n';
      return {};
    case export_format::protobuf:
      billing::append_message(out, e);
      return {};
    case export_format::focus:
      break;
  }
  return rows.add(out, e);
}

}  // namespace

result<export_summary> export_entries(const ledger& from, const ledger_filter& filter,
                                      const export_options& options, const byte_sink& write) {
  buffered_sink to(write);
  billing::focus_rows rows(options);
  const bool is_focus = options.format == export_format::focus;
  if (options.format == export_format::csv) to.text() += billing::entry_csv_head();
  if (is_focus) to.text() += billing::focus_rows::head();
  std::int64_t entries = 0;
  result<void> failed;
  const auto scanned = from.scan(filter, [&](const ledger_entry& e) {
    ++entries;
    failed = append_entry(to.text(), options.format, e, rows);
    if (failed) failed = to.flush_if_large();
    return failed.has_value();
  });
  if (!failed) return failed.error();
  if (!scanned) return scanned.error();
  if (is_focus)
    if (auto ok = rows.finish(to.text(), [&] { return to.flush_if_large(); }); !ok)
      return ok.error();
  if (auto ok = to.flush(); !ok) return ok.error();
  if (is_focus) return rows.summary();
  return export_summary{.entries = entries, .rows = entries};
}

}  // namespace ark
