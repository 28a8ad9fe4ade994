// Says what to do with an existing output file.
#pragma once

namespace onepass {

/// refuse: the existing file is an error; replace: it is replaced when the new file is complete; append: a text output
/// is written under its own name from the start and continues the existing file, like a log.
enum class Overwrite { refuse, replace, append };

}  // namespace onepass
