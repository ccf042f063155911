#include "base/json.hpp"
#include "dialect/bedrock/bedrock_wire.hpp"
#include "dialect/embeddings.hpp"
#include "dialect/quirks.hpp"
#include "wire/url.hpp"

#include <array>
#include <charconv>

namespace ark::adapters::bedrock {
namespace {

constexpr std::array<std::string_view, 8> embed_parameters = {
    "dimensions",      "normalize", "input_type",       "output_dimension",
    "embedding_types", "truncate",  "embeddingPurpose", "embeddingDimension"};
constexpr std::array<std::string_view, 4> embed_own_names = {"inputText", "texts", "taskType",
                                                             "text"};
/// Whose shape a model's embeddings have.
enum class embed_maker : std::uint8_t { titan, cohere, nova };

embed_maker embed_maker_of(std::string_view model) {
  if (model.find("cohere.embed") != model.npos) return embed_maker::cohere;
  return model.find("amazon.nova") != model.npos ? embed_maker::nova : embed_maker::titan;
}

error cannot_embed(std::string message) {
  return {.code = errc::unsupported, .message = std::move(message)};
}

/// Titan has one vector; Cohere a list of them, by their type if types were asked for; Nova a list
/// of objects.
bool read_vectors(element root, std::vector<std::vector<float>>& out) {
  element found, of_type;
  if (json::find(root, "embedding", found)) return dialect::read_vector(found, out.emplace_back());
  if (!json::find(root, "embeddings", found)) return false;
  if (json::find_path(found, "0.embedding", of_type))
    return dialect::read_indexed_vectors(found, {.index = {}, .vector = "embedding"}, out);
  if (json::find(found, "float", of_type)) found = of_type;
  return dialect::read_vectors(found, out);
}

/// In the body (Titan) or in a header, which all have (recorded).
std::optional<std::int64_t> input_tokens(element root, const wire::header_list& headers) {
  element found;
  std::int64_t count = 0;
  if (json::find(root, "inputTextTokenCount", found)) return json::as_integer(found, -1);
  const auto text = wire::find_header(headers, "x-amzn-bedrock-input-token-count");
  const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
  if (text.empty() || read.ec != std::errc{}) return std::nullopt;
  return count;
}

/// What the maker calls the texts. Titan's models and Nova's take one text a call.
result<void> write_inputs(const embed_call& c, embed_maker maker, json::writer& w) {
  if (maker == embed_maker::cohere) {
    w.key("texts").begin_array();
    for (const std::string& text : c.input) w.string(text);
    w.end_array();
  } else if (c.input.size() > 1) {
    return cannot_embed("this model takes one input a call: make a call for each");
  } else if (maker == embed_maker::nova) {
    w.key("taskType").string("SINGLE_EMBEDDING").key("singleEmbeddingParams").begin_object();
    w.key("text").begin_object().key("truncationMode").string("NONE");
    w.key("value").string(c.input.front()).end_object();
  } else {
    w.key("inputText").string(c.input.front());
  }
  return {};
}

/// What the vendor wants to know and the call has not said.
void write_purpose(const embed_call& c, embed_maker maker, dialect::parameter_gate& gate,
                   std::vector<std::string>& notes) {
  if (maker == embed_maker::cohere && !c.extra.contains("input_type")) {
    gate.text("input_type", "search_document");
    notes.emplace_back("input_type was set to search_document: this model wants one");
  }
  if (maker == embed_maker::nova && !c.extra.contains("embeddingPurpose")) {
    gate.text("embeddingPurpose", "GENERIC_INDEX");
    notes.emplace_back("embeddingPurpose was set to GENERIC_INDEX: this model wants one");
  }
}

}  // namespace

result<dialect::encoded> encode_embed(const embed_call& c, std::string_view model,
                                      const vendor& v) {
  if (auto ok = dialect::check_embed(c, v); !ok) return ok.error();
  const auto segment = wire::encode_segment(model);
  if (!segment) return segment.error();
  const embed_maker maker = embed_maker_of(model);
  const dialect::quirk_view quirks(v);
  dialect::encoded made;
  json::writer w(made.request.body);
  w.begin_object();
  if (auto written = write_inputs(c, maker, w); !written) return written.error();
  if (maker == embed_maker::titan && model.find("titan-embed") == model.npos)
    made.notes.emplace_back("the model's maker is not known by its id: it is asked as Titan's are");
  dialect::parameter_gate gate(quirks, embed_parameters, w, made.notes);
  if (c.dimensions)
    gate.integer(maker == embed_maker::cohere ? "output_dimension"
                 : maker == embed_maker::nova ? "embeddingDimension"
                                              : "dimensions",
                 *c.dimensions);
  write_purpose(c, maker, gate, made.notes);
  gate.extras(c.extra, embed_own_names);
  if (auto ended = gate.outcome(); !ended) return ended.error();
  if (maker == embed_maker::nova) w.end_object();
  w.end_object();
  made.request.target = quirks.target("/model/" + *segment + "/invoke");
  made.request.headers.push_back({"content-type", "application/json"});
  made.request.headers.push_back({"accept", "application/json"});
  quirks.add_headers(made.request.headers);
  return made;
}

result<embed_reply> decode_embed(const dialect::answer& a) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  embed_reply made;
  made.request_id = request_id(a.head);
  if (!root)
    return error{.code = errc::protocol,
                 .retry = retry_class::maybe_billed,
                 .http_status = a.head.status,
                 .message = "the vendor's answer is " + root.error().message,
                 .request_id = made.request_id};
  // Every maker's models have a shape of their own.
  if (!read_vectors(*root, made.vectors))
    return error{.code = errc::unsupported,
                 .http_status = a.head.status,
                 .message =
                     "the answer is no embeddings of Titan's, Cohere's or Nova's: choose a "
                     "model of theirs",
                 .request_id = made.request_id};
  const auto tokens = input_tokens(*root, a.head.headers);
  made.usage.reported = tokens.has_value();
  made.usage.input = tokens.value_or(0);
  if (made.usage.input < 0)
    made.notes.emplace_back(
        "the vendor's usage has counts that cannot be: the cost of this reply is unknown");
  return made;
}

}  // namespace ark::adapters::bedrock
