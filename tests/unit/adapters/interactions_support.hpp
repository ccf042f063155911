#pragma once
#include "catalog/vendor_rows.hpp"
#include "dialect/gemini_interactions/gemini_interactions.hpp"
#include "dialect_support.hpp"
#include "rows.hpp"

namespace ark::test::interactions {

/// A row of the family without quirks.
inline vendor plain_row(std::vector<quirk_item> quirks = {}) {
  vendor v;
  v.name = "plain";
  v.dialect = "gemini_interactions";
  v.base_url = "https://host.example/v1beta";
  v.quirks = std::move(quirks);
  return v;
}

/// The built-in row.
inline vendor own_row() {
  const auto rows = catalog::unpack_vendors(adapters::vendor_rows());
  if (rows)
    for (const vendor& v : *rows)
      if (v.name == "gemini-interactions") return v;
  ADD_FAILURE() << "no row";
  return {};
}

inline result<dialect::encoded> encode(const call& c, const vendor& v = plain_row(),
                                       bool stream = false) {
  return adapters::gemini_interactions().encode_chat(c, "m", v, stream);
}

inline result<reply> decode(const std::string& body, const vendor& v = plain_row()) {
  const wire::http_head head{200, {}};
  return adapters::gemini_interactions().decode_chat({head, body}, v);
}

inline error decode_error(int status, const std::string& body) {
  const wire::http_head head{status, {}};
  return adapters::gemini_interactions().decode_error({head, body}, plain_row());
}

inline streamed stream(const std::vector<std::string>& frames, const vendor& v = plain_row()) {
  return stream_frames(adapters::gemini_interactions(), v, frames);
}

/// A whole interaction with these steps.
inline std::string interaction(const std::string& steps, const std::string& more = "",
                               const std::string& status = "completed") {
  return R"({"id":"v1_a","object":"interaction","model":"m1","status":")" + status +
         R"(","steps":[)" + steps + "]" + more + "}";
}

/// The frames of a step that begins so and has these deltas.
inline std::vector<std::string> step(int index, const std::string& start,
                                     const std::vector<std::string>& deltas) {
  const std::string place = R"("index":)" + std::to_string(index);
  std::vector<std::string> frames = {R"({"event_type":"step.start",)" + place + R"(,"step":)" +
                                     start + "}"};
  for (const std::string& d : deltas)
    frames.push_back(R"({"event_type":"step.delta",)" + place + R"(,"delta":)" + d + "}");
  frames.push_back(R"({"event_type":"step.stop",)" + place + "}");
  return frames;
}

inline std::string created() {
  return R"({"event_type":"interaction.created","interaction":{"id":"v1_a","object":"interaction",)"
         R"("model":"m1","status":"in_progress"}})";
}

inline std::string completed(const std::string& status = "completed",
                             const std::string& more = "") {
  return R"({"event_type":"interaction.completed","interaction":{"id":"v1_a","model":"m1",)"
         R"("object":"interaction","status":")" +
         status + "\"" + more + "}}";
}

/// A whole stream: these steps, then the terminal.
inline streamed stream_steps(const std::vector<std::vector<std::string>>& steps,
                             const std::string& terminal = completed()) {
  std::vector<std::string> frames = {
      created(),
      R"({"event_type":"interaction.status_update","interaction_id":"v1_a","status":"in_progress"})"};
  for (const auto& s : steps) frames.insert(frames.end(), s.begin(), s.end());
  frames.push_back(terminal);
  return stream(frames);
}

}  // namespace ark::test::interactions
