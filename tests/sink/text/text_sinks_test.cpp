#include <cmath>
#include <limits>
#include <locale>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "onepass/track_sink.hpp"
#include "support/json_lines.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::sink {
namespace {

using nlohmann::json;
using test::message_of;
using test::read_file;
using test::TemporaryFolder;
using testing::HasSubstr;

Frame frame_at(std::int64_t index, double time_s) {
  Frame frame;
  frame.index = index;
  frame.time = Timestamp(time_s);
  return frame;
}

Track track_of(std::int64_t id, const Box& box, float score, int class_id = 0) {
  Track track;
  track.id = id;
  track.box = box;
  track.score = score;
  track.class_id = class_id;
  return track;
}

StreamInfo stream_of(const std::string& name, const std::vector<std::string>& class_names) {
  StreamInfo stream;
  stream.source.name = name;
  stream.class_names = class_names;
  return stream;
}

TEST(MotSink, WritesTheRowsOfMotChallenge) {
  const TemporaryFolder folder;
  const auto sink = make_mot_sink(folder / "out.txt", Overwrite::refuse);
  sink->write(frame_at(0, 0), std::vector{track_of(1, {10.126F, -20.5F, 30, 40.25F}, 0.87654F)});
  sink->write(frame_at(1, 0.04), {});
  sink->write(frame_at(999, 40), std::vector{track_of(1, {0, 0, 1, 2}, 1), track_of(12, {1e5F, 2, 3, 4}, 0)});
  sink->close();
  EXPECT_EQ(read_file(folder / "out.txt"),
            "1,1,10.13,-20.50,30.00,40.25,0.8765,-1,-1,-1\n"
            "1000,1,0.00,0.00,1.00,2.00,1.0000,-1,-1,-1\n"
            "1000,12,100000.00,2.00,3.00,4.00,0.0000,-1,-1,-1\n");
}

TEST(MotSink, NoTracksGiveAnEmptyFile) {
  const TemporaryFolder folder;
  make_mot_sink(folder / "out.txt", Overwrite::refuse)->close();
  EXPECT_EQ(read_file(folder / "out.txt"), "");
}

/// Writes numbers as 1.234,5.
struct CommaPunctuation : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(TextSinks, WritePointsWhateverTheLocale) {
  const TemporaryFolder folder;
  const auto before = std::locale::global(std::locale(std::locale(), new CommaPunctuation));
  const auto mot = make_mot_sink(folder / "out.txt", Overwrite::refuse);
  const auto jsonl = make_jsonl_sink(folder / "out.jsonl", Overwrite::refuse, stream_of("s", {}));
  for (auto* const sink : {mot.get(), jsonl.get()}) {
    sink->write(frame_at(1233, 1234.5), std::vector{track_of(12345, {1234.5F, 1, 2, 3}, 0.5F)});
    sink->close();
  }
  std::locale::global(before);
  EXPECT_EQ(read_file(folder / "out.txt"), "1234,12345,1234.50,1.00,2.00,3.00,0.5000,-1,-1,-1\n");
  EXPECT_EQ(test::parse_lines(read_file(folder / "out.jsonl")).at(0)["time"], 1234.5);
  EXPECT_THAT(read_file(folder / "out.jsonl"), HasSubstr(R"("box":[1234.5,1.0,2.0,3.0])"));
}

TEST(JsonlSink, WritesOneObjectPerFrame) {
  const TemporaryFolder folder;
  const auto sink = make_jsonl_sink(folder / "out.jsonl", Overwrite::refuse, stream_of("street", {"person", "car"}));
  auto predicted = track_of(7, {-1.5F, 2.25F, 30.1F, 40}, 0.9F, 1);
  predicted.origin = BoxOrigin::predicted;
  predicted.state = TrackState::lost;
  sink->write(frame_at(0, 0), {});
  sink->write(frame_at(3, 0.12), std::vector{track_of(1, {10, 20, 30, 40}, 0.25F), predicted});
  sink->close();
  EXPECT_EQ(read_file(folder / "out.jsonl"),
            R"({"index":0,"time":0.0,"source":"street","tracks":[]})"
            "\n"
            R"({"index":3,"time":0.12,"source":"street","tracks":[)"
            R"({"id":1,"class":0,"class_name":"person","box":[10.0,20.0,30.0,40.0],"score":0.25,)"
            R"("origin":"detected","state":"confirmed"},)"
            R"({"id":7,"class":1,"class_name":"car","box":[-1.5,2.25,30.1,40.0],"score":0.9,)"
            R"("origin":"predicted","state":"lost"}]})"
            "\n");
}

TEST(JsonlSink, ALiveStreamTellsTheTimeOfDay) {
  const TemporaryFolder folder;
  const auto sink = make_jsonl_sink(folder / "out.jsonl", Overwrite::refuse, stream_of("door", {}));
  auto frame = frame_at(0, 0);
  frame.captured =
      std::chrono::system_clock::time_point(std::chrono::milliseconds(1582934399007));  // before a leap day
  sink->write(frame, {});
  sink->close();
  EXPECT_EQ(read_file(folder / "out.jsonl"),
            R"({"index":0,"time":0.0,"wall":"2020-02-28T23:59:59.007Z","source":"door","tracks":[]})"
            "\n");
}

TEST(JsonlSink, IsValidJsonForAnyName) {
  const TemporaryFolder folder;
  const std::string odd = "a \"quoted\" \\ name\n\t\x01 caf\xc3\xa9";
  const auto sink = make_jsonl_sink(folder / "out.jsonl", Overwrite::refuse, stream_of(odd, {odd, "bad \xff byte"}));
  sink->write(frame_at(0, 0),
              std::vector{track_of(1, {}, 0, 0), track_of(2, {}, 0, 1), track_of(3, {}, 0, 2), track_of(4, {}, 0, -1)});
  sink->close();
  const auto lines = test::parse_lines(read_file(folder / "out.jsonl"));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0]["source"], odd);
  EXPECT_EQ(lines[0]["tracks"][0]["class_name"], odd);
  EXPECT_EQ(lines[0]["tracks"][1]["class_name"], "bad \xef\xbf\xbd byte");
  EXPECT_TRUE(lines[0]["tracks"][2]["class_name"].is_null());
  EXPECT_TRUE(lines[0]["tracks"][3]["class_name"].is_null());
}

TEST(JsonlSink, EveryFrameIsThereAtOnce) {
  const TemporaryFolder folder;
  const auto sink = make_jsonl_sink(folder / "out.jsonl", Overwrite::refuse, stream_of("s", {}));
  for (int i = 0; i < 3; ++i) {
    sink->write(frame_at(i, i), {});
    EXPECT_EQ(test::parse_lines(read_file(folder / "out.jsonl.part")).size(), static_cast<std::size_t>(i + 1));
  }
}

TEST(JsonlSink, RefusesNumbersThatJsonCannotHold) {
  const TemporaryFolder folder;
  const auto sink = make_jsonl_sink(folder / "out.jsonl", Overwrite::refuse, stream_of("s", {}));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(message_of([&] {
              sink->write(frame_at(4, 0), std::vector{track_of(9, {0, nan, 1, 1}, 1)});
            }),
            "frame 4: track 9 has a value that is not finite");
  EXPECT_NE(message_of([&] { sink->write(frame_at(4, 0), std::vector{track_of(9, {0, 0, 1, 1}, INFINITY)}); }), "");
}

TEST(JsonlSink, ADashIsStandardOutput) {
  testing::internal::CaptureStdout();
  const auto sink = make_jsonl_sink("-", Overwrite::refuse, stream_of("s", {}));
  sink->write(frame_at(0, 0.5), {});
  sink->close();
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "{\"index\":0,\"time\":0.5,\"source\":\"s\",\"tracks\":[]}\n");
  EXPECT_FALSE(std::filesystem::exists("-"));
}

TEST(TextSinks, RefuseExistingFiles) {
  const TemporaryFolder folder;
  const auto path = folder.write("out", "precious");
  EXPECT_THAT(message_of([&] { make_mot_sink(path, Overwrite::refuse); }), HasSubstr("out: already exists"));
  EXPECT_THAT(message_of([&] { make_jsonl_sink(path, Overwrite::refuse, {}); }), HasSubstr("out: already exists"));
  EXPECT_EQ(read_file(path), "precious");
}

TEST(MotSink, AppendsRotatedBoxes) {
  const TemporaryFolder folder;
  const auto sink = make_mot_sink(folder / "out.txt", Overwrite::refuse);
  auto track = track_of(1, {10, 20, 30, 40}, 1);
  track.shape.rotated = RotatedBox{25, 40, 35.5F, 20, 0.785398F};
  sink->write(frame_at(0, 0), std::vector{track});
  sink->close();
  EXPECT_EQ(read_file(folder / "out.txt"),
            "1,1,10.00,20.00,30.00,40.00,1.0000,-1,-1,-1,25.00,40.00,35.50,20.00,0.7854\n");
}

TEST(JsonlSink, WritesShapes) {
  const TemporaryFolder folder;
  const auto sink = make_jsonl_sink(folder / "out.jsonl", Overwrite::refuse, stream_of("a", {}));
  auto track = track_of(1, {10, 20, 30, 40}, 1);
  track.shape.keypoints = {{1, 2, 0.25F}};
  sink->write(frame_at(0, 0), std::vector{track});
  sink->close();
  const auto written = test::parse_lines(read_file(folder / "out.jsonl"))[0]["tracks"][0];
  EXPECT_EQ(written["keypoints"], json::parse("[[1, 2, 0.25]]"));
  EXPECT_FALSE(written.contains("mask"));
}

}  // namespace
}  // namespace onepass::sink
