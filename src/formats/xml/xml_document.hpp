// Parses XML, with errors that name the line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace onepass::formats {

class XmlDocument {
 public:
  /// @throws std::runtime_error "<file>:<line>: is not valid XML: …"
  explicit XmlDocument(const std::filesystem::path& path);

  pugi::xml_node root() const { return tree_.document_element(); }

  /// @throws std::runtime_error "<file>:<line>: <node>: <what>"
  [[noreturn]] void fail(const pugi::xml_node& node, const std::string& what) const;

  /// The values of attributes.
  /// @throws std::runtime_error as fail() does if the node has no such attribute, or it is not a finite or whole
  /// number.
  std::string_view text(const pugi::xml_node& node, const char* attribute) const;
  double number(const pugi::xml_node& node, const char* attribute) const;
  std::int64_t whole(const pugi::xml_node& node, const char* attribute) const;

 private:
  std::int64_t line_of(std::ptrdiff_t offset) const;

  std::string file_;
  std::string text_;
  pugi::xml_document tree_;
};

}  // namespace onepass::formats
