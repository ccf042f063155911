#pragma once
#include "client/prepare.hpp"
#include "dialect/access_dialect.hpp"
#include "sign/content_trust.hpp"
#include "sign/sealed_content.hpp"

namespace ark {

/// Is `key` one that this vendor exchanges for a temporary one? ("ID:SECRET": with a colon)
bool is_exchanged(const vendor& row, const secret& key);
/// Is it enough, with the vendor's settings, to ask for the temporary key of a model?
bool can_exchange(const core& c, const vendor& row, const secret& key);

/// Makes the exchange for a temporary key a part of `out`, which is authorized with it at each
/// attempt. errc::auth when the pair cannot be used here.
result<void> add_key_exchange(prepared_call& out, const core& c, secret key);

/// A chat call whose contents are sealed for each attempt with a key of its own.
struct sealed_call {
  ark::call call;
  const dialect::access_dialect* access = nullptr;
  dialect::sealing form = dialect::sealing::texts;
  std::string certificate;  ///< PEM; "": it is fetched
};

/// Refuses (errc::unsupported) what cannot be sealed, and makes the certificate a part of `out`.
/// What stood in the request in clear is taken out of it.
result<void> add_sealing(prepared_call& out, const core& c, const call& what);

/// One attempt's request: as `p.request`, its contents sealed for the owner of `certificate`.
/// `opens` gets what the answer is opened with.
result<wire::http_request> seal_request(const prepared_call& p, std::string_view certificate,
                                        os::system& os, sign::content_key& opens);

/// The text of a sealed answer. errc::protocol when it is not sealed, or not with this key.
result<std::string> open_answer(const sign::content_key& with, std::string_view text);
/// An answer, or a frame of one, of which a member is sealed (`dialect::sealing::input`), as JSON
/// that the family reads. One without that member (an error) is as it was.
result<std::string> open_member(const sealed_call& s, const sign::content_key& with,
                                std::string_view json);
/// The same for a whole reply.
result<void> open_reply(const sign::content_key& with, reply& made);

}  // namespace ark
