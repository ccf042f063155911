#include "responses_support.hpp"

namespace ark::test::responses {
namespace {

TEST(responses_reader, status_and_reason) {
  const auto finish = [](const std::string& more) {
    const auto r = decode(response(saying("a"), more));
    EXPECT_TRUE(r) << more;
    return r ? std::pair(r->finish, r->vendor_finish_reason)
             : std::pair(finish_reason::other, more);
  };
  using pair = std::pair<finish_reason, std::string>;
  EXPECT_EQ(finish(R"(,"status":"completed","error":null)"),
            (pair{finish_reason::stop, "completed"}));
  EXPECT_EQ(finish(""), (pair{finish_reason::stop, ""}));
  const auto cut = [](const std::string& reason) {
    return R"(,"status":"incomplete","incomplete_details":{"reason":")" + reason + "\"}";
  };
  EXPECT_EQ(finish(cut("max_output_tokens")), (pair{finish_reason::length, "max_output_tokens"}));
  EXPECT_EQ(finish(cut("content_filter")), (pair{finish_reason::content_filter, "content_filter"}));
  EXPECT_EQ(finish(cut("steered")), (pair{finish_reason::other, "steered"}));
  EXPECT_EQ(decode(response(saying("a"), cut("odd")),
                   plain_row({quirk::finish_map{"odd", finish_reason::paused}}))
                ->finish,
            finish_reason::paused);
}

TEST(responses_reader, a_status_that_is_no_answers) {
  const auto code = [](const std::string& status) {
    return decode(response("", R"(,"status":")" + status + "\"")).error().code;
  };
  EXPECT_EQ(code("queued"), errc::unsupported);
  EXPECT_EQ(code("in_progress"), errc::unsupported);
  EXPECT_EQ(code("cancelled"), errc::cancelled);
  EXPECT_EQ(code("failed"), errc::server);
}

TEST(responses_reader, errors_inside_a_200_are_never_safe) {
  const auto failed = [](const std::string& code) {
    const auto r = decode(
        response("", R"(,"status":"failed","error":{"code":")" + code + R"(","message":"why"})"));
    EXPECT_FALSE(r);
    return r.error();
  };
  const error limit = failed("rate_limit_exceeded");
  EXPECT_EQ(limit.code, errc::rate_limit);
  EXPECT_EQ(limit.retry, retry_class::maybe_billed);
  EXPECT_EQ(limit.vendor_message, "why");
  EXPECT_EQ(limit.vendor_code, "rate_limit_exceeded");
  EXPECT_EQ(failed("server_error").code, errc::server);
  EXPECT_EQ(failed("server_error").retry, retry_class::maybe_billed);
  for (const char* code : {"invalid_prompt", "invalid_image", "image_too_large"})
    EXPECT_EQ(failed(code).code, errc::invalid_request) << code;
  EXPECT_EQ(failed("invalid_prompt").retry, retry_class::never);
  EXPECT_EQ(failed("bio_policy").code, errc::content_filter);
  EXPECT_EQ(decode(R"({"error":{"code":"server_error","message":"m"}})").error().code,
            errc::server);
}

TEST(responses_reader, usage_in_disjoint_buckets) {
  const auto r = decode(response(saying("a"), R"(,"status":"completed","service_tier":"flex",
      "usage":{"input_tokens":100,"input_tokens_details":{"cached_tokens":60,
      "cache_write_tokens":10},"output_tokens":20,"output_tokens_details":{"reasoning_tokens":15},
      "total_tokens":120})"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->usage.input, 30);
  EXPECT_EQ(r->usage.cache_read, 60);
  EXPECT_EQ(r->usage.cache_write, 10);
  EXPECT_EQ(r->usage.output, 5);
  EXPECT_EQ(r->usage.reasoning, 15);
  EXPECT_EQ(r->usage.vendor_total, 120);
  EXPECT_EQ(r->usage.service_tier, "flex");
  EXPECT_TRUE(r->notes.empty());
  EXPECT_FALSE(decode(response(saying("a")))->usage.reported);
}

TEST(responses_reader, counts_that_cannot_be_are_kept) {
  const auto r = decode(response(saying("a"), R"(,"status":"completed","usage":{"input_tokens":0,
      "output_tokens":-9,"output_tokens_details":{"reasoning_tokens":448},"total_tokens":-9})"));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->usage.reasoning, 448);
  EXPECT_EQ(r->usage.output, -457);
  EXPECT_EQ(r->usage.output_total(), r->usage.vendor_total);
  EXPECT_TRUE(has_note(r->notes, "cannot be"));
}

TEST(responses_reader, searches_of_the_web_are_units) {
  const std::string counts = R"("usage":{"input_tokens":1,"output_tokens":1)";
  const std::string search = R"({"type":"web_search_call","action":{"type":"search"}})";
  const auto units = [&](const std::string& items, const std::string& more) {
    return decode(response(items, R"(,"status":"completed",)" + more))->usage.units;
  };
  using map = std::map<std::string, std::int64_t>;
  EXPECT_EQ(
      units(search + "," + search + R"(,{"type":"web_search_call","action":{"type":"open_page"}})",
            counts + "}"),
      (map{{"web_search", 2}}));
  EXPECT_EQ(units(search, counts + R"(},"tool_usage":{"web_search":{"num_requests":3}})"),
            (map{{"web_search", 3}}));
  EXPECT_EQ(units("", counts + R"(,"server_side_tool_usage_details":{"web_search_calls":1,
      "x_search_calls":2,"mcp_calls":0}})"),
            (map{{"web_search", 1}, {"x_search", 2}}));
  EXPECT_EQ(units(saying("a"), counts + "}"), map{});
  const auto image =
      decode(response(saying("a"), R"(,"status":"completed",)" + counts +
                                       R"(},"tool_usage":{"image_gen":{"total_tokens":7}})"));
  EXPECT_TRUE(has_note(image->notes, "image tool used 7 tokens"));
}

}  // namespace
}  // namespace ark::test::responses
