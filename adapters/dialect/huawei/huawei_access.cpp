#include "dialect/huawei/huawei_access.hpp"

#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "wire/http_time.hpp"

namespace ark::adapters {
namespace huawei {
namespace {

using dialect::answer;
using std::chrono::system_clock;

/// The document: 24 hours.
constexpr std::int64_t token_life_s = 86'400;

/// A key "DOMAIN:USER:PASSWORD", whose password may hold colons.
struct login {
  std::string_view domain, user, password;
};

result<login> login_of(std::string_view key, const vendor& v) {
  const auto first = key.find(':');
  const auto second = first == key.npos ? key.npos : key.find(':', first + 1);
  login out;
  if (second != key.npos)
    out = {key.substr(0, first), key.substr(first + 1, second - first - 1), key.substr(second + 1)};
  if (!out.domain.empty() && !out.user.empty() && !out.password.empty()) return out;
  return error{.code = errc::auth,
               .message = "the key of " + v.name +
                          " must be \"DOMAIN:USER:PASSWORD\" (the account's name, the user's, the "
                          "password), or a token"};
}

class iam final : public dialect::access_dialect {
 public:
  std::string_view name() const override { return "huawei_iam"; }

  result<dialect::key_request> encode_key(const dialect::key_question& q,
                                          const vendor& v) const override {
    const auto who = login_of(q.key.reveal_secret(), v);
    if (!who) return who.error();
    // A region's first project has the region's name.
    const std::string_view project = q.project.empty() ? v.auth_region : q.project;
    if (project.empty())
      return error{.code = errc::auth,
                   .message = "a token of " + v.name +
                              " belongs to a project: set the vendor's project to its name"};
    dialect::key_request out;
    out.scope = project;
    out.request.target = "/v3/auth/tokens";
    out.request.headers = {{"content-type", "application/json", false}};
    json::writer body(out.request.body);
    body.begin_object().key("auth").begin_object();
    body.key("identity").begin_object().key("methods").begin_array().string("password").end_array();
    body.key("password").begin_object().key("user").begin_object();
    body.key("name").string(who->user).key("password").string(who->password);
    body.key("domain").begin_object().key("name").string(who->domain).end_object();
    body.end_object().end_object().end_object();
    body.key("scope").begin_object().key("project").begin_object().key("name").string(project);
    body.end_object().end_object().end_object().end_object();
    return out;
  }

  /// The token is a header, its end stands in the body.
  result<dialect::temporary_key> decode_key(const answer& a, const vendor&,
                                            system_clock::time_point now) const override {
    json::reader reader;
    const auto root = reader.parse(a.body);
    json::element said;
    const auto ends = root && json::find_path(*root, "token.expires_at", said)
                          ? wire::parse_rfc3339(json::as_text(said))
                          : std::nullopt;
    const std::int64_t ends_s =
        ends ? std::chrono::floor<std::chrono::seconds>(*ends).time_since_epoch().count()
             : dialect::end_of_life(now, token_life_s);
    return dialect::make_temporary_key(wire::find_header(a.head.headers, "x-subject-token"), ends_s,
                                       a.head.status);
  }

  error decode_key_error(const answer& a, const vendor&) const override {
    json::reader reader;
    json::element told;
    std::string_view code, message;
    const auto root = reader.parse(a.body);
    if (root && json::find(*root, "error", told)) {
      code = json::text_at(told, "title");
      message = json::text_at(told, "message");
    } else if (root) {
      code = json::text_at(*root, "error_code");
      message = json::text_at(*root, "error_msg");
    }
    return dialect::key_error(a, code, message, {});
  }
};

}  // namespace
}  // namespace huawei

const ark::dialect::access_dialect& huawei_iam() {
  static const huawei::iam instance;
  return instance;
}

}  // namespace ark::adapters
