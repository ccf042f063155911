#include "ledger_pg/pg_library.hpp"

#include <dlfcn.h>

#include <string>

namespace ark::pg {
namespace {

constexpr int first_with_pipelines = 140000;

error cannot_load(const std::string& why) {
  return {.code = errc::unsupported,
          .message = "a ledger in PostgreSQL needs libpq 14 or newer (Debian: libpq5): " + why};
}

result<library> load() {
  void* from = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (from == nullptr) return cannot_load("libpq.so.5 is not installed");
  library made;
  const char* missing = nullptr;
#define ARK_PQ_LOAD(name)                                                  \
  made.name = reinterpret_cast<decltype(made.name)>(::dlsym(from, #name)); \
  if (made.name == nullptr) missing = #name;
  ARK_PQ_FUNCTIONS(ARK_PQ_LOAD)
#undef ARK_PQ_LOAD
  if (missing != nullptr) return cannot_load(std::string("libpq.so.5 has no ") + missing);
  if (made.PQlibVersion() < first_with_pipelines)
    return cannot_load("libpq.so.5 is of version " + std::to_string(made.PQlibVersion() / 10000));
  return made;
}

}  // namespace

result<const library*> load_library() {
  static const result<library> loaded = load();
  if (!loaded) return loaded.error();
  return &*loaded;
}

}  // namespace ark::pg
