#pragma once
#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "prompt/definition.hpp"

/// What reading other projects' files has in common: their front matter as JSON, member by member
/// into ours, and a note for each that has no place there.
namespace ark::prompt {

/// The front matter as JSON, its lines into `out`. errc::config as `files::read_yaml`.
result<boost::json::object> foreign_fields(const split_file& parts, definition& out);

/// Our own form, given as JSON, into `out.file`; `out.lines` stay those of the file.
result<void> take_as_own(const boost::json::object& own, definition& out);

/// Without white space at both ends.
std::string stripped(const std::string& body);

/// Notes a field that is not carried over, with its line.
void note_left_out(definition& out, const std::string& field, std::string_view why);

/// Moves what `from` has under `theirs` to `to` under `ours`; true if there was something.
bool carry(boost::json::object& from, std::string_view theirs, boost::json::object& to,
           std::string_view ours);

}  // namespace ark::prompt
