#include "eval/row.hpp"

#include <boost/json.hpp>

#include "base/json.hpp"

namespace ark::eval {

namespace {

namespace bj = boost::json;

void write_cost(json::writer& w, const cost& c) {
  w.key("cost").begin_object();
  w.key("status").string(to_string(c.status));
  w.key("currency").string(c.currency);
  if (c.status == cost_status::exact || c.status == cost_status::void_)
    w.key("value").string(c.value.to_string());
  if (c.status == cost_status::interval) {
    w.key("low").string(c.low.to_string());
    w.key("high").string(c.high.to_string());
  }
  w.end_object();
}

void write_usage(json::writer& w, const usage& u) {
  if (!u.reported) return;
  w.key("usage").begin_object();
  w.key("input").number(u.input_total());
  w.key("cache_read").number(u.cache_read);
  w.key("output").number(u.output_total());
  w.key("reasoning").number(u.reasoning);
  w.end_object();
}

void write_verdicts(json::writer& w, const std::vector<verdict>& list) {
  w.key("asserts").begin_array();
  for (const auto& v : list) {
    w.begin_object();
    w.key("type").string(v.type);
    w.key("pass").boolean(v.pass);
    if (v.weight != 1) w.key("weight").number(v.weight);
    if (!v.reason.empty()) w.key("reason").string(v.reason);
    w.end_object();
  }
  w.end_array();
}

/// Reads members of an object that may lack them.
class members {
 public:
  explicit members(const bj::object* from) : from_(from) {}
  std::string text(std::string_view name) const {
    const auto* v = from_ ? from_->if_contains(name) : nullptr;
    return v && v->is_string() ? std::string(v->get_string()) : std::string();
  }
  double number(std::string_view name, double otherwise = 0) const {
    const auto* v = from_ ? from_->if_contains(name) : nullptr;
    return v && v->is_number() ? v->to_number<double>() : otherwise;
  }
  std::int64_t whole(std::string_view name) const {
    const auto* v = from_ ? from_->if_contains(name) : nullptr;
    return v && v->is_int64() ? v->get_int64() : 0;
  }
  bool flag(std::string_view name) const {
    const auto* v = from_ ? from_->if_contains(name) : nullptr;
    return v && v->is_bool() && v->get_bool();
  }
  members object(std::string_view name) const {
    const auto* v = from_ ? from_->if_contains(name) : nullptr;
    return members(v ? v->if_object() : nullptr);
  }
  const bj::array* list(std::string_view name) const {
    const auto* v = from_ ? from_->if_contains(name) : nullptr;
    return v ? v->if_array() : nullptr;
  }
  explicit operator bool() const { return from_ != nullptr; }

 private:
  const bj::object* from_;
};

amount amount_of(const std::string& text) {
  const auto parsed = amount::parse(text);
  return parsed ? *parsed : amount{};
}

cost read_cost(const members& from) {
  cost out{.currency = from.text("currency")};
  for (const auto status : {cost_status::exact, cost_status::void_, cost_status::interval})
    if (to_string(status) == from.text("status")) out.status = status;
  if (out.status == cost_status::interval) {
    out.low = amount_of(from.text("low"));
    out.high = amount_of(from.text("high"));
  } else if (out.status != cost_status::unknown) {
    out.value = out.low = out.high = amount_of(from.text("value"));
  }
  return out;
}

usage read_usage(const members& from) {
  usage out;
  out.reported = static_cast<bool>(from);
  out.cache_read = from.whole("cache_read");
  out.input = from.whole("input") - out.cache_read;
  out.reasoning = from.whole("reasoning");
  out.output = from.whole("output") - out.reasoning;
  return out;
}

}  // namespace

std::string_view to_string(row_status value) noexcept {
  switch (value) {
    case row_status::pass:
      return "pass";
    case row_status::fail:
      return "fail";
    case row_status::error:
      return "error";
  }
  return "error";
}

std::string to_json(const row& value) {
  std::string out;
  json::writer w{out};
  w.begin_object();
  w.key("prompt").string(value.prompt_id);
  w.key("model").string(value.model);
  w.key("case").string(value.case_id);
  w.key("status").string(to_string(value.status));
  w.key("score").number(value.score);
  w.key("output").string(value.output);
  write_verdicts(w, value.verdicts);
  w.key("served_by").string(value.served_by);
  write_usage(w, value.usage);
  write_cost(w, value.cost);
  w.key("latency_ms").number(value.latency_ms);
  w.key("attempts").number(std::int64_t{value.attempts});
  w.key("request_id").string(value.request_id);
  if (value.status == row_status::error) {
    w.key("error").begin_object();
    w.key("code").string(value.error_code);
    w.key("message").string(value.error_message);
    w.end_object();
  }
  w.end_object();
  return out;
}

result<row> row_from_json(std::string_view line) {
  boost::system::error_code failed;
  const bj::value parsed = bj::parse(line, failed);
  const members from(failed ? nullptr : parsed.if_object());
  row out;
  out.case_id = from.text("case");
  const std::string status = from.text("status");
  if (!from || out.case_id.empty() || status.empty())
    return error{.code = errc::protocol, .message = "not a row of results"};
  out.prompt_id = from.text("prompt");
  out.model = from.text("model");
  for (const auto known : {row_status::pass, row_status::fail, row_status::error})
    if (to_string(known) == status) out.status = known;
  out.score = from.number("score");
  out.output = from.text("output");
  if (const auto* list = from.list("asserts"))
    for (const auto& item : *list) {
      const members v(item.if_object());
      out.verdicts.push_back({.pass = v.flag("pass"),
                              .weight = v.number("weight", 1),
                              .type = v.text("type"),
                              .reason = v.text("reason")});
    }
  out.served_by = from.text("served_by");
  out.usage = read_usage(from.object("usage"));
  out.cost = read_cost(from.object("cost"));
  out.latency_ms = from.number("latency_ms");
  out.attempts = static_cast<int>(from.whole("attempts"));
  out.request_id = from.text("request_id");
  out.error_code = from.object("error").text("code");
  out.error_message = from.object("error").text("message");
  return out;
}

}  // namespace ark::eval
