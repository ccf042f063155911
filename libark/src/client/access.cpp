#include "client/access.hpp"

#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "client/authorize.hpp"
#include "client/key_file.hpp"
#include "wire/base64.hpp"
#include "wire/url.hpp"

#include <algorithm>

namespace ark {
namespace {

using std::chrono::system_clock;

/// A temporary key is renewed so long before its end, so that no call begins with one that ends.
constexpr std::chrono::minutes key_margin{10};
/// The vendor's own clients keep certificates as long.
constexpr std::chrono::days certificate_life{14};
/// A key without a certificate says nothing of its end; the vendor's own clients ask each time.
constexpr std::chrono::hours public_key_life{1};

const vendor_override* override_of(const core& c, const vendor& v) {
  const auto it = c.options.vendors.find(v.name);
  return it == c.options.vendors.end() ? nullptr : &it->second;
}

std::string_view project_of(const core& c, const vendor& v) {
  const vendor_override* changed = override_of(c, v);
  return changed == nullptr ? std::string_view{} : changed->project;
}

error pair_without_exchange(const vendor& v) {
  return {.code = errc::auth,
          .message = "a key \"ID:SECRET\" of " + v.name + " is exchanged for a temporary key of " +
                     v.base_url + " only: give an API key together with another base URL"};
}

/// A request before a call: free, and made again when its answer is lost.
std::shared_ptr<prepared_call> exchange_for(const prepared_call& p, std::string operation) {
  auto out = std::make_shared<prepared_call>();
  out->row = p.row;
  out->family = p.family;
  out->model = p.model;
  out->route = p.route;
  out->endpoint = p.endpoint;
  out->operation = std::move(operation);
  out->free_of_charge = true;
  return out;
}

result<const dialect::access_dialect*> access_of(const core& c, const vendor& v) {
  if (const auto* family = c.dialects->find_access(v.access_dialect)) return family;
  return error{.code = errc::config,
               .message = "vendor " + v.name + " speaks " + v.access_dialect +
                          ", which this build does not know"};
}

any_reply kept(secret text, system_clock::time_point renew_at) {
  fetched_reply out;
  out.made = {std::move(text), renew_at};
  return out;
}

result<any_reply> read_key(const dialect::access_dialect& access, const vendor& row,
                           const dialect::answer& a, system_clock::time_point now) {
  auto made = access.decode_key(a, row, now);
  if (!made) return made.error();
  const auto left = made->expires - now;
  if (left <= left.zero())
    return error{.code = errc::protocol,
                 .retry = retry_class::never,
                 .message = "the temporary key has ended already: look at this machine's clock"};
  return kept(std::move(made->key), now + std::max(left - key_margin, left / 2));
}

sign::content_trust trust_of(const vendor_override* changed) {
  if (changed == nullptr) return {};
  return {.authorities = changed->encryption.authorities, .host = changed->encryption.host};
}

result<void> check_trust(const core& c, const vendor& row, std::string_view certificate) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(c.os->wall_now());
  return sign::check_certificate(certificate, trust_of(override_of(c, row)), now);
}

result<any_reply> read_certificate_answer(const core& c, const dialect::access_dialect& access,
                                          const vendor& row, const dialect::answer& a) {
  auto pem = access.decode_certificate(a, row);
  if (!pem) return pem.error();
  if (auto ok = check_trust(c, row, *pem); !ok) return ok.error();
  const auto facts = sign::read_certificate(*pem);
  if (!facts) return facts.error();
  const auto most = c.os->wall_now() + certificate_life;
  return kept(secret(std::move(*pem)), std::min<system_clock::time_point>(facts->expires, most));
}

error not_encrypted() {
  return {.code = errc::protocol,
          .retry = retry_class::never,
          .message =
              "the answer is not encrypted with this call's key, although the call "
              "asks for end_to_end_encryption: none of it is given"};
}

result<any_reply> read_key_answer(const core& c, const dialect::access_dialect& access,
                                  const vendor& row, const dialect::answer& a) {
  auto key = access.decode_certificate(a, row);
  if (!key) return key.error();
  return kept(secret(std::move(*key)), c.os->wall_now() + public_key_life);
}

/// A vendor whose contents are sealed for a key that no certificate speaks for.
result<void> check_bare_key(const vendor& row, const vendor_override* changed) {
  if (changed == nullptr ||
      (changed->encryption.certificate.empty() && changed->encryption.authorities.empty() &&
       changed->encryption.host.empty()))
    return {};
  return error{.code = errc::config,
               .message = row.name + " encrypts for a key without a certificate: take vendors." +
                          row.name + ".encryption out of the configuration, it cannot be checked"};
}

error not_sealable(std::string_view what) {
  return {.code = errc::unsupported,
          .message = std::string(what) +
                     " cannot be encrypted end to end: leave it out, or make the call without "
                     "end_to_end_encryption"};
}

bool is_inline(const image_part& p) {
  return p.file_id.empty() && (!p.bytes.empty() || p.url.starts_with("data:"));
}

result<void> check_sealable(const call& c) {
  if (!c.tools.empty()) return not_sealable("a tool's definition");
  if (c.response_format.kind == response_format_kind::json_schema)
    return not_sealable("a schema for the answer");
  if (!c.stop.empty()) return not_sealable("a stop word");
  for (const message& m : c.messages) {
    if (!m.name.empty()) return not_sealable("a speaker's name");
    if (m.role == role::tool) return not_sealable("a tool's result");
    for (const part& p : m.parts) {
      const auto* image = std::get_if<image_part>(&p);
      if (image != nullptr && !is_inline(*image)) return not_sealable("an image that is elsewhere");
      if (image == nullptr && !std::holds_alternative<text_part>(p))
        return not_sealable("a message's part that is neither text nor an image");
    }
  }
  return {};
}

result<void> seal_part(const sign::content_key& with, part& p) {
  if (auto* text = std::get_if<text_part>(&p)) {
    auto sealed = sign::seal_content(with, text->text);
    if (sealed) text->text = std::move(*sealed);
    return sealed ? result<void>{} : sealed.error();
  }
  auto& image = std::get<image_part>(p);
  const std::string url = image.bytes.empty() ? image.url
                                              : "data:" + image.media_type + ";base64," +
                                                    wire::base64_encode(image.bytes);
  auto sealed = sign::seal_content(with, url);
  if (!sealed) return sealed.error();
  image = {.url = std::move(*sealed), .detail = image.detail};
  return {};
}

std::string random_bytes(os::system& os, std::size_t count) {
  std::string out;
  while (out.size() < count) {
    const std::uint64_t word = os.random_u64();
    for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(word >> shift);
  }
  out.resize(count);
  return out;
}

result<sign::key_agreement> new_agreement(std::string_view certificate, os::system& os) {
  constexpr int most_tries = 4;
  for (int tries = 1;; ++tries) {
    auto made = sign::agree_on_key(certificate, secret(random_bytes(os, 32)));
    // One of four billion texts is no key of the curve's.
    if (made || made.error().code != errc::invalid_request || tries == most_tries) return made;
  }
}

}  // namespace

bool is_exchanged(const vendor& row, const secret& key) {
  return !row.access_url.empty() && key.reveal_secret().find(':') != std::string_view::npos;
}

bool can_exchange(const core& c, const vendor& row, const secret& key) {
  const auto access = access_of(c, row);
  return access &&
         (*access)->encode_key({.model = "any", .project = project_of(c, row), .key = key}, row);
}

result<void> add_key_exchange(prepared_call& out, const core& c, secret key) {
  if (!out.endpoint.own_origin) return pair_without_exchange(*out.row);
  const auto access = access_of(c, *out.row);
  if (!access) return access.error();
  const auto base = wire::parse_base_url(out.row->access_url);
  if (!base) return base.error();
  auto asked = (*access)->encode_key(
      {.model = out.model, .project = project_of(c, *out.row), .key = key}, *out.row);
  if (!asked) return asked.error();

  const auto how = exchange_for(out, "key");
  how->endpoint.origin = base->origin;
  how->request = std::move(asked->request);
  how->request.target.insert(0, base->path);
  how->request.headers.push_back({"user-agent", "libark/" ARK_VERSION, false});
  how->signing_key = key;
  how->sign = [row = out.row, origin = base->origin, proof = asked->proof](
                  const secret& pair, const signing_moment& moment, auto& request) {
    return sign_exchange(*row, origin, proof, pair, moment.at, request);
  };
  how->read = [access = *access, row = out.row, os = c.os](const dialect::answer& a) {
    return read_key(*access, *row, a, os->wall_now());
  };
  how->read_error = [access = *access, row = out.row](const dialect::answer& a) {
    return access->decode_key_error(a, *row);
  };
  // That it can be signed is known before anything is begun.
  wire::http_request trial = how->request;
  if (auto ok = how->sign(key, {.at = c.os->wall_now()}, trial); !ok) return ok.error();

  out.temporary_key = fetch{
      .name = "key\n" + out.row->name + "\n" + fingerprint(key) + "\n" + asked->scope, .how = how};
  std::move(asked->headers.begin(), asked->headers.end(), std::back_inserter(out.request.headers));
  out.signing_key = std::move(key);
  out.sign = [row = out.row, origin = out.endpoint.origin](
                 const secret& with, const signing_moment& moment, auto& request) {
    return authorize(*row, origin, with, moment, request);
  };
  return {};
}

result<void> add_sealing(prepared_call& out, const core& c, const call& what) {
  if (out.row->access_dialect.empty())
    return error{.code = errc::unsupported,
                 .message = out.row->name +
                            " has no end-to-end encryption here: choose a vendor "
                            "that has, or make the call without it"};
  const auto access = access_of(c, *out.row);
  if (!access) return access.error();
  const dialect::sealing form = (*access)->seals(*out.row);
  if (form == dialect::sealing::none)
    return error{.code = errc::unsupported,
                 .message = out.row->name +
                            " takes no sealed contents: choose its row of plain chats, or make "
                            "the call without end_to_end_encryption"};
  if (auto ok = check_sealable(what); !ok) return ok;
  const auto sealed = std::make_shared<sealed_call>();
  sealed->call = what;
  sealed->access = *access;
  sealed->form = form;
  // Only what is sealed may be sent.
  out.request.body.clear();
  const vendor_override* changed = override_of(c, *out.row);
  if (changed != nullptr) sealed->certificate = changed->encryption.certificate;
  out.sealed = sealed;
  if (form == dialect::sealing::input)
    if (auto ok = check_bare_key(*out.row, changed); !ok) return ok;
  if (!sealed->certificate.empty()) return check_trust(c, *out.row, sealed->certificate);

  const auto how = exchange_for(out, "certificate");
  how->request = (*access)->encode_certificate(out.model, *out.row);
  how->request.target.insert(0, out.endpoint.path_prefix);
  how->read = [access = *access, row = out.row, form, &c](const dialect::answer& a) {
    return form == dialect::sealing::input ? read_key_answer(c, *access, *row, a)
                                           : read_certificate_answer(c, *access, *row, a);
  };
  if (auto ok = add_key(*how, c); !ok) return ok;
  out.certificate = fetch{.name = "certificate\n" + out.row->name + "\n" + out.model, .how = how};
  return {};
}

namespace {

/// A member of the body is sealed as a whole; `key` is the vendor's: its id, "\n", the key itself.
result<wire::http_request> seal_input(const prepared_call& p, std::string_view key, os::system& os,
                                      sign::content_key& opens) {
  const dialect::access_dialect& access = *p.sealed->access;
  sign::content_key content{.key = secret(random_bytes(os, 32)), .nonce = random_bytes(os, 12)};
  const auto cut = key.find('\n');
  const auto wrapped = sign::wrap_key(cut == key.npos ? key : key.substr(cut + 1), content.key);
  if (!wrapped) return wrapped.error();
  auto made = p.family->encode_chat(p.sealed->call, p.model, *p.row, p.streamed);
  if (!made) return made.error();
  json::reader reader;
  const auto body = reader.parse(made->request.body);
  if (!body) return body.error();
  auto sealed = dialect::change_member(
      *body, access.sealed_input(), [&content](json::element value) -> result<std::string> {
        const auto text = sign::seal_content(content, simdjson::minify(value));
        if (!text) return text.error();
        return '"' + *text + '"';
      });
  if (!sealed) return sealed.error();
  wire::http_request out = p.request;
  out.body = std::move(*sealed);
  const std::string nonce = wire::base64_encode(content.nonce);
  auto added =
      access.seal_headers({.key_id = key.substr(0, cut), .wrapped_key = *wrapped, .nonce = nonce});
  std::move(added.begin(), added.end(), std::back_inserter(out.headers));
  opens = std::move(content);
  return out;
}

}  // namespace

result<wire::http_request> seal_request(const prepared_call& p, std::string_view certificate,
                                        os::system& os, sign::content_key& opens) {
  if (p.sealed->form == dialect::sealing::input) return seal_input(p, certificate, os, opens);
  const auto facts = sign::read_certificate(certificate);
  if (!facts) return facts.error();
  auto agreed = new_agreement(certificate, os);
  if (!agreed) return agreed.error();
  call sealed = p.sealed->call;
  for (message& m : sealed.messages)
    for (part& each : m.parts)
      if (auto ok = seal_part(agreed->content, each); !ok) return ok.error();
  auto made = p.family->encode_chat(sealed, p.model, *p.row, p.streamed);
  if (!made) return made.error();
  wire::http_request out = p.request;
  out.body = std::move(made->request.body);
  auto added = p.sealed->access->seal_headers({.session_token = agreed->session_token,
                                               .ring_id = facts->ring_id,
                                               .key_id = facts->key_id,
                                               .expires = facts->expires});
  std::move(added.begin(), added.end(), std::back_inserter(out.headers));
  opens = std::move(agreed->content);
  return out;
}

result<std::string> open_answer(const sign::content_key& with, std::string_view text) {
  auto opened = sign::open_content(with, text);
  if (opened) return opened;
  return not_encrypted();
}

result<std::string> open_member(const sealed_call& s, const sign::content_key& with,
                                std::string_view json) {
  json::reader reader;
  json::element found;
  const auto root = reader.parse(json);
  const std::string_view name = s.access->sealed_output();
  if (!root || !json::find(*root, name, found) || found.is_null()) return std::string(json);
  return dialect::change_member(*root, name, [&](json::element value) -> result<std::string> {
    auto opened = open_answer(with, json::as_text(value));
    if (opened && json::is_valid(*opened)) return opened;
    return opened ? not_encrypted() : opened.error();
  });
}

result<void> open_reply(const sign::content_key& with, reply& made) {
  for (part& p : made.message.parts) {
    auto* said = std::get_if<text_part>(&p);
    auto* refused = std::get_if<refusal_part>(&p);
    std::string* text = said ? &said->text : refused ? &refused->text : nullptr;
    if (text == nullptr || text->empty()) continue;
    auto opened = open_answer(with, *text);
    if (!opened) return opened.error();
    *text = std::move(*opened);
  }
  return {};
}

}  // namespace ark
