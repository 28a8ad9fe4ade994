#include "core/printable.hpp"

#include <cstdint>

#include <fmt/format.h>

namespace onepass {
namespace {

/// A character of UTF-8 text; `size` is 0 if the bytes are not valid UTF-8.
struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;
};

Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const auto first = byte(at);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + size > text.size()) return {};
  std::uint32_t code = first & (0xffU >> (size + 1));
  for (std::size_t i = at + 1; i < at + size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {};
    code = code << 6U | (byte(i) & 0x3fU);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return code < least[size] || code > 0x10ffff || surrogate ? Character{} : Character{code, size};
}

bool is_control(std::uint32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

/// Line and paragraph separators, and the marks that change the direction of the following text.
bool is_layout(std::uint32_t code) {
  return code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto [code, size] = character_at(text, at);
    if (size == 0) {
      result += "\xef\xbf\xbd";  // U+FFFD
    } else if (is_control(code) || is_layout(code)) {
      result += fmt::format("\\u{:04x}", code);
    } else {
      result += text.substr(at, size);
    }
    at += size == 0 ? 1 : size;
  }
  return result;
}

std::string as_file_name(std::string_view text) {
  constexpr std::size_t longest = 200;  // file systems allow 255 bytes; the rest is for extensions and numbers
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto [code, size] = character_at(text, at);
    const auto bytes = size == 0 ? 1 : size;
    if (result.size() + bytes > longest) break;
    const bool replaced = size > 0 && (is_control(code) || is_layout(code) || code == '/');
    result += replaced ? std::string_view("_") : text.substr(at, bytes);
    at += bytes;
  }
  if (result.starts_with('.')) result.front() = '_';
  return result.empty() ? "_" : result;
}

}  // namespace onepass
