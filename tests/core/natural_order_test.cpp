#include "core/natural_order.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace onepass {
namespace {

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end(), natural_less);
  return names;
}

TEST(NaturalOrder, NumbersCountAsNumbers) {
  EXPECT_EQ(sorted({"img10.png", "img2.png", "img1.png", "img100.png", "img20.png"}),
            (std::vector<std::string>{"img1.png", "img2.png", "img10.png", "img20.png", "img100.png"}));
  EXPECT_EQ(sorted({"a2b10", "a10b1", "a2b9"}), (std::vector<std::string>{"a2b9", "a2b10", "a10b1"}));
}

TEST(NaturalOrder, NumbersBeyondEveryIntegerTypeCompare) {
  EXPECT_TRUE(natural_less("x99999999999999999999999", "x100000000000000000000000"));
  EXPECT_FALSE(natural_less("x100000000000000000000000", "x99999999999999999999999"));
}

TEST(NaturalOrder, CaseAndLeadingZerosOnlyBreakTies) {
  EXPECT_EQ(sorted({"B1", "a2", "b2", "A1"}), (std::vector<std::string>{"A1", "a2", "B1", "b2"}));
  EXPECT_TRUE(natural_less("f007", "f8"));
  EXPECT_TRUE(natural_less("f01", "f1"));
  EXPECT_FALSE(natural_less("f1", "f01"));
  EXPECT_FALSE(natural_less("f1", "f1"));
  EXPECT_TRUE(natural_less("f0", "f00a"));
}

TEST(NaturalOrder, APrefixComesFirst) {
  EXPECT_TRUE(natural_less("", "a"));
  EXPECT_TRUE(natural_less("img", "img1"));
  EXPECT_FALSE(natural_less("img1", "img"));
  EXPECT_TRUE(natural_less("1", "1a"));
}

TEST(NaturalOrder, IsAStrictOrder) {
  const std::vector<std::string> names = {"",   "0",   "00",  "1",    "01", "a",  "A",
                                          "a1", "A01", "a1b", "a01B", "9",  "10", "\xff"};
  for (const auto& a : names) {
    for (const auto& b : names) {
      EXPECT_EQ(natural_less(a, b) + natural_less(b, a), a == b ? 0 : 1) << a << " and " << b;
      for (const auto& c : names) {
        const bool chain = natural_less(a, b) && natural_less(b, c);
        EXPECT_TRUE(!chain || natural_less(a, c)) << a << " " << b << " " << c;
      }
    }
  }
}

}  // namespace
}  // namespace onepass
