#include "dialect/openai_responses/openai_responses.hpp"

#include "dialect/openai_responses/responses_wire.hpp"
#include "dialect/openai_wire.hpp"
#include "dialect/token_count.hpp"

namespace ark::adapters {
namespace responses {
namespace {

using ark::dialect::answer;

error has_no_embeddings() {
  return {.code = errc::unsupported,
          .message = "the responses family has no embeddings: choose another vendor row"};
}

class family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "openai_responses"; }
  result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                              bool stream) const override {
    return responses::encode(c, model, v, stream);
  }
  result<reply> decode_chat(const answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return responses::open_stream(v);
  }
  result<encoded> encode_embed(const embed_call&, std::string_view, const vendor&) const override {
    return has_no_embeddings();
  }
  result<embed_reply> decode_embed(const answer&, const vendor&) const override {
    return has_no_embeddings();
  }
  result<encoded> encode_count(const call& c, std::string_view model,
                               const vendor& v) const override {
    return responses::encode_count(c, model, v);
  }
  result<token_count_reply> decode_count(const answer& a, const vendor&) const override {
    return ark::dialect::read_token_count(a, "input_tokens", openai::request_id(a.head));
  }
  error decode_error(const answer& a, const vendor& v) const override {
    return openai::decode_failure(a, v);
  }
  std::string request_id(const wire::http_head& head) const override {
    return openai::request_id(head);
  }
};

result<reply> family::decode_chat(const answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  if (!root || !root->is_object()) return openai::not_ours(a);
  reply_builder out;
  response_reader response(v);
  if (is_response(*root))
    response.end(*root, out);
  else if (openai::is_error(*root, response.quirks()))
    out.fail(read_failure(*root, response.quirks()));
  else
    return openai::not_ours(a);
  return ark::dialect::end_whole(out, a, openai::request_id(a.head));
}

}  // namespace
}  // namespace responses

const dialect::dialect& openai_responses() {
  static const responses::family instance;
  return instance;
}

}  // namespace ark::adapters
