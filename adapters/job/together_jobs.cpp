#include "job/together_jobs.hpp"

#include "job/job_wire.hpp"
#include "job/openai_jobs.hpp"

namespace ark::adapters {
namespace together_job {
namespace {

/// Its /files sends the client elsewhere (302); this path takes the bytes.
result<job_encoded> upload(const vendor& v, const file_upload& file) {
  return job_form(v, "/files/upload", file, {{"purpose", file.purpose}, {"file_name", file.name}});
}

class family final : public ark::dialect::job_dialect {
 public:
  std::string_view name() const override { return "together_jobs"; }

  result<job_encoded> encode(const job_request& r, const vendor& v) const override {
    if (r.verb == job_verb::upload_file) return upload(v, *r.file);
    if (r.verb == job_verb::submit_batch && r.cursor.empty())
      return preparatory(upload(v, {.name = "batch.jsonl",
                                    .bytes = batch_bodies(*r.batch),
                                    .media_type = "application/jsonl",
                                    .purpose = "batch-api"}));
    return openai_jobs().encode(r, v);
  }

  result<job_answer> decode(const job_request& r, const ark::dialect::answer& a,
                            const vendor& v) const override {
    return openai_jobs().decode(r, a, v);
  }
};

}  // namespace
}  // namespace together_job

const ark::dialect::job_dialect& together_jobs() {
  static const together_job::family instance;
  return instance;
}

}  // namespace ark::adapters
