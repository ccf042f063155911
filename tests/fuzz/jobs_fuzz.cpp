// The families of jobs: answers about models, files and batches, by every family and verb.
#include "adapters/standard.hpp"
#include "base/json.hpp"
#include "dialect/job_dialect.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <array>

namespace {

using ark::dialect::job_request;
using ark::dialect::job_verb;

constexpr std::array<std::string_view, 10> families{
    "openai_jobs",         "anthropic_jobs",    "xai_jobs",      "mistral_jobs",
    "cohere_models",       "cloudflare_models", "ollama_models", "perplexity_models",
    "pollinations_models", "together_jobs"};

const ark::dialect::batch_lines batch{
    .model = "m",
    .name = {},
    .lines = {{.custom_id = "a",
               .request = {.target = "/v1/chat/completions", .headers = {}, .body = "{}"}}}};
const ark::file_upload file{.name = "f", .bytes = "x", .media_type = {}, .purpose = "batch"};

void check(const ark::dialect::job_dialect& family, const job_request& asked,
           const ark::vendor& row, std::string_view body) {
  const ark::wire::http_head head{200, {}};
  const auto got = family.decode(asked, {head, body}, row);
  if (!got) return ark::fuzz::require(!got.error().message.empty(), "an error has a message");
  for (const auto& model : got->models) ark::fuzz::require(!model.id.empty(), "a model has an id");
  for (const auto& line : got->results) {
    ark::fuzz::require(!line.custom_id.empty(), "a result tells whose it is");
    ark::fuzz::require(ark::json::is_valid(line.body), "a result is JSON");
  }
  if (!got->next) return;
  ark::fuzz::require(got->next->cursor != asked.cursor || got->next->verb != asked.verb,
                     "what was read is not asked for again");
  ark::fuzz::require(family.encode(*got->next, row).has_value(), "what comes next can be asked");
}

}  // namespace

/// The first byte is the family, the second the verb, the third whether it has begun.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto list = ark::adapters::built_in_dialects();
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "toy";
    v.base_url = "http://a.test";
    return v;
  }();
  if (size < 3) return 0;
  const auto* family = list.find_jobs(families[data[0] % families.size()]);
  ark::fuzz::require(family != nullptr, "the family is built in");
  constexpr unsigned verbs = static_cast<unsigned>(job_verb::delete_reply) + 1;
  const job_request asked{.verb = static_cast<job_verb>(data[1] % verbs),
                          .id = "i",
                          .cursor = data[2] % 2 == 0 ? std::string{} : "f g",
                          .file = &file,
                          .batch = &batch};
  check(*family, asked, row, {reinterpret_cast<const char*>(data) + 3, size - 3});
  return 0;
}
