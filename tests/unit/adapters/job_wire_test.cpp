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

TEST(job_wire, an_item_that_is_not_read_is_named) {
  look(R"({"l":[1,2,3,2]})", [&](json::element e) {
    const auto odd = [](json::element item) { return json::as_integer(item) != 2; };
    EXPECT_TRUE(adapters::read_items(e, "l", [](json::element) { return true; }));
    const auto bad = adapters::read_items(e, "l", odd);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, errc::protocol);
    EXPECT_EQ(bad.error().message, "item 2 of the vendor's list cannot be read");
    EXPECT_EQ(adapters::read_items(e, "none", odd).error().code, errc::protocol);
  });
}

bool read_x(json::element e, dialect::batch_line_result& line) {
  line.custom_id = json::text_at(e, "id");
  line.body = json::text_at(e, "x");
  return !line.body.empty();
}

TEST(job_wire, a_line_that_cannot_be_read_is_an_error_of_that_line) {
  const wire::http_head head{200, {}};
  EXPECT_TRUE(adapters::read_result_lines({head, ""}, "file f", read_x)->results.empty());
  const auto got = adapters::read_result_lines(
      {head,
       "{\"id\":\"a\",\"x\":\"1\"}\r\n \n{\"id\":\"b\"}\n[]\n{\"id\":\"c\",\"x\":\"2\"}\n{\"id"},
      "file f", read_x);
  ASSERT_TRUE(got) << to_string(got.error());
  ASSERT_EQ(got->results.size(), 5U);
  EXPECT_EQ(got->results[0].custom_id, "a");
  EXPECT_EQ(got->results[0].unreadable, "");
  EXPECT_EQ(got->results[1].custom_id, "b");
  EXPECT_EQ(got->results[1].unreadable, "line 3 of file f is no result that can be read");
  EXPECT_EQ(got->results[2].unreadable, "line 4 of file f is no result that can be read");
  EXPECT_EQ(got->results[3].body, "2");
  EXPECT_EQ(got->results[4].unreadable, "line 6 of file f is no result that can be read");
}

TEST(job_wire, what_has_no_id_at_all_is_no_file_of_results) {
  const wire::http_head head{200, {}};
  for (const char* bad : {"{}", "[]", "<html>\n</html>", "{\"error\":{}}"}) {
    const auto got = adapters::read_result_lines({head, bad}, "file f", read_x);
    ASSERT_FALSE(got) << bad;
    EXPECT_EQ(got.error().message, "line 1 of file f is no result that can be read");
  }
}

TEST(job_wire, no_results_yet_names_the_status) {
  EXPECT_NE(adapters::no_results_yet({.id = "b"}).message.find("queued"), std::string::npos);
  EXPECT_NE(
      adapters::no_results_yet({.id = "b", .vendor_status = "WAITING"}).message.find("WAITING"),
      std::string::npos);
}

}  // namespace
}  // namespace ark::test::job_wire
