// The generateContent platform's jobs: answers to every verb, as the first request of an exchange
// and as a later one; headers too, by which an upload goes on.
#include "job/gemini_jobs.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace {

using ark::dialect::job_request;
using ark::dialect::job_verb;

constexpr int verbs = static_cast<int>(job_verb::delete_reply) + 1;

void check(const ark::dialect::job_answer& made, const job_request& asked) {
  const auto named = [](const auto& item) { return !item.id.empty(); };
  ark::fuzz::require(std::all_of(made.models.begin(), made.models.end(), named), "a model's id");
  ark::fuzz::require(std::all_of(made.files.begin(), made.files.end(), named), "a file's id");
  ark::fuzz::require(std::all_of(made.batches.begin(), made.batches.end(), named), "a batch's id");
  ark::fuzz::require(std::all_of(made.caches.begin(), made.caches.end(), named), "a cache's id");
  for (const auto& line : made.results)
    ark::fuzz::require(!line.body.empty() || !line.unreadable.empty(), "a body, or why not");
  if (!made.next) return;
  ark::fuzz::require(made.next->verb != asked.verb || made.next->cursor != asked.cursor,
                     "an exchange goes on");
  ark::fuzz::require(made.next->file == asked.file && made.next->batch == asked.batch,
                     "with what it is about");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ark::vendor row = [] {
    ark::vendor v;
    v.name = "gemini";
    v.base_url = "https://a.test/v1beta";
    return v;
  }();
  static const ark::file_upload file{.name = "f", .bytes = "x"};
  static const ark::dialect::batch_lines batch{.model = "m", .name = {}, .lines = {}};
  if (size == 0) return 0;
  const ark::fuzz::input in(data, size);
  const auto& family = ark::adapters::gemini_jobs();
  job_request asked{.verb = static_cast<job_verb>(data[0] % verbs),
                    .id = "x",
                    .cursor = data[0] >= 128 ? "c" : ""};
  if (asked.verb == job_verb::upload_file) asked.file = &file;
  if (asked.verb == job_verb::submit_batch) asked.batch = &batch;
  ark::wire::http_head head{200, {}};
  if (data[0] % 2 == 1)
    head.headers.push_back({"x-goog-upload-url", std::string(in.bytes().substr(0, 40))});
  const auto made = family.decode(asked, {head, in.bytes()}, row);
  if (!made) {
    ark::fuzz::require(made.error().retry != ark::retry_class::safe, "a 200 may be billed");
    return 0;
  }
  check(*made, asked);
  if (made->next) (void)family.encode(*made->next, row);
  return 0;
}
