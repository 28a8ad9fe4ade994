#include "config/builtin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/config.hpp"
#include "support/message_of.hpp"

namespace onepass::config {
namespace {

using testing::HasSubstr;

TEST(BuiltinConfigurations, AreTheFilesInConfigs) {
  for (const auto& name : configuration_names()) {
    SCOPED_TRACE(name);
    Config by_name, by_file;
    EXPECT_TRUE(apply_yaml(by_name, name).empty());
    apply_yaml(by_file, std::filesystem::path(ONEPASS_SOURCE_DIR) / "configs" / (name + ".yaml"));
    EXPECT_EQ(dump_yaml(by_name), dump_yaml(by_file));
    EXPECT_NE(dump_yaml(by_name), dump_yaml({}));
  }
  EXPECT_GE(configuration_names().size(), 16U);
}

TEST(BuiltinConfigurations, AnUnknownNameNamesTheNearest) {
  Config config;
  EXPECT_THAT(test::message_of([&] { apply_yaml(config, "tracktrak"); }),
              HasSubstr("tracktrak: neither a file nor a built-in configuration (did you mean 'tracktrack'?); these "
                        "are: boosttrack, botsort, "));
  EXPECT_THAT(test::message_of([&] { apply_yaml(config, "crowd"); }),
              HasSubstr("(without a configuration, the default fits these scenes)"));
  EXPECT_THAT(test::message_of([&] { apply_yaml(config, "sports"); }), HasSubstr("(did you mean 'dance'?)"));
  EXPECT_THAT(test::message_of([&] { apply_yaml(config, "tracktrak.yaml"); }),
              HasSubstr("cannot open this config file"));
}

}  // namespace
}  // namespace onepass::config
