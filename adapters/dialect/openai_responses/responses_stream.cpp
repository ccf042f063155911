#include "dialect/openai_responses/responses_wire.hpp"
#include "dialect/openai_wire.hpp"

#include <algorithm>
#include <memory>

namespace ark::adapters::responses {
namespace {

using ark::dialect::frame_kind;
using json::text_at;

/// Frames that bring text: where it stands, and what counts the texts of one item.
struct delta_frame {
  std::string_view type;
  field what;
  const char* counter;
};
constexpr delta_frame deltas[] = {
    {"response.output_text.delta", field::text, "content_index"},
    {"response.refusal.delta", field::refusal, "content_index"},
    {"response.reasoning_text.delta", field::reasoning, "content_index"},
    {"response.reasoning_summary_text.delta", field::summary, "summary_index"},
    {"response.function_call_arguments.delta", field::arguments, ""},
    {"response.doubao_app_call_output_text.delta", field::text, "block_index"},
    {"response.doubao_app_call_reasoning_text.delta", field::reasoning, "block_index"},
};

/// Frames that say nothing that another does not: `done` repeats what came before it and what
/// response.output_item.done has again, a custom tool's input is read there.
constexpr std::string_view quiet[] = {"response.content_part.added",
                                      "response.content_part.done",
                                      "response.output_text.done",
                                      "response.output_text.annotation.added",
                                      "response.refusal.done",
                                      "response.reasoning_text.done",
                                      "response.reasoning_part.added",
                                      "response.reasoning_part.done",
                                      "response.reasoning_summary_text.done",
                                      "response.reasoning_summary_part.added",
                                      "response.reasoning_summary_part.done",
                                      "response.function_call_arguments.done",
                                      "response.custom_tool_call_input.delta",
                                      "response.custom_tool_call_input.done"};

int number_at(element frame, std::string_view name) {
  element found;
  if (!json::find(frame, name, found)) return 0;
  return static_cast<int>(std::clamp<std::int64_t>(json::as_integer(found), 0, 1 << 30));
}

class decoder final : public ark::dialect::stream_decoder {
 public:
  explicit decoder(const vendor& v) : response_(v) {}

  frame_kind feed(std::string_view type, std::string_view data, reply_builder& out) override {
    while (!data.empty() && data.back() == ' ') data.remove_suffix(1);
    // Some vendors add it after the terminal frame, which is the end.
    if (data == "[DONE]") return frame_kind::known;
    json::reader reader;
    const auto root = reader.parse(data);
    if (!root || !root->is_object()) return frame_kind::corrupt;
    const std::string_view own = text_at(*root, "type");
    return read(own.empty() ? type : own, *root, out);
  }

  bool whole_at_end(reply_builder&) override { return false; }

 private:
  frame_kind read(std::string_view type, element frame, reply_builder& out);
  bool item(std::string_view type, element frame, reply_builder& out);
  bool terminal(std::string_view type, element frame, reply_builder& out);

  response_reader response_;
};

frame_kind decoder::read(std::string_view type, element frame, reply_builder& out) {
  if (item(type, frame, out) || terminal(type, frame, out)) return frame_kind::known;
  element response;
  if (json::find(frame, "response", response) && is_response(response)) {
    response_.start(response, out);
    return frame_kind::known;
  }
  if (std::find(std::begin(quiet), std::end(quiet), type) != std::end(quiet))
    return frame_kind::known;
  out.unknown(type);
  return frame_kind::known;
}

bool decoder::item(std::string_view type, element frame, reply_builder& out) {
  const int index = number_at(frame, "output_index");
  for (const delta_frame& d : deltas) {
    if (d.type != type) continue;
    response_.items().delta(index, d.what, number_at(frame, d.counter), text_at(frame, "delta"),
                            out);
    return true;
  }
  element found;
  if (!json::find(frame, "item", found) || !found.is_object()) return false;
  if (type == "response.output_item.added")
    response_.items().begin(index, found, out);
  else if (type == "response.output_item.done")
    response_.items().end(index, found, out);
  else
    return false;
  return true;
}

bool decoder::terminal(std::string_view type, element frame, reply_builder& out) {
  element response;
  const bool has_response = json::find(frame, "response", response) && response.is_object();
  const bool ends = type == "response.completed" || type == "response.incomplete" ||
                    type == "response.failed" || type == "response.cancelled" ||
                    type == "response.done";
  if (ends && has_response) {
    response_.end(response, out);
  } else if (is_response(frame)) {
    response_.end(frame, out);  // a server that does not stream
  } else if (type == "error" || type == "response.failed" ||
             (!type.starts_with("response.") && openai::is_error(frame, response_.quirks()))) {
    out.fail(read_failure(frame, response_.quirks()));
  } else {
    return false;
  }
  out.done();
  return true;
}

}  // namespace

std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) {
  return std::make_unique<decoder>(v);
}

}  // namespace ark::adapters::responses
