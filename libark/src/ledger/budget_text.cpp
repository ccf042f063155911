#include "ledger/budget_text.hpp"

#include "base/json.hpp"
#include "base/json_reader.hpp"

namespace ark::detail {

std::string scope_json(const budget_scope& s) {
  std::string out;
  json::writer w(out);
  w.begin_object();
  const std::pair<const char*, const std::string*> texts[] = {
      {"vendor", &s.vendor}, {"model", &s.model}, {"tenant", &s.tenant},
      {"user", &s.user},     {"task", &s.task},   {"run", &s.run}};
  for (const auto& [name, value] : texts)
    if (!value->empty()) w.key(name).string(*value);
  if (!s.tags.empty()) {
    w.key("tags").begin_object();
    for (const auto& [name, value] : s.tags) w.key(name).string(value);
    w.end_object();
  }
  w.end_object();
  return out;
}

std::string thresholds_json(const std::vector<int>& thresholds) {
  std::string out;
  json::writer w(out);
  w.begin_array();
  for (const int t : thresholds) w.number(std::int64_t{t});
  w.end_array();
  return out;
}

error damaged_budget(std::string_view name) {
  return {.code = errc::ledger,
          .message = "the ledger is damaged: the budget \"" + std::string(name) +
                     "\" cannot be read: set it again"};
}

bool read_scope(std::string_view text, budget_scope& into) {
  json::reader reader;
  const auto root = reader.parse(text);
  simdjson::dom::object all, tags;
  if (!root || root->get_object().get(all) != simdjson::SUCCESS) return false;
  into.vendor = json::text_at(*root, "vendor");
  into.model = json::text_at(*root, "model");
  into.tenant = json::text_at(*root, "tenant");
  into.user = json::text_at(*root, "user");
  into.task = json::text_at(*root, "task");
  into.run = json::text_at(*root, "run");
  json::element found;
  if (!json::find(*root, "tags", found)) return true;
  if (found.get_object().get(tags) != simdjson::SUCCESS) return false;
  json::for_each_member(tags, [&into](std::string_view name, json::element value) {
    into.tags.emplace(name, json::as_text(value));
  });
  return true;
}

bool read_thresholds(std::string_view text, std::vector<int>& into) {
  json::reader reader;
  const auto root = reader.parse(text);
  simdjson::dom::array all;
  if (!root || root->get_array().get(all) != simdjson::SUCCESS) return false;
  for (const json::element each : all) into.push_back(static_cast<int>(json::as_integer(each)));
  return true;
}

bool read_period(std::string_view text, budget_period& into) {
  for (const auto p :
       {budget_period::total, budget_period::day, budget_period::month, budget_period::rolling})
    if (text == to_string(p)) {
      into = p;
      return true;
    }
  return false;
}

}  // namespace ark::detail
