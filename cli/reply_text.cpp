#include "cli/reply_text.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/text.hpp"

namespace ark::cli {

void write_cost(json::writer& w, const cost& c) {
  w.begin_object();
  w.key("status").string(to_string(c.status));
  w.key("currency").string(c.currency);
  if (c.status == cost_status::exact || c.status == cost_status::void_) {
    w.key("value").string(c.value.to_string());
  } else {
    w.key("value").null();
  }
  if (c.status == cost_status::interval) {
    w.key("low").string(c.low.to_string());
    w.key("high").string(c.high.to_string());
  }
  w.end_object();
}

std::string cost_words(const cost& c) {
  switch (c.status) {
    case cost_status::exact:
      return c.value.to_string() + " " + c.currency;
    case cost_status::void_:
      return "not billed";
    case cost_status::interval:
      return c.low.to_string() + " to " + c.high.to_string() + " " + c.currency;
    case cost_status::unknown:
      break;
  }
  return "cost unknown";
}

namespace {

void write_usage(json::writer& w, const usage& u) {
  if (!u.reported) {
    // The vendor said nothing: unknown is not zero.
    w.null();
    return;
  }
  w.begin_object();
  w.key("input").number(u.input);
  w.key("cache_read").number(u.cache_read);
  w.key("cache_write").number(u.cache_write + u.cache_write_5m + u.cache_write_1h);
  w.key("output").number(u.output);
  w.key("reasoning").number(u.reasoning);
  w.key("total").number(u.input_total() + u.output_total());
  for (const auto& [name, value] : {std::pair{"cache_write_5m", u.cache_write_5m},
                                    {"cache_write_1h", u.cache_write_1h},
                                    {"input_audio", u.input_audio},
                                    {"input_image", u.input_image},
                                    {"input_video", u.input_video},
                                    {"tool_prompt", u.tool_prompt},
                                    {"output_audio", u.output_audio},
                                    {"output_image", u.output_image}}) {
    if (value != 0) w.key(name).number(value);
  }
  for (const auto& [name, value] : u.units) w.key(name).number(value);
  w.end_object();
}

void write_route(json::writer& w, const route& r) {
  w.begin_object();
  w.key("vendor").string(r.vendor);
  w.key("model").string(r.model);
  w.key("reason").string(r.reason);
  w.key("considered").begin_array();
  for (const auto& each : r.considered) {
    w.begin_object();
    w.key("id").string(each.id);
    w.key("verdict").string(each.verdict);
    w.key("fits").boolean(each.fits);
    w.end_object();
  }
  w.end_array().end_object();
}

template <class Reply>
void write_common(json::writer& w, const Reply& r) {
  write_usage(w.key("usage"), r.usage);
  write_cost(w.key("cost"), r.cost);
  w.key("model").string(r.model);
  write_route(w.key("route"), r.route);
  w.key("request_id").string(r.request_id);
  w.key("attempts").number(static_cast<std::int64_t>(r.attempts));
  w.key("latency_us").number(static_cast<std::int64_t>(r.latency.count()));
  w.key("notes").begin_array();
  for (const auto& each : r.notes) w.string(each);
  w.end_array();
}

void write_citations(json::writer& w, const std::vector<citation>& all) {
  w.begin_array();
  for (const auto& each : all) {
    w.begin_object();
    for (const auto& [name, value] : {std::pair{"url", &each.url},
                                      {"title", &each.title},
                                      {"text", &each.text},
                                      {"document_id", &each.document_id}}) {
      if (!value->empty()) w.key(name).string(*value);
    }
    if (each.start >= 0) w.key("start").number(each.start).key("end").number(each.end);
    if (each.document_index >= 0)
      w.key("document_index").number(static_cast<std::int64_t>(each.document_index));
    w.end_object();
  }
  w.end_array();
}

void write_logprobs(json::writer& w, const std::vector<token_logprob>& all) {
  w.begin_array();
  for (const auto& each : all) {
    w.begin_object();
    w.key("token").string(each.chosen.token).key("logprob").number(each.chosen.logprob);
    w.key("top").begin_array();
    for (const auto& other : each.top) {
      w.begin_object();
      w.key("token").string(other.token).key("logprob").number(other.logprob);
      w.end_object();
    }
    w.end_array().end_object();
  }
  w.end_array();
}

}  // namespace

std::string reply_json(const reply& r) {
  std::string out;
  json::writer w{out};
  w.begin_object();
  w.key("text").string(r.text());
  w.key("reasoning").string(r.reasoning());
  std::string refusal;
  for (const auto& each : r.message.parts) {
    if (const auto* said = std::get_if<refusal_part>(&each)) refusal += said->text;
  }
  w.key("refusal").string(refusal);
  w.key("tool_calls").begin_array();
  for (const auto& each : r.tool_calls()) {
    w.begin_object();
    w.key("id").string(each.id);
    w.key("name").string(each.name);
    w.key("arguments").string(each.arguments);
    w.end_object();
  }
  w.end_array();
  w.key("finish_reason").string(to_string(r.finish));
  w.key("vendor_finish_reason").string(r.vendor_finish_reason);
  w.key("id").string(r.id);
  if (!r.citations.empty()) write_citations(w.key("citations"), r.citations);
  if (!r.logprobs.empty()) write_logprobs(w.key("logprobs"), r.logprobs);
  write_common(w, r);
  w.key("reused").string(r.reused);
  w.key("first_content_us").number(static_cast<std::int64_t>(r.first_content.count()));
  w.end_object();
  return out;
}

std::string embed_json(const embed_reply& r) {
  std::string out;
  json::writer w{out};
  w.begin_object();
  w.key("vectors").begin_array();
  for (const auto& vector : r.vectors) {
    w.raw(vector_json(vector));
  }
  w.end_array();
  write_common(w, r);
  w.end_object();
  return out;
}

std::string rerank_json(const rerank_reply& r) {
  std::string out;
  json::writer w{out};
  w.begin_object();
  w.key("results").begin_array();
  for (const auto& each : r.results) {
    w.begin_object();
    w.key("index").number(static_cast<std::int64_t>(each.index));
    w.key("score").number(each.score);
    w.end_object();
  }
  w.end_array();
  write_common(w, r);
  w.end_object();
  return out;
}

void write_facts(json::writer& w, const reply_facts& r) { write_common(w, r); }

std::string vector_json(const std::vector<float>& vector) {
  std::string out = "[";
  for (const float each : vector) {
    if (out.size() > 1) out += ',';
    out += std::isfinite(each) ? fmt::format("{}", each) : "null";
  }
  return out + "]";
}

std::string route_json(const route& r) {
  std::string out;
  json::writer w{out};
  write_route(w, r);
  return out;
}

std::string summary(const route& r, const usage& u, const cost& c,
                    std::chrono::microseconds latency) {
  std::string out = r.vendor + "/" + r.model;
  if (u.reported) {
    out +=
        ", " + text::grouped(u.input_total()) + " in, " + text::grouped(u.output_total()) + " out";
    for (const auto& [name, count] : u.units) out += ", " + text::grouped(count) + " " + name;
  } else {
    out += ", usage unknown";
  }
  return fmt::format("{}, {}, {:.1f} s", out, cost_words(c),
                     static_cast<double>(latency.count()) / 1e6);
}

}  // namespace ark::cli
