#pragma once
#include <ark/result.hpp>

#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>
#include <string>
#include <string_view>
#include <vector>

namespace ark::catalog {

/// Reads the text format strictly. errc::config with "FILE:LINE: what is wrong". `places` (may be
/// null) learns where each field stands.
result<void> parse_row_text(std::string_view text, const std::string& file,
                            google::protobuf::Message& row,
                            google::protobuf::TextFormat::ParseInfoTree* places);

/// The files of a directory with this ending, in order of their names. errc::not_found if it cannot
/// be read.
result<std::vector<std::string>> row_files(const std::string& directory,
                                           std::string_view ending = ".textproto");

}  // namespace ark::catalog
