#include "dialect/volcengine/volcengine_access.hpp"

#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "dialect/error_table.hpp"

#include <algorithm>
#include <utility>

namespace ark::adapters {
namespace volcengine {
namespace {

namespace dialect = ark::dialect;
using dialect::answer;

/// As the vendor's clients ask: seven days.
constexpr std::int64_t key_life_s = 604'800;
constexpr std::string_view batch_path = "/batch/chat/completions";
constexpr std::string_view certificate_path = "/e2e/get/certificate";

/// What the gateway's words mean (ark-cli, 2026-07); the others are judged by the status.
struct gateway_word {
  std::string_view word;
  errc code;
  retry_class retry = retry_class::never;
};
constexpr gateway_word meanings[] = {
    {"MissingParameter", errc::invalid_request},
    {"MissingRequestInfo", errc::invalid_request},
    {"InvalidTimestamp", errc::auth},
    {"ServiceNotFound", errc::not_found},
    {"InvalidActionOrVersion", errc::not_found},
    {"InvalidAccessKey", errc::auth},
    {"SignatureDoesNotMatch", errc::auth},
    {"AccessDenied", errc::permission},
    {"InternalError", errc::server, retry_class::maybe_billed},
    {"InternalServiceTimeout", errc::timeout, retry_class::maybe_billed},
    {"FlowLimitExceeded", errc::rate_limit, retry_class::safe},
    {"ServiceUnavailableTemp", errc::overloaded, retry_class::safe},
    {"InternalServiceError", errc::server, retry_class::maybe_billed},
    {"InvalidAuthorization", errc::auth},
    {"InvalidCredential", errc::auth},
    {"InvalidSecretToken", errc::auth},
};

std::string_view resource_type(std::string_view model) {
  if (model.starts_with("ep-m-")) return "presetendpoint";
  if (model.starts_with("ep-")) return "endpoint";
  if (model.starts_with("bot-")) return "bot";
  return "presetendpoint";
}

/// The error of an envelope; false if it holds none.
bool read_error(json::element root, int status, error& e) {
  json::element meta, told;
  if (!json::find(root, "ResponseMetadata", meta)) return false;
  e.request_id = json::text_at(meta, "RequestId");
  if (!json::find(meta, "Error", told)) return false;
  e.vendor_code = json::text_at(told, "Code");
  e.vendor_message = json::text_at(told, "Message");
  // A word may have its object behind it: "MissingParameter.Name".
  const std::string_view word = std::string_view(e.vendor_code).substr(0, e.vendor_code.find('.'));
  const auto found = std::find_if(std::begin(meanings), std::end(meanings),
                                  [word](const gateway_word& m) { return m.word == word; });
  dialect::error_meaning meaning = dialect::meaning_of_status(status);
  if (found != std::end(meanings)) meaning = {found->code, found->retry};
  dialect::set_meaning(e, meaning, status);
  return true;
}

class access final : public dialect::access_dialect {
 public:
  std::string_view name() const override { return "volcengine"; }

  result<dialect::key_request> encode_key(const dialect::key_question& q,
                                          const vendor& v) const override {
    if (q.model.empty())
      return error{.code = errc::auth,
                   .message = "files and lists of " + v.name +
                              " take no key \"ID:SECRET\": give an API key"};
    const std::string_view type = resource_type(q.model);
    if (type == "presetendpoint" && q.project.empty())
      return error{.code = errc::auth,
                   .message = "a key \"ID:SECRET\" opens a model of " + v.name +
                              " in a project: set the vendor's project, or name an endpoint "
                              "(\"ep-...\")"};
    dialect::key_request out{.proof = dialect::key_proof::hmac_v4};
    out.request.target = "/?Action=GetApiKey&Version=2024-01-01";
    out.request.headers = {{"content-type", "application/json", false}};
    json::writer body(out.request.body);
    body.begin_object().key("DurationSeconds").number(key_life_s);
    body.key("ResourceType").string(type);
    body.key("ResourceIds").begin_array().string(q.model).end_array();
    if (!q.project.empty()) {
      body.key("ProjectName").string(q.project);
      out.headers.push_back({"x-project-name", std::string(q.project), false});
    }
    body.end_object();
    out.scope = std::string(type) + "#" + std::string(q.model) + "#" + std::string(q.project);
    return out;
  }

  result<dialect::temporary_key> decode_key(const answer& a, const vendor&,
                                            std::chrono::system_clock::time_point) const override {
    json::reader reader;
    const auto root = reader.parse(a.body);
    if (!root) return dialect::no_temporary_key(a.head.status);
    error e{.http_status = a.head.status};
    if (read_error(*root, a.head.status, e)) return e;
    json::element made;
    if (!json::find(*root, "Result", made)) return dialect::no_temporary_key(a.head.status);
    return dialect::make_temporary_key(json::text_at(made, "ApiKey"),
                                       json::integer_at(made, "ExpiredTime"), a.head.status);
  }

  error decode_key_error(const answer& a, const vendor&) const override {
    error e{.http_status = a.head.status};
    json::reader reader;
    const auto root = reader.parse(a.body);
    if (!root || !read_error(*root, a.head.status, e))
      dialect::set_meaning(e, dialect::meaning_of_status(a.head.status), a.head.status);
    dialect::read_retry_headers(a.head.headers, e);
    return e;
  }

  /// The vendor's clients seal chats and those of a batch; bots, contexts and responses go in
  /// clear.
  dialect::sealing seals(const vendor& v) const noexcept override {
    const bool plain = v.chat_path.empty() || v.chat_path == batch_path;
    return v.dialect == "openai_chat" && plain ? dialect::sealing::texts : dialect::sealing::none;
  }

  wire::http_request encode_certificate(std::string_view model, const vendor&) const override {
    wire::http_request out;
    out.target = certificate_path;
    out.headers = {{"content-type", "application/json", false},
                   {"x-session-token", std::string(certificate_path), false}};
    json::writer body(out.body);
    body.begin_object().key("model").string(model).end_object();
    return out;
  }

  result<std::string> decode_certificate(const answer& a, const vendor& v) const override {
    json::reader reader;
    const auto root = reader.parse(a.body);
    const std::string_view pem = root ? json::text_at(*root, "Certificate") : std::string_view{};
    if (!pem.empty()) return std::string(pem);
    error e{.code = errc::protocol,
            .retry = retry_class::never,
            .http_status = a.head.status,
            .message = v.name + " gave no certificate to encrypt contents for this model"};
    json::element told;
    if (root && json::find(*root, "error", told)) {
      e.vendor_code = json::text_at(told, "code");
      e.vendor_message = json::text_at(told, "message");
    }
    return e;
  }

  wire::header_list seal_headers(const dialect::seal_facts& facts) const override {
    std::string info;
    json::writer out(info);
    out.begin_object();
    if (!facts.ring_id.empty()) {
      out.key("Version").string("AICCv0.1");
      out.key("KeyID").string(facts.key_id).key("RingID").string(facts.ring_id);
    }
    // Python's client sends a float here, the others an integer.
    out.key("ExpireTime")
        .number(std::chrono::floor<std::chrono::seconds>(facts.expires).time_since_epoch().count())
        .end_object();
    return {{"x-is-encrypted", "true", false},
            {"x-session-token", std::string(facts.session_token), false},
            {"x-encrypt-info", std::move(info), false}};
  }
};

}  // namespace
}  // namespace volcengine

const ark::dialect::access_dialect& volcengine_access() {
  static const volcengine::access instance;
  return instance;
}

}  // namespace ark::adapters
