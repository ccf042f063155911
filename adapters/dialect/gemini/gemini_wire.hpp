#pragma once
#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"
#include "dialect/quirks.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// The parts that gemini_content is made of; nobody else's business.
namespace ark::adapters::gemini {

using dialect::reply_builder;
using json::element;

/// The path of `method` of `model`: `path` is the row's, "" means "/models/{model}".
/// errc::invalid_request for a model's name that cannot be a part of a path.
result<std::string> target_of(std::string_view path, std::string_view model,
                              std::string_view method);

/// Function calls mostly come without an id. The library makes one that is the same whenever the
/// same reply is read: of the reply's id, or the function's name, and the call's index.
std::string make_call_id(std::string_view reply_id, std::string_view name, int index);
/// Was it made here? Such ids are not sent back.
bool is_made_call_id(std::string_view id) noexcept;

/// Writes `systemInstruction` and `contents`. What cannot be said is told to `gate`.
void write_contents(const call& c, json::writer& out, dialect::parameter_gate& gate,
                    std::vector<std::string>& notes);

/// Raw JSON of the caller's, checked: it must not break out of its place.
void write_json(json::writer& out, dialect::parameter_gate& gate, std::string_view what,
                std::string_view json);

result<dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                     bool stream);
result<dialect::encoded> encode_embed(const embed_call& c, std::string_view model, const vendor& v);
result<embed_reply> decode_embed(const dialect::answer& a, const vendor& v);
result<dialect::encoded> encode_count(const call& c, std::string_view model, const vendor& v);
result<token_count_reply> decode_count(const dialect::answer& a, const vendor& v);

/// What the `usageMetadata` objects of one reply say. Each counts from the beginning, and a count
/// that is 0 is left out (recorded), so the last object with counts is all there is; those of a
/// stream's early frames often name the kind of traffic only.
class usage_fields {
 public:
  void read(element usage);
  /// The `usage` of an interaction: the same counts by other names.
  void read_interaction(element usage);
  /// In disjoint buckets. On the wire the prompt is with the cache, and the candidates are without
  /// the thoughts. Cached tokens whose modality is not said count as text first.
  ark::usage total() const;
  /// Says what does not add up. Once, when the last object is in.
  void check(reply_builder& out) const;

 private:
  enum modality : std::uint8_t { text, audio, image, video, modalities };
  using split = std::array<std::int64_t, modalities>;
  static void read_split(element list, split& to);

  std::optional<std::int64_t> prompt_, cached_, candidates_, thoughts_, tool_use_, total_;
  split prompt_by_{}, cached_by_{}, candidates_by_{};
  std::string service_tier_;
};

/// The metadata of grounding or of citations, as JSON text, into the reply's citations.
void read_sources(const std::string& metadata, reply_builder& out);
/// A `logprobsResult`: of one answer of a stream, or of all.
void read_logprobs(element result, reply_builder& out);

/// Reads answers: one that is whole, or a stream's one after the other.
class answer_reader {
 public:
  explicit answer_reader(const vendor& v) : quirks_(v) {}
  /// False: no answer of this family. A prompt that was blocked fails `out`.
  bool read(element root, reply_builder& out);
  /// The last one was read.
  void end(reply_builder& out);
  bool saw_candidate() const noexcept { return saw_candidate_; }

 private:
  void read_feedback(element feedback, reply_builder& out);
  void read_candidates(element list, reply_builder& out);
  void read_candidate(element candidate, reply_builder& out);
  void read_part(element part, reply_builder& out);
  void read_text(element part, std::string_view text, bool thought, std::string_view signature,
                 reply_builder& out);
  void read_call(element function_call, std::string_view signature, reply_builder& out);
  finish_reason finish_of(std::string_view word) const noexcept;

  dialect::quirk_view quirks_;
  usage_fields usage_;
  /// Of the whole reply, as JSON texts: a stream's last ones count.
  std::array<std::pair<std::string_view, std::string>, 2> sources_{
      {{"groundingMetadata", {}}, {"citationMetadata", {}}}};
  std::string finish_word_, finish_message_;
  int calls_ = 0;
  bool saw_candidate_ = false;
};

/// `{"error":{"code","message","status","details"}}`, a list of one of these, or any body.
/// `status` is the HTTP answer's.
error read_error(int status, std::string_view body, const vendor& v);
error read_error(int status, element root, const vendor& v);
bool is_error(element root) noexcept;

/// The answer is no answer of this family.
error not_ours(const dialect::answer& a);
error decode_failure(const dialect::answer& a, const vendor& v);
std::string request_id(const wire::http_head& head);

}  // namespace ark::adapters::gemini
