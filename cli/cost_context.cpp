#include "cli/cost_context.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ark::cli::worked {
namespace {

/// "request.service_tier", written flat or as an object in an object.
std::string nested_text(const bj::object& o, const std::string& outer, const std::string& inner) {
  if (auto flat = text_at(o, outer + "." + inner); !flat.empty()) return flat;
  const bj::object* nested = object_at(o, outer);
  return nested != nullptr ? text_at(*nested, inner) : std::string{};
}

std::string first_text(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts)
    if (!text.empty()) return text;
  return {};
}

int number(std::string_view text, std::size_t at, std::size_t size) {
  int n = -1;
  if (at + size > text.size()) return -1;
  const char* end = text.data() + at + size;
  return std::from_chars(text.data() + at, end, n).ptr == end ? n : -1;
}

std::string_view catalogue_name(std::string_view vendor) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> names{{
      {"google", "gemini"},
      {"google-ai", "gemini"},
      {"google-vertex", "vertex"},
      {"aws-bedrock", "bedrock"},
      {"amazon-bedrock", "bedrock"},
      {"aws", "bedrock"},
      {"volcengine", "volcengine-ark"},
      {"doubao", "volcengine-ark"},
      {"dashscope-intl", "dashscope"},
      {"alibaba", "dashscope"},
      {"qwen", "dashscope"},
      {"x-ai", "xai"},
      {"moonshot-cn", "moonshot"},
      {"azure-openai", "azure"},
  }};
  for (const auto& [word, name] : names)
    if (word == vendor) return name;
  return vendor;
}

/// The only price of `dimension` that any of the vendor's models has; nothing if they differ.
std::vector<catalog::price> common_rows(const catalog::book& book, const vendor& v,
                                        std::string_view dimension) {
  std::vector<catalog::price> found;
  for (const catalog::model* m : book.models_of(v.name))
    for (const catalog::price& p : m->prices) {
      if (p.dimension != dimension || p.unknown) continue;
      if (found.empty()) found.push_back(p);
      if (p.value != found[0].value || p.unit != found[0].unit) return {};
    }
  if (!found.empty()) found[0].when = {};
  return found;
}

}  // namespace

std::chrono::system_clock::time_point read_time(std::string_view text) {
  using namespace std::chrono;
  const int y = number(text, 0, 4), m = number(text, 5, 2), d = number(text, 8, 2);
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)},
                            day{static_cast<unsigned>(d)}};
  if (y < 0 || m < 0 || d < 0 || !date.ok()) return {};
  system_clock::time_point at = sys_days{date};
  if (text.size() < 16) return at;
  const int hour = number(text, 11, 2), minute = number(text, 14, 2);
  const int second = text.size() >= 19 && text[16] == ':' ? number(text, 17, 2) : 0;
  if (hour < 0 || minute < 0 || second < 0) return {};
  at += hours{hour} + minutes{minute} + seconds{second};
  const auto zone = text.find_first_of("+-", 16);
  if (zone == std::string_view::npos) return at;
  const int east_hours = number(text, zone + 1, 2);
  const std::size_t rest = zone + 3 + (text.size() > zone + 3 && text[zone + 3] == ':' ? 1 : 0);
  const int east_minutes = rest + 2 <= text.size() ? number(text, rest, 2) : 0;
  if (east_hours < 0 || east_minutes < 0) return {};
  const auto offset = hours{east_hours} + minutes{east_minutes};
  return text[zone] == '+' ? at - offset : at + offset;
}

case_context read_context(const bj::object& c) {
  case_context out;
  // What a vendor takes where a call does not say (price pages, November 2026).
  out.search_size = text_at(c, "vendor") == "perplexity" ? "low" : "medium";
  const bj::object* o = object_at(c, "context");
  if (o == nullptr) return out;
  out.endpoint = text_at(*o, "endpoint");
  out.served_tier = first_text({nested_text(*o, "response", "service_tier"),
                                text_at(*o, "service_tier"), text_at(*o, "served_tier")});
  out.asked_tier = nested_text(*o, "request", "service_tier");
  out.search_size = first_text(
      {text_at(*o, "search_context_size"), nested_text(*o, "request", "search_context_size"),
       nested_text(*o, "web_search_options", "search_context_size"), out.search_size});
  for (const char* key : {"data_residency", "inference_geo", "region", "geo", "speed"})
    for (const std::string& word : {text_at(*o, key), nested_text(*o, "request", key)})
      if (!word.empty()) out.places.push_back(word);
  if (const auto* v = o->if_contains("enable_thinking"); v != nullptr && v->is_bool())
    out.thinking = v->get_bool();
  for (const char* key : {"timestamp", "request_time", "time", "at"})
    if (const auto text = text_at(*o, key); !text.empty()) {
      out.at = read_time(text);
      break;
    }
  return out;
}

bool is_batch_endpoint(const case_context& context) {
  return context.endpoint.find("batch") != std::string::npos;
}

std::vector<std::string> places_of(const bj::object& c, const case_context& context,
                                   const bj::object& source) {
  std::vector<std::string> out = context.places;
  for (const char* key : {"inference_geo", "speed"})
    if (auto word = text_at(source, key); !word.empty()) out.push_back(std::move(word));
  // "us.anthropic.claude-..." is served in one part of the world, "global." anywhere.
  std::string model = text_at(c, "model");
  model = model.substr(model.rfind('/') + 1);  // of an ARN, what is behind the last slash
  const std::string head = model.substr(0, model.find('.'));
  for (const char* geo : {"us", "eu", "apac", "jp", "au", "ca", "sa", "us-gov", "global"})
    if (head == geo && head.size() < model.size()) out.push_back(head);
  return out;
}

catalog::price_context price_context_of(const case_context& context, const usage& u,
                                        const bj::object& source) {
  catalog::price_context out;
  // The tier that served counts; what was asked for only where nobody says.
  out.service_tier = first_text({context.served_tier, u.service_tier, context.asked_tier});
  out.batch = is_batch_endpoint(context);
  out.thinking = context.thinking.value_or(u.reasoning > 0);
  out.at = context.at;
  out.attributes.emplace_back(
      "search_context_size",
      first_text({text_at(source, "search_context_size"), context.search_size}));
  const auto variant = [&](const bj::object* o, const char* key) {
    if (auto word = o != nullptr ? text_at(*o, key) : std::string{}; !word.empty())
      out.attributes.emplace_back("variant", std::move(word));
  };
  for (const char* holder : {"_job", "_request"})
    for (const char* key : {"quality", "size", "resolution"})
      variant(object_at(source, holder), key);
  return out;
}

const vendor* vendor_row(const catalog::book& book, std::string_view name) {
  return book.find_vendor(catalogue_name(name));
}

void complete_fees(const bj::object& c, const catalog::book& book, used& u, price_card& card) {
  if (card.model.prices.empty()) return;  // no card: no price is known
  const vendor* v = vendor_row(book, text_at(c, "vendor"));
  if (v == nullptr) return;
  std::string id = text_at(c, "model");
  id = id.substr(0, id.find(" ("));
  const catalog::model* known = book.find_model(v->name, id);
  for (const auto& [name, n] : u.tokens.units) {
    if (n == 0 || card.prices(name)) continue;
    std::vector<catalog::price> rows;
    if (known != nullptr)
      for (const catalog::price& p : known->prices)
        if (p.dimension == name) rows.push_back(p);
    if (rows.empty()) rows = common_rows(book, *v, name);
    if (rows.empty()) continue;
    u.notes.push_back("the price of " + name + " is the catalogue's");
    card.model.prices.insert(card.model.prices.end(), rows.begin(), rows.end());
  }
}

}  // namespace ark::cli::worked
