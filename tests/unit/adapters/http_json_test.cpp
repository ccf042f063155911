#include "dialect/http_json/http_json.hpp"

#include <boost/json.hpp>

#include "dialect_support.hpp"

namespace ark::test::http_json {
namespace {

vendor scores(const std::string& body = R"({"q":"{{prompt}}"})") {
  vendor v;
  v.name = "scores";
  v.dialect = "http_json";
  v.base_url = "https://scores.example";
  v.chat_path = "/score";
  v.service = service_contract{.method = "PUT",
                               .body = body,
                               .text_pointer = "/result/0/label",
                               .error_pointer = "/problem"};
  return v;
}

auto encode(const call& c, const vendor& v, bool stream = false) {
  return adapters::http_json().encode_chat(c, "m-1", v, stream);
}

result<reply> decode(const std::string& body, const vendor& v = scores()) {
  const wire::http_head head{200, {{"x-request-id", "r-1"}}};
  return adapters::http_json().decode_chat({head, body}, v);
}

TEST(http_json, fills_the_body) {
  const vendor v = scores(R"({"q":"{{prompt}}","s":"<{{system}}>","model":"{{model}}",
      "all":{{messages}},"most":{{max_tokens}},"t":{{temperature}},"stop":{{stop}},
      "limit":{{limit}},"as_text":"{{limit}}","who":"{{end_user}}"})");
  const call c{.messages = {ark::system("be \"kind\""), user("one"), assistant("two"), user("3\n")},
               .max_tokens = 5,
               .stop = {"x"},
               .end_user = "u",
               .extra = {{"limit", R"({"a":1})"}}};
  const auto e = encode(c, v);
  expect_json(body_of(e), R"({"q":"3\n","s":"<be \"kind\">","model":"m-1",
      "all":[{"role":"system","content":"be \"kind\""},{"role":"user","content":"one"},
             {"role":"assistant","content":"two"},{"role":"user","content":"3\n"}],
      "most":5,"t":null,"stop":["x"],"limit":{"a":1},"as_text":"{\"a\":1}","who":"u"})");
  EXPECT_EQ(e->request.method, "PUT");
  EXPECT_EQ(e->request.target, "/score");
  EXPECT_EQ(encode(c, v, true)->request.body, e->request.body);
}

TEST(http_json, the_model_may_stand_in_the_path) {
  vendor v = scores();
  v.chat_path = "/?action={model}&task_id=39";
  const auto e = encode({.messages = {user("hi")}}, v);
  EXPECT_EQ(e->request.target, "/?action=m-1&task_id=39");
  EXPECT_EQ(wire::find_header(e->request.headers, "accept"), "application/json");
}

TEST(http_json, what_has_no_place_is_refused_before_anything_is_sent) {
  const auto problem = [](const call& c) {
    const auto e = encode(c, scores());
    return e ? std::string{} : e.error().message;
  };
  const std::vector<message> hi = {user("hi")};
  EXPECT_EQ(problem({.messages = hi}), "");
  EXPECT_NE(problem({.messages = hi, .max_tokens = 1}).find("\"max_tokens\""), std::string::npos);
  EXPECT_NE(problem({.messages = hi, .extra = {{"x", "1"}}}).find("\"x\""), std::string::npos);
  EXPECT_NE(problem({.messages = {ark::system("s"), user("u")}}).find("\"system\""),
            std::string::npos);
  EXPECT_NE(problem({.messages = hi, .tools = {{.name = "f"}}}).find("tools"), std::string::npos);
  EXPECT_NE(problem({.messages = {{role::user, {image_url("https://i.example/a.png")}}}})
                .find("text only"),
            std::string::npos);
  EXPECT_NE(problem({.messages = hi, .reasoning = reasoning_effort::low}).find("reasoning"),
            std::string::npos);
  const auto missing = encode({.messages = hi}, scores(R"({"n":{{limit}}})"));
  EXPECT_EQ(missing.error().code, errc::invalid_request);
  EXPECT_NE(missing.error().message.find("\"limit\""), std::string::npos);
  const auto broken =
      encode({.messages = hi, .extra = {{"limit", "no JSON"}}}, scores(R"({"n":{{limit}}})"));
  EXPECT_EQ(broken.error().code, errc::invalid_request);
}

TEST(http_json, the_answer_is_what_stands_at_the_pointer) {
  const auto text = [](const std::string& body) {
    const auto r = decode(body);
    return r ? r->text() : r.error().message;
  };
  EXPECT_EQ(text(R"({"result":[{"label":"fraud"}]})"), "fraud");
  EXPECT_EQ(text(R"({"result":[{"label":0.75}]})"), "0.75");
  EXPECT_EQ(text(R"({"result":[{"label":{"a":[true]}}]})"), R"({"a":[true]})");
  EXPECT_NE(text(R"({"result":[]})").find("nothing at /result/0/label"), std::string::npos);
  EXPECT_EQ(decode("<html>").error().code, errc::protocol);
  vendor whole = scores();
  whole.service->text_pointer = "";
  EXPECT_EQ(decode("[1]", whole)->text(), "[1]");
  const auto r = decode(R"({"result":[{"label":"x"}]})");
  EXPECT_TRUE(r->usage.reported);
  EXPECT_EQ(r->usage.input_total() + r->usage.output_total(), 0);
  EXPECT_EQ(r->finish, finish_reason::stop);
  EXPECT_EQ(r->request_id, "r-1");
}

TEST(http_json, a_streamed_call_gets_the_answer_in_one_piece) {
  const vendor v = scores();
  const auto s = stream_bytes(adapters::http_json(), v, "{\"result\":\n[{\"label\":\"ok\"}]}\n");
  EXPECT_FALSE(s.failure);
  EXPECT_EQ(s.reply.text(), "ok");
  expect_lawful(s);
  EXPECT_TRUE(stream_bytes(adapters::http_json(), v, "").failure);
}

TEST(http_json, errors_have_the_services_words) {
  const auto failed = [](int status, const std::string& body) {
    const wire::http_head head{status, {{"retry-after", "2"}}};
    return adapters::http_json().decode_error({head, body}, scores());
  };
  const auto e = failed(429, R"({"problem":"slow down"})");
  EXPECT_EQ(e.code, errc::rate_limit);
  EXPECT_EQ(e.vendor_message, "slow down");
  EXPECT_EQ(e.retry_after, std::chrono::seconds(2));
  EXPECT_EQ(failed(500, "<html>").vendor_message, "<html>");
  EXPECT_EQ(failed(401, R"({"problem":{"why":"key"}})").vendor_message, R"({"why":"key"})");
}

}  // namespace
}  // namespace ark::test::http_json
