#include "adapters/billing/reports.hpp"
#include "files/suggest.hpp"

namespace ark {
namespace {

/// In the order in which they are tried.
const std::vector<const billing::report_reader*>& all_report_readers() {
  static const std::vector<const billing::report_reader*> all = {
      &adapters::volcengine_report(), &adapters::anthropic_report(), &adapters::openai_report()};
  return all;
}

error unknown_format(const std::string& name) {
  const auto near = files::nearest(name, vendor_report_formats());
  return error{.code = errc::invalid_request,
               .message = "no reader for reports of the format \"" + name + "\"" +
                          (near.empty() ? "" : "; did you mean \"" + near + "\"?")};
}

/// Null: the CSV of `options.columns`.
result<const billing::report_reader*> reader_for(std::string_view file, std::string_view text,
                                                 const report_options& options) {
  if (options.format == "csv" || !options.columns.empty()) return nullptr;
  for (const auto* one : all_report_readers())
    if (options.format == one->name() || (options.format == "auto" && one->recognises(text)))
      return one;
  if (options.format != "auto") return unknown_format(options.format);
  return error{
      .code = errc::config,
      .message = std::string(file) +
                 ": no reader knows this report; name its format, or for a CSV its columns"};
}

}  // namespace

std::vector<std::string> vendor_report_formats() {
  std::vector<std::string> names = {"csv"};
  for (const auto* one : all_report_readers()) names.emplace_back(one->name());
  return names;
}

result<report_facts> identify_vendor_report(std::string_view file, std::string_view text,
                                            const report_options& options) {
  const auto reader = reader_for(file, text, options);
  if (!reader) return reader.error();
  if (*reader == nullptr && options.columns.empty())
    return error{.code = errc::invalid_request,
                 .message = "say which columns of " + std::string(file) +
                            " are what: date=..., model=..., amount=..."};
  const auto own = *reader == nullptr ? std::chrono::minutes(0) : (*reader)->utc_offset();
  return report_facts{.format = *reader == nullptr ? "csv" : std::string((*reader)->name()),
                      .utc_offset = options.utc_offset.value_or(own)};
}

result<report_facts> read_vendor_report(std::string_view file, std::string_view text,
                                        const report_options& options,
                                        const std::function<result<void>(vendor_line)>& each) {
  auto facts = identify_vendor_report(file, text, options);
  if (!facts) return facts;
  const auto reader = reader_for(file, text, options);
  if (!reader) return reader.error();
  const auto counted = [&](vendor_line line) -> result<void> {
    ++facts->lines;
    return each(std::move(line));
  };
  const auto done = *reader == nullptr
                        ? billing::read_mapped_csv(file, text, options, facts->utc_offset, counted)
                        : (*reader)->read(file, text, *facts, counted);
  if (!done) return done.error();
  return facts;
}

}  // namespace ark
