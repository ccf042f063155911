#pragma once
#include "base/json_reader.hpp"
#include "dialect/citations.hpp"
#include "dialect/dialect.hpp"
#include "dialect/error_table.hpp"
#include "dialect/quirks.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The pieces of the openai_chat family. All pure; no state outside the objects.
namespace ark::adapters::openai {

using ark::dialect::answer;
using ark::dialect::encoded;
using ark::dialect::quirk_view;
using ark::dialect::reply_builder;
using json::element;

/// Where a request goes below the base URL: `own` is the row's path, `family` the family's.
/// `unsupported` where the row has none ("-"; `operation` says of what); `invalid_request` where
/// the model's id belongs into the path and would change it ("", "." and "..").
result<std::string> target_of(const quirk_view& quirks, const std::string& own,
                              std::string_view family, std::string_view model,
                              std::string_view operation);
result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v, bool stream);
result<encoded> encode_embed(const embed_call& c, std::string_view model, const vendor& v);
result<embed_reply> decode_embed(const answer& a, const vendor& v);
result<encoded> encode_rerank(const rerank_call& c, std::string_view model, const vendor& v);
result<rerank_reply> decode_rerank(const answer& a, const vendor& v, std::size_t documents);
/// POST to the row's `count_path`: {model, text[]}. errc::unsupported for what is no text.
result<encoded> encode_count(const call& c, std::string_view model, const vendor& v);
result<token_count_reply> decode_count(const answer& a, const vendor& v);
/// Writes a part of a message's content that is no text: image, sound, document or video. `mark`:
/// the prompt may be kept up to here. `extra`: the call's, which may add to all parts of a kind.
result<void> write_media(const part& p, const quirk_view& quirks,
                         const std::map<std::string, std::string>& extra, cache_mark mark,
                         json::writer& out);
/// Does a JSON Schema keep the rules without which the family refuses it with `strict`: every
/// object is closed, all of its properties are required, no keywords that are not enforced?
bool fits_strict_mode(std::string_view schema);
/// An answer that is not 2xx, or an error inside one that is.
error decode_failure(const answer& a, const vendor& v);
/// A 2xx answer that no completion can be read from.
error not_ours(const answer& a);

/// The vendor's id of a request, "" if no header has one.
std::string request_id(const wire::http_head& head);

/// Is `root` (of a 2xx answer or a frame) an error? `error: null`, "" and {} are none.
bool is_error(element root, const quirk_view& quirks);
/// What the JSON of an error says. `status`: of the HTTP answer; an error inside a 200 names its
/// own. Inside a stream nothing is provably unbilled.
error read_error(int status, element root, const quirk_view& quirks);
/// The same for a whole body, which may be no JSON at all.
error read_error_body(int status, std::string_view body, const quirk_view& quirks);
/// What a vendor's word for an error means, wherever it says it; nothing for one that is not known.
std::optional<ark::dialect::error_meaning> meaning_of_word(std::string_view word);

/// The vendor's usage object in disjoint buckets; says in the notes what does not add up.
/// Nothing if it has no counts.
std::optional<ark::usage> read_usage(element usage, const quirk_view& quirks, reply_builder& out);

/// `bot_usage`: the models that a bot asked together, and its tools' calls in `units`, by their
/// names. Says in the notes which models, and what it cannot keep. Nothing if it has no counts.
std::optional<ark::usage> read_bot_usage(element bot_usage, const quirk_view& quirks,
                                         reply_builder& out);

/// What an answer has beside its vectors or its ranking: model, usage, the request's id.
template <class Reply>
void read_rest(element root, const answer& a, const quirk_view& quirks, Reply& made) {
  element found;
  reply_builder notes;
  made.model = json::text_at(root, "model");
  if (json::find(root, "usage", found))
    if (auto u = read_usage(found, quirks, notes)) made.usage = *std::move(u);
  made.notes = notes.reply().notes;
  made.request_id = request_id(a.head);
}

/// reasoning_details: blocks that must go back unchanged. Pieces with the same index and type are
/// one block; their texts are joined, of the rest the last one counts.
class detail_merger {
 public:
  void add(element list, reply_builder& out);
  bool empty() const noexcept { return blocks_.empty(); }
  /// The reasoning that only the blocks have.
  static std::string text_of(element list);
  /// Puts them into the reply's first reasoning part.
  void attach(reply_builder& out) const;

 private:
  struct field {
    std::string key, value;
    bool is_text = false;  ///< `value` is a string's text, else JSON
  };
  struct block {
    std::int64_t index = 0;
    std::string type;
    std::vector<field> fields;
    void add(std::string_view key, element value, std::size_t& bytes);
  };
  block& find(std::int64_t index, std::string_view type);

  std::vector<block> blocks_;
  std::size_t bytes_ = 0;
};

/// Reads a chunk or a whole completion: both have the same shape but for `delta` and `message`.
class completion_reader {
 public:
  completion_reader(const vendor& v, bool whole);

  /// False: an object of another kind.
  bool read(element root, reply_builder& out);
  /// The vendor's terminal, or the end of a whole reply: what was held back is put out.
  void end(reply_builder& out);
  /// How many `message`s there were: one of a whole completion, more of a stream without deltas.
  int messages() const noexcept { return messages_; }
  /// What was read last has an `error`; `is_error` says whether it is one.
  bool saw_error() const noexcept { return saw_error_; }
  const quirk_view& quirks() const noexcept { return quirks_; }
  /// The member whose text was all that the last chunk brought: "content", a name of reasoning.
  /// "": it brought more, or something else.
  std::string_view only_member() const noexcept { return only_member_; }
  /// A chunk again of which that was true, with another text of that member.
  void again(std::string_view member, std::string_view delta, reply_builder& out);

 private:
  /// What the chunk brings. "": of a kind that is not to be told by a text alone.
  void brings(std::string_view member) noexcept;
  void choices(element list, reply_builder& out);
  void choice(simdjson::dom::object o, reply_builder& out);
  void message(element e, reply_builder& out);
  void content(element e, reply_builder& out);
  void text(std::string_view delta, reply_builder& out);
  void tool_calls(element list, reply_builder& out);
  void tool_call(element e, reply_builder& out);
  void function_call(element e, reply_builder& out);
  void function(int index, std::string_view id, element e, bool fresh, reply_builder& out);
  void usage(element root, const element* plain, reply_builder& out);
  void bot_usage(element used, reply_builder& out);
  void add_sealed(std::string_view delta, reply_builder& out);
  void attach_sealed(reply_builder& out) const;
  bool take_usage(element used, reply_builder& out);
  int reasoning_rank(std::string_view key) const noexcept;
  finish_reason meaning_of(std::string_view word) const noexcept;

  quirk_view quirks_;
  std::string_view sealed_field_;
  std::optional<ark::dialect::think_splitter> splitter_;
  detail_merger details_;
  ark::dialect::cited_sources sources_;
  std::string finish_word_, service_tier_, sealed_;
  std::string only_member_;
  int brought_ = 0;  ///< by the last chunk
  int last_index_ = -1;
  int messages_ = 0;
  bool whole_, saw_error_ = false, has_bot_usage_ = false;
};

}  // namespace ark::adapters::openai
