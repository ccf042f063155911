#pragma once
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

// The parts that cohere_chat is made of; nobody else's business.
namespace ark::adapters::cohere {

using ark::dialect::answer;
using ark::dialect::encoded;
using ark::dialect::reply_builder;
using json::element;

result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v, bool stream);
/// Version 1: chat, or one text where the row's path is that of completions.
result<encoded> encode_v1(const call& c, std::string_view model, const vendor& v, bool stream);
/// `path`: the version's own, where the row has none.
result<encoded> encode_embed(const embed_call& c, std::string_view model, const vendor& v,
                             std::string_view path);
result<embed_reply> decode_embed(const answer& a, const vendor& v);
result<encoded> encode_rerank(const rerank_call& c, std::string_view model, const vendor& v);
/// POST /v1/tokenize: one text, which is the call's only message. errc::unsupported for all that is
/// more than that.
result<encoded> encode_count(const call& c, std::string_view model, const vendor& v);
result<rerank_reply> decode_rerank(const answer& a, const vendor& v, std::size_t documents);

/// `{id, message{content[], tool_plan, tool_calls[], citations[]}, finish_reason, usage}`, without
/// the terminal. False: no reply of this family.
bool read_reply(element root, const vendor& v, reply_builder& out);
/// One part of the content, or what a stream adds to one. False: of an unknown kind.
bool read_content(element part, reply_builder& out);
bool is_filled_list(element holder, std::string_view name);
/// `citations` of `holder`. Their places count characters until `place_citations`, which is called
/// once, when the text is whole.
void read_citations(element holder, reply_builder& out);
void place_citations(reply_builder& out);
/// `logprobs` of `holder`.
void read_logprobs(element holder, reply_builder& out);
/// `finish_reason` and, before it, `usage` of a reply or of a stream's end. The words for failures
/// (ERROR, TIMEOUT) are errors, with the holder's `error` and `error_type`.
void read_end(element holder, const vendor& v, reply_builder& out);

/// In disjoint buckets; `holder` has `billed_units`, and may have `tokens` and `cached_tokens`.
/// Nothing when it has no counts.
std::optional<usage> read_usage(element holder, reply_builder& notes);

/// `{"id","message","error_type"}`, or any body. `status` 200: inside a good answer, never safe to
/// send again.
error read_error(int status, std::string_view body, const vendor& v);
/// The meaning of `e.vendor_code` and `e.vendor_message`: the row's, the family's, the status's.
void set_meaning(error& e, const vendor& v);
/// As `read_error`, with what the headers say.
error decode_failure(const answer& a, const vendor& v);
/// A good status and a body of something else.
error not_ours(const answer& a);
std::string request_id(const wire::http_head& head);

/// What an answer has beside its vectors or its ranking: `meta` with usage and warnings, the
/// request's id. `notes` has what was noted before.
template <class Reply>
void read_meta(element root, const answer& a, reply_builder& notes, Reply& made) {
  element meta;
  if (json::find(root, "meta", meta)) {
    if (auto u = read_usage(meta, notes)) made.usage = *std::move(u);
    if (is_filled_list(meta, "warnings"))
      notes.note("the vendor's answer has warnings, which are not kept");
  }
  made.notes = notes.reply().notes;
  made.request_id = request_id(a.head);
}

}  // namespace ark::adapters::cohere
