#include "telemetry/prometheus.hpp"

#include "base/text.hpp"

#include <charconv>
#include <cmath>

namespace ark {
namespace telemetry {
namespace {

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

std::vector<name_and_value> views_of(const series& s) {
  std::vector<name_and_value> out;
  out.reserve(s.labels.size() + 1);
  for (const label& l : s.labels) out.emplace_back(l.name->prometheus, l.value);
  return out;
}

void append_histogram(std::string& out, const instrument& i, const series& s) {
  const std::string name(i.prometheus);
  auto labels = views_of(s);
  std::uint64_t up_to = 0;
  for (std::size_t b = 0; b < s.in_bucket.size(); ++b) {
    up_to += s.in_bucket[b];
    const std::string bound = b < i.bounds.size() ? number_text(i.bounds[b]) : "+Inf";
    labels.emplace_back("le", bound);
    append_sample(out, name + "_bucket", labels, std::to_string(up_to));
    labels.pop_back();
  }
  append_sample(out, name + "_sum", labels, number_text(s.sum));
  append_sample(out, name + "_count", labels, std::to_string(s.count));
}

}  // namespace

void append_label_value(std::string& out, std::string_view value) {
  const std::string repaired = text::is_utf8(value) ? std::string() : text::repair_utf8(value);
  out += '"';
  for (const char c : repaired.empty() ? value : std::string_view(repaired)) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  out += '"';
}

void append_sample(std::string& out, std::string_view name, std::span<const name_and_value> labels,
                   std::string_view value) {
  out += name;
  char before = '{';
  for (const auto& [key, text] : labels) {
    out += before;
    out.append(key).push_back('=');
    append_label_value(out, text);
    before = ',';
  }
  if (!labels.empty()) out += '}';
  out += ' ';
  out.append(value).push_back('\n');
}

void append_family(std::string& out, std::string_view name, std::string_view type,
                   std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name);
  out.append(" ").append(type).append("\n");
}

std::string prometheus_text(std::span<const instrument> instruments) {
  std::string out;
  for (const instrument& i : instruments) {
    if (i.all.empty()) continue;
    const bool is_histogram = i.kind == instrument_kind::histogram;
    append_family(out, i.prometheus, is_histogram ? "histogram" : "counter", i.description);
    for (const series& s : i.all) {
      if (is_histogram)
        append_histogram(out, i, s);
      else if (i.kind == instrument_kind::money)
        append_sample(out, i.prometheus, views_of(s), s.money.to_string());
      else
        append_sample(out, i.prometheus, views_of(s), std::to_string(s.count));
    }
  }
  return out;
}

}  // namespace telemetry

live_metrics::live_metrics(std::size_t max_series)
    : metrics_(std::make_unique<telemetry::metrics>(max_series)) {}
live_metrics::~live_metrics() = default;

void live_metrics::attempt_ended(const attempt_facts& attempt) noexcept { metrics_->add(attempt); }
void live_metrics::call_ended(const call_facts& call) noexcept { metrics_->add(call); }

std::string live_metrics::prometheus() const {
  std::string out;
  metrics_->read(
      [&](std::span<const telemetry::instrument> all) { out = telemetry::prometheus_text(all); });
  return out;
}

}  // namespace ark
