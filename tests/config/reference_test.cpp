#include "config/reference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/fields.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::config {
namespace {

using testing::HasSubstr;

std::string shipped(const std::string& path) {
  return test::read_file(std::filesystem::path(ONEPASS_SOURCE_DIR) / path);
}

TEST(Reference, TheShippedPageIsTheProgramsOutput) {
  EXPECT_EQ(shipped("docs/parameters.md"), reference_page()) << "run: onepass config --reference > docs/parameters.md";
}

TEST(Reference, TheShippedDefaultsAreTheProgramsOutput) {
  EXPECT_EQ(shipped("configs/default.yaml"), dump_yaml({})) << "run: onepass config --dump > configs/default.yaml";
}

TEST(Reference, PageAndDumpDescribeEveryParameter) {
  Config config;
  StageConfig stage;
  auto groups = groups_of(config);
  groups.push_back({"tracker.stages", "", fields_of(stage)});
  const auto page = reference_page();
  auto dump = dump_yaml(config);
  for (const auto* line_break : {"\n  # ", "\n      # ", "\n    # "}) {
    for (auto at = dump.find(line_break); at != std::string::npos; at = dump.find(line_break))
      dump.replace(at, std::string(line_break).size(), " ");
  }
  for (const auto& group : groups) {
    EXPECT_THAT(page, HasSubstr("\n## " + group.name + "\n"));
    for (const auto& field : group.fields) {
      EXPECT_THAT(page, HasSubstr("\n| `" + field.name + "`"));
      EXPECT_THAT(page, HasSubstr("| " + field.comment));
      EXPECT_TRUE(dump.find(description(field)) != std::string::npos) << field.name;
    }
  }
}

}  // namespace
}  // namespace onepass::config
