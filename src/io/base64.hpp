// Encodes and decodes base64 with padding (RFC 4648).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace onepass::io {

std::string to_base64(std::span<const unsigned char> bytes);

/// Returns the decoded bytes; empty if the text is not base64.
std::string from_base64(std::string_view text);

}  // namespace onepass::io
