#include "eval/junit.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "eval/summary.hpp"

namespace ark::eval {

namespace {

constexpr std::size_t shown_bytes_max = 2000;

std::string escaped(std::string_view raw) {
  std::string out;
  for (const char c : text::repair_utf8(raw)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\n')
      out += "&#10;";
    else if (byte < 0x20 && c != '\t' && c != '\r')
      out += "\xEF\xBF\xBD";
    else
      out += c;
  }
  return out;
}

void write_case(std::string& out, const row& r) {
  out += fmt::format(R"(    <testcase classname="{}" name="{}" time="{:.3f}")", escaped(r.model),
                     escaped(r.prompt_id + " / " + r.case_id), r.latency_ms / 1000);
  if (r.status == row_status::pass) {
    out += "/>\n";
    return;
  }
  out += ">\n";
  if (r.status == row_status::error) {
    out += fmt::format("      <error type=\"{}\" message=\"{}\"/>\n", escaped(r.error_code),
                       escaped(r.error_message));
  } else {
    std::string reasons;
    for (const auto& v : r.verdicts)
      if (!v.pass) reasons += (reasons.empty() ? "" : "; ") + v.type + ": " + v.reason;
    out += fmt::format("      <failure message=\"{}\">{}</failure>\n", escaped(reasons),
                       escaped(std::string_view(r.output).substr(0, shown_bytes_max)));
  }
  out += "    </testcase>\n";
}

}  // namespace

std::string junit_xml(const std::string& suite_name, const std::vector<row>& rows) {
  const auto models = summarise(rows);
  std::int64_t failed = 0, errors = 0;
  for (const auto& m : models) {
    failed += m.failed;
    errors += m.errors;
  }
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
                     escaped(suite_name), rows.size(), failed, errors);
  for (const auto& m : models) {
    out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
                       escaped(m.model), m.rows, m.failed, m.errors);
    for (const auto& r : rows)
      if (r.model == m.model) write_case(out, r);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace ark::eval
