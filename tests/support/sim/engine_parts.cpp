// The parts of the engine beside chat: embeddings, models, headers, and the journal.
#include "sim/dice.hpp"
#include "sim/engine.hpp"
#include "sim/tokens.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>

namespace ark::testing {

namespace {

namespace bj = boost::json;
constexpr std::size_t journal_entries_max = 100'000;
constexpr std::int64_t dimensions_default = 256;
constexpr std::int64_t dimensions_max = 4096;

/// A unit vector that depends on the text only; texts that share words are near each other.
std::vector<float> vector_of(std::string_view text, std::int64_t dimensions) {
  std::vector<double> sum(static_cast<std::size_t>(dimensions), 1e-3);
  for (std::size_t begin = 0; begin <= text.size();) {
    std::size_t end = std::min(text.find_first_of(" \n\t", begin), text.size());
    const std::uint64_t word = hash_text(text.substr(begin, end - begin));
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += unit_interval(mix(word, i)) - 0.5;
    begin = end + 1;
  }
  double square = 0;
  for (const double x : sum) square += x * x;
  std::vector<float> out;
  for (const double x : sum) out.push_back(static_cast<float>(x / std::sqrt(square)));
  return out;
}

std::string encode_base64(const std::vector<float>& values) {
  static constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes(values.size() * 4, '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      out += k <= count ? letters[group >> (18 - 6 * k) & 63u] : '=';
  }
  return out;
}

std::string utc_text(std::time_t when) {
  std::tm parts{};
  gmtime_r(&when, &parts);
  char buffer[32];
  return {buffer, std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

bj::object tokens_object(const billed_tokens& t) {
  return {{"input", t.input},
          {"cache_read", t.cache_read},
          {"cache_write_5m", t.cache_write_5m},
          {"cache_write_1h", t.cache_write_1h},
          {"output", t.output},
          {"reasoning", t.reasoning},
          {"total", t.total()}};
}

bj::value cost_value(const journal_entry& e) {
  if (!e.billed) return nullptr;
  return e.cost ? bj::value(e.cost->value.to_string()) : bj::value("unknown");
}

bj::object entry_object(const journal_entry& e) {
  return {{"number", e.number},       {"dialect", e.dialect},
          {"operation", e.operation}, {"method", e.method},
          {"path", e.path},           {"model", e.model},
          {"prompt", e.prompt},       {"request_id", e.request_id},
          {"status", e.status},       {"stream", e.stream},
          {"billed", e.billed},       {"tokens", tokens_object(e.tokens)},
          {"cost", cost_value(e)},    {"currency", e.cost ? e.cost->currency : ""},
          {"finish", e.finish},       {"fault", e.fault},
          {"outcome", e.outcome}};
}

/// The sum of what is billed. Currencies are never added up; what is unknown is counted.
struct bill {
  billed_tokens tokens;
  std::map<std::string, amount> costs;
  std::int64_t unknown_costs = 0;

  void add(const journal_entry& e) {
    tokens.input += e.tokens.input;
    tokens.cache_read += e.tokens.cache_read;
    tokens.cache_write_5m += e.tokens.cache_write_5m;
    tokens.cache_write_1h += e.tokens.cache_write_1h;
    tokens.output += e.tokens.output;
    tokens.reasoning += e.tokens.reasoning;
    const auto sum = e.cost ? costs[e.cost->currency].plus(e.cost->value)
                            : result<amount>(error{.code = errc::not_found});
    if (sum)
      costs[e.cost->currency] = *sum;
    else
      ++unknown_costs;
  }
  bj::object object() const {
    bj::object out = tokens_object(tokens);
    bj::object by_currency;
    for (const auto& [currency, value] : costs) by_currency[currency] = value.to_string();
    out["costs"] = std::move(by_currency);
    out["unknown_costs"] = unknown_costs;
    return out;
  }
};

bj::object model_object(const std::string& id, wire_family family) {
  if (family == wire_family::anthropic)
    return {{"type", "model"},
            {"id", id},
            {"display_name", id},
            {"created_at", "2026-01-01T00:00:00Z"}};
  return {{"id", id}, {"object", "model"}, {"created", 1767225600}, {"owned_by", "simulator"}};
}

}  // namespace

answer engine::answer_embeddings(const bj::object& body, journal_entry& entry) {
  const auto refuse = [&](std::string message, std::string param) {
    return error_answer(wire_family::openai,
                        {.status = 400, .message = std::move(message), .param = std::move(param)},
                        entry.request_id);
  };
  std::vector<std::string> inputs;
  if (const auto* input = body.if_contains("input"); input && input->is_string())
    inputs.emplace_back(input->get_string());
  if (const auto* list = array_of(body, "input"))
    for (const auto& item : *list) {
      if (!item.is_string()) return refuse("'input' must be a string or strings.", "input");
      inputs.emplace_back(item.get_string());
    }
  if (inputs.empty()) return refuse("'input' is a required property", "input");
  if (inputs.size() > 2048) return refuse("'input' must have at most 2048 items.", "input");
  std::int64_t dimensions = dimensions_default;
  if (const auto* wanted = body.if_contains("dimensions"); wanted && wanted->is_int64())
    dimensions = wanted->get_int64();
  if (dimensions < 1 || dimensions > dimensions_max)
    return refuse(std::to_string(dimensions) + " is not a number of 'dimensions' from 1 to 4096",
                  "dimensions");
  const bool base64 = text_of(body, "encoding_format") == "base64";
  bj::array data;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto vector = vector_of(inputs[i], dimensions);
    entry.tokens.input += count_tokens(inputs[i]);
    bj::value embedding = base64 ? bj::value(encode_base64(vector))
                                 : bj::value(bj::array(vector.begin(), vector.end()));
    data.push_back({{"object", "embedding"}, {"index", i}, {"embedding", std::move(embedding)}});
  }
  entry.prompt = inputs.front().substr(0, 500);
  entry.billed = true;
  entry.finish = "stop";
  answer out;
  out.headers.emplace_back("content-type", "application/json");
  out.body = bj::serialize(bj::object{
      {"object", "list"},
      {"data", std::move(data)},
      {"model", entry.model},
      {"usage", {{"prompt_tokens", entry.tokens.input}, {"total_tokens", entry.tokens.input}}}});
  return out;
}

answer engine::answer_models(const sim_http_request& request, const route& where) const {
  auto known = options_.models;
  if (known.empty()) known = {"sim-large", "sim-medium", "sim-mini"};
  answer out;
  out.headers.emplace_back("content-type", "application/json");
  const std::size_t at = request.target.find("/models/");
  if (at != std::string::npos) {
    const std::string id = request.target.substr(at + 8);
    if (std::find(known.begin(), known.end(), id) == known.end())
      return error_answer(where.family, unknown_model(where, id), "");
    out.body = bj::serialize(model_object(id, where.family));
    return out;
  }
  bj::array data;
  for (const auto& id : known) data.push_back(model_object(id, where.family));
  bj::object list{{"object", "list"}, {"data", std::move(data)}};
  if (where.family == wire_family::anthropic)
    list = {{"data", list["data"]},
            {"has_more", false},
            {"first_id", known.front()},
            {"last_id", known.back()}};
  out.body = bj::serialize(list);
  return out;
}

void engine::add_vendor_headers(const route& where, const journal_entry& entry, answer& out) const {
  const auto add = [&](std::string name, std::string value) {
    out.headers.emplace_back(std::move(name), std::move(value));
  };
  const std::string requests_left =
      std::to_string(std::max<std::int64_t>(0, 10'000 - entry.number % 10'000));
  const std::string tokens_left =
      std::to_string(std::max<std::int64_t>(0, 2'000'000 - entry.tokens.total()));
  if (where.family == wire_family::anthropic) {
    const std::string reset = utc_text(std::time(nullptr) + 1);
    add("request-id", entry.request_id);
    for (const std::string kind : {"requests", "tokens", "input-tokens", "output-tokens"}) {
      const bool requests = kind == "requests";
      add("anthropic-ratelimit-" + kind + "-limit", requests ? "10000" : "2000000");
      add("anthropic-ratelimit-" + kind + "-remaining", requests ? requests_left : tokens_left);
      add("anthropic-ratelimit-" + kind + "-reset", reset);
    }
    return;
  }
  add("x-request-id", entry.request_id);
  add("openai-version", "2020-10-01");
  add("openai-processing-ms", "12");
  add("x-ratelimit-limit-requests", "10000");
  add("x-ratelimit-limit-tokens", "2000000");
  add("x-ratelimit-remaining-requests", requests_left);
  add("x-ratelimit-remaining-tokens", tokens_left);
  add("x-ratelimit-reset-requests", "6ms");
  add("x-ratelimit-reset-tokens", "0s");
}

void engine::set_price(journal_entry& entry) const {
  entry.cost.reset();
  if (entry.billed && options_.price) entry.cost = options_.price(entry);
}

void engine::record(journal_entry entry) {
  set_price(entry);
  journal_.push_back(std::move(entry));
  if (journal_.size() > journal_entries_max) journal_.pop_front();
}

void engine::settle(std::int64_t number, std::string_view outcome, std::int64_t output,
                    std::int64_t reasoning) {
  const std::lock_guard lock(mutex_);
  const auto it = std::lower_bound(journal_.begin(), journal_.end(), number,
                                   [](const auto& e, std::int64_t n) { return e.number < n; });
  if (it == journal_.end() || it->number != number) return;
  it->outcome = outcome;
  if (!it->stream || !it->billed) return;
  it->tokens.output = std::min(it->tokens.output, output);
  it->tokens.reasoning = std::min(it->tokens.reasoning, reasoning);
  set_price(*it);
}

std::vector<journal_entry> engine::journal() const {
  const std::lock_guard lock(mutex_);
  return {journal_.begin(), journal_.end()};
}

void engine::clear_journal() {
  const std::lock_guard lock(mutex_);
  journal_.clear();
}

result<void> engine::add_fault(std::string_view rule) {
  auto parsed = fault_rule::parse(rule);
  if (!parsed) return parsed.error();
  const std::lock_guard lock(mutex_);
  rules_.push_back(std::move(*parsed));
  return {};
}

void engine::clear_faults() {
  const std::lock_guard lock(mutex_);
  rules_.clear();
}

void engine::add_answer(scripted_answer one) {
  const std::lock_guard lock(mutex_);
  options_.answers.insert(options_.answers.begin(), std::move(one));
}

std::string journal_json(const std::vector<journal_entry>& entries) {
  bj::array requests;
  bill sum;
  for (const auto& e : entries) {
    requests.push_back(entry_object(e));
    if (e.billed) sum.add(e);
  }
  return bj::serialize(bj::object{{"requests", std::move(requests)}, {"billed", sum.object()}});
}

}  // namespace ark::testing
