#include <ark/ark.hpp>
#include <cstdio>

// bench-once BASE_URL [CA_FILE]: a program that makes one call and ends: its cold start.
int main(int argc, char** argv) {
  if (argc < 2) return 2;
  ark::client_options options;
  options.vendors["openai"] = {.base_url = argv[1], .key = ark::secret("sk-bench")};
  if (argc > 2) options.network.ca_file = argv[2];
  const ark::client client = ark::standard_client(std::move(options));
  const auto reply =
      client.complete({.model = "openai/gpt-4o-mini", .messages = {ark::user("hi")}});
  if (!reply) {
    std::fprintf(stderr, "%s\n", ark::to_string(reply.error()).c_str());
    return 1;
  }
  return reply->text().empty() ? 1 : 0;
}
