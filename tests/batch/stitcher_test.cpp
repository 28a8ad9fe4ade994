#include "batch/stitcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "batch/overlap_match.hpp"
#include "support/message_of.hpp"
#include "support/pieces.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::batch {
namespace {

using test::all_frames;
using test::message_of;
using test::TemporaryFolder;
using test::track;
using test::write_piece;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TEST(MatchOverlap, PrefersTheTrackThatContinues) {
  std::vector<CommonFrame> frames;
  for (int i = 0; i < 10; ++i) {
    // The later piece changes the id of the same person from 1 to 2 in the middle.
    frames.push_back({{track(5, 100), track(6, 300)}, {track(i < 6 ? 1 : 2, 101), track(3, 300)}});
  }
  EXPECT_THAT(match_overlap(frames), ElementsAre(Pair(2, 5), Pair(3, 6)));
}

TEST(MatchOverlap, IgnoresWhoOnlyCrosses) {
  std::vector<CommonFrame> frames;
  for (int i = 0; i < 10; ++i) frames.push_back({{track(1, 100)}, {track(1, static_cast<float>(10 + 20 * i))}});
  EXPECT_THAT(match_overlap(frames), IsEmpty());
  EXPECT_THAT(match_overlap({}), IsEmpty());
}

TEST(Record, KeepsTracksExactly) {
  const TemporaryFolder folder;
  auto written = track(7, 1.0F / 3);
  written.state = TrackState::lost;
  written.origin = BoxOrigin::predicted;
  written.class_id = 4;
  written.detection = 2;
  written.shape.mask = {4, 3, {2, 3, 7}};
  written.shape.keypoints = {{1.5F, 2.25F, 0.7F}};
  written.shape.rotated = RotatedBox{1, 2, 3, 4, 0.1F};
  const auto path = write_piece(folder, {1, 1, {}}, 0, 1, [&](int) { return std::vector{written}; });
  RecordReader reader(path);
  EXPECT_EQ(reader.header().class_names, std::vector<std::string>{"person"});
  const auto frame = reader.next();
  ASSERT_TRUE(frame);
  ASSERT_EQ(frame->tracks.size(), 1U);
  const auto& read = frame->tracks.front();
  EXPECT_EQ(read.box, written.box);
  EXPECT_EQ(read.score, written.score);
  EXPECT_EQ(read.shape, written.shape);
  EXPECT_EQ(std::tie(read.id, read.state, read.origin, read.class_id, read.detection),
            std::tie(written.id, written.state, written.origin, written.class_id, written.detection));
  EXPECT_FALSE(reader.next());
}

TEST(Record, ThatIsDamagedIsAnError) {
  const TemporaryFolder folder;
  const auto path = write_piece(folder, {1, 1, {}}, 0, 3, [](int) { return std::vector{track(1, 0)}; });
  const auto text = test::read_file(path);
  const auto error_of = [&](const std::string& content) {
    const auto damaged = folder.write("damaged.jsonl", content);
    return message_of([&] {
      RecordReader reader(damaged);
      while (reader.next()) {
      }
    });
  };
  EXPECT_THAT(error_of(""), HasSubstr("damaged.jsonl: is no record of a piece"));
  EXPECT_THAT(error_of("{}\n"), HasSubstr("damaged.jsonl: is no record of a piece"));
  EXPECT_THAT(error_of(text.substr(0, text.rfind("{\"frames\""))), HasSubstr("damaged.jsonl:5: ends early"));
  const auto second = text.find('\n', text.find('\n') + 1) + 1;
  EXPECT_THAT(error_of(text.substr(0, second) + text.substr(text.find('\n', second) + 1)),
              HasSubstr("damaged.jsonl:4: frames are missing"));
}

TEST(Record, RefusesMasksThatAreNotOfTheirSize) {
  const TemporaryFolder folder;
  auto written = track(1, 0);
  const auto error_with = [&](const Mask& mask) {
    written.shape.mask = mask;
    RecordReader reader(write_piece(folder, {1, 1, {}}, 0, 1, [&](int) { return std::vector{written}; }));
    return message_of([&] { reader.next(); });
  };
  EXPECT_EQ(error_with({4, 3, {2, 3, 7}}), "");
  for (const Mask& mask : {Mask{4, 3, {2, 3, 6}}, Mask{4, 3, {2, 3, 8}}, Mask{-4, -3, {12}},
                           Mask{1 << 20, 1, {1 << 20}}, Mask{4, 3, {0xffffffff, 0xffffffff, 14}}})
    EXPECT_THAT(error_with(mask), HasSubstr("0001.jsonl:2: the runs of a mask do not add up to its size"));
}

TEST(Stitcher, ContinuesIdentities) {
  const TemporaryFolder folder;
  // A stands, B leaves at 1.5 s, C comes at 2.2 s, after the seam. The second piece numbers A as 2 and a short-lived
  // error as 1.
  const auto first = write_piece(folder, {1, 2, {0, 2}}, 0, 20, [](int index) {
    std::vector<Track> tracks{track(2, 100)};
    if (index < 15) tracks.push_back(track(1, 200));
    return tracks;
  });
  const auto second = write_piece(folder, {2, 2, {1, TimeSpan().to_s}}, 10, 30, [](int index) {
    std::vector<Track> tracks{track(2, 100)};
    if (index < 12) tracks.push_back(track(1, 400));
    if (index >= 22) tracks.push_back(track(3, 300));
    return tracks;
  });
  Stitcher stitcher({second, first});
  const auto frames = all_frames(stitcher);
  ASSERT_EQ(frames.size(), 30U);
  EXPECT_EQ(frames[0], "0: 1 2") << "dense in the order of first appearance";
  EXPECT_EQ(frames[19], "19: 2");
  EXPECT_EQ(frames[20], "20: 2");
  EXPECT_EQ(frames[29], "29: 2 3");
  EXPECT_EQ(stitcher.identities(), 3);
  ASSERT_EQ(stitcher.seams().size(), 1U);
  EXPECT_EQ(stitcher.seams()[0].common_frames, 10);
  EXPECT_EQ(stitcher.seams()[0].continued, 1);
  EXPECT_EQ(stitcher.seams()[0].open, 0);
}

TEST(Stitcher, AlignsIndicesByTime) {
  const TemporaryFolder folder;
  const auto still = [](int) { return std::vector{track(1, 100)}; };
  const auto first = write_piece(folder, {1, 3, {0, 2}}, 0, 20, still);
  const auto second = write_piece(folder, {2, 3, {1, 3}}, 10, 30, still, 4);
  const auto third = write_piece(folder, {3, 3, {2, TimeSpan().to_s}}, 20, 40, still, -3);
  Stitcher stitcher({first, second, third});
  const auto frames = all_frames(stitcher);
  ASSERT_EQ(frames.size(), 40U);
  EXPECT_EQ(frames.back(), "39: 1");
  EXPECT_EQ(stitcher.seams()[0].index_offset, -4);
  EXPECT_EQ(stitcher.seams()[1].index_offset, 3);
}

TEST(Stitcher, AcceptsPiecesWithoutFrames) {
  const TemporaryFolder folder;
  const auto still = [](int) { return std::vector{track(1, 100)}; };
  Stitcher stitcher(
      {write_piece(folder, {1, 2, {0, 2}}, 0, 8, still), write_piece(folder, {2, 2, {1, 9}}, 0, 0, still)});
  EXPECT_EQ(all_frames(stitcher).size(), 8U) << "the announced duration was too long";
}

TEST(Stitcher, RefusesWhatDoesNotFit) {
  const TemporaryFolder folder;
  const auto still = [](int) { return std::vector{track(1, 100)}; };
  const auto first = write_piece(folder, {1, 3, {0, 2}}, 0, 20, still);
  const auto third = write_piece(folder, {3, 3, {2, 9}}, 20, 40, still);
  EXPECT_EQ(message_of([&] { Stitcher({first, third}); }), "day: 1 of 3 pieces is missing: 2");
  EXPECT_THAT(message_of([&] { Stitcher({first, first}); }), HasSubstr("piece 1 of 3 is given twice"));
  const auto other = write_piece(folder, {2, 4, {1, 3}}, 10, 30, still);
  EXPECT_THAT(message_of([&] { Stitcher({first, other, third}); }), HasSubstr("pieces of different sources or runs"));
  EXPECT_EQ(message_of([&] { Stitcher({}); }), "there are no pieces to stitch");
}

}  // namespace
}  // namespace onepass::batch
