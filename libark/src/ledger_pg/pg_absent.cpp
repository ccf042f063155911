#include "ledger/store.hpp"

/// In the place of this module where the library was built without libpq.
namespace ark::detail {
namespace {
error absent() {
  return {.code = errc::unsupported,
          .message =
              "this libark was built without PostgreSQL (meson option \"postgres\"): name a "
              "file for the ledger, or use another build"};
}
}  // namespace

result<std::shared_ptr<ledger_store>> open_server(const ledger_options&) { return absent(); }
result<ledger_copy> copy_to_server(const std::string&, const ledger_options&) { return absent(); }

}  // namespace ark::detail
