#include "catalog/vendor_rows.hpp"

#include "rows.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>
#include <fstream>

namespace ark::catalog {
namespace {

constexpr std::string_view good =
    "name: \"mine\"\n"
    "dialect: \"openai_chat\"\n"
    "base_url: \"https://host.example/v1\"\n"
    "auth: HEADER\n"
    "auth_header: \"api-key\"\n"
    "parameter: [\"stop\", \"seed\"]\n"
    "quirk { clamp { parameter: \"temperature\" low: 0 high: 1 } }\n"
    "quirk { finish_map { word: [\"a\", \"b\"] meaning: LENGTH } }\n"
    "quirk { error_code { word: [\"1\", \"2\"] code: QUOTA } }\n"
    "quirk { reasoning_replay { rule: TOOL_TURN field: \"r\" } }\n"
    "quirk { vendor_cost { path: \"cost\" currency: \"USD\" } }\n";

/// The complaint about a row in which `from` is replaced by `to`.
std::string complaint(std::string_view from, std::string_view to) {
  std::string text(good);
  text.replace(text.find(from), from.size(), to);
  const auto row = parse_vendor(text, "my.textproto");
  if (row) return "accepted";
  EXPECT_EQ(row.error().code, errc::config);
  return row.error().message;
}

TEST(vendor_rows, reads_every_field) {
  const auto row = parse_vendor(good, "my.textproto");
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_EQ(row->name, "mine");
  EXPECT_EQ(row->base_url, "https://host.example/v1");
  EXPECT_EQ(row->auth, auth_kind::header);
  EXPECT_EQ(row->auth_header, "api-key");
  EXPECT_EQ(row->parameters, (std::vector<std::string>{"stop", "seed"}));
  ASSERT_EQ(row->quirks.size(), 7u);
  EXPECT_EQ(std::get<quirk::clamp>(row->quirks[0]).high, 1.0);
  EXPECT_EQ(std::get<quirk::finish_map>(row->quirks[2]).vendor_word, "b");
  EXPECT_EQ(std::get<quirk::finish_map>(row->quirks[2]).meaning, finish_reason::length);
  EXPECT_EQ(std::get<quirk::error_code>(row->quirks[4]).code, errc::quota);
  EXPECT_EQ(std::get<quirk::reasoning_replay>(row->quirks[5]).rule, quirk::replay_rule::tool_turn);
  EXPECT_EQ(std::get<quirk::vendor_cost>(row->quirks[6]).per, 1);
}

TEST(vendor_rows, names_file_line_and_field_of_what_is_wrong) {
  EXPECT_EQ(complaint("base_url: \"https", "base_url: \"ftp").substr(0, 31),
            "my.textproto:3: field base_url:");
  EXPECT_NE(complaint("name: \"mine\"", "name: \"My Vendor\"").find("my.textproto:1: field name"),
            std::string::npos);
  EXPECT_NE(complaint("auth_header: \"api-key\"\n", "\n").find("field auth_header"),
            std::string::npos);
  EXPECT_NE(complaint("/v1\"", "/v1/\"").find("slash"), std::string::npos);
  for (const std::string path : {"chat_path", "embed_path", "rerank_path", "count_path"})
    EXPECT_EQ(complaint("dialect", path + ": \"x\"\ndialect"),
              "my.textproto:2: field " + path + ": must begin with /");
  EXPECT_NE(complaint("host.example", "me:secret@host.example").find("password"),
            std::string::npos);
  EXPECT_NE(complaint("dialect", "dialekt").find("my.textproto:2: "), std::string::npos);
  EXPECT_NE(complaint("dialect", "dialekt").find("dialekt"), std::string::npos);
  EXPECT_NE(complaint("QUOTA", "MONEY").find("my.textproto:9: "), std::string::npos);
  EXPECT_NE(complaint(" code: QUOTA", "").find("needs a code"), std::string::npos);
  EXPECT_NE(complaint("\"openai_chat\"", "openai").find("my.textproto:2: "), std::string::npos);
}

TEST(vendor_rows, refuses_quirks_that_say_nothing) {
  std::string text(good);
  const auto with = [&](std::string_view line) {
    const auto row = parse_vendor(text + std::string(line), "f");
    return row ? std::string("accepted") : row.error().message;
  };
  EXPECT_NE(with("quirk {}").find("f:12: field quirk: is empty"), std::string::npos);
  EXPECT_NE(with("quirk { set_default { parameter: \"a\" value: \"b\" } }").find("not JSON"),
            std::string::npos);
  EXPECT_NE(with("quirk { json_schema_as { style: \"x\" } }").find("style"), std::string::npos);
  EXPECT_NE(with("quirk { reasoning_as { style: \"x\" } }").find("style"), std::string::npos);
  EXPECT_NE(with("quirk { embed_parts { path: \"/e\" style: \"x\" } }").find("style"),
            std::string::npos);
  EXPECT_NE(with("quirk { embed_parts { path: \"e\" style: \"input\" } }").find("path"),
            std::string::npos);
  EXPECT_NE(with("quirk { tool_header { tool: \"t\" } }").find("header"), std::string::npos);
  EXPECT_NE(with("quirk { error_inside { message: \"m\" } }").find("path"), std::string::npos);
  EXPECT_NE(with("quirk { think_tags { open: \"<t>\" } }").find("tags"), std::string::npos);
  EXPECT_NE(with("quirk { add_header { name: \"a\" value: \"b\\r\\nc: d\" } }").find("header"),
            std::string::npos);
}

TEST(vendor_rows, reads_and_checks_what_media_have_of_their_own) {
  const auto with = [&](const std::string& media) {
    return parse_vendor(std::string(good) + "media { " + media + " }", "f");
  };
  const auto row = with(
      "image_path: \"/i\" image_edit_path: \"/e\" speech_path: \"/s\" "
      "transcription_path: \"/t\" translation_path: \"/tr\" "
      "moderation_path: \"-\" parameter: \"size\" image_edit_as: \"image\" "
      "image_size_as: \"width_height\" quirk { drop { parameter: \"n\" } } "
      "task_host: [\".acme.example\", \"other.example\"]");
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_EQ(row->media.image_path, "/i");
  EXPECT_EQ(row->media.image_edit_path, "/e");
  EXPECT_EQ(row->media.speech_path, "/s");
  EXPECT_EQ(row->media.transcription_path, "/t");
  EXPECT_EQ(row->media.translation_path, "/tr");
  EXPECT_EQ(row->media.moderation_path, "-");
  EXPECT_EQ(row->media.parameters, std::vector<std::string>{"size"});
  EXPECT_EQ(row->media.image_edit_as, "image");
  EXPECT_EQ(row->media.image_size_as, "width_height");
  EXPECT_EQ(row->media.task_hosts, (std::vector<std::string>{".acme.example", "other.example"}));
  ASSERT_EQ(row->media.quirks.size(), 1u);
  const auto says = [&](const std::string& media) {
    const auto wrong = with(media);
    return wrong ? std::string("accepted") : wrong.error().message;
  };
  EXPECT_EQ(says("speech_path: \"x\""), "f:12: field media: the path x must begin with /");
  EXPECT_NE(says("quirk { flatten_content {} }").find("rename, drop or clamp"), std::string::npos);
  EXPECT_NE(says("quirk {}").find("is empty"), std::string::npos);
  EXPECT_NE(says("image_edit_as: \"x\"").find("images or image"), std::string::npos);
  EXPECT_NE(says("image_size_as: \"x\"").find("width_height"), std::string::npos);
  for (const char* host : {"", ".", "https://a.example", "*.a.example", "a.example:80", "u@a.b"})
    EXPECT_NE(says("task_host: \"" + std::string(host) + "\"").find("task_host"), std::string::npos)
        << host;
}

TEST(vendor_rows, an_exchange_of_keys_needs_its_family) {
  const std::string text(good);
  const auto with = [&](const std::string& lines) {
    const auto row = parse_vendor(text + lines, "f");
    return row ? std::string("accepted") : row.error().message;
  };
  const std::string url = "access_url: \"https://keys.example\"\n";
  const std::string family = "access_dialect: \"f\"\n";
  EXPECT_EQ(with(url + family), "accepted") << "not every question is signed for a service";
  EXPECT_NE(with(url).find("access_dialect"), std::string::npos);
  EXPECT_NE(with("access_url: \"ftp://x\"\n").find("access_url"), std::string::npos);
  EXPECT_EQ(with(family), "accepted") << "contents may be sealed without an exchange";
}

TEST(vendor_rows, signatures_of_md5) {
  const std::string head = "name: \"a\"\ndialect: \"d\"\nauth: ";
  EXPECT_EQ(parse_vendor(head + "MD5_HEADERS", "f")->auth, auth_kind::md5_headers);
  EXPECT_EQ(parse_vendor(head + "MD5_MEMBERS", "f")->auth, auth_kind::md5_members);
  const auto row = parse_vendor(head + "CONTENT_MD5\nauth_header: \"X-A-Signature\"", "f");
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_EQ(row->auth, auth_kind::content_md5);
  EXPECT_EQ(row->auth_header, "X-A-Signature");
  const auto nameless = parse_vendor(head + "CONTENT_MD5", "f");
  ASSERT_FALSE(nameless);
  EXPECT_NE(nameless.error().message.find("auth_header: is missing: auth is CONTENT_MD5"),
            std::string::npos)
      << nameless.error().message;
}

TEST(vendor_rows, a_key_in_the_query_has_a_name) {
  constexpr std::string_view header = "auth: HEADER\nauth_header: \"api-key\"\n";
  EXPECT_NE(complaint(header, "auth: QUERY\n").find("auth_header: is missing: auth is QUERY"),
            std::string::npos);
  std::string text(good);
  text.replace(text.find(header), header.size(), "auth: QUERY auth_header: \"token\"\n");
  text += "quirk { terminal_event { name: \"end\" } }\n";
  const auto named = parse_vendor(text, "f");
  ASSERT_TRUE(named) << named.error().message;
  EXPECT_EQ(named->auth, auth_kind::query);
  EXPECT_EQ(named->auth_header, "token");
  EXPECT_EQ(std::get<quirk::terminal_event>(named->quirks.back()).names.at(0), "end");
}

TEST(vendor_rows, built_in_rows_are_complete) {
  const auto rows = unpack_vendors(adapters::vendor_rows());
  ASSERT_TRUE(rows);
  std::vector<std::string> names, of_the_user;
  for (const vendor& v : *rows) {
    names.push_back(v.name);
    EXPECT_FALSE(v.title.empty()) << v.name;
    EXPECT_TRUE(v.doc_url.starts_with("https://")) << v.name;
    EXPECT_EQ(v.doc_date.size(), 10u) << v.name;
    EXPECT_FALSE(v.verified.empty()) << v.name;
    EXPECT_FALSE(v.key_variable.empty()) << v.name;
    EXPECT_FALSE(v.capabilities.empty()) << v.name;
    if (v.base_url.empty()) of_the_user.push_back(v.name);
  }
  std::sort(of_the_user.begin(), of_the_user.end());
  EXPECT_EQ(of_the_user, (std::vector<std::string>{
                             "azure", "azure-anthropic", "azure-foundry", "azure-responses",
                             "azure-v1", "azure-v1-responses", "cloudflare", "cloudflare-run",
                             "custom", "custom-completions", "custom-responses", "databricks",
                             "pangu-v1", "pangu-v1-completions", "pangu-v1-iam", "snowflake",
                             "vertex", "vertex-anthropic"}));
  std::vector<std::string> files;
  const std::string folder = std::string(ARK_SOURCE_ROOT) + "/adapters/vendor";
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".textproto") files.push_back(entry.path().stem().string());
  std::sort(files.begin(), files.end());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, files);  // each is listed in meson.build
}

TEST(vendor_rows, built_in_files_obey_the_rules_of_written_ones) {
  const auto rows = read_vendor_directory(std::string(ARK_SOURCE_ROOT) + "/adapters/vendor");
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->size(), unpack_vendors(adapters::vendor_rows())->size());
}

TEST(vendor_rows, packed_bytes_that_are_none_are_an_error) {
  const unsigned char junk[] = {0xff, 0xff, 0xff};
  EXPECT_EQ(unpack_vendors(junk).error().code, errc::internal);
}

TEST(vendor_rows, a_directory_is_read_in_order_of_names) {
  const auto directory = std::filesystem::temp_directory_path() / "ark_vendor_rows_test";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  const auto put = [&](const char* file, std::string text) {
    std::ofstream(directory / file) << text;
  };
  std::string second(good);
  second.replace(second.find("mine"), 4, "more");
  put("b.textproto", second);
  put("a.textproto", std::string(good));
  put("notes.txt", "not a row");
  const auto rows = read_vendor_directory(directory.string());
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ(rows->at(1).name, "more");
  put("c.textproto", "nonsense");
  const auto broken = read_vendor_directory(directory.string());
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().message.find("c.textproto:1: "), std::string::npos);
  std::filesystem::remove_all(directory);
  EXPECT_EQ(read_vendor_directory(directory.string()).error().code, errc::not_found);
}

}  // namespace
}  // namespace ark::catalog
