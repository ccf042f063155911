#include "job/job_wire.hpp"

#include "job_support.hpp"

namespace ark::test::job_wire {
namespace {

using job::job_answer;

/// Reads `body` with `see`.
void look(std::string_view body, const std::function<void(json::element)>& see) {
  json::reader reader;
  const auto root = reader.parse(body);
  ASSERT_TRUE(root);
  see(*root);
}

TEST(job_wire, requests) {
  const vendor v = job::plain_row();
  const auto got = adapters::job_get(v, "/files/{id}/content", "a/b?c");
  EXPECT_EQ(got.request.method, "GET");
  EXPECT_EQ(got.request.target, "/files/a%2Fb%3Fc/content");
  EXPECT_TRUE(got.request.body.empty());
  EXPECT_FALSE(got.from_root);
  const auto sent = adapters::job_post(v, "/x", {}, "{}");
  EXPECT_EQ(sent.request.method, "POST");
  EXPECT_EQ(sent.request.body, "{}");
  EXPECT_EQ(wire::find_header(sent.request.headers, "content-type"), "application/json");
  EXPECT_EQ(adapters::job_delete(v, "/x/{id}", "i").request.method, "DELETE");
}

TEST(job_wire, forms) {
  const vendor v = job::plain_row();
  const file_upload file{.name = "a.bin", .bytes = "xyz", .media_type = "text/plain"};
  const auto form = adapters::job_form(v, "/files", file, {{"purpose", "p"}, {"empty", ""}});
  ASSERT_TRUE(form) << to_string(form.error());
  EXPECT_NE(form->request.body.find("name=\"purpose\""), std::string::npos);
  EXPECT_EQ(form->request.body.find("name=\"empty\""), std::string::npos);
  EXPECT_NE(form->request.body.find("text/plain"), std::string::npos);
  EXPECT_FALSE(
      adapters::job_form(v, "/files", {.name = "a", .bytes = "x", .media_type = "a\r\nb"}, {}));
}

TEST(job_wire, members) {
  look(R"({"n":5,"t":"2026-08-19T14:47:10.487960+00:00","d":"2026-08-10","f":3.0,"x":null,
      "yes":true,"no":false,"o":{"k":1},"l":[1,2]})",
       [](json::element e) {
         EXPECT_EQ(adapters::time_at(e, "n"), 5);
         EXPECT_EQ(adapters::time_at(e, "t"), 1787150830);
         EXPECT_EQ(adapters::time_at(e, "d"), 0) << "a day is no time";
         EXPECT_EQ(adapters::time_at(e, "x"), 0);
         EXPECT_EQ(adapters::time_at(e, "none"), 0);
         EXPECT_EQ(adapters::first_integer(e, {"none", "x", "f", "n"}), 3);
         EXPECT_EQ(adapters::first_integer(e, {"none"}), 0);
         EXPECT_TRUE(adapters::is_true(e, "yes"));
         EXPECT_FALSE(adapters::is_true(e, "no") || adapters::is_true(e, "n") ||
                      adapters::is_true(e, "none"));
         EXPECT_EQ(adapters::json_at(adapters::inside(e, "o"), "k"), "1");
         EXPECT_EQ(adapters::json_at(adapters::inside(e, "l"), "n"), "5");
         EXPECT_EQ(adapters::json_at(e, "l"), "[1,2]");
         EXPECT_EQ(adapters::json_at(e, "none"), "");
       });
}

TEST(job_wire, lists) {
  int seen = 0;
  const auto count = [&](json::element) { ++seen; };
  look(R"({"l":[1,2],"o":{}})", [&](json::element e) {
    EXPECT_TRUE(adapters::each_of(e, "l", count));
    EXPECT_FALSE(adapters::each_of(e, "o", count));
    EXPECT_FALSE(adapters::each_of(e, "none", count));
    EXPECT_FALSE(adapters::each_of(e, "", count));
  });
  look("[1,2,3]", [&](json::element e) { EXPECT_TRUE(adapters::each_of(e, "", count)); });
  EXPECT_EQ(seen, 5);
}

TEST(job_wire, lines) {
  const wire::http_head head{200, {}};
  int read = 0;
  const auto count = [&](json::element, job_answer&) { return ++read < 3; };
  EXPECT_TRUE(adapters::read_job_lines({head, ""}, count));
  EXPECT_TRUE(adapters::read_job_lines({head, "{}\r\n \n{}"}, count));
  EXPECT_EQ(read, 2);
  const auto bad = adapters::read_job_lines({head, "{}\n{}\n"}, count);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message, "line 1 of the results cannot be read");
  EXPECT_FALSE(adapters::read_job_lines({head, "[]"}, [](auto, auto&) { return true; }));
}

TEST(job_wire, no_results_yet_names_the_status) {
  EXPECT_NE(adapters::no_results_yet({.id = "b"}).message.find("queued"), std::string::npos);
  EXPECT_NE(
      adapters::no_results_yet({.id = "b", .vendor_status = "WAITING"}).message.find("WAITING"),
      std::string::npos);
}

}  // namespace
}  // namespace ark::test::job_wire
