#include "sim/engine.hpp"

#include "sim/brain.hpp"
#include "sim/dice.hpp"
#include "sim/tokens.hpp"

#include <algorithm>

namespace ark::testing {

namespace {

namespace bj = boost::json;
constexpr std::size_t prompt_bytes_max = 500;
constexpr std::size_t body_bytes_max = 64u << 10;

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

/// "/v1/v1/messages", "/api/v3/api/v3/...": a base URL's path that was put there twice.
bool has_doubled_prefix(std::string_view path) {
  for (std::size_t n = path.find('/', 1); n != std::string_view::npos; n = path.find('/', n + 1))
    if (path.substr(n).starts_with(path.substr(0, n)) && path.size() > 2 * n && path[2 * n] == '/')
      return true;
  return false;
}

std::string_view header(const sim_http_request& request, const char* name) {
  const auto it = request.headers.find(name);
  return it == request.headers.end() ? std::string_view{} : std::string_view(it->second);
}

}  // namespace

result<std::unique_ptr<engine>> engine::make(const simulator_options& options) {
  std::unique_ptr<engine> out(new engine);
  out->options_ = options;
  auto waits = latency::parse(options.latency);
  if (!waits) return waits.error();
  out->latency_ = *waits;
  for (const auto& rule : options.faults)
    if (auto ok = out->add_fault(rule); !ok) return ok.error();
  return out;
}

engine::route engine::route_of(const sim_http_request& request) {
  const auto path = path_of(request.target);
  const bool anthropic_header = !header(request, "anthropic-version").empty();
  if (has_doubled_prefix(path)) return {wire_family::openai, "other"};
  if (ends_with(path, "/chat/completions")) return {wire_family::openai, "chat"};
  if (ends_with(path, "/embeddings")) return {wire_family::openai, "embed"};
  if (ends_with(path, "/messages")) return {wire_family::anthropic, "chat"};
  if (ends_with(path, "/messages/count_tokens")) return {wire_family::anthropic, "count_tokens"};
  const auto family = anthropic_header ? wire_family::anthropic : wire_family::openai;
  if (ends_with(path, "/models") || path.find("/models/") != std::string_view::npos)
    return {family, "models"};
  return {family, "other"};
}

bool engine::key_is_known(const sim_http_request& request) const {
  if (options_.keys.empty()) return true;
  std::string_view key = header(request, "x-api-key");
  const std::string_view bearer = header(request, "authorization");
  if (bearer.substr(0, 7) == "Bearer ") key = bearer.substr(7);
  return std::find(options_.keys.begin(), options_.keys.end(), key) != options_.keys.end();
}

exchange_plan engine::handle(const sim_http_request& request) {
  const std::lock_guard lock(mutex_);
  exchange_plan plan;
  if (ends_with(path_of(request.target), "/__journal")) {
    plan.answer = answer_control(request);
    return plan;
  }
  const route where = route_of(request);
  journal_entry entry;
  entry.number = ++last_number_;
  entry.dialect = where.family == wire_family::openai ? "openai" : "anthropic";
  entry.operation = where.operation;
  entry.method = request.method;
  entry.path = path_of(request.target);
  entry.body = request.body.substr(0, body_bytes_max);
  entry.request_id =
      "req_" +
      token_text(mix(options_.seed ^ 0x5151u, static_cast<std::uint64_t>(entry.number)), 24);
  plan.number = entry.number;
  plan.answer = answer_request(request, where, entry, plan);
  apply_effect(where, plan);
  entry.status = plan.fault.reset || plan.fault.lost_answer ? 0 : plan.answer.status;
  add_vendor_headers(where, entry, plan.answer);
  plan_waits(plan, entry);
  record(std::move(entry));
  return plan;
}

std::optional<std::int64_t> engine::request_cut() const {
  const std::lock_guard lock(mutex_);
  for (const auto& rule : rules_)
    if (rule.effect().cut_request) return rule.effect().cut_request;
  return std::nullopt;
}

answer engine::answer_control(const sim_http_request& request) {
  answer out;
  out.headers.emplace_back("content-type", "application/json");
  if (request.method == "DELETE") {
    journal_.clear();
    out.body = "{}";
    return out;
  }
  out.body = journal_json({journal_.begin(), journal_.end()});
  return out;
}

answer engine::answer_request(const sim_http_request& request, const route& where,
                              journal_entry& entry, exchange_plan& plan) {
  const auto refuse = [&](vendor_error problem) {
    return error_answer(where.family, problem, entry.request_id);
  };
  if (!key_is_known(request)) {
    const bool openai = where.family == wire_family::openai;
    return refuse({.status = 401, .message = openai ? "Incorrect API key provided." : ""});
  }
  if (where.operation == "models") return answer_models(request, where);
  if (where.operation == "other")
    return refuse({.status = 404,
                   .message = "Invalid URL (" + entry.method + " " + entry.path + ")",
                   .code = where.family == wire_family::openai ? "unknown_url" : ""});
  if (request.method != "POST") return refuse({.status = 405, .message = "Method not allowed."});
  boost::system::error_code not_json;
  const bj::value body = bj::parse(request.body, not_json, {}, {.max_depth = 256});
  if (not_json || !body.is_object())
    return refuse({.status = 400, .message = "We could not parse the JSON body of your request."});
  return answer_body(body.get_object(), where, entry, plan);
}

answer engine::answer_body(const bj::object& body, const route& where, journal_entry& entry,
                           exchange_plan& plan) {
  const auto refuse = [&](vendor_error problem) {
    return error_answer(where.family, problem, entry.request_id);
  };
  entry.model = text_of(body, "model");
  const auto& known = options_.models;
  if (!known.empty() && std::find(known.begin(), known.end(), entry.model) == known.end())
    return refuse(unknown_model(where, entry.model));
  if (where.operation == "embed") {
    apply_rule(entry, plan);
    if (plan.fault.status) return refuse({.status = *plan.fault.status, .code = plan.fault.code});
    return answer_embeddings(body, entry);
  }
  auto request =
      where.family == wire_family::openai ? read_openai_chat(body) : read_anthropic_messages(body);
  if (!request) {
    const error& why = request.error();
    return refuse({.status = 400,
                   .message = why.message,
                   .code = why.vendor_message,
                   .param = why.vendor_code});
  }
  entry.prompt = request->last_user.substr(0, prompt_bytes_max);
  entry.stream = request->stream;
  if (where.operation == "count_tokens") {
    answer out;
    out.headers.emplace_back("content-type", "application/json");
    out.body = bj::serialize(bj::object{{"input_tokens", request->prompt_tokens()}});
    return out;
  }
  apply_rule(entry, plan);
  if (plan.fault.status && plan.fault.billed) answer_chat(*request, entry, plan);
  if (plan.fault.status) return refuse({.status = *plan.fault.status, .code = plan.fault.code});
  if (const auto tokens = request->prompt_tokens(); tokens > options_.context_tokens) {
    const std::string limit = std::to_string(options_.context_tokens);
    const std::string had = std::to_string(tokens);
    if (where.family == wire_family::anthropic)
      return refuse({.status = 400,
                     .message = "prompt is too long: " + had + " tokens > " + limit + " maximum"});
    return refuse({.status = 400,
                   .message = "This model's maximum context length is " + limit +
                              " tokens. However, your messages resulted in " + had +
                              " tokens. Please reduce the length of the messages.",
                   .code = "context_length_exceeded",
                   .param = "messages"});
  }
  return answer_chat(*request, entry, plan);
}

void engine::apply_rule(journal_entry& entry, exchange_plan& plan) {
  const fault_subject subject{entry.model, entry.path, entry.prompt, entry.stream};
  for (auto& rule : rules_) {
    if (!rule.matches(subject, options_.seed)) continue;
    plan.fault = rule.effect();
    entry.fault = rule.text();
    return;
  }
}

answer engine::answer_chat(const chat_request& request, journal_entry& entry, exchange_plan& plan) {
  std::optional<std::string> scripted;
  for (const auto& one : options_.answers)
    if (!scripted && request.last_user.find(one.contains) != std::string::npos) scripted = one.text;
  auto made = generate(request, cache_,
                       options_.fallible ? std::optional(options_.seed) : std::nullopt, scripted);
  if (!made)
    return error_answer(request.family, {.status = 400, .message = made.error().message},
                        entry.request_id);
  entry.billed = !plan.fault.reset && plan.fault.redirect.empty();
  entry.tokens = made->tokens;
  entry.finish = finish_word(request.family, made->end);
  const answer_context context{
      .seed = options_.seed,
      .number = entry.number,
      .created = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()),
      .no_usage = plan.fault.no_usage,
      .no_terminal = plan.fault.no_terminal};
  return request.family == wire_family::openai ? openai_chat_answer(request, *made, context)
                                               : anthropic_messages_answer(request, *made, context);
}

vendor_error engine::unknown_model(const route& where, const std::string& model) const {
  if (where.family == wire_family::anthropic) return {.status = 404, .message = "model: " + model};
  return {.status = 404,
          .message = "The model `" + model + "` does not exist or you do not have access to it.",
          .code = "model_not_found"};
}

void engine::apply_effect(const route& where, exchange_plan& plan) {
  const fault_effect& fault = plan.fault;
  answer& out = plan.answer;
  auto& frames = out.frames;
  if (!fault.retry_after.empty()) out.headers.emplace_back("retry-after", fault.retry_after);
  if (fault.html) {
    out.headers.front().second = "text/html";
    out.body = "<html>\r\n<head><title>" + std::to_string(out.status) +
               " Bad Gateway</title></head>\r\n<body><center><h1>" + std::to_string(out.status) +
               " Bad Gateway</h1></center></body>\r\n</html>\r\n";
  }
  if (!fault.redirect.empty()) {
    out = answer{.status = 307};
    out.headers.emplace_back("location", fault.redirect);
  }
  const auto frame_index = [&](int from_one) { return static_cast<std::size_t>(from_one) - 1; };
  if (fault.malformed_frame && frame_index(*fault.malformed_frame) < frames.size()) {
    std::string& bytes = frames[frame_index(*fault.malformed_frame)].bytes;
    const std::size_t data = bytes.find("data: ");
    bytes = bytes.substr(0, data + 6) + "{\"id\":\"broken\", nonsense\n\n";
  }
  if (fault.repeat_frame && frame_index(*fault.repeat_frame) < frames.size()) {
    const frame again = frames[frame_index(*fault.repeat_frame)];
    frames.insert(frames.begin() + *fault.repeat_frame, again);
  }
  if (fault.twice) {
    std::vector<frame> doubled;
    for (const frame& f : frames) doubled.insert(doubled.end(), 2, f);
    frames = std::move(doubled);
  }
  if (fault.error_in_stream && frame_index(*fault.error_in_stream) < frames.size()) {
    frames.resize(frame_index(*fault.error_in_stream) + 1);
    frames.back().bytes =
        where.family == wire_family::openai ? openai_error_frame() : anthropic_error_frame();
  }
}

void engine::plan_waits(exchange_plan& plan, const journal_entry& entry) const {
  const auto number = static_cast<std::uint64_t>(entry.number);
  plan.first_wait = plan.fault.delay.value_or(latency_.first(mix(options_.seed, number)));
  if (latency_.token_high.count() == 0) return;
  if (plan.answer.streaming) {
    for (std::size_t i = 0; i < plan.answer.frames.size(); ++i)
      plan.frame_waits.push_back(latency_.token(mix(options_.seed + i, number)));
    return;
  }
  const std::int64_t tokens = entry.tokens.output + entry.tokens.reasoning;
  for (std::int64_t i = 0; i < tokens; ++i)
    plan.first_wait += latency_.token(mix(options_.seed + static_cast<std::uint64_t>(i), number));
}

}  // namespace ark::testing
