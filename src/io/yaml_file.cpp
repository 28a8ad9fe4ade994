#include "io/yaml_file.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>

namespace onepass::io {
namespace {

/// Checks the keys of every map in a document.
class KeyCheck {
 public:
  explicit KeyCheck(std::string file) : file_(std::move(file)) {}

  void visit(const YAML::Node& node) {
    if (!node.IsMap() && !node.IsSequence()) return;
    // Aliases can repeat a node, even inside itself.
    if (std::ranges::any_of(visited_, [&](const YAML::Node& other) { return other.is(node); })) return;
    visited_.push_back(node);
    if (node.IsMap()) check_keys(node);
    for (const auto& entry : node) {
      if (node.IsMap()) {
        visit(entry.second);
      } else {
        visit(entry);
      }
    }
  }

 private:
  void check_keys(const YAML::Node& map) const {
    std::set<std::string> keys;
    for (const auto& entry : map) {
      const auto& key = entry.first;
      if (!key.IsScalar()) fail(key, "a key must be a name, not a list, a map or nothing");
      if (!keys.insert(key.Scalar()).second) fail(key, fmt::format("the key '{}' is given twice", key.Scalar()));
    }
  }

  [[noreturn]] void fail(const YAML::Node& key, const std::string& what) const {
    throw std::runtime_error(fmt::format("{}:{}: {}", file_, key.Mark().line + 1, what));
  }

  std::string file_;
  std::vector<YAML::Node> visited_;
};

/// Skips the content of a document.
class Skip : public YAML::EventHandler {
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

/// Counts the documents, at most `most`: yaml-cpp 0.7 finds documents without end in some damaged files.
int count_documents(const std::string& text, int most) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  Skip skip;
  int count = 0;
  while (count < most && parser.HandleNextDocument(skip)) ++count;
  return count;
}

/// The number of the first line near this one that is indented with a tab; 0 if there is none. yaml-cpp reports a tab
/// in its line or in the next.
/// @param around from 1
std::int64_t line_with_tab(const std::string& text, std::int64_t around) {
  std::istringstream lines(text);
  std::int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const auto indent = line.substr(0, line.find_first_not_of(" \t"));
    const bool tab = indent.size() < line.size() && indent.find('\t') != std::string::npos;
    if (tab && std::abs(number - around) <= 1) return number;
  }
  return 0;
}

std::vector<YAML::Node> documents_in(const std::string& text, const std::string& name) {
  constexpr int most_documents = 1000;
  try {
    const int count = count_documents(text, most_documents);
    if (count == most_documents) throw std::runtime_error(name + ": is not a single YAML document");
    return YAML::LoadAll(text);
  } catch (const YAML::Exception& error) {
    if (const auto line = line_with_tab(text, error.mark.line + 1); line > 0)
      throw std::runtime_error(fmt::format("{}:{}: a tab before the text; YAML indents with spaces only", name, line));
    throw std::runtime_error(fmt::format("{}:{}: not YAML: {}", name, error.mark.line + 1, error.msg));
  }
}

YAML::Node only_document(const std::string& text, const std::string& name) {
  const auto documents = documents_in(text, name);
  if (documents.size() > 1)
    throw std::runtime_error(fmt::format("{}: contains {} YAML documents, expected one (they are separated by '---')",
                                         name, documents.size()));
  if (documents.empty()) return YAML::Node();
  KeyCheck(name).visit(documents.front());
  return documents.front();
}

}  // namespace

YAML::Node read_yaml(const std::filesystem::path& path, const std::string& kind) {
  if (std::filesystem::is_directory(path))
    throw std::runtime_error(fmt::format("{}: is a folder, expected a {}", path.string(), kind));
  std::ifstream file(path);
  if (!file) throw std::runtime_error(fmt::format("{}: cannot open this {}", path.string(), kind));
  return only_document({std::istreambuf_iterator<char>(file), {}}, path.string());
}

YAML::Node parse_yaml(const std::string& text, const std::string& name) { return only_document(text, name); }

}  // namespace onepass::io
