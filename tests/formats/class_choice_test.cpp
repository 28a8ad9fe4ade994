#include "formats/class_choice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"

namespace onepass::formats {
namespace {

using test::message_of;
using testing::HasSubstr;

Annotations street() {
  return {.name = "street",
          .class_names = {{0, "Person"}, {2, "car"}, {5, "van"}},
          .objects = {{.class_id = 0}, {.class_id = 2}, {.class_id = 5}, {.class_id = 7}}};
}

std::vector<int> numbers(const Annotations& annotations) {
  std::vector<int> result;
  for (const auto& object : annotations.objects) result.push_back(object.class_id);
  return result;
}

TEST(ClassChoice, KeepsWhatIsNamedAndRenamesIt) {
  auto annotations = street();
  choose_classes(annotations, parse_classes("person=pedestrian,car"), OtherClasses::drop);
  EXPECT_THAT(numbers(annotations), testing::ElementsAre(0, 2));
  EXPECT_EQ(annotations.class_names, (ClassNames{{0, "pedestrian"}, {2, "car"}}));
}

TEST(ClassChoice, JoinsClassesAndTakesNumbers) {
  auto annotations = street();
  choose_classes(annotations, parse_classes("van=car,7=car,person=1"), OtherClasses::keep);
  EXPECT_THAT(numbers(annotations), testing::ElementsAre(1, 2, 2, 2));
  EXPECT_EQ(annotations.class_names.at(1), "Person");
}

TEST(ClassChoice, RefusesWhatIsNotThere) {
  auto annotations = street();
  EXPECT_THAT(message_of([&] { choose_classes(annotations, parse_classes("persn"), OtherClasses::drop); }),
              HasSubstr("street: has no class 'persn' (did you mean 'Person'?); it has Person, car, van, class 7"));
  EXPECT_THAT(
      message_of([&] { choose_classes(annotations, parse_classes("Person car"), OtherClasses::drop); }),
      HasSubstr("street: has no class 'Person car'; it has Person, car, van, class 7; separate names by commas: "
                "Person,car"));
  EXPECT_THAT(message_of([] { parse_classes("a,,b"); }), HasSubstr("is not a list of classes"));
  EXPECT_THAT(message_of([] { parse_classes("a="); }), HasSubstr("is not a list of classes"));
}

}  // namespace
}  // namespace onepass::formats
