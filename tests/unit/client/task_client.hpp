#pragma once
// The toy client with a vendor that makes images and videos in the background.
#include "dialect/media_dialect.hpp"
#include "toy.hpp"

#include <sstream>

namespace ark::testing {

/// Answers are words: "begin ID" (ask at /tasks/ID), "at URL" (ask there), "again", "fetch ID" (ask
/// at /files/ID now), "done URL", "failed"; anything else is no answer.
class toy_tasks final : public dialect::media_dialect {
 public:
  using step = std::optional<ark::dialect::task_step>;
  std::string_view name() const override { return "toy_tasks"; }
  result<ark::dialect::encoded> encode_image(const image_call& c, std::string_view,
                                             const vendor&) const override {
    return begin("/draw", c.prompt);
  }
  result<image_reply> decode_image(const ark::dialect::answer& a, const vendor&) const override {
    const auto url = made(a);
    if (!url) return url.error();
    image_reply out;
    out.model = "m1";
    out.images.push_back({.url = *url});
    out.usage.units["image_generation"] = 1;
    out.usage.reported = true;
    return out;
  }
  result<ark::dialect::encoded> encode_video(const video_call& c, std::string_view,
                                             const vendor&) const override {
    return begin("/film", c.prompt);
  }
  result<video_reply> decode_video(const ark::dialect::answer& a, const vendor&) const override {
    const auto url = made(a);
    if (!url) return url.error();
    video_reply out;
    out.model = "m1";
    out.videos.push_back({.url = *url});
    return out;
  }
  result<step> next_step(const ark::dialect::answer& a, const vendor& v) const override {
    const auto [word, rest] = words(a);
    if (word == "done" || word == "failed") return step{};
    if (word == "again") return step(ark::dialect::task_step{});
    if (word == "begin") return step(*ask_task(rest, v));
    if (word == "at") return step(question(rest, rest));
    if (word != "fetch") return no_answer();
    auto now = question(rest, "/files/" + rest);
    now.at_once = true;
    return step(std::move(now));
  }
  result<ark::dialect::task_step> ask_task(std::string_view id, const vendor&) const override {
    return question(std::string(id), "/tasks/" + std::string(id));
  }

 private:
  static ark::dialect::encoded begin(std::string target, std::string body) {
    ark::dialect::encoded out;
    out.request.target = std::move(target);
    out.request.headers = {{"content-type", "text/plain"}};
    out.request.body = std::move(body);
    return out;
  }
  static ark::dialect::task_step question(std::string id, std::string target) {
    ark::dialect::task_step out{.id = std::move(id), .request = {}};
    out.request.method = "GET";
    out.request.target = std::move(target);
    return out;
  }
  static std::pair<std::string, std::string> words(const ark::dialect::answer& a) {
    std::istringstream in{std::string(a.body)};
    std::pair<std::string, std::string> out;
    in >> out.first >> out.second;
    return out;
  }
  static error no_answer() {
    return {.code = errc::protocol, .retry = retry_class::maybe_billed, .message = "?"};
  }
  static result<std::string> made(const ark::dialect::answer& a) {
    const auto [word, rest] = words(a);
    if (word == "done") return rest;
    return error{
        .code = errc::server, .retry = retry_class::maybe_billed, .message = "it was not made"};
  }
};

struct task_client : toy_client {
  task_client() {
    parts->dialects =
        std::make_shared<dialect::dialect_list>(std::vector<const dialect::dialect*>{&family},
                                                std::vector<const dialect::media_dialect*>{&tasks});
    book->row.media_dialect = book->row.video_dialect = "toy_tasks";
    book->priced.prices = {
        {.dimension = "image_generation", .value = *amount::parse("0.02"), .unit = "image"},
        {.dimension = "video_generation", .value = *amount::parse("0.1"), .unit = "second"}};
    book->priced.hash = catalog::price_hash(book->priced);
  }
  static image_call draw() { return {.model = "toy/m1", .prompt = "a cat"}; }
  static fake_transport::answer word(std::string body, wire::header_list more = {}) {
    auto out = whole(std::move(body));
    out.headers.insert(out.headers.end(), more.begin(), more.end());
    return out;
  }
  static fake_transport::answer lost() {
    return {.status = 0,
            .failure = net::exchange_failure{.error = {.code = errc::network,
                                                       .retry = retry_class::maybe_billed,
                                                       .message = "reset"},
                                             .request_begun = true}};
  }
  std::string asked(std::size_t i) const {
    const auto& r = net->requests.at(i);
    return r.request.method + " " + r.origin.to_string() + r.request.target;
  }
  toy_tasks tasks;
};

}  // namespace ark::testing
