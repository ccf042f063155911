#include "catalog/row_text.hpp"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <algorithm>
#include <filesystem>
#include <system_error>

namespace ark::catalog {
namespace {

/// Keeps the first complaint of the text format's parser.
class first_error final : public google::protobuf::io::ErrorCollector {
 public:
  explicit first_error(const std::string& file) : file_(file) {}
  void AddError(int line, int, const std::string& message) override {
    if (text.empty()) text = file_ + ":" + std::to_string(line + 1) + ": " + message;
  }
  std::string text;

 private:
  const std::string& file_;
};

}  // namespace

result<void> parse_row_text(std::string_view text, const std::string& file,
                            google::protobuf::Message& row,
                            google::protobuf::TextFormat::ParseInfoTree* places) {
  first_error complaint(file);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&complaint);
  if (places != nullptr) parser.WriteLocationsTo(places);
  google::protobuf::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
  if (!parser.Parse(&input, &row))
    return error{.code = errc::config,
                 .message = complaint.text.empty() ? file + ": not a row" : complaint.text};
  return {};
}

result<std::vector<std::string>> row_files(const std::string& directory, std::string_view ending) {
  namespace fs = std::filesystem;
  std::error_code failed;
  std::vector<std::string> files;
  for (fs::directory_iterator it(directory, failed), end; !failed && it != end;
       it.increment(failed))
    if (it->path().extension() == ending) files.push_back(it->path().string());
  if (failed)
    return error{
        .code = errc::not_found,
        .message = "the directory of rows " + directory + " cannot be read: " + failed.message()};
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace ark::catalog
