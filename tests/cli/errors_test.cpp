#include "cli/errors.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "onepass/setting_error.hpp"

namespace onepass::cli {
namespace {

TEST(MessageOf, NamesTheFlagOfASetting) {
  EXPECT_EQ(message_of(SettingError("embed.layers", "m.pt: has no layer 99")),
            "m.pt: has no layer 99; see --embed.layers and onepass inspect --model FILE");
  EXPECT_EQ(message_of(SettingError("detector.max_det", "too many")), "too many; see --detector.max_det");
  EXPECT_EQ(message_of(SettingError("allow_missing", "no result")), "no result; see --allow-missing");
}

TEST(MessageOf, LeavesOtherErrorsAsTheyAre) {
  EXPECT_EQ(message_of(std::runtime_error("a.txt: no such file")), "a.txt: no such file");
  EXPECT_EQ(message_of(UsageError("track needs a --source")), "track needs a --source");
}

TEST(WithTypedFlags, NamesTheFlagThatWasTyped) {
  const std::string message = "--detector.max_det: '0' is out of range";
  const auto after = [&](const std::vector<std::string>& words) { return with_typed_flags(message, words); };
  EXPECT_EQ(after({"track", "--max-det", "0"}), "--max-det: '0' is out of range");
  EXPECT_EQ(after({"track", "--max-det=0"}), "--max-det: '0' is out of range");
  EXPECT_EQ(after({"track", "--detector.max_det", "0"}), message);
  EXPECT_EQ(after({"track", "--max-det", "9", "--detector.max_det=0"}), message);
  EXPECT_EQ(after({"track", "--max", "--det", "--", "--(", ""}), message);
  EXPECT_EQ(with_typed_flags("m.pt: has no layer 99; see --embed.layers", std::vector<std::string>{"--layers", "99"}),
            "m.pt: has no layer 99; see --layers");
}

}  // namespace
}  // namespace onepass::cli
