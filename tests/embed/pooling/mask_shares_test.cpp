#include "embed/pooling/mask_shares.hpp"

#include <gtest/gtest.h>

namespace onepass::embed {
namespace {

/// Two rows of three squares, whose corner is at (8, 4) input pixels.
const MaskShares squares{2, 1, 3, 2, {0.25F, 1, 0.5F, 0, 0.75F, 1}};

TEST(MaskShares, OfCellsLikeSquaresAreThoseOfTheSquares) {
  EXPECT_EQ(squares.of_cell(1, 2, 4), 0.25F);
  EXPECT_EQ(squares.of_cell(2, 4, 4), 1);
  EXPECT_EQ(squares.of_cell(0, 2, 4), 0) << "above the rectangle";
  EXPECT_EQ(squares.of_cell(1, 5, 4), 0) << "to its right";
}

TEST(MaskShares, OfLargerCellsAreMeansAndOutsideCountsAsNothing) {
  EXPECT_FLOAT_EQ(squares.of_cell(0, 1, 8), (0.25F + 1) / 4) << "its upper squares are outside";
  EXPECT_FLOAT_EQ(squares.of_cell(1, 2, 8), 1.0F / 4) << "one square of four";
  EXPECT_FLOAT_EQ(squares.of_cell(0, 0, 32), 3.5F / 64);
}

TEST(MaskShares, OfSmallerCellsAreThoseOfTheirSquare) {
  EXPECT_EQ(squares.of_cell(3, 6, 2), 1) << "pixels (12, 6) to (14, 8)";
  EXPECT_EQ(squares.of_cell(3, 5, 2), 0.25F);
}

TEST(MaskShares, AreEmptyWithoutAMask) { EXPECT_TRUE(MaskShares().empty()); }

}  // namespace
}  // namespace onepass::embed
