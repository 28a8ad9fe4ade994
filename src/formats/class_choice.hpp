// Chooses and renames the classes of annotations.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "formats/annotations.hpp"

namespace onepass::formats {

/// A class of the file, by name or number, and what it becomes.
struct ChosenClass {
  std::string from;
  std::string to;  ///< a name, or a number; the same as `from` if it stays
};

/// Parses "person=pedestrian,car".
/// @throws std::invalid_argument for an empty entry.
std::vector<ChosenClass> parse_classes(const std::string& text);

/// Whether objects of classes that are not chosen stay.
enum class OtherClasses { drop, keep };

/// Renames the chosen classes. Names are compared regardless of case; a class whose new name another class has gets
/// its number, and a class that becomes a number keeps its name.
/// @throws SettingError "classes" if a class to be chosen is not among those of the annotations.
void choose_classes(Annotations& annotations, const std::vector<ChosenClass>& chosen, OtherClasses others);

/// Whether two names are the same regardless of the case of ASCII letters.
bool same_name(const std::string& a, const std::string& b);

}  // namespace onepass::formats
