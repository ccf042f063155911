#include "job/model_lists.hpp"

#include "job/job_wire.hpp"
#include "wire/url.hpp"

#include <charconv>

namespace ark::adapters {
namespace model_list {
namespace {

using ark::dialect::answer;
using json::element;

/// How a list goes on after a page.
enum class paging : std::uint8_t {
  none,
  token,  ///< next_page_token -> page_token
  number  ///< result_info{page, per_page, total_count} -> page
};

/// Where the list is and what its members are called; "" for what is not there.
struct shape {
  std::string_view name;  ///< the family's
  std::string_view path;
  std::string_view size;   ///< the query parameter for a page's size
  std::string_view items;  ///< its value
  std::string_view list;   ///< "": the answer itself is the list
  std::string_view id, title, created, context;
  paging pages = paging::none;
  bool each = false;  ///< one model can be asked for, by its id below the path
};

std::int64_t page_number(std::string_view cursor) {
  std::int64_t out = 1;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), out);
  return out;
}

std::optional<std::string> cursor_after(element root, const job_request& r, paging pages) {
  if (pages == paging::token) {
    const std::string_view token = json::text_at(root, "next_page_token");
    if (!token.empty() && token != r.cursor) return std::string(token);
  }
  element info;
  if (pages == paging::number && json::find(root, "result_info", info)) {
    const std::int64_t page = page_number(r.cursor), size = json::integer_at(info, "per_page");
    // Division: what the vendor says may be any number.
    if (size > 0 && json::integer_at(info, "count") > 0 &&
        json::integer_at(info, "total_count") / size >= page)
      return std::to_string(page + 1);
  }
  return std::nullopt;
}

class family final : public ark::dialect::job_dialect {
 public:
  explicit family(const shape& s) : shape_(s) {}
  std::string_view name() const override { return shape_.name; }

  result<job_encoded> encode(const job_request& r, const vendor& v) const override {
    if (r.verb == job_verb::get_model && shape_.each)
      return job_get(v, std::string(shape_.path) + "/{id}", r.id);
    if (r.verb != job_verb::list_models) return ark::dialect::no_such_job(r.verb, v);
    job_encoded out = job_get(v, shape_.path);
    if (!shape_.size.empty()) wire::append_query(out.request.target, shape_.size, shape_.items);
    if (r.cursor.empty()) return out;
    if (shape_.pages == paging::token)
      wire::append_query(out.request.target, "page_token", r.cursor);
    if (shape_.pages == paging::number)
      wire::append_query(out.request.target, "page", std::to_string(page_number(r.cursor)));
    return out;
  }

  result<job_answer> decode(const job_request& r, const answer& a, const vendor& v) const override {
    if (r.verb == job_verb::get_model && shape_.each)
      return read_job(a, [&](element root, job_answer& out) { return read_model(root, out); });
    if (r.verb != job_verb::list_models) return ark::dialect::no_such_job(r.verb, v);
    return read_job_list(a, [&](element root, job_answer& out) {
      if (auto next = cursor_after(root, r, shape_.pages))
        out.next = job_request{.verb = r.verb, .id = {}, .cursor = std::move(*next)};
      return read_items(root, shape_.list, [&](element e) { return read_model(e, out); });
    });
  }

 private:
  bool read_model(element e, job_answer& out) const {
    listed_model m;
    // Pollinations lists models of images by their names only (recorded).
    m.id = e.is_string() ? json::as_text(e) : json::text_at(e, shape_.id);
    if (m.id.empty()) return false;
    m.title = json::text_at(e, shape_.title);
    m.created_s = time_at(e, shape_.created);
    m.context_tokens = json::integer_at(e, shape_.context);
    out.models.push_back(std::move(m));
    return true;
  }

  shape shape_;
};

}  // namespace
}  // namespace model_list

const ark::dialect::job_dialect& cohere_models() {
  static const model_list::family instance({.name = "cohere_models",
                                            .path = "/v1/models",
                                            .size = "page_size",
                                            .items = "1000",
                                            .list = "models",
                                            .id = "name",
                                            .title = {},
                                            .created = {},
                                            .context = "context_length",
                                            .pages = model_list::paging::token,
                                            .each = true});
  return instance;
}

const ark::dialect::job_dialect& cloudflare_models() {
  static const model_list::family instance({.name = "cloudflare_models",
                                            .path = "/models/search",
                                            .size = "per_page",
                                            .items = "100",
                                            .list = "result",
                                            .id = "name",
                                            .title = {},
                                            .created = "created_at",
                                            .context = {},
                                            .pages = model_list::paging::number});
  return instance;
}

const ark::dialect::job_dialect& ollama_models() {
  static const model_list::family instance({.name = "ollama_models",
                                            .path = "/api/tags",
                                            .size = {},
                                            .items = {},
                                            .list = "models",
                                            .id = "name",
                                            .title = {},
                                            .created = "modified_at",
                                            .context = {}});
  return instance;
}

const ark::dialect::job_dialect& perplexity_models() {
  static const model_list::family instance({.name = "perplexity_models",
                                            .path = "/v1/models",
                                            .size = {},
                                            .items = {},
                                            .list = "data",
                                            .id = "id",
                                            .title = {},
                                            .created = "created",
                                            .context = {}});
  return instance;
}

const ark::dialect::job_dialect& pollinations_models() {
  static const model_list::family instance({.name = "pollinations_models",
                                            .path = "/models",
                                            .size = {},
                                            .items = {},
                                            .list = {},
                                            .id = "name",
                                            .title = "description",
                                            .created = {},
                                            .context = "context_length"});
  return instance;
}

}  // namespace ark::adapters
