#include "base/json_reader.hpp"
#include "dialect/qianfan/qianfan_v1.hpp"
#include "wire/http_time.hpp"
#include "wire/url.hpp"

#include <algorithm>
#include <utility>

namespace ark::adapters {
namespace qianfan {
namespace {

using dialect::answer;
using std::chrono::system_clock;

/// As the vendor's SDK asks: half a day.
constexpr std::int64_t bearer_life_s = 43'200;

/// What the cloud's words mean; the others are judged by the status.
constexpr std::pair<std::string_view, errc> bce_meanings[] = {
    {"AccessDenied", errc::permission},    {"InvalidAccessKeyId", errc::auth},
    {"InvalidHTTPAuthHeader", errc::auth}, {"RequestExpired", errc::auth},
    {"SignatureDoesNotMatch", errc::auth},
};

class oauth final : public dialect::access_dialect {
 public:
  std::string_view name() const override { return "qianfan_oauth"; }

  /// The secret stands in the body: addresses end up in logs on the way.
  result<dialect::key_request> encode_key(const dialect::key_question& q,
                                          const vendor&) const override {
    const std::string_view key = q.key.reveal_secret();
    const auto colon = key.find(':');
    dialect::key_request out;
    out.request.target = "/oauth/2.0/token";
    out.request.headers = {{"content-type", "application/x-www-form-urlencoded", false},
                           {"accept", "application/json", false}};
    std::string form;
    wire::append_query(form, "grant_type", "client_credentials");
    wire::append_query(form, "client_id", key.substr(0, colon));
    wire::append_query(form, "client_secret", colon == key.npos ? "" : key.substr(colon + 1));
    out.request.body = form.substr(1);
    return out;
  }

  result<dialect::temporary_key> decode_key(const answer& a, const vendor&,
                                            system_clock::time_point now) const override {
    json::reader reader;
    const auto root = reader.parse(a.body);
    if (!root) return dialect::no_temporary_key(a.head.status);
    if (!json::text_at(*root, "error").empty()) return told(a, *root);
    const std::int64_t life_s = json::integer_at(*root, "expires_in");
    return dialect::make_temporary_key(json::text_at(*root, "access_token"),
                                       dialect::end_of_life(now, life_s), a.head.status);
  }

  error decode_key_error(const answer& a, const vendor&) const override {
    json::reader reader;
    const auto root = reader.parse(a.body);
    return root ? told(a, *root) : dialect::key_error(a, {}, {}, {});
  }

 private:
  static error told(const answer& a, json::element root) {
    const std::string_view code = json::text_at(root, "error");
    std::optional<errc> meaning;
    if (code == "invalid_client") meaning = errc::auth;
    return dialect::key_error(a, code, json::text_at(root, "error_description"), meaning);
  }
};

class bearer final : public dialect::access_dialect {
 public:
  std::string_view name() const override { return "qianfan_bearer"; }

  result<dialect::key_request> encode_key(const dialect::key_question&,
                                          const vendor&) const override {
    dialect::key_request out{.proof = dialect::key_proof::bce_v1};
    out.request.method = "GET";
    out.request.target = "/v1/BCE-BEARER/token?expireInSeconds=" + std::to_string(bearer_life_s);
    return out;
  }

  result<dialect::temporary_key> decode_key(const answer& a, const vendor&,
                                            system_clock::time_point now) const override {
    json::reader reader;
    const auto root = reader.parse(a.body);
    if (!root) return dialect::no_temporary_key(a.head.status);
    if (!json::text_at(*root, "code").empty()) return told(a, *root);
    const auto ends = wire::parse_rfc3339(json::text_at(*root, "expireTime"));
    const std::int64_t ends_s =
        ends ? std::chrono::floor<std::chrono::seconds>(*ends).time_since_epoch().count()
             : dialect::end_of_life(now, bearer_life_s);
    return dialect::make_temporary_key(json::text_at(*root, "token"), ends_s, a.head.status);
  }

  error decode_key_error(const answer& a, const vendor&) const override {
    json::reader reader;
    const auto root = reader.parse(a.body);
    return root ? told(a, *root) : dialect::key_error(a, {}, {}, {});
  }

 private:
  static error told(const answer& a, json::element root) {
    const std::string_view code = json::text_at(root, "code");
    const auto* known = std::find_if(std::begin(bce_meanings), std::end(bce_meanings),
                                     [&](const auto& m) { return m.first == code; });
    std::optional<errc> meaning;
    if (known != std::end(bce_meanings)) meaning = known->second;
    error e = dialect::key_error(a, code, json::text_at(root, "message"), meaning);
    e.request_id = json::text_at(root, "requestId");
    return e;
  }
};

}  // namespace
}  // namespace qianfan

const dialect::access_dialect& qianfan_oauth() {
  static const qianfan::oauth instance;
  return instance;
}

const dialect::access_dialect& qianfan_bearer() {
  static const qianfan::bearer instance;
  return instance;
}

}  // namespace ark::adapters
