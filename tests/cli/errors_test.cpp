#include "cli/errors.hpp"

#include <gtest/gtest.h>

#include "onepass/setting_error.hpp"

namespace onepass::cli {
namespace {

TEST(MessageOf, NamesTheFlagOfASetting) {
  EXPECT_EQ(message_of(SettingError("embed.layers", "m.pt: has no layer 99")),
            "m.pt: has no layer 99; see --embed.layers");
  EXPECT_EQ(message_of(SettingError("detector.max_det", "too many")), "too many; see --detector.max_det");
  EXPECT_EQ(message_of(SettingError("allow_missing", "no result")), "no result; see --allow-missing");
}

TEST(MessageOf, LeavesOtherErrorsAsTheyAre) {
  EXPECT_EQ(message_of(std::runtime_error("a.txt: no such file")), "a.txt: no such file");
  EXPECT_EQ(message_of(UsageError("track needs a --source")), "track needs a --source");
}

}  // namespace
}  // namespace onepass::cli
