#include "io/mot_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "support/temporary_folder.hpp"

namespace onepass::io {
namespace {

using test::TemporaryFolder;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::vector<MotRow> rows_of(const std::string& content, const MotTextOptions& options = {}) {
  const TemporaryFolder folder;
  MotReader reader(folder.write("rows.txt", content), options);
  std::vector<MotRow> rows;
  for (MotRow row; reader.next(row);) rows.push_back(row);
  return rows;
}

/// The error of reading `content`, from the file's name on; "" if there is none.
std::string error_of(const std::string& content, const MotTextOptions& options = {}) {
  try {
    rows_of(content, options);
  } catch (const std::runtime_error& error) {
    const std::string message = error.what();
    return message.substr(message.find("rows.txt"));
  }
  return "";
}

TEST(MotText, ReadsEveryColumn) {
  const auto rows = rows_of("3,12,889.70,-4.5,137.7,520,0.94,7,0.25\n", {.class_column = ClassColumn::read});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].line, 1);
  EXPECT_EQ(rows[0].frame, 3);
  EXPECT_EQ(rows[0].id, 12);
  EXPECT_EQ(rows[0].left, 889.70);  // the nearest double, not a float
  EXPECT_EQ(rows[0].top, -4.5);
  EXPECT_EQ(rows[0].width, 137.7);
  EXPECT_EQ(rows[0].height, 520);
  EXPECT_EQ(rows[0].score, 0.94);
  EXPECT_EQ(rows[0].class_id, 7);
  EXPECT_EQ(rows[0].columns, 9);
}

TEST(MotText, EveryDecimalIsTheNearestDouble) {
  const auto rows = rows_of("1,2,0.1234567890123456789,123456789.012345,.5,6.,1e-3\n");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].left, 0.1234567890123456789);
  EXPECT_EQ(rows[0].top, 123456789.012345);
  EXPECT_EQ(rows[0].width, 0.5);
  EXPECT_EQ(rows[0].height, 6);
  EXPECT_EQ(rows[0].score, 1e-3);
}

TEST(MotText, ScoreAndClassHaveDefaults) {
  const auto rows = rows_of("1,-1,0,0,5,5\n1,2,0,0,5,5,.5,-3.25,1,2\n");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].score, 1);
  EXPECT_EQ(rows[0].id, -1);
  EXPECT_EQ(rows[1].class_id, -1);  // a world coordinate, not asked for
}

TEST(MotText, AcceptsTheWaysInWhichFilesAreWritten) {
  const auto plain = rows_of("1,2,3,4,5,6,0.5\n2,2,3,4,5,6,0.5\n");
  for (const std::string variant : {
           "1,2,3,4,5,6,0.5\r\n2,2,3,4,5,6,0.5\r\n",  // CRLF
           "\xEF\xBB\xBF"
           "1,2,3,4,5,6,0.5\n2,2,3,4,5,6,0.5",                    // byte order mark, no newline at the end
           "1 2 3 4 5 6 0.5\n2\t2  3 4 5 6\t0.5 \n",              // white space
           "1;2;3;4;5;6;0.5\n\n2;2;3;4;5;6;0.5;\n\n",             // blank lines, separator at the end
           "1, 2, 3, 4, 5, 6, 0.5,\n 2, 2, +3, 4, 5, 6, 0.5,\n",  // spaces after commas
           "1.0,2e0,3.00,4,5,6,5e-1\n2.0,2,3,4,5,6,0.500\n",      // saved from an array of doubles
       }) {
    const auto rows = rows_of(variant);
    ASSERT_EQ(rows.size(), plain.size()) << variant;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i].frame, plain[i].frame) << variant;
      EXPECT_EQ(rows[i].id, 2) << variant;
      EXPECT_EQ(rows[i].left, 3) << variant;
      EXPECT_EQ(rows[i].height, 6) << variant;
      EXPECT_EQ(rows[i].score, 0.5) << variant;
    }
  }
  EXPECT_TRUE(rows_of("").empty());
  EXPECT_TRUE(rows_of("\n \n\t\r\n").empty());
}

TEST(MotText, MalformedRowsNameLineColumnAndWhatIsExpected) {
  EXPECT_EQ(error_of("1,2,3,4,5,6\n1,2,3,x,5,6\n"),
            "rows.txt:2: column 4 (top): 'x' is not a number; expected frame,id,left,top,width,height,score");
  EXPECT_THAT(error_of("1,2,3,4,5\n"), StartsWith("rows.txt:1: 5 columns separated by commas; expected frame,id,"));
  EXPECT_THAT(error_of("1,2,3,4,5,6\n", {.minimum_columns = 8}), EndsWith("width,height,score,class"));
  EXPECT_THAT(error_of("frame,id,left,top,width,height\n"), HasSubstr("column 1 (frame): 'frame' is not a number"));
  EXPECT_THAT(error_of("1,2,,4,5,6\n"), HasSubstr("column 3 (left): '' is not a number"));
  EXPECT_THAT(error_of("1,2,3,4,5,6,0.5,a\n"), HasSubstr("column 8 (class): 'a' is not a number"));
  EXPECT_THAT(error_of("1,2,nan,4,5,6\n"), HasSubstr("'nan' is not a finite number"));
  EXPECT_THAT(error_of("1,2,3,4,inf,6\n"), HasSubstr("column 5 (width): 'inf' is not a finite number"));
  EXPECT_THAT(error_of("1,2,3,4,5,6,-NaN\n"), HasSubstr("column 7 (score)"));
  EXPECT_THAT(error_of("1,2,3,4,-5,6\n"), HasSubstr("column 5 (width): '-5' is negative"));
  EXPECT_THAT(error_of("1,2,1e300,4,5,6\n"), HasSubstr("exceeds a billion pixels"));
  EXPECT_THAT(error_of(std::string("1,2,3\0,4,5,6\n", 13)), HasSubstr("'3?' is not a number"));
}

TEST(MotText, FramesAndIdsAreWholeNumbersInTheirRange) {
  EXPECT_THAT(error_of("0,2,3,4,5,6\n"),
              HasSubstr("column 1 (frame): '0' is not a frame number: frames are numbered from 1"));
  EXPECT_THAT(error_of("7,2,3,4,5,6\n8,2,3,4,5,6\n", {.last_frame = 7}),
              StartsWith("rows.txt:2: column 1 (frame): '8' is not a frame from 1 to 7, the sequence's length"));
  EXPECT_THAT(error_of("1.5,2,3,4,5,6\n"), HasSubstr("column 1 (frame): '1.5' is not a whole number"));
  EXPECT_THAT(error_of("1,2.25,3,4,5,6\n"), HasSubstr("column 2 (id): '2.25' is not a whole number"));
  EXPECT_EQ(rows_of("1,9007199254740992,3,4,5,6\n").at(0).id, 9007199254740992);
  EXPECT_THAT(error_of("1,9007199254740994,3,4,5,6\n"), HasSubstr("'9007199254740994' is beyond 2^53"));
  EXPECT_THAT(error_of("1,9007199254740993,3,4,5,6\n"), HasSubstr("'9007199254740993' is beyond 2^53"));
  EXPECT_THAT(error_of("1,-9007199254740993.0,3,4,5,6\n"), HasSubstr("'-9007199254740993.0' is beyond 2^53"));
  EXPECT_THAT(error_of("1,9007199254740992.5,3,4,5,6\n"), HasSubstr("is beyond 2^53"));
  EXPECT_THAT(error_of("1,99999999999999999999999,3,4,5,6\n"), HasSubstr("is beyond 2^53"));
}

TEST(MotText, MixedSeparatorsAreAnError) {
  EXPECT_THAT(error_of("1,2,3,4,5,6\n1 2 3 4 5 6\n"), StartsWith("rows.txt:2: 1 column separated by commas"));
  EXPECT_THAT(error_of("1 2 3 4 5 6\n1,2,3,4,5,6\n"), StartsWith("rows.txt:2: 1 column separated by white space"));
  EXPECT_THAT(error_of("1,2,3,4,5,6,7\n1,2,3,4,5,6;7\n"),
              HasSubstr("column 6 (height): '6;7' is not a number (separators differ from the file's first row)"));
}

TEST(MotText, ALineWithoutAnEndDoesNotFillTheMemory) {
  EXPECT_THAT(error_of("1,2,3,4,5,6\n" + std::string(10 << 20, '1')),
              StartsWith("rows.txt:2: line longer than 4096 bytes"));
  EXPECT_THAT(error_of(std::string(LineReader::maximum_length + 1, ' ')), HasSubstr("line longer than"));
  EXPECT_EQ(error_of(std::string(LineReader::maximum_length, ' ')), "");
}

TEST(MotText, RowsAcrossTheBuffersEndArriveWhole) {
  std::string content;
  constexpr int count = 20000;
  for (int i = 1; i <= count; ++i) content += std::to_string(i) + "," + std::to_string(i * 7) + ",1.5,2.25,3,4,0.5\n";
  const auto rows = rows_of(content);
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(count));
  for (int i = 1; i <= count; ++i) {
    ASSERT_EQ(rows[static_cast<std::size_t>(i - 1)].frame, i);
    ASSERT_EQ(rows[static_cast<std::size_t>(i - 1)].id, i * 7);
    ASSERT_EQ(rows[static_cast<std::size_t>(i - 1)].line, i);
  }
}

TEST(MotText, FilesThatCannotBeReadAreNamed) {
  const TemporaryFolder folder;
  const auto message_of = [](const std::filesystem::path& path) -> std::string {
    try {
      MotReader reader(path);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message_of(folder / "none.txt"),
            (folder / "none.txt").string() + ": cannot open: No such file or directory");
  EXPECT_EQ(message_of(folder.path()), folder.path().string() + ": is a folder, expected a text file");
}

TEST(MotText, ColumnsElevenToFifteenAreARotatedBox) {
  const auto rows = rows_of("1,2,0,0,9,9,1,-1,-1,-1,4.5,5.5,8,3,-0.25\n1,3,0,0,9,9,1,-1,-1,-1\n");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].rotated, (RotatedBox{4.5F, 5.5F, 8, 3, -0.25F}));
  EXPECT_FALSE(rows[1].rotated);
  EXPECT_THAT(error_of("1,2,0,0,9,9,1,-1,-1,-1,4.5,5.5,-8,3,0\n"), HasSubstr("column 13: '-8' is negative"));
  EXPECT_THAT(error_of("1,2,0,0,9,9,1,-1,-1,-1,4.5,5.5,8,3,-1e300\n"),
              HasSubstr("column 15: '-1e300' exceeds a billion radians"));
}

}  // namespace
}  // namespace onepass::io
