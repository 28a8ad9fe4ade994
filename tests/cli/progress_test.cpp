#include "cli/progress.hpp"

#include <gtest/gtest.h>

namespace onepass::cli {
namespace {

TEST(Shortened, KeepsWhatFits) {
  EXPECT_EQ(shortened("gate: 12 frames", 15), "gate: 12 frames");
  EXPECT_EQ(shortened("gate: 12 frames", 8), "gate: 12");
  EXPECT_EQ(shortened("", 0), "");
}

TEST(Shortened, DropsACharacterThatWouldBeCut) {
  const std::string name = "T\xC3\xBCr \xE2\x86\x92 \xF0\x9F\x9A\xAA";  // Tür → 🚪: 1 + 2 + 1 + 1 + 3 + 1 + 4 bytes
  const std::vector<std::size_t> whole = {0, 1, 1, 3, 4, 5, 5, 5, 8, 9, 9, 9, 9, 13};
  ASSERT_EQ(name.size(), 13U);
  for (std::size_t most = 0; most < whole.size(); ++most)
    EXPECT_EQ(shortened(name, most), name.substr(0, whole[most])) << most;
}

TEST(SummaryTable, GivesTheTimePerStage) {
  const RunStatistics statistics{.frames = 20,
                                 .identities = 3,
                                 .decode_s = 0.2,
                                 .detect_s = 1,
                                 .embed_s = 0.4,
                                 .track_s = 0.1,
                                 .write_s = 0.3,
                                 .total_s = 2};
  EXPECT_EQ(summary_table("street", statistics),
            "street: 20 frames in 2.0 s (10.0 fps), 3 ids\n"
            "  decode      10.00 ms/frame  10.0 %\n"
            "  detect      50.00 ms/frame  50.0 %\n"
            "  embed       20.00 ms/frame  20.0 %\n"
            "  track        5.00 ms/frame   5.0 %\n"
            "  write       15.00 ms/frame  15.0 %\n");
}

TEST(SummaryTable, SharesOfStagesThatRanAtTheSameTimeAreThoseOfTheWork) {
  const RunStatistics statistics{.frames = 20, .decode_s = 0.5, .detect_s = 3, .track_s = 0.5, .total_s = 2};
  EXPECT_EQ(summary_table("street", statistics),
            "street: 20 frames in 2.0 s (10.0 fps), 0 ids\n"
            "  decode      25.00 ms/frame  12.5 %\n"
            "  detect     150.00 ms/frame  75.0 %\n"
            "  embed        0.00 ms/frame   0.0 %\n"
            "  track       25.00 ms/frame  12.5 %\n"
            "  write        0.00 ms/frame   0.0 %\n"
            "  stages ran at the same time: 4.0 s of work in 2.0 s\n");
}

}  // namespace
}  // namespace onepass::cli
