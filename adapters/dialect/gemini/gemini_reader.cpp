#include "base/text.hpp"
#include "dialect/error_table.hpp"
#include "dialect/gemini/gemini_wire.hpp"

#include <algorithm>

namespace ark::adapters::gemini {
namespace {

constexpr std::string_view made_prefix = "arkcall-";
constexpr std::size_t shown_bytes_max = 200;

/// Members of a part that say how it was made or is to be shown, not what it is.
bool is_side_member(std::string_view key) {
  return key == "partMetadata" || key == "videoMetadata" || key == "mediaResolution";
}

/// The vendor's word for an enum's value; its number where the client asked for numbers.
std::string enum_word(element e) {
  if (e.is_string()) return std::string(json::as_text(e));
  return e.is_int64() ? std::to_string(json::as_integer(e)) : std::string{};
}

bool has_members(element e) {
  simdjson::dom::object members;
  return !e.get(members) && members.size() > 0;
}

void note_metadata(element candidate, reply_builder& out) {
  if (element e; json::find(candidate, "urlContextMetadata", e) && has_members(e))
    out.note("the reply's urlContextMetadata is not kept");
}

/// A part that the library has no kind for goes back as it came.
void keep_part(element part, reply_builder& out) {
  out.break_part();
  out.reasoning_opaque(simdjson::minify(part));
  out.break_part();
}

/// A signature without text is the next part's: where it stands says what it signs.
void sign_next_part(std::string_view signature, reply_builder& out) {
  if (signature.empty()) return;
  out.break_part();
  out.reasoning_signature(signature);
  out.break_part();
}

}  // namespace

std::string make_call_id(std::string_view reply_id, std::string_view name, int index) {
  // Other vendors take letters, digits, "_" and "-" only, and at most 64 of them.
  std::string made(made_prefix);
  for (const char c : (reply_id.empty() ? name : reply_id).substr(0, 40))
    made += text::is_alpha(c) || text::is_digit(c) || c == '-' ? c : '_';
  return made + '-' + std::to_string(index);
}

bool is_made_call_id(std::string_view id) noexcept { return id.starts_with(made_prefix); }

bool answer_reader::read(element root, reply_builder& out) {
  element e;
  const std::string_view id = json::text_at(root, "responseId");
  const std::string_view model = json::text_at(root, "modelVersion");
  out.started(id, model);
  bool known = !id.empty() || !model.empty();
  if (json::find(root, "usageMetadata", e)) {
    known = true;
    usage_.read(e);
    out.usage(usage_.total());
  }
  if (json::find(root, "promptFeedback", e)) {
    known = true;
    read_feedback(e, out);
  }
  if (json::find(root, "candidates", e)) {
    known = true;
    read_candidates(e, out);
  }
  return known;
}

void answer_reader::read_feedback(element feedback, reply_builder& out) {
  element reason;
  if (!json::find(feedback, "blockReason", reason)) return;
  const std::string word = enum_word(reason);
  if (word.empty() || word == "0" || word == "BLOCK_REASON_UNSPECIFIED") return;
  out.fail({.code = errc::content_filter,
            .message = ark::dialect::advice(errc::content_filter, 200),
            .vendor_message = std::string(json::text_at(feedback, "blockReasonMessage")),
            .vendor_code = word});
}

void answer_reader::read_candidates(element list, reply_builder& out) {
  simdjson::dom::array items;
  if (list.get(items)) return;
  for (const element item : items) {
    element index;
    if (json::find(item, "index", index) && json::as_integer(index) != 0) {
      out.note("the reply has more than one candidate: only the first was read");
      continue;
    }
    saw_candidate_ = true;
    read_candidate(item, out);
  }
}

void answer_reader::read_candidate(element candidate, reply_builder& out) {
  element e;
  simdjson::dom::array parts;
  if (json::find_path(candidate, "content.parts", e) && !e.get(parts))
    for (const element part : parts) read_part(part, out);
  note_metadata(candidate, out);
  for (auto& [name, kept] : sources_)
    if (json::find(candidate, name, e) && has_members(e)) kept = simdjson::minify(e);
  if (json::find(candidate, "logprobsResult", e)) read_logprobs(e, out);
  if (!json::find(candidate, "finishReason", e)) return;
  const std::string word = enum_word(e);
  if (word.empty() || word == "0" || word == "FINISH_REASON_UNSPECIFIED") return;
  finish_word_ = word;
  finish_message_ = json::text_at(candidate, "finishMessage").substr(0, shown_bytes_max);
  out.finish(finish_of(finish_word_), finish_word_);
}

void answer_reader::read_part(element part, reply_builder& out) {
  simdjson::dom::object members;
  if (part.get(members)) return;
  std::string_view other, signature;
  element text, function_call;
  bool has_text = false, has_call = false, thought = false;
  for (const auto [key, value] : members) {
    if (key == "text") {
      has_text = true;
      text = value;
    } else if (key == "functionCall") {
      has_call = true;
      function_call = value;
    } else if (key == "thought") {
      thought = value.is_bool() && bool(value);
    } else if (key == "thoughtSignature") {
      signature = json::as_text(value);
    } else if (!is_side_member(key)) {
      other = key;
    }
  }
  if (has_call) return read_call(function_call, signature, out);
  if (!other.empty()) {
    out.unknown(other);
    return keep_part(part, out);
  }
  if (has_text || !signature.empty())
    read_text(part, has_text ? json::as_text(text) : std::string_view{}, thought, signature, out);
}

void answer_reader::read_text(element part, std::string_view text, bool thought,
                              std::string_view signature, reply_builder& out) {
  if (signature.empty()) return thought ? out.reasoning(text) : out.text(text);
  // Streams often end with a signature on an empty text (recorded).
  if (text.empty()) return keep_part(part, out);
  out.break_part();
  if (thought) {
    out.reasoning(text);
    out.reasoning_signature(signature);
  } else {
    sign_next_part(signature, out);
    out.text(text);
  }
  out.break_part();
}

void answer_reader::read_call(element function_call, std::string_view signature,
                              reply_builder& out) {
  element e;
  const std::string_view name = json::text_at(function_call, "name");
  if (json::find(function_call, "partialArgs", e))
    return out.fail({.code = errc::unsupported,
                     .retry = retry_class::maybe_billed,
                     .message = "the reply has a call's arguments in pieces: leave "
                                "\"streamFunctionCallArguments\" out"});
  sign_next_part(signature, out);
  const int index = calls_++;
  const std::string_view id = json::text_at(function_call, "id");
  const std::string known_id =
      id.empty() ? make_call_id(out.reply().id, name, index) : std::string(id);
  out.tool_begin(index, known_id, name);
  if (json::find(function_call, "args", e) && !e.is_null())
    out.tool_arguments(index, simdjson::minify(e));
  out.tool_end(index);
}

/// Numbers only where the vendor's two enums agree on them.
finish_reason answer_reader::finish_of(std::string_view word) const noexcept {
  if (const auto row = quirks_.finish(word)) return *row;
  if (word == "STOP" || word == "1")
    return calls_ > 0 ? finish_reason::tool_calls : finish_reason::stop;
  if (word == "MAX_TOKENS" || word == "2") return finish_reason::length;
  constexpr std::array<std::string_view, 13> filters = {"SAFETY",
                                                        "RECITATION",
                                                        "BLOCKLIST",
                                                        "SPII",
                                                        "MODEL_ARMOR",
                                                        "PROHIBITED_CONTENT",
                                                        "IMAGE_SAFETY",
                                                        "IMAGE_RECITATION",
                                                        "IMAGE_PROHIBITED_CONTENT",
                                                        "3",
                                                        "4",
                                                        "7",
                                                        "8"};
  const bool filtered = std::find(filters.begin(), filters.end(), word) != filters.end();
  return filtered ? finish_reason::content_filter : finish_reason::other;
}

void answer_reader::end(reply_builder& out) {
  usage_.check(out);
  for (const auto& [name, kept] : sources_)
    if (!kept.empty()) read_sources(kept, out);
  if (finish_word_.empty()) return;
  // "STOP" is also said of calls, and they may come in a frame after it.
  const finish_reason meaning = finish_of(finish_word_);
  out.finish(meaning, finish_word_);
  const bool plain = meaning == finish_reason::stop || meaning == finish_reason::tool_calls;
  if (!plain && !finish_message_.empty())
    out.note("the vendor on the end of the reply: " + text::repair_utf8(finish_message_));
}

}  // namespace ark::adapters::gemini
