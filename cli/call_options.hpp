#pragma once
#include <ark/call.hpp>
#include <ark/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/settings.hpp"

/// What the commands that call a vendor have in common.
namespace ark::cli {

/// Options of every command that calls a vendor.
struct call_options {
  std::string model;
  std::string task;
  std::string run;
  std::string tenant;
  std::string user;
  std::vector<std::string> tags;  ///< "name=value"
  double timeout_s = 0;
};
void add_call_options(option_set set, const std::shared_ptr<call_options>& o);

/// Fills in who and how: tags, times, retries. errc::invalid_request for a tag without "=".
result<void> apply(const call_options& o, const settings& all, call& out);
result<void> apply(const call_options& o, const settings& all, embed_call& out);
result<void> apply(const call_options& o, const settings& all, rerank_call& out);

/// The texts that the command line and standard input give. Standard input stands where "-" is, or
/// is all there is, or comes behind a blank line if it is a pipe, a file or a socket.
/// errc::invalid_request when there is none, or it is not UTF-8; errc::too_large over 64 MiB.
result<std::string> text_of(context& ctx, const std::vector<std::string>& words);

/// One text for each word; without any, or for "-" alone, standard input: as one text, or as one
/// for each line that is not empty.
result<std::vector<std::string>> texts_of(context& ctx, const std::vector<std::string>& words,
                                          bool by_line);

/// A file's content, or the argument itself if it is JSON ("{..." or "[..."). Checked to be JSON.
result<std::string> json_argument(const std::string& argument);
/// "name=value" of the option `flag`: the value is JSON where it can be, else a text.
result<std::pair<std::string, std::string>> json_assignment(std::string_view flag,
                                                            const std::string& argument);

/// "image/png" by the first bytes, or of sound, a video or a PDF; "" if it is none that vendors
/// take.
std::string media_type_of(std::string_view bytes);
/// An image from a file of at most 20 MiB, or by URL. So are the others; a document that is none of
/// a known kind is text.
result<image_part> image_of(const std::string& file_or_url);
result<audio_part> audio_of(const std::string& file_or_url);
result<document_part> document_of(const std::string& file_or_url);
result<video_part> video_of(const std::string& file_or_url);
/// Tools from JSON text: one or a list, in ark's own form {name, description, parameters}, in
/// OpenAI's {type: function, function: {...}} or Anthropic's {name, input_schema}.
result<std::vector<tool_definition>> tools_of(const std::string& json, const std::string& file);

}  // namespace ark::cli
