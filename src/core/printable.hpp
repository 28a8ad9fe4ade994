// Makes text from files safe to print: names in data must not control the terminal.
#pragma once

#include <string>
#include <string_view>

namespace onepass {

/// Returns the text on one line: control characters (also DEL and U+0080 to U+009F, which start terminal sequences),
/// line and paragraph separators and marks of writing direction become "\u001b" and the like, invalid UTF-8 becomes
/// U+FFFD. The escapes are those of JSON, so that JSON text stays equivalent.
std::string printable(std::string_view text);

/// Returns the text as the name of a file in a folder: "/", control characters and a leading dot become "_", at most
/// 200 bytes are kept; "_" for an empty text. Bytes that are not UTF-8 are kept.
std::string as_file_name(std::string_view text);

}  // namespace onepass
