#include "job/modelark_jobs.hpp"

#include "base/json.hpp"
#include "job/job_wire.hpp"
#include "job/openai_jobs.hpp"

namespace ark::adapters {
namespace modelark_job {
namespace {

using json::element;

result<job_encoded> encode_new_cache(const job_request& r, const vendor& v) {
  json::reader reader;
  const auto root = reader.parse(r.prompt->request.body);
  simdjson::dom::object members;
  if (!root || root->get(members)) return ark::dialect::no_such_job(r.verb, v);
  std::string body;
  json::writer w(body);
  w.begin_object().key("model").string(r.prompt->model).key("mode").string("common_prefix");
  for (const auto& [name, value] : members) {
    if (name == "model") continue;
    if (name != "messages")
      return error{.code = errc::unsupported,
                   .message = "a cache holds messages only: leave " + std::string(name) +
                              " to the calls that use it"};
    w.key(name).raw(simdjson::minify(value));
  }
  w.key("ttl").number(r.ttl_s).end_object();
  return job_post(v, "/context/create", {}, std::move(body));
}

bool read_cache(element e, job_answer& out) {
  cache_info c;
  c.id = json::text_at(e, "id");
  if (c.id.empty()) return false;
  c.model = json::text_at(e, "model");
  if (element used; json::find(e, "usage", used) && used.is_object()) {
    c.tokens = json::integer_at(used, "prompt_tokens", -1);
    out.usage.reported = c.tokens != -1;
    out.usage.input = out.usage.reported ? c.tokens : 0;
  }
  out.caches.push_back(std::move(c));
  return true;
}

class family final : public ark::dialect::job_dialect {
 public:
  std::string_view name() const override { return "modelark_jobs"; }
  result<job_encoded> encode(const job_request& r, const vendor& v) const override {
    if (r.verb == job_verb::create_cache) return encode_new_cache(r, v);
    return openai_jobs().encode(r, v);
  }
  result<job_answer> decode(const job_request& r, const ark::dialect::answer& a,
                            const vendor& v) const override {
    if (r.verb == job_verb::create_cache) return read_job(a, read_cache);
    return openai_jobs().decode(r, a, v);
  }
};

}  // namespace
}  // namespace modelark_job

const ark::dialect::job_dialect& modelark_jobs() {
  static const modelark_job::family instance;
  return instance;
}

}  // namespace ark::adapters
