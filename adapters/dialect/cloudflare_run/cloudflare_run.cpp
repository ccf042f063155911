#include "dialect/cloudflare_run/cloudflare_run.hpp"

#include "dialect/openai_wire.hpp"

#include <algorithm>

namespace ark::adapters {
namespace cloudflare {
namespace {

using dialect::frame_kind;
using dialect::quirk_view;
using dialect::reply_builder;
using json::element;

/// `success: false`, a list of errors that is not empty, or an error as OpenAI writes it.
bool is_failure(element root, const quirk_view& quirks) {
  element e;
  bool success = true;
  simdjson::dom::array list;
  if (json::find(root, "success", e) && e.get(success) == simdjson::SUCCESS && !success)
    return true;
  if (json::find(root, "errors", e) && e.get(list) == simdjson::SUCCESS && list.size() > 0)
    return true;
  return openai::is_error(root, quirks);
}

/// A string as it is, other JSON as its text, null as nothing.
std::string text_of(element e) {
  if (e.is_null()) return {};
  return e.is_string() ? std::string(json::as_text(e)) : std::string(simdjson::minify(e));
}

/// Reads a frame, or a whole answer's `result`: their shape is the same.
class result_reader {
 public:
  explicit result_reader(const vendor& v) : quirks_(v) {
    if (quirks_.think_tags != nullptr) splitter_.emplace(*quirks_.think_tags);
  }
  /// False: there is nothing that this family knows.
  bool read(simdjson::dom::object fields, reply_builder& out);
  /// The terminal. The vendor gives no reason for the end.
  void end(reply_builder& out);
  bool saw_content() const noexcept { return saw_content_; }
  const quirk_view& quirks() const noexcept { return quirks_; }

 private:
  void call(element e, reply_builder& out);

  quirk_view quirks_;
  std::optional<dialect::think_splitter> splitter_;
  int calls_ = 0;
  bool saw_content_ = false;
};

bool result_reader::read(simdjson::dom::object fields, reply_builder& out) {
  bool known = fields.size() == 0;  // `{}` (recorded)
  for (const auto [key, value] : fields) {
    simdjson::dom::array list;
    if (key == "response") {
      saw_content_ = known = true;
      if (splitter_)
        splitter_->feed(text_of(value), out);
      else
        out.text(text_of(value));
    } else if (key == "tool_calls") {
      known = true;
      if (value.get(list) != simdjson::SUCCESS) continue;
      saw_content_ = true;
      for (const element item : list) call(item, out);
    } else if (key == "usage") {
      known = true;
      if (auto used = openai::read_usage(value, quirks_, out)) out.usage(*used);
    }
  }
  return known;
}

/// {name, arguments}, or OpenAI's {id, index, function{name, arguments}}, whole or in pieces: what
/// has the index of an open call and no other id goes on with it.
void result_reader::call(element e, reply_builder& out) {
  element function = e, found;
  json::find(e, "function", function);
  int index = calls_;
  if (json::find(e, "index", found) && found.is_number())
    index = static_cast<int>(std::clamp<std::int64_t>(json::as_integer(found), 0, 1 << 30));
  std::string id(json::text_at(e, "id"));
  if (!out.tool_is_open(index) || (!id.empty() && id != out.tool_id(index))) {
    if (id.empty()) id = "call_" + std::to_string(calls_);
    ++calls_;
    out.tool_begin(index, id, json::text_at(function, "name"));
  }
  if (json::find(function, "arguments", found)) out.tool_arguments(index, text_of(found));
}

void result_reader::end(reply_builder& out) {
  if (splitter_) splitter_->finish(out);
  out.finish(calls_ > 0 ? finish_reason::tool_calls : finish_reason::other, {});
  out.done();
}

class decoder final : public dialect::stream_decoder {
 public:
  explicit decoder(const vendor& v) : result_(v) {}

  frame_kind feed(std::string_view, std::string_view data, reply_builder& out) override {
    if (data == "[DONE]") {
      result_.end(out);
      return frame_kind::known;
    }
    json::reader reader;
    const auto root = reader.parse(data);
    simdjson::dom::object fields;
    if (!root || root->get(fields) != simdjson::SUCCESS) return frame_kind::corrupt;
    // What came with an error counts: its usage settles the attempt.
    const bool known = result_.read(fields, out);
    if (is_failure(*root, result_.quirks())) {
      out.fail(openai::read_error(200, *root, result_.quirks()));
      return frame_kind::known;
    }
    return known ? frame_kind::known : frame_kind::unknown;
  }
  bool whole_at_end(reply_builder&) override { return false; }

 private:
  result_reader result_;
};

class run_family final : public dialect::dialect {
 public:
  std::string_view name() const override { return "cloudflare_run"; }
  result<ark::dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                            bool stream) const override {
    return encode(c, model, v, stream);
  }
  result<reply> decode_chat(const ark::dialect::answer& a, const vendor& v) const override;
  std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v) const override {
    return std::make_unique<decoder>(v);
  }
  result<ark::dialect::encoded> encode_embed(const embed_call&, std::string_view,
                                             const vendor& v) const override {
    return no_embeddings(v);
  }
  result<embed_reply> decode_embed(const ark::dialect::answer&, const vendor& v) const override {
    return no_embeddings(v);
  }
  error decode_error(const ark::dialect::answer& a, const vendor& v) const override {
    error e = openai::decode_failure(a, v);
    e.request_id = request_id(a.head);
    return e;
  }
  std::string request_id(const wire::http_head& head) const override {
    return std::string(wire::find_header(head.headers, "cf-ray"));
  }

 private:
  static error no_embeddings(const vendor& v) {
    return {.code = errc::unsupported,
            .message = "vendor \"" + v.name + "\" has no embeddings: choose another vendor"};
  }
};

result<reply> run_family::decode_chat(const ark::dialect::answer& a, const vendor& v) const {
  json::reader reader;
  const auto root = reader.parse(a.body);
  reply_builder out;
  result_reader content(v);
  if (root && is_failure(*root, content.quirks())) return decode_error(a, v);
  element found;
  simdjson::dom::object fields;
  if (root && json::find(*root, "result", found) && found.get(fields) == simdjson::SUCCESS)
    content.read(fields, out);
  if (!content.saw_content())
    return error{.code = errc::protocol,
                 .retry = retry_class::maybe_billed,
                 .http_status = a.head.status,
                 .message =
                     "the answer's result has no response: this model speaks another "
                     "interface of the vendor's",
                 .vendor_message = std::string(a.body.substr(0, 500)),
                 .request_id = request_id(a.head)};
  content.end(out);
  if (out.failure()) {
    error e = *out.failure();
    e.http_status = a.head.status;
    e.request_id = request_id(a.head);
    return e;
  }
  out.reply().request_id = request_id(a.head);
  return std::move(out.reply());
}

}  // namespace
}  // namespace cloudflare

const dialect::dialect& cloudflare_run() {
  static const cloudflare::run_family instance;
  return instance;
}

}  // namespace ark::adapters
