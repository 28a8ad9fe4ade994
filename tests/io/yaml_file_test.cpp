#include "io/yaml_file.hpp"

#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::io {
namespace {

using test::message_of;

class YamlFile : public testing::Test {
 protected:
  YAML::Node read(const std::string& text) { return read_yaml(folder_.write("a.yaml", text), "config file"); }

  /// The error without the path of the file.
  std::string error_of(const std::string& text) {
    return message_of([&] { read(text); }).substr((folder_ / "a.yaml").string().size());
  }

  test::TemporaryFolder folder_;
};

TEST_F(YamlFile, IsOneDocument) {
  EXPECT_EQ(read("a: {b: [1, 2]}\n")["a"]["b"][1].as<int>(), 2);
  EXPECT_TRUE(read("").IsNull());
  EXPECT_EQ(error_of("a: 1\n---\nb: 2\n"), ": contains 2 YAML documents, expected one (they are separated by '---')");
}

TEST_F(YamlFile, ErrorsNameTheLine) {
  EXPECT_EQ(error_of("a: 1\nb: 2\na: 3\n"), ":3: the key 'a' is given twice");
  EXPECT_EQ(error_of("x:\n  - {b: 1, b: 2}\n"), ":2: the key 'b' is given twice");
  EXPECT_EQ(error_of("a: 1\n? [b]\n: 2\n"), ":2: a key must be a name, not a list, a map or nothing");
  EXPECT_EQ(error_of("a: [1\n").substr(0, 1), ":");
  EXPECT_EQ(error_of("a:\n  b: 1\n\tc: 2\n"), ":3: a tab before the text; YAML indents with spaces only");
  EXPECT_EQ(error_of("a: \"x\n\ty\"\nb: 1\nc: 2\nd: 3\ne: [1, 2}\n").substr(0, 3), ":6:") << "not the tab in a text";
  EXPECT_EQ(read("a:\t1\n")["a"].as<int>(), 1) << "a tab elsewhere";
}

TEST_F(YamlFile, AnAliasInsideItselfEnds) { EXPECT_TRUE(read("a: &a {b: *a}\n").IsMap()); }

TEST_F(YamlFile, MissingFilesAndFoldersAreNamedByTheirKind) {
  EXPECT_EQ(message_of([] { read_yaml("/nonexistent", "config file"); }), "/nonexistent: cannot open this config file");
  EXPECT_EQ(message_of([] { read_yaml("/tmp", "config file"); }), "/tmp: is a folder, expected a config file");
}

}  // namespace
}  // namespace onepass::io
