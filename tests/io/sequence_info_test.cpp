#include "io/sequence_info.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::io {
namespace {

using test::message_of;
using test::TemporaryFolder;
using testing::EndsWith;
using testing::HasSubstr;

TEST(SequenceInfo, ReadsWhatMotChallengeWrites) {
  const TemporaryFolder folder;
  const auto info =
      read_sequence_info(folder.write("MOT17-02-FRCNN/seqinfo.ini",
                                      "[Sequence]\nname=ignored\nimDir=images\nframeRate=30\nseqLength=600\n"
                                      "imWidth=1920\nimHeight=1080\nimExt=.png\n\n"));
  EXPECT_EQ(info.name, "MOT17-02-FRCNN");
  EXPECT_EQ(info.image_folder, "images");
  EXPECT_EQ(info.image_extension, ".png");
  EXPECT_EQ(info.frame_rate, 30);
  EXPECT_EQ(info.length, 600);
  EXPECT_EQ(info.size, cv::Size(1920, 1080));
}

TEST(SequenceInfo, FillsInTheUsualNames) {
  const TemporaryFolder folder;
  const auto info =
      read_sequence_info(folder.write("street-7/seqinfo.ini", "[Sequence]\nframeRate=29.97\nseqLength=2\n"));
  EXPECT_EQ(info.name, "street-7");
  EXPECT_EQ(info.image_folder, "img1");
  EXPECT_EQ(info.image_extension, ".jpg");
  EXPECT_EQ(info.frame_rate, 29.97);
  EXPECT_TRUE(info.size.empty());
}

TEST(SequenceInfo, ToleratesTheHabitsOfOtherEditors) {
  const TemporaryFolder folder;
  const auto info = read_sequence_info(
      folder.write("seqinfo.ini",
                   "\xef\xbb\xbf; made elsewhere\r\n[ Sequence ]\r\n# comment\r\n frameRate = 25 \r\n"
                   "seqLength=3\r\nweather=a=b\r\n[Other]\r\nframeRate=1\r\n"));
  EXPECT_EQ(info.frame_rate, 25);
  EXPECT_EQ(info.length, 3);
}

TEST(SequenceInfo, CaseAndColonsDoNotMatter) {
  const TemporaryFolder folder;
  const auto info = read_sequence_info(
      folder.write("seqinfo.ini", "[SEQUENCE]\nframerate: 25\nseqlength : 3\nIMWIDTH=640\nimheight:360\nimext=jpg\n"));
  EXPECT_EQ(info.frame_rate, 25);
  EXPECT_EQ(info.length, 3);
  EXPECT_EQ(info.size, cv::Size(640, 360));
  EXPECT_EQ(info.image_extension, ".jpg");
}

TEST(SequenceInfo, TheNameIsThatOfTheFolder) {
  const TemporaryFolder folder;
  for (const auto* const name : {"../outside", "/tmp/absolute", "a\x1b[2J", "copied"}) {
    const auto text = std::string("[Sequence]\nseqLength=3\nname=") + name + "\n";
    EXPECT_EQ(read_sequence_info(folder.write("CAM-1/seqinfo.ini", text)).name, "CAM-1");
  }
}

TEST(SequenceInfo, ImagesLieInsideTheSequence) {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& images) {
    return message_of(
        [&] { read_sequence_info(folder.write("seqinfo.ini", "[Sequence]\nseqLength=3\nimDir=" + images)); });
  };
  for (const auto* const images : {"../other", "/etc", "img1/../../other", ".."})
    EXPECT_THAT(error_of(images),
                EndsWith(":3: imDir: '" + std::string(images) + "' is outside the sequence's folder"));
  EXPECT_EQ(read_sequence_info(folder.write("seqinfo.ini", "[Sequence]\nseqLength=3\nimDir=a/b")).image_folder, "a/b");
}

TEST(SequenceInfo, NamesFileAndLineOfWhatIsWrong) {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& text) {
    return message_of([&] { read_sequence_info(folder.write("seqinfo.ini", text)); });
  };
  const std::string file = (folder / "seqinfo.ini").string();
  EXPECT_EQ(error_of("[Sequence]\nframeRate\n"), file + ":2: 'frameRate' is not of the form key=value");
  EXPECT_EQ(error_of("[Sequence\n"), file + ":1: '[Sequence' is not a section such as [Sequence]");
  EXPECT_THAT(error_of("frameRate=3\n"), HasSubstr(":1: a key before the first section"));
  EXPECT_EQ(error_of("[Sequence]\nframeRate=30\nseqLength=0\n"),
            file + ":3: seqLength: '0' is not a number from 1 to 1000000000");
  EXPECT_THAT(error_of("[Sequence]\nseqLength=9\nframeRate=30 fps\n"), HasSubstr(":3: frameRate: '30 fps' is not a"));
  EXPECT_THAT(error_of("[Sequence]\nseqLength=9\nframeRate=nan\n"), HasSubstr(":3: frameRate: 'nan' is not a"));
  EXPECT_THAT(error_of("[Sequence]\nseqLength=9.5\nframeRate=30\n"), HasSubstr(":2: seqLength: '9.5' is not a"));
  EXPECT_THAT(error_of("[Sequence]\nframeRate=30\nseqLength=9\nimWidth=-4\n"), HasSubstr(":4: imWidth: '-4'"));
  EXPECT_THAT(error_of("[Sequence]\nframeRate=30\nseqLength=9\nimDir=\n"), EndsWith(":4: imDir has no value"));
  EXPECT_THAT(error_of("[Sequence]\nframeRate=30\nseqLength=9\nframeRate=25\n"),
              EndsWith(":4: frameRate is given a second time (first in line 2)"));
}

TEST(SequenceInfo, TheLengthIsEnough) {
  const TemporaryFolder folder;
  const auto info = read_sequence_info(folder.write("seqinfo.ini", "[Sequence]\nseqLength=9\n"));
  EXPECT_EQ(info.length, 9);
  EXPECT_EQ(info.frame_rate, 0);
}

TEST(SequenceInfo, NamesWhatIsMissing) {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& text) {
    return message_of([&] { read_sequence_info(folder.write("seqinfo.ini", text)); });
  };
  EXPECT_THAT(error_of("[Sequence]\nframeRate=9\n"), EndsWith("seqinfo.ini: no seqLength in [Sequence]"));
  EXPECT_THAT(error_of(""), EndsWith("seqinfo.ini: no [Sequence] section, or it is empty"));
  EXPECT_THAT(message_of([&] { read_sequence_info(folder / "none.ini"); }), HasSubstr("none.ini: cannot open"));
}

}  // namespace
}  // namespace onepass::io
