#include "dialect/dashscope/dashscope_access.hpp"

#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "dialect/dashscope/dashscope_wire.hpp"

namespace ark::adapters {
namespace dashscope {
namespace {

namespace dialect = ark::dialect;

error no_exchange(const vendor& v) {
  return {.code = errc::unsupported, .message = v.name + " exchanges no keys: give an API key"};
}

class access final : public dialect::access_dialect {
 public:
  std::string_view name() const override { return "dashscope"; }
  result<dialect::key_request> encode_key(const dialect::key_question&,
                                          const vendor& v) const override {
    return no_exchange(v);
  }
  result<dialect::temporary_key> decode_key(const answer&, const vendor& v,
                                            std::chrono::system_clock::time_point) const override {
    return no_exchange(v);
  }
  error decode_key_error(const answer& a, const vendor& v) const override {
    return decode_failure(a, v);
  }

  dialect::sealing seals(const vendor& v) const noexcept override {
    return v.dialect == "dashscope" ? dialect::sealing::input : dialect::sealing::none;
  }
  wire::http_request encode_certificate(std::string_view, const vendor&) const override {
    wire::http_request out;
    out.method = "GET";
    out.target = "/public-keys/latest";
    return out;
  }
  result<std::string> decode_certificate(const answer& a, const vendor& v) const override {
    json::reader reader;
    json::element data;
    const auto root = reader.parse(a.body);
    if (root && json::find(*root, "data", data)) {
      const auto key = json::text_at(data, "public_key"), id = json::text_at(data, "public_key_id");
      if (!key.empty() && !id.empty() && id.find('\n') == id.npos)
        return std::string(id) + '\n' + std::string(key);
    }
    return error{.code = errc::protocol,
                 .retry = retry_class::never,
                 .http_status = a.head.status,
                 .message = v.name + " gave no public key to encrypt contents for"};
  }
  wire::header_list seal_headers(const dialect::seal_facts& facts) const override {
    std::string said;
    json::writer w(said);
    w.begin_object().key("public_key_id").string(facts.key_id);
    w.key("encrypt_key").string(facts.wrapped_key);
    w.key("iv").string(facts.nonce).end_object();
    return {{"x-dashscope-encryptionkey", std::move(said), false}};
  }
};

}  // namespace
}  // namespace dashscope

const dialect::access_dialect& dashscope_access() {
  static const dashscope::access instance;
  return instance;
}

}  // namespace ark::adapters
