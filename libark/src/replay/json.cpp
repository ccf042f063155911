#include "base/json.hpp"
#include "replay/replay.hpp"

namespace ark::replay {
namespace {

void write_usage(json::writer& w, const usage& u) {
  w.key("usage").begin_object();
  if (u.reported) {
    const auto always = [&](std::string_view name, std::int64_t n) { w.key(name).number(n); };
    const auto rare = [&](std::string_view name, std::int64_t n) {
      if (n != 0) w.key(name).number(n);
    };
    always("input", u.input);
    always("cache_read", u.cache_read);
    always("cache_write", u.cache_write);
    rare("cache_write_5m", u.cache_write_5m);
    rare("cache_write_1h", u.cache_write_1h);
    rare("input_audio", u.input_audio);
    rare("input_image", u.input_image);
    rare("input_video", u.input_video);
    rare("tool_prompt", u.tool_prompt);
    always("output", u.output);
    always("reasoning", u.reasoning);
    rare("output_audio", u.output_audio);
    rare("output_image", u.output_image);
    always("total", u.vendor_total.value_or(u.input_total() + u.output_total()));
  }
  if (!u.units.empty()) {
    w.key("units").begin_object();
    for (const auto& [name, n] : u.units) w.key(name).number(n);
    w.end_object();
  }
  w.end_object();
}

void write_error(json::writer& w, const std::optional<error>& e) {
  w.key("error");
  if (!e) {
    w.null();
    return;
  }
  std::string message = e->message;
  if (!e->vendor_message.empty()) message += "; the vendor says: " + e->vendor_message;
  w.begin_object();
  w.key("code").string(to_string(e->code)).key("retry_class").string(to_string(e->retry));
  w.key("http_status").number(std::int64_t{e->http_status});
  w.key("vendor_code").string(e->vendor_code).key("message").string(message);
  w.end_object();
}

void write_ranking(json::writer& w, const std::vector<ranked_document>& ranking) {
  w.key("ranking").begin_array();
  for (const ranked_document& each : ranking) {
    w.begin_object().key("index").number(static_cast<std::int64_t>(each.index));
    w.key("score").number(each.score).end_object();
  }
  w.end_array();
}

}  // namespace

std::string to_json(const replay_result& r) {
  std::string line;
  json::writer w(line);
  const bool has_reply = r.outcome == outcome::reply;
  w.begin_object();
  w.key("file").string(r.file).key("vendor").string(r.vendor).key("dialect").string(r.dialect);
  w.key("op").string(r.op).key("outcome").string(to_string(r.outcome));
  w.key("text").string(r.reply.text()).key("reasoning").string(r.reply.reasoning());
  w.key("tool_calls").begin_array();
  for (const tool_call_part& call : r.reply.tool_calls()) {
    w.begin_object().key("id").string(call.id).key("name").string(call.name);
    w.key("arguments").string(call.arguments).end_object();
  }
  w.end_array();
  const bool finished = has_reply && r.op == "chat";
  w.key("finish_reason").string(finished ? ark::to_string(r.reply.finish) : std::string_view{});
  write_usage(w, r.reply.usage);
  w.key("model").string(r.reply.model);
  if (r.op == "rerank") write_ranking(w, r.ranking);
  if (!r.items.empty()) {
    w.key("items").begin_array();
    for (const std::string& item : r.items) w.string(item);
    w.end_array();
  }
  write_error(w, r.error);
  w.key("notes").begin_array();
  for (const std::string& note : r.notes) w.string(note);
  w.end_array().end_object();
  return line;
}

}  // namespace ark::replay
