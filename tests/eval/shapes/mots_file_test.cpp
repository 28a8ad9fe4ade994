#include "eval/shapes/mots_file.hpp"

#include <gtest/gtest.h>

#include "onepass/shape_geometry.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::eval {
namespace {

TEST(MotsFile, IsReadAsWritten) {
  const test::TemporaryFolder folder;
  cv::Mat picture = cv::Mat::zeros(6, 8, CV_8UC1);
  picture(cv::Rect(2, 1, 3, 2)) = 255;
  const auto mask = to_mask(picture);
  const auto text = to_coco_text(mask);
  const auto path = folder.write("a.txt", "1 2001 2 6 8 " + text + "\r\n\n3 1002 1 6 8 " + text + " \n");
  const auto rows = read_mots(path, 1);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].frame, 1);
  EXPECT_EQ(rows[0].id, 2001);
  EXPECT_EQ(rows[0].class_id, 2);
  EXPECT_EQ(rows[0].mask, mask);
  EXPECT_EQ(rows[1].line, 3);
  EXPECT_EQ(rows[1].mask, mask);
  EXPECT_TRUE(starts_with_mots_row(path));
  EXPECT_FALSE(starts_with_mots_row(folder.write("b.txt", "1,1,0,0,5,5,1,-1,-1,-1\n")));
  EXPECT_FALSE(starts_with_mots_row(folder / "absent.txt"));
}

TEST(MotsFile, ErrorsNameLineAndReason) {
  const test::TemporaryFolder folder;
  const auto reason = [&](const std::string& content) {
    const auto path = folder.write("a.txt", content);
    const auto message = test::message_of([&] { read_mots(path, 1); });
    return message.substr(std::min(message.size(), path.string().size() + 1));
  };
  const std::string expected = "; expected frame id class height width mask";
  EXPECT_EQ(reason("1 2001 2 2 2 04\n1 2002 2 2\n"), "2: 4 columns separated by spaces" + expected);
  EXPECT_EQ(reason("1,2001,2,2,2,04\n"), "1: 1 column separated by spaces" + expected);
  EXPECT_EQ(reason("1 2001 2 2 2 04 7\n"), "1: has more than 6 columns" + expected);
  EXPECT_EQ(reason("0 2001 2 2 2 04\n"),
            "1: column 1 (frame): '0' is not a whole number from 1 to 10000000" + expected);
  EXPECT_EQ(reason("1 x 2 2 2 04\n"),
            "1: column 2 (id): 'x' is not a whole number from 0 to 9007199254740992" + expected);
  EXPECT_EQ(reason("1 1 2 0 2 04\n"), "1: column 4 (height): '0' is not a whole number from 1 to 65536" + expected);
  EXPECT_EQ(reason("1 1 2 2 2 03\n"), "1: the runs of the mask add up to 3 pixels instead of 2×2 = 4" + expected);
  EXPECT_EQ(reason("1 1 2 2 2 0\n\n1 1 2 2 2 04"),
            "1: the runs of the mask add up to 0 pixels instead of 2×2 = 4" + expected);
  EXPECT_EQ(reason("1 2001 2 2 2 04\n2 1 2 2 2 04\n1 2002 2 2 2 04\n"),
            "3: frame 1: the mask overlaps that in line 1; masks of a frame must be disjoint parts of one picture");
  EXPECT_EQ(reason("1 2001 2 2 2 04\n1 2002 2 1 4 04\n"),
            "2: frame 1: the mask has another size than that in line 1; masks of a frame must be disjoint parts of one "
            "picture");
  EXPECT_EQ(reason("1 1 2 2 2 " + std::string(1 << 20, '0')), "1: line longer than 1048576 bytes" + expected);
  EXPECT_NE(test::message_of([&] { read_mots(folder / "absent.txt", 1); }).find("cannot open"), std::string::npos);
}

}  // namespace
}  // namespace onepass::eval
