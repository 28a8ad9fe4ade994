#include "batch/unit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"

namespace onepass::batch {
namespace {

using test::message_of;
using testing::HasSubstr;

TEST(PiecesOf, CoverTheSourceAndOverlap) {
  const auto pieces = pieces_of(25, {.length_s = 10, .overlap_s = 2});
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[0], (Piece{1, 3, {0, 12}}));
  EXPECT_EQ(pieces[1], (Piece{2, 3, {10, 22}}));
  EXPECT_EQ(pieces[2], (Piece{3, 3, {20, TimeSpan().to_s}}));
}

TEST(PiecesOf, LeaveOutARestThatThePieceBeforeHas) {
  EXPECT_EQ(pieces_of(22, {.length_s = 10, .overlap_s = 2}).size(), 2U);
  EXPECT_EQ(pieces_of(22.1, {.length_s = 10, .overlap_s = 2}).size(), 3U);
  EXPECT_EQ(pieces_of(0, {.length_s = 10, .overlap_s = 2}).size(), 1U);
}

TEST(PiecesOf, RefuseASplitWithoutSense) {
  EXPECT_THAT(message_of([] { pieces_of(60, {.length_s = 2, .overlap_s = 2}); }),
              HasSubstr("an overlap of 2 s is not shorter than pieces of 2 s"));
  EXPECT_THAT(message_of([] { pieces_of(1e9, {.length_s = 1, .overlap_s = 0.5}); }), HasSubstr("more than 100000"));
}

TEST(Shard, TakesEveryNthUnit) {
  std::vector<Unit> units(7);
  for (int i = 0; i < 7; ++i) units[static_cast<std::size_t>(i)].name = std::to_string(i);
  std::string all;
  for (int number = 1; number <= 3; ++number) {
    for (const auto& unit : shard_of(units, parse_shard(std::to_string(number) + "/3"))) all += unit.name;
    all += " ";
  }
  EXPECT_EQ(all, "036 14 25 ");
  for (const auto* text : {"0/3", "4/3", "1", "1/", "/2", "a/b", "1/2/3", "-1/2"})
    EXPECT_THAT(message_of([&] { parse_shard(text); }), HasSubstr("is no shard")) << text;
}

TEST(UnitLines, AreReadAsTheyWereWritten) {
  const Unit piece{"day", "a \"b\".mp4", Piece{2, 3, {10, 22.5}}, "det.txt", "gmc.txt"};
  EXPECT_EQ(parse_unit(to_line(piece)), piece);
  const Unit last{"day", "day.mp4", Piece{3, 3, {20, TimeSpan().to_s}}, "", ""};
  EXPECT_EQ(parse_unit(to_line(last)), last);
  const Unit whole{.name = "day", .source = "day.mp4"};
  EXPECT_EQ(to_line(whole), R"({"unit":"day","source":"day.mp4"})");
  EXPECT_EQ(parse_unit(to_line(whole)), whole);
  EXPECT_EQ(parse_unit("videos/day.mp4"), (Unit{.name = "", .source = "videos/day.mp4"}));
}

TEST(UnitLines, WithMistakesAreErrors) {
  const auto error_of = [](const std::string& line) { return message_of([&] { parse_unit(line); }); };
  EXPECT_EQ(error_of("{"), "is not valid JSON");
  EXPECT_EQ(error_of("{}"), "has no \"source\"");
  EXPECT_EQ(error_of(R"({"source":"a","form_s":1})"), "has an unknown key \"form_s\"");
  EXPECT_EQ(error_of(R"({"source":1})"), "\"source\" has a value of the wrong type");
  EXPECT_THAT(error_of(R"({"source":"a","piece":3,"pieces":2})"), HasSubstr("a piece needs"));
  EXPECT_THAT(error_of(R"({"source":"a","piece":1,"from_s":5,"to_s":5})"), HasSubstr("a piece needs"));
  EXPECT_EQ(parse_unit(R"({"unit":"../x","source":"a"})").name, "_._x") << "names become files in a folder";
  EXPECT_EQ(parse_unit(R"({"source":"a"})").name, "") << "the caller names it after its source";
}

}  // namespace
}  // namespace onepass::batch
